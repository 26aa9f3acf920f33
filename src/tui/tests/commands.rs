//! Selected rows, and a command on them: keys go in, effects and pictures come out.

use std::time::Duration;

use super::world::{answer_message, blank_with, dangerous, enter, listed, listed_in, press, shown, text};
use crate::config::Settings;
use crate::fleet::{CommandEnd, CommandId, CommandText, Error, Order, Outcome, Update};
use crate::model::{Answer, Generation};
use crate::tui::effect::Effect;
use crate::tui::message::Message;
use crate::tui::state::State;

const WIDE: (u16, u16) = (120, 32);
const USUAL: (u16, u16) = (80, 24);
const WEB_1: &str = "i-0123456789abcdef0";
const WEB_2: &str = "i-0fedcba9876543210";

fn marked(state: &State) -> Vec<String> {
    state.world.rows.marked().map(|line| line.instance.id.to_string()).collect()
}

fn go_to(state: &mut State, id: &str) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
}

/// The three that are called `web`, selected, and a command for them.
fn run(state: &mut State) -> (u64, Order) {
    press(state, &["/"]);
    enter(state, "web");
    press(state, &["Enter", "Ctrl-A", "Esc", "x"]);
    enter(state, "uptime");
    let effects = press(state, &["Enter"]);
    let [Effect::RunCommand { number, order }] = effects.as_slice() else { panic!("{effects:?}") };
    (*number, (**order).clone())
}

fn tell(state: &mut State, number: u64, update: Update) {
    assert_eq!(state.handle(Message::Command { number, update }), []);
}

fn ended(id: &str, outcome: Outcome, code: i32, stdout: &str, stderr: &str) -> Update {
    let said = |text: &str| CommandText { text: text.into(), is_cut: false };
    let ending = CommandEnd {
        outcome,
        code: Some(code),
        stdout: said(stdout),
        stderr: said(stderr),
        untold: None,
        lasted: Some(Duration::from_millis(1_234)),
    };
    Update::Ended(id.parse().unwrap(), Box::new(ending))
}

#[test]
fn a_selection_survives_filter_and_refresh_and_escape_takes_it_back_after_the_filter() {
    let mut state = listed();
    go_to(&mut state, WEB_1);
    press(&mut state, &["Space", "/"]);
    enter(&mut state, "bastion");
    press(&mut state, &["Enter"]);
    state.handle(answer_message(Generation(1), Answer::Listed));
    assert_eq!(marked(&state), [WEB_1]);
    assert!(text(&mut state, WIDE).contains("1 selected"));

    press(&mut state, &["Esc"]);
    assert_eq!((state.filter_text.as_str(), marked(&state).len()), ("", 1));
    press(&mut state, &["Esc"]);
    assert_eq!(marked(&state).len(), 0);
}

#[test]
fn space_selects_and_goes_on_all_shown_and_ranges_are_selected_at_once() {
    let mut state = listed();
    press(&mut state, &["g", "Space", "Space", "k", "Space"]);
    assert_eq!(marked(&state).len(), 1, "the second was taken back");

    press(&mut state, &["Ctrl-A"]);
    assert_eq!(marked(&state).len(), state.world.rows.count());
    press(&mut state, &["Ctrl-A"]);
    assert_eq!(marked(&state).len(), 0);

    press(&mut state, &["g", "V", "j", "j", "V"]);
    assert_eq!(marked(&state).len(), 3);
}

