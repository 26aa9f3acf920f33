//! Every picture and state at every size: text and looks as they should be, the same facts without colour and without Unicode.

use ratatui::buffer::Buffer;

use super::world::{
    answer_message, blank, dangerous, enter, lines, listed, listed_in, now, opened, picture, place, press, profiles,
};
use crate::config::{Glyphs, ThemeName, Ui};
use crate::model::{Answer, display_width};
use crate::tui::ascii;
use crate::tui::effect::Effect;
use crate::tui::look::Look;
use crate::tui::message::{Message, Opened};
use crate::tui::state::State;
use crate::tui::theme::Theme;
use crate::tui::trouble::{Trouble, TroubleKind};

const SIZES: [(u16, u16); 4] = [(120, 32), (80, 24), (60, 15), (40, 8)];

/// Makes a state.
type Make = fn() -> State;

/// The states by name, each made anew.
const STATES: [(&str, Make); 28] = [
    ("table", || listed_after(&["G", "k", "k", "Space", "k"])),
    ("filter", || filtered("web")),
    ("filter_wrong", || filtered("stat:run")),
    ("nothing_matches", || filtered("ssm:online web9")),
    ("picker", || listed_after(&["G", "k", "k", "k", "Enter"])),
    ("picker_user", || listed_after(&["G", "k", "k", "k", "Enter", "u", "x", "y"])),
    ("details", || listed_after(&["G", "k", "k", "i"])),
    ("doctor", || {
        let mut state = listed_after(&["G", "k", "k", "k", "d"]);
        let mut instance = (*state.world.current().unwrap().instance).clone();
        instance.channel = crate::model::Fact::Known(true);
        state.handle(Message::Examined { number: 1, told: Some((Box::new(instance), now())) });
        state
    }),
    ("json", || listed_after(&["G", "k", "k", "i", "J"])),
    ("help", || listed_after(&["?"])),
    ("sort", || listed_after(&["s", "j"])),
    ("copy", || listed_after(&["y"])),
    ("profiles", || listed_after(&["p"])),
    ("regions", || listed_after(&["r"])),
    ("run_on_one", || listed_after(&["x"])),
    ("tunnel_form", || listed_after(&["G", "k", "k", "k", "t", "8", "0"])),
    ("tunnels_none", || listed_after(&["2"])),
    ("problems", || listed_after(&["3"])),
    ("confirm", || after(dangerous(), &["j", "j", "c"])),
    ("demo", || {
        let mut state = listed();
        state.world.is_demo = true;
        state
    }),
    ("first_run", || {
        let mut state = blank();
        state.begin(true);
        state
    }),
    ("loading", || {
        let mut state = blank();
        opened(&mut state);
        state
    }),
    ("slow", || {
        let mut state = blank();
        opened(&mut state);
        state.set_now("2026-11-21T10:00:24Z".parse().unwrap());
        state
    }),
    ("empty", || {
        let mut state = blank();
        let generation = opened(&mut state);
        state.handle(answer_message(generation, Answer::SsmListed));
        state.handle(answer_message(generation, Answer::Listed));
        state.world.counts.insert((place().profile, "us-east-1".parse().unwrap()), 14);
        state
    }),
    ("offline", || {
        let mut state = blank();
        let generation = opened(&mut state);
        let result = Err(trouble(TroubleKind::Unreachable, "Cannot reach ec2.ap-northeast-2.amazonaws.com: name not found."));
        state.handle(Message::Surveyed { generation, place: place(), result });
        state
    }),
    ("stale", || {
        let mut state = listed();
        state.set_now("2026-11-21T10:01:35Z".parse().unwrap());
        let effects = state.refresh_by_itself();
        let Some(Effect::Survey { generation, .. }) = effects.first() else { panic!("{effects:?}") };
        let result = Err(trouble(TroubleKind::Credentials, "Sign-in for SSO session \"corp\" has ended."));
        state.handle(Message::Surveyed { generation: *generation, place: place(), result });
        state
    }),
    ("no_credentials", || {
        let mut state = blank();
        let generation = opening(&mut state);
        let result = Err(trouble(TroubleKind::Credentials, "No AWS credentials found."));
        state.handle(Message::Opened { generation, result });
        state
    }),
    ("no_region", || {
        let mut state = blank();
        let generation = opening(&mut state);
        let endpoint = Some("http://127.0.0.1:4566".to_owned());
        let opened = Opened { profile: place().profile, region: None, endpoint, needs_no_profile: false };
        state.handle(Message::Opened { generation, result: Ok(opened) });
        state
    }),
];

fn after(mut state: State, keys: &[&str]) -> State {
    press(&mut state, keys);
    state
}

