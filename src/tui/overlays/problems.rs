//! What went wrong, with the time, the latest first.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, fitting, inside, scrolled};
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::lines::gap_line;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The list of problems and how far it is scrolled.
#[derive(Debug, Default)]
pub struct Problems {
    top: usize,
}

impl Overlay for Problems {
    fn act(&mut self, action: Action, world: &World) -> Reply {
        let (width, height) = inside(world, 100);
        if let Some(to) = scrolled(action, self.top, lines(world, width).len(), height) {
            self.top = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::Tunnels => Reply::Close(vec![Request::Act(Action::Tunnels)]),
            Action::Cancel | Action::Quit | Action::Back | Action::Problems | Action::Instances => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = 100.min(area.width);
        let lines = lines(world, width.saturating_sub(4));
        let (title, hints) = (world.say("problems-title"), world.hint(Action::Cancel, "hint-close"));
        let area = fitting(canvas, area, width, [&title, &hints], lines.iter().map(String::as_str));
        let inner = canvas.frame(area, &title, "", &hints);
        let top = self.top.min(lines.len().saturating_sub(usize::from(inner.height)));
        for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(Role::Text));
        }
        canvas.scroll_mark_beside(inner, top, lines.len());
        None
    }
}

/// What is missing now, then what was heard, the latest first.
fn lines(world: &World, room: u16) -> Vec<String> {
    let mut lines: Vec<String> = world.gaps.iter().flat_map(|gap| wrapped(&gap_line(gap, world), room)).collect();
    for problem in world.problems.iter().rev() {
        let time = problem.at.to_zoned(world.zone.clone()).strftime("%H:%M:%S").to_string();
        lines.extend(wrapped(&format!("{time}  {}", problem.text), room));
    }
    if lines.is_empty() {
        lines.push(world.say("problems-none"));
    }
    lines
}
