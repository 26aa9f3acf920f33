//! All instances of some places, asked for at the same time and delivered in the order of the places.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::Failure;
use super::sources::{Source, Sources};
use crate::aws::{self, Cloud};
use crate::model::{
    Answer, Denial, Fact, FactKinds, Generation, Instance, InstanceId, Inventory, Oddity, Place, ProfileName, Region, Why,
};

/// Places asked at the same time.
const AT_ONCE: usize = 20;
/// Answers that may wait for us while we write: a reader that pauses (a pager) must not run a call into its time limit.
const WAITING: usize = 1024;
/// The one asking of each place.
const ONLY: Generation = Generation(1);

/// What is missing from a listing, each thing once.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Places whose instances could not be listed.
    pub failures: Vec<Missing>,
    /// Calls that were refused, by the profile that made them.
    pub denials: BTreeMap<(Option<ProfileName>, Refused), Denial>,
    /// Places whose hybrid nodes could not be listed.
    pub without_nodes: Vec<(Place, Denial)>,
    /// Answers that were odd.
    pub oddities: Vec<(Place, Oddity)>,
    /// How many places have not answered to the end.
    pub unanswered: usize,
}

/// A refused call: its action, why, and where; the region is `None` for IAM, which has none.
pub type Refused = (&'static str, Why, Option<Region>);

/// A place that could not be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The profile.
    pub profile: Option<ProfileName>,
    /// The region; `None`: nothing of the profile could.
    pub region: Option<Region>,
    /// Why.
    pub error: aws::Error,
}

/// Ask all places and hand rows over as soon as nothing more is to come for them, place after place. An instance that several profiles
/// list is handed over once, from the profile that may read most. Rows need not wait for facts if `kinds` has none.
pub async fn gather(
    sources: &Sources,
    kinds: FactKinds,
    mut deliver: impl FnMut(Vec<Arc<Instance>>) -> Result<(), Failure>,
) -> Result<Gaps, Failure> {
    let (sender, mut updates) = mpsc::channel(WAITING);
    let mut surveys = JoinSet::new();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = Vec::new();
    for (number, source) in sources.list.iter().enumerate() {
        let survey = survey(source.cloud.clone(), source.region.clone(), kinds, number, sender.clone(), Arc::clone(&slots));
        tasks.push(surveys.spawn(survey));
    }
    drop(sender);

    let mut parts = Parts::new(sources, kinds.are_none());
    while let Some((number, update)) = updates.recv().await {
        // Nothing more is asked with credentials that AWS does not take.
        for lost in parts.take_in(number, update) {
            if let Some(task) = tasks.get(lost) {
                task.abort();
            }
        }
        while let Some(rows) = parts.next() {
            if !rows.is_empty() {
                deliver(rows)?;
            }
        }
    }
    Ok(parts.gaps(sources))
}

enum Update {
    Answer(Answer),
    Ended(Result<(), aws::Error>),
}

async fn survey(
    cloud: Cloud,
    region: Region,
    kinds: FactKinds,
    number: usize,
    updates: mpsc::Sender<(usize, Update)>,
    slots: Arc<Semaphore>,
) {
    let _slot = slots.acquire_owned().await;
    let (sender, mut answers) = mpsc::channel(16);
    let tagged = async {
        while let Some(answer) = answers.recv().await {
            // A listener that is gone has no use for the rest.
            if updates.send((number, Update::Answer(answer))).await.is_err() {
                return;
            }
        }
    };
    let (outcome, ()) = tokio::join!(cloud.survey(&region, kinds, sender), tagged);
    let _ = updates.send((number, Update::Ended(outcome))).await;
}

/// All places, and whose turn it is.
struct Parts {
    list: Vec<Part>,
    turn: usize,
}

impl Parts {
    fn new(sources: &Sources, are_bare: bool) -> Self {
        Self { list: sources.list.iter().map(|source| Part::new(source, are_bare, sources.is_merged())).collect(), turn: 0 }
    }

    /// Take an update in. The places that need not be asked any more.
    fn take_in(&mut self, number: usize, update: Update) -> Vec<usize> {
        let Some(part) = self.list.get_mut(number).filter(|part| !part.is_done) else { return Vec::new() };
        part.take_in(update);
        let is_lost = part.failure.as_ref().is_some_and(is_of_profile);
        let profile = part.place.profile.clone();
        let mut lost = Vec::new();
        if is_lost {
            for (number, part) in self.list.iter_mut().enumerate().filter(|(_, part)| part.place.profile == profile) {
                if !part.is_done {
                    (part.is_done, part.is_given_up) = (true, true);
                    lost.push(number);
                }
            }
        }
        lost
    }