fn listed_after(keys: &[&str]) -> State {
    after(listed_in(blank()), keys)
}

fn filtered(text: &str) -> State {
    let mut state = listed_after(&["/"]);
    enter(&mut state, text);
    state
}

fn opening(state: &mut State) -> crate::model::Generation {
    state.begin(false);
    let effects = state.handle(Message::Profiles(Ok(profiles())));
    let Some(Effect::Open { generation, .. }) = effects.last() else { panic!("{effects:?}") };
    *generation
}

fn trouble(kind: TroubleKind, what: &str) -> Trouble {
    let next = Some("Run \"aws sso login\", then press R.".to_owned());
    Trouble { code: "x", what: what.to_owned(), why: None, next, kind, device: None, retry_in: std::time::Duration::from_secs(8) }
}

fn theme(theme: ThemeName, glyphs: Glyphs) -> Theme {
    Theme::new(&Ui { theme, glyphs, ..Ui::default() }, &Look::default())
}

/// Every run of cells that does not look like plain text: line, columns, colours, modifiers.
fn runs(buffer: &Buffer) -> String {
    let mut runs = String::new();
    let area = buffer.area;
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let style = buffer[(x, y)].style();
            let from = x;
            while x < area.width && buffer[(x, y)].style() == style {
                x += 1;
            }
            let colours = [style.fg, style.bg].map(|colour| colour.map_or_else(String::new, |colour| format!("{colour:?}")));
            let name = format!("{} {} {:?}", colours[0], colours[1], style.add_modifier);
            if name != "Reset Reset NONE" {
                runs.push_str(&format!("{y}:{from}-{x} {}\n", name.replace("Reset ", "")));
            }
        }
    }
    runs
}

#[test]
fn every_state_at_every_size() {
    for (name, state) in STATES {
        let mut all = String::new();
        for size in SIZES {
            // `lines` holds that each is as wide as the screen.
            let buffer = picture(&mut state(), size, &theme(ThemeName::Auto, Glyphs::Unicode));
            all.push_str(&format!("{}x{}\n{}\n{}", size.0, size.1, lines(&buffer).join("\n"), runs(&buffer)));
        }
        insta::assert_snapshot!(name, all);
    }
}

#[test]
fn without_colour_the_same_is_said() {
    for (name, state) in STATES {
        for size in SIZES {
            let [auto, mono] =
                [ThemeName::Auto, ThemeName::Mono].map(|own| picture(&mut state(), size, &theme(own, Glyphs::Unicode)));
            assert_eq!(lines(&auto), lines(&mono), "{name} {size:?}");
            let plain = |cell: &ratatui::buffer::Cell| [cell.fg, cell.bg].iter().all(|own| *own == ratatui::style::Color::Reset);
            assert!(mono.content().iter().all(plain), "{name} {size:?}");
        }
    }
}

#[test]
fn in_ascii_the_same_is_said_as_far_as_there_is_room() {
    for (name, state) in STATES {
        for size in SIZES {
            let [unicode, plain] = [Glyphs::Unicode, Glyphs::Ascii]
                .map(|glyphs| lines(&picture(&mut state(), size, &theme(ThemeName::Auto, glyphs))));
            let screen = plain.join("\n");
            assert!(screen.chars().all(|c| c.is_ascii() || ('가'..='힣').contains(&c)), "{name} {size:?}\n{screen}");
            // A mark that takes two columns moves what follows it; the words stay. What lies below a dialog is cut by it anywhere.
            if size.0 == 120 && state().overlays.is_empty() {
                let words = |lines: &[String]| -> Vec<String> {
                    let text = ascii(&lines.join(" ")).into_owned();
                    text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).map(str::to_owned).collect()
                };
                let there = words(&plain);
                let is_cut =
                    |word: &str| there.iter().any(|own| own.strip_suffix('~').is_some_and(|start| word.starts_with(start)));
                let missing: Vec<String> = words(&unicode)
                    .into_iter()
                    .filter(|word| !there.contains(word) && !word.contains('~') && !is_cut(word))
                    .collect();
                assert_eq!(missing, Vec::<String>::new(), "{name}\n{screen}");
            }
        }
    }
}

#[test]
fn no_line_is_cut_in_the_middle_of_what_a_terminal_draws_as_one() {
    for (name, state) in STATES {
        for width in [40, 41, 59, 60, 61, 79, 80, 81, 99, 100, 119, 120, 200] {
            for height in [8, 15, 24, 32] {
                let buffer = picture(&mut state(), (width, height), &theme(ThemeName::Auto, Glyphs::Unicode));
                for line in lines(&buffer) {
                    assert_eq!(display_width(&line), usize::from(width), "{name} {width}x{height}");
                }
            }
        }
    }
}
