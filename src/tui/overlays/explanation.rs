//! Something that takes more than a line to say: what happened, why, what to do.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, width, wrapped};
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Sentences to read, and nothing to decide.
#[derive(Debug)]
pub struct Explanation {
    title: String,
    lines: Vec<String>,
}

impl Explanation {
    /// These sentences under this title, both fit for a screen.
    pub fn new(title: String, lines: Vec<String>) -> Self {
        Self { title, lines }
    }
}

impl Overlay for Explanation {
    fn act(&mut self, action: Action, _world: &World) -> Reply {
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::ConnectMenu => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        // A link is to stay in one piece, where there is room.
        let longest = self.lines.iter().flat_map(|line| line.split(' ')).map(width).max().unwrap_or(0);
        let width = longest.saturating_add(4).max(80).min(area.width);
        let lines: Vec<String> = self.lines.iter().flat_map(|line| wrapped(line, width.saturating_sub(4))).collect();
        let area = centred(area, width, u16::try_from(lines.len() + 2).unwrap_or(u16::MAX));
        let inside = canvas.frame(area, &self.title, "", &world.hint(Action::Cancel, "hint-close"));
        for (y, line) in (inside.y..inside.bottom()).zip(&lines) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
        }
        None
    }
}
