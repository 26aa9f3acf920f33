//! The card of the very first start.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, fitting};
use crate::text::joined;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::effect::Remembered;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// What to know before the first key; any key closes it.
#[derive(Debug)]
pub struct Welcome;

impl Overlay for Welcome {
    fn is_card(&self) -> bool {
        true
    }

    fn act(&mut self, _action: Action, _world: &World) -> Reply {
        Reply::Close(vec![Request::Remember(Remembered::FirstRun)])
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let keys = [
            world.hint(Action::ConnectMenu, "hint-connect-menu"),
            world.hint(Action::Filter, "hint-filter"),
            world.hint(Action::Help, "hint-help"),
            world.hint(Action::Quit, "hint-quit"),
        ];
        let width = 80.min(area.width);
        let mut lines = wrapped(&joined(" · ", keys.iter().map(String::as_str)), width.saturating_sub(4));
        lines.extend(wrapped(&world.say("welcome-promise"), width.saturating_sub(4)));
        let (title, hints) = (world.say("welcome-title"), world.say("welcome-any-key"));
        let area = fitting(canvas, area, width, [&title, &hints], lines.iter().map(String::as_str));
        let inside = canvas.frame(area, &title, "", &hints);
        for (y, line) in (inside.y..inside.bottom()).zip(&lines) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
        }
        None
    }
}
