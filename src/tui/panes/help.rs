//! The keys of the panes, each with what it does: the list that `?` shows.

use ratatui::layout::Rect;

use crate::model::display_width;
use crate::text::Catalogue;
use crate::tui::canvas::Canvas;
use crate::tui::key::{Cap, Key};
use crate::tui::theme::Role;

/// Keys, as they are written in a keymap, and the words for what they do.
pub(super) const KEYS: [(&str, &str); 13] = [
    ("Tab", "panes-key-other"),
    ("j k Down Up", "panes-key-move"),
    ("Ctrl-D Ctrl-U PgDn PgUp", "panes-key-page"),
    ("g G Home End", "panes-key-ends"),
    ("Enter l Right", "panes-key-open"),
    ("h Left Backspace", "panes-key-up"),
    ("Space", "panes-key-mark"),
    ("Ctrl-A", "panes-key-mark-all"),
    ("c F5", "panes-key-copy"),
    ("R Ctrl-R", "panes-key-again"),
    ("Esc", "panes-key-stop"),
    ("? F1", "panes-key-help"),
    ("q Ctrl-C", "panes-key-leave"),
];
/// Columns between keys and words.
const GAP: usize = 2;

/// The list while it is read.
#[derive(Debug, Default)]
pub(super) struct Help {
    /// The first line on the screen, if all after it have room.
    top: usize,
}

impl Help {
    /// Whether it stays open; `page` is how many lines a page is.
    pub(super) fn press(&mut self, key: Key, page: usize) -> bool {
        match (key.ctrl, key.cap) {
            (false, Cap::Char('j') | Cap::Named("Down")) => self.move_by(1),
            (false, Cap::Char('k') | Cap::Named("Up")) => self.move_by(-1),
            (true, Cap::Char('d')) | (false, Cap::Named("PgDn")) => self.move_by(page.cast_signed()),
            (true, Cap::Char('u')) | (false, Cap::Named("PgUp")) => self.move_by(-page.cast_signed()),
            (true, Cap::Char('c')) | (false, Cap::Char('?' | 'q') | Cap::Named("Esc" | "Enter" | "F1")) => return false,
            _ => {}
        }
        true
    }

    fn move_by(&mut self, lines: isize) {
        self.top = self.top.saturating_add_signed(lines).min(KEYS.len() - 1);
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, text: &Catalogue) {
        let lines = KEYS.map(|(keys, words)| (keys, text.say(words)));
        let of_keys = lines.iter().map(|(keys, _)| keys.len()).max().unwrap_or(0);
        let of_words = lines.iter().map(|(_, words)| display_width(words)).max().unwrap_or(0);
        let (wide, high) = (u16::try_from(of_keys + GAP + of_words + 4).unwrap_or(u16::MAX), KEYS.len() + 2);
        let (width, height) = (wide.min(area.width), u16::try_from(high).unwrap_or(u16::MAX).min(area.height));
        let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
        canvas.focus(true);
        let inside = canvas.frame(place, &text.say("help-title-panes"), "", &format!("Esc {}", text.say("hint-close")));
        let top = self.top.min(KEYS.len().saturating_sub(usize::from(inside.height)));
        for (y, (keys, words)) in (inside.y..inside.bottom()).zip(lines.iter().skip(top)) {
            canvas.put(inside.x, y, inside.width, keys, canvas.role(Role::Key));
            let at = u16::try_from(of_keys + GAP).unwrap_or(u16::MAX);
            canvas.put(inside.x.saturating_add(at), y, inside.width.saturating_sub(at), words, canvas.role(Role::Text));
        }
        canvas.scroll_mark_beside(inside, top, KEYS.len());
    }
}
