//! What is on the screen, cell by cell.

use proptest::prelude::*;
use ratatui::style::Modifier;
use strum::IntoEnumIterator;

use super::world::{
    answer_message, blank, dangerous, enter, lines, listed, opened, picture, place, plain, press, profiles, shown,
};
use crate::columns::Column;
use crate::config::{Glyphs, Settings, ThemeName, Ui};
use crate::model::{Answer, ProfileName};
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::keymap::Keymap;
use crate::tui::look::Look;
use crate::tui::message::{Message, Opened};
use crate::tui::state::State;
use crate::tui::theme::Theme;
use crate::tui::trouble::{Trouble, TroubleKind};
use crate::tui::world::Phase;

const WIDE: (u16, u16) = (120, 32);
const USUAL: (u16, u16) = (80, 24);
const LEAST: (u16, u16) = (60, 15);
const SMALL: (u16, u16) = (40, 8);

/// Text and, below it, every run of cells that has a style.
fn styled(state: &mut State, size: (u16, u16), theme: &Theme) -> String {
    let buffer = picture(state, size, theme);
    let mut text = lines(&buffer).join("\n");
    for y in 0..size.1 {
        let mut x = 0;
        while x < size.0 {
            let style = buffer[(x, y)].style();
            let from = x;
            while x < size.0 && buffer[(x, y)].style() == style {
                x += 1;
            }
            let name = format!("{:?} {:?} {:?}", style.fg.unwrap_or_default(), style.bg.unwrap_or_default(), style.add_modifier);
            if name != "Reset Reset NONE" {
                text.push_str(&format!("\n{y}:{from}-{x} {name}"));
            }
        }
    }
    text
}

fn theme(name: ThemeName, glyphs: Glyphs) -> Theme {
    Theme::new(&Ui { theme: name, glyphs, ..Ui::default() }, &Look::default())
}

fn trouble(code: &'static str, kind: TroubleKind, lines: [&str; 3]) -> Trouble {
    let part = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Trouble {
        code,
        what: lines[0].to_owned(),
        why: part(lines[1]),
        next: part(lines[2]),
        kind,
        device: None,
        retry_in: std::time::Duration::from_secs(8),
    }
}

#[test]
fn the_table_at_every_size() {
    let mut state = listed();
    press(&mut state, &["G", "k", "k"]);
    insta::assert_snapshot!("table_120x32", styled(&mut state, WIDE, &plain()));
    insta::assert_snapshot!("table_80x24", shown(&mut state, USUAL));
    insta::assert_snapshot!("table_60x15", shown(&mut state, LEAST));
    insta::assert_snapshot!("table_40x8", shown(&mut state, SMALL));
    insta::assert_snapshot!("too_small", shown(&mut state, (38, 7)));
}

#[test]
fn the_table_without_colour_and_without_unicode() {
    let mut state = listed();
    let mono = styled(&mut state, USUAL, &theme(ThemeName::Mono, Glyphs::Unicode));
    assert!(!mono.contains("Red") && !mono.contains("Green"), "{mono}");
    insta::assert_snapshot!("table_mono", mono);

    let ascii = lines(&picture(&mut state, USUAL, &theme(ThemeName::Auto, Glyphs::Ascii))).join("\n");
    assert!(ascii.chars().all(|c| c.is_ascii() || ('가'..='힣').contains(&c)), "{ascii}");
    insta::assert_snapshot!("table_ascii", ascii);
}

#[test]
fn the_filter_narrows_and_a_wrong_field_is_told_under_the_line() {
    let mut state = listed();
    press(&mut state, &["/"]);
    enter(&mut state, "web");
    insta::assert_snapshot!("filter", shown(&mut state, USUAL));

    enter(&mut state, " stat:run");
    insta::assert_snapshot!("filter_wrong", shown(&mut state, USUAL));

    press(&mut state, &["Esc", "/"]);
    enter(&mut state, "ssm:online web9");
    insta::assert_snapshot!("nothing_matches", shown(&mut state, USUAL));
}

