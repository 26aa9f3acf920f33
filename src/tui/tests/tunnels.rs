//! Tunnels: what the dialog asks for, what page 2 shows, and the question before leaving them.

use std::net::IpAddr;
use std::sync::Arc;

use super::world::{blank_with, dangerous, enter, listed, listed_in, now, press, shown, text};
use crate::access::Method;
use crate::aws;
use crate::config::{Carries, Listens, SavedTunnel, Settings};
use crate::model::{Destination, Fact, GroupRules, Instance, Interface, Network, Running, RunningKind, Untrusted};
use crate::session::tunnel::{Bind, Led, Listen, Traffic, TunnelEvent};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::sign_in_run::SignInTo;
use crate::tui::state::State;
use crate::tui::tunnels::{Standing, TunnelOrder, TunnelUpdate};

const WIDE: (u16, u16) = (120, 32);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (40, 8);
const WEB_1: &str = "i-0123456789abcdef0";
const WEB_2: &str = "i-0fedcba9876543210";
const BASTION: &str = "i-0c41d2a9be7730f12";
const LOST: &str = "i-07be1177aa09c3d45";
const STOPPED: &str = "i-0dd8f0011c2b3a495";

/// The dialog on this instance, with these texts in its fields.
fn form(state: &mut State, id: &str, fields: [&str; 3]) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
    press(state, &["t"]);
    for field in fields {
        enter(state, field);
        press(state, &["Tab"]);
    }
    press(state, &["Shift-Tab"]);
}

fn ordered(effects: &[Effect]) -> (u64, TunnelOrder) {
    let [Effect::OpenTunnel { number, order }] = effects else { panic!("{effects:?}") };
    (*number, (**order).clone())
}

fn tell(state: &mut State, number: u64, update: TunnelUpdate) {
    assert_eq!(state.handle(Message::Tunnel { number, update }), []);
}

/// An open tunnel to this port of this instance.
fn open(state: &mut State, id: &str, port: &str, local: &str) -> u64 {
    let local_port = if port.contains(':') { "" } else { "0" };
    form(state, id, [port, "", local_port]);
    let mut effects = press(state, &["Enter"]);
    if effects.is_empty() {
        effects = press(state, &["y"]);
    }
    let (number, _) = ordered(&effects);
    tell(state, number, TunnelUpdate::Listening { local: vec![local.to_owned()], is_open_to_others: false });
    tell(state, number, TunnelUpdate::Standing(Standing::Up));
    number
}

fn saved() -> State {
    let tunnel = |target: &str, carries, listens| SavedTunnel {
        target: target.parse().unwrap(),
        typed: target.to_owned(),
        carries,
        listens,
    };
    let everywhere: IpAddr = "0.0.0.0".parse().unwrap();
    let forward = |text: &str| Carries::Forward(text.parse().unwrap());
    let tunnels = [
        ("db", tunnel("bastion", forward("5432:db.internal:5432"), Listens::Loopback)),
        ("gone", tunnel("web-99", forward("80"), Listens::Loopback)),
        ("wiki", tunnel("web-1", Carries::Socks(1080), Listens::Address(everywhere))),
    ];
    let tunnels = tunnels.into_iter().map(|(name, tunnel)| (name.to_owned(), tunnel)).collect();
    listed_in(blank_with(Settings { tunnels, ..Settings::default() }))
}

#[test]
fn t_asks_what_to_forward_and_the_fields_say_where_it_listens_and_leads() {
    let loopback = |port| Listen::Tcp { bind: Bind::Loopback, port };
    for (fields, place, to) in [
        (["5432", "", ""], loopback(5432), "5432"),
        (["22", "", ""], loopback(0), "22"),
        (["5432", "db.internal", "15432"], loopback(15432), "db.internal:5432"),
        (["80", "localhost", "0"], loopback(0), "80"),
        (["8080:10.0.0.5:80", "", ""], loopback(8080), "10.0.0.5:80"),
    ] {
        let mut state = listed();
        form(&mut state, WEB_1, fields);

        let (number, order) = ordered(&press(&mut state, &["Enter"]));

        assert_eq!((number, order.instance.id.as_str(), order.place), (1, WEB_1, place), "{fields:?}");
        let Led::Forward(to_there) = order.led else { panic!("{fields:?}") };
        assert_eq!(to_there.to_string(), to, "{fields:?}");
        assert_eq!(state.overlays.len(), 1, "the dialog stays until something listens");
    }
}

