//! What a shell may be offered for a value: profiles, regions, columns, ways in, saved tunnels. Files are read; nothing is asked or said.

use std::path::PathBuf;

use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use strum::IntoEnumIterator as _;

use crate::access::Method;
use crate::aws;
use crate::columns::Column;
use crate::config::{self, Directories, InventoryCache, Presence, SessionListings, Settings};
use crate::fixes::FixId;
use crate::text::Language;

/// Whether a shell takes the word as it stands, whatever it does with it: on the command line of the user, who may just press Enter.
/// A name that is not plain is left out; typed by hand, in quotes, it is as good as any other.
pub fn is_plain(word: &str) -> bool {
    let is_taken = |character: char| character.is_alphanumeric() || "_-.,/@:+=%".contains(character);
    !word.is_empty() && word.chars().all(is_taken)
}

/// The profiles of the AWS files that can be used, then the places that SSO sessions gave last.
pub fn profiles() -> ArgValueCandidates {
    offer(|| {
        let names = aws::profile_names(&aws::Environment::of_process());
        let names: Vec<String> = names.into_iter().map(|name| name.raw().to_owned()).collect();
        let directories = Directories::of(&config::process_environment(), config::account_home().as_deref());
        // A comma would make two of it.
        let places = SessionListings::new(directories.cache).places().into_iter().map(|place| place.to_string());
        let places: Vec<String> = places.filter(|place| !place.contains(',') && !names.contains(place)).collect();
        names.into_iter().chain(places).map(|name| (name, "")).collect()
    })
}

/// The regions we know, with their cities, and all of them.
pub fn regions() -> ArgValueCandidates {
    offer(|| {
        let known = aws::known_regions().iter().map(|(name, city)| ((*name).to_owned(), *city));
        known.chain([("all".to_owned(), "")]).collect()
    })
}

/// The columns by their names.
pub fn columns() -> ArgValueCandidates {
    offer(|| Column::names().map(|name| (name.to_owned(), "")).collect())
}

/// The languages, and the one that the settings and the locale ask for.
pub fn languages() -> ArgValueCandidates {
    offer(|| std::iter::once("auto").chain(Language::all().map(Language::tag)).map(|tag| (tag.to_owned(), "")).collect())
}

/// The fixes.
pub fn fixes() -> ArgValueCandidates {
    offer(|| FixId::iter().map(|id| (id.as_str().to_owned(), "")).collect())
}

/// The ways in.
pub fn methods() -> ArgValueCandidates {
    let ids = || Method::ALL.iter().map(|method| method.id());
    offer(move || std::iter::once("auto").chain(ids()).map(|id| (id.to_owned(), "")).collect())
}

/// The tunnels of the config file, with the `@` that makes a name one of them, and the instances.
pub fn tunnels_and_targets() -> ArgValueCandidates {
    offer(|| {
        let tunnels = settings().tunnels.into_keys().map(|name| (format!("@{name}"), ""));
        tunnels.chain(known_targets()).collect()
    })
}

/// The instances that the dashboard listed last, by name and id.
pub fn targets() -> ArgValueCandidates {
    offer(known_targets)
}

fn known_targets() -> Vec<(String, &'static str)> {
    let environment = config::process_environment();
    let directories = Directories::of(&environment, config::account_home().as_deref());
    InventoryCache::new(directories.cache).targets().into_iter().map(|target| (target, "")).collect()
}

/// The places that have a name in the config file.
pub fn places() -> ArgValueCandidates {
    offer(|| settings().places.into_keys().map(|name| (name, "")).collect())
}

/// What the config file says. One with a mistake offers nothing; whoever runs the command is told.
fn settings() -> Settings {
    let environment = config::process_environment();
    let directories = Directories::of(&environment, config::account_home().as_deref());
    let named = environment.get("EC2DASH_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    let loaded = named.or_else(|| directories.config_file());
    let loaded = loaded.map(|path| config::load(&path, Presence::Optional, directories.home.as_deref()).unwrap_or_default());
    loaded.unwrap_or_default().settings
}

/// Words with what a shell may say beside them.
fn offer(words: impl Fn() -> Vec<(String, &'static str)> + Send + Sync + 'static) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let plain = words().into_iter().filter(|(word, _)| is_plain(word) && !word.starts_with('-'));
        plain.map(|(word, help)| CompletionCandidate::new(word).help((!help.is_empty()).then(|| help.into()))).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_a_shell_would_read_otherwise_is_not_plain() {
        for word in ["prod", "prod-admin_2", "corp/admin@eu", "프로드", "a:b=c", "us-east-1", "@db"] {
            assert!(is_plain(word), "{word}");
        }
        for word in [
            "",
            "a b",
            "$(x)",
            "`x`",
            "a;b",
            "a|b",
            "*",
            "?",
            "[a]",
            "~",
            "#x",
            "!x",
            "a'b",
            "a\"b",
            "a\\b",
            "{a,b}",
            "a&",
            "\u{1b}[2J",
            "a\nb",
            "<x",
            "(x)",
        ] {
            assert!(!is_plain(word), "{word:?}");
        }
    }

    #[test]
    fn every_region_column_and_way_in_can_be_offered() {
        let count = |offers: ArgValueCandidates| offers.candidates().len();

        assert_eq!(count(regions()), aws::known_regions().len() + 1);
        assert_eq!(count(columns()), Column::names().count());
        assert_eq!(count(methods()), Method::ALL.len() + 1);
    }
}
