//! Keys after a way in did not take us: to the doctor, which says why.

use super::*;
use crate::tui::attempt::FailedWay;

/// Private, and nothing tells a way to its address.
const PRIVATE: &str = "i-07be1177aa09c3d45";

/// That an ssh by this way ended with these words.
fn ended(id: &str, failed: Option<FailedWay>) -> Message {
    let diagnosis = failed.iter().map(|way| way.what.clone()).collect();
    let code = if failed.is_some() { 255 } else { 0 };
    let lasted = std::time::Duration::from_secs(1);
    let end = SessionSummary { code, way: None, lasted, diagnosis, has_other_host_key: false };
    Message::SessionEnded { id: id.parse().unwrap(), shown: "web-1".into(), failed, result: Ok(end) }
}

fn timed_out(method: Method) -> Option<FailedWay> {
    Some(FailedWay { method, code: "timed-out".into(), what: "no answer from 10.0.3.15 port 22".into() })
}

fn asks_for(effects: &[Effect], id: &str) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Examine { instance, .. } if instance.id.as_str() == id))
}

#[test]
fn d_in_the_box_that_says_why_a_session_failed_opens_the_doctor_on_what_was_tried() {
    let mut state = listed();
    state.handle(ended(PRIVATE, timed_out(Method::Ssh)));
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("d why"), "{screen}");

    let effects = press(&mut state, &["d"]);

    assert!(asks_for(&effects, PRIVATE), "{effects:?}");
    assert_eq!(state.overlays.len(), 1, "the box is closed");
    state.set_now(state.world.now + jiff::SignedDuration::from_secs(12));
    let screen = text(&mut state, (120, 32));
    let at = |part: &str| screen.find(part).unwrap_or_else(|| panic!("{part}: {screen}"));
    assert!(at("tried 12 s ago: no answer from 10.0.3.15 port 22") < at(" ssm "), "the way that was tried is first: {screen}");
    assert_eq!(screen.matches("tried 12 s ago").count(), 1, "{screen}");
}

#[test]
fn the_finding_that_explains_it_stands_before_the_others() {
    let mut state = listed();
    let order = |state: &mut State, failed: FailedWay| {
        state.handle(ended(PRIVATE, Some(failed)));
        press(state, &["d"]);
        let screen = text(state, (120, 48));
        press(state, &["Esc"]);
        let section = screen.split_once("tried ").unwrap_or_else(|| panic!("{screen}")).1;
        let at = |part: &str| section.find(part).unwrap_or_else(|| panic!("{part}: {section}"));
        (at("private key for"), at("private address 10.0.3.15"))
    };

    let (key, address) = order(&mut state, FailedWay { method: Method::Ssh, code: "key-refused".into(), what: "no".into() });
    assert!(key < address, "{key} {address}");
    let (key, address) = order(&mut state, timed_out(Method::Ssh).unwrap());
    assert!(address < key, "{key} {address}");
}

#[test]
fn a_session_that_ended_well_makes_the_failure_before_it_history() {
    let mut state = listed();
    state.handle(ended(PRIVATE, timed_out(Method::Ssh)));
    press(&mut state, &["Esc"]);
    state.handle(ended("i-0123456789abcdef0", None));
    assert!(state.world.attempt.is_some(), "another instance says nothing of this one");

    state.handle(ended(PRIVATE, None));

    assert_eq!(state.world.attempt, None);
    press(&mut state, &["d"]);
    assert!(!text(&mut state, (120, 32)).contains("tried "));
}

#[test]
fn d_leads_from_the_ways_after_a_refusal_to_the_doctor() {
    let mut state = listed();
    let what = "Not connected: ssm:StartSession is denied.".to_owned();
    let trouble = Trouble {
        code: "access-denied",
        what,
        why: None,
        next: None,
        kind: TroubleKind::Other,
        device: None,
        retry_in: std::time::Duration::ZERO,
    };
    let said = "ssm:StartSession is denied.".to_owned();
    state.handle(Message::WayRefused { id: PRIVATE.parse().unwrap(), method: Method::Ssm, said, trouble, offer: None });

    let effects = press(&mut state, &["d"]);

    assert!(asks_for(&effects, PRIVATE), "{effects:?}");
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("tried 0 s ago: ssm:StartSession is denied."), "{screen}");
}

#[test]
fn a_box_about_no_instance_offers_no_doctor() {
    let mut state = listed();
    state.handle(Message::HostKeysTold {
        id: PRIVATE.parse().unwrap(),
        shown: "web-1".into(),
        result: Err(vec!["its console tells none".to_owned()]),
    });

    // That of the list is below it.
    assert_eq!(text(&mut state, (120, 32)).matches("d why").count(), 1);
    assert_eq!(press(&mut state, &["d"]), []);
}