#[test]
fn what_is_wrong_is_said_under_its_field_and_the_dialog_stays() {
    for (fields, words) in [
        (["", "", ""], "Which port of the instance?"),
        (["0", "", ""], "\"0\" is not a port: a number from 1 to 65535."),
        (["65536", "", ""], "\"65536\" is not a port"),
        (["http", "", ""], "\"http\" is not a port"),
        (["1:2:3:4", "", ""], "is not [LOCAL:][HOST:]PORT"),
        (["2375:/a b", "", ""], "is not [LOCAL:][HOST:]PORT"),
        (["80", "a b", ""], "\"a b\" is not a host"),
        (["80", "169.254.169.254", ""], "Agents do not forward to 169.254.169.254."),
        (["80", "", "-1"], "\"-1\" is not a port: a number from 1 to 65535, or 0"),
    ] {
        let mut state = listed();
        form(&mut state, WEB_1, fields);

        assert_eq!(press(&mut state, &["Enter"]), [], "{fields:?}");

        let screen = text(&mut state, USUAL);
        assert!(screen.contains(words) && screen.contains("Tunnel to web-1"), "{fields:?}: {screen}");
    }
}

#[test]
fn the_dialog_at_both_sizes() {
    let mut state = saved();
    form(&mut state, WEB_1, ["5432", "db.internal", ""]);
    insta::assert_snapshot!("form_80x24", shown(&mut state, USUAL));
    press(&mut state, &["Up", "BSpace"].map(|key| if key == "BSpace" { "Backspace" } else { key }));
    press(&mut state, &["Shift-Tab", "x", "Enter"]);
    insta::assert_snapshot!("form_120x32", shown(&mut state, WIDE));
    press(&mut state, &["Tab", "Tab", "Tab"]);
    insta::assert_snapshot!("form_40x8", shown(&mut state, SMALL));
}

/// The same with a way that is named.
fn form_by(state: &mut State, fields: [&str; 3], way: &str) {
    form(state, WEB_1, fields);
    press(state, &["Tab"]);
    enter(state, way);
}

#[test]
fn by_a_way_that_is_named_and_to_a_socket_this_program_leads_once_more() {
    for (fields, way, method, forward) in [
        (["22", "", "0"], "eice", Some(Method::Eice), "0:22"),
        (["5432", "db.internal", ""], "ssm-ssh", Some(Method::SsmSsh), "5432:db.internal:5432"),
        (["/var/run/docker.sock", "", "2375"], "", None, "2375:/var/run/docker.sock"),
        (["2375:/var/run/docker.sock", "", ""], "eic", Some(Method::Eic), "2375:/var/run/docker.sock"),
    ] {
        let mut state = listed();
        form_by(&mut state, fields, way);

        let mut effects = press(&mut state, &["Enter"]);
        if effects.is_empty() {
            // Something is in the way of it, and that was asked about.
            effects = press(&mut state, &["y"]);
        }
        let (_, order) = ordered(&effects);

        let (program, call) = order.program.unwrap();
        let call: Vec<_> = call.iter().map(|word| word.to_str().unwrap()).collect();
        let expected: Vec<_> = ["tunnel", "--beside-dashboard", "--yes", "-o", "jsonl"]
            .into_iter()
            .chain(method.iter().flat_map(|own| ["--method", own.id()]))
            .collect();
        assert_eq!(program.method, method, "{way}");
        assert!(
            call.windows(expected.len() + 1).any(|part| part[..expected.len()] == expected && part[expected.len()] == "--"),
            "{call:?}"
        );
        assert!(call.ends_with(&["--", WEB_1, forward]), "{call:?}");
    }
    let mut state = listed();
    form_by(&mut state, ["80", "", ""], "ssm");
    assert_eq!(ordered(&press(&mut state, &["Enter"])).1.program, None, "the dashboard carries it itself");
}

