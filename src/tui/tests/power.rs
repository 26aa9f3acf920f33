//! Starting, stopping and rebooting: keys go in, effects and pictures come out.

use super::world::{blank_with, enter, listed, listed_in, press, shown, text};
use crate::aws;
use crate::config::Settings;
use crate::model::{InstanceId, InstanceState, Power};
use crate::power::{Order, Outcome, PowerCall, Update, calls};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::state::State;

const WIDE: (u16, u16) = (120, 32);
const USUAL: (u16, u16) = (80, 24);
const WEB_1: &str = "i-0123456789abcdef0";
const STOPPED: &str = "i-0dd8f0011c2b3a495";

fn go_to(state: &mut State, id: &str) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
}

fn id(text: &str) -> InstanceId {
    text.parse().unwrap()
}

fn order(effects: &[Effect]) -> (u64, Order) {
    let [Effect::ChangePower { number, order }] = effects else { panic!("{effects:?}") };
    (*number, (**order).clone())
}

fn over(state: &mut State, number: u64, id: &str, outcome: Outcome) {
    state.handle(Message::Power { number, update: Update::Over(id.parse().unwrap(), Box::new(outcome)) });
}

#[test]
fn a_stop_shows_the_call_and_what_is_lost_and_takes_no_yes_before_it_knows() {
    let mut state = listed();
    go_to(&mut state, WEB_1);

    let effects = state.act(Action::Stop);

    assert!(matches!(effects.as_slice(), [Effect::LookAtHosts { targets }] if targets.len() == 1), "{effects:?}");
    assert_eq!(press(&mut state, &["y"]), [], "nothing is known of the host yet");
    let kind = state.world.inventory.row(&id(WEB_1)).unwrap().instance_type.clone().unwrap();
    state.handle(Message::Hosts(vec![(kind, Some(true))]));
    insta::assert_snapshot!("power_stop", shown(&mut state, WIDE));
    assert_eq!(press(&mut state, &["Enter"]), [], "Enter is no yes");

    state.act(Action::Stop);
    let (_, order) = order(&press(&mut state, &["y"]));
    let shown: Vec<String> = calls(order.power, &order.targets).iter().map(PowerCall::shown).collect();
    assert_eq!(shown, [format!("ec2:StopInstances {WEB_1}")]);
}

#[test]
fn the_row_shows_how_far_it_is_and_one_line_how_it_ended() {
    let mut state = listed();
    go_to(&mut state, STOPPED);
    state.act(Action::Start);
    let (number, _) = order(&press(&mut state, &["y"]));

    state.handle(Message::Power { number, update: Update::Is(id(STOPPED), InstanceState::Pending) });
    assert_eq!(state.world.inventory.row(&id(STOPPED)).unwrap().state, InstanceState::Pending);
    over(&mut state, number, STOPPED, Outcome::Done(InstanceState::Running));
    let effects = state.handle(Message::PowerEnded { number });

    assert_eq!(state.world.inventory.row(&id(STOPPED)).unwrap().state, InstanceState::Running);
    assert!(matches!(effects.as_slice(), [Effect::Survey { is_first: false, .. }]), "kept rows are read once: {effects:?}");
    assert!(text(&mut state, WIDE).contains("1 instance runs."));
}

#[test]
fn they_are_in_the_palette_and_take_a_key_of_the_users() {
    let mut state = listed();
    go_to(&mut state, STOPPED);
    press(&mut state, &[":"]);
    enter(&mut state, "start");
    press(&mut state, &["Enter"]);
    assert!(text(&mut state, WIDE).contains("ec2:StartInstances"), "{}", shown(&mut state, WIDE));

    let keys = [("reboot".to_owned(), vec!["B".to_owned()])].into();
    let mut state = listed_in(blank_with(Settings { keys, ..Settings::default() }));
    go_to(&mut state, WEB_1);
    press(&mut state, &["B"]);
    assert!(text(&mut state, WIDE).contains("ec2:RebootInstances"), "{}", shown(&mut state, WIDE));
}

#[test]
fn several_are_asked_for_in_one_call_and_each_that_failed_is_kept_as_a_problem() {
    let mut state = listed();
    go_to(&mut state, WEB_1);
    press(&mut state, &["Space", "Space"]);
    state.act(Action::Reboot);
    let (number, order) = order(&press(&mut state, &["y"]));
    assert_eq!((order.power, order.targets.len()), (Power::Reboot, 2));
    let denied = aws::Error::Denied { action: "ec2:RebootInstances", message: "no".into() };

    over(&mut state, number, order.targets[0].id.as_str(), Outcome::Begun(InstanceState::Running));
    over(&mut state, number, order.targets[1].id.as_str(), Outcome::Refused(denied));
    state.handle(Message::PowerEnded { number });

    let problem = &state.world.problems.last().unwrap().text;
    assert!(problem.contains("was not rebooted") && problem.contains("ec2:RebootInstances"), "{problem}");
}

