//! What plain mode says to what is typed.

use strum::IntoEnumIterator as _;

use super::*;
use crate::tui::message::Message;
use crate::tui::tests::world::{answered, blank_with, listed, listed_in, now, plain as theme, press};

fn begun() -> (Plain, State) {
    let mut state = listed();
    let plain = Plain::new(theme(), &mut state);
    (plain, state)
}

fn say(plain: &mut Plain, state: &mut State, line: &str) -> String {
    let effects = plain.take(line, state);
    answered(state, effects);
    plain.tell(state).join("\n")
}

#[test]
fn the_list_is_numbered_sentences_with_the_facts_of_the_table() {
    let (mut plain, mut state) = begun();

    let told = plain.tell(&state).join("\n");

    assert!(told.starts_with("Instances 1 to 12 of 12."), "{told}");
    assert!(told.contains("web-1, running, private 10.0.1.21, public 3.36.112.8, SSM online, connect by ssm."), "{told}");
    assert!(told.contains("batch-worker-1, stopped, private 10.0.4.20, SSM none, no way in is known to work."), "{told}");
    assert!(!told.chars().any(|c| c.is_control() && c != '\n'), "{told:?}");
    assert_eq!(plain.tell(&state), [""; 0]);
    assert!(say(&mut plain, &mut state, "").starts_with("Instances 1 to 12"));
}

#[test]
fn a_number_chooses_a_row_and_a_command_is_about_it() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    let number = 1 + state.world.rows.visible().position(|line| line.instance.id.as_str() == "i-0123456789abcdef0").unwrap();

    let told = say(&mut plain, &mut state, &number.to_string());
    assert!(told.starts_with(&format!("{number}. web-1, running")) && told.contains("web-role grants"), "{told}");
    assert!(say(&mut plain, &mut state, "99").contains("There is no number 99."));

    let told = say(&mut plain, &mut state, &format!("{number} details"));
    assert!(told.contains("i-0123456789abcdef0") && told.contains("web-profile"), "{told}");
    assert!(!told.contains(['│', '─', '┌', '●', '✓']), "{told}");
    assert!(say(&mut plain, &mut state, "back").starts_with(&format!("{number}. web-1")));
}

#[test]
fn what_mends_something_is_chosen_by_the_number_that_the_doctor_says() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/batch-worker-1");

    let told = say(&mut plain, &mut state, "1 doctor");
    assert_eq!(told, "asking …");
    let own = state.world.examination.as_ref().unwrap();
    let (number, instance) = (own.number, (*own.instance).clone());
    state.handle(Message::Told { number, instance: Box::new(instance.clone()) });
    assert_eq!(plain.tell(&state), [""; 0], "half of it is not read");
    state.handle(Message::Examined { number, told: Some((Box::new(instance), now())) });
    let told = plain.tell(&state).join("\n");
    assert!(told.contains("1 mends it: start batch-worker-1"), "{told}");
    assert_eq!(plain.tell(&state), [""; 0], "once");
    assert!(say(&mut plain, &mut state, "9").contains("There is no number 9."));
    let told = say(&mut plain, &mut state, "1");
    assert!(told.contains("aws ec2 start-instances"), "{told}");
    let told = say(&mut plain, &mut state, "");
    assert!(told.contains("y yes, n no"), "{told}");
}

#[test]
fn the_ways_in_are_numbered_and_one_is_chosen_by_its_number() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/web-1");

    let told = say(&mut plain, &mut state, "connect-menu");
    assert!(told.contains("1. ssm") && told.contains("works: "), "{told}");
    let effects = plain.take("1", &mut state);
    let effects = answered(&mut state, effects);

    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((plan.target.id.as_str(), plan.method.id()), ("i-0123456789abcdef0", "ssm"));
}

