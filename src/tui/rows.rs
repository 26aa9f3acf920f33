//! The rows of the table: sorted, filtered, with a cursor that stays on its instance.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::access::Ways;
use crate::columns::{Column, SortKey, View};
use crate::model::{Filter, Haystack, Instance, InstanceId};
use crate::text::Catalogue;

/// What to sort by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: Column,
    /// Whether the last comes first.
    pub is_reversed: bool,
}

/// An instance and what was found out about the ways into it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The instance.
    pub instance: Arc<Instance>,
    /// The ways into it.
    pub ways: Ways,
    /// Made once: with 10,000 rows, comparing names as they are would cost a frame.
    key: SortKey,
    haystack: Haystack,
    passes: bool,
}

impl Line {
    /// The line as columns see it.
    pub fn view<'a>(&'a self, now: Timestamp, text: &'a Catalogue) -> View<'a> {
        View { instance: &self.instance, ways: &self.ways, now, text }
    }
}

/// All lines, their order, and those that the filter lets pass.
#[derive(Debug, Clone)]
pub struct Rows {
    lines: Vec<Line>,
    order: Vec<usize>,
    visible: Vec<usize>,
    sort: Sort,
    filter: Filter,
    cursor: Option<InstanceId>,
    at: usize,
    /// Selected by the user; they stay so through filters and refreshes.
    marked: BTreeSet<InstanceId>,
    /// Where a range began.
    anchor: Option<InstanceId>,
}

impl Rows {
    /// No rows yet, to be sorted like this.
    pub fn new(sort: Sort) -> Self {
        Self {
            lines: Vec::new(),
            order: Vec::new(),
            visible: Vec::new(),
            sort,
            filter: Filter::default(),
            cursor: None,
            at: 0,
            marked: BTreeSet::new(),
            anchor: None,
        }
    }

    /// Rows that the filter lets pass, in their order.
    pub fn visible(&self) -> impl DoubleEndedIterator<Item = &Line> + ExactSizeIterator {
        self.visible.iter().map(|&at| &self.lines[at])
    }

    /// How many rows the filter lets pass.
    pub fn count(&self) -> usize {
        self.visible.len()
    }

    /// How many rows there are.
    pub fn total(&self) -> usize {
        self.lines.len()
    }

