//! Every sentence we say, by key and values, in the language asked for.
//!
//! The words are in `assets/locales/<language>/*.ftl`, one file a room. A message that another language lacks is said in
//! English. Values are plain strings: foreign text must have passed `model::Untrusted::shown` before it comes here.

mod age;
mod shell;
mod size;

use std::collections::HashMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use age::short_age;
pub use shell::shell_word;
pub use size::size;

/// The English files, in one place so that a new file is one line.
const ENGLISH: &[(&str, &str)] = &[
    ("access", include_str!("../../assets/locales/en/access.ftl")),
    ("aws", include_str!("../../assets/locales/en/aws.ftl")),
    ("cli", include_str!("../../assets/locales/en/cli.ftl")),
    ("columns", include_str!("../../assets/locales/en/columns.ftl")),
    ("config", include_str!("../../assets/locales/en/config.ftl")),
    ("connect", include_str!("../../assets/locales/en/connect.ftl")),
    ("tui", include_str!("../../assets/locales/en/tui.ftl")),
];

/// A value in a sentence.
pub type Value = FluentValue<'static>;

/// What there is of some words, in a row: a value of which a part may be absent leaves no gap in its sentence.
pub fn joined<'a>(separator: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(separator)
}

/// All sentences in one language.
pub struct Catalogue {
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").field("bundles", &self.bundles.len()).finish()
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::english()
    }
}

impl Catalogue {
    /// The English sentences.
    pub fn english() -> Self {
        Self { bundles: vec![bundle("en", ENGLISH)] }
    }

    /// The sentence for `key`. A key that no file has comes back as itself, so that a mistake is visible and nothing ends.
    pub fn say(&self, key: &str) -> String {
        self.say_with(key, &[])
    }

    /// The sentence for `key` with its values.
    pub fn say_with(&self, key: &str, values: &[(&'static str, Value)]) -> String {
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        for bundle in &self.bundles {
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
            return bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
        }
        key.to_owned()
    }

    /// Whether there is a sentence for `key`.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.iter().any(|bundle| bundle.has_message(key))
    }
}

fn bundle(language: &str, files: &[(&str, &str)]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = language.parse().expect("our own language tags are well formed");
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // The default puts U+2068 and U+2069 around values: bidi marks on a terminal, which the gate to the screen keeps out.
    bundle.set_use_isolating(false);
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

/// Every key of the English files with the names of its values, to hold another language against.
pub fn keys() -> HashMap<String, Vec<String>> {
    let mut keys = HashMap::new();
    for (_, source) in ENGLISH {
        let mut key = None;
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =").filter(|(name, _)| !name.starts_with([' ', '#', '-'])) {
                key = Some(name.to_owned());
            }
            if let Some(key) = &key {
                let values: &mut Vec<String> = keys.entry(key.clone()).or_default();
                values.extend(line.split("{ $").skip(1).filter_map(|rest| {
                    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
                    (!name.is_empty()).then_some(name)
                }));
            }
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_well_formed_and_no_key_stands_twice() {
        let mut seen = HashMap::new();
        for (file, source) in ENGLISH {
            if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                panic!("{file}.ftl: {errors:?}");
            }
            for line in source.lines() {
                if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| !key.starts_with([' ', '#'])) {
                    assert_eq!(seen.insert(key.to_owned(), *file), None, "{key} stands twice");
                }
            }
        }
    }

    #[test]
    fn a_missing_key_is_said_as_it_is() {
        assert_eq!(Catalogue::english().say("no-such-key"), "no-such-key");
    }
}
