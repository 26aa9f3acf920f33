//! Rows under the heads of their groups, folded away and back.

use std::sync::Arc;

use super::groups::{Groups, head, place_of_head};
use super::{Group, Line, Rows, Shown, Spot};
use crate::columns::{Column, View};
use crate::text::Catalogue;

impl Rows {
    /// The column whose values the groups are of.
    pub fn grouped_by(&self) -> Option<&Column> {
        self.groups.as_ref().map(|groups| &groups.column)
    }

    /// Put the rows in groups by the values of this column, or in none.
    pub fn group_by(&mut self, column: Option<Column>, now: jiff::Timestamp, text: &Catalogue) {
        self.groups = column.map(Groups::new);
        for line in self.lines.iter_mut().flatten() {
            let view = View { instance: &line.instance, ways: &line.ways, now, text };
            line.group = self.groups.as_mut().map_or(0, |groups| groups.of(&view));
        }
        self.show();
    }

    /// The lines of the table from a position on; those before it are not looked at.
    pub fn shown_from(&self, at: usize) -> impl Iterator<Item = Shown<'_>> {
        self.visible.from(at).filter_map(|place| self.shown(place))
    }

    /// The group under the cursor, if its head is there.
    pub fn current_head(&self) -> Option<&Group> {
        let number = head(self.visible.get(self.at)?)?;
        self.groups.as_ref()?.get(number)
    }

    /// Fold the group under the cursor away, or unfold it. Whether the cursor is in one and that changed anything.
    pub fn fold(&mut self, is_folded: bool) -> bool {
        let Some(place) = self.visible.get(self.at) else { return false };
        let number = head(place).or_else(|| self.lines.get(place)?.as_ref().map(|line| line.group));
        let group = number.and_then(|number| self.groups.as_mut()?.get_mut(number));
        let (Some(group), Some(number)) = (group, number) else { return false };
        if group.is_folded == is_folded || (head(place).is_none() && !is_folded) {
            return false;
        }
        group.is_folded = is_folded;
        self.cursor = Some(Spot::Head(number));
        self.show();
        true
    }

    /// Select all rows of the group under the cursor that the filter lets pass; if all are, none of them. Whether there is one.
    pub fn toggle_marks_of_group(&mut self) -> bool {
        let Some(number) = self.visible.get(self.at).and_then(head) else { return false };
        let is_in = |line: &&Line| line.group == number;
        let lines = self.order.iter().filter(|place| self.shows(*place)).filter_map(|place| self.lines.get(place)?.as_ref());
        let ids: Vec<_> = lines.filter(is_in).map(|line| Arc::clone(&line.instance)).collect();
        if ids.iter().all(|row| self.marked.contains(&row.id)) {
            ids.iter().for_each(|row| {
                self.marked.remove(&row.id);
            });
        } else {
            self.marked.extend(ids.iter().map(|row| row.id.clone()));
        }
        true
    }

    fn shown(&self, place: usize) -> Option<Shown<'_>> {
        match head(place) {
            Some(number) => self.groups.as_ref()?.get(number).map(Shown::Head),
            None => self.line(place).map(Shown::Row),
        }
    }

    /// The places of what is shown, in their order: heads with their rows, or the rows alone. Counts what passes.
    pub(super) fn arranged(&mut self, shown: Vec<usize>) -> Vec<usize> {
        self.passing = shown.len();
        let Some(groups) = &mut self.groups else { return shown };
        groups.list.iter_mut().for_each(|group| (group.total, group.shown) = (0, 0));
        for line in self.lines.iter().flatten() {
            if let Some(group) = groups.list.get_mut(line.group) {
                group.total += 1;
            }
        }
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); groups.list.len()];
        for place in shown {
            let number = self.lines.get(place).and_then(Option::as_ref).map_or(0, |line| line.group);
            if let (Some(group), Some(rows)) = (groups.list.get_mut(number), rows.get_mut(number)) {
                group.shown += 1;
                rows.push(place);
            }
        }
        let mut numbers: Vec<usize> = (0..groups.list.len()).collect();
        numbers.sort_by_key(|number| groups.list.get(*number).map(|group| group.order.clone()));
        let mut arranged = Vec::new();
        for number in numbers {
            let (Some(group), Some(rows)) = (groups.list.get(number), rows.get(number)) else { continue };
            if group.shown > 0 {
                arranged.push(place_of_head(number));
            }
            if !group.is_folded {
                arranged.extend(rows);
            }
        }
        arranged
    }
}
