//! Which columns the table has.

use super::world::{enter, listed, press, shown, text};
use crate::columns::Column;
use crate::config::State as Remembered;
use crate::tui::effect::{Effect, Remembered as Kept};
use crate::tui::state::State;

fn names(state: &State) -> Vec<String> {
    state.world.columns.iter().map(Column::name).collect()
}

#[test]
fn columns_are_chosen_carried_and_remembered() {
    let mut state = listed();

    // The id goes, the state before the name, and the tag env comes.
    let effects = press(&mut state, &["w", "j", "Space", "j", "<", "<", "G", "Space", "Enter"]);

    let expected = ["state", "name", "private_ip", "public_ip", "ssm", "iam", "via"];
    let mut expected: Vec<String> = expected.map(str::to_owned).to_vec();
    expected.push(names(&state).last().unwrap().clone());
    assert!(expected[7].starts_with("tag:"), "{expected:?}");
    assert_eq!(names(&state), expected);
    let [Effect::Remember(Kept::Columns(Some(kept)))] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(*kept, expected);
    let remembered = Remembered { columns: Some(kept.clone()), ..Remembered::default() };
    assert_eq!(remembered.chosen_columns().unwrap(), state.world.columns);

    let effects = press(&mut state, &["w", "R", "Enter"]);
    assert_eq!(effects, [Effect::Remember(Kept::Columns(None))]);
    assert_eq!(state.world.columns, state.world.settings.ui.columns);
}

#[test]
fn escape_leaves_the_columns_and_none_at_all_are_not_taken() {
    let mut state = listed();
    let before = names(&state);

    assert_eq!(press(&mut state, &["w", "Space", "Esc"]), []);
    assert_eq!(names(&state), before);

    press(&mut state, &["w"]);
    for _ in 0..before.len() {
        press(&mut state, &["Space", "j"]);
    }
    assert_eq!(press(&mut state, &["Enter"]), []);
    assert_eq!(state.overlays.len(), 1);
    assert!(shown(&mut state, (80, 24)).contains("Columns"));
}

#[test]
fn a_column_of_a_file_of_old_that_is_no_more_is_left_out() {
    let columns = |names: &[&str]| Remembered {
        columns: Some(names.iter().map(|name| (*name).to_owned()).collect()),
        ..Remembered::default()
    };

    assert_eq!(columns(&["name", "gone", "via"]).chosen_columns(), Some(vec![Column::NAME, Column::VIA]));
    assert_eq!(columns(&["gone"]).chosen_columns(), None);
    assert_eq!(Remembered::default().chosen_columns(), None);
}

#[test]
fn a_chosen_tag_is_shown() {
    let mut state = listed();
    press(&mut state, &[":"]);
    enter(&mut state, "columns");
    press(&mut state, &["Enter", "G", "Space", "Enter"]);

    let screen = text(&mut state, (160, 32));

    let head = state.world.columns.last().unwrap().title(&state.world.text);
    assert!(screen.contains(&head), "{head}: {screen}");
    press(&mut state, &["s", "g", "Enter", "<"]);
    assert_eq!(state.world.rows.sort().column, Column::NAME, "no further to the left");
}