#[test]
fn a_way_that_leads_there_not_is_told_with_those_that_do() {
    for (port, way, ways) in
        [("80", "rdp", "ssm, ssm-ssh, eice,"), ("80", "best", "ssm, ssm-ssh,"), ("/run/x.sock", "ssm", "ssm-ssh, eice,")]
    {
        let mut state = listed();
        form_by(&mut state, [port, "", ""], way);

        assert_eq!(press(&mut state, &["Enter"]), [], "{way}");

        let screen = text(&mut state, WIDE);
        assert!(screen.contains(&format!("\"{way}\" is none of the ways that lead there: {ways}")), "{way}: {screen}");
    }
}

#[test]
fn a_tunnel_of_another_process_is_one_line_of_page_two_until_it_is_over() {
    let mut state = listed();
    form_by(&mut state, ["80", "", "8080"], "eic");
    let (number, _) = ordered(&press(&mut state, &["Enter"]));
    let running = |process| Running {
        process,
        number: 1,
        kind: RunningKind::Tunnel,
        target: "web-1".into(),
        method: "eic".into(),
        from: "127.0.0.1:8080".into(),
        began: now(),
        is_of_dashboard: false,
    };
    tell(&mut state, number, TunnelUpdate::Process(4711));
    state.world.running = vec![running(4711)];
    tell(&mut state, number, TunnelUpdate::Listening { local: vec!["127.0.0.1:8080".to_owned()], is_open_to_others: false });
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Up));

    let screen = text(&mut state, WIDE);
    assert!(!screen.contains("4711"), "{screen}");
    assert!(screen.contains(" eic ") && screen.contains("● up") && screen.contains(" – "), "{screen}");
    state.world.running.push(running(4712));
    assert!(text(&mut state, WIDE).contains("pid 4712"));

    assert_eq!(press(&mut state, &["x"]), [Effect::EndTunnel { number }]);
    tell(&mut state, number, TunnelUpdate::Closed);
    assert!(text(&mut state, WIDE).contains("127.0.0.1:8080 is closed."));
    assert!(state.world.tunnels.list().is_empty());
}

#[test]
fn a_process_that_ends_by_itself_says_what_it_said_last() {
    let mut state = listed();
    form_by(&mut state, ["80", "", "8080"], "eic");
    let (number, _) = ordered(&press(&mut state, &["Enter"]));
    tell(&mut state, number, TunnelUpdate::Listening { local: vec!["127.0.0.1:8080".to_owned()], is_open_to_others: false });

    tell(&mut state, number, TunnelUpdate::Said("the tunnel ends in 60 seconds".to_owned()));
    assert!(text(&mut state, WIDE).contains("127.0.0.1:8080: the tunnel ends in 60 seconds"));
    tell(&mut state, number, TunnelUpdate::Ended(Some("the connection was lost".to_owned())));

    assert!(text(&mut state, WIDE).contains("127.0.0.1:8080 is closed. the connection was lost"));
    assert!(state.world.tunnels.list().is_empty());
}

#[test]
fn a_port_that_is_taken_is_told_in_the_dialog_and_another_one_can_be_tried() {
    let mut state = listed();
    form(&mut state, WEB_1, ["5432", "", ""]);
    let (number, _) = ordered(&press(&mut state, &["Enter"]));

    tell(&mut state, number, TunnelUpdate::NotListening("127.0.0.1:5432 is in use by another program.".to_owned()));

    assert!(text(&mut state, USUAL).contains("is in use by another program."));
    assert!(state.world.tunnels.list().is_empty());
    enter(&mut state, "0");
    assert!(!text(&mut state, USUAL).contains("is in use by another program."), "it is about what was there before");
    let (number, order) = ordered(&press(&mut state, &["Enter"]));
    assert_eq!((number, order.place), (2, Listen::Tcp { bind: Bind::Loopback, port: 0 }));
}

#[test]
fn enter_pressed_again_opens_no_other_tunnel() {
    let mut state = listed();
    form(&mut state, WEB_1, ["5432", "", "0"]);
    let (number, _) = ordered(&press(&mut state, &["Enter"]));

    assert_eq!(press(&mut state, &["Enter", "Enter"]), []);
    tell(&mut state, number, TunnelUpdate::NotListening("no port is free".to_owned()));

    let (number, _) = ordered(&press(&mut state, &["Enter"]));
    assert_eq!(number, 2, "it may be tried again");
}

