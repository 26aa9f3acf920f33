//! Rows in groups.

use super::world::{answer_message, blank, company, enter, lines, listed, opened, picture, place, plain, press, shown};
use crate::model::{Answer, Generation, Instance, Place};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::rows::Shown;
use crate::tui::state::State;

/// The company in three teams, and one instance in none.
fn teams() -> Vec<Instance> {
    let mut rows = company();
    for (at, row) in rows.iter_mut().enumerate() {
        let team = ["payments", "Shop", "data"][at % 3];
        row.tags.insert("team".into(), team.into());
    }
    let last = rows.last_mut().unwrap();
    last.tags.retain(|key, _| key.raw() != "team");
    rows
}

/// In groups by team.
fn grouped() -> State {
    let mut state = blank();
    let generation = opened(&mut state);
    state.handle(answer_message(generation, Answer::Page(teams())));
    state.handle(answer_message(generation, Answer::SsmListed));
    state.handle(answer_message(generation, Answer::Listed));
    group_by(&mut state, "tag team");
    state
}

fn group_by(state: &mut State, wanted: &str) {
    press(state, &["v", "g"]);
    for _ in 0..20 {
        if shown(state, (80, 24)).contains(&format!("> {wanted} ")) {
            press(state, &["Enter"]);
            return;
        }
        press(state, &["j"]);
    }
    panic!("{wanted} is not offered: {}", shown(state, (80, 24)));
}

/// What stands in the table: heads with their counts, and the names of rows.
fn table(state: &State) -> Vec<String> {
    let line = |line| match line {
        Shown::Head(group) => {
            format!("{}{} {}/{}", if group.is_folded { '+' } else { '-' }, group.name, group.shown, group.total)
        }
        Shown::Row(line) => line.instance.id.as_str()[..6].to_owned(),
    };
    state.world.rows.shown_from(0).map(line).collect()
}

fn heads(state: &State) -> Vec<String> {
    table(state).into_iter().filter(|line| line.starts_with(['+', '-'])).collect()
}

#[test]
fn rows_stand_under_the_head_of_their_group_and_those_without_one_come_last() {
    let mut state = grouped();

    assert_eq!(heads(&state), ["-data 3/3", "-payments 4/4", "-Shop 4/4", "- 1/1"]);
    assert_eq!(table(&state).len(), 16);
    assert_eq!(state.world.rows.count(), 12);
    let names: Vec<_> =
        state.world.rows.visible().take(3).map(|line| line.instance.tags.get("team").unwrap().raw().to_owned()).collect();
    assert_eq!(names, ["data"; 3]);
    insta::assert_snapshot!("groups_120x32", shown(&mut state, (120, 32)));
    press(&mut state, &["v", "g", "Enter"]);
    assert_eq!(heads(&state), [""; 0]);
}

#[test]
fn a_group_folds_and_unfolds_and_the_cursor_stays_with_it() {
    let mut state = grouped();
    press(&mut state, &["g", "j", "j"]);
    assert!(state.world.current().is_some());

    press(&mut state, &["h"]);
    assert_eq!(heads(&state)[0], "+data 3/3");
    assert_eq!((state.world.rows.at(), table(&state).len(), state.world.rows.count()), (0, 13, 12));
    assert!(state.world.current().is_none() && state.world.rows.current_head().is_some());
    press(&mut state, &["Enter"]);
    assert_eq!(heads(&state)[0], "-data 3/3");
    press(&mut state, &["h", "l", "l"]);
    assert_eq!(state.world.rows.at(), 1, "unfolded, then into it");
    assert!(state.overlays.is_empty());
    press(&mut state, &["l"]);
    assert_eq!(state.overlays.len(), 1, "into the row");
}

#[test]
fn filter_sort_selection_and_favourites_work_in_groups() {
    let mut state = grouped();
    press(&mut state, &["g", "Space"]);
    assert_eq!(state.world.rows.marked_count(), 3, "the whole group");
    press(&mut state, &["h", "/"]);
    enter(&mut state, "state:running");
    press(&mut state, &["Enter"]);
    assert!(heads(&state).iter().all(|head| !head.contains(" 0/")), "{:?}", heads(&state));
    assert_eq!(state.world.rows.visible().count() + 3 - hidden(&state), state.world.rows.count());
    press(&mut state, &["Esc", "S", "G", "k", "k", "f"]);
    let favourite = state.world.current().unwrap().instance.id.clone();
    let at = state.world.rows.at();
    assert_eq!(heads(&state).len(), 4);
    assert!(matches!(state.world.rows.shown_from(at - 1).next(), Some(Shown::Head(_))), "first of its group");
    assert_eq!(state.world.current().unwrap().instance.id, favourite);
}

