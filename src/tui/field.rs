//! A line of text being typed.

use tui_input::{Input, InputRequest, StateChanged};
use unicode_segmentation::UnicodeSegmentation;

use super::canvas::width;
use super::key::{Cap, Key};
use crate::model::Untrusted;

/// Most characters a field usually holds.
const LONGEST: usize = 256;

/// A line of text and the place where the next character goes.
#[derive(Debug, Clone)]
pub struct Field {
    input: Input,
    most: usize,
    /// Whether the lines of a paste and its tabs stay.
    keeps_lines: bool,
    /// Whether something that was typed or pasted is not in it.
    has_dropped: bool,
}

impl Default for Field {
    fn default() -> Self {
        Self::of_at_most(LONGEST)
    }
}

impl Field {
    /// An empty field for so many characters.
    pub fn of_at_most(most: usize) -> Self {
        Self { input: Input::default(), most, keeps_lines: false, has_dropped: false }
    }

    /// The same for what may be pasted with several lines, which all stay.
    pub fn of_lines(most: usize) -> Self {
        Self { keeps_lines: true, ..Self::of_at_most(most) }
    }

    /// The same field with another text in it, ready to go on typing.
    pub fn put(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
        self.has_dropped = false;
    }

    /// A field that holds `text` already, ready to go on typing.
    pub fn holding(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()), ..Self::default() }
    }

    /// Whether something that was typed or pasted is not in it; emptied, it forgets that.
    pub fn has_dropped(&self) -> bool {
        self.has_dropped
    }

    /// What was typed.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// Let the field have a key. `None`: it is not for a field; else whether the text changed.
    pub fn press(&mut self, key: Key) -> Option<bool> {
        let request = request(key)?;
        if matches!(request, InputRequest::InsertChar(_)) && self.is_full() {
            self.has_dropped = true;
            return Some(false);
        }
        let has_changed = self.input.handle(request).is_some_and(|StateChanged { value, .. }| value);
        self.has_dropped &= !self.value().is_empty();
        Some(has_changed)
    }

    /// Take a pasted text: its first line, without control characters, as far as there is room. Whether that is all of it.
    #[must_use]
    pub fn paste(&mut self, text: &str) -> bool {
        if self.keeps_lines {
            return self.paste_lines(text);
        }
        let text = text.trim_matches(['\r', '\n']);
        let first = text.split(['\r', '\n']).next().unwrap_or_default();
        let mut is_whole = first.len() == text.len() && !first.chars().any(char::is_control);
        for character in first.chars().filter(|character| !character.is_control()) {
            if self.is_full() {
                is_whole = false;
                break;
            }
            self.input.handle(InputRequest::InsertChar(character));
        }
        self.has_dropped |= !is_whole;
        is_whole
    }

    /// All lines of a pasted text, but for the ends of the last ones; no other control character than a tab.
    fn paste_lines(&mut self, text: &str) -> bool {
        let text = text.trim_end_matches(['\r', '\n']).replace("\r\n", "\n").replace('\r', "\n");
        let may_stay = |character: &char| !character.is_control() || matches!(character, '\n' | '\t');
        let room = self.most.saturating_sub(self.value().chars().count());
        let fitting: String = text.chars().filter(may_stay).take(room).collect();
        let is_whole = fitting.len() == text.len();
        for character in fitting.chars() {
            self.input.handle(InputRequest::InsertChar(character));
        }
        self.has_dropped |= !is_whole;
        is_whole
    }

    /// The lines of the text, and where the cursor is: in which of them, and how many of its columns are before it.
    pub fn lines(&self) -> (Vec<String>, usize, u16) {
        let shown = |line: &str| Untrusted::from(line.replace('\t', "    ")).shown();
        let before: String = self.value().chars().take(self.input.cursor()).collect();
        let at = before.matches('\n').count();
        let column = width(&shown(before.rsplit('\n').next().unwrap_or_default()));
        (self.value().split('\n').map(shown).collect(), at, column)
    }

    /// The part of the text that fits in `room` columns, and the column of the cursor in it.
    pub fn view(&self, room: u16) -> (String, u16) {
        let before: String = self.value().chars().take(self.input.cursor()).collect();
        let shown = Untrusted::from(self.value()).shown();
        let mut at = width(&Untrusted::from(before).shown());
        let mut clusters: Vec<&str> = shown.graphemes(true).collect();
        let mut skipped = 0;
        while at >= room.max(1) && skipped < clusters.len() {
            at = at.saturating_sub(width(clusters.get(skipped).copied().unwrap_or_default()));
            skipped += 1;
        }
        clusters.drain(..skipped);
        let mut fitting = String::new();
        for cluster in clusters {
            if width(&fitting) + width(cluster) > room {
                break;
            }
            fitting.push_str(cluster);
        }
        (fitting, at)
    }

    fn is_full(&self) -> bool {
        self.value().chars().count() >= self.most
    }
}

