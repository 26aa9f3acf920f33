//! The mouse.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use jiff::SignedDuration;

use super::world::{listed, now, press, text};
use crate::tui::effect::Effect;
use crate::tui::state::State;

const SIZE: (u16, u16) = (80, 24);

fn point(state: &mut State, kind: MouseEventKind, column: u16, row: u16) -> Vec<Effect> {
    text(state, SIZE);
    state.point(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

/// The company, with the mouse on.
fn with_mouse() -> State {
    let mut state = listed();
    press(&mut state, &["M"]);
    state
}

fn click(state: &mut State, column: u16, row: u16) -> Vec<Effect> {
    point(state, MouseEventKind::Down(MouseButton::Left), column, row)
}

#[test]
fn the_mouse_is_off_until_the_user_wants_it_and_the_bar_says_how_to_select_text() {
    let mut state = listed();
    assert!(!text(&mut state, SIZE).contains("Shift+drag"));

    assert_eq!(press(&mut state, &["M"]), [Effect::UseMouse(true)]);
    let bar = text(&mut state, SIZE);
    assert!(bar.contains("Shift+drag selects text") && bar.contains("? help"), "{bar}");
    assert_eq!(press(&mut state, &["M"]), [Effect::UseMouse(false)]);
}

#[test]
fn a_click_goes_to_its_row_a_second_one_opens_it_and_the_wheel_rolls() {
    let mut state = with_mouse();
    click(&mut state, 10, 5);
    assert_eq!(state.world.rows.at(), 2);

    state.set_now(now() + SignedDuration::from_millis(300));
    click(&mut state, 30, 5);
    assert_eq!(state.overlays.len(), 1, "the ways in");
    press(&mut state, &["Esc"]);

    click(&mut state, 10, 5);
    state.set_now(now() + SignedDuration::from_millis(900));
    click(&mut state, 10, 5);
    assert!(state.overlays.is_empty(), "two clicks, and not one double click");
    point(&mut state, MouseEventKind::ScrollDown, 0, 0);
    assert_eq!(state.world.rows.at(), 5);
    point(&mut state, MouseEventKind::ScrollUp, 0, 0);
    assert_eq!(state.world.rows.at(), 2);
    click(&mut state, 10, 18);
    assert_eq!(state.world.rows.at(), 2, "below the last row");
}

#[test]
fn a_click_on_a_head_sorts_and_one_beside_a_dialog_does_nothing() {
    let mut state = with_mouse();
    click(&mut state, 24, 2);
    assert_eq!(state.world.rows.sort().column.name(), "state");
    click(&mut state, 24, 2);
    assert!(state.world.rows.sort().is_reversed);

    press(&mut state, &["?"]);
    let top = text(&mut state, SIZE);
    click(&mut state, 10, 5);
    assert_eq!(text(&mut state, SIZE), top);
    point(&mut state, MouseEventKind::ScrollDown, 10, 5);
    assert_ne!(text(&mut state, SIZE), top, "the wheel scrolls it");
}

#[test]
fn what_a_session_left_behind_is_no_click_while_the_mouse_is_off() {
    let mut state = listed();

    click(&mut state, 10, 5);
    point(&mut state, MouseEventKind::ScrollDown, 0, 0);

    assert_eq!(state.world.rows.at(), 0);
}