#[test]
fn a_tunnel_that_listens_takes_nothing_away_that_was_opened_meanwhile() {
    let mut state = listed();
    form(&mut state, WEB_1, ["5432", "", "0"]);
    let (number, _) = ordered(&press(&mut state, &["Enter"]));
    press(&mut state, &["Esc", "x"]);
    enter(&mut state, "uptime");

    let listening = TunnelUpdate::Listening { local: vec!["127.0.0.1:9".to_owned()], is_open_to_others: false };
    tell(&mut state, number, listening);

    assert!(text(&mut state, USUAL).contains("uptime"));
}

#[test]
fn another_question_in_the_place_of_the_one_before_leaving_does_not_silence_ctrl_c() {
    let mut state = listed();
    let number = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    tell(&mut state, number, TunnelUpdate::Traffic(Traffic { open: 1, ..Traffic::default() }));
    press(&mut state, &["Ctrl-C", "Ctrl-C", "n", "x"]);
    assert!(!text(&mut state, USUAL).contains("Quit and end it? y/N"));

    press(&mut state, &["Ctrl-C", "Ctrl-C"]);

    assert!(text(&mut state, USUAL).contains("Quit and end it? y/N"));
}

#[test]
fn saved_tunnels_are_offered_wherever_the_cursor_is() {
    let mut state = saved();
    state.world.rows.go_to_instance(&WEB_1.parse().unwrap());
    press(&mut state, &["t"]);

    let (_, order) = ordered(&press(&mut state, &["Tab", "Tab", "Tab", "Tab", "Enter"]));
    assert_eq!(order.instance.id.as_str(), BASTION);
    assert_eq!(order.led, Led::Forward(Destination::of("db.internal".parse().unwrap(), 5432)));

    assert_eq!(press(&mut state, &["Down", "Enter"]), []);
    assert!(text(&mut state, USUAL).contains("web-99 is not among the instances that are listed."));

    let (number, order) = ordered(&press(&mut state, &["Down", "Enter"]));
    assert_eq!((order.instance.id.as_str(), order.led), (WEB_1, Led::Socks));
    assert_eq!(order.place, Listen::Tcp { bind: Bind::Address("0.0.0.0".parse().unwrap()), port: 1080 });
    tell(&mut state, number, TunnelUpdate::Listening { local: vec!["0.0.0.0:1080".to_owned()], is_open_to_others: true });
    assert!(text(&mut state, WIDE).contains("0.0.0.0:1080 takes connections from other computers, too"));
}

#[test]
fn what_is_in_the_way_is_asked_about_or_refused_and_a_dangerous_account_is_confirmed() {
    let mut state = listed();
    form(&mut state, LOST, ["80", "", "0"]);
    assert!(text(&mut state, USUAL).contains("✗ ssm:"));
    assert_eq!(press(&mut state, &["Enter"]), []);
    assert!(text(&mut state, USUAL).contains("Try anyway? y/N"));
    ordered(&press(&mut state, &["y"]));

    let mut state = listed();
    form(&mut state, STOPPED, ["80", "", "0"]);
    assert_eq!(press(&mut state, &["Enter"]), []);
    assert!(state.world.toast.is_some() && state.overlays.len() == 1);

    let mut state = dangerous();
    form(&mut state, WEB_1, ["80", "", "8080"]);
    assert_eq!(press(&mut state, &["Enter"]), []);
    insta::assert_snapshot!("confirm", shown(&mut state, USUAL));
    assert_eq!(press(&mut state, &["Enter"]), [], "Enter is no yes");
    press(&mut state, &["Enter"]);
    ordered(&press(&mut state, &["y"]));
}

/// The row, changed.
fn with_row(state: &mut State, id: &str, change: impl Fn(&mut Instance)) {
    let mut row = (**state.world.inventory.row(&id.parse().unwrap()).unwrap()).clone();
    change(&mut row);
    state.world.inventory.replace(row);
    state.world.update_rows();
}