    /// The sort in force.
    pub fn sort(&self) -> &Sort {
        &self.sort
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Line> {
        self.visible.get(self.at).map(|&at| &self.lines[at])
    }

    /// Where the cursor is among the visible rows.
    pub fn at(&self) -> usize {
        self.at
    }

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
            visible.iter().for_each(|id| {
                self.marked.remove(id);
            });
        } else {
            self.marked.extend(visible);
        }
    }

    /// Begin a range at the cursor, or select from where it began to the cursor. Whether it was the latter.
    pub fn mark_range(&mut self) -> bool {
        let here = self.current().map(|line| line.instance.id.clone());
        let place = |rows: &Self, id: &InstanceId| rows.visible().position(|line| line.instance.id == *id);
        let from = self.anchor.take().and_then(|anchor| place(self, &anchor));
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

    /// Select nothing. Whether anything was.
    pub fn unmark_all(&mut self) -> bool {
        self.anchor = None;
        !std::mem::take(&mut self.marked).is_empty()
    }

    /// Take over the inventory's rows. Only rows that changed are judged and sorted again; `afresh` judges all.
    pub fn update(
        &mut self,
        rows: &[Arc<Instance>],
        afresh: bool,
        judge: impl Fn(&Instance) -> Ways,
        now: Timestamp,
        text: &Catalogue,
    ) {
        let mut old = std::mem::take(&mut self.lines).into_iter().enumerate().peekable();
        // The new place of each old line that did not change.
        let mut moved: Vec<Option<usize>> = vec![None; self.order.len()];
        let mut changed = Vec::new();
        let mut lines = Vec::with_capacity(rows.len());
        for (at, instance) in rows.iter().enumerate() {
            // The inventory keeps the order of first sight: what is skipped here has gone.
            while old.next_if(|(_, line)| line.instance.id != instance.id).is_some() {}
            match old.next_if(|(_, line)| line.instance.id == instance.id) {
                Some((was, line)) if Arc::ptr_eq(&line.instance, instance) && !afresh => {
                    if let Some(place) = moved.get_mut(was) {
                        *place = Some(at);
                    }
                    lines.push(line);
                }
                _ => {
                    let ways = judge(instance);
                    let haystack = Haystack::of(instance);
                    let passes = self.filter.matches_with(instance, via(&ways), &haystack);
                    let key = self.sort.column.sort_key(&View { instance, ways: &ways, now, text });
                    lines.push(Line { instance: Arc::clone(instance), ways, key, haystack, passes });
                    changed.push(at);
                }
            }
        }
        self.lines = lines;
        if !self.marked.is_empty() {
            // What AWS no longer lists can no longer be selected.
            let here: BTreeSet<&InstanceId> = self.lines.iter().map(|line| &line.instance.id).collect();
            self.marked.retain(|id| here.contains(id));
        }
        let kept: Vec<usize> = self.order.iter().filter_map(|&was| moved.get(was).copied().flatten()).collect();
        let order = |a: &usize, b: &usize| self.compare(*a, *b);
        changed.sort_unstable_by(order);
        self.order = merge(kept, changed, order);
        self.show();
    }

    /// Sort by something else.
    pub fn set_sort(&mut self, sort: Sort, now: Timestamp, text: &Catalogue) {
        self.sort = sort;
        for line in &mut self.lines {
            line.key = self.sort.column.sort_key(&View { instance: &line.instance, ways: &line.ways, now, text });
        }
        let mut order = std::mem::take(&mut self.order);
        order.sort_unstable_by(|a, b| self.compare(*a, *b));
        self.order = order;
        self.show();
    }

    /// Let only these rows pass.
    pub fn set_filter(&mut self, filter: Filter) {
        for line in &mut self.lines {
            line.passes = filter.matches_with(&line.instance, via(&line.ways), &line.haystack);
        }
        self.filter = filter;
        self.show();
    }

    /// Put the cursor on the n-th visible row, or the last one.
    pub fn go_to(&mut self, at: usize) {
        self.at = at.min(self.visible.len().saturating_sub(1));
        self.cursor = self.current().map(|line| line.instance.id.clone());
    }

    /// Put the cursor on an instance, if it is visible.
    pub fn go_to_instance(&mut self, id: &InstanceId) {
        self.cursor = Some(id.clone());
        self.settle();
    }

    fn show(&mut self) {
        self.visible.clear();
        self.visible.extend(self.order.iter().copied().filter(|&at| self.lines.get(at).is_some_and(|line| line.passes)));
        self.settle();
    }

    /// The cursor stays on its instance; if that has gone, on its place.
    fn settle(&mut self) {
        let found = self.cursor.as_ref().and_then(|cursor| {
            self.visible.iter().position(|&at| self.lines.get(at).is_some_and(|line| line.instance.id == *cursor))
        });
        match found {
            Some(at) => self.at = at,
            // Hidden by a filter that is being typed, the instance keeps the cursor until the user moves it.
            None => self.at = self.at.min(self.visible.len().saturating_sub(1)),
        }
        if self.cursor.is_none() {
            self.go_to(self.at);
        }
    }

    /// Keys end with the id: no two rows are equal.
    fn compare(&self, a: usize, b: usize) -> Ordering {
        let (Some(a), Some(b)) = (self.lines.get(a), self.lines.get(b)) else { return a.cmp(&b) };
        if self.sort.is_reversed { b.key.cmp(&a.key) } else { a.key.cmp(&b.key) }
    }
}

fn via(ways: &Ways) -> &'static str {
    ways.best.map_or("", |method| method.id())
}

/// Two sorted lists in one.
fn merge(left: Vec<usize>, right: Vec<usize>, order: impl Fn(&usize, &usize) -> Ordering) -> Vec<usize> {
    if right.is_empty() {
        return left;
    }
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        let next = match (left.peek(), right.peek()) {
            (Some(l), Some(r)) if order(l, r).is_le() => left.next(),
            (_, Some(_)) => right.next(),
            (Some(_), None) => left.next(),
            (None, None) => return merged,
        };
        merged.extend(next);
    }
}
