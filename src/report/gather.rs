//! Takes instances in, one after the other, and puts those together that have the same in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::facts::{Exposure, Group, Lacks, Logging, Report, Row, SharedKey, Told, Totals, Version};
use crate::access::{Mark, Method, Outcome, Reason, Way, Ways, dotted, mark, too_old_for_commands};
use crate::model::{Instance, InstanceState, Place};

/// A key pair that so many have is one whose loss is all of theirs.
pub(super) const SHARED: usize = 5;
/// Values of a finding that are an instance's own: those who differ in nothing else have the same in common.
const OWN: &[&str] = &["id", "seconds", "ip", "address", "target", "name", "private-ip", "public-ip"];

/// What a cause has in common with others.
type Likeness = (Vec<Method>, &'static str, Vec<(&'static str, String)>);
/// A key pair's place and name.
type KeyAt = (String, String);

/// What has come so far.
#[derive(Debug, Default)]
pub struct Gatherer {
    totals: BTreeMap<Method, usize>,
    last_resort: Groups,
    places: Vec<Arc<Place>>,
    unreachable: Groups,
    unknown: Groups,
    down: Groups,
    exposed: BTreeMap<Likeness, Exposure>,
    keys: BTreeMap<KeyAt, SharedKey>,
    agents: BTreeMap<Vec<u64>, Version>,
    all: usize,
}

#[derive(Debug, Default)]
struct Groups(BTreeMap<Vec<Likeness>, Group>);

impl Gatherer {
    /// Take one in, with all that was found of its ways.
    pub fn take(&mut self, instance: &Instance, ways: &Ways) {
        self.all += 1;
        if !self.places.contains(&instance.place) {
            self.places.push(Arc::clone(&instance.place));
        }
        self.count(instance, ways);
        self.note_exposure(instance, ways);
        if let Some(name) = &instance.key_name {
            let at = (format!("{:?} {}", instance.account, instance.place.region), name.raw().to_owned());
            let new = || SharedKey { name: name.clone(), place: Arc::clone(&instance.place), rows: Vec::new() };
            self.keys.entry(at).or_insert_with(new).rows.push(Row::of(instance));
        }
        self.note_agent(instance, ways);
    }

    /// What all of them have in common.
    pub fn report(self, at: Timestamp, logging: Vec<(Arc<Place>, Logging)>) -> Report {
        let (unreachable, unknown, down) = (self.unreachable.sorted(), self.unknown.sorted(), self.down.sorted());
        let last_resort = self.last_resort.sorted();
        let count = |groups: &[Group]| groups.iter().map(|group| group.rows.len()).sum();
        let totals = Totals {
            all: self.all,
            reached: Method::known().iter().filter_map(|method| Some((*method, *self.totals.get(method)?))).collect(),
            last_resort: count(&last_resort),
            unreachable: count(&unreachable),
            unknown: count(&unknown),
            down: count(&down),
        };
        let mut exposed: Vec<Exposure> = self.exposed.into_values().collect();
        exposed.sort_by_key(|own| std::cmp::Reverse(own.rows.len()));
        let mut keys: Vec<SharedKey> = self.keys.into_values().filter(|key| key.rows.len() >= SHARED).collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.rows.len()));
        let agents = self.agents.into_values().collect();
        Report { at, places: self.places, totals, unreachable, last_resort, unknown, down, exposed, keys, agents, logging }
    }

    fn count(&mut self, instance: &Instance, ways: &Ways) {
        if let Some(best) = ways.called_best() {
            *self.totals.entry(best).or_default() += 1;
        } else if ways.last_resorts().next().is_some() {
            self.last_resort.add(instance, ways, |way| matches!(mark(way), Mark::Blocked | Mark::Unknown));
        } else if instance.state != InstanceState::Running {
            self.down.add(instance, ways, |way| mark(way) != Mark::NotApplicable);
        } else if ways.list.iter().any(|way| way.method.may_be_best() && mark(way) == Mark::Unknown) {
            // What is blocked may be what is easier to mend.
            self.unknown.add(instance, ways, |way| matches!(mark(way), Mark::Unknown | Mark::Blocked));
        } else {
            self.unreachable.add(instance, ways, |way| mark(way) == Mark::Blocked);
        }
    }

    fn note_exposure(&mut self, instance: &Instance, ways: &Ways) {
        // Each once: a port is open to a login whatever key it has.
        let mut seen: Vec<Likeness> = Vec::new();
        for reason in
            ways.list.iter().flat_map(|way| way.reasons.iter().chain(&way.passes)).filter(|reason| reason.rule == "NET-4")
        {
            let like = likeness(Vec::new(), reason);
            if !seen.contains(&like) {
                let new = || Exposure { reason: reason.clone(), rows: Vec::new() };
                self.exposed.entry(like.clone()).or_insert_with(new).rows.push(Row::of(instance));
                seen.push(like);
            }
        }
    }

    fn note_agent(&mut self, instance: &Instance, ways: &Ways) {
        let Some(version) = instance.ssm.known().and_then(|ssm| ssm.agent_version.as_ref()) else { return };
        let is_too_old = |reason: &Reason| reason.rule == "SSM-5" && reason.outcome == Outcome::Fail;
        let lacks = if ways.list.iter().flat_map(|way| &way.reasons).any(is_too_old) {
            Lacks::Sessions
        } else if instance.ssm.known().and_then(too_old_for_commands).is_some() {
            Lacks::Commands
        } else {
            return;
        };
        let new = || Version { version: version.clone(), lacks, rows: Vec::new() };
        self.agents.entry(dotted(version.raw())).or_insert_with(new).rows.push(Row::of(instance));
    }
}

impl Groups {
    /// Put it to those that the same is in the way of; only ways that `counts` are looked at.
    fn add(&mut self, instance: &Instance, ways: &Ways, counts: impl Fn(&Way) -> bool) {
        let causes = worst(ways, counts);
        let like: Vec<Likeness> = causes.iter().map(|told| likeness(told.methods.clone(), &told.reason)).collect();
        let group = self.0.entry(like).or_insert_with(|| Group { causes: causes.clone(), rows: Vec::new() });
        for (known, own) in group.causes.iter_mut().zip(&causes) {
            known.is_same &= known.reason.values == own.reason.values;
        }
        group.rows.push(Row::of(instance));
    }

    /// The largest first.
    fn sorted(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.0.into_values().collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.rows.len()));
        groups
    }
}

/// What is found first of each way, ways with the same one together.
fn worst(ways: &Ways, counts: impl Fn(&Way) -> bool) -> Vec<Told> {
    let mut causes: Vec<Told> = Vec::new();
    for way in ways.list.iter().filter(|way| way.method.may_be_best() && counts(way)) {
        let Some(reason) = way.reasons.first() else { continue };
        match causes.iter_mut().find(|told| told.reason.code == reason.code && told.reason.values == reason.values) {
            Some(told) => told.methods.push(way.method),
            None => causes.push(Told { methods: vec![way.method], reason: reason.clone(), is_same: true }),
        }
    }
    causes
}

fn likeness(methods: Vec<Method>, reason: &Reason) -> Likeness {
    let shared = reason.values.iter().filter(|(name, _)| !OWN.contains(name)).cloned().collect();
    (methods, reason.code, shared)
}