#[test]
fn what_an_attempt_has_said_below_the_ways_in_is_no_choice() {
    use crate::tui::trouble::{Trouble, TroubleKind};

    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/web-1");
    let instance = &state.world.current().unwrap().instance;
    let (id, method) = (instance.id.clone(), state.world.ways(instance).best.unwrap());
    let (what, why) = ("Not connected to web-1.".to_owned(), Some("3.36.112.8 does not answer".to_owned()));
    let (code, kind, retry_in) = ("timed-out", TroubleKind::Other, std::time::Duration::ZERO);
    let trouble = Trouble { code, what, why, next: None, kind, device: None, retry_in };
    state.handle(Message::WayRefused { id, method, said: "no answer".into(), trouble, offer: None });

    let told = plain.tell(&state).join("\n");

    let ways = told.lines().filter(|line| line.contains(". ") && line.starts_with(|first: char| first.is_ascii_digit())).count();
    assert!(told.contains("does not answer") && ways == crate::access::Method::known().len(), "{told}");
    assert!(
        say(&mut plain, &mut state, &(ways + 1).to_string()).contains(&format!("There is no number {}.", ways + 1)),
        "{told}"
    );
}

#[test]
fn words_that_are_no_command_filter_and_a_wrong_field_is_an_error() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);

    assert!(say(&mut plain, &mut state, "web").starts_with("Instances 1 to 3 of 3; the filter hides 9."));
    let told = say(&mut plain, &mut state, "/stat:x");
    assert!(told.starts_with("Error: The filter has no field called stat."), "{told}");
    assert!(say(&mut plain, &mut state, "/nothing-like-it").contains("Nothing matches"));
    assert!(say(&mut plain, &mut state, "/").starts_with("Instances 1 to 12 of 12."));
}

#[test]
fn a_field_takes_the_line_and_an_empty_line_is_enter() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/web-1");

    let told = say(&mut plain, &mut state, "exec");
    assert!(told.contains("Run on web-1"), "{told}");
    say(&mut plain, &mut state, "1 or 2");
    let effects = plain.take("", &mut state);

    assert!(matches!(effects.as_slice(), [Effect::RunCommand { .. }]), "{effects:?}");
}

#[test]
fn a_wait_is_told_every_ten_seconds() {
    let mut state = crate::tui::tests::world::blank();
    crate::tui::tests::world::opened(&mut state);
    let mut plain = Plain::new(theme(), &mut state);
    let at = |seconds: i64, state: &mut State| {
        let now = crate::tui::tests::world::now().checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
        state.set_now(now);
    };

    assert_eq!(plain.tell(&state), [""; 0]);
    at(9, &mut state);
    assert_eq!(plain.tell(&state), [""; 0]);
    at(10, &mut state);
    assert_eq!(plain.tell(&state), ["Still loading, 10 s."]);
    assert_eq!(plain.tell(&state), [""; 0]);
    at(21, &mut state);
    assert_eq!(plain.tell(&state), ["Still loading, 20 s."]);
}

#[test]
fn every_dialog_of_the_dashboard_is_told_without_its_frame() {
    for action in Action::iter().filter(|action| *action != Action::Quit) {
        let (mut plain, mut state) = begun();
        plain.tell(&state);
        let told = say(&mut plain, &mut state, action.name());
        if !state.overlays.is_empty() {
            assert!(!told.trim().is_empty(), "{}", action.name());
        }
        assert!(!told.contains(|c: char| ('\u{2500}'..='\u{259f}').contains(&c) || c.is_control() && c != '\n'), "{told}");
        press(&mut state, &["Esc"]);
    }
}

