//! Rows that come first.

use super::world::{answer_message, blank, blank_with, company, enter, listed, listed_in, picture, plain, press, shown, text};
use crate::config::{Favourites, Settings};
use crate::model::Answer;
use crate::tui::effect::{Effect, Remembered};
use crate::tui::state::State;

fn go_to(state: &mut State, id: &str) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
}

fn names(state: &State) -> Vec<String> {
    let name = |line: &crate::tui::rows::Line| line.instance.name().map(crate::model::Untrusted::shown).unwrap_or_default();
    state.world.rows.visible().map(name).collect()
}

#[test]
fn a_favourite_comes_first_under_any_sort_and_is_remembered() {
    let mut state = listed();
    go_to(&mut state, "i-0fedcba9876543210");

    let effects = press(&mut state, &["f"]);

    let [Effect::Remember(Remembered::Favourite { id, favourite: Some(favourite) })] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((id.as_str(), favourite.name.as_deref()), ("i-0fedcba9876543210", Some("web-2")));
    assert_eq!((favourite.region.as_str(), favourite.profile.as_deref()), ("ap-northeast-2", Some("prod-admin")));
    assert_eq!(state.world.current().unwrap().instance.id, *id, "the cursor goes with it");
    for keys in [&["S"][..], &[">"], &[">"], &["S"]] {
        press(&mut state, keys);
        assert_eq!(names(&state)[0], "web-2", "{:?}", state.world.rows.sort());
    }

    let effects = press(&mut state, &["f"]);

    assert_eq!(effects, [Effect::Remember(Remembered::Favourite { id: id.clone(), favourite: None })]);
    press(&mut state, &["s", "g", "Enter"]);
    assert_ne!(names(&state)[0], "web-2");
}

#[test]
fn only_favourites_are_shown_until_escape() {
    let mut state = listed();
    go_to(&mut state, "i-0fedcba9876543210");
    press(&mut state, &["f", "F", "/"]);
    assert_eq!(names(&state), ["web-2"]);
    enter(&mut state, "db");
    assert_eq!(names(&state), [""; 0]);

    press(&mut state, &["Enter", "Esc"]);
    assert_eq!(names(&state), ["web-2"], "first the filter");
    press(&mut state, &["Esc"]);
    assert_eq!(state.world.rows.count(), 12);

    press(&mut state, &["f", "F"]);
    let said = shown(&mut state, (80, 24));
    assert!(said.contains("None of your favourites is among the 12 instances here."), "{said}");
    assert!(said.contains("F shows all instances."), "{said}");
}

#[test]
fn a_favourite_of_the_file_is_told_to_be_one_of_the_file() {
    let mut state = blank_with(Settings { favourites: vec!["web-1".to_owned()], ..Settings::default() });
    let named = state.world.settings.favourites.clone();
    state.world.rows.set_favourites(Favourites::new([], &named));
    let mut state = listed_in(state);
    assert_eq!(names(&state)[0], "web-1");
    go_to(&mut state, "i-0123456789abcdef0");

    assert_eq!(press(&mut state, &["f"]), []);

    assert!(
        text(&mut state, (120, 32)).contains("web-1 (i-0123456789abcdef0) is a favourite of config.toml: take it out there.")
    );
}

#[test]
fn a_favourite_that_is_listed_later_comes_first_too_and_its_mark_stands_beside_the_others() {
    let mut state = blank();
    state.world.rows.set_favourites(Favourites::new(["i-0fedcba9876543210"], &[]));
    let generation = super::world::opened(&mut state);
    state.handle(answer_message(generation, Answer::Page(company())));
    go_to(&mut state, "i-0fedcba9876543210");

    press(&mut state, &["Space", "k"]);

    assert_eq!(names(&state)[0], "web-2");
    let lines = super::world::lines(&picture(&mut state, (80, 24), &plain()));
    assert!(lines[3].starts_with(" >*★web-2 "), "{}", lines[3]);
    press(&mut state, &["j", "f"]);
    assert!(shown(&mut state, (80, 24)).contains("\n >★ a·"), "{}", shown(&mut state, (80, 24)));
}