#[test]
fn where_it_is_to_lead_is_judged_before_a_session_is_opened() {
    let with_old_agent = || {
        let mut state = listed();
        with_row(&mut state, WEB_1, |row| {
            let Fact::Known(ssm) = &mut row.ssm else { unreachable!() };
            ssm.agent_version = Some("3.1.1187.0".into());
        });
        state
    };
    let mut state = with_old_agent();
    form(&mut state, WEB_1, ["5432", "db.internal", "0"]);
    assert!(text(&mut state, USUAL).contains("✗ agent 3.1.1187.0 leads to no other host"), "{}", text(&mut state, USUAL));

    assert_eq!(press(&mut state, &["Enter"]), []);
    let screen = text(&mut state, USUAL);
    assert!(screen.contains("The tunnel would not lead there") && screen.contains("AWS-UpdateSSMAgent"), "{screen}");

    // Its own port needs no such agent, and sshd no agent at all.
    let mut state = with_old_agent();
    form(&mut state, WEB_1, ["5432", "", "0"]);
    ordered(&press(&mut state, &["Enter"]));
    let mut state = with_old_agent();
    form_by(&mut state, ["5432", "db.internal", "0"], "ssm-ssh");
    ordered(&press(&mut state, &["Enter"]));
}

#[test]
fn the_group_of_a_row_that_it_leads_to_is_looked_at() {
    let mut state = listed();
    let network = || {
        let group = || (Untrusted::from("sg-db"), GroupRules::default());
        Fact::Known(Arc::new(Network { groups: Fact::Known([group()].into()), ..Network::default() }))
    };
    let there = |row: &mut Instance| {
        let addresses = vec![("10.0.1.22".parse().unwrap(), None)];
        row.interfaces = vec![Interface { groups: vec!["sg-db".into()], addresses, ..Interface::default() }];
        row.vpc = Some("vpc-1".into());
    };
    with_row(&mut state, WEB_2, there);
    with_row(&mut state, WEB_1, |row| (row.vpc, row.network) = (Some("vpc-1".into()), network()));
    form(&mut state, WEB_1, ["5432", "10.0.1.22", "0"]);

    assert!(text(&mut state, USUAL).contains("! sg-db, of web-2"), "{}", text(&mut state, USUAL));
    ordered(&press(&mut state, &["Enter"]));

    let mut state = listed();
    with_row(&mut state, WEB_2, there);
    with_row(&mut state, WEB_1, |row| (row.vpc, row.network) = (Some("vpc-2".into()), network()));
    form(&mut state, WEB_1, ["5432", "10.0.1.22", "0"]);
    assert!(!text(&mut state, USUAL).contains("sg-db"), "the same address in another VPC is another instance");
}

#[test]
fn page_two_says_what_it_is_for_while_nothing_is_open() {
    let mut state = listed();

    press(&mut state, &["2"]);

    insta::assert_snapshot!("none_80x24", shown(&mut state, USUAL));
    assert_eq!(press(&mut state, &["x", "y", "Enter", "j", "G"]), []);
    press(&mut state, &["3"]);
    assert!(text(&mut state, USUAL).contains("─ Problems ─"));
    press(&mut state, &["2", "?"]);
    insta::assert_snapshot!("help_80x24", shown(&mut state, USUAL));
    press(&mut state, &["Esc", "1"]);
    assert!(state.overlays.is_empty());
}

