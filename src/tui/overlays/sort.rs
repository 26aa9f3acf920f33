//! What to sort by.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, centred, first_shown, moved};
use crate::columns::Column;
use crate::tui::action::Action;
use crate::tui::canvas::Canvas;
use crate::tui::overlays::Request;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// The columns, the sorted one chosen.
#[derive(Debug)]
pub struct SortMenu {
    columns: Vec<Column>,
    at: usize,
}

impl SortMenu {
    /// The columns of the table first, then the others.
    pub fn new(world: &World) -> Self {
        let mut columns = world.columns.clone();
        for column in Column::all().chain([world.rows.sort().column.clone()]) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let at = columns.iter().position(|column| *column == world.rows.sort().column).unwrap_or(0);
        Self { columns, at }
    }
}

impl Overlay for SortMenu {
    fn act(&mut self, action: Action, _world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, self.columns.len(), 10) {
            self.at = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::ConnectMenu | Action::Open => {
                Reply::Close(self.columns.get(self.at).cloned().map(Request::SortBy).into_iter().collect())
            }
            Action::Cancel | Action::Quit | Action::Back | Action::Sort => Reply::Close(Vec::new()),
            _ => Reply::Pass,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let height = u16::try_from(self.columns.len() + 2).unwrap_or(u16::MAX).min(area.height);
        let area = centred(area, 40, height);
        let hints = world.hints([(Action::ConnectMenu, "hint-sort"), (Action::Cancel, "hint-cancel")]);
        let inside = canvas.frame(area, &world.say("sort-title"), "", &hints);
        let first = first_shown(self.at, self.columns.len(), usize::from(inside.height));
        canvas.scroll_mark_beside(inside, first, self.columns.len());
        for (y, (at, column)) in (inside.y..inside.bottom()).zip(self.columns.iter().enumerate().skip(first)) {
            let sort = world.rows.sort();
            let arrow = match (sort.column == *column, sort.is_reversed) {
                (true, false) => " ▲",
                (true, true) => " ▼",
                (false, _) => "",
            };
            let pointer = if at == self.at { ">" } else { " " };
            let text = format!("{pointer} {}{arrow}", column.title(&world.text));
            canvas.put(inside.x, y, inside.width, &text, canvas.role(Role::Text));
            if at == self.at {
                canvas.lay(Rect { y, height: 1, ..inside }, canvas.role(Role::Cursor));
            }
        }
        None
    }
}
