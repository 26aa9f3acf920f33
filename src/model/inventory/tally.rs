//! How many rows lack which fact and why, counted as rows come, change and go.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::{Denial, Fact, FactKind, Instance, Refusal, Why};

/// Rows that lack one fact for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The fact.
    pub fact: FactKind,
    /// The kind of refusal.
    pub why: Why,
    /// The IAM action.
    pub action: &'static str,
    /// How many rows there are.
    pub rows: usize,
    /// When the oldest of the answers was told that are kept meanwhile; `None`: there are none.
    pub told: Option<Timestamp>,
}

/// What the rows lack.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    counts: BTreeMap<Reason, ByTime>,
}

/// Kind of refusal, action, fact, and whether an older answer stands for it.
type Reason = (Why, &'static str, FactKind, bool);
/// Rows by the time at which the older answer was told.
type ByTime = BTreeMap<Option<Timestamp>, usize>;

impl Tally {
    /// A row came.
    pub(super) fn add(&mut self, row: &Instance) {
        for (fact, denial, told) in lacks(row) {
            let counts = self.counts.entry((denial.why, denial.action, fact, told.is_some())).or_default();
            *counts.entry(told).or_default() += 1;
        }
    }

    /// A row went.
    pub(super) fn remove(&mut self, row: &Instance) {
        for (fact, denial, told) in lacks(row) {
            let key = (denial.why, denial.action, fact, told.is_some());
            let Some(counts) = self.counts.get_mut(&key) else { continue };
            if let Some(count) = counts.get_mut(&told) {
                *count -= 1;
                if *count == 0 {
                    counts.remove(&told);
                }
            }
            if counts.is_empty() {
                self.counts.remove(&key);
            }
        }
    }

    /// Everything that is lacking, by reason and action.
    pub(super) fn lacking(&self) -> impl Iterator<Item = Lacking> + '_ {
        self.counts.iter().map(|(&(why, action, fact, _), counts)| Lacking {
            fact,
            why,
            action,
            rows: counts.values().sum(),
            told: counts.keys().next().copied().flatten(),
        })
    }
}

/// What a row lacks, why, and since when an older answer stands for it.
fn lacks(row: &Instance) -> impl Iterator<Item = (FactKind, &Denial, Option<Timestamp>)> {
    let grant = row.role.known().and_then(|role| lack(&role.grant));
    let network = row.network.known();
    let all = [
        (FactKind::Ssm, lack(&row.ssm)),
        (FactKind::Role, lack(&row.role)),
        (FactKind::Role, grant),
        (FactKind::Image, lack(&row.image_name)),
        (FactKind::Network, lack(&row.network)),
        (FactKind::Network, network.and_then(|network| lack(&network.endpoints))),
        (FactKind::Network, network.and_then(|network| lack(&network.groups))),
        (FactKind::Paths, network.and_then(|network| lack(&network.acls))),
        (FactKind::Paths, network.and_then(|network| lack(&network.route_tables))),
        (FactKind::Paths, network.and_then(|network| lack(&network.internet_gateways))),
        (FactKind::Paths, network.and_then(|network| lack(&network.subnets))),
        (FactKind::KeyPair, lack(&row.key_pair)),
    ];
    all.into_iter().filter_map(|(fact, lack)| lack.map(|(denial, told)| (fact, denial, told)))
}

fn lack<T>(fact: &Fact<T>) -> Option<(&Denial, Option<Timestamp>)> {
    match fact {
        Fact::Hidden(denial) => Some((denial, None)),
        Fact::Kept(_, Refusal { denial, told }) => Some((denial, Some(*told))),
        Fact::Pending | Fact::Known(_) => None,
    }
}
