//! Themes of the user's own: `themes/NAME.toml` beside the settings, a colour for each tone.

use std::fs;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::section::{Notes, Quoted, Section, nearest, shown};
use super::{Colour, Finding, OwnColours, ThemeName};

/// Most themes that are offered: a directory may hold anything.
const MOST_THEMES: usize = 100;
/// Longest name of a theme.
const LONGEST_NAME: usize = 40;
/// What a colour can be called: the terminal's own 16, in its order.
const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// The themes to be based on.
const BASES: [(&str, ThemeName); 5] = [
    ("dark", ThemeName::Dark),
    ("light", ThemeName::Light),
    ("colorblind-dark", ThemeName::ColorblindDark),
    ("colorblind-light", ThemeName::ColorblindLight),
    ("high-contrast", ThemeName::HighContrast),
];

/// The names of the user's themes, in order.
pub fn own_themes(settings_file: &Path) -> Vec<String> {
    let Ok(files) = fs::read_dir(directory(settings_file)) else { return Vec::new() };
    let name = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok()?.strip_suffix(".toml")?.to_owned();
        (is_name(&name) && ThemeName::built_in(&name).is_none()).then_some(name)
    };
    let mut names: Vec<String> = files.flatten().filter_map(name).take(MOST_THEMES).collect();
    names.sort();
    names
}

/// The text of a theme's file. A colour that is wrong leaves that of the base; a text that is no TOML leaves nothing.
pub fn parse_theme(source: &str) -> (Option<OwnColours>, Vec<Finding>) {
    let notes = Notes::new(source);
    let (document, errors) = DeTable::parse_recoverable(source);
    let is_whole = errors.is_empty();
    for error in errors {
        notes.object(error.span().unwrap_or_default(), "config-syntax", vec![("message", shown(error.message()))]);
    }
    let file = Section::new(&notes, document.get_ref());
    let colour = |tone| file.text(tone).and_then(|quoted| colour(&file, &quoted));
    let colours = OwnColours {
        base: file.word("base", &BASES),
        ground: colour("ground"),
        text: colour("text"),
        accent: colour("accent"),
        good: colour("good"),
        problem: colour("problem"),
        bad: colour("bad"),
        unknown: colour("unknown"),
        faint: colour("faint"),
        cursor: colour("cursor"),
    };
    file.finish_strictly();
    let (_, problems) = notes.finish();
    (is_whole.then_some(colours), problems)
}

fn colour(section: &Section<'_, '_>, quoted: &Quoted<'_>) -> Option<Colour> {
    if let Some(at) = NAMES.iter().position(|name| *name == quoted.text) {
        return u8::try_from(at).ok().map(Colour::Terminal);
    }
    let rgb = quoted.text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|c| c.is_ascii_hexdigit()));
    if let Some(value) = rgb.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
        let [_, red, green, blue] = value.to_be_bytes();
        return Some(Colour::Rgb(red, green, blue));
    }
    let known: Vec<&str> = std::iter::once("#RRGGBB").chain(NAMES).collect();
    section.wrong_word("colour", quoted, nearest(quoted.text, NAMES.into_iter()), &known);
    None
}

pub(super) fn directory(settings_file: &Path) -> PathBuf {
    settings_file.parent().unwrap_or(Path::new("")).join("themes")
}

/// Nothing that leads out of the directory, and nothing that has to be cleaned for a screen.
pub(super) fn is_name(name: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Catalogue;

    fn told(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(|finding| finding.located(&Catalogue::english())).collect()
    }

    #[test]
    fn a_theme_is_a_colour_for_each_tone_on_a_base() {
        let (colours, findings) = parse_theme("base = \"light\"\ngood = \"#00AaFf\"\nbad = \"bright-red\"\n");

        let colours = colours.unwrap();
        assert_eq!(told(&findings), Vec::<String>::new());
        assert_eq!(colours.base, Some(ThemeName::Light));
        assert_eq!((colours.good, colours.bad), (Some(Colour::Rgb(0, 0xAA, 0xFF)), Some(Colour::Terminal(9))));
        assert_eq!(colours.cursor, None);
    }

    #[test]
    fn an_unknown_tone_and_a_bad_colour_are_told_with_line_and_nearest_word_and_the_others_count() {
        let (colours, findings) =
            parse_theme("goood = \"#ffffff\"\nbad = \"gren\"\ncursor = \"#12345\"\nfaint = 7\ntext = \"red\"\n");

        assert_eq!(
            told(&findings),
            [
                "line 1, column 1: unknown key \"goood\". Did you mean \"good\"?",
                "line 2, column 7: unknown colour \"gren\". Did you mean \"green\"?",
                "line 3, column 10: unknown colour \"#12345\". Valid: #RRGGBB, black, red, green, yellow, blue, magenta, cyan, white, \
                 bright-black, bright-red, bright-green, bright-yellow, bright-blue, bright-magenta, bright-cyan, bright-white",
                "line 4, column 9: faint must be a text in quotes, not a whole number",
            ]
        );
        assert_eq!(colours, Some(OwnColours { text: Some(Colour::Terminal(1)), ..OwnColours::default() }));
    }

    #[test]
    fn what_is_no_toml_is_no_theme() {
        let (colours, findings) = parse_theme("text = \"red\"\nbad = \"#ff\n");

        assert_eq!((colours, findings[0].line), (None, 2));
    }

    #[test]
    fn the_themes_of_the_directory_are_listed_by_name() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("themes")).unwrap();
        for name in ["sea.toml", "dusk.toml", "dark.toml", "notes.txt", "a b.toml", "\u{1b}.toml"] {
            fs::write(directory.path().join("themes").join(name), "").unwrap();
        }

        assert_eq!(own_themes(&directory.path().join("config.toml")), ["dusk", "sea"]);
        assert_eq!(own_themes(Path::new("/nonexistent/config.toml")), Vec::<String>::new());
    }
}