#[test]
fn page_two_lists_the_tunnels_live() {
    let mut state = saved();
    let web = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    assert!(text(&mut state, USUAL).contains("[2 Sessions]"), "an open tunnel is seen at once");
    press(&mut state, &["1"]);
    let far = open(&mut state, BASTION, "5432:db.internal:5432", "127.0.0.1:5432");
    press(&mut state, &["Esc", "t", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab"]);
    let (socks, _) = ordered(&press(&mut state, &["Enter"]));
    tell(&mut state, socks, TunnelUpdate::Listening { local: vec!["0.0.0.0:1080".to_owned()], is_open_to_others: true });
    let traffic = Traffic { sent: 1_234_567, received: 88_400, open: 2, connections: 14, refused: 1 };
    tell(&mut state, web, TunnelUpdate::Traffic(traffic));
    tell(&mut state, web, TunnelUpdate::Event(TunnelEvent::Refused(Destination::Port(80))));
    let since = |seconds: i64| jiff::Timestamp::from_second(now().as_second() - seconds).unwrap();
    tell(&mut state, far, TunnelUpdate::Standing(Standing::Lost(since(8))));
    state.set_now(jiff::Timestamp::from_second(now().as_second() + 61).unwrap());
    state.tick();
    press(&mut state, &["g"]);

    insta::assert_snapshot!("page_120x32", shown(&mut state, WIDE));
    insta::assert_snapshot!("page_80x24", shown(&mut state, USUAL));
    insta::assert_snapshot!("page_40x8", shown(&mut state, SMALL));
    press(&mut state, &["Enter"]);
    insta::assert_snapshot!("details_80x24", shown(&mut state, USUAL));
    press(&mut state, &["Esc", "Esc"]);
    let table = shown(&mut state, USUAL);
    assert!(table.contains("3 tunnels · sort NAME") && table.contains("2 tunnels"), "{table}");
    assert_eq!(state.wake().map(|wake| wake > state.world.now), Some(true));
}

#[test]
fn y_copies_the_address_and_x_ends_the_tunnel_under_the_cursor() {
    let mut state = listed();
    let first = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    press(&mut state, &["Esc"]);
    let second = open(&mut state, BASTION, "81", "127.0.0.1:8081");

    assert_eq!(press(&mut state, &["y"]), [Effect::Copy { text: "127.0.0.1:8081".to_owned() }]);
    assert_eq!(press(&mut state, &["k", "x"]), [Effect::EndTunnel { number: first }]);
    assert_eq!(press(&mut state, &["x"]), [], "it is being ended already");
    assert!(text(&mut state, USUAL).contains("ending"));
    tell(&mut state, first, TunnelUpdate::Standing(Standing::Up));
    assert!(text(&mut state, USUAL).contains("ending"), "what it says on its way out changes nothing");
    tell(&mut state, first, TunnelUpdate::Over(Traffic { connections: 1, sent: 7, ..Traffic::default() }));
    assert!(text(&mut state, USUAL).contains("127.0.0.1:8080 is closed: 1 connection, sent 7 B, received 0 B."));

    tell(&mut state, second, TunnelUpdate::Traffic(Traffic { open: 1, connections: 1, ..Traffic::default() }));
    assert_eq!(press(&mut state, &["x"]), []);
    assert!(text(&mut state, USUAL).contains("1 connection is open through 127.0.0.1:8081."));
    assert_eq!(press(&mut state, &["y"]), [Effect::EndTunnel { number: second }]);
    tell(&mut state, second, TunnelUpdate::Over(Traffic::default()));
    assert!(state.world.tunnels.list().is_empty());
}

#[test]
fn a_lost_connection_is_told_once_wherever_one_is_and_so_is_its_return() {
    let mut state = listed();
    let number = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    press(&mut state, &["Esc"]);

    tell(&mut state, number, TunnelUpdate::Standing(Standing::Silent(now())));
    assert!(state.world.toast.is_none());
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Lost(now())));
    assert!(text(&mut state, USUAL).contains("127.0.0.1:8080: the connection to AWS is lost, resuming"));
    assert_eq!(state.world.problems.len(), 1);
    state.world.toast = None;
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Lost(now())));
    assert!(state.world.toast.is_none());
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Up));
    assert!(text(&mut state, USUAL).contains("127.0.0.1:8080: connected again"));
    assert_eq!(state.world.problems.len(), 1);
}

#[test]
fn a_tunnel_that_waits_for_a_sign_in_offers_the_key_until_it_goes_on() {
    let mut state = listed();
    let number = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    press(&mut state, &["Esc"]);
    let profile = state.world.tunnels.list()[0].instance.place.profile.clone();
    press(&mut state, &["L"]);
    assert!(text(&mut state, USUAL).contains("Nobody needs to sign in here."));

    let remedy = ["ec2dash", "login"].map(str::to_owned).to_vec();
    let error = aws::Error::SignInEnded { profile: "corp".into(), session: None, remedy, end: aws::SignInEnd::Missing };
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Lost(now())));
    tell(&mut state, number, TunnelUpdate::Event(TunnelEvent::Hindered(error)));
    assert!(state.world.toast.as_ref().is_some_and(|toast| toast.text.ends_with("L signs in again.")), "{:?}", state.world.toast);
    assert!(matches!(&press(&mut state, &["L"])[..], [Effect::SignIn { to, .. }] if *to == SignInTo::Profile(profile.clone())));
    press(&mut state, &["Esc"]);
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Up));

    assert_eq!(press(&mut state, &["L"]), []);
}

