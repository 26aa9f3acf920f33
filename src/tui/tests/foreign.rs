//! Whatever stands in the fields of an instance stays in its place, on every screen that shows one.

use super::world::{answer_message, blank, company, lines, opened, picture, plain, press};
use crate::columns::Column;
use crate::model::{Answer, Fact, Grant, Instance, ProfileRole, SecurityGroup, Untrusted, is_hidden};
use crate::tui::action::Action;
use crate::tui::state::State;

/// Control sequences, ends of lines, what turns the text round, what is not seen, what grows, and what is two columns wide.
const FOREIGN: [&str; 6] = [
    "\u{1b}]52;c;Y3VybCBldmls\u{7}\u{1b}[2J\u{1b}[1A\u{1b}[6n",
    "\u{9b}31m\u{7f}\r\n\t\u{b}\u{c}\u{85}\u{2028}\u{2029}\0",
    "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}",
    "\u{200b}\u{200c}\u{feff}\u{ad}\u{fe0f}\u{e0041}\u{115f}\u{1160}\u{3164}",
    "e\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
    "한글 ㄱ 👩‍👩‍👧‍👦🇰🇷 ｶﾞ ─·※①",
];

fn hostile(row: Instance, text: &str) -> Instance {
    let long = text.repeat(12);
    let foreign = || Some(Untrusted::from(long.as_str()));
    Instance {
        tags: [("Name".into(), text.into()), (long.as_str().into(), text.into()), ("team".into(), long.as_str().into())].into(),
        instance_type: foreign(),
        az: foreign(),
        image: foreign(),
        key_name: foreign(),
        vpc: foreign(),
        subnet: foreign(),
        security_groups: vec![SecurityGroup { id: text.into(), name: long.as_str().into() }],
        platform: foreign(),
        instance_profile: foreign(),
        role: Fact::Known(ProfileRole { role: foreign(), grant: Fact::Known(Grant::Sessions), has_retired_policy: false }),
        ..row
    }
}

fn state(text: &str) -> State {
    let mut state = blank();
    let generation = opened(&mut state);
    let rows = company().into_iter().map(|row| hostile(row, text)).collect();
    state.handle(answer_message(generation, Answer::Page(rows)));
    state.handle(answer_message(generation, Answer::SsmListed));
    state.handle(answer_message(generation, Answer::Listed));
    state.world.rows.go_to_instance(&"i-0123456789abcdef0".parse().unwrap());
    state
}

/// Keys that lead from the table to a screen.
const SCREENS: [(&str, &[&str]); 17] = [
    ("table", &[]),
    ("palette", &[":"]),
    ("instances in the palette", &[":", "i", "-", "0"]),
    ("picker", &["Enter"]),
    ("details", &["i"]),
    ("JSON", &["i", "J"]),
    ("explanation", &["e"]),
    ("copy", &["y"]),
    ("columns", &["w"]),
    ("groups", &["v"]),
    ("grouped by a tag", &["v", "j", "Enter"]),
    ("grouped by another", &["v", "j", "j", "Enter"]),
    ("command", &["x"]),
    ("tunnel", &["t"]),
    ("sort", &["s"]),
    ("profiles", &["p"]),
    ("problems", &["3"]),
];

#[test]
fn foreign_text_is_harmless_on_every_screen() {
    for text in FOREIGN {
        for (screen, keys) in SCREENS {
            let mut state = state(text);
            press(&mut state, keys);
            is_harmless(&mut state, &format!("{screen}: {text:?}"));
        }
        for action in [Action::Start, Action::Stop, Action::Reboot] {
            let mut state = state(text);
            state.act(action);
            is_harmless(&mut state, &format!("{action:?}: {text:?}"));
        }
        let mut state = state(text);
        state.world.columns = Column::all().chain([Column::Tag("team".to_owned())]).collect();
        is_harmless(&mut state, &format!("all columns: {text:?}"));
    }
}

fn is_harmless(state: &mut State, what: &str) {
    for size in [(120, 32), (60, 15), (40, 8)] {
        for line in lines(&picture(state, size, &plain())) {
            assert!(!line.chars().any(is_hidden), "{what} at {size:?}: {line:?}");
        }
    }
}