#[test]
fn every_dialog() {
    let cases: [(&str, &[&str]); 12] = [
        ("picker", &["G", "k", "k", "k", "Enter"]),
        ("picker_user", &["G", "k", "k", "k", "Enter", "u", "x", "y"]),
        ("details", &["i"]),
        ("details_json", &["i", "J"]),
        ("doctor", &["G", "k", "k", "k", "d"]),
        ("columns", &["w", "j", ">", ">", "j", "Space"]),
        ("help", &["?"]),
        ("palette", &[":", "c", "o", "p", "y"]),
        ("sort", &["s", "j"]),
        ("copy", &["y"]),
        ("profiles", &["p"]),
        ("regions", &["r"]),
    ];
    for (name, keys) in cases {
        let mut state = listed();
        press(&mut state, keys);
        insta::assert_snapshot!(name, shown(&mut state, USUAL));
    }
}

#[test]
fn the_picker_at_the_least_size_stays_in_its_frame() {
    let mut state = listed();
    press(&mut state, &["G", "Enter"]);
    insta::assert_snapshot!("picker_60x15", shown(&mut state, LEAST));
    insta::assert_snapshot!("picker_40x8", shown(&mut state, SMALL));
}

#[test]
fn a_dangerous_account_is_seen_and_asked_for() {
    let mut state = dangerous();
    press(&mut state, &["j"]);
    state.world.rows.go_to_instance(&"i-0123456789abcdef0".parse().unwrap());
    let effects = press(&mut state, &["c"]);
    assert_eq!(effects, []);
    insta::assert_snapshot!("confirm", styled(&mut state, USUAL, &plain()));
}

#[test]
fn the_first_start_and_the_demo_say_what_this_is() {
    let mut state = listed();
    state.world.is_demo = true;
    insta::assert_snapshot!("demo_80x24", shown(&mut state, USUAL));
    insta::assert_snapshot!("demo_120x32", shown(&mut state, WIDE));

    let mut state = blank();
    state.begin(true);
    insta::assert_snapshot!("first_run", shown(&mut state, USUAL));
}

#[test]
fn what_is_said_while_there_are_no_rows() {
    let mut states: Vec<(&str, State)> = Vec::new();
    let mut state = blank();
    opened(&mut state);
    states.push(("loading", state));

    let mut state = blank();
    opened(&mut state);
    state.set_now("2026-11-21T10:00:24Z".parse().unwrap());
    states.push(("slow", state));

    let mut state = blank();
    let generation = opened(&mut state);
    state.handle(answer_message(generation, Answer::SsmListed));
    state.handle(answer_message(generation, Answer::Listed));
    state.world.counts.insert((place().profile, "us-east-1".parse().unwrap()), 14);
    states.push(("empty", state));

    for (name, kind, lines) in [
        ("denied_all", TroubleKind::Other, ["You may not list instances.", "ec2:DescribeInstances is denied.", "Ask for it."]),
        (
            "offline",
            TroubleKind::Unreachable,
            ["Cannot reach ec2.ap-northeast-2.amazonaws.com: name not found.", "", "Check the network."],
        ),
    ] {
        let mut state = blank();
        let generation = opened(&mut state);
        state.handle(Message::Surveyed { generation, place: place(), result: Err(trouble("x", kind, lines)) });
        states.push((name, state));
    }

    let mut state = blank();
    state.begin(false);
    let Some(Effect::Open { generation, .. }) = state.handle(Message::Profiles(Ok(profiles()))).pop() else { panic!() };
    let lines = ["No AWS credentials found.", "Looked at: environment, ~/.aws/config.", "Run \"aws configure\"."];
    state.handle(Message::Opened { generation, result: Err(trouble("no-credentials", TroubleKind::Credentials, lines)) });
    states.push(("no_credentials", state));

    let mut state = blank();
    state.begin(false);
    let Some(Effect::Open { generation, .. }) = state.handle(Message::Profiles(Ok(profiles()))).pop() else { panic!() };
    let opened = Opened {
        profile: place().profile,
        region: None,
        endpoint: Some("http://127.0.0.1:4566".to_owned()),
        needs_no_profile: false,
    };
    state.handle(Message::Opened { generation, result: Ok(opened) });
    states.push(("no_region", state));

    for (name, mut state) in states {
        insta::assert_snapshot!(name, shown(&mut state, USUAL));
    }
}

