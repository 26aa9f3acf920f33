//! The rows that come first under any sort.

use super::{Line, Rows};
use crate::config::Favourites;
use crate::model::InstanceId;

impl Rows {
    /// The favourites, those without a row included.
    pub fn favourites(&self) -> &Favourites {
        &self.favourites
    }

    /// Whether this row is one.
    pub fn is_favourite(&self, line: &Line) -> bool {
        line.is_favourite
    }

    /// Whether only favourites are shown.
    pub fn shows_only_favourites(&self) -> bool {
        self.only_favourites
    }

    /// These are the favourites from now on.
    pub fn set_favourites(&mut self, favourites: Favourites) {
        self.favourites = favourites;
        for line in self.lines.iter_mut().flatten() {
            line.is_favourite = self.favourites.holds(&line.instance);
        }
        self.sort_again();
    }

    /// Mark an instance as a favourite, or no longer. Whether it is marked now.
    pub fn toggle_favourite(&mut self, id: &InstanceId) -> bool {
        let is_marked = self.favourites.toggle(id);
        if let Some(place) = self.places.get(id).copied() {
            self.take_out(place);
            if let Some(line) = self.lines.get_mut(place).and_then(Option::as_mut) {
                line.is_favourite = self.favourites.holds(&line.instance);
            }
            self.put_in(place);
        }
        self.settle();
        is_marked
    }

    /// Show only favourites, or all rows.
    pub fn show_only_favourites(&mut self, only: bool) {
        self.only_favourites = only;
        self.show();
    }
}
