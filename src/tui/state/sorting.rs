//! What the rows are sorted by.

use super::State;
use crate::columns::{Column, Sort};
use crate::tui::effect::Effect;

impl State {
    /// Sort by this column; the same one again turns the order round.
    pub(super) fn sort_by(&mut self, column: Column) -> Vec<Effect> {
        let sort = self.world.rows.sort();
        let is_reversed = sort.column == column && !sort.is_reversed;
        self.resort(Sort { column, is_reversed })
    }

    pub(super) fn reverse_sort(&mut self) -> Vec<Effect> {
        let sort = self.world.rows.sort();
        let sort = Sort { column: sort.column.clone(), is_reversed: !sort.is_reversed };
        self.resort(sort)
    }

    /// Sort by the column beside the sorted one, among those on the screen. Where that is not on the screen, by the one at the edge.
    pub(super) fn sort_beside(&mut self, by: isize) -> Vec<Effect> {
        let on_screen = self.seen.heads.iter().map(|head| head.column.clone());
        let shown: Vec<Column> = if self.seen.heads.is_empty() { self.world.columns.clone() } else { on_screen.collect() };
        let sorted = shown.iter().position(|column| *column == self.world.rows.sort().column);
        let beside = match sorted {
            Some(at) => at.checked_add_signed(by).and_then(|at| shown.get(at)),
            None if by < 0 => shown.last(),
            None => shown.first(),
        };
        match beside.cloned() {
            Some(column) => self.resort(Sort { column, is_reversed: false }),
            None => Vec::new(),
        }
    }

    pub(super) fn resort(&mut self, sort: Sort) -> Vec<Effect> {
        self.keep_cursor();
        let text = std::sync::Arc::clone(&self.world.text);
        self.world.rows.set_sort(sort, self.world.now, &text);
        Vec::new()
    }
}
