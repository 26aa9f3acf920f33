//! Keys go in, effects come out.

mod connecting;
mod failing;
mod many;
mod places;

use jiff::Timestamp;

use super::world::{
    answer_message, blank, blank_with, company, dangerous, enter, listed, listed_in, now, opened, place, press, profiles,
    program, text,
};
use crate::access::Method;
use crate::config::Settings;
use crate::model::{Answer, Generation, InstanceId, InstanceState, Place, Region};
use crate::tui::access_run::{AccessOffer, AccessUpdate};
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
    Trouble {
        code: "x",
        what: "x".into(),
        why: None,
        next: None,
        kind,
        device: None,
        retry_in: std::time::Duration::from_secs(5),
    }
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
    for keys in [&["/"][..], &["r"], &["t"]] {
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
fn what_is_selected_is_copied_on_one_line_that_a_shell_would_take() {
    let mut state = listed();
    for name in ["web-1", "web-2", "db-replica"] {
        let id = state.world.rows.visible().find(|line| line.instance.name().is_some_and(|own| own.raw().starts_with(name)));
        let id = id.unwrap().instance.id.to_string();
        go_to(&mut state, &id);
        press(&mut state, &["Space"]);
    }
    let mut copied = |key: &str| match press(&mut state, &["y", key]).as_slice() {
        [Effect::Copy { text }] => text.clone(),
        other => panic!("{other:?}"),
    };

    assert_eq!(copied("n"), "'db-replica (do not touch, ask the data team first)' web-1 web-2");
    assert_eq!(copied("i").split(' ').count(), 3);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&copied("j")).unwrap().as_array().unwrap().len(), 3);
    assert!(copied("s").starts_with("ec2dash connect "), "a command is that of the one under the cursor");
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

/// The name of the column that is sorted by, `-` before it if the order is turned round.
fn sorted(state: &State) -> String {
    let sort = state.world.rows.sort();
    format!("{}{}", if sort.is_reversed { "-" } else { "" }, sort.column.name())
}

#[test]
fn the_sort_moves_to_the_column_beside_the_sorted_one_and_no_further_than_the_screen() {
    let mut state = listed();
    text(&mut state, (80, 24));
    go_to(&mut state, "i-0fedcba9876543210");

    press(&mut state, &["S", ">"]);
    assert_eq!(sorted(&state), "state", "the id has no room at 80 columns, and a new column begins at its start");
    assert_eq!(cursor(&state), "i-0fedcba9876543210");
    press(&mut state, &[">", ">", ">", ">", ">", ">", ">"]);
    assert_eq!(sorted(&state), "via");
    press(&mut state, &["<"]);
    assert_eq!(sorted(&state), "iam");
    press(&mut state, &["<", "<", "<", "<", "<", "<", "<"]);
    assert_eq!(sorted(&state), "name");
}

#[test]
fn from_a_column_that_is_not_shown_the_sort_moves_to_the_edge() {
    for (key, expected) in [(">", "name"), ("<", "via")] {
        let mut state = listed();
        text(&mut state, (120, 32));
        press(&mut state, &["s", "G", "Enter"]);
        let hidden = sorted(&state);

        press(&mut state, &[key]);

        assert_eq!(sorted(&state), expected, "from {hidden}");
    }
}

#[test]
fn what_is_looked_for_in_a_text_is_found_and_gone_to_and_escape_lets_go_of_it() {
    let mut state = listed();
    press(&mut state, &["?", "/"]);
    enter(&mut state, "zebra");
    let none = text(&mut state, (80, 24));
    assert!(none.contains("/zebra  not found"), "{none}");

    press(&mut state, &["Ctrl-U"]);
    enter(&mut state, "page");
    let typed = text(&mut state, (80, 24));
    assert!(typed.contains("/page  1 of "), "{typed}");
    press(&mut state, &["Enter", "n"]);
    assert!(text(&mut state, (80, 24)).contains("/page  2 of "));
    press(&mut state, &["N", "N"]);
    let last = text(&mut state, (80, 24));
    let count = last.split("/page  ").nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(count[0], count[2], "round at the first: {count:?}");

    press(&mut state, &["Esc"]);
    assert_eq!(state.overlays.len(), 1, "first the search");
    press(&mut state, &["Esc"]);
    assert!(state.overlays.is_empty());
}

#[test]
fn every_text_page_can_be_searched_and_letters_are_letters_meanwhile() {
    for keys in [&["i"][..], &["i", "J"], &["!"]] {
        let mut state = listed();
        text(&mut state, (80, 15));
        press(&mut state, keys);
        press(&mut state, &["/"]);
        enter(&mut state, "qJn");
        assert_eq!(state.overlays.len(), 1, "{keys:?}");
        assert!(text(&mut state, (80, 15)).contains("/qJn  not found"), "{keys:?}");
    }
    let mut state = listed();
    text(&mut state, (80, 15));
    press(&mut state, &["i", "/"]);
    enter(&mut state, "payments");
    let found = text(&mut state, (80, 15));
    assert!(found.contains("team=payments") && found.contains("1 of 1"), "{found}");
}

#[test]
fn a_dialog_with_keys_of_its_own_has_help_for_them() {
    let mut state = listed();
    press(&mut state, &["i", "?"]);
    let help = text(&mut state, (80, 24));
    assert!(help.contains("Help: Details") && help.contains("as JSON"), "{help}");
    press(&mut state, &["Esc", "Esc", "G", "Enter", "?"]);
    let help = text(&mut state, (80, 24));
    assert!(help.contains("Help: Ways in") && help.contains("first way in"), "{help}");
}