    /// Rows to which nothing more comes, in turn.
    fn next(&mut self) -> Option<Vec<Arc<Instance>>> {
        let twins = self.twins();
        if twins.iter().any(|at| self.list.get(*at).is_none_or(|part| !part.is_done)) {
            return None;
        }
        let part = self.list.get_mut(self.turn)?;
        if !twins.is_empty() && !part.is_done {
            return None;
        }
        let mut rows = part.take();
        if !part.is_done {
            return (!rows.is_empty()).then_some(rows);
        }
        let (turn, rank) = (self.turn, (part.rank(), self.turn));
        self.turn += 1;
        if !twins.is_empty() {
            let better: Vec<&Part> =
                twins.iter().filter_map(|at| self.list.get(*at).filter(|twin| (twin.rank(), *at) < rank)).collect();
            let all = rows.len();
            rows.retain(|row| !better.iter().any(|twin| twin.ids.contains(&row.id)));
            let is_covered = all > 0 && rows.is_empty();
            if let Some(part) = self.list.get_mut(turn) {
                part.is_covered = is_covered;
            }
        }
        Some(rows)
    }

    /// The places of other profiles in the region whose turn it is: they may list the same instances.
    fn twins(&self) -> Vec<usize> {
        let Some(own) = self.list.get(self.turn) else { return Vec::new() };
        let is_twin = |part: &Part| part.place.region == own.place.region && part.place.profile != own.place.profile;
        (0..self.list.len()).filter(|at| self.list.get(*at).is_some_and(is_twin)).collect()
    }

    fn gaps(self, sources: &Sources) -> Gaps {
        let mut gaps = Gaps::default();
        let missing = |(profile, error): &(Option<ProfileName>, aws::Error)| Missing {
            profile: profile.clone(),
            region: None,
            error: error.clone(),
        };
        gaps.failures.extend(sources.failures.iter().map(missing));
        gaps.unanswered = sources.failures.len();
        for part in self.list {
            gaps.unanswered += usize::from(part.failure.is_some() || part.is_given_up);
            let (profile, region) = (part.place.profile.clone(), Some(part.place.region.clone()));
            gaps.oddities.extend(part.oddities.into_iter().map(|odd| (part.place.clone(), odd)));
            // What a better profile lists lacks nothing, and of what is not listed at all nothing more is missing.
            if !part.is_covered && (part.failure.is_none() || part.has_rows) {
                gaps.without_nodes.extend(part.without_nodes.map(|denial| (part.place.clone(), denial)));
                let keyed = part.denials.into_iter().map(|(refused, denial)| ((profile.clone(), refused), denial));
                keyed.for_each(|(key, denial)| _ = gaps.denials.entry(key).or_insert(denial));
            }
            let Some(error) = part.failure else { continue };
            // Of the regions of several profiles some may be off: nothing is missing there.
            if sources.is_merged() && matches!(error, aws::Error::RegionOff { .. }) {
                continue;
            }
            let region = region.filter(|_| !is_of_profile(&error) || !sources.is_merged());
            gaps.failures.push(Missing { profile, region, error });
        }
        if sources.is_merged() {
            gaps.failures = as_profiles(gaps.failures, sources);
        }
        gaps
    }
}

/// Whether a failure is one of the profile's credentials, and so of all its places.
fn is_of_profile(error: &aws::Error) -> bool {
    error.is_about_credentials() && !matches!(error, aws::Error::RegionOrKeys { .. })
}

/// One line for a profile of which nothing could be listed for the same reason, in the place of one for each region.
fn as_profiles(failures: Vec<Missing>, sources: &Sources) -> Vec<Missing> {
    let mut told: Vec<Missing> = Vec::new();
    for missing in &failures {
        let of_profile = |own: &&Missing| own.profile == missing.profile && own.error.code() == missing.error.code();
        let places = sources.list.iter().filter(|source| source.cloud.profile() == missing.profile.as_ref()).count();
        let is_whole = failures.iter().filter(of_profile).count() >= places;
        let is_lasting = places > 1 || matches!(missing.error, aws::Error::Denied { .. });
        let region = missing.region.clone().filter(|_| !(is_whole && is_lasting));
        let line = Missing { region, ..missing.clone() };
        let is_told = told.iter().any(|own| {
            own.region.is_none() && line.region.is_none() && own.profile == line.profile && own.error.code() == line.error.code()
        });
        if !is_told {
            told.push(line);
        }
    }
    told
}

/// One place.
struct Part {
    place: Place,
    inventory: Inventory,
    /// Rows that can be handed over as they are.
    ready: Option<Vec<Arc<Instance>>>,
    /// Whether other profiles are listed, too; then which instances it has.
    may_have_twins: bool,
    ids: HashSet<InstanceId>,
    denials: BTreeMap<Refused, Denial>,
    oddities: Vec<Oddity>,
    without_nodes: Option<Denial>,
    failure: Option<aws::Error>,
    is_done: bool,
    /// Whether it was not asked to the end because its profile failed elsewhere.
    is_given_up: bool,
    /// Whether it has told of any instance.
    has_rows: bool,
    /// Whether other profiles list all of its rows.
    is_covered: bool,
}

