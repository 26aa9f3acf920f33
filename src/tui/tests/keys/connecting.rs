//! Keys that lead into an instance, and back.

use super::*;

#[test]
fn web_enter_enter_enter_is_a_session_by_the_best_way() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "web-1");
    press(&mut state, &["Enter"]);
    assert_eq!(state.overlays.len(), 0);

    let effects = press(&mut state, &["Enter", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((plan.target.id.as_str(), plan.method), ("i-0123456789abcdef0", Method::Ssm));
    assert!(state.overlays.is_empty());
}

#[test]
fn c_connects_at_once_unless_the_account_asks() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");
    assert!(matches!(press(&mut state, &["c"]).as_slice(), [Effect::Connect { .. }]));

    let mut state = dangerous();
    go_to(&mut state, "i-0123456789abcdef0");
    assert_eq!(press(&mut state, &["c"]), []);
    assert_eq!(press(&mut state, &["Enter"]), [], "Enter is no yes");
    assert!(state.overlays.is_empty());
    assert!(matches!(press(&mut state, &["c", "y"]).as_slice(), [Effect::Connect { .. }]));
}

#[test]
fn a_stopping_instance_is_asked_to_be_started_again_and_where_nothing_changes_it_says_why_not() {
    let mut state = listed();
    go_to(&mut state, "i-0aa11bb22cc33dd44");
    assert_eq!(press(&mut state, &["c"]), []);
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("ec2:StartInstances i-0aa11bb22cc33dd44"), "{screen}");
    assert!(screen.contains("waits until it is stopped"), "{screen}");
    press(&mut state, &["Esc"]);

    state.world.settings.read_only = true;
    go_to(&mut state, "i-0aa11bb22cc33dd44");

    assert_eq!(press(&mut state, &["c"]), []);

    assert_eq!(state.overlays.len(), 1);
    assert!(state.world.problems.last().unwrap().text.contains("stopping"), "{:?}", state.world.problems);
}

#[test]
fn another_way_than_the_best_can_be_chosen() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");

    let effects = press(&mut state, &["Enter", "4", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((plan.method, plan.best_of.as_ref()), (Method::Eic, None));
}

#[test]
fn another_user_is_typed_in_the_picker_and_checked() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");
    press(&mut state, &["Enter", "u", "Ctrl-U"]);
    enter(&mut state, "-oProxyCommand=x");
    assert_eq!(press(&mut state, &["Enter", "Enter"]), []);
    press(&mut state, &["Ctrl-U"]);
    enter(&mut state, "deploy");

    let effects = press(&mut state, &["Enter", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(plan.login.as_ref().unwrap().user.as_str(), "deploy");
}

#[test]
fn after_a_session_the_cursor_is_on_the_same_row_and_the_end_is_told() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");
    press(&mut state, &["c"]);
    let end = SessionSummary {
        code: 3,
        way: None,
        lasted: std::time::Duration::from_secs(125),
        diagnosis: Vec::new(),
        has_other_host_key: false,
    };

    state.handle(Message::SessionEnded {
        id: "i-0123456789abcdef0".parse().unwrap(),
        shown: "web-1".into(),
        failed: None,
        result: Ok(end),
    });

    assert_eq!(cursor(&state), "i-0123456789abcdef0");
    assert_eq!(state.world.toast.as_ref().unwrap().text, "Session on web-1 ended: exit code 3 after 2 min.");
}

#[test]
fn a_failed_session_says_why_and_what_to_do_until_it_is_read() {
    let mut state = listed();
    let diagnosis = vec!["the host key is not the one seen before".to_owned(), "ec2dash known-hosts forget i-0".to_owned()];
    let end =
        SessionSummary { code: 255, way: None, lasted: std::time::Duration::from_secs(1), diagnosis, has_other_host_key: false };

    state.handle(Message::SessionEnded {
        id: "i-0123456789abcdef0".parse().unwrap(),
        shown: "web-1".into(),
        failed: None,
        result: Ok(end),
    });

    assert_eq!(state.overlays.len(), 1);
    assert!(state.world.problems.last().unwrap().text.contains("forget"));
    press(&mut state, &["Enter"]);
    assert!(state.overlays.is_empty());
}

#[test]
fn a_host_with_another_key_has_a_way_on_after_what_aws_tells_was_read() {
    let mut state = listed();
    let id: InstanceId = "i-0123456789abcdef0".parse().unwrap();
    let diagnosis = vec!["the host key is not the one seen before".to_owned()];
    let lasted = std::time::Duration::from_secs(1);
    let end = SessionSummary { code: 255, way: None, lasted, diagnosis, has_other_host_key: true };
    state.handle(Message::SessionEnded { id: id.clone(), shown: "web-1".into(), failed: None, result: Ok(end) });
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("R read its new key"), "{screen}");

    let effects = press(&mut state, &["R"]);

    assert!(matches!(effects.as_slice(), [Effect::AskHostKeys(instance)] if instance.id == id), "{effects:?}");
    assert!(state.overlays.is_empty());
    let told = |result| Message::HostKeysTold { id: id.clone(), shown: "web-1".into(), result };
    state.handle(told(Err(vec!["its console tells none".to_owned()])));
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("its console tells none") && !screen.contains("read its new key"), "{screen}");
    press(&mut state, &["Esc"]);
    state.handle(told(Ok(vec!["kept: SHA256:old".to_owned(), "told by its console now: SHA256:new".to_owned()])));
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("SHA256:old") && screen.contains("SHA256:new") && screen.contains("y/N"), "{screen}");
    state.set_now(state.world.now + jiff::SignedDuration::from_secs(2));
    assert_eq!(press(&mut state, &["n"]), [], "what is kept stays");
    assert!(state.overlays.is_empty());
    state.handle(told(Ok(vec!["kept: SHA256:old".to_owned()])));
    state.set_now(state.world.now + jiff::SignedDuration::from_secs(2));
    assert_eq!(press(&mut state, &["y"]), [Effect::TakeHostKeys(id)]);
}