#[test]
fn words_are_looked_for_in_the_text_of_a_dialog() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/web-1");
    say(&mut plain, &mut state, "1 details");

    let told = say(&mut plain, &mut state, "/web-profile");

    assert!(told.lines().next().is_some_and(|line| line.contains("web-profile")), "{told}");
    assert!(!told.contains("vpc"), "{told}");
    let first = say(&mut plain, &mut state, "/prod");
    assert!(first.lines().count() > 2, "{first}");
    let next = say(&mut plain, &mut state, "n");
    assert!(next.contains("prod") && next.lines().count() == 1, "{next}");
    assert_ne!(say(&mut plain, &mut state, "next-hit"), next);
    assert!(say(&mut plain, &mut state, "/nowhere").contains("not found"));
    say(&mut plain, &mut state, "Esc");
    assert!(say(&mut plain, &mut state, "Esc").starts_with("1. web-1"));
    say(&mut plain, &mut state, "sort");
    assert!(say(&mut plain, &mut state, "/name").contains("is not understood here"));
}

#[test]
fn groups_are_lines_of_the_list_that_fold_by_their_number() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);

    say(&mut plain, &mut state, "group");
    let told = say(&mut plain, &mut state, "2");
    assert!(!told.contains("Nothing matches"), "{told}");
    let told = say(&mut plain, &mut state, "list");
    assert!(
        told.starts_with("Instances: 12, in groups by env. Lines 1 to 13 of 13.\n1. Group prod, instances: 12.\n2. "),
        "{told}"
    );
    assert!(say(&mut plain, &mut state, "1").starts_with("1. Group prod"));
    assert!(say(&mut plain, &mut state, "1 back").starts_with("1. Group prod, instances: 12, folded"));
    assert!(say(&mut plain, &mut state, "list").contains("Lines 1 to 1 of 1."));
    say(&mut plain, &mut state, "1 open");
    assert!(say(&mut plain, &mut state, "13").starts_with("13. "));
}

#[test]
fn a_number_chooses_below_a_field_and_toggles_a_column() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);

    say(&mut plain, &mut state, "region");
    let told = say(&mut plain, &mut state, "virginia");
    assert!(told.contains("1. us-east-1"), "{told}");
    let effects = plain.take("1", &mut state);
    assert!(state.overlays.is_empty() && !effects.is_empty(), "{effects:?}");

    let (mut plain, mut state) = begun();
    plain.tell(&state);
    let told = say(&mut plain, &mut state, "columns");
    let number = 1 + told.lines().filter(|line| line.contains(". [")).position(|line| line.contains("instance_type")).unwrap();
    let told = say(&mut plain, &mut state, &number.to_string());
    assert!(told.starts_with(&format!("{number}. [x] TYPE")) && told.lines().count() == 1, "{told}");
    assert!(!told.contains('…'), "{told}");
    say(&mut plain, &mut state, "");
    assert!(say(&mut plain, &mut state, "list").contains(", TYPE "));
}

#[test]
fn on_the_page_of_sessions_a_number_is_what_the_next_command_is_about() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    let running = |number: u64, target: &str| crate::model::Running {
        process: 7,
        number,
        kind: crate::model::RunningKind::Shell,
        target: target.into(),
        method: "ssm".into(),
        from: "pts/3".into(),
        began: state.world.now,
        is_of_dashboard: false,
    };
    state.world.running = vec![running(1, "web-1"), running(2, "web-2")];

    let told = say(&mut plain, &mut state, "tunnels");
    assert!(told.starts_with("Sessions\nKIND, TARGET") && told.contains("\n1. ") && told.contains("2. shell, web-2"), "{told}");
    let told = say(&mut plain, &mut state, "2");
    assert!(told.starts_with("2. shell, web-2") && !told.contains("web-1"), "{told}");
    assert!(told.contains("process 7"), "{told}");
    let told = say(&mut plain, &mut state, "1 end-tunnel");
    assert!(told.contains("web-1") && told.contains("y yes"), "{told}");
    say(&mut plain, &mut state, "no");
    assert!(say(&mut plain, &mut state, "9").contains("There is no number 9."));
}

#[test]
fn an_empty_page_is_left_by_the_digit_that_it_names() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    assert!(say(&mut plain, &mut state, "tunnels").starts_with("Sessions\nNo session"));

    assert!(say(&mut plain, &mut state, "1").starts_with("1. "));
    assert!(state.overlays.is_empty());
}

