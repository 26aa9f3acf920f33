//! Commands of the user's own: keys go in, effects come out.

use super::world::{blank_with, listed_in, press, shown};
use crate::config::{Settings, parse};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::own_run::{OwnEnd, OwnOrder};
use crate::tui::state::State;

const USUAL: (u16, u16) = (80, 24);
const WEB_1: &str = "i-0123456789abcdef0";
const WEB_2: &str = "i-0fedcba9876543210";

fn with(more: &str) -> State {
    let source =
        format!("[[command]]\nname = \"look\"\nkey = \"Ctrl-E\"\nrun = [\"look\", \"{{id}}\", \"at={{public_ip}}\"]\n{more}");
    let settings: Settings = parse(&source, None).unwrap().settings;
    listed_in(blank_with(settings))
}

fn go_to(state: &mut State, id: &str) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
}

fn order(effects: &[Effect]) -> OwnOrder {
    let [Effect::RunOwn { order }] = effects else { panic!("{effects:?}") };
    (**order).clone()
}

#[test]
fn it_runs_once_for_each_selected_row_with_the_values_of_that_row() {
    let mut state = with("where = \"selected\"\nterminal = false\n");
    go_to(&mut state, WEB_1);
    press(&mut state, &["Space"]);
    go_to(&mut state, WEB_2);
    press(&mut state, &["Space"]);

    let order = order(&press(&mut state, &["Ctrl-E"]));

    let arguments: Vec<Vec<&str>> =
        order.runs.iter().map(|run| run.arguments.iter().map(|own| own.to_str().unwrap()).collect()).collect();
    assert_eq!(arguments, [["look", WEB_1, "at=3.36.112.8"], ["look", WEB_2, "at=3.36.112.9"]]);
    assert_eq!((order.has_terminal, order.with_credentials), (false, false));
}

#[test]
fn it_runs_on_the_row_under_the_cursor_whatever_is_selected_unless_it_is_for_the_selected() {
    let mut state = with("");
    go_to(&mut state, WEB_1);
    press(&mut state, &["Space"]);
    go_to(&mut state, WEB_2);

    let order = order(&press(&mut state, &["Ctrl-E"]));

    assert_eq!(order.runs.iter().map(|run| run.arguments[1].to_str().unwrap()).collect::<Vec<_>>(), [WEB_2]);
    assert!(order.has_terminal);
}

#[test]
fn a_value_that_is_not_known_keeps_all_of_them_from_running() {
    let mut state = with("where = \"selected\"\n");
    go_to(&mut state, WEB_1);
    press(&mut state, &["Space"]);
    go_to(&mut state, "i-0a9912cd34ef56ab7");
    press(&mut state, &["Space"]);
    go_to(&mut state, "i-07be1177aa09c3d45");
    press(&mut state, &["Space"]);

    assert_eq!(press(&mut state, &["Ctrl-E"]), []);

    assert!(shown(&mut state, USUAL).contains("look was not run: no public_ip of"), "{}", shown(&mut state, USUAL));
}

#[test]
fn its_end_is_one_line_and_a_failure_is_kept() {
    let mut state = with("");
    let mut end = |result| {
        let end = OwnEnd { name: "look".to_owned(), shown: "web-1".to_owned(), result };
        state.handle(Message::OwnEnded(end));
        shown(&mut state, USUAL)
    };

    assert!(end(Ok((0, "all is well".to_owned()))).contains("look on web-1 ended: all is well"));
    assert!(end(Ok((3, "no such thing".to_owned()))).contains("look on web-1 ended with exit code 3: no such thing"));
    assert!(end(Err("no such file".to_owned())).contains("look on web-1 did not run: no such file"));
    assert_eq!(state.world.problems.len(), 2);
}

#[test]
fn its_key_does_nothing_in_a_dialog_and_a_read_only_dashboard_runs_it_all_the_same() {
    let mut state = with("");
    state.world.settings.read_only = true;
    press(&mut state, &["i"]);
    assert_eq!(press(&mut state, &["Ctrl-E"]), []);
    press(&mut state, &["Esc"]);

    assert!(matches!(press(&mut state, &["Ctrl-E"]).as_slice(), [Effect::RunOwn { .. }]));
}

#[test]
fn m_lends_the_terminal_to_the_panes_of_the_row_under_the_cursor_with_its_credentials() {
    let mut state = with("");
    go_to(&mut state, WEB_2);

    let files = order(&press(&mut state, &["m"]));

    let [run] = files.runs.as_slice() else { panic!("{files:?}") };
    let words: Vec<&str> = run.arguments.iter().map(|own| own.to_str().unwrap()).collect();
    assert_eq!(words, ["ec2dash", "--region", "ap-northeast-2", "files", "--", WEB_2]);
    assert_eq!((files.has_terminal, files.with_credentials), (true, true));

    state.world.settings.read_only = true;
    let files = order(&press(&mut state, &["m"]));
    assert!(files.runs[0].arguments.contains(&"--read-only".into()));
}