#[test]
fn connecting_to_a_stopped_row_asks_once_and_connects_when_it_runs() {
    let mut state = listed();
    go_to(&mut state, STOPPED);

    assert_eq!(press(&mut state, &["c"]), []);
    insta::assert_snapshot!("power_start_and_connect", shown(&mut state, USUAL));
    let (number, _) = order(&press(&mut state, &["y"]));
    state.handle(Message::Power { number, update: Update::Is(id(STOPPED), InstanceState::Pending) });
    assert!(text(&mut state, USUAL).contains("is pending (0 s)"));
    for size in [USUAL, (60, 15)] {
        assert!(text(&mut state, size).contains("instance. "), "{}", shown(&mut state, size));
    }
    over(&mut state, number, STOPPED, Outcome::Done(InstanceState::Running));
    let effects = state.handle(Message::PowerEnded { number });

    assert!(matches!(effects.as_slice(), [Effect::AwaitWay { instance, .. }] if instance.id == id(STOPPED)), "{effects:?}");
    state.handle(Message::WayAwaited { number, said: "it runs; ssm does not take us yet (3 s)".into() });
    assert!(text(&mut state, USUAL).contains("ssm does not take us yet (3 s)"), "{}", shown(&mut state, USUAL));
    let effects = state.handle(way_open(number));
    assert!(matches!(effects.as_slice(), [Effect::Connect { .. }]), "{effects:?}");
    assert!(state.overlays.is_empty());
}

/// An instance that was started to be connected to and runs: a way into it is waited for.
fn started() -> (State, u64) {
    let mut state = listed();
    go_to(&mut state, STOPPED);
    press(&mut state, &["c"]);
    let (number, _) = order(&press(&mut state, &["y"]));
    over(&mut state, number, STOPPED, Outcome::Done(InstanceState::Running));
    state.handle(Message::PowerEnded { number });
    (state, number)
}

/// That a way into an instance takes us.
fn way_open(number: u64) -> Message {
    let mut state = listed();
    go_to(&mut state, WEB_1);
    let effects = press(&mut state, &["c"]);
    let [Effect::Connect { plan }] = effects.as_slice() else { panic!("{effects:?}") };
    Message::WayOpen { number, id: id(STOPPED), result: Ok(plan.clone()) }
}

#[test]
fn esc_stops_waiting_for_a_way_and_what_comes_later_connects_nobody() {
    let (mut state, number) = started();

    let effects = press(&mut state, &["Esc"]);

    assert_eq!(effects.first(), Some(&Effect::StopAwaitingWay));
    assert!(state.overlays.is_empty() && text(&mut state, USUAL).contains("not waited for; it goes on"));
    assert_eq!(state.handle(way_open(number)), []);
}

#[test]
fn what_is_read_over_the_wait_stays_and_the_open_way_is_told() {
    let (mut state, number) = started();
    state.overlays.push(Box::new(crate::tui::overlays::Explanation::new("else".to_owned(), vec!["something else".to_owned()])));
    let before = state.overlays.len();

    assert_eq!(state.handle(way_open(number)), []);

    assert_eq!(state.overlays.len(), before - 1);
    assert!(text(&mut state, USUAL).contains("can be entered now"), "{}", shown(&mut state, USUAL));
}

#[test]
fn whoever_stops_waiting_is_not_connected() {
    let mut state = listed();
    go_to(&mut state, STOPPED);
    press(&mut state, &["Enter", "Enter"]);
    let (number, _) = order(&press(&mut state, &["y"]));

    press(&mut state, &["Esc"]);
    over(&mut state, number, STOPPED, Outcome::Done(InstanceState::Running));
    let effects = state.handle(Message::PowerEnded { number });

    assert!(matches!(effects.as_slice(), [Effect::Survey { .. }]), "{effects:?}");
}

#[test]
fn a_read_only_dashboard_starts_and_stops_nothing() {
    let mut state = listed_in(blank_with(Settings { read_only: true, ..Settings::default() }));
    for action in [Action::Start, Action::Stop, Action::Reboot] {
        assert_eq!(state.act(action), []);
        assert!(state.overlays.is_empty() && state.world.toast.take().is_some(), "{action:?}");
    }
    go_to(&mut state, STOPPED);
    press(&mut state, &["c"]);
    assert!(text(&mut state, WIDE).contains("the instance is stopped"), "{}", shown(&mut state, WIDE));
}