#[test]
fn a_session_that_failed_otherwise_has_no_new_key_to_read() {
    let mut state = listed();
    let diagnosis = vec!["nothing listens there".to_owned()];
    let lasted = std::time::Duration::from_secs(1);
    let end = SessionSummary { code: 255, way: None, lasted, diagnosis, has_other_host_key: false };
    state.handle(Message::SessionEnded {
        id: "i-0123456789abcdef0".parse().unwrap(),
        shown: "web-1".into(),
        failed: None,
        result: Ok(end),
    });

    assert!(!text(&mut state, (120, 32)).contains("read its new key"));
    assert!(!press(&mut state, &["R"]).iter().any(|effect| matches!(effect, Effect::AskHostKeys(_))));
}

#[test]
fn a_way_that_does_not_apply_may_be_tried_where_the_command_line_tries_it() {
    let chosen = |id: &str, eic: &str| {
        let mut state = listed();
        press(&mut state, &["/"]);
        enter(&mut state, id);
        press(&mut state, &["Enter"]);
        assert_eq!(press(&mut state, &["Enter", eic, "Enter"]), [], "{id}");
        state
    };

    let mut without_public_address = chosen("i-07be1177aa09c3d45", "5");
    let screen = text(&mut without_public_address, (120, 32));
    assert!(screen.contains("eic to ") && screen.contains("Try anyway? y/N"), "{screen}");
    assert!(matches!(press(&mut without_public_address, &["y"]).as_slice(), [Effect::Connect { .. }]));
    let mut windows = chosen("i-0bb22cc33dd44ee55", "4");
    let screen = text(&mut windows, (120, 32));
    assert!(screen.contains("does not exist for Windows") && !screen.contains("Try anyway"), "{screen}");
}

#[test]
fn every_way_of_the_picker_has_the_key_of_its_number() {
    for (at, method) in Method::ALL.iter().enumerate() {
        let mut state = listed();
        go_to(&mut state, "i-0123456789abcdef0");
        press(&mut state, &["Enter", &(at + 1).to_string()]);

        let screen = text(&mut state, (120, 32));

        let chosen = format!("> {} {}", at + 1, method.id());
        assert!(screen.contains(&chosen), "{chosen}: {screen}");
    }
}

#[test]
fn the_copied_command_opens_the_same_session() {
    let mut state = listed();
    go_to(&mut state, "i-0123456789abcdef0");

    let effects = press(&mut state, &["y", "s"]);

    let command = "ec2dash connect i-0123456789abcdef0 --method ssm --profile prod-admin --region ap-northeast-2";
    assert_eq!(effects, [Effect::Copy { text: command.into() }]);
}