#[test]
fn old_rows_stay_dim_and_dated_when_aws_does_not_answer() {
    for (name, kind, lines) in [
        (
            "stale_sign_in",
            TroubleKind::Credentials,
            ["Sign-in for SSO session \"corp\" is missing or has ended.", "", "Sign in, then try again: aws sso login"],
        ),
        ("stale_offline", TroubleKind::Unreachable, ["Cannot reach ec2.ap-northeast-2.amazonaws.com: name not found.", "", ""]),
        ("stale_throttled", TroubleKind::Throttled, ["AWS asks to slow down.", "", ""]),
    ] {
        let mut state = listed();
        state.set_now("2026-11-21T10:01:35Z".parse().unwrap());
        let effects = state.refresh_by_itself();
        let [Effect::Survey { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        state.handle(Message::Surveyed { generation: *generation, place: place(), result: Err(trouble("x", kind, lines)) });

        let buffer = picture(&mut state, USUAL, &plain());

        // A row that is not dim by itself.
        let y = self::lines(&buffer).iter().position(|line| line.contains("db-replica")).unwrap();
        let is_dim = buffer[(5, u16::try_from(y).unwrap())].style().add_modifier.contains(Modifier::DIM);
        assert_eq!(is_dim, kind != TroubleKind::Throttled, "{name}");
        insta::assert_snapshot!(name, self::lines(&buffer).join("\n"));
    }
}

#[test]
fn a_hostile_name_changes_nothing_but_its_own_cell() {
    let mut tame = listed();
    let mut hostile = listed();
    let id = "i-0dd44ee55ff667788".parse().unwrap();
    let rename = |state: &mut State, name: &str| {
        let mut row = (**state.world.inventory.row(&id).unwrap()).clone();
        row.tags.insert("Name".into(), name.into());
        state.world.inventory.replace(row);
        state.world.update_rows();
    };
    for name in [
        "\u{1b}]52;c;Y3VybCBldmls\u{7}",
        "a\nb\r\u{85}",
        "\u{202e}\u{2066}x",
        &"가".repeat(5_000),
        "e\u{300}\u{300}\u{300}\u{300}",
        "👩‍👩‍👧‍👦🇰🇷",
    ] {
        rename(&mut tame, &"가".repeat(5_000));
        rename(&mut hostile, name);
        press(&mut tame, &["g"]);
        press(&mut hostile, &["g"]);
        for size in [WIDE, USUAL, LEAST, SMALL] {
            let lines = lines(&picture(&mut hostile, size, &plain()));
            assert_eq!(lines.len(), usize::from(size.1));
            assert!(lines.iter().all(|line| !line.chars().any(char::is_control)), "{name:?}");
        }
    }
}

#[test]
fn the_title_and_the_bar_keep_their_place_whatever_the_size() {
    let mut state = listed();
    for width in 40..140 {
        for height in [8, 9, 14, 15, 16, 29, 30, 31, 50] {
            let lines = lines(&picture(&mut state, (width, height), &plain()));
            let at = format!("{width}x{height}");
            assert_eq!(lines.len(), usize::from(height), "{at}");
            let (first, last) = (lines.first().unwrap(), lines.last().unwrap());
            // The least screen has one line for both, below.
            if width >= 60 && height >= 15 {
                assert!(first.starts_with(" ec2dash") && last.starts_with(" Enter connect"), "{at}: {lines:#?}");
            } else {
                let is_usual = first.starts_with(" ec2dash") && last.starts_with(" Enter connect");
                let is_least = first.contains("NAME ▲") && last.contains("12/12");
                assert!(is_usual || is_least, "{at}: {lines:#?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_key_at_any_size_ends_in_a_panic(
        actions in proptest::collection::vec(proptest::sample::select(Action::iter().collect::<Vec<_>>()), 0..24),
        text in "[a-z:!=\"가-힣\\PC]{0,8}",
        width in 0_u16..130,
        height in 0_u16..40,
    ) {
        let mut state = listed();
        for action in actions {
            state.act(action);
            enter(&mut state, &text);
            if width > 0 && height > 0 {
                picture(&mut state, (width, height), &plain());
            }
        }
    }
}

#[test]
fn no_sentence_is_missing_from_the_catalogue() {
    let text = crate::text::Catalogue::english();
    let sources = [
        include_str!("../state.rs"),
        include_str!("../state/places.rs"),
        include_str!("../state/connecting.rs"),
        include_str!("../state/console.rs"),
        include_str!("../state/copying.rs"),
        include_str!("../state/favourites.rs"),
        include_str!("../state/mouse.rs"),
        include_str!("../state/settings.rs"),
        include_str!("../state/commands.rs"),
        include_str!("../overlays/command_line.rs"),
        include_str!("../overlays/command_output.rs"),
        include_str!("../overlays/results.rs"),
        include_str!("../draw/table.rs"),
        include_str!("../draw.rs"),
        include_str!("../draw/bars.rs"),
        include_str!("../draw/body.rs"),
        include_str!("../draw/preview.rs"),
        include_str!("../draw/title.rs"),
        include_str!("../overlays/column_menu.rs"),
        include_str!("../overlays/copy.rs"),
        include_str!("../overlays/details.rs"),
        include_str!("../overlays/doctor.rs"),
        include_str!("../overlays/group_menu.rs"),
        include_str!("../overlays/help.rs"),
        include_str!("../overlays/palette.rs"),
        include_str!("../overlays/picker.rs"),
        include_str!("../overlays/problems.rs"),
        include_str!("../overlays/question.rs"),
        include_str!("../overlays/reading.rs"),
        include_str!("../overlays/sort.rs"),
        include_str!("../overlays/switcher.rs"),
        include_str!("../overlays/welcome.rs"),
        include_str!("../run.rs"),
        include_str!("../runtime.rs"),
        include_str!("../panic.rs"),
        include_str!("../age.rs"),
        include_str!("../keymap.rs"),
    ];
    for source in sources {
        for call in ["say(\"", "say_with(\"", "(\"field-", "\"hint-"] {
            for rest in source.split(call).skip(1) {
                let prefix = if call.starts_with("(\"field-") {
                    "field-"
                } else if call == "\"hint-" {
                    "hint-"
                } else {
                    ""
                };
                let key = format!("{prefix}{}", rest.split('"').next().unwrap());
                assert!(text.has(&key), "{key}");
            }
        }
    }
}

#[test]
fn a_setting_of_the_settings_is_used() {
    let ui = Ui { columns: ["name", "tag:env", "via"].map(|name| Column::parse(name).unwrap()).to_vec(), ..Ui::default() };
    let mut state = super::world::listed_in(super::world::blank_with(Settings { ui, ..Settings::default() }));

    let screen = shown(&mut state, USUAL);

    assert!(screen.lines().any(|line| line.contains("NAME ▲") && line.contains("env") && line.contains("VIA")), "{screen}");
}

/// A hole in a sentence ends the test: the catalogue looks after that.
#[test]
fn nothing_is_said_about_keys_that_are_taken_away() {
    let none = Action::iter().filter(|action| *action != Action::Quit).map(|action| (action.name().to_owned(), Vec::new()));
    let keymap = Keymap::new(&none.collect()).0;
    let phases =
        [Phase::Opening, Phase::Asking(ProfileName::new("prod")), Phase::NoProfile, Phase::NoRegion, Phase::Stopped, Phase::Open];
    for phase in phases {
        let mut state = blank();
        state.world.keymap = keymap.clone();
        state.world.here.phase = phase;
        shown(&mut state, USUAL);
    }
    for action in Action::iter() {
        let mut state = listed();
        state.world.keymap = keymap.clone();
        state.act(action);
        let screen = shown(&mut state, USUAL);
        assert!(!screen.contains(" tries again.") && !screen.contains("type to search,"), "{action:?}\n{screen}");
    }
}