#[test]
fn a_tunnel_that_never_began_says_why() {
    let mut state = listed();
    form(&mut state, WEB_1, ["80", "", "0"]);
    let (number, _) = ordered(&press(&mut state, &["Enter"]));
    tell(&mut state, number, TunnelUpdate::Listening { local: vec!["127.0.0.1:8080".to_owned()], is_open_to_others: false });
    assert!(text(&mut state, USUAL).contains("opening"));

    let lines = ["Cannot open a tunnel to web-1.", "ssm:StartSession is denied."].map(str::to_owned).to_vec();
    tell(&mut state, number, TunnelUpdate::NotOpened { lines, failed: None });

    let screen = text(&mut state, USUAL);
    assert!(screen.contains("No tunnel") && screen.contains("ssm:StartSession is denied."), "{screen}");
    assert!(state.world.tunnels.list().is_empty());
    assert_eq!(press(&mut state, &["Esc", "Esc", "q"]), [Effect::Quit]);
}

#[test]
fn leaving_with_open_tunnels_asks_once_whichever_way() {
    let mut state = listed();
    let first = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    press(&mut state, &["Esc"]);

    assert_eq!(press(&mut state, &["q"]), []);
    assert!(text(&mut state, USUAL).contains("1 tunnel is open. Quit and end it? y/N"));
    assert_eq!(press(&mut state, &["Enter"]), [], "Enter is no yes");
    assert_eq!(press(&mut state, &["q", "y"]), [Effect::Quit]);

    assert_eq!(press(&mut state, &["Ctrl-C", "Ctrl-C"]), []);
    assert!(text(&mut state, USUAL).contains("Quit and end it? y/N"));
    assert_eq!(press(&mut state, &["Ctrl-C", "Ctrl-C", "Ctrl-C"]), []);
    assert_eq!(state.overlays.len(), 1, "asked once");
    assert_eq!(press(&mut state, &["n"]), []);

    open(&mut state, BASTION, "81", "127.0.0.1:8081");
    press(&mut state, &["Esc", "x"]);
    enter(&mut state, "uptime");
    assert!(matches!(press(&mut state, &["Enter"]).as_slice(), [Effect::RunCommand { .. }]));
    press(&mut state, &["Esc", "q"]);
    insta::assert_snapshot!("quit_with_command", shown(&mut state, USUAL));
    press(&mut state, &["n"]);

    tell(&mut state, first, TunnelUpdate::Over(Traffic::default()));
    press(&mut state, &["Ctrl-C", "Ctrl-C"]);
    assert!(text(&mut state, USUAL).contains("1 tunnel is open."));
}

#[test]
fn hostile_words_of_a_tunnel_stay_in_their_place() {
    let mut state = listed();
    let number = open(&mut state, "i-0dd44ee55ff667788", "80", "127.0.0.1:8080");
    tell(&mut state, number, TunnelUpdate::Event(TunnelEvent::NotAccepted("\u{1b}]0;x\u{7}\u{202e}\n".repeat(500))));

    for keys in [[].as_slice(), &["Enter"]] {
        press(&mut state, keys);
        for size in [WIDE, USUAL, SMALL] {
            let screen = shown(&mut state, size);
            assert!(!screen.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screen}");
        }
    }
}

#[test]
fn a_tunnel_whose_far_side_refuses_is_not_green_until_something_comes_back() {
    let mut state = listed();
    let number = open(&mut state, WEB_1, "80", "127.0.0.1:8080");
    tell(&mut state, number, TunnelUpdate::Standing(Standing::Up));
    assert!(text(&mut state, USUAL).contains("● up"));

    tell(&mut state, number, TunnelUpdate::Event(TunnelEvent::Refused(Destination::Port(80))));
    tell(&mut state, number, TunnelUpdate::Traffic(Traffic { refused: 1, ..Traffic::default() }));
    assert!(text(&mut state, USUAL).contains("! refused"), "{}", text(&mut state, USUAL));

    tell(&mut state, number, TunnelUpdate::Traffic(Traffic { refused: 1, received: 12, ..Traffic::default() }));
    assert!(text(&mut state, USUAL).contains("● up"));
}
