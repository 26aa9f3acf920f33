//! The languages there are, and which one is asked for.

/// The words of one language: `sources` are the files of its folder in `assets/locales`, by name.
pub(super) struct Files {
    pub(super) tag: &'static str,
    pub(super) sources: &'static [(&'static str, &'static str)],
}

/// Every folder of `assets/locales`, in the order of their tags.
pub(super) static LANGUAGES: &[Files] = include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language that the program speaks: its tag is the name of its folder in `assets/locales`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(&'static str);

impl Language {
    /// The source of all text, and what is said where another language has no words.
    pub const ENGLISH: Self = Self("en");

    /// Every language there is.
    pub fn all() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(|files| Self(files.tag))
    }

    /// The language that somebody names, as `ko` or as a locale (`ko_KR.UTF-8`), if we speak it.
    pub fn named(name: &str) -> Option<Self> {
        let language = language_of(name);
        Self::all().find(|known| known.0.eq_ignore_ascii_case(language))
    }

    /// The language of the locale, by the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that says anything; English where that is
    /// none we speak.
    pub fn of_locale<'a>(variable: impl Fn(&str) -> Option<&'a str>) -> Self {
        let said =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
        said.and_then(Self::named).unwrap_or(Self::ENGLISH)
    }

    /// The tag: `en`.
    pub fn tag(self) -> &'static str {
        self.0
    }

    /// Its files; none for a language that a test made up.
    pub(super) fn sources(self) -> &'static [(&'static str, &'static str)] {
        LANGUAGES.iter().find(|files| files.tag == self.0).map_or(&[], |files| files.sources)
    }
}

/// The language of a locale's name: `ko` of `ko_KR.UTF-8`.
fn language_of(locale: &str) -> &str {
    locale.split(['_', '-', '.', '@']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_says_anything_decides() {
        let asked = |variables: &'static [(&'static str, &'static str)]| {
            Language::of_locale(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value))
        };

        assert_eq!(asked(&[("LANG", "EN_us.UTF-8")]), Language::ENGLISH);
        assert_eq!(asked(&[("LANG", "ko_KR.UTF-8")]).tag(), "ko");
        assert_eq!(asked(&[("LC_ALL", "C.UTF-8"), ("LANG", "ko_KR.UTF-8")]), Language::ENGLISH);
        assert_eq!(asked(&[("LC_MESSAGES", "ko_KR.UTF-8"), ("LANG", "en_US.UTF-8")]).tag(), "ko");
        assert_eq!(asked(&[("LANG", "fr_FR.UTF-8")]), Language::ENGLISH);
        assert_eq!(asked(&[("LC_ALL", ""), ("LANG", "C")]), Language::ENGLISH);
        assert_eq!(asked(&[]), Language::ENGLISH);
    }

    #[test]
    fn a_locale_names_its_language_first() {
        for locale in ["ko", "ko_KR", "ko_KR.UTF-8", "ko-KR", "ko.UTF-8@han"] {
            assert_eq!(language_of(locale), "ko", "{locale}");
        }
    }

    #[test]
    fn english_is_one_of_them() {
        assert!(Language::all().any(|language| language == Language::ENGLISH));
        assert!(!Language::ENGLISH.sources().is_empty());
    }
}
