//! Every sentence we say, by key and values, in the language asked for.
//!
//! The words are in `assets/locales/<language>/*.ftl`, one file a room. A message that another language lacks is said in
//! English. Values are plain strings: foreign text must have passed `model::Untrusted::shown` before it comes here.

mod age;
mod language;
mod shell;
mod size;

use std::sync::{Arc, OnceLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use age::short_age;
pub use language::Language;
pub use shell::shell_word;
pub use size::size;

/// A value in a sentence.
pub type Value = FluentValue<'static>;

/// What there is of some words, in a row: a value of which a part may be absent leaves no gap in its sentence.
pub fn joined<'a>(separator: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(separator)
}

/// Stands in a sentence for a value that is empty: a noncharacter, which no text that was shown can hold.
const HOLE: &str = "\u{ffff}";

/// What a reader sees there, as in a table.
const NOTHING: &str = "–";

/// All sentences in one language.
pub struct Catalogue {
    language: Language,
    /// The language asked for, then English.
    bundles: Vec<FluentBundle<FluentResource>>,
    again: Again,
}

/// The flags with which we were called, for commands that a sentence tells to type: they are about the same account and region. Each begins
/// with a blank. Sentences say it as `{ AGAIN() }`.
type Again = Arc<OnceLock<String>>;

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Catalogue {
    /// The sentences in `language`, made once and handed to whoever speaks.
    pub fn new(language: Language) -> Self {
        let again = Again::default();
        let mut bundles = vec![bundle(language.tag(), language.sources(), &again)];
        if language != Language::ENGLISH {
            bundles.push(bundle(Language::ENGLISH.tag(), Language::ENGLISH.sources(), &again));
        }
        Self { language, bundles, again }
    }

    /// The English sentences, for tests of what is said.
    #[cfg(test)]
    pub fn english() -> Self {
        Self::new(Language::ENGLISH)
    }

    /// A language that only a test speaks: `source` is its one file.
    #[cfg(test)]
    pub fn invented(source: &'static str) -> Self {
        let english = Self::english();
        let own = bundle("eo", &[("all", source)], &english.again);
        Self { language: english.language, bundles: std::iter::once(own).chain(english.bundles).collect(), again: english.again }
    }

    /// Every entry of a language as it stands in its files, by its key.
    #[cfg(test)]
    pub fn entries(language: Language) -> std::collections::BTreeMap<String, String> {
        let mut entries = std::collections::BTreeMap::new();
        let mut key = String::new();
        for line in language.sources().iter().flat_map(|(_, source)| source.lines()).filter(|line| !line.starts_with('#')) {
            let (name, rest) = line.split_once(" =").filter(|(name, _)| !name.starts_with(' ')).unwrap_or((&key, line));
            let (name, rest) = (name.to_owned(), format!("{rest}\n"));
            key.clone_from(&name);
            entries.entry(name).or_insert_with(String::new).push_str(&rest);
        }
        entries.remove("");
        entries
    }

    /// From now on commands that are told are told with these flags, where none were set before.
    pub fn repeat(&self, flags: &[String]) {
        let flags = flags.iter().map(|flag| format!(" {flag}")).collect();
        // Whoever was quicker has the same flags of the same process.
        let _ = self.again.set(flags);
    }

    /// The language they are in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence for `key`. A key that no file has comes back as itself, so that a mistake is visible and nothing ends.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The sentence for `key` with its values. An empty value where the sentence says one is a mistake of the caller, who has
    /// another sentence for it or leaves the part out ([`joined`]): tests end there, and a reader sees a dash, not a hole.
    pub fn say_with(&self, key: &str, values: &[(&'static str, Value)]) -> String {
        let (sentence, is_whole) = self.sentence(key, values);
        debug_assert!(is_whole, "{key} lacks a value: {values:?}");
        sentence.replace(HOLE, NOTHING)
    }

    /// The same values, a cause that we name in English ourselves in the language of the catalogue; what others say stays theirs.
    pub fn with_cause(&self, mut values: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
        for (name, value) in &mut values {
            if let ("cause", Value::String(cause)) = (*name, &value) {
                *value = self.cause(cause).into();
            }
        }
        values
    }

    /// A cause that we name in English ourselves in the language of the catalogue, without what stands behind it in brackets: that is
    /// what others say.
    pub fn cause(&self, cause: &str) -> String {
        let (ours, theirs) = cause.split_once(" (").map_or((cause, None), |(ours, theirs)| (ours, Some(theirs)));
        let key = format!("cause-{}", ours.replace(' ', "-"));
        match theirs {
            _ if !self.has(&key) => cause.to_owned(),
            None => self.say(&key),
            Some(theirs) => format!("{} ({theirs}", self.say(&key)),
        }
    }

    /// The sentence for `key`, if there is one and it has every value that it says: for what is left out otherwise.
    pub fn say_if_whole(&self, key: &str, values: &[(&'static str, Value)]) -> Option<String> {
        let (sentence, is_whole) = self.has(key).then(|| self.sentence(key, values))?;
        is_whole.then_some(sentence)
    }

    /// The sentence with [`HOLE`] where it says an empty value, and whether it has everything it says. A value that is given
    /// and not said there may be empty: tables of values are shared by sentences that say some of them.
    fn sentence(&self, key: &str, values: &[(&'static str, Value)]) -> (String, bool) {
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, or_hole(value))).collect();
        for bundle in &self.bundles {
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
            let mut missing = Vec::new();
            let sentence = bundle.format_pattern(pattern, Some(&args), &mut missing).into_owned();
            let is_whole = missing.is_empty() && !sentence.contains(HOLE);
            return (sentence, is_whole);
        }
        (key.to_owned(), true)
    }

    /// The sentence for `key`, if a file has one.
    pub fn find(&self, key: &str) -> Option<String> {
        self.has(key).then(|| self.say(key))
    }

    /// Whether there is a sentence for `key`.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.iter().any(|bundle| bundle.has_message(key))
    }
}

fn or_hole(value: &Value) -> Value {
    match value {
        FluentValue::String(text) if text.trim().is_empty() => HOLE.into(),
        value => value.clone(),
    }
}

fn saying(again: Again) -> impl for<'a> Fn(&[FluentValue<'a>], &FluentArgs<'_>) -> FluentValue<'a> + Send + Sync + 'static {
    move |_, _| again.get().cloned().unwrap_or_default().into()
}

fn bundle(language: &str, files: &[(&str, &str)], again: &Again) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = language.parse().expect("our own language tags are well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The default puts U+2068 and U+2069 around values: bidi marks on a terminal, which the gate to the screen keeps out.
    bundle.set_use_isolating(false);
    bundle.add_function("AGAIN", saying(Arc::clone(again))).expect("no other function has this name");
    // Numbers as they are: `1000`, not `1,000`; who wants grouping formats before.
    for (_, source) in files {
        let resource = match FluentResource::try_new((*source).to_owned()) {
            Ok(resource) => resource,
            Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Every key of some files with the names of its values.
    fn keys(files: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
        let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in files.iter().flat_map(|(_, source)| source.lines()).filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|(name, _)| !name.starts_with([' ', '-'])) {
                assert!(keys.insert(name.to_owned(), Vec::new()).is_none(), "{name} stands twice");
                name.clone_into(&mut current);
            }
            let Some(entry) = keys.get_mut(&current) else { continue };
            let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            entry.extend(line.split('$').skip(1).map(|rest| rest.chars().take_while(|c| is_of_name(*c)).collect()));
        }
        for values in keys.values_mut() {
            values.sort();
            values.dedup();
        }
        keys
    }

    /// What another language lacks of English, has too much, or says with other values.
    fn differences(theirs: &[(&str, &str)]) -> Vec<String> {
        // The English of these stands in the code, beside what it tells of; their own tests look for them.
        let is_elsewhere = |key: &str| {
            ["action-", "command-", "exit-", "flag-", "heading-", "manual-", "usage-"].iter().any(|start| key.starts_with(start))
        };
        let (english, theirs) = (keys(Language::ENGLISH.sources()), keys(theirs));
        let lacks = english.iter().filter(|(key, values)| theirs.get(*key) != Some(values)).map(|(key, _)| key);
        let too_much = theirs.keys().filter(|key| !english.contains_key(*key) && !is_elsewhere(key));
        lacks.chain(too_much).cloned().collect()
    }

    #[test]
    fn every_file_is_well_formed_and_no_key_stands_twice() {
        for language in Language::all() {
            for (file, source) in language.sources() {
                if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                    panic!("{}/{file}.ftl: {errors:?}", language.tag());
                }
            }
            keys(language.sources());
        }
    }

    #[test]
    fn every_language_says_what_english_says_with_the_same_values() {
        for language in Language::all() {
            assert_eq!(differences(language.sources()), [""; 0], "{}", language.tag());
        }
        let one_more = [Language::ENGLISH.sources(), &[("more", "bonvenon = Saluton\naction-quit = Eliri\n")]].concat();
        assert_eq!(differences(&one_more), ["bonvenon"]);
        assert!(differences(&[("few", "message-warning = averto { $kial }")]).contains(&"message-warning".to_owned()));
        let told =
            Language::ENGLISH.sources().iter().find(|(_, source)| source.contains("\nspan-ago = ")).map(|(_, source)| *source);
        let other = told.unwrap_or_default().replace("span-ago = { $span }", "span-ago = { $spam }").leak();
        assert!(differences(&[("one", other)]).contains(&"span-ago".to_owned()));
    }

    #[test]
    fn another_language_comes_first_and_english_where_it_is_silent() {
        let text = Catalogue::invented("message-warning = averto");

        assert_eq!(text.say("message-warning"), "averto");
        assert_eq!(text.say("message-error"), Catalogue::english().say("message-error"));
    }

    #[test]
    fn a_command_is_told_with_the_flags_that_this_one_was_called_with() {
        let text = Catalogue::english();
        let told = |text: &Catalogue| text.say_with("refused-doctor", &[("id", "i-1".into())]);
        assert!(told(&text).starts_with("ec2dash doctor i-1  "), "{}", told(&text));

        text.repeat(&["--profile 'a b'".to_owned(), "--region eu-west-1".to_owned()]);

        assert!(told(&text).starts_with("ec2dash doctor i-1 --profile 'a b' --region eu-west-1  "), "{}", told(&text));
    }

    #[test]
    fn a_missing_key_is_said_as_it_is() {
        assert_eq!(Catalogue::english().say("no-such-key"), "no-such-key");
    }

    #[test]
    fn no_sentence_has_a_hole_whichever_of_its_values_is_empty() {
        Language::all().for_each(assert_no_holes);
    }

    fn assert_no_holes(language: Language) {
        let text = Catalogue::new(language);
        for key in keys(language.sources()).keys() {
            let source = source_of(key, language);
            let values = source.split("{ $").skip(1).filter_map(|rest| rest.split([' ', '}']).next());
            let names: BTreeSet<&'static str> = values.map(|name| &*name.to_owned().leak()).collect();
            assert_eq!(source.contains('$'), !names.is_empty(), "{key}: {source}");
            for word in variants(&source) {
                let full: Vec<(&'static str, Value)> = names.iter().map(|name| (*name, word.clone().into())).collect();
                assert_whole(key, &text.say_with(key, &full));
                for (at, (name, _)) in full.iter().enumerate() {
                    let (mut empty, mut absent) = (full.clone(), full.clone());
                    empty[at].1 = " ".into();
                    absent.remove(at);

                    let (said, is_whole) = text.sentence(key, &empty);

                    assert_whole(key, &said.replace(HOLE, NOTHING));
                    assert_eq!(said.contains(HOLE), !is_whole, "{key} without {name}");
                    assert!(is_whole || text.say_if_whole(key, &empty).is_none(), "{key} without {name}");
                    assert!(is_whole || text.say_if_whole(key, &absent).is_none(), "{key} lacks {name}");
                }
            }
        }
    }

    /// A particle depends on the sound before it, and how a value sounds is not known: values stand behind a colon or in
    /// brackets, and what follows one at once is a counter.
    #[test]
    fn no_korean_particle_hangs_on_a_value() {
        let counters = ["개", "초", "분", "시간", "일", "대", "번", "줄", "행", "열", "곳", "자", "바이트"];
        let hanging = |source: &str| {
            let behind = source.split('}').skip(1).map(str::to_owned);
            behind
                .filter(|rest| {
                    rest.starts_with(|c| matches!(c, '가'..='힣')) && !counters.iter().any(|word| rest.starts_with(word))
                })
                .count()
        };
        let korean = Language::named("ko").expect("Korean is spoken");

        for (file, source) in korean.sources() {
            for line in source.lines() {
                assert_eq!(hanging(line), 0, "{file}: {line}");
            }
        }
        assert_eq!(hanging("프로필 { $profile }을 찾지 못했습니다"), 1);
    }

    #[cfg(debug_assertions)]
    #[test]
    #[should_panic(expected = "body-no-region lacks a value")]
    fn an_empty_value_in_a_sentence_ends_the_test_that_gives_it() {
        Catalogue::english().say_with("body-no-region", &[("profile", "".into())]);
    }

    #[test]
    fn an_empty_value_that_is_not_said_is_no_hole() {
        let values = [("named", "no".into()), ("profile", "".into())];

        assert_eq!(Catalogue::english().say_with("error-no-region", &values), "No region is set.");
    }

    /// The lines of an entry, and of those that it says.
    fn source_of(key: &str, language: Language) -> String {
        let entry = language.sources().iter().find_map(|(_, source)| {
            let (_, entry) = source.split_once(&format!("\n{key} ="))?;
            let mut lines = entry.split_inclusive('\n');
            Some(lines.next()?.to_owned() + &lines.take_while(|line| line.starts_with([' ', '}'])).collect::<String>())
        });
        let entry = entry.unwrap_or_default();
        let parts = entry.split("{ ").skip(1).filter_map(|rest| rest.split_once(" }"));
        let parts: String = parts.map(|(part, _)| source_of(part, language)).collect();
        entry + &parts
    }

    /// What a sentence may choose between, and a word that is none of them.
    fn variants(source: &str) -> Vec<String> {
        let heads = source.lines().map(|line| line.trim().trim_start_matches('*')).filter_map(|line| line.strip_prefix('['));
        heads.filter_map(|line| line.split_once(']')).map(|(word, _)| word.to_owned()).chain(["word".to_owned()]).collect()
    }

    fn assert_whole(key: &str, sentence: &str) {
        // Three spaces stand between a command and its aside, and the help has columns.
        let sentence = sentence.replace("   ", " ");
        let is_table = ["shell-help", "help-marks", "command-ec2dash-before"].iter().any(|start| key.starts_with(start));
        for hole in ["  ", " ,", " ;", "()", "( ", " )", "\"\"", "``", "[]"] {
            assert!(is_table || !sentence.contains(hole), "{key} has `{hole}`: {sentence}");
        }
        let ends_in_a_gap = [": ", " .", " :"].iter().any(|end| sentence.ends_with(end));
        assert!(!sentence.is_empty() && !ends_in_a_gap && !sentence.contains("{$"), "{key}: {sentence}");
    }
}