fn request(key: Key) -> Option<InputRequest> {
    if let Some(character) = key.printed() {
        return Some(InputRequest::InsertChar(character));
    }
    Some(match (key.cap, key.ctrl, key.alt) {
        (Cap::Named("Backspace"), false, false) | (Cap::Char('h'), true, false) => InputRequest::DeletePrevChar,
        (Cap::Named("Delete"), false, false) => InputRequest::DeleteNextChar,
        (Cap::Named("Left"), false, false) => InputRequest::GoToPrevChar,
        (Cap::Named("Right"), false, false) => InputRequest::GoToNextChar,
        (Cap::Named("Left"), ..) | (Cap::Char('b'), false, true) => InputRequest::GoToPrevWord,
        (Cap::Named("Right"), ..) | (Cap::Char('f'), false, true) => InputRequest::GoToNextWord,
        (Cap::Named("Home"), ..) | (Cap::Char('a'), true, false) => InputRequest::GoToStart,
        (Cap::Named("End"), ..) | (Cap::Char('e'), true, false) => InputRequest::GoToEnd,
        (Cap::Char('w'), true, false) | (Cap::Named("Backspace"), _, true) => InputRequest::DeletePrevWord,
        (Cap::Char('d'), false, true) => InputRequest::DeleteNextWord,
        (Cap::Char('u'), true, false) => InputRequest::DeleteLine,
        (Cap::Char('k'), true, false) => InputRequest::DeleteTillEnd,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_is_its_first_line_without_control_characters_and_at_most_256_long() {
        let mut field = Field::default();

        assert!(!field.paste("\nwe\u{1b}b-1\tx\r\nrm -rf\n"));
        assert_eq!(field.value(), "web-1x");
        assert!(field.paste("y\n"), "the end of a line is no other line");

        assert!(!field.paste(&"y".repeat(1 << 20)));
        assert_eq!(field.value().chars().count(), 256);
    }

    #[test]
    fn a_field_of_lines_keeps_the_lines_and_tabs_of_a_paste() {
        let mut field = Field::of_lines(40);

        assert!(field.paste("if true; then\r\n\techo 1\nfi\n\n"));
        assert_eq!(field.value(), "if true; then\n\techo 1\nfi");
        assert_eq!(field.lines(), (vec!["if true; then".into(), "    echo 1".into(), "fi".into()], 2, 2));
        assert!(!field.paste("\u{1b}[2J") && field.has_dropped());
        let mut field = Field::of_lines(5);
        assert!(!field.paste("ls\nrm x") && field.has_dropped());
        field.put("ls");
        assert_eq!((field.value(), field.has_dropped()), ("ls", false));
    }

    #[test]
    fn what_is_not_in_the_field_is_known_until_it_is_empty() {
        let dropped = |text: &str| {
            let mut field = Field::of_at_most(5);
            let is_whole = field.paste(text);
            assert_eq!(is_whole, !field.has_dropped(), "{text:?}");
            field.has_dropped()
        };
        assert_eq!(["ls", "ls\n", "\nls\r\n", "12345"].map(dropped), [false; 4]);
        assert_eq!(["ls\nrm", "l\ts", "123456"].map(dropped), [true; 3]);

        let mut field = Field::of_at_most(5);
        assert!(!field.paste("123456"));
        field.press(Key::named("Backspace"));
        assert!(field.has_dropped());
        field.press(Key { ctrl: true, ..Key::character('u') });
        assert!(!field.has_dropped() && field.value().is_empty());
    }

    #[test]
    fn the_cursor_counts_display_columns() {
        let mut field = Field::holding("결제");
        assert_eq!(field.view(20), ("결제".to_owned(), 4));

        field.press(Key::named("Left"));
        assert_eq!(field.view(20), ("결제".to_owned(), 2));

        let (text, at) = Field::holding("abcdefgh").view(4);
        assert_eq!((text.as_str(), at), ("fgh", 3));
    }

    #[test]
    fn enter_escape_and_tab_are_not_for_a_field() {
        for name in ["Enter", "Esc", "Tab", "Up", "Down", "PgDn"] {
            assert_eq!(Field::default().press(Key::named(name)), None, "{name}");
        }
        assert_eq!(Field::default().press(Key::character('q')), Some(true));
    }
}
