//! The rows of the table: sorted, filtered, with a cursor that stays on its instance.

mod favourites;
mod grouping;
mod groups;
mod marks;
mod sorted;

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;

pub use self::groups::Group;
use self::groups::{Groups, head, place_of_head};
use self::sorted::Sorted;
use crate::access::Ways;
use crate::columns::{Sort, SortKey, View};
use crate::config::Favourites;
use crate::model::{Filter, Haystacks, Instance, InstanceId, Inventory};
use crate::text::Catalogue;

/// An instance and what was found out about the ways into it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The instance.
    pub instance: Arc<Instance>,
    /// The ways into it, without their reasons: whoever tells these has them judged.
    pub ways: Arc<Ways>,
    /// Made once: with 10,000 rows, comparing names as they are would cost a frame.
    key: SortKey,
    is_favourite: bool,
    /// The number of its group, where there are any.
    group: usize,
    /// Which judging of all rows it is from.
    round: u64,
}

impl Line {
    /// Whether another line in its place would stand where this one does.
    fn stands_as(&self, other: &Self) -> bool {
        (&self.key, self.is_favourite, self.group) == (&other.key, other.is_favourite, other.group)
    }

    /// The line as columns see it.
    pub fn view<'a>(&'a self, now: Timestamp, text: &'a Catalogue) -> View<'a> {
        View { instance: &self.instance, ways: &self.ways, now, text }
    }
}

/// All lines, their order, and those that the filter lets pass.
#[derive(Debug, Clone)]
pub struct Rows {
    /// By the inventory's places; what was not judged yet is not there.
    lines: Vec<Option<Line>>,
    /// How well the filter fits each line; `None`: it does not pass. Beside the lines, since every key in the filter goes over all of them.
    fits: Vec<Option<u32>>,
    /// What a word of the filter looks at in each line.
    haystacks: Haystacks,
    /// What lines have in common.
    known_ways: HashSet<Arc<Ways>>,
    places: HashMap<InstanceId, usize>,
    order: Sorted,
    visible: Sorted,
    /// Places that are still to be judged.
    waiting: BTreeSet<usize>,
    sort: Sort,
    filter: Filter,
    favourites: Favourites,
    only_favourites: bool,
    /// Whether the user has asked for a sort: then it holds under any filter.
    sort_is_asked: bool,
    groups: Option<Groups>,
    /// How many rows the filter lets pass, those of folded groups included.
    passing: usize,
    cursor: Option<Spot>,
    at: usize,
    /// Selected by the user; they stay so through filters and refreshes.
    marked: BTreeSet<InstanceId>,
    /// Where a range began.
    anchor: Option<InstanceId>,
    round: u64,
    /// How many lines were looked at and how many rows judged: what tests count.
    #[cfg(test)]
    pub work: Work,
}

/// A line of the table: a row, or the head of a group.
#[derive(Debug, Clone, Copy)]
pub enum Shown<'r> {
    /// The head of the rows below it.
    Head(&'r Group),
    /// A row.
    Row(&'r Line),
}

/// Where the cursor is, whatever stands above it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Spot {
    Row(InstanceId),
    /// On the head of the group of this number.
    Head(usize),
}

/// What was done so far.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Lines that were looked at.
    pub seen: std::cell::Cell<u64>,
    /// Rows that were judged.
    pub judged: u64,
    /// Rows that a filter was held against.
    pub filtered: u64,
}

/// Most rows that are judged in one go: the next key must not wait for thousands.
const JUDGED_AT_ONCE: usize = 200;

impl Rows {
    /// No rows yet, to be sorted like this.
    pub fn new(sort: Sort) -> Self {
        Self {
            lines: Vec::new(),
            fits: Vec::new(),
            haystacks: Haystacks::default(),
            known_ways: HashSet::new(),
            places: HashMap::new(),
            order: Sorted::default(),
            visible: Sorted::default(),
            waiting: BTreeSet::new(),
            sort,
            filter: Filter::default(),
            favourites: Favourites::default(),
            only_favourites: false,
            sort_is_asked: false,
            groups: None,
            passing: 0,
            cursor: None,
            at: 0,
            marked: BTreeSet::new(),
            anchor: None,
            round: 0,
            #[cfg(test)]
            work: Work::default(),
        }
    }

    /// Rows that the filter lets pass and no group hides, in their order.
    pub fn visible(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.visible.iter().filter_map(|place| self.line(place))
    }