/// Rows of the first group that the filter takes away.
fn hidden(state: &State) -> usize {
    match state.world.rows.shown_from(0).next() {
        Some(Shown::Head(group)) => group.total - group.shown,
        _ => 0,
    }
}

#[test]
fn a_refresh_moves_what_has_changed_and_leaves_what_is_folded() {
    let mut state = grouped();
    press(&mut state, &["g", "h", "G"]);
    let cursor = state.world.current().unwrap().instance.id.clone();
    let effects = state.refresh_by_itself();
    let Some(Effect::Survey { generation, .. }) = effects.first() else { panic!("{effects:?}") };
    let mut rows = teams();
    rows.remove(0);
    rows[0].tags.insert("team".into(), "data".into());
    rows[1].tags.insert("team".into(), "new".into());

    state.handle(answer_message(*generation, Answer::Page(rows)));
    state.handle(answer_message(*generation, Answer::Listed));

    assert_eq!(heads(&state), ["+data 3/3", "-new 1/1", "-payments 3/3", "-Shop 3/3", "- 1/1"]);
    assert_eq!(state.world.current().unwrap().instance.id, cursor);
    assert_eq!(state.world.rows.count(), 11);
    assert_eq!(table(&state).len(), 5 + 8);
}

#[test]
fn a_group_named_to_harm_is_harmless_and_every_line_is_whole() {
    let mut rows = teams();
    for row in &mut rows {
        row.tags.insert("team".into(), "a\u{1b}[2J\u{202e}결제".into());
    }
    let mut state = blank();
    let generation = opened(&mut state);
    state.handle(answer_message(generation, Answer::Page(rows)));
    group_by(&mut state, "tag team");

    for size in [(120, 32), (80, 24), (60, 15), (40, 8)] {
        let lines = lines(&picture(&mut state, size, &plain()));
        assert!(lines.iter().any(|line| line.contains("▾ a·[2J·결제")), "{lines:?}");
    }
}

#[test]
fn the_columns_of_aws_make_groups_too() {
    for name in ["VPC", "AZ", "ACCOUNT", "REGION"] {
        let mut state = listed();
        group_by(&mut state, name);
        assert_eq!(heads(&state).len(), 1, "{name}: {:?}", heads(&state));
    }
}

#[test]
fn the_list_is_found_as_it_was_after_another_region() {
    let mut state = grouped();
    press(&mut state, &["s"]);
    enter_sort(&mut state);
    press(&mut state, &["g", "h"]);
    let before = table(&state);
    assert_eq!(heads(&state)[0], "+data 3/3");

    let elsewhere = switch(&mut state, "virginia");
    assert!(table(&state).is_empty(), "{:?}", table(&state));
    state.handle(Message::Surveyed { generation: elsewhere, place: place_in("us-east-1"), result: Ok(()) });
    let here = switch(&mut state, "seoul");
    state.handle(answer_message(here, Answer::Page(teams())));
    state.handle(answer_message(here, Answer::SsmListed));
    state.handle(answer_message(here, Answer::Listed));

    assert_eq!(table(&state), before);
    assert_eq!(state.world.rows.sort().column.name(), "state");
}

/// Sort by the state in the menu that is open.
fn enter_sort(state: &mut State) {
    press(state, &["g", "j", "j", "Enter"]);
}

/// Another region, by a word of its name: the generation of its listing.
fn switch(state: &mut State, word: &str) -> Generation {
    press(state, &["r"]);
    enter(state, word);
    let effects = press(state, &["Enter"]);
    let survey = effects.iter().find_map(|effect| match effect {
        Effect::Survey { generation, .. } => Some(*generation),
        _ => None,
    });
    survey.unwrap_or_else(|| panic!("nothing is listed: {effects:?}"))
}

fn place_in(region: &str) -> Place {
    Place { region: region.parse().unwrap(), ..place() }
}