impl Part {
    fn new(source: &Source, are_bare: bool, may_have_twins: bool) -> Self {
        let place = source.place();
        let mut inventory = Inventory::default();
        inventory.begin(&place, ONLY, Timestamp::UNIX_EPOCH);
        Self {
            place,
            inventory,
            ready: are_bare.then(Vec::new),
            may_have_twins,
            ids: HashSet::new(),
            denials: BTreeMap::new(),
            oddities: Vec::new(),
            without_nodes: None,
            failure: None,
            is_done: false,
            is_given_up: false,
            has_rows: false,
            is_covered: false,
        }
    }

    fn take_in(&mut self, update: Update) {
        match update {
            Update::Answer(Answer::Odd(odd)) => self.oddities.push(odd),
            Update::Answer(Answer::NodesHidden(denial)) => self.without_nodes = Some(denial),
            Update::Answer(answer) => {
                note_denials(&answer, &self.place.region, &mut self.denials);
                if let Answer::Page(rows) | Answer::Nodes(rows) = &answer {
                    self.has_rows |= !rows.is_empty();
                    if self.may_have_twins {
                        self.ids.extend(rows.iter().map(|row| row.id.clone()));
                    }
                }
                match (&mut self.ready, answer) {
                    (Some(ready), Answer::Page(rows) | Answer::Nodes(rows)) => ready.extend(rows.into_iter().map(Arc::new)),
                    (Some(_), _) => {}
                    (None, answer) => {
                        self.inventory.take_in(&self.place, ONLY, answer, Timestamp::UNIX_EPOCH);
                    }
                }
            }
            Update::Ended(outcome) => {
                self.is_done = true;
                self.failure = outcome.err();
            }
        }
    }

    /// What AWS kept from this profile: the less, the more it can do.
    fn rank(&self) -> usize {
        let denied = self.denials.keys().filter(|(_, why, _)| *why == Why::AccessDenied).count();
        if self.failure.is_some() || self.is_given_up { usize::MAX } else { denied }
    }

    /// The rows to which nothing more comes.
    fn take(&mut self) -> Vec<Arc<Instance>> {
        match &mut self.ready {
            Some(ready) => std::mem::take(ready),
            None if self.is_done => std::mem::take(&mut self.inventory).rows().to_vec(),
            None => Vec::new(),
        }
    }
}

/// Keep every refusal once. "It cannot be told" is a fact about a role and not a refusal.
fn note_denials(answer: &Answer, region: &Region, denials: &mut BTreeMap<Refused, Denial>) {
    let (told, region): (Vec<&Denial>, _) = match answer {
        Answer::SsmHidden(denial) | Answer::ImagesHidden(denial) | Answer::KeyPairsHidden(denial) => (vec![denial], Some(region)),
        Answer::Networks { of, others } => {
            (of.values().chain([others]).flat_map(|network| network.denials()).collect(), Some(region))
        }
        Answer::Role { role: Fact::Hidden(denial), .. } => (vec![denial], None),
        Answer::Role { role: Fact::Known(role), .. } => (role.grant.denial().into_iter().collect(), None),
        _ => return,
    };
    for denial in told.into_iter().filter(|denial| denial.why != Why::Undecided) {
        denials.entry((denial.action, denial.why, region.cloned())).or_insert_with(|| denial.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Grant, ProfileRole};

    fn denial(why: Why) -> Denial {
        Denial { why, action: "iam:GetInstanceProfile", message: None }
    }

    #[test]
    fn each_refusal_is_kept_once_and_an_open_question_is_none() {
        let region: Region = "us-east-1".parse().unwrap();
        let mut denials = BTreeMap::new();
        let role = |role| Answer::Role { profile: "web".into(), role };

        for _ in 0..3 {
            note_denials(&role(Fact::Hidden(denial(Why::AccessDenied))), &region, &mut denials);
            note_denials(&Answer::SsmHidden(denial(Why::AccessDenied)), &region, &mut denials);
        }
        let undecided =
            ProfileRole { role: Some("web".into()), grant: Fact::Hidden(denial(Why::Undecided)), has_retired_policy: false };
        note_denials(&role(Fact::Known(undecided)), &region, &mut denials);
        let fine = ProfileRole { role: Some("web".into()), grant: Fact::Known(Grant::Sessions), has_retired_policy: false };
        note_denials(&role(Fact::Known(fine)), &region, &mut denials);

        let places: Vec<_> = denials.keys().map(|(_, _, region)| region.clone()).collect();
        assert_eq!(places, [None, Some(region)]);
    }
}
