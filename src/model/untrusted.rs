//! Text that somebody else wrote, and its one gate to the screen.

use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Most combining marks that one letter keeps on a screen.
const MARKS_KEPT: usize = 2;
/// Columns of a tab stop.
const TAB: usize = 8;
/// What stands for a character that must not reach a screen.
const STAND_IN: char = '·';
/// What stands for the rest of a cut text.
const ELLIPSIS: char = '…';

/// Text from AWS, a server or a file: tags, names, errors, banners. It has no `Display`; on a screen it appears only as
/// [`Self::shown`] or [`Self::shown_in`], which hold no control, bidi or invisible character. A clone shares the text.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Untrusted(Arc<str>);

impl Untrusted {
    /// The text itself: to compare, to send back to AWS, and for encoders that escape (JSON). Never for a screen, argv or a path.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The whole text in one line, composed (NFC), with a visible stand-in for what must not reach a screen.
    pub fn shown(&self) -> String {
        show(self.0.nfc(), usize::MAX)
    }

    /// As [`Self::shown`], cut to at most `columns` display columns with `…`.
    pub fn shown_in(&self, columns: usize) -> String {
        // A prefix is enough: every display column needs at most a few characters, and a name may have a megabyte.
        let enough = columns.saturating_mul(8).saturating_add(64);
        show(self.0.chars().take(enough).nfc(), columns)
    }

    /// Each line as [`Self::shown`], with tabs as the spaces they stand for: what a program printed, its columns kept.
    pub fn shown_lines(&self) -> impl Iterator<Item = String> {
        self.0.lines().map(|line| {
            let mut shown = String::new();
            for (number, part) in line.split('\t').enumerate() {
                if number > 0 {
                    shown.push_str(&" ".repeat(TAB - shown.width() % TAB));
                }
                shown.push_str(&show(part.nfc(), usize::MAX));
            }
            shown
        })
    }

    /// The text for comparing: composed, so that macOS's decomposed Hangul is found by typed Hangul.
    pub fn composed(&self) -> String {
        self.0.nfc().collect()
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Arc<str>> for Untrusted {
    fn from(text: Arc<str>) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown_in(200))
    }
}

/// Columns that an already shown text takes on a terminal.
pub fn display_width(shown: &str) -> usize {
    shown.width()
}

fn show(characters: impl Iterator<Item = char>, columns: usize) -> String {
    let mut clean = String::new();
    let (mut marks, mut has_letter) = (0, false);
    for character in characters {
        if !is_hidden(character) && is_combining(character) {
            marks += 1;
            match (has_letter, marks) {
                (true, ..=MARKS_KEPT) => clean.push(character),
                // Without a letter they would hang on what stands before the text, or be seen as nothing.
                (false, 1) => clean.push(STAND_IN),
                _ => {}
            }
        } else {
            (marks, has_letter) = (0, true);
            clean.push(if is_hidden(character) { STAND_IN } else { character });
        }
    }
    cut(&clean, columns)
}

/// At most `columns` wide, never splitting what a terminal draws as one.
fn cut(clean: &str, columns: usize) -> String {
    if clean.width() <= columns {
        return clean.to_owned();
    }
    if columns == 0 {
        return String::new();
    }
    let mut kept = String::new();
    let mut width = 0;
    for cluster in clean.graphemes(true) {
        let wide = cluster.width();
        if width + wide > columns - 1 {
            break;
        }
        width += wide;
        kept.push_str(cluster);
    }
    kept.push(ELLIPSIS);
    kept
}

/// Zero-width characters that belong to the letter before them.
fn is_combining(character: char) -> bool {
    unicode_normalization::char::is_combining_mark(character)
}

/// Whether a character moves the cursor, turns the text round or cannot be seen: Cc, Cf, the line and paragraph separators,
/// variation selectors, Hangul and other fillers, tags, private use and what is no character. The replacement of a lone surrogate stays
/// as it is.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{0600}'..='\u{0605}' | '\u{06DD}' | '\u{070F}' | '\u{0890}' | '\u{0891}' | '\u{08E2}'
            | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}'
            | '\u{E000}'..='\u{F8FF}'
            | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
        // The last two of each plane are no characters, and XML forbids those of the first.
        || u32::from(character) & 0xFFFE == 0xFFFE
        // Spaces other than the plain one are visible as a space; wide and odd ones would hide a difference between two names.
        || (character != ' ' && character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_become_visible_and_inert() {
        let hostile = Untrusted::from("a\u{1b}]52;c;Y3Vy\u{7}b\r\n\tc\u{9b}2J\u{7f}\u{2028}\u{85}");

        let shown = hostile.shown();

        assert!(shown.chars().all(|c| !c.is_control()));
        assert_eq!(shown, "a·]52;c;Y3Vy·b···c·2J···");
    }

    #[test]
    fn printed_lines_keep_their_columns_and_lose_what_moves_the_cursor() {
        let printed = Untrusted::from("a\tb\tc\n\u{1b}[2Jx\u{202e}\n가나다\tb\nok\rroot");

        let lines: Vec<String> = printed.shown_lines().collect();

        assert_eq!(lines, ["a       b       c", "·[2Jx·", "가나다  b", "ok·root"]);
    }

    #[test]
    fn all_bidi_controls_and_fillers_are_visible() {
        for hidden in "\u{061C}\u{200E}\u{200F}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\u{200B}\u{200C}\u{FEFF}\u{AD}\u{FE0F}\u{E0041}\u{115F}\u{1160}\u{3164}\u{FFFE}\u{FFFF}\u{FDD0}".chars() {
            assert_eq!(Untrusted::from(format!("a{hidden}b")).shown(), "a·b", "{hidden:?}");
        }
    }

    #[test]
    fn decomposed_hangul_is_composed() {
        let decomposed: String = "결제-api".chars().flat_map(|c| c.nfd_of()).collect();

        assert_eq!(Untrusted::from(decomposed).shown(), "결제-api");
    }

    #[test]
    fn marks_without_a_letter_are_seen() {
        for text in ["\u{1a60}", "\u{301}\u{302}\u{303}\u{304}"] {
            assert_eq!(Untrusted::from(text).shown(), STAND_IN.to_string(), "{text:?}");
        }
        assert_eq!(Untrusted::from("\u{301}web").shown(), format!("{STAND_IN}web"));
    }

    #[test]
    fn a_letter_keeps_at_most_two_marks() {
        let stacked = format!("e{}x", "\u{0300}".repeat(200));

        assert!(Untrusted::from(stacked).shown().chars().count() <= 4);
    }

    #[test]
    fn a_long_text_is_cut_by_display_width() {
        assert_eq!(Untrusted::from("결제-api-1").shown_in(6), "결제-…");
        assert_eq!(Untrusted::from("abc").shown_in(3), "abc");
        assert_eq!(Untrusted::from("x".repeat(1_000_000)).shown_in(5), "xxxx…");
    }

    proptest! {
        #[test]
        fn what_is_shown_is_clean_narrow_and_stays_as_it_is(text in any::<String>(), columns in 0_usize..60) {
            let shown = Untrusted::from(text).shown_in(columns);

            prop_assert!(shown.chars().all(|c| !is_hidden(c)));
            prop_assert!(shown.width() <= columns);
            prop_assert_eq!(Untrusted::from(shown.as_str()).shown_in(columns), shown);
        }
    }

    trait Nfd {
        fn nfd_of(self) -> Vec<char>;
    }
    impl Nfd for char {
        fn nfd_of(self) -> Vec<char> {
            std::iter::once(self).nfd().collect()
        }
    }
}
