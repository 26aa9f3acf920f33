//! Which language is spoken: the flag's, then the variable's, then that of the settings, then the locale's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::config::{self, Directories, Environment, Presence, is_set};
use crate::text::Language;

/// The language that this run speaks. The words of the command line are looked at before they are parsed, for wrong ones are
/// told in it, too; whoever names a language that there is none of is told so by the parser.
pub fn asked(words: impl IntoIterator<Item = OsString>, environment: &Environment) -> Language {
    let words: Vec<String> =
        words.into_iter().map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--").collect();
    let variable = |name: &str| environment.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let said = value_of(&words, "--lang").or_else(|| variable("EC2DASH_LANG")).filter(|name| *name != "auto");
    let of_file = || {
        // The demo has settings of its own, and nothing in them about this.
        let is_demo = words.iter().any(|word| word == "--demo") || is_set(environment, "EC2DASH_DEMO");
        let named = value_of(&words, "--config").or_else(|| variable("EC2DASH_CONFIG"));
        (!is_demo).then(|| of_settings(named.map(Path::new), environment)).flatten()
    };
    said.and_then(Language::named).or_else(of_file).unwrap_or_else(|| Language::of_locale(variable))
}

/// A language as the flag takes it.
pub fn parse_choice(name: &str) -> Result<String, String> {
    if name == "auto" || Language::named(name).is_some() {
        return Ok(name.to_owned());
    }
    let tags: Vec<&str> = std::iter::once("auto").chain(Language::all().map(Language::tag)).collect();
    Err(format!("there are: {}", tags.join(", ")))
}

/// The value of a flag, `--flag VALUE` or `--flag=VALUE`.
fn value_of<'a>(words: &'a [String], flag: &str) -> Option<&'a str> {
    words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix(flag)? {
        "" => words.get(at + 1).map(String::as_str),
        rest => rest.strip_prefix('='),
    })
}

/// What the file says. One that cannot be used says nothing here, and is told of when it is read for what it is about.
fn of_settings(named: Option<&Path>, environment: &Environment) -> Option<Language> {
    let directories = Directories::of(environment, config::account_home().as_deref());
    let path: PathBuf = named.map(Path::to_owned).or_else(|| directories.config_file())?;
    config::load(&path, Presence::Optional, directories.home.as_deref()).ok()?.settings.ui.lang
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(words: &[&str], variables: &[(&str, &str)]) -> &'static str {
        let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        asked(words.iter().map(Into::into), &environment).tag()
    }

    #[test]
    fn the_flag_beats_the_variable_the_variable_the_file_and_the_file_the_locale() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config.toml");
        std::fs::write(&file, "[ui]\nlang = \"ko\"\n").unwrap();
        let file = file.to_str().unwrap();
        let nowhere = ("XDG_CONFIG_HOME", "/nowhere");

        assert_eq!(tag(&["ec2dash", "ls"], &[nowhere, ("LANG", "en_US.UTF-8")]), "en");
        assert_eq!(tag(&["ec2dash", "ls"], &[nowhere, ("LANG", "ko_KR.UTF-8")]), "ko");
        assert_eq!(tag(&["ec2dash", "--config", file, "ls"], &[("LANG", "en_US.UTF-8")]), "ko");
        assert_eq!(tag(&["ec2dash", "ls"], &[("EC2DASH_CONFIG", file), ("LANG", "en_US.UTF-8")]), "ko");
        assert_eq!(tag(&["ec2dash", "ls"], &[("EC2DASH_CONFIG", file), ("EC2DASH_LANG", "en")]), "en");
        assert_eq!(tag(&["ec2dash", "ls"], &[("EC2DASH_CONFIG", file), ("EC2DASH_LANG", "auto")]), "ko");
        assert_eq!(tag(&["ec2dash", "ls", "--lang=ko"], &[nowhere, ("EC2DASH_LANG", "en")]), "ko");
        assert_eq!(tag(&["ec2dash", "--lang", "en", "ls"], &[("EC2DASH_CONFIG", file), ("LANG", "ko_KR")]), "en");
    }

    #[test]
    fn what_stands_behind_two_dashes_is_not_ours() {
        let variables = [("XDG_CONFIG_HOME", "/nowhere")];

        assert_eq!(tag(&["ec2dash", "exec", "web-1", "--", "x", "--lang", "ko"], &variables), "en");
    }

    #[test]
    fn the_demo_does_not_read_the_users_settings() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("config.toml");
        std::fs::write(&file, "[ui]\nlang = \"ko\"\n").unwrap();

        assert_eq!(tag(&["ec2dash", "--demo"], &[("EC2DASH_CONFIG", file.to_str().unwrap())]), "en");
    }

    #[test]
    fn a_language_that_nobody_here_speaks_is_refused() {
        assert!(parse_choice("auto").is_ok() && parse_choice("ko").is_ok() && parse_choice("ko_KR.UTF-8").is_ok());
        assert_eq!(parse_choice("fr").unwrap_err(), "there are: auto, en, ko");
    }
}
