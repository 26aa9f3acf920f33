//! Keys go in, effects come out.

mod connecting;
mod places;

use jiff::Timestamp;

use super::world::{
    answer_message, blank, blank_with, company, dangerous, enter, listed, listed_in, now, opened, place, press, profiles,
    program, text,
};
use crate::access::Method;
use crate::config::Settings;
use crate::model::{Answer, Generation, InstanceId, InstanceState, Place, Region};
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Remembered};
use crate::tui::key::Key;
use crate::tui::message::{Message, Opened, SessionSummary};
use crate::tui::state::State;
use crate::tui::trouble::{Trouble, TroubleKind};
use crate::tui::world::Phase;

fn cursor(state: &State) -> String {
    state.world.current().map(|line| line.instance.id.to_string()).unwrap_or_default()
}

fn go_to(state: &mut State, id: &str) {
    state.world.rows.go_to_instance(&id.parse().unwrap());
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

fn trouble(kind: TroubleKind) -> Trouble {
    Trouble { code: "x", what: "x".into(), why: None, next: None, kind, retry_in: std::time::Duration::from_secs(5) }
}

fn generation_of(effects: &[Effect]) -> Generation {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Survey { generation, .. } | Effect::Open { generation, .. } => Some(*generation),
            _ => None,
        })
        .unwrap()
}

#[test]
fn the_cursor_stays_on_its_instance_through_sorting_filtering_and_a_refresh() {
    let mut state = listed();
    go_to(&mut state, "i-0fedcba9876543210");

    press(&mut state, &["S"]);
    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    press(&mut state, &["/"]);
    enter(&mut state, "web");
    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    press(&mut state, &["Enter", "Esc"]);
    let generation = generation_of(&state.refresh_by_itself());
    let mut rows = company();
    rows.remove(0);
    state.handle(answer_message(generation, Answer::Page(rows)));
    state.handle(answer_message(generation, Answer::Listed));

    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    assert_eq!(state.world.rows.total(), 11);
}

#[test]
fn when_the_instance_under_the_cursor_goes_the_next_one_takes_its_place() {
    let mut state = listed();
    press(&mut state, &["j", "j"]);
    let gone: InstanceId = cursor(&state).parse().unwrap();
    press(&mut state, &["j"]);
    let next = cursor(&state);
    press(&mut state, &["k"]);
    let generation = generation_of(&state.refresh_by_itself());

    state.handle(answer_message(generation, Answer::Page(company().into_iter().filter(|row| row.id != gone).collect())));
    state.handle(answer_message(generation, Answer::Listed));

    assert_eq!(cursor(&state), next);
}

#[test]
fn escape_goes_back_one_step_and_never_quits() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "web");
    press(&mut state, &["Enter", "i"]);

    assert_eq!(press(&mut state, &["Esc"]), []);
    assert!(state.overlays.is_empty());
    assert_eq!(state.filter_text, "web");
    assert_eq!(press(&mut state, &["Esc"]), []);
    assert_eq!(state.filter_text, "");
    assert_eq!(state.world.rows.count(), 12);
    assert_eq!(press(&mut state, &["Esc", "Esc"]), []);
    assert_eq!(press(&mut state, &["q"]), [Effect::Quit]);
}

#[test]
fn q_leaves_a_dialog_and_is_a_letter_in_a_field() {
    let mut state = listed();
    assert_eq!(press(&mut state, &["i", "q"]), []);
    assert!(state.overlays.is_empty());

    press(&mut state, &["/", "q"]);

    assert_eq!(state.filter_text, "q");
}

#[test]
fn ctrl_c_quits_only_twice_within_two_seconds() {
    let mut state = listed();
    assert_eq!(press(&mut state, &["Ctrl-C"]), []);
    state.set_now(later(3));
    assert_eq!(press(&mut state, &["Ctrl-C"]), []);
    state.set_now(later(4));
    assert_eq!(press(&mut state, &["Ctrl-C"]), [Effect::Quit]);

    let mut state = listed();
    assert_eq!(press(&mut state, &["Ctrl-C", "j", "Ctrl-C"]), [], "another key in between");
}

#[test]
fn ctrl_c_stops_what_is_waited_for() {
    let mut state = blank();
    opened(&mut state);

    assert_eq!(press(&mut state, &["Ctrl-C"]), [Effect::StopAsking]);
    assert!(!state.world.is_loading());
}

