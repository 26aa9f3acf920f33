//! `[places.NAME]`: sets of profiles and regions with a name.

use std::collections::BTreeMap;

use super::PlaceSet;
use super::section::{Section, shown};
use super::value::parsed;

/// The longest name; it is typed after an `@`.
const LONGEST_NAME: usize = 40;

/// All tables under `[places]`.
pub(super) fn read_places(section: &Section<'_, '_>) -> BTreeMap<String, PlaceSet> {
    let mut places = BTreeMap::new();
    for (name, table) in section.named_sections() {
        if !is_name(name.text) {
            section.notes().object(name.span.clone(), "config-not-a-place-name", vec![("value", name.shown())]);
        }
        let mut set = PlaceSet::default();
        if let Some(profiles) = table.some_texts("profiles") {
            for profile in profiles.iter().filter(|profile| profile.text.trim().is_empty()) {
                table.notes().object(profile.span.clone(), "config-not-a-profile", vec![("value", profile.shown())]);
            }
            set.profiles = profiles.iter().map(|profile| profile.text.to_owned()).collect();
        }
        if let Some(regions) = table.some_texts("regions") {
            set.all_regions = regions.iter().any(|region| region.text == "all");
            let named = regions.iter().filter(|region| region.text != "all");
            set.regions = named.filter_map(|region| parsed(&table, region, "config-not-a-region")).collect();
        }
        if table.has("profiles").is_none() && table.has("regions").is_none() {
            section.notes().object(name.span.clone(), "config-places-empty", vec![("name", shown(name.text))]);
        }
        // A mistyped key would make the set larger than it says.
        table.finish_strictly();
        places.insert(name.text.to_owned(), set);
    }
    places
}

fn is_name(name: &str) -> bool {
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.');
    !name.is_empty() && name.chars().count() <= LONGEST_NAME && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use crate::text::Catalogue;

    fn problems(source: &str) -> Vec<String> {
        let text = Catalogue::english();
        let found = parse(source, None).unwrap_err();
        found.findings.iter().map(|finding| finding.located(&text)).collect()
    }

    #[test]
    fn a_set_holds_profiles_and_regions_or_one_of_them() {
        let source = "[places.prod]\nprofiles = [\"corp/*/ReadOnly\", \"prod-admin\"]\nregions = [\"ap-northeast-2\", \"us-east-1\"]\n\
                      [places.all]\nregions = [\"all\"]\n[places.both]\nprofiles = [\"a\", \"b\"]\n";

        let places = parse(source, None).unwrap().settings.places;

        assert_eq!(places["prod"].profiles, ["corp/*/ReadOnly", "prod-admin"]);
        assert_eq!(places["prod"].regions.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ap-northeast-2", "us-east-1"]);
        assert!(places["all"].all_regions && places["all"].profiles.is_empty() && places["all"].regions.is_empty());
        assert!(!places["both"].all_regions && places["both"].regions.is_empty());
    }

    #[test]
    fn what_is_wrong_with_a_set_is_told_at_its_line_with_the_nearest_word() {
        for (source, line, expected) in [
            ("\n[places.prod]\nprofile = [\"a\"]\n", "line 3,", "unknown key \"profile\". Did you mean \"profiles\"?"),
            ("[places.prod]\nregions = [\"mars\"]\n", "line 2,", "\"mars\" is not a region's name"),
            ("[places.prod]\nprofiles = \"a\"\n", "line 2,", "profiles"),
            ("[places.prod]\nprofiles = []\n", "line 2,", "profiles"),
            ("[places.prod]\nprofiles = [\" \"]\n", "line 2,", "\" \" is not a profile's name"),
            ("[places.\"a b\"]\nprofiles = [\"a\"]\n", "line 1,", "\"a b\" is no name for places"),
            ("[places.prod]\n", "line 1,", "the places prod need profiles"),
        ] {
            let problems = problems(source);
            assert!(problems.iter().any(|told| told.starts_with(line) && told.contains(expected)), "{source}: {problems:?}");
        }
    }
}