#[test]
fn every_key_of_the_picker_and_the_others_pass_nothing_to_the_table() {
    for keys in [&["i"][..], &["Enter"], &["?"], &["s"], &["y"], &["!"], &["p"], &["r"]] {
        let mut state = listed();
        press(&mut state, keys);
        for action in [Action::Filter, Action::Refresh, Action::ReverseSort] {
            assert_eq!(state.act(action), [], "{keys:?} {action:?}");
        }
        assert!(state.filter_field.is_none());
    }
}

/// That this way was refused with a word of AWS.
fn refused(id: &str, method: Method) -> Message {
    refused_with(id, method, None)
}

fn refused_with(id: &str, method: Method, offer: Option<AccessOffer>) -> Message {
    let said = "ssm:StartSession is denied for web-1.".to_owned();
    let what = format!("No session: {said}\nAsk whoever runs the account.");
    let kind = TroubleKind::Other;
    let trouble =
        Trouble { code: "access-denied", what, why: None, next: None, kind, device: None, retry_in: std::time::Duration::ZERO };
    Message::WayRefused { id: id.parse().unwrap(), method, said, trouble, offer }
}

#[test]
fn a_way_that_is_refused_leads_back_to_the_ways_with_it_marked_and_the_next_one_chosen() {
    let id = "i-0123456789abcdef0";
    let mut state = listed();
    go_to(&mut state, id);
    press(&mut state, &["c"]);

    state.handle(refused(id, Method::Ssm));

    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("1 ssm      ✗ ssm:StartSession is denied for web-1."), "{screen}");
    assert!(screen.contains("> 4 eic"), "what asks the same of AWS is not the next: {screen}");
    assert!(screen.contains("Ask whoever runs the account."), "{screen}");
    assert!(state.world.problems.last().unwrap().text.contains("ssm:StartSession"));
    let effects = press(&mut state, &["Enter"]);
    assert!(matches!(effects.as_slice(), [Effect::Connect { plan }] if plan.method == Method::Eic), "{effects:?}");

    state.handle(refused(id, Method::Eic));

    let screen = text(&mut state, (80, 24));
    assert!(screen.matches("✗ ssm:StartSession is denied").count() == 2, "both stay marked: {screen}");
    assert!(!screen.contains("> 1 ssm ") && !screen.contains("> 4 eic"), "{screen}");
    press(&mut state, &["Esc", "Enter"]);
    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("> 1 ssm      ✓"), "asked anew it is as the facts say: {screen}");
}