#[test]
fn the_key_that_closes_a_card_does_nothing_else() {
    for key in ["Esc", "q", "p", "Enter", "R", "/"] {
        let mut state = blank();
        state.begin(true);
        let generation = generation_of(&state.handle(Message::Profiles(Ok(profiles()))));

        let effects = press(&mut state, &[key]);

        assert_eq!(effects, [Effect::Remember(Remembered::FirstRun)], "{key}");
        assert!(state.overlays.is_empty() && state.filter_field.is_none(), "{key}");
        let opened = Opened { profile: place().profile, region: Some(place().region), endpoint: None, needs_no_profile: false };
        let effects = state.handle(Message::Opened { generation, result: Ok(opened) });
        assert!(matches!(effects.as_slice(), [Effect::Survey { .. }]), "{key}: the first load goes on: {effects:?}");
    }
}

#[test]
fn escape_in_an_empty_list_that_is_loading_asks_before_it_stops() {
    let mut state = blank();
    let generation = opened(&mut state);

    assert_eq!(press(&mut state, &["Esc"]), []);
    assert!(text(&mut state, (80, 24)).contains("Stop waiting for AWS?"));
    assert_eq!(press(&mut state, &["Esc"]), []);
    assert!(state.world.is_loading());
    press(&mut state, &["Esc"]);
    assert_eq!(press(&mut state, &["y"]), [Effect::StopAsking]);
    assert!(!state.world.is_loading());

    let mut state = blank();
    opened(&mut state);
    press(&mut state, &["Esc"]);
    state.handle(answer_message(generation, Answer::Page(company())));
    state.handle(answer_message(generation, Answer::SsmListed));
    state.handle(answer_message(generation, Answer::Listed));
    assert!(state.overlays.is_empty(), "nothing is waited for any more");

    let mut state = blank();
    opened(&mut state);
    state.handle(answer_message(generation, Answer::Page(company())));
    assert_eq!(press(&mut state, &["Esc"]), [Effect::StopAsking], "with rows on the screen it stops at once");
}

#[test]
fn the_pages_are_named_and_no_hint_goes_under_a_dialog() {
    let mut state = listed();
    let page = text(&mut state, (80, 24));
    assert!(page.contains("[1 Instances]  2 Sessions  3 Problems"), "{page}");
    let hints = |state: &mut State| text(state, (80, 24)).split("Enter connect").nth(1).map(|rest| rest[..40].to_owned());
    let before = hints(&mut state);
    assert!(before.is_some());

    press(&mut state, &["s"]);

    assert_eq!(hints(&mut state), before);
}

#[test]
fn a_problem_is_told_with_its_time_and_age() {
    let mut state = listed();
    state.world.complain("The network is gone.".to_owned());
    state.set_now(later(150));

    press(&mut state, &["3"]);

    let shown = text(&mut state, (120, 32));
    assert!(shown.contains("10:00:12  2 min ago  The network is gone."), "{shown}");
}

#[test]
fn the_console_link_is_made_of_ids_and_shown_where_nothing_opens_it() {
    let mut state = listed();
    go_to(&mut state, "i-0dd44ee55ff667788");
    let page = "https://console.aws.amazon.com/ec2/home?region=ap-northeast-2#InstanceDetails:instanceId=i-0dd44ee55ff667788";

    assert_eq!(press(&mut state, &["o"]), [Effect::OpenLink { link: page.to_owned() }]);
    assert_eq!(press(&mut state, &["y", "o"]), [Effect::Copy { text: page.to_owned() }]);
    state.handle(Message::Unopened { link: page.to_owned(), why: "xdg-open is not installed here. The link:".to_owned() });

    let shown = text(&mut state, (120, 32));
    assert!(shown.contains("xdg-open is not installed here.") && shown.contains("y o copies it."), "{shown}");
    assert!(shown.contains("https://console.aws.amazon.com/ec2/home?region=ap-northeast-2#"), "{shown}");
}

#[test]
fn d_examines_the_row_and_shows_what_is_told_and_what_mends_it() {
    let mut state = listed();
    press(&mut state, &["G", "k", "k", "k"]);
    let id = state.world.current().unwrap().instance.id.clone();

    let effects = press(&mut state, &["d"]);

    let examined = effects.iter().find_map(|effect| match effect {
        Effect::Examine { number: 1, instance, anew: false } => Some((**instance).clone()),
        _ => None,
    });
    let mut instance = examined.unwrap();
    assert_eq!(instance.id, id);
    assert!(text(&mut state, (120, 32)).contains("asking …"));
    let mut more = instance.clone();
    more.state = crate::model::InstanceState::Stopping;
    state.handle(Message::Told { number: 1, instance: Box::new(more.clone()) });
    let screen = text(&mut state, (120, 32));
    assert!(
        screen.contains("asking …") && screen.contains("✗ the instance is stopping"),
        "what is told is shown at once: {screen}"
    );
    instance.state = crate::model::InstanceState::Stopped;
    let old = Message::Examined { number: 0, told: Some((Box::new(instance.clone()), now())) };
    state.handle(old);
    assert!(text(&mut state, (120, 32)).contains("asking …"), "an answer to another question");
    state.handle(Message::Examined { number: 1, told: Some((Box::new(instance), now())) });
    let screen = text(&mut state, (120, 32));
    assert!(screen.contains("checked") && screen.contains("✗ the instance is stopped"), "{screen}");
    state.handle(Message::Told { number: 1, instance: Box::new(more) });
    assert!(text(&mut state, (120, 32)).contains("✗ the instance is stopped"), "what comes too late");
    assert!(press(&mut state, &["y"]).iter().any(|effect| matches!(effect, Effect::Copy { text } if text.contains("--start"))));
    assert!(press(&mut state, &["R"]).iter().any(|effect| matches!(effect, Effect::Examine { number: 2, anew: true, .. })));
    press(&mut state, &["Esc"]);
    assert!(state.overlays.is_empty());
}
