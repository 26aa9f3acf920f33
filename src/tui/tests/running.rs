//! What other processes hold open, on page 2.

use jiff::SignedDuration;

use super::world::{listed, now, press, shown, text};
use crate::model::{Running, RunningKind};
use crate::tui::effect::Effect;
use crate::tui::message::Message;

fn running(process: u32, kind: RunningKind, is_of_dashboard: bool) -> Running {
    Running {
        process,
        number: 1,
        kind,
        target: "web-1\u{1b}[2J".into(),
        method: "ssm".into(),
        from: "pts/3".into(),
        began: "2026-11-21T09:48:00Z".parse().unwrap(),
        is_of_dashboard,
    }
}

#[test]
fn page_two_lists_what_others_hold_while_it_is_on_the_screen() {
    let mut state = listed();
    press(&mut state, &["2"]);
    assert_eq!(state.wake(), Some(now()));
    assert_eq!(state.tick(), [Effect::ListRunning]);
    assert_eq!(state.tick(), [], "not again at once");

    state.handle(Message::Running(vec![running(4702, RunningKind::Shell, false), running(4711, RunningKind::Tunnel, true)]));
    insta::assert_snapshot!("running_80x24", shown(&mut state, (80, 24)));

    state.set_now(now() + SignedDuration::from_secs(2));
    assert_eq!(state.tick(), [Effect::ListRunning]);
    state.handle(Message::Running(vec![running(4711, RunningKind::Tunnel, true)]));
    assert!(!text(&mut state, (80, 24)).contains("4702"), "a dead process leaves no row");
    press(&mut state, &["Esc"]);
    state.set_now(now() + SignedDuration::from_secs(9));
    assert_eq!(state.tick(), [], "nobody looks any more");
}

#[test]
fn x_asks_before_it_ends_what_another_process_holds_and_leaves_dashboards_alone() {
    let mut state = listed();
    press(&mut state, &["2"]);
    let shell = running(4702, RunningKind::Shell, false);
    state.handle(Message::Running(vec![shell.clone(), running(4711, RunningKind::Tunnel, true)]));

    assert_eq!(press(&mut state, &["x"]), []);
    assert!(text(&mut state, (80, 24)).contains("Process 4702 holds this shell to web-1·[2J open."));
    assert_eq!(press(&mut state, &["n"]), []);
    assert_eq!(press(&mut state, &["x", "y"]), [Effect::EndRunning(shell)]);

    assert_eq!(press(&mut state, &["j", "x"]), []);
    assert_eq!(state.overlays.len(), 1);
    assert!(text(&mut state, (80, 24)).contains("It belongs to the dashboard of process 4711: end it there."));
}
