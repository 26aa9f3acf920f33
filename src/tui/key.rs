//! A key as the user names it (`j`, `Ctrl-R`, `PgDn`), and what it means on a Korean layout.

use std::fmt;
use std::str::FromStr;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Which key.
    pub cap: Cap,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

/// What is printed on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cap {
    /// A character, shift included.
    Char(char),
    /// A named key.
    Named(&'static str),
}

/// Names of the keys that print nothing.
const NAMED: [(&str, KeyCode); 24] = [
    ("Enter", KeyCode::Enter),
    ("Esc", KeyCode::Esc),
    ("Tab", KeyCode::Tab),
    ("Shift-Tab", KeyCode::BackTab),
    ("Backspace", KeyCode::Backspace),
    ("Delete", KeyCode::Delete),
    ("Up", KeyCode::Up),
    ("Down", KeyCode::Down),
    ("Left", KeyCode::Left),
    ("Right", KeyCode::Right),
    ("Home", KeyCode::Home),
    ("End", KeyCode::End),
    ("PgUp", KeyCode::PageUp),
    ("PgDn", KeyCode::PageDown),
    ("F1", KeyCode::F(1)),
    ("F2", KeyCode::F(2)),
    ("F3", KeyCode::F(3)),
    ("F4", KeyCode::F(4)),
    ("F5", KeyCode::F(5)),
    ("F6", KeyCode::F(6)),
    ("F7", KeyCode::F(7)),
    ("F8", KeyCode::F(8)),
    ("F9", KeyCode::F(9)),
    ("F10", KeyCode::F(10)),
];

impl Key {
    /// A key that prints this character.
    pub const fn character(character: char) -> Self {
        Self { cap: Cap::Char(character), ctrl: false, alt: false }
    }

    /// A key by its name, such as `Enter`. An unknown name is a key nobody can press.
    pub const fn named(name: &'static str) -> Self {
        Self { cap: Cap::Named(name), ctrl: false, alt: false }
    }

    /// This character with Ctrl.
    pub const fn ctrl(character: char) -> Self {
        Self { cap: Cap::Char(character), ctrl: true, alt: false }
    }

    /// The key of a terminal's event; `None` for releases and keys without a name.
    pub fn of(event: &KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        let cap = match event.code {
            // Terminals disagree on the case of a letter with Ctrl.
            KeyCode::Char(character) if ctrl => Cap::Char(character.to_ascii_lowercase()),
            KeyCode::Char(character) => Cap::Char(character),
            code => Cap::Named(NAMED.iter().find(|(_, own)| *own == code)?.0),
        };
        Some(Self { cap, ctrl, alt })
    }

    /// The character that a text field takes, if the key prints one.
    pub fn printed(self) -> Option<char> {
        match self.cap {
            Cap::Char(character) if !self.ctrl && !self.alt => Some(character),
            _ => None,
        }
    }

    /// The key at the place of a lone Hangul jamo on the 2-set layout; every other key is itself.
    #[must_use]
    pub fn on_latin_layout(self) -> Self {
        let Cap::Char(character) = self.cap else { return self };
        let latin = JAMO.iter().find(|(jamo, _)| *jamo == character).map_or(character, |(_, latin)| *latin);
        Self { cap: Cap::Char(latin), ..self }
    }

    /// Whether it is a composed Hangul syllable: an input method is on, and no command is meant.
    pub fn is_hangul_syllable(self) -> bool {
        matches!(self.cap, Cap::Char('\u{AC00}'..='\u{D7A3}'))
    }
}

/// The jamo of the 2-set layout and the letters at their places.
const JAMO: [(char, char); 33] = [
    ('ㅂ', 'q'),
    ('ㅈ', 'w'),
    ('ㄷ', 'e'),
    ('ㄱ', 'r'),
    ('ㅅ', 't'),
    ('ㅛ', 'y'),
    ('ㅕ', 'u'),
    ('ㅑ', 'i'),
    ('ㅐ', 'o'),
    ('ㅔ', 'p'),
    ('ㅁ', 'a'),
    ('ㄴ', 's'),
    ('ㅇ', 'd'),
    ('ㄹ', 'f'),
    ('ㅎ', 'g'),
    ('ㅗ', 'h'),
    ('ㅓ', 'j'),
    ('ㅏ', 'k'),
    ('ㅣ', 'l'),
    ('ㅋ', 'z'),
    ('ㅌ', 'x'),
    ('ㅊ', 'c'),
    ('ㅍ', 'v'),
    ('ㅠ', 'b'),
    ('ㅜ', 'n'),
    ('ㅡ', 'm'),
    ('ㅃ', 'Q'),
    ('ㅉ', 'W'),
    ('ㄸ', 'E'),
    ('ㄲ', 'R'),
    ('ㅆ', 'T'),
    ('ㅒ', 'O'),
    ('ㅖ', 'P'),
];

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match self.cap {
            Cap::Char(' ') => f.write_str("Space"),
            Cap::Char(character) if self.ctrl => write!(f, "{}", character.to_ascii_uppercase()),
            Cap::Char(character) => write!(f, "{character}"),
            Cap::Named(name) => f.write_str(name),
        }
    }
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such key")]
pub struct NoSuchKey;

impl FromStr for Key {
    type Err = NoSuchKey;

    fn from_str(text: &str) -> Result<Self, NoSuchKey> {
        let (ctrl, rest) = strip(text, "ctrl-");
        let (alt, rest) = strip(rest, "alt-");
        if rest.eq_ignore_ascii_case("space") {
            return Ok(Self { cap: Cap::Char(' '), ctrl, alt });
        }
        if let Some((name, _)) = NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(rest)) {
            return Ok(Self { cap: Cap::Named(name), ctrl, alt });
        }
        let mut characters = rest.chars();
        let (Some(character), None) = (characters.next(), characters.next()) else { return Err(NoSuchKey) };
        if character.is_control() || character.is_whitespace() {
            return Err(NoSuchKey);
        }
        let character = if ctrl { character.to_ascii_lowercase() } else { character };
        Ok(Self { cap: Cap::Char(character), ctrl, alt })
    }
}

fn strip<'a>(text: &'a str, prefix: &str) -> (bool, &'a str) {
    match text.get(..prefix.len()) {
        Some(start) if start.eq_ignore_ascii_case(prefix) && text.len() > prefix.len() => {
            (true, text.get(prefix.len()..).unwrap_or_default())
        }
        _ => (false, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_is_read() {
        for name in ["j", "G", "?", "Ctrl-R", "Alt-b", "PgDn", "Shift-Tab", "Space", "F1", "-", "Ctrl--"] {
            assert_eq!(name.parse::<Key>().unwrap().to_string(), name);
        }
        assert_eq!("ctrl-r".parse::<Key>(), "Ctrl-R".parse());
        for bad in ["", "Ctrl-", "Hyper", "jj", "\u{1b}", "F99"] {
            assert!(bad.parse::<Key>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_lone_jamo_is_the_key_at_its_place() {
        let typed: String = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"
            .chars()
            .filter_map(|jamo| Key::character(jamo).on_latin_layout().printed())
            .collect();

        assert_eq!(typed, "qwertyuiopasdfghjklzxcvbnmQWERTOP");
        assert!(Key::character('한').is_hangul_syllable());
        assert_eq!(Key::character('?').on_latin_layout(), Key::character('?'));
    }

    #[test]
    fn a_release_is_no_key() {
        let mut event = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::NONE);
        assert_eq!(Key::of(&event), Some(Key::character('j')));

        event.kind = KeyEventKind::Release;

        assert_eq!(Key::of(&event), None);
    }
}
