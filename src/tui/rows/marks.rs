//! The rows that the user selected, to do something with all of them.

use super::{Line, Rows, Shown, compare};
use crate::model::InstanceId;

impl Rows {
    /// Whether the user selected this row.
    pub fn is_marked(&self, line: &Line) -> bool {
        self.marked.contains(&line.instance.id)
    }

    /// The selected rows in their order, also those that the filter hides.
    pub fn marked(&self) -> impl Iterator<Item = &Line> {
        let mut places: Vec<usize> = self.marked.iter().filter_map(|id| self.places.get(id)).copied().collect();
        places.sort_unstable_by(|a, b| compare(&self.lines, self.sort.is_reversed, *a, *b));
        places.into_iter().filter_map(|place| self.line(place))
    }

    /// How many rows are selected.
    pub fn marked_count(&self) -> usize {
        self.marked.len()
    }

    /// Select the row under the cursor, or no longer.
    pub fn toggle_mark(&mut self) {
        if self.toggle_marks_of_group() {
            return;
        }
        let Some(id) = self.current().map(|line| line.instance.id.clone()) else { return };
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
    }

    /// Select all visible rows; if all are, none of them.
    pub fn mark_all(&mut self) {
        let visible: Vec<InstanceId> = self.visible().map(|line| line.instance.id.clone()).collect();
        if visible.iter().all(|id| self.marked.contains(id)) {
            for id in &visible {
                self.marked.remove(id);
            }
        } else {
            self.marked.extend(visible);
        }
    }

    /// Begin a range at the cursor, or select from where it began to the cursor. Whether it was the latter.
    pub fn mark_range(&mut self) -> bool {
        let here = self.current().map(|line| line.instance.id.clone());
        let anchor = self.anchor.take();
        let from = anchor.and_then(|anchor| self.places.get(&anchor).copied()).and_then(|place| self.position(place));
        let Some(from) = from else {
            self.marked.extend(here.clone());
            self.anchor = here;
            return false;
        };
        let (first, last) = (from.min(self.at), from.max(self.at));
        let rows = self.shown_from(first).take(last - first + 1).filter_map(|shown| match shown {
            Shown::Row(line) => Some(line.instance.id.clone()),
            Shown::Head(_) => None,
        });
        let range: Vec<InstanceId> = rows.collect();
        self.marked.extend(range);
        true
    }

    /// What AWS no longer lists can no longer be selected.
    pub(super) fn forget_marks_of_gone_rows(&mut self) {
        self.marked.retain(|id| self.places.contains_key(id));
    }

    /// Select nothing. Whether anything was.
    pub fn unmark_all(&mut self) -> bool {
        self.anchor = None;
        !std::mem::take(&mut self.marked).is_empty()
    }
}