#[test]
fn a_denied_session_is_asked_for_with_a_reason_and_begun_when_it_is_granted() {
    let id = "i-0123456789abcdef0";
    let mut state = listed();
    go_to(&mut state, id);
    press(&mut state, &["c"]);
    state.handle(refused_with(id, Method::Ssm, Some(AccessOffer { request: None })));
    assert!(text(&mut state, (80, 24)).contains("a asks whoever decides for access, with a reason."));

    press(&mut state, &["a", "Enter"]);
    assert!(text(&mut state, (80, 24)).contains("A reason has 1 to 256 characters."));
    enter(&mut state, "the disk is full");
    assert!(text(&mut state, (80, 24)).contains("Reason the disk is full"));
    let effects = press(&mut state, &["Enter"]);
    let [Effect::AskForAccess { number, instance, reason: Some(reason) }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((instance.id.as_str(), reason.as_str()), (id, "the disk is full"));
    let (number, told) = (*number, |update| Message::Access { number: *number, update });
    let waits = AccessUpdate::Waits { request: "oi-0123456789ab".to_owned() };
    assert_eq!(state.handle(told(waits)), []);
    assert!(text(&mut state, (80, 24)).contains("Request oi-0123456789ab waits for a decision, 0 s so far."));
    assert_eq!(state.handle(Message::Access { number: number + 1, update: AccessUpdate::Granted }), [], "that is another one");

    let effects = state.handle(told(AccessUpdate::Granted));

    assert!(
        matches!(effects.as_slice(), [Effect::LookAndConnect { request, .. }] if request.method == Some(Method::Ssm) && request.is_tried_anyway),
        "{effects:?}"
    );
    assert!(state.world.access.is_none() && !text(&mut state, (80, 24)).contains("waits for a decision"));
}

#[test]
fn leaving_the_wait_leaves_the_request_and_what_is_decided_against_can_be_asked_for_anew() {
    let id = "i-0123456789abcdef0";
    let mut state = listed();
    go_to(&mut state, id);
    press(&mut state, &["c"]);
    state.handle(refused_with(id, Method::Ssm, Some(AccessOffer { request: Some("oi-0123456789ab".to_owned()) })));
    assert!(text(&mut state, (80, 24)).contains("a goes on with access request oi-0123456789ab."));
    let number = |effects: Vec<Effect>| match effects.as_slice() {
        [Effect::AskForAccess { number, reason: None, .. }] => *number,
        effects => panic!("{effects:?}"),
    };

    let first = number(press(&mut state, &["a"]));
    state.handle(Message::Access { number: first, update: AccessUpdate::Waits { request: "oi-0123456789ab".to_owned() } });
    assert_eq!(press(&mut state, &["Esc"]), [Effect::StopAwaitingAccess]);
    let screen = text(&mut state, (80, 24));
    assert!(screen.contains("only the waiting ended") && screen.contains("a goes on with access request"), "{screen}");

    let second = number(press(&mut state, &["a"]));
    state.handle(Message::Access { number: second, update: AccessUpdate::Waits { request: "oi-0123456789ab".to_owned() } });
    let ended = AccessUpdate::Ended { lines: vec!["access request oi-0123456789ab was rejected".to_owned()], is_final: true };
    state.handle(Message::Access { number: second, update: ended });
    assert!(text(&mut state, (80, 24)).contains("was rejected"));
    press(&mut state, &["Esc"]);
    assert!(text(&mut state, (80, 24)).contains("a asks whoever decides for access"));

    // What was not denied is not asked for.
    press(&mut state, &["Esc", "Enter"]);
    assert!(!text(&mut state, (80, 24)).contains("asks whoever decides"));
    assert_eq!(press(&mut state, &["a"]), []);
    assert!(text(&mut state, (80, 24)).contains("No session was denied here"));
}

#[test]
fn a_rule_leads_through_its_jump_host() {
    let rules = "[[rule]]\nmatch = { name = \"db-*\" }\njump = \"bastion\"\nmethod = [\"eic\"]\n";
    let settings = crate::config::parse(rules, None).unwrap().settings;
    let mut state = listed_in(blank_with(settings));
    go_to(&mut state, "i-03b2c1d0e9f8a7b65");

    let effects = press(&mut state, &["Enter", "Enter"]);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?} {}", text(&mut state, (120, 32))) };
    let passed: Vec<&str> = plan.passed().map(|host| host.id.as_str()).collect();
    assert_eq!((plan.method, passed), (Method::Eic, vec!["i-0c41d2a9be7730f12"]));
}

#[test]
fn a_private_address_is_told_with_the_jump_hosts_that_lead_there() {
    use crate::model::{GroupRule, GroupRules, Network, TcpPorts};
    let mut state = listed();
    let id = "i-03b2c1d0e9f8a7b65";
    let mut instance = (**state.world.inventory.row(&id.parse().unwrap()).unwrap()).clone();
    let from = |groups: Vec<crate::model::Untrusted>, blocks: &[&str]| {
        let blocks = blocks.iter().map(|block| block.parse().unwrap()).collect();
        vec![GroupRule { ports: TcpPorts::Range(22, 22), blocks, groups, prefix_lists: Vec::new() }]
    };
    let group = instance.security_groups[0].id.clone();
    let rules = GroupRules {
        ingress: from(vec![group.clone()], &[]),
        egress: from(Vec::new(), &["10.0.0.0/8"]),
        ..GroupRules::default()
    };
    let (endpoints, groups) = (crate::model::Fact::Known(Vec::new()), crate::model::Fact::Known([(group, rules)].into()));
    let network = Network { endpoints, groups, ..Network::default() };
    go_to(&mut state, id);
    press(&mut state, &["Enter", "5"]);
    assert!(!text(&mut state, (120, 32)).contains("--jump"), "what the groups let through is not known");

    instance.network = crate::model::Fact::Known(network.into());
    state.world.inventory.replace(instance);
    state.world.update_rows();

    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("ec2dash connect i-03b2c1d0e9f8a7b65 --jump i-0c41d2a9be7730f12"), "{screen}");
    assert!(screen.contains("by the jump host bastion: its group is let in"), "{screen}");
}
