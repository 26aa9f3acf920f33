//! The instances that a command is not sent to, and why.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, inside, scrolled};
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// A line for each.
#[derive(Debug)]
pub struct CommandOthers {
    lines: Vec<String>,
    top: usize,
}

impl CommandOthers {
    /// These lines, fit for a screen.
    pub fn new(lines: Vec<String>) -> Self {
        Self { lines, top: 0 }
    }
}

impl Overlay for CommandOthers {
    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (_, height) = inside(world, u16::MAX);
        if let Some(to) = scrolled(action, self.top, self.lines.len(), height) {
            self.top = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::ConnectMenu | Action::PreviousField => {
                Reply::Close(Vec::new())
            }
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let title = world.say_with("command-others", [("count", &self.lines.len().to_string())]);
        let inside = canvas.frame(area, &title, "", &world.hint(Action::Cancel, "hint-back"));
        for (y, line) in (inside.y..inside.bottom()).zip(self.lines.iter().skip(self.top)) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
        }
        None
    }
}
