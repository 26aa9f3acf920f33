//! Fixes on the doctor's page: digits and yes go in, effects and the page come out.

use super::world::{blank_with, listed, listed_in, now, press, text};
use crate::config::Settings;
use crate::fixes::FixId;
use crate::model::{Instance, InstanceState};
use crate::tui::effect::Effect;
use crate::tui::mend_run::{MendStage, MendUpdate};
use crate::tui::message::Message;
use crate::tui::state::State;

const WIDE: (u16, u16) = (120, 32);
const STOPPED: &str = "i-0dd8f0011c2b3a495";

/// The page of an instance that is stopped.
fn page(mut state: State) -> (State, Instance) {
    state.world.rows.go_to_instance(&STOPPED.parse().unwrap());
    press(&mut state, &["d"]);
    let instance = (**state.world.inventory.row(&STOPPED.parse().unwrap()).unwrap()).clone();
    assert_eq!(instance.state, InstanceState::Stopped);
    state.handle(Message::Examined { number: 1, told: Some((Box::new(instance.clone()), now())) });
    (state, instance)
}

/// What a line says is to be pressed.
fn digit_before(screen: &str, words: &str) -> String {
    let (before, _) = screen.split_once(words).unwrap_or_else(|| panic!("{words}: {screen}"));
    before.chars().last().filter(char::is_ascii_digit).map(String::from).unwrap_or_else(|| panic!("{words}: {screen}"))
}

#[test]
fn a_digit_shows_a_fix_a_yes_carries_it_out_and_the_page_turns_green() {
    let (mut state, instance) = page(listed());
    let screen = text(&mut state, WIDE);
    assert!(screen.contains("1 mends it: start batch-worker-1"), "{screen}");

    press(&mut state, &["1"]);

    let screen = text(&mut state, WIDE);
    for part in ["1 ec2:StartInstances i-0dd8f0011c2b3a495", "aws ec2 start-instances", "aws ec2 stop-instances", "paid for"] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    let copied = press(&mut state, &["y"]);
    assert!(matches!(&copied[..], [Effect::Copy { text }] if text.starts_with("aws ec2 start-instances")), "{copied:?}");
    assert!(press(&mut state, &["Enter"]).is_empty(), "a question comes first");
    assert!(press(&mut state, &["Enter"]).is_empty(), "and Enter is no yes");
    press(&mut state, &["1", "Enter"]);
    let effects = press(&mut state, &["y"]);

    let [Effect::Mend { number, order }] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((order.fix.id, order.until_exit), (FixId::Start, false));
    let number = *number;
    assert!(!text(&mut state, WIDE).contains("1 mends it"), "not twice at once");
    let told = MendUpdate::Said(Some(7), "done: ec2:StartInstances".to_owned());
    state.handle(Message::Mend { number, update: told });
    let running = Instance { state: InstanceState::Running, ..instance };
    state.handle(Message::Mend { number, update: MendUpdate::Looked(Box::new(running.clone())) });
    state.handle(Message::Mend { number, update: MendUpdate::Stands(MendStage::InForce, "The check is green now.".to_owned()) });
    let screen = text(&mut state, WIDE);
    assert!(screen.contains("The check is green now."), "{screen}");
    let back = digit_before(&screen, " takes it back");
    assert!(!screen.contains("the instance is stopped"), "{screen}");
    // What was asked for before the change tells of what is no more.
    let before = Instance { state: InstanceState::Stopped, ..running };
    state.handle(Message::Examined { number: 1, told: Some((Box::new(before), now())) });
    assert!(!text(&mut state, WIDE).contains("the instance is stopped"));

    press(&mut state, &[&back]);
    assert!(text(&mut state, WIDE).contains("ec2:StopInstances"));
    let effects = press(&mut state, &["y"]);

    assert!(matches!(&effects[..], [Effect::TakeBack { record: 7, .. }]), "{effects:?}");
    let effects =
        state.handle(Message::Mend { number, update: MendUpdate::Stands(MendStage::Gone, "Fix 7 is taken back.".to_owned()) });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Examine { .. })), "{effects:?}");
    assert!(!text(&mut state, WIDE).contains("takes it back"));
}

#[test]
fn read_only_shows_and_copies_and_carries_out_nothing() {
    let settings = Settings { read_only: true, ..Settings::default() };
    let (mut state, _) = page(listed_in(blank_with(settings)));

    press(&mut state, &["1"]);

    assert!(text(&mut state, WIDE).contains("read_only"));
    assert!(matches!(&press(&mut state, &["y"])[..], [Effect::Copy { .. }]));
    let effects = press(&mut state, &["Enter", "y"]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Mend { .. })), "{effects:?}");
}

#[test]
fn what_does_not_come_to_its_end_is_told_and_can_be_taken_back() {
    let (mut state, _) = page(listed());
    press(&mut state, &["1", "Enter"]);
    let effects = press(&mut state, &["y"]);
    let [Effect::Mend { number, .. }] = &effects[..] else { panic!("{effects:?}") };
    let number = *number;
    state.handle(Message::Mend { number, update: MendUpdate::Said(Some(3), String::new()) });

    state.handle(Message::Mend { number, update: MendUpdate::Stands(MendStage::Halted, "the call was denied".to_owned()) });

    let screen = text(&mut state, WIDE);
    assert!(screen.contains("start batch-worker-1: the call was denied"), "{screen}");
    assert!(screen.contains("1 mends it") && screen.contains("2 takes it back"), "{screen}");
}

#[test]
fn the_help_of_the_page_tells_of_its_numbers() {
    let (mut state, _) = page(listed());

    press(&mut state, &["?"]);

    let screen = text(&mut state, WIDE);
    assert!(screen.lines().any(|line| line.contains("1-9") && line.contains("doctor: mend it")), "{screen}");
}
