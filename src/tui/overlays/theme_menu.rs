//! The themes, each shown at once: the screen behind is the picture of it.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, first_shown, fitting, moved};
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The names of the themes, the present one chosen.
#[derive(Debug)]
pub struct ThemeMenu {
    /// The theme to go back to.
    before: String,
    at: usize,
}

impl ThemeMenu {
    /// Every theme there is.
    pub fn new(world: &World) -> Self {
        let before = world.settings.ui.theme_name().to_owned();
        let at = world.themes.iter().position(|name| *name == before).unwrap_or(0);
        Self { before, at }
    }
}

impl Overlay for ThemeMenu {
    fn act(&mut self, action: Action, world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, world.themes.len(), 10) {
            self.at = to;
            return Reply::Stay(world.themes.get(to).cloned().map(Request::UseTheme).into_iter().collect());
        }
        match action {
            Action::ConnectMenu | Action::Open => Reply::Close(Vec::new()),
            Action::Cancel | Action::Quit | Action::Back | Action::Theme => {
                Reply::Close(vec![Request::UseTheme(self.before.clone())])
            }
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let hints = world.hints([(Action::ConnectMenu, "hint-use"), (Action::Cancel, "hint-cancel")]);
        let title = world.say("theme-title");
        let pointed = |(at, name): (usize, &String)| format!("{} {name}", if at == self.at { ">" } else { " " });
        let lines: Vec<String> = world.themes.iter().enumerate().map(pointed).collect();
        let area = fitting(canvas, area, area.width, [&title, &hints], lines.iter().map(String::as_str));
        let inside = canvas.frame(area, &title, "", &hints);
        let first = first_shown(self.at, lines.len(), usize::from(inside.height));
        canvas.scroll_mark_beside(inside, first, lines.len());
        for (y, (at, line)) in (inside.y..inside.bottom()).zip(lines.iter().enumerate().skip(first)) {
            canvas.put(inside.x, y, inside.width, line, canvas.role(Role::Text));
            if at == self.at {
                canvas.lay(Rect { y, height: 1, ..inside }, canvas.role(Role::Cursor));
            }
        }
        None
    }
}
