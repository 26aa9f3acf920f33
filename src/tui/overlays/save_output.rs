//! Where to write what a command has said.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::field::Field;
use crate::tui::key::Key;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// A field for the name of a file, and what will be in it.
pub struct SaveOutput {
    field: Field,
    text: String,
}

impl SaveOutput {
    /// This text, in a file of this name unless the user says another.
    pub fn new(name: &str, text: String) -> Self {
        Self { field: Field::holding(name), text }
    }
}

impl Overlay for SaveOutput {
    fn press(&mut self, key: Key, _world: &World) -> Option<Reply> {
        self.field.press(key).map(|_| Reply::Stay(Vec::new()))
    }

    fn paste(&mut self, text: &str, _world: &World) -> bool {
        self.field.paste(text)
    }

    fn act(&mut self, action: Action, _world: &World) -> Reply {
        match action {
            Action::ConnectMenu if self.field.value().trim().is_empty() => Reply::Stay(Vec::new()),
            Action::ConnectMenu => {
                let path = self.field.value().trim().to_owned();
                Reply::Close(vec![Request::Write { path, text: std::mem::take(&mut self.text) }])
            }
            Action::Cancel => Reply::Close(Vec::new()),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let area = centred(area, 72, 3);
        let hints = [world.hint(Action::ConnectMenu, "hint-write"), world.hint(Action::Cancel, "hint-cancel")];
        let hints = joined("  ", hints.iter().map(String::as_str));
        let inside = canvas.frame(area, &world.say("output-title"), "", &hints);
        let (text, at) = self.field.view(inside.width.saturating_sub(1));
        canvas.put(inside.x, inside.y, inside.width, &text, canvas.role(Role::Text));
        Some(Position::new(inside.x + at, inside.y))
    }
}
