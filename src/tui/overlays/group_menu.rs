//! What to put the rows in groups by.

use ratatui::layout::{Position, Rect};

use super::column_menu::tags;
use super::{Overlay, Reply, Request, centred, first_shown, moved};
use crate::columns::Column;
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The columns whose values make groups that people want.
const COLUMNS: [&str; 4] = ["vpc", "az", "account", "region"];

/// No groups, then what they can be of.
#[derive(Debug)]
pub struct GroupMenu {
    columns: Vec<Option<Column>>,
    at: usize,
}

impl GroupMenu {
    /// The groups of now chosen.
    pub fn new(world: &World) -> Self {
        let declared = COLUMNS.iter().filter_map(|name| Column::parse(name).ok());
        let columns: Vec<Option<Column>> = std::iter::once(None).chain(tags(world).chain(declared).map(Some)).collect();
        let now = world.rows.grouped_by();
        let at = columns.iter().position(|column| column.as_ref() == now).unwrap_or(0);
        Self { columns, at }
    }
}

impl Overlay for GroupMenu {
    fn act(&mut self, action: Action, _world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, self.columns.len(), 10) {
            self.at = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::ConnectMenu | Action::Open => {
                Reply::Close(self.columns.get(self.at).cloned().map(Request::GroupBy).into_iter().collect())
            }
            Action::Cancel | Action::Quit | Action::Back | Action::Group => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let area = centred(area, 48, u16::try_from(self.columns.len() + 2).unwrap_or(u16::MAX));
        let hints = world.hints([(Action::ConnectMenu, "hint-group"), (Action::Cancel, "hint-cancel")]);
        let inside = canvas.frame(area, &world.say("group-title"), "", &hints);
        let first = first_shown(self.at, self.columns.len(), usize::from(inside.height));
        for (y, (at, column)) in (inside.y..inside.bottom()).zip(self.columns.iter().enumerate().skip(first)) {
            let line = Rect { y, height: 1, ..inside };
            let pointer = if at == self.at { ">" } else { " " };
            let text = match column {
                None => world.say("group-none"),
                Some(column @ Column::Tag(_)) => world.say_with("group-tag", [("tag", &column.title(&world.text))]),
                Some(column) => column.title(&world.text),
            };
            canvas.put(line.x, y, line.width, &format!("{pointer} {text}"), canvas.role(Role::Text));
            if at == self.at {
                canvas.lay(line, canvas.role(Role::Cursor));
            }
        }
        None
    }
}
