//! Which columns the table has, and in which order.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, centred, first_shown, moved};
use crate::columns::Column;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, cut, padded};
use crate::tui::keymap::Page;
use crate::tui::theme::Role;
use crate::tui::world::World;

/// Widest the box gets.
const WIDEST: u16 = 64;
/// Columns of the heads.
const HEADS: u16 = 18;
/// Rows whose tags are offered: those of the others are mostly the same.
const TAGS_OF: usize = 2_000;
/// Most tags that are offered.
const MOST_TAGS: usize = 40;

/// All columns, those of the table first and in its order.
#[derive(Debug)]
pub struct ColumnMenu {
    items: Vec<Item>,
    at: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    column: Column,
    is_shown: bool,
}

impl ColumnMenu {
    /// As the table is now.
    pub fn new(world: &World) -> Self {
        Self { items: items(&world.columns, world), at: 0 }
    }

    fn chosen(&self) -> Vec<Column> {
        self.items.iter().filter(|item| item.is_shown).map(|item| item.column.clone()).collect()
    }

    /// Move the column under the cursor one place, and the cursor with it.
    fn carry(&mut self, by: isize) {
        let to = self.at.checked_add_signed(by).filter(|to| *to < self.items.len());
        if let Some(to) = to {
            self.items.swap(self.at, to);
            self.at = to;
        }
    }
}

fn items(shown: &[Column], world: &World) -> Vec<Item> {
    let mut items: Vec<Item> = shown.iter().map(|column| Item { column: column.clone(), is_shown: true }).collect();
    for column in Column::all().chain(world.settings.ui.columns.iter().cloned()).chain(tags(world)) {
        if items.iter().all(|item| item.column != column) {
            items.push(Item { column, is_shown: false });
        }
    }
    items
}

/// The tags that instances bear, the most frequent first.
pub(super) fn tags(world: &World) -> impl Iterator<Item = Column> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let rows = world.inventory.rows().iter().take(TAGS_OF);
    for key in rows.flat_map(|row| row.tags.keys()).filter(|key| key.raw() != "Name") {
        *counts.entry(key.raw()).or_default() += 1;
    }
    let mut tags: Vec<(&str, usize)> = counts.into_iter().collect();
    // Those of AWS itself are rarely what is looked for.
    tags.sort_by_key(|(key, count)| (key.starts_with("aws:"), std::cmp::Reverse(*count)));
    tags.into_iter()
        .take(MOST_TAGS)
        .filter_map(|(key, _)| Column::parse(&format!("tag:{key}")).ok())
        .collect::<Vec<_>>()
        .into_iter()
}

impl Overlay for ColumnMenu {
    fn page(&self) -> Page {
        Page::Columns
    }

    fn act(&mut self, action: Action, world: &World) -> Reply {
        if let Some(to) = moved(action, self.at, self.items.len(), 10) {
            self.at = to;
            return Reply::Stay(Vec::new());
        }
        match action {
            Action::Select => {
                if let Some(item) = self.items.get_mut(self.at) {
                    item.is_shown = !item.is_shown;
                }
            }
            Action::SortLeft => self.carry(-1),
            Action::SortRight => self.carry(1),
            Action::ResetColumns => self.items = items(&world.settings.ui.columns, world),
            Action::ConnectMenu if self.chosen().is_empty() => {
                return Reply::Stay(vec![Request::Tell(world.say("columns-none"))]);
            }
            Action::ConnectMenu => return Reply::Close(vec![Request::UseColumns(self.chosen())]),
            Action::Cancel | Action::Quit | Action::Back | Action::Columns => return Reply::Close(Vec::new()),
            _ => return Reply::Pass,
        }
        Reply::Stay(Vec::new())
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let area = centred(area, WIDEST, u16::try_from(self.items.len() + 2).unwrap_or(u16::MAX));
        let hints = world.hints([
            (Action::ConnectMenu, "hint-use"),
            (Action::Select, "hint-show"),
            (Action::SortLeft, "hint-earlier"),
            (Action::SortRight, "hint-later"),
            (Action::ResetColumns, "hint-reset"),
            (Action::Cancel, "hint-cancel"),
        ]);
        let inside = canvas.frame(area, &world.say("columns-title"), "", &hints);
        let first = first_shown(self.at, self.items.len(), usize::from(inside.height));
        canvas.scroll_mark_beside(inside, first, self.items.len());
        for (y, (at, item)) in (inside.y..inside.bottom()).zip(self.items.iter().enumerate().skip(first)) {
            let line = Rect { y, height: 1, ..inside };
            let pointer = if at == self.at { ">" } else { " " };
            let mark = if item.is_shown { "[x]" } else { "[ ]" };
            let title = item.column.title(&world.text);
            let head = padded(&cut(&title, HEADS, "…"), usize::from(HEADS));
            let role = if item.is_shown { Role::Text } else { Role::Faint };
            let after = canvas.put(line.x, y, line.width, &format!("{pointer} {mark} {head} "), canvas.role(role));
            let name = crate::model::Untrusted::from(item.column.name()).shown_in(40);
            canvas.put(after, y, line.right().saturating_sub(after), &name, canvas.role(Role::Faint));
            if at == self.at {
                canvas.lay(line, canvas.role(Role::Cursor));
            }
        }
        None
    }
}