#[test]
fn a_paste_into_the_table_runs_nothing_and_one_into_the_filter_is_cut() {
    let mut state = listed();
    let before = cursor(&state);

    state.paste(&"jjjq\r".repeat(200_000));
    assert_eq!(cursor(&state), before);
    assert!(state.overlays.is_empty());

    press(&mut state, &["/"]);
    state.paste(&"w\u{1b}".repeat(500_000));
    assert_eq!(state.filter_text, "w".repeat(256));
}

#[test]
fn what_a_paste_does_not_bring_is_told_in_every_field() {
    for keys in [&["/"][..], &["r"], &["t"], &["x"]] {
        let mut state = listed();
        go_to(&mut state, "i-0123456789abcdef0");
        press(&mut state, keys);
        state.paste("80\n");
        assert_eq!(state.world.toast, None, "{keys:?}: one line is all of it");

        state.paste("80\n81\n");

        let told = state.world.toast.map(|toast| toast.text).unwrap_or_default();
        assert!(told.starts_with("Not all of the paste is in"), "{keys:?}: {told}");
    }
}

#[test]
fn a_filter_with_a_wrong_field_filters_nothing_and_is_not_kept() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "stat:x");

    assert_eq!(state.world.rows.count(), 12);
    assert_eq!(state.filter_problem.as_deref(), Some("The filter has no field called stat. Did you mean state?"));
    press(&mut state, &["Enter"]);
    assert_eq!((state.filter_text.as_str(), &state.filter_problem), ("", &None));
}

#[test]
fn what_is_wrong_with_a_filter_is_said_with_what_would_be_right() {
    let filters = [("prod-web".to_owned(), "name:web".to_owned())].into();
    let mut state = listed_in(blank_with(Settings { filters, ..Settings::default() }));
    for (typed, said) in [
        ("state:runing", "state is never \"runing\". Did you mean running?"),
        ("ssm:yes", "ssm is never \"yes\". It is one of: online lost none unknown. The start of a word is enough."),
        ("@prod-wbe", "There is no saved filter @prod-wbe. Did you mean @prod-web?"),
        ("@", "There is no saved filter @. There are: @prod-web"),
        ("web | db", "\"|\" joins words without blanks: web|db"),
    ] {
        press(&mut state, &["/"]);
        enter(&mut state, typed);

        assert_eq!((state.world.rows.count(), state.filter_problem.as_deref()), (state.world.rows.total(), Some(said)));
        press(&mut state, &["Esc"]);
    }
    press(&mut state, &["/"]);
    enter(&mut state, "@prod-web");
    assert!(state.filter_problem.is_none() && state.world.rows.count() < state.world.rows.total());
}

#[test]
fn up_in_the_empty_filter_line_brings_back_earlier_filters() {
    let mut state = listed();
    for filter in ["web", "state:running"] {
        press(&mut state, &["/"]);
        enter(&mut state, filter);
        let kept = press(&mut state, &["Enter"]);
        assert_eq!(kept, [Effect::Remember(Remembered::Filter(filter.to_owned()))]);
        press(&mut state, &["Esc"]);
    }

    press(&mut state, &["/", "Up"]);
    assert_eq!(state.filter_text, "state:running");
    press(&mut state, &["Up", "Up"]);
    assert_eq!((state.filter_text.as_str(), state.world.rows.count() < 12), ("web", true));
    press(&mut state, &["Down"]);
    assert_eq!(state.filter_text, "state:running");
    press(&mut state, &["Down"]);
    assert_eq!((state.filter_text.as_str(), state.world.rows.count()), ("", 12));

    enter(&mut state, "a");
    let at = state.world.rows.at();
    press(&mut state, &["Down"]);
    assert_eq!(
        (state.filter_text.as_str(), state.world.rows.at()),
        ("a", at + 1),
        "in a line that was typed it moves the cursor"
    );
}

#[test]
fn letters_in_their_order_put_the_best_first_until_a_sort_is_asked_for() {
    let mut state = listed();
    let names = |state: &State| -> Vec<String> {
        state.world.rows.visible().map(|line| line.instance.name().unwrap().raw().to_owned()).collect()
    };
    press(&mut state, &["/"]);
    enter(&mut state, "~w1");

    let best_first = names(&state);
    assert!(best_first.first().is_some_and(|name| name == "web-1"), "{best_first:?}");
    assert!(text(&mut state, (120, 32)).contains("best first"));
    press(&mut state, &["Enter", "S", "S"]);
    assert_eq!(names(&state).first().map(String::as_str), Some("batch-worker-1"));
    assert!(!text(&mut state, (120, 32)).contains("best first"));
}