#[test]
fn a_number_that_is_typed_before_the_list_is_there_waits_for_it() {
    let mut state = crate::tui::tests::world::blank();
    let mut plain = Plain::new(theme(), &mut state);
    assert!(plain.is_busy(&state));

    assert_eq!(say(&mut plain, &mut state, "2 details"), "The list is still loading; this is done as soon as it is there.");
    assert!(plain.take_held(&mut state).is_empty());
    assert_eq!(plain.tell(&state), [""; 0]);
    let mut state = listed_in(state);
    let effects = plain.take_held(&mut state);
    answered(&mut state, effects);

    let told = plain.tell(&state).join("\n");
    assert!(told.contains("Private IP"), "{told}");
    assert!(!plain.is_busy(&state));
    assert!(plain.take_held(&mut state).is_empty(), "once");
}

#[test]
fn what_a_command_has_come_to_is_told_when_it_ends() {
    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/web-1");
    say(&mut plain, &mut state, "exec");
    say(&mut plain, &mut state, "uptime");
    let effects = plain.take("", &mut state);
    let Some(Effect::RunCommand { number, .. }) = effects.first() else { panic!("{effects:?}") };
    let number = *number;
    plain.tell(&state);
    assert!(plain.is_busy(&state));

    state.handle(crate::tui::message::Message::CommandEnded { number });

    let told = plain.tell(&state).join("\n");
    assert!(told.contains("1. web-1") && told.contains("NAME, STATUS"), "{told}");
    assert!(!plain.is_busy(&state));
}

#[test]
fn a_command_of_the_users_own_is_typed_by_its_name() {
    let file = "[[command]]\nname = \"top\"\nrun = [\"top\", \"{id}\"]\n";
    let settings = crate::config::parse(file, None).unwrap().settings;
    let mut state = listed_in(blank_with(settings));
    let mut plain = Plain::new(theme(), &mut state);
    plain.tell(&state);

    assert!(say(&mut plain, &mut state, "?").contains("top: "));
    let effects = plain.take("2 top", &mut state);

    assert!(matches!(effects.as_slice(), [Effect::RunOwn { .. }]), "{effects:?}");
    assert_eq!(state.world.rows.at(), 1);
}

#[test]
fn a_request_for_access_is_told_of_when_it_is_made() {
    use crate::tui::access_run::{AccessOffer, AccessUpdate};
    use crate::tui::message::Message;
    use crate::tui::trouble::{Trouble, TroubleKind};

    let (mut plain, mut state) = begun();
    plain.tell(&state);
    say(&mut plain, &mut state, "/web-1");
    let instance = &state.world.current().unwrap().instance;
    let (id, method) = (instance.id.clone(), state.world.ways(instance).best.unwrap());
    let retry_in = std::time::Duration::ZERO;
    let trouble = Trouble {
        code: "access-denied",
        what: "no".into(),
        why: None,
        next: None,
        kind: TroubleKind::Other,
        device: None,
        retry_in,
    };
    let offer = Some(AccessOffer { request: None });
    state.handle(Message::WayRefused { id, method, said: "no".into(), trouble, offer });
    assert!(plain.tell(&state).join("\n").contains("a asks whoever decides for access"));

    assert!(say(&mut plain, &mut state, "request-access").contains("Reason"));
    say(&mut plain, &mut state, "the disk is full");
    let effects = plain.take("", &mut state);
    let [Effect::AskForAccess { number, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    plain.tell(&state);
    state.handle(Message::Access { number: *number, update: AccessUpdate::Waits { request: "oi-0123456789ab".into() } });

    let told = plain.tell(&state).join("\n");
    assert!(told.contains("Request oi-0123456789ab waits for a decision"), "{told}");
    assert_eq!(plain.tell(&state), [""; 0]);
}
