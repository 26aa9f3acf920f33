//! The rows of the table: sorted, filtered, with a cursor that stays on its instance.

mod marks;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use crate::access::Ways;
use crate::columns::{Sort, SortKey, View};
use crate::model::{Filter, Haystack, Instance, InstanceId};
use crate::text::Catalogue;

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
    /// Which judging of all rows it is from.
    round: u64,
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
    round: u64,
}

/// Most rows that are judged in one go: the next key must not wait for thousands.
const JUDGED_AT_ONCE: usize = 200;

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
            round: 0,
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

    /// Have all rows judged again by the next updates: what they were judged by has changed.
    pub fn doubt(&mut self) {
        self.round += 1;
    }

    /// Take over the inventory's rows. Only rows that changed are judged and sorted again, and of these only so many; `false`: the rest
    /// is as it was, and this is to be called again soon.
    pub fn update(
        &mut self,
        rows: &[Arc<Instance>],
        judge: impl Fn(&Instance) -> Ways,
        now: Timestamp,
        text: &Catalogue,
    ) -> bool {
        let mut old = std::mem::take(&mut self.lines).into_iter().enumerate().peekable();
        // The new place of each old line that did not change.
        let mut moved: Vec<Option<usize>> = vec![None; self.order.len()];
        let mut changed = Vec::new();
        let mut lines = Vec::with_capacity(rows.len());
        let mut is_complete = true;
        for instance in rows {
            // The inventory keeps the order of first sight: what is skipped here has gone.
            let is_same = |line: &Line| Arc::ptr_eq(&line.instance, instance) || line.instance.id == instance.id;
            while old.next_if(|(_, line)| !is_same(line)).is_some() {}
            let line = old.next();
            let is_fresh =
                line.as_ref().is_some_and(|(_, line)| Arc::ptr_eq(&line.instance, instance) && line.round == self.round);
            let may_judge = changed.len() < JUDGED_AT_ONCE;
            is_complete &= is_fresh || may_judge;
            match line {
                Some((was, line)) if is_fresh || !may_judge => {
                    if let Some(place) = moved.get_mut(was) {
                        *place = Some(lines.len());
                    }
                    lines.push(line);
                }
                _ if may_judge => {
                    let ways = judge(instance);
                    let haystack = Haystack::of(instance);
                    let passes = self.filter.matches_with(instance, via(&ways), &haystack);
                    let key = self.sort.column.sort_key(&View { instance, ways: &ways, now, text });
                    changed.push(lines.len());
                    lines.push(Line { instance: Arc::clone(instance), ways, key, haystack, passes, round: self.round });
                }
                _ => {}
            }
        }
        self.lines = lines;
        let kept: Vec<usize> = self.order.iter().filter_map(|&was| moved.get(was).copied().flatten()).collect();
        let order = |a: &usize, b: &usize| self.compare(*a, *b);
        changed.sort_unstable_by(order);
        self.order = merge(kept, changed, order);
        if is_complete {
            self.forget_marks_of_gone_rows();
        }
        self.show();
        is_complete
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