#[test]
fn a_lone_jamo_is_its_key_and_a_syllable_is_told_once() {
    let mut state = listed();
    press(&mut state, &["ㅓ"]);
    assert_eq!(state.world.rows.at(), 1);

    state.press(Key::character('한'));
    assert!(state.world.toast.take().unwrap().text.starts_with("한글 입력"));
    state.press(Key::character('글'));
    assert_eq!(state.world.toast, None);

    press(&mut state, &["/", "ㅓ", "한"]);
    assert_eq!(state.filter_text, "ㅓ한");
}

#[test]
fn a_text_scrolls_to_its_last_page_and_at_once_back() {
    let mut state = listed();
    press(&mut state, &["i", "G"]);
    let at_end = text(&mut state, (80, 24));
    press(&mut state, &["j", "j", "PgDn"]);
    assert_eq!(text(&mut state, (80, 24)), at_end);

    press(&mut state, &["k"]);

    assert_ne!(text(&mut state, (80, 24)), at_end);
}

#[test]
fn copying_says_what_was_copied_and_lets_no_control_character_through() {
    let mut state = listed();
    go_to(&mut state, "i-0dd44ee55ff667788");

    let effects = press(&mut state, &["y", "n"]);

    let [Effect::Copy { text }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(text, "a]52;c;Y3Vybc");
    assert!(state.world.toast.as_ref().unwrap().text.contains("a]52;c;Y3Vybc"));
    assert_eq!(press(&mut state, &["y", "i"]), [Effect::Copy { text: "i-0dd44ee55ff667788".into() }]);
}

#[test]
fn ten_thousand_rows_are_sorted_filtered_and_kept_in_order() {
    let mut state = blank();
    let generation = opened(&mut state);
    let rows: Vec<_> = (0..10_000_u32)
        .map(|number| {
            let mut row = company().swap_remove(4);
            row.id = format!("i-{number:017x}").parse().unwrap();
            row.tags.insert("Name".into(), format!("web-{}", number.wrapping_mul(7919) % 10_000).into());
            row.state = if number % 3 == 0 { InstanceState::Stopped } else { InstanceState::Running };
            row
        })
        .collect();
    for page in rows.chunks(1_000) {
        state.handle(answer_message(generation, Answer::Page(page.to_vec())));
        while state.world.rows_lag {
            state.tick();
        }
    }

    let names: Vec<String> = state.world.rows.visible().take(12).map(|line| line.instance.name().unwrap().shown()).collect();
    assert_eq!(names, (0..12).map(|number| format!("web-{number}")).collect::<Vec<_>>());
    press(&mut state, &["/"]);
    enter(&mut state, "state:stopped");
    assert_eq!(state.world.rows.count(), 3_334);
    press(&mut state, &["Enter", "G"]);
    assert_eq!(state.world.rows.at(), 3_333);
}

#[test]
fn a_thousand_rows_come_in_parts_and_keys_are_taken_in_between() {
    let mut state = blank();
    let generation = opened(&mut state);
    let rows: Vec<_> =
        (0..1000).map(|at| (*crate::model::row(&format!("i-{at:017x}"), &format!("web-{:03}", 999 - at))).clone()).collect();
    let registered = rows.iter().map(|row| (row.id.clone(), crate::model::Ssm::unmanaged())).collect();

    state.handle(answer_message(generation, Answer::Page(rows)));
    let first = state.world.rows.total();
    assert!((1..1000).contains(&first), "{first} at once");
    press(&mut state, &["j"]);
    assert_eq!(state.world.rows.at(), 1);
    while state.world.rows_lag {
        assert_eq!(state.wake(), Some(now()));
        state.tick();
    }
    assert_eq!(state.world.rows.total(), 1000);

    state.handle(answer_message(generation, Answer::Ssm(registered)));
    assert!(state.world.rows_lag);
    assert_eq!(state.world.rows.total(), 1000);
    while state.world.rows_lag {
        state.tick();
    }
    let names: Vec<_> = state.world.rows.visible().map(|line| line.instance.name().unwrap().raw().to_owned()).collect();
    assert!(names.is_sorted());
    assert!(state.world.rows.visible().all(|line| line.instance.ssm.known().is_some()));
}
