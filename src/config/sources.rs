//! Which source wins: flag, then `EC2DASH_*` and `AWS_*`, then the file, then what is built in.

use super::section::nearest;
use super::{Environment, Finding, Glyphs, Settings};
use crate::model::{Region, Untrusted};

/// What a flag or its `EC2DASH_*` variable asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--profile`.
    pub profiles: Vec<String>,
    /// `--places`.
    pub places: Option<String>,
    /// `--region`.
    pub regions: Vec<Region>,
    /// `--region all`.
    pub all_regions: bool,
    /// `--read-only`.
    pub read_only: bool,
}

/// Where credentials come from when no profile is asked for: each by all of its variables, half of one gives none.
const CREDENTIAL_VARIABLES: [&[&str]; 6] = [
    &["AWS_PROFILE"],
    &["AWS_DEFAULT_PROFILE"],
    &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
    &["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
    &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"],
    &["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
];

/// Put what was asked for over the settings of the file.
pub fn apply(settings: &mut Settings, flags: &Flags, environment: &Environment) -> Result<(), Finding> {
    let given = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    if !flags.profiles.is_empty() {
        settings.profiles.clone_from(&flags.profiles);
    } else if given("AWS_ACCESS_KEY_ID").is_some() && given("AWS_SECRET_ACCESS_KEY").is_none() {
        // Passed over it would be another account that acts.
        return Err(Finding::of_file("variable-half-a-key", Vec::new()));
    } else if CREDENTIAL_VARIABLES.iter().any(|names| names.iter().all(|name| given(name).is_some())) {
        // The AWS SDK reads these itself, and a profile of the file would beat them.
        settings.profiles.clear();
    }
    if flags.all_regions || !flags.regions.is_empty() {
        settings.regions.clone_from(&flags.regions);
        settings.all_regions = flags.all_regions;
    } else if let Some((name, value)) = ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().find_map(|name| Some((*name, given(name)?))) {
        let region = value.parse().map_err(|_| wrong_region(name, value))?;
        settings.regions = vec![region];
        settings.all_regions = false;
    }
    // What was named beside a set beats it, and the set beats everything else.
    let set = flags.places.as_ref().map(|name| settings.places.get(name).ok_or_else(|| no_places(name, settings)).cloned());
    if let Some(set) = set.transpose()? {
        if flags.profiles.is_empty() && !set.profiles.is_empty() {
            settings.profiles = set.profiles;
        }
        if !flags.all_regions && flags.regions.is_empty() && (set.all_regions || !set.regions.is_empty()) {
            (settings.regions, settings.all_regions) = (set.regions, set.all_regions);
        }
    }
    settings.read_only |= flags.read_only;
    if is_set(environment, "EC2DASH_ASCII") {
        settings.ui.glyphs = Glyphs::Ascii;
    }
    Ok(())
}

fn no_places(name: &str, settings: &Settings) -> Finding {
    let known = || settings.places.keys().map(String::as_str);
    let value = Untrusted::from(name).shown_in(40);
    match nearest(name, known()) {
        Some(near) => Finding::of_file("no-places-near", vec![("value", value), ("nearest", near.to_owned())]),
        None => {
            let known = known().map(|name| Untrusted::from(name).shown_in(40)).collect::<Vec<_>>().join(", ");
            let code = if known.is_empty() { "no-places-at-all" } else { "no-places" };
            Finding::of_file(code, vec![("value", value), ("known", known)])
        }
    }
}

fn wrong_region(name: &'static str, value: &str) -> Finding {
    let value = Untrusted::from(value).shown_in(40);
    Finding::of_file("variable-not-a-region", vec![("name", name.to_owned()), ("value", value)])
}

/// Whether a switch is on: anything but nothing, `0`, `false`, `no`, `off`.
pub fn is_set(environment: &Environment, name: &str) -> bool {
    environment.get(name).is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false" | "no" | "off"))
}

#[cfg(test)]
mod tests {
    use super::super::PlaceSet;
    use super::*;

    fn settled(file: Settings, flags: &Flags, pairs: &[(&str, &str)]) -> Settings {
        let mut settings = file;
        let environment = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        apply(&mut settings, flags, &environment).unwrap();
        settings
    }

    fn region(name: &str) -> Region {
        name.parse().unwrap()
    }

    #[test]
    fn a_flag_beats_the_environment_and_the_environment_beats_the_file() {
        let file = || Settings { profiles: vec!["file".to_owned()], regions: vec![region("eu-west-1")], ..Settings::default() };
        let flag = Flags { profiles: vec!["flag".to_owned()], regions: vec![region("us-west-2")], ..Flags::default() };
        let variables = [("AWS_PROFILE", "env"), ("AWS_REGION", "us-east-1"), ("AWS_DEFAULT_REGION", "us-east-2")];

        let by_flag = settled(file(), &flag, &variables);
        let by_environment = settled(file(), &Flags::default(), &variables);
        let by_file = settled(file(), &Flags::default(), &[("AWS_PROFILE", ""), ("AWS_REGION", "")]);

        assert_eq!((by_flag.profiles, by_flag.regions), (vec!["flag".to_owned()], vec![region("us-west-2")]));
        assert_eq!((by_environment.profiles, by_environment.regions), (Vec::new(), vec![region("us-east-1")]));
        assert_eq!((by_file.profiles, by_file.regions), (vec!["file".to_owned()], vec![region("eu-west-1")]));
    }

    #[test]
    fn what_gives_no_credentials_drops_no_profile_and_half_a_key_is_refused() {
        let file = || Settings { profiles: vec!["file".to_owned()], ..Settings::default() };
        let profile = |pairs: &[(&str, &str)]| settled(file(), &Flags::default(), pairs).profiles.first().cloned();

        assert_eq!(profile(&[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")]).as_deref(), Some("file"));
        assert_eq!(profile(&[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn")]), None);
        assert_eq!(profile(&[("AWS_ACCESS_KEY_ID", "AKIAX"), ("AWS_SECRET_ACCESS_KEY", "s")]), None);

        let half: Environment = [("AWS_ACCESS_KEY_ID".to_owned(), "AKIAX".to_owned())].into();
        let flag = Flags { profiles: vec!["flag".to_owned()], ..Flags::default() };
        assert_eq!(apply(&mut file(), &Flags::default(), &half).unwrap_err().code, "variable-half-a-key");
        assert!(apply(&mut file(), &flag, &half).is_ok());
    }

    #[test]
    fn one_region_asked_for_ends_the_files_all() {
        let file = Settings { all_regions: true, ..Settings::default() };

        assert!(!settled(file, &Flags::default(), &[("AWS_REGION", "us-east-1")]).all_regions);
    }

    #[test]
    fn a_set_of_places_beats_the_environment_and_what_is_named_beside_it_beats_the_set() {
        let set = PlaceSet { profiles: vec!["a*".to_owned()], regions: vec![region("eu-west-1")], all_regions: false };
        let file = || Settings { places: [("prod".to_owned(), set.clone())].into(), all_regions: true, ..Settings::default() };
        let flags = Flags { places: Some("prod".to_owned()), ..Flags::default() };

        let whole = settled(file(), &flags, &[("AWS_PROFILE", "x"), ("AWS_REGION", "us-east-1")]);
        let narrower = Flags { regions: vec![region("us-west-2")], ..flags.clone() };
        let part = settled(file(), &narrower, &[]);
        let near = apply(&mut file(), &Flags { places: Some("prd".to_owned()), ..flags }, &Environment::new()).unwrap_err();

        assert_eq!((whole.profiles, whole.regions, whole.all_regions), (vec!["a*".to_owned()], vec![region("eu-west-1")], false));
        assert_eq!((part.profiles, part.regions), (vec!["a*".to_owned()], vec![region("us-west-2")]));
        assert_eq!(near.code, "no-places-near");
    }

    #[test]
    fn read_only_is_on_if_anyone_says_so() {
        let on = Flags { read_only: true, ..Flags::default() };
        let file = Settings { read_only: true, ..Settings::default() };

        assert!(settled(Settings::default(), &on, &[]).read_only);
        assert!(settled(file, &Flags::default(), &[]).read_only);
    }

    #[test]
    fn a_region_that_is_none_is_refused_before_any_call() {
        let environment = [("AWS_REGION".to_owned(), "us-east-1.evil.com#".to_owned())].into();

        assert!(apply(&mut Settings::default(), &Flags::default(), &environment).is_err());
    }

    #[test]
    fn a_switch_is_off_by_nothing_zero_and_no() {
        for (value, expected) in [("1", true), ("yes", true), ("0", false), ("", false), ("No", false), ("off", false)] {
            let environment = [("X".to_owned(), value.to_owned())].into();
            assert_eq!(is_set(&environment, "X"), expected, "{value}");
        }
    }
}