#[test]
fn a_command_runs_on_the_selected_rows_or_on_the_one_under_the_cursor() {
    let mut state = listed();
    let (_, order) = run(&mut state);
    let ids: Vec<&str> = order.targets.iter().map(|row| row.id.as_str()).collect();
    assert_eq!((ids, order.script.as_str()), (vec![WEB_1, WEB_2, "i-0aa11bb22cc33dd44"], "uptime"));
    assert_eq!(state.overlays.len(), 1, "the results");

    let mut state = listed();
    go_to(&mut state, WEB_2);
    assert_eq!(press(&mut state, &["x", "Enter"]), [], "nothing was typed");
    enter(&mut state, "q x");
    let effects = press(&mut state, &["Enter"]);
    let [Effect::RunCommand { order, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((order.targets.len(), order.targets[0].id.as_str(), order.script.as_str()), (1, WEB_2, "q x"));
}

#[test]
fn a_dangerous_account_is_asked_for_and_a_read_only_dashboard_runs_nothing() {
    let mut state = dangerous();
    go_to(&mut state, WEB_1);
    press(&mut state, &["x"]);
    enter(&mut state, "reboot");
    assert_eq!(press(&mut state, &["Enter"]), []);
    insta::assert_snapshot!("command_confirm", shown(&mut state, USUAL));
    assert_eq!(press(&mut state, &["Enter"]), [], "Enter is no yes");
    assert!(matches!(press(&mut state, &["Enter", "y"]).as_slice(), [Effect::RunCommand { .. }]));

    let mut state = listed_in(blank_with(Settings { read_only: true, ..Settings::default() }));
    press(&mut state, &["x"]);
    assert!(state.overlays.is_empty() && state.world.toast.is_some());
}

#[test]
fn results_are_shown_as_they_come() {
    let mut state = listed();
    let mut before = listed();
    press(&mut before, &["/"]);
    enter(&mut before, "web");
    press(&mut before, &["Enter", "Ctrl-A", "x"]);
    enter(&mut before, "uptime");
    insta::assert_snapshot!("command_line", shown(&mut before, USUAL));

    let (number, _) = run(&mut state);
    tell(&mut state, number, Update::Running(WEB_1.parse().unwrap()));
    tell(&mut state, number, ended(WEB_2, Outcome::Failed, 3, "out\n", "\nno such file\n"));
    tell(&mut state, number + 1, ended(WEB_1, Outcome::Success, 0, "of another run", ""));
    insta::assert_snapshot!("results_80x24", shown(&mut state, USUAL));
    tell(&mut state, number, ended(WEB_1, Outcome::Success, 0, "10:00 up 3 days\tload 0.1\n", ""));
    state.handle(Message::CommandEnded { number });
    insta::assert_snapshot!("results_120x32", shown(&mut state, WIDE));
    press(&mut state, &["g", "Enter"]);
    insta::assert_snapshot!("command_output", shown(&mut state, USUAL));

    press(&mut state, &["Esc", "Esc"]);
    assert!(state.overlays.is_empty());
    press(&mut state, &["x", "Tab"]);
    assert!(text(&mut state, USUAL).contains("no such file"), "the last results are found again");
}

#[test]
fn ctrl_c_cancels_in_the_account_once_and_quitting_asks_first() {
    let mut state = listed();
    let (number, _) = run(&mut state);

    assert_eq!(press(&mut state, &["Ctrl-C"]), [Effect::StopCommand]);
    state.set_now("2026-11-21T10:01:00Z".parse().unwrap());
    assert_eq!(press(&mut state, &["Ctrl-C"]), []);
    press(&mut state, &["Esc"]);
    assert_eq!(press(&mut state, &["q"]), []);
    assert!(text(&mut state, USUAL).contains("A command is running"));
    assert_eq!(press(&mut state, &["n"]), []);
    press(&mut state, &["x"]);
    assert!(text(&mut state, USUAL).contains("cancelling"), "x shows what runs");
    press(&mut state, &["Esc"]);
    assert_eq!(press(&mut state, &["q", "y"]), [Effect::Quit]);

    state.handle(Message::CommandEnded { number });
    assert_eq!(press(&mut state, &["q"]), [Effect::Quit]);
}

#[test]
fn hostile_output_changes_nothing_but_its_own_cell() {
    let screen = |output: &str| {
        let mut state = listed();
        let (number, _) = run(&mut state);
        tell(&mut state, number, ended(WEB_1, Outcome::Success, 0, output, ""));
        let table = shown(&mut state, USUAL);
        press(&mut state, &["Enter", "G", "k"]);
        (table, shown(&mut state, USUAL))
    };
    let (tame, _) = screen("x");

    let long = "y".repeat(1_000_000);
    for hostile in ["\u{1b}]52;c;Y3Vy\u{7}\u{1b}[2J\r\n\u{9b}K", "\u{202e}\u{2066}x\u{0}", &"가".repeat(24_000), &long] {
        let (table, output) = screen(hostile);

        assert!(!table.chars().chain(output.chars()).any(|c| c.is_control() && c != '\n'));
        let others = |table: &str| table.lines().filter(|line| !line.contains("web-1 ")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(others(&table), others(&tame));
    }
}

#[test]
fn ctrl_c_twice_asks_before_it_leaves_a_command_behind() {
    let mut state = listed();
    let (number, _) = run(&mut state);

    assert_eq!(press(&mut state, &["Ctrl-C", "Ctrl-C"]), [Effect::StopCommand]);
    assert!(text(&mut state, USUAL).contains("A command is running"));
    let overlays = state.overlays.len();
    assert_eq!(press(&mut state, &["Ctrl-C", "Ctrl-C"]), []);
    assert_eq!(state.overlays.len(), overlays, "it is asked once");
    assert_eq!(press(&mut state, &["n", "Esc"]), []);

    state.handle(Message::CommandEnded { number });
    assert_eq!(press(&mut state, &["Ctrl-C", "Ctrl-C"]), [Effect::Quit]);
}

#[test]
fn a_refused_cancelling_is_told_with_the_permission_and_can_be_asked_for_again() {
    let mut state = listed();
    let (number, _) = run(&mut state);
    press(&mut state, &["Ctrl-C"]);
    let command = a_command();
    let error = Error::Denied { action: "ssm:CancelCommand", message: "no".into() };

    tell(&mut state, number, Update::NotCancelled { command, error });

    let picture = text(&mut state, WIDE);
    assert!(picture.contains("not cancelled") && picture.contains("ssm:CancelCommand"), "{picture}");
    state.set_now("2026-11-21T10:01:00Z".parse().unwrap());
    assert_eq!(press(&mut state, &["Ctrl-C"]), [Effect::StopCommand]);
    tell(&mut state, number, Update::Cancelling);
    assert!(!text(&mut state, WIDE).contains("not cancelled:"), "{}", text(&mut state, WIDE));
}

#[test]
fn what_has_not_ended_shows_how_far_it_is() {
    let mut state = listed();
    let (number, _) = run(&mut state);
    tell(&mut state, number, Update::Running(WEB_1.parse().unwrap()));

    press(&mut state, &["g", "Enter"]);

    let picture = text(&mut state, USUAL);
    assert!(!picture.contains("Nothing was said"), "{picture}");
    assert!(picture.matches("running").count() >= 2, "{picture}");
}

#[test]
fn a_pasted_command_is_run_whole_or_not_at_all() {
    let whole = format!("echo {}", "x".repeat(4_000));
    let mut state = listed();
    go_to(&mut state, WEB_1);
    press(&mut state, &["x"]);
    state.paste(&whole);
    let effects = press(&mut state, &["Enter"]);
    let [Effect::RunCommand { order, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(order.script, whole);

    for cut in ["rm -rf /tmp/x\u{1b}[2J && echo y".to_owned(), format!("rm -rf /{}", "x".repeat(10_000))] {
        let mut state = listed();
        go_to(&mut state, WEB_1);
        press(&mut state, &["x"]);
        state.paste(&cut);

        assert_eq!(press(&mut state, &["Enter"]), []);
        assert!(text(&mut state, WIDE).contains("it is not run"), "{}", text(&mut state, WIDE));
    }
}

fn a_command() -> CommandId {
    "0123abcd-0123-4567-89ab-0123456789ab".parse().unwrap()
}

#[test]
fn a_pasted_command_keeps_all_its_lines_and_shows_them() {
    let script = "set -e\nif true; then\n\techo 1\nfi";
    let mut state = listed();
    go_to(&mut state, WEB_1);
    press(&mut state, &["x"]);
    state.paste(&format!("{script}\n"));

    let picture = text(&mut state, USUAL);
    assert!(["$ set -e", "if true; then", "    echo 1", "fi", "4 lines"].iter().all(|line| picture.contains(line)), "{picture}");
    let effects = press(&mut state, &["Enter"]);
    let [Effect::RunCommand { order, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(order.script, script);
    assert!(text(&mut state, USUAL).contains("set -e (+3)"), "{}", text(&mut state, USUAL));

    let mut state = dangerous();
    go_to(&mut state, WEB_1);
    press(&mut state, &["x"]);
    state.paste(script);
    press(&mut state, &["Enter"]);
    let picture = text(&mut state, USUAL);
    assert!(["$ set -e", "$ if true; then", "$ fi"].iter().all(|line| picture.contains(line)), "{picture}");
}

#[test]
fn the_title_counts_what_it_will_really_run_on_and_the_others_are_one_key_away() {
    let mut state = listed();
    press(&mut state, &["Ctrl-A", "x"]);
    let rows: Vec<_> = state.world.rows.marked().map(|line| line.instance.clone()).collect();
    let others: Vec<_> = rows.iter().filter(|row| crate::fleet::unsent(row).is_some()).collect();
    assert!(others.len() > 1 && others.len() < rows.len());

    let title = format!("Run on {} of {}", rows.len() - others.len(), rows.len());
    assert!(text(&mut state, WIDE).contains(&title), "{}", text(&mut state, WIDE));
    press(&mut state, &["Shift-Tab"]);
    let picture = text(&mut state, WIDE);
    assert!(picture.contains(&format!("Not sent to {}", others.len())), "{picture}");
    assert!(others.iter().all(|row| picture.contains(row.id.as_str())), "{picture}");

    let mut state = listed();
    go_to(&mut state, others[0].id.as_str());
    press(&mut state, &["x"]);
    enter(&mut state, "uptime");
    assert_eq!(press(&mut state, &["Enter"]), [], "it would run nowhere");
}

#[test]
fn what_went_wrong_comes_first_and_the_counts_add_up() {
    let mut state = listed();
    let (number, _) = run(&mut state);
    tell(&mut state, number, ended(WEB_1, Outcome::Success, 0, "fine\n", ""));
    tell(&mut state, number, ended(WEB_2, Outcome::Failed, 3, "", "no such file\n"));
    let unsent = CommandEnd::without_running(Outcome::Unsent(crate::fleet::Unsent::Stopped));
    tell(&mut state, number, Update::Ended("i-0aa11bb22cc33dd44".parse().unwrap(), Box::new(unsent)));
    state.handle(Message::CommandEnded { number });

    let picture = text(&mut state, WIDE);
    let at = |word: &str| picture.find(word).unwrap_or_else(|| panic!("{word} in\n{picture}"));
    assert!(at("web-2 ") < at("web-1 ") && at("web-1 ") < at("web-10 "), "{picture}");
    assert!(picture.contains("1 of 2 done · 1 of 2 failed · 1 not sent"), "{picture}");
}

#[test]
fn results_are_narrowed_copied_and_written() {
    let mut state = listed();
    let (number, _) = run(&mut state);
    tell(&mut state, number, ended(WEB_1, Outcome::Success, 0, "fine\u{1b}[2J\n", "a warning\n"));
    tell(&mut state, number, ended(WEB_2, Outcome::Failed, 3, "", "No such file\n"));

    press(&mut state, &["/"]);
    enter(&mut state, "such FILE");
    let picture = text(&mut state, WIDE);
    assert!(picture.contains("web-2 ") && !picture.contains("web-1 "), "{picture}");
    press(&mut state, &["Enter", "Esc"]);
    assert!(text(&mut state, WIDE).contains("web-1 "));

    press(&mut state, &["G", "k"]);
    press(&mut state, &["G", "Enter"]);
    let picture = text(&mut state, WIDE);
    assert!(picture.contains("stdout") && picture.contains("stderr") && picture.contains("a warning"), "{picture}");
    let expected = format!("# web-1 ({WEB_1})  done 0\n## stdout\nfine·[2J\n## stderr\na warning\n");
    assert_eq!(press(&mut state, &["y", "Esc"]), [Effect::Copy { text: expected.clone() }]);
    let effects = press(&mut state, &["Y"]);
    let [Effect::Copy { text: all }] = effects.as_slice() else { panic!("{effects:?}") };
    assert!(all.contains(&expected) && all.starts_with(&format!("# web-2 ({WEB_2})  failed 3\n")), "{all}");

    press(&mut state, &["w", "Ctrl-U"]);
    enter(&mut state, "~/out.txt");
    let effects = press(&mut state, &["Enter"]);
    let [Effect::Write { path, text: written }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((path.as_str(), written.as_str()), ("~/out.txt", format!("# $ uptime\n{all}").as_str()));
    state.handle(Message::Written { path: "out.txt".to_owned(), result: Err("it is there already".to_owned()) });
    assert!(text(&mut state, WIDE).contains("Not written: out.txt: it is there already"));
}

#[test]
fn up_brings_back_earlier_commands_and_no_file_remembers_them() {
    let mut state = listed();
    let (number, _) = run(&mut state);
    state.handle(Message::CommandEnded { number });
    press(&mut state, &["Esc", "x"]);
    assert_eq!(press(&mut state, &["Up", "Up"]), []);
    let effects = press(&mut state, &["Enter"]);

    let [Effect::RunCommand { order, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(order.script, "uptime");
}
