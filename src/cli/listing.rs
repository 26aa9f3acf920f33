//! All instances of some regions, asked for at the same time and delivered in the order of the regions.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::Failure;
use crate::aws::{self, Cloud};
use crate::model::{Answer, Denial, Fact, FactKinds, Generation, Instance, Inventory, Oddity, Place, Region, Why};

/// Regions asked at the same time.
const AT_ONCE: usize = 20;
/// Answers that may wait for us while we write: a reader that pauses (a pager) must not run a call into its time limit.
const WAITING: usize = 1024;
/// The one asking of each place.
const ONLY: Generation = Generation(1);

/// What is missing from a listing, each thing once.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Regions whose instances could not be listed.
    pub failures: Vec<(Region, aws::Error)>,
    /// Calls that were refused; the region is `None` for IAM, which has none.
    pub denials: BTreeMap<(&'static str, Why, Option<Region>), Denial>,
    /// Regions whose hybrid nodes could not be listed.
    pub without_nodes: Vec<(Region, Denial)>,
    /// Answers that were odd.
    pub oddities: Vec<(Region, Oddity)>,
}

/// Ask all `regions` and hand rows over as soon as nothing more is to come for them, region after region.
/// Rows need not wait for facts if `kinds` has none.
pub async fn gather(
    cloud: &Cloud,
    regions: &[Region],
    kinds: FactKinds,
    mut deliver: impl FnMut(Vec<Arc<Instance>>) -> Result<(), Failure>,
) -> Result<Gaps, Failure> {
    let (sender, mut updates) = mpsc::channel(WAITING);
    let mut surveys = JoinSet::new();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    for (number, region) in regions.iter().enumerate() {
        surveys.spawn(survey(cloud.clone(), region.clone(), kinds, number, sender.clone(), Arc::clone(&slots)));
    }
    drop(sender);

    let are_bare = kinds.are_none();
    let mut parts: Vec<Part> = regions.iter().map(|region| Part::new(cloud, region, are_bare)).collect();
    let mut turn = 0;
    let mut gaps = Gaps::default();
    while let Some((number, update)) = updates.recv().await {
        if let Some(part) = parts.get_mut(number) {
            part.take_in(update, &mut gaps);
        }
        while let Some(part) = parts.get_mut(turn) {
            let rows = part.take();
            if !rows.is_empty() {
                deliver(rows)?;
            }
            if !part.is_done {
                break;
            }
            turn += 1;
        }
    }
    Ok(gaps)
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

/// One region.
struct Part {
    place: Place,
    inventory: Inventory,
    /// Rows that can be handed over as they are.
    ready: Option<Vec<Arc<Instance>>>,
    is_done: bool,
}

impl Part {
    fn new(cloud: &Cloud, region: &Region, are_bare: bool) -> Self {
        let place = Place { profile: cloud.profile().cloned(), region: region.clone() };
        let mut inventory = Inventory::default();
        inventory.begin(&place, ONLY, Timestamp::UNIX_EPOCH);
        Self { place, inventory, ready: are_bare.then(Vec::new), is_done: false }
    }

    fn take_in(&mut self, update: Update, gaps: &mut Gaps) {
        match update {
            Update::Answer(Answer::Odd(odd)) => gaps.oddities.push((self.place.region.clone(), odd)),
            Update::Answer(Answer::NodesHidden(denial)) => gaps.without_nodes.push((self.place.region.clone(), denial)),
            Update::Answer(answer) => {
                note_denials(&answer, &self.place.region, gaps);
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
                if let Err(error) = outcome {
                    gaps.failures.push((self.place.region.clone(), error));
                }
            }
        }
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
fn note_denials(answer: &Answer, region: &Region, gaps: &mut Gaps) {
    let (denial, region) = match answer {
        Answer::SsmHidden(denial) | Answer::ImagesHidden(denial) => (denial, Some(region.clone())),
        Answer::Role { role: Fact::Hidden(denial), .. } => (denial, None),
        Answer::Role { role: Fact::Known(role), .. } => match role.grant.denial() {
            Some(denial) => (denial, None),
            None => return,
        },
        _ => return,
    };
    if denial.why != Why::Undecided {
        gaps.denials.entry((denial.action, denial.why, region)).or_insert_with(|| denial.clone());
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
        let mut gaps = Gaps::default();
        let role = |role| Answer::Role { profile: "web".into(), role };

        for _ in 0..3 {
            note_denials(&role(Fact::Hidden(denial(Why::AccessDenied))), &region, &mut gaps);
            note_denials(&Answer::SsmHidden(denial(Why::AccessDenied)), &region, &mut gaps);
        }
        let undecided = ProfileRole { role: Some("web".into()), grant: Fact::Hidden(denial(Why::Undecided)) };
        note_denials(&role(Fact::Known(undecided)), &region, &mut gaps);
        let fine = ProfileRole { role: Some("web".into()), grant: Fact::Known(Grant::Sessions) };
        note_denials(&role(Fact::Known(fine)), &region, &mut gaps);

        let places: Vec<_> = gaps.denials.keys().map(|(_, _, region)| region.clone()).collect();
        assert_eq!(places, [None, Some(region)]);
    }
}
