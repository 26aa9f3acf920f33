//! Commands by their names.

use strum::IntoEnumIterator;

use super::world::{enter, listed, picture, plain, press, shown, text};
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Remembered};
use crate::tui::state::State;

/// The entry that is chosen.
fn chosen(state: &mut State) -> String {
    let screen = shown(state, (80, 24));
    let line = screen.lines().find_map(|line| line.split_once("│ > ")).map(|(_, rest)| rest.to_owned());
    line.unwrap_or_default().trim_end_matches(['│', '┃', ' ']).trim_end().to_owned()
}

fn type_in(state: &mut State, typed: &str) {
    press(state, &[":"]);
    enter(state, typed);
}

#[test]
fn a_few_letters_find_a_command_and_enter_does_it() {
    let mut state = listed();
    type_in(&mut state, "revsort");
    assert!(chosen(&mut state).starts_with("reverse-sort: reverse the order"), "{}", shown(&mut state, (120, 32)));

    let kept = press(&mut state, &["Enter"]);

    assert_eq!(kept, [Effect::Remember(Remembered::Recent("reverse-sort".to_owned()))]);
    assert!(state.overlays.is_empty() && state.world.rows.sort().is_reversed);
    press(&mut state, &["Ctrl-P"]);
    assert!(chosen(&mut state).starts_with("reverse-sort"), "what was done last comes first: {}", chosen(&mut state));
}

#[test]
fn every_key_of_the_table_is_found_by_the_name_of_its_command_with_its_key() {
    let mut state = listed();
    for action in Action::iter().filter(|action| action.is_of_table()) {
        type_in(&mut state, action.name());
        let found = chosen(&mut state);
        assert!(found.starts_with(action.name()), "{}: {found}", action.name());
        assert!(found.ends_with(&state.world.keymap.hint(action)), "{}: {found}", action.name());
        press(&mut state, &["Esc"]);
    }
    type_in(&mut state, "copy-id");
    assert!(chosen(&mut state).ends_with("y i"), "{}", chosen(&mut state));
    assert_eq!(press(&mut state, &["Enter"])[1..], press(&mut listed(), &["y", "i"]));
}

#[test]
fn columns_themes_and_instances_are_among_the_commands() {
    let mut state = listed();
    type_in(&mut state, "sort by type");
    press(&mut state, &["Enter"]);
    assert_eq!(state.world.rows.sort().column.name(), "instance_type");

    type_in(&mut state, "theme light");
    assert_eq!(press(&mut state, &["Enter"])[1..], [Effect::UseTheme("light".to_owned())]);

    press(&mut state, &["/"]);
    enter(&mut state, "bastion");
    press(&mut state, &["Enter"]);
    type_in(&mut state, "결제2");
    press(&mut state, &["Enter"]);
    assert_eq!(state.world.current().unwrap().instance.id.as_str(), "i-07be1177aa09c3d45");
    assert_eq!(state.filter_text, "", "the filter that hid it is gone");
    type_in(&mut state, "0123456789ab");
    press(&mut state, &["Enter"]);
    assert_eq!(state.world.current().unwrap().instance.id.as_str(), "i-0123456789abcdef0");
}

#[test]
fn tab_completes_and_a_name_of_an_instance_does_nothing_to_the_screen() {
    let mut state = listed();
    type_in(&mut state, "onlyfav");
    press(&mut state, &["Tab"]);
    assert!(text(&mut state, (80, 24)).contains(": only-favourites "));
    press(&mut state, &["Enter"]);
    assert!(state.world.rows.shows_only_favourites());

    let mut state = listed();
    type_in(&mut state, "c;Y3Vy");
    let lines = super::world::lines(&picture(&mut state, (80, 24), &plain()));
    assert!(lines.iter().any(|line| line.contains("a·]52;c;Y3Vy··b·c")), "{lines:?}");
    type_in(&mut state, "zzzzzzzz");
    assert!(text(&mut state, (80, 24)).contains("Nothing is called so."));
    assert_eq!(press(&mut state, &["Enter"]), []);
    assert_eq!(state.overlays.len(), 1);
}

#[test]
fn from_a_page_a_command_of_the_table_goes_to_the_table() {
    let mut state = listed();
    press(&mut state, &["2"]);
    type_in(&mut state, "select-all");

    press(&mut state, &["Enter"]);

    assert!(state.overlays.is_empty());
    assert_eq!(state.world.rows.marked_count(), 12);
}

#[test]
fn a_saved_filter_is_among_the_commands() {
    let filters = [("paying".to_owned(), "team=payments name:web".to_owned())].into();
    let mut state = super::world::listed_in(super::world::blank_with(crate::config::Settings { filters, ..Default::default() }));
    type_in(&mut state, "paying");
    assert!(chosen(&mut state).starts_with("@paying: team=payments name:web"), "{}", chosen(&mut state));

    press(&mut state, &["Enter"]);

    assert_eq!((state.filter_text.as_str(), state.world.rows.count()), ("@paying", 3));
}

#[test]
fn where_not_all_of_a_list_fits_a_mark_says_so() {
    let mut state = listed();
    for keys in [&[":"][..], &["w"][..]] {
        press(&mut state, keys);
        assert!(text(&mut state, (80, 24)).contains('┃'), "{keys:?}");
        press(&mut state, &["Esc"]);
        assert!(!text(&mut state, (80, 24)).contains('┃'), "of the menu, not of the table");
    }
}
