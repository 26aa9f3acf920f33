//! What a typed line means: a number, a filter, the name of a command, or a key by its name.

use std::str::FromStr as _;

use crate::tui::action::{Action, Need};
use crate::tui::key::{Cap, Key};

/// What a line asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Nothing: what is here once more, or the main key of a dialog.
    Again,
    /// The next rows.
    More,
    /// How this is used.
    Help,
    /// This row, or this choice of a dialog.
    Number(usize),
    /// Something about this row.
    On(usize, Action),
    /// Something by its name.
    Act(Action),
    /// A key.
    Press(Key),
    /// These rows only; none of the words: all.
    Filter(String),
    /// None of these.
    Words(String),
}

impl Typed {
    /// Whether it is about rows of the list, which may be still to come.
    pub fn is_about_rows(&self) -> bool {
        match self {
            Self::Number(_) | Self::On(..) => true,
            Self::Act(action) => action.needs() == Some(Need::Row) || matches!(action, Action::Connect | Action::Favourite),
            _ => false,
        }
    }
}

/// Read a line.
pub fn read(line: &str) -> Typed {
    let line = line.trim();
    let line = line.strip_prefix(':').map_or(line, str::trim_start);
    let (first, rest) = line.split_once(char::is_whitespace).map_or((line, ""), |(first, rest)| (first, rest.trim()));
    match (first, rest) {
        ("", _) => return Typed::Again,
        ("?" | "help", "") => return Typed::Help,
        ("more", "") => return Typed::More,
        ("list", "") => return Typed::Again,
        ("filter", words) => return Typed::Filter(words.to_owned()),
        _ => {}
    }
    if let Some(words) = line.strip_prefix('/') {
        return Typed::Filter(words.trim().to_owned());
    }
    let number = |word: &str| word.parse::<usize>().ok();
    match (number(first), Action::from_str(first), number(rest), Action::from_str(rest)) {
        (Some(number), _, _, _) if rest.is_empty() => return Typed::Number(number),
        (Some(number), _, _, Ok(action)) | (_, Ok(action), Some(number), _) => return Typed::On(number, action),
        (_, Ok(action), _, _) if rest.is_empty() => return Typed::Act(action),
        _ => {}
    }
    Key::from_str(line).map_or_else(|_| Typed::Words(line.to_owned()), Typed::Press)
}

/// The key that a line stands for where text is typed: one by its name, and `Enter` for nothing.
pub fn key_in_field(line: &str) -> Option<Key> {
    if line.is_empty() {
        return Some(Key::named("Enter"));
    }
    Key::from_str(line).ok().filter(|key| matches!(key.cap, Cap::Named(_)) || key.ctrl || key.alt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_number_a_filter_a_command_or_a_key() {
        for (line, meaning) in [
            ("", Typed::Again),
            ("  ", Typed::Again),
            ("?", Typed::Help),
            ("7", Typed::Number(7)),
            ("7 connect", Typed::On(7, Action::Connect)),
            ("connect 7", Typed::On(7, Action::Connect)),
            (":select-all", Typed::Act(Action::SelectAll)),
            ("quit", Typed::Act(Action::Quit)),
            ("q", Typed::Press(Key::character('q'))),
            ("Esc", Typed::Press(Key::named("Esc"))),
            ("/env=prod web", Typed::Filter("env=prod web".to_owned())),
            ("/", Typed::Filter(String::new())),
            ("filter web", Typed::Filter("web".to_owned())),
            ("state:running", Typed::Words("state:running".to_owned())),
            ("web 2", Typed::Words("web 2".to_owned())),
        ] {
            assert_eq!(read(line), meaning, "{line:?}");
        }
    }

    #[test]
    fn in_a_field_only_keys_that_print_nothing_are_keys() {
        assert_eq!(key_in_field(""), Some(Key::named("Enter")));
        assert_eq!(key_in_field("Tab"), Some(Key::named("Tab")));
        assert_eq!(key_in_field("Ctrl-U"), Some(Key::ctrl('u')));
        for text in ["5", "q", "web", "Space"] {
            assert_eq!(key_in_field(text), None, "{text}");
        }
    }
}