    /// Every row that was judged, whatever the filter says.
    pub fn all(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().flatten()
    }

    /// How many rows the filter lets pass.
    pub fn count(&self) -> usize {
        self.passing
    }

    /// How many lines the table has: rows, and heads of groups.
    pub fn len(&self) -> usize {
        self.visible.len()
    }

    /// How many rows there are.
    pub fn total(&self) -> usize {
        self.order.len()
    }

    /// The sort in force.
    pub fn sort(&self) -> &Sort {
        &self.sort
    }

    /// Whether the rows that fit best come first, whatever the sort is.
    pub fn is_best_first(&self) -> bool {
        self.filter.ranks() && !self.sort_is_asked
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Line> {
        self.line(self.visible.get(self.at)?)
    }

    /// Where the cursor is among the visible rows.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Have all rows judged again by the next updates: what they were judged by has changed.
    pub fn doubt(&mut self) {
        self.round += 1;
        self.waiting.extend(self.order.iter());
    }

    /// Take over what has changed in the inventory. Only those rows are judged and sorted again, and of these only so many; `false`: the
    /// rest is as it was, and this is to be called again soon.
    pub fn update(
        &mut self,
        inventory: &mut Inventory,
        judge: impl Fn(&Instance, &[Arc<Instance>]) -> Ways,
        now: Timestamp,
        text: &Catalogue,
    ) -> bool {
        let changes = inventory.take_changes();
        for moved in &changes.moves {
            self.move_lines(moved);
        }
        self.waiting.extend(changes.touched);
        for place in changes.heard {
            // What waits is judged by what is new about it.
            if self.waiting.contains(&place) {
                continue;
            }
            if let (Some(Some(line)), Some(instance)) = (self.lines.get_mut(place), inventory.rows().get(place)) {
                line.instance = Arc::clone(instance);
            }
        }
        let mut left = JUDGED_AT_ONCE;
        while left > 0 {
            let Some(place) = self.waiting.pop_first() else { break };
            let Some(instance) = inventory.rows().get(place) else { continue };
            let old = self.lines.get(place).and_then(Option::as_ref);
            if old.is_some_and(|line| Arc::ptr_eq(&line.instance, instance) && line.round == self.round) {
                continue;
            }
            left -= 1;
            let ways = self.shared(judge(instance, inventory.rows()).without_reasons());
            self.haystacks.put(place, instance);
            let fit = self.filter.score_with(instance, via(&ways), &self.haystacks.get(place));
            let key = self.sort.column.sort_key(&View { instance, ways: &ways, now, text });
            let group = self.groups.as_mut().map_or(0, |groups| groups.of(&View { instance, ways: &ways, now, text }));
            let (is_favourite, round) = (self.favourites.holds(instance), self.round);
            self.put(place, Line { instance: Arc::clone(instance), ways, key, is_favourite, group, round }, fit);
        }
        self.settle();
        self.waiting.is_empty()
    }

    /// Put a line where it belongs now.
    fn put(&mut self, place: usize, line: Line, fit: Option<u32>) {
        #[cfg(test)]
        {
            self.work.judged += 1;
        }
        if self.lines.len() <= place {
            self.lines.resize_with(place + 1, || None);
            self.fits.resize(place + 1, None);
        }
        let (Some(own), Some(own_fit)) = (self.lines.get_mut(place), self.fits.get_mut(place)) else { return };
        // Most of what is new about a row leaves it where it is.
        if let Some(old) = own.as_mut().filter(|old| old.stands_as(&line) && *own_fit == fit) {
            *old = line;
            return;
        }
        self.take_out(place);
        self.places.insert(line.instance.id.clone(), place);
        if let (Some(own), Some(own_fit)) = (self.lines.get_mut(place), self.fits.get_mut(place)) {
            (*own, *own_fit) = (Some(line), fit);
        }
        self.put_in(place);
    }

    /// The same, in one piece with all that are equal.
    fn shared(&mut self, ways: Ways) -> Arc<Ways> {
        if let Some(known) = self.known_ways.get(&ways) {
            return Arc::clone(known);
        }
        let ways = Arc::new(ways);
        self.known_ways.insert(Arc::clone(&ways));
        ways
    }

    /// Take a line out of the orders, while it still says where it stands in them.
    fn take_out(&mut self, place: usize) {
        let Some(number) = self.lines.get(place).and_then(Option::as_ref).map(|line| line.group) else { return };
        let shows = self.shows(place);
        self.order.remove(place, |a, b| compare(&self.lines, self.sort.is_reversed, a, b));
        self.take_out_of_visible(place);
        self.passing -= usize::from(shows);
        let Some(group) = self.groups.as_mut().and_then(|groups| groups.get_mut(number)) else { return };
        group.total -= 1;
        group.shown -= usize::from(shows);
        if shows && group.shown == 0 {
            self.take_out_of_visible(place_of_head(number));
        }
    }

    /// Put a line into the orders.
    fn put_in(&mut self, place: usize) {
        let Some(number) = self.lines.get(place).and_then(Option::as_ref).map(|line| line.group) else { return };
        let shows = self.shows(place);
        self.order.insert(place, |a, b| compare(&self.lines, self.sort.is_reversed, a, b));
        self.passing += usize::from(shows);
        let mut is_folded = false;
        if let Some(group) = self.groups.as_mut().and_then(|groups| groups.get_mut(number)) {
            group.total += 1;
            group.shown += usize::from(shows);
            is_folded = group.is_folded;
            if shows && group.shown == 1 {
                self.put_into_visible(place_of_head(number));
            }
        }
        if shows && !is_folded {
            self.put_into_visible(place);
        }
    }

    fn take_out_of_visible(&mut self, place: usize) {
        let fits = self.is_best_first().then_some(self.fits.as_slice());
        let order = (self.lines.as_slice(), self.groups.as_ref(), fits, self.sort.is_reversed);
        self.visible.remove(place, |a, b| compare_shown(order, a, b));
    }

    fn put_into_visible(&mut self, place: usize) {
        let fits = self.is_best_first().then_some(self.fits.as_slice());
        let order = (self.lines.as_slice(), self.groups.as_ref(), fits, self.sort.is_reversed);
        self.visible.insert(place, |a, b| compare_shown(order, a, b));
    }

    /// Whether a line is among the visible ones.
    fn shows(&self, place: usize) -> bool {
        let is_favourite = || self.lines.get(place).and_then(Option::as_ref).is_some_and(|line| line.is_favourite);
        self.fits.get(place).is_some_and(Option::is_some) && (!self.only_favourites || is_favourite())
    }

    /// Rows have gone from the inventory: the others have new places, in the same order.
    fn move_lines(&mut self, moved: &[Option<usize>]) {
        let to = |was: usize| moved.get(was).copied().flatten();
        let mut lines: Vec<Option<Line>> = Vec::new();
        lines.resize_with(moved.iter().flatten().count(), || None);
        let mut fits = vec![None; lines.len()];
        for (was, (line, fit)) in std::mem::take(&mut self.lines).into_iter().zip(&self.fits).enumerate() {
            match to(was).and_then(|place| Some((lines.get_mut(place)?, fits.get_mut(place)?))) {
                Some((own, own_fit)) => (*own, *own_fit) = (line, *fit),
                None => {
                    if let Some(line) = line {
                        self.places.remove(&line.instance.id);
                    }
                }
            }
        }
        (self.lines, self.fits) = (lines, fits);
        self.haystacks.move_to(moved);
        self.places.values_mut().for_each(|place| *place = to(*place).unwrap_or(*place));
        self.waiting = self.waiting.iter().filter_map(|&was| to(was)).collect();
        self.order = Sorted::of(&self.order.iter().filter_map(to).collect::<Vec<_>>());
        self.show();
        self.forget_marks_of_gone_rows();
    }

    /// Sort by something else.
    pub fn set_sort(&mut self, sort: Sort, now: Timestamp, text: &Catalogue) {
        self.sort = sort;
        self.sort_is_asked = true;
        for line in self.lines.iter_mut().flatten() {
            line.key = self.sort.column.sort_key(&View { instance: &line.instance, ways: &line.ways, now, text });
        }
        self.sort_again();
    }

    fn sort_again(&mut self) {
        let mut order: Vec<usize> = self.order.iter().collect();
        order.sort_unstable_by(|a, b| compare(&self.lines, self.sort.is_reversed, *a, *b));
        self.order = Sorted::of(&order);
        self.show();
    }

    /// Let only these rows pass.
    pub fn set_filter(&mut self, filter: Filter) {
        // What did not pass before cannot pass a filter that asks for more.
        let shows_all_that_pass = !self.only_favourites && self.groups.is_none();
        let places: Vec<usize> = if filter.narrows(&self.filter) && shows_all_that_pass {
            self.visible.iter().collect()
        } else {
            (0..self.lines.len()).collect()
        };
        for place in places {
            if let (Some(Some(line)), Some(fit)) = (self.lines.get(place), self.fits.get_mut(place)) {
                *fit = if filter.is_empty() {
                    Some(0)
                } else {
                    filter.score_with(&line.instance, via(&line.ways), &self.haystacks.get(place))
                };
                #[cfg(test)]
                {
                    self.work.filtered += 1;
                }
            }
        }
        self.filter = filter;
        self.show();
    }

    /// Put the cursor on the n-th line, or the last one.
    pub fn go_to(&mut self, at: usize) {
        self.at = at.min(self.visible.len().saturating_sub(1));
        self.cursor = self.visible.get(self.at).and_then(|place| match head(place) {
            Some(number) => Some(Spot::Head(number)),
            None => self.line(place).map(|line| Spot::Row(line.instance.id.clone())),
        });
    }

    /// Put the cursor on an instance, if it is visible.
    pub fn go_to_instance(&mut self, id: &InstanceId) {
        self.cursor = Some(Spot::Row(id.clone()));
        self.settle();
    }

    fn show(&mut self) {
        let mut shown: Vec<usize> = self.order.iter().filter(|place| self.shows(*place)).collect();
        if self.is_best_first() {
            shown.sort_by_key(|place| Reverse(self.fits.get(*place).copied().flatten()));
        }
        let arranged = self.arranged(shown);
        self.visible = Sorted::of(&arranged);
        self.settle();
    }

    /// The cursor stays on its instance; if that has gone, on its place.
    fn settle(&mut self) {
        let place = match &self.cursor {
            Some(Spot::Row(id)) => self.places.get(id).copied(),
            Some(Spot::Head(number)) => Some(place_of_head(*number)),
            None => None,
        };
        match place.and_then(|place| self.position(place)) {
            Some(at) => self.at = at,
            // Hidden by a filter that is being typed, the instance keeps the cursor until the user moves it.
            None => self.at = self.at.min(self.visible.len().saturating_sub(1)),
        }
        if self.cursor.is_none() {
            self.go_to(self.at);
        }
    }

    /// Where a line stands among the visible ones.
    fn position(&self, place: usize) -> Option<usize> {
        if head(place).is_none() {
            self.line(place)?;
        }
        let fits = self.is_best_first().then_some(self.fits.as_slice());
        let order = (self.lines.as_slice(), self.groups.as_ref(), fits, self.sort.is_reversed);
        self.visible.position(place, |a, b| compare_shown(order, a, b))
    }

    fn line(&self, place: usize) -> Option<&Line> {
        #[cfg(test)]
        self.work.seen.set(self.work.seen.get() + 1);
        self.lines.get(place)?.as_ref()
    }
}

/// Favourites come first, however the others are sorted. Keys end with the id: no two rows are equal.
fn compare(lines: &[Option<Line>], is_reversed: bool, a: usize, b: usize) -> Ordering {
    let line = |place: usize| lines.get(place).and_then(Option::as_ref);
    let (Some(left), Some(right)) = (line(a), line(b)) else { return a.cmp(&b) };
    let by_key = || if is_reversed { right.key.cmp(&left.key) } else { left.key.cmp(&right.key) };
    right.is_favourite.cmp(&left.is_favourite).then_with(by_key)
}

/// What the lines of the table are ordered by: the lines, their groups, how well they fit where the best come first, whether the order is
/// turned round.
type Arrangement<'r> = (&'r [Option<Line>], Option<&'r Groups>, Option<&'r [Option<u32>]>, bool);

/// As [`compare`]; before that by their groups, and where the best come first, only those that fit equally well.
fn compare_shown((lines, groups, fits, is_reversed): Arrangement<'_>, a: usize, b: usize) -> Ordering {
    let number = |place: usize| match head(place) {
        Some(number) => (number, true),
        None => (lines.get(place).and_then(Option::as_ref).map_or(0, |line| line.group), false),
    };
    let by_group = groups.map_or(Ordering::Equal, |groups| groups.compare(number(a), number(b)));
    let by_fit = || fits.map_or(Ordering::Equal, |fits| fits.get(b).cmp(&fits.get(a)));
    by_group.then_with(by_fit).then_with(|| compare(lines, is_reversed, a, b))
}

fn via(ways: &Ways) -> &'static str {
    ways.best.map_or("", |method| method.id())
}
