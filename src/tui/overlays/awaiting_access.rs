//! A request for a session that waits for a decision.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, centred};
use crate::tui::action::Action;
use crate::tui::age;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::theme::Role;
use crate::tui::world::World;

const WIDEST: u16 = 70;

/// Shows how the request stands; closing it ends the waiting, and not the request.
#[derive(Debug)]
pub struct AwaitingAccess;

impl Overlay for AwaitingAccess {
    fn is_moot(&self, world: &World) -> bool {
        world.access.is_none()
    }

    fn act(&mut self, action: Action, _: &World) -> Reply {
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::No => Reply::Close(vec![Request::StopAwaitingAccess]),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let run = world.access.as_ref()?;
        let said = match &run.request {
            None => world.say("access-asking"),
            Some(request) => {
                let waited = age::span(world.now.duration_since(run.began).as_secs().max(0), &world.text);
                world.say_with("access-waiting", [("id", request), ("waited", &waited)])
            }
        };
        let room = WIDEST.min(area.width).saturating_sub(4);
        let lines = wrapped(&said, room).into_iter().map(|line| (line, Role::Text));
        let then = wrapped(&world.say("access-then"), room).into_iter().map(|line| (line, Role::Faint));
        let lines: Vec<_> = lines.chain(then).collect();
        let area = centred(area, WIDEST, u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2));
        let title = world.say_with("access-title", [("name", &run.shown)]);
        let inner = canvas.frame(area, &title, "", &world.hint(Action::Cancel, "hint-stop-waiting"));
        for (y, (line, role)) in (inner.y..inner.bottom()).zip(&lines) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(*role));
        }
        None
    }
}
