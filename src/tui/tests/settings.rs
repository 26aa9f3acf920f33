//! The settings file changes while the dashboard runs.

use super::world::{answered, listed, press, text};
use crate::access::Method;
use crate::columns::Column;
use crate::config::{Loaded, ThemeName, parse};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::state::State;

fn loaded(source: &str) -> Box<Loaded> {
    Box::new(parse(source, None).unwrap())
}

fn save(state: &mut State, source: &str) -> Vec<Effect> {
    let effects = state.handle(Message::Settings(Ok(loaded(source))));
    answered(state, effects)
}

#[test]
fn a_saved_change_holds_at_once() {
    let mut state = listed();
    state.world.rows.go_to_instance(&"i-0fedcba9876543210".parse().unwrap());
    assert_eq!(state.world.current().unwrap().ways.best, Some(Method::Ssm));

    let effects = save(
        &mut state,
        "favourites = [\"web-10\"]\n[ui]\ntheme = \"light\"\ncolumns = [\"name\", \"via\"]\nsort = \"-id\"\n\
         [keys]\nrefresh = [\"z\"]\n[[rule]]\nmatch = { name = \"web-2\" }\nmethod = [\"eic\"]\n",
    );

    assert_eq!(effects, [Effect::TakeLooks, Effect::UseMouse(false)]);
    assert_eq!(state.world.settings.ui.theme, ThemeName::Light);
    assert_eq!(state.world.columns, [Column::NAME, Column::VIA]);
    assert_eq!((state.world.rows.sort().column.name().as_str(), state.world.rows.sort().is_reversed), ("id", true));
    let first = state.world.rows.visible().next().unwrap();
    assert_eq!(first.instance.name().unwrap().raw(), "web-10", "a favourite of the file");
    let current = state.world.current().unwrap();
    assert_eq!(current.instance.id.as_str(), "i-0fedcba9876543210", "the cursor stays");
    assert_eq!(current.ways.best, Some(Method::Eic), "the rule holds");
    assert!(matches!(press(&mut state, &["z"]).last(), Some(Effect::Open { .. })), "the key is bound");
    assert!(!text(&mut state, (120, 32)).contains("R refresh"));
}

#[test]
fn what_was_chosen_in_the_dashboard_stays_while_the_file_says_the_same() {
    let mut state = listed();
    press(&mut state, &["w", "Space", "Enter", "S"]);
    let before = state.world.columns.clone();

    save(&mut state, "refresh = 60\n");

    assert_eq!(state.world.columns, before);
    assert!(state.world.rows.sort().is_reversed);
}

#[test]
fn a_wrong_file_changes_nothing_and_says_its_line() {
    let mut state = listed();
    let before = state.world.settings.clone();

    let problems = parse("[connect]\n\norder = [\"ssn\"]\n", None).unwrap_err();
    let lines = problems.findings.iter().map(|problem| problem.located(&state.world.text)).collect();
    let effects = state.handle(Message::Settings(Err(lines)));

    assert_eq!(effects, []);
    assert_eq!(state.world.settings, before);
    let shown = text(&mut state, (120, 32));
    assert!(shown.contains("config.toml line 3, column 10: ") && shown.contains("Did you mean \"ssm\"?"), "{shown}");
    assert!(shown.contains("Keeping the old settings."), "{shown}");
    press(&mut state, &["!"]);
    assert!(text(&mut state, (120, 32)).contains("10:00:12"));
}

#[test]
fn keys_that_two_commands_want_are_told_with_their_line() {
    let mut state = listed();

    save(&mut state, "[keys]\nconnect = [\"q\"]\n");

    let shown = text(&mut state, (120, 32));
    assert!(shown.contains("config.toml line 2, column 1: "), "{shown}");
    assert_eq!(press(&mut state, &["q"]), [Effect::Quit]);
}
