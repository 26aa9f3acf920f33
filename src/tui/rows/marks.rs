//! The rows that the user selected, to do something with all of them.

use super::{Line, Rows};
use crate::model::InstanceId;

impl Rows {
    /// Whether the user selected this row.
    pub fn is_marked(&self, line: &Line) -> bool {
        self.marked.contains(&line.instance.id)
    }

    /// The selected rows in their order, also those that the filter hides.
    pub fn marked(&self) -> impl Iterator<Item = &Line> {
        self.order.iter().filter_map(|&at| self.lines.get(at)).filter(|line| self.is_marked(line))
    }

    /// Select the row under the cursor, or no longer.
    pub fn toggle_mark(&mut self) {
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
        let from = anchor.and_then(|anchor| self.visible().position(|line| line.instance.id == anchor));
        let Some(from) = from else {
            self.marked.extend(here.clone());
            self.anchor = here;
            return false;
        };
        let (first, last) = (from.min(self.at), from.max(self.at));
        let range: Vec<InstanceId> =
            self.visible().skip(first).take(last - first + 1).map(|line| line.instance.id.clone()).collect();
        self.marked.extend(range);
        true
    }

    /// What AWS no longer lists can no longer be selected.
    pub(super) fn forget_marks_of_gone_rows(&mut self) {
        if !self.marked.is_empty() {
            self.marked = self.marked().map(|line| line.instance.id.clone()).collect();
        }
    }

    /// Select nothing. Whether anything was.
    pub fn unmark_all(&mut self) -> bool {
        self.anchor = None;
        !std::mem::take(&mut self.marked).is_empty()
    }
}
