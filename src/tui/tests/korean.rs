//! The screens in Korean: as wide as the screen at every size, and without a word of the English catalogue.

use std::collections::BTreeSet;
use std::sync::Arc;

use strum::IntoEnumIterator;

use super::world::{answer_message, answered, blank, company, listed_in, opened, place, press, shown};
use crate::model::Answer;
use crate::text::{Catalogue, Language};
use crate::tui::action::Action;
use crate::tui::state::State;

const SIZES: [(u16, u16); 4] = [(120, 32), (80, 24), (60, 15), (40, 8)];

fn korean() -> Arc<Catalogue> {
    Arc::new(Catalogue::new(Language::named("ko").unwrap()))
}

fn in_korean(mut state: State) -> State {
    state.world.text = korean();
    state
}

fn listed() -> State {
    listed_in(in_korean(blank()))
}

#[test]
fn the_screens_in_korean_at_every_size() {
    let on_web: &[&str] = &["G", "k", "k", "k"];
    for (name, keys) in [("table", &[][..]), ("picker", &["Enter"][..]), ("details", &["i"][..]), ("help", &["?"][..])] {
        for (width, height) in SIZES {
            let mut state = listed();
            press(&mut state, on_web);
            press(&mut state, keys);
            insta::assert_snapshot!(format!("ko_{name}_{width}x{height}"), shown(&mut state, (width, height)));
        }
    }
}

#[test]
fn the_states_in_korean_at_every_size() {
    for (width, height) in SIZES {
        let mut states: Vec<(&str, State)> = Vec::new();
        let mut state = in_korean(blank());
        opened(&mut state);
        states.push(("loading", state));

        let mut state = in_korean(blank());
        opened(&mut state);
        state.set_now("2026-11-21T10:00:24Z".parse().unwrap());
        states.push(("slow", state));

        let mut state = in_korean(blank());
        let generation = opened(&mut state);
        state.handle(answer_message(generation, Answer::SsmListed));
        state.handle(answer_message(generation, Answer::Listed));
        state.world.counts.insert((place().profile, "us-east-1".parse().unwrap()), 14);
        states.push(("empty", state));

        let mut state = listed();
        press(&mut state, &["/"]);
        super::world::enter(&mut state, "ssm:online 없는이름");
        press(&mut state, &["Enter"]);
        states.push(("nothing_matches", state));

        for (name, mut state) in states {
            insta::assert_snapshot!(format!("ko_{name}_{width}x{height}"), shown(&mut state, (width, height)));
        }
    }
}

/// Words of one language in a text: three letters or more, as they stand there.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() >= 3);
    words.map(str::to_lowercase).collect()
}

/// What the English catalogue says and the Korean one never does: a word of these on a Korean screen was not translated.
fn english_alone() -> BTreeSet<String> {
    let said = |language: Language| -> BTreeSet<String> {
        let text = Catalogue::new(language);
        let help = Action::iter().flat_map(|action| words(&action.help(&text)));
        Catalogue::entries(language).values().flat_map(|entry| words(entry)).chain(help).collect()
    };
    &said(Language::ENGLISH) - &said(Language::named("ko").unwrap())
}

/// What stands there in every language: names, ids and types of the company, keys, the words of AWS and of JSON.
fn foreign(state: &State) -> BTreeSet<String> {
    let names = company().iter().flat_map(|row| words(&format!("{row:?}"))).collect::<BTreeSet<_>>();
    let keys = Action::iter().flat_map(|action| words(&state.world.keymap.hint(action))).collect::<BTreeSet<_>>();
    let profiles = super::world::profiles().iter().flat_map(|profile| words(&format!("{profile:?}"))).collect();
    let regions: BTreeSet<String> = state.world.regions.iter().flat_map(|region| words(&format!("{region:?}"))).collect();
    let commands: BTreeSet<String> = Action::iter().flat_map(|action| words(action.name())).collect();
    [names, keys, profiles, regions, commands].into_iter().flatten().collect()
}

#[test]
fn no_screen_says_a_word_of_english_that_korean_has_another_for() {
    let english = english_alone();
    assert!(english.contains("chosen") && english.contains("refresh") && !english.contains("iam"), "{english:?}");
    let mut found = BTreeSet::new();
    let known = foreign(&listed());
    for action in Action::iter() {
        for keys in [&[][..], &["Enter"][..]] {
            let mut state = listed();
            press(&mut state, &["G", "k", "k", "k"]);
            let effects = state.act(action);
            answered(&mut state, effects);
            press(&mut state, keys);
            // JSON keeps its keys.
            let screen = shown(&mut state, (120, 50)).lines().filter(|line| !line.contains('"')).collect::<Vec<_>>().join("\n");
            found.extend(words(&screen).into_iter().filter(|word| english.contains(word) && !known.contains(word)));
        }
    }
    assert_eq!(found, BTreeSet::new());
}

/// Read this list: each of them is a command, a term of AWS, or nothing but values.
#[test]
fn what_is_the_same_in_both_languages_is_known() {
    let english = Catalogue::entries(Language::ENGLISH);
    let korean = Catalogue::entries(Language::named("ko").unwrap());
    let has_hangul = |entry: &str| entry.chars().any(|c| matches!(c, '가'..='힣'));

    let same: Vec<String> = english
        .iter()
        .filter(|(key, entry)| korean.get(*key) == Some(*entry))
        .map(|(key, entry)| format!("{key} ={}", entry.trim_end()))
        .collect();
    let latin: Vec<&String> = korean
        .iter()
        .filter(|(key, entry)| !has_hangul(entry) && english.get(*key).is_some_and(|own| own != *entry))
        .map(|(key, _)| key)
        .collect();

    insta::assert_snapshot!("ko_same_in_both", same.join("\n"));
    assert!(
        latin.iter().all(|key| korean[*key].contains("{ ")
            || korean[*key].contains("IPv6")
            || korean[*key].contains("ID")
            || korean[*key].contains("AMI")
            || korean[*key].contains("ARN")),
        "{latin:?}"
    );
}

#[test]
fn no_korean_sentence_has_a_small_word_of_english() {
    let small = ["the", "is", "of", "not", "and", "was", "are", "has", "for", "with", "cannot", "this", "that"];
    for (key, entry) in Catalogue::entries(Language::named("ko").unwrap()) {
        // Commands stand in quotes or behind their names.
        let prose = entry.split(['"', '`', '\'']).step_by(2).collect::<String>();
        // Values have names, and sentences choose by words, which nobody sees.
        let prose = prose.split("{ $").map(|part| part.split_once('}').map_or(part, |(_, said)| said)).collect::<String>();
        let prose = prose
            .lines()
            .filter(|line| !line.ends_with("->"))
            .map(|line| line.split_once("] ").map_or(line, |(_, said)| said))
            .collect::<Vec<_>>()
            .join("\n");
        let found: Vec<&str> = prose.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| small.contains(word)).collect();
        assert_eq!(found, [""; 0], "{key}");
    }
}
