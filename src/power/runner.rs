//! Makes the calls, and asks how far the instances are until they are there.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::cost::Disks;
use super::order::{Order, PowerCall, calls};
use super::update::{Outcome, Update};
use crate::aws::{Clouds, Error};
use crate::model::{Instance, InstanceId, InstanceState, Place, Power, Standing, Untrusted};

/// The first look after a call, and the longest pause between two.
const FIRST_LOOK: Duration = Duration::from_millis(400);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// EC2 may go on telling the state of before the call for so long.
const SETTLING: Duration = Duration::from_secs(30);
/// Windows with much memory takes minutes; what takes longer hangs, and is told as being on its way.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// Carry `order` out, and wait for its end if it says so. When `stop` is cancelled nothing more is asked for and nobody waits any
/// longer: what EC2 has taken goes on.
pub async fn run(clouds: &Clouds, order: &Order, stop: &CancellationToken, updates: mpsc::Sender<Update>) {
    let told = Told { updates };
    let way = || Way { clouds: clouds.clone(), told: told.clone(), stop: stop.clone(), is_waiting: order.is_waiting };
    let mut ways = JoinSet::new();
    for instance in &order.targets {
        match (order.power.standing(instance), order.power.goal().filter(|goal| order.is_waiting && *goal != instance.state)) {
            (Standing::ToDo, _) => {}
            (Standing::Already, Some(goal)) => {
                let (place, id) = (Arc::clone(&instance.place), instance.id.clone());
                let (way, power, state) = (way(), order.power, instance.state);
                ways.spawn(async move { way.wait(power, &place, vec![(id, state)], goal).await });
            }
            (Standing::Already, None) => told.over(&instance.id, Outcome::Already(instance.state)).await,
            (Standing::Unfit, _) => told.over(&instance.id, Outcome::Unfit(instance.state)).await,
        }
    }
    for call in calls(order.power, &order.targets) {
        ways.spawn(way().run(call));
    }
    while ways.join_next().await.is_some() {}
}

/// Which hosts have disks of their own. Where AWS does not tell, the type is not in it.
pub async fn disks(clouds: &Clouds, targets: &[Arc<Instance>]) -> Disks {
    let mut places: BTreeMap<&Place, Vec<Untrusted>> = BTreeMap::new();
    for instance in targets {
        let types = places.entry(&*instance.place).or_default();
        types.extend(instance.instance_type.clone().filter(|kind| !types.contains(kind)));
    }
    let mut disks = Disks::new();
    for (place, types) in places {
        let Some(cloud) = clouds.of(place) else { continue };
        match cloud.disks_of_hosts(&place.region, &types).await {
            Ok(told) => disks.extend(told),
            Err(error) => tracing::info!("instance types are not known: {error}"),
        }
    }
    disks
}

/// Who listens.
#[derive(Clone)]
struct Told {
    updates: mpsc::Sender<Update>,
}

impl Told {
    async fn tell(&self, update: Update) {
        // Nobody listens any more: we are leaving.
        let _ = self.updates.send(update).await;
    }

    async fn over(&self, id: &InstanceId, outcome: Outcome) {
        self.tell(Update::Over(id.clone(), Box::new(outcome))).await;
    }
}

/// The instances of one call, from asking to the end.
struct Way {
    clouds: Clouds,
    told: Told,
    stop: CancellationToken,
    is_waiting: bool,
}

impl Way {
    async fn run(self, call: PowerCall) {
        let taken = self.ask(&call).await;
        if taken.is_empty() {
            return;
        }
        match call.power.goal().filter(|_| self.is_waiting) {
            Some(goal) => self.wait(call.power, &call.place, taken, goal).await,
            None => {
                for (id, state) in taken {
                    self.told.over(&id, Outcome::Begun(state)).await;
                }
            }
        }
    }

    /// Ask for all of them in one call. EC2 refuses it whole for one that does not fit: then each is asked for alone, and the others
    /// get what they were to get.
    async fn ask(&self, call: &PowerCall) -> Vec<(InstanceId, InstanceState)> {
        match self.ask_once(call).await {
            Ok(taken) => taken,
            Err(error) if call.ids.len() > 1 && is_about_one(&error) => {
                let mut taken = Vec::new();
                for id in &call.ids {
                    if self.stop.is_cancelled() {
                        self.told.over(id, Outcome::Left).await;
                        continue;
                    }
                    let alone = PowerCall { ids: vec![id.clone()], ..call.clone() };
                    match self.ask_once(&alone).await {
                        Ok(one) => taken.extend(one),
                        Err(error) => self.told.over(id, refused(error)).await,
                    }
                }
                taken
            }
            Err(error) => {
                for id in &call.ids {
                    self.told.over(id, refused(error.clone())).await;
                }
                Vec::new()
            }
        }
    }

    async fn ask_once(&self, call: &PowerCall) -> Result<Vec<(InstanceId, InstanceState)>, Error> {
        tracing::info!("{} in {}", call.shown(), call.place.region);
        let cloud = self.clouds.known(&call.place)?;
        let states = cloud.change_power(&call.place.region, call.power, &call.ids).await?;
        let mut taken = Vec::new();
        for id in &call.ids {
            let state = states.get(id).copied().unwrap_or(InstanceState::Unknown);
            self.told.tell(Update::Is(id.clone(), state)).await;
            taken.push((id.clone(), state));
        }
        Ok(taken)
    }

    async fn wait(&self, power: Power, place: &Place, taken: Vec<(InstanceId, InstanceState)>, goal: InstanceState) {
        let begun = Instant::now();
        let mut open: Vec<InstanceId> = taken.into_iter().map(|(id, _)| id).collect();
        let mut pause = FIRST_LOOK;
        let mut is_in_trouble = false;
        let mut moving: HashSet<InstanceId> = HashSet::new();
        while !open.is_empty() {
            tokio::select! {
                () = self.stop.cancelled() => return self.end(open, &Outcome::Left).await,
                () = sleep(pause) => {}
            }
            pause = pause.mul_f64(1.5).min(LONGEST_PAUSE);
            let looked = tokio::select! {
                () = self.stop.cancelled() => return self.end(open, &Outcome::Left).await,
                looked = self.describe(place, &open) => looked,
            };
            match looked {
                Ok(rows) => {
                    if std::mem::take(&mut is_in_trouble) {
                        self.told.tell(Update::Trouble(None)).await;
                    }
                    if begun.elapsed() > SETTLING {
                        moving.extend(open.iter().cloned());
                    }
                    open = self.look_at(power, open, &rows, goal, &mut moving).await;
                }
                // Who may not look never hears of the end; everything else passes.
                Err(error) if matches!(error, Error::Denied { .. }) || error.lacks_credentials() => {
                    return self.end(open, &Outcome::Unclear(error)).await;
                }
                Err(error) => {
                    is_in_trouble = true;
                    self.told.tell(Update::Trouble(Some(error))).await;
                }
            }
            if begun.elapsed() > LONGEST_WAIT {
                return self.end(open, &Outcome::Late(LONGEST_WAIT.as_secs())).await;
            }
        }
    }

    async fn describe(&self, place: &Place, open: &[InstanceId]) -> Result<Vec<Instance>, Error> {
        self.clouds.known(place)?.describe_all(&place.region, open).await
    }

    async fn end(&self, open: Vec<InstanceId>, outcome: &Outcome) {
        for id in open {
            self.told.over(&id, outcome.clone()).await;
        }
    }

    /// Tell of each what it is now; those that are still on their way. Those of `moving` were seen on it.
    async fn look_at(
        &self,
        power: Power,
        open: Vec<InstanceId>,
        rows: &[Instance],
        goal: InstanceState,
        moving: &mut HashSet<InstanceId>,
    ) -> Vec<InstanceId> {
        let mut still = Vec::new();
        for id in open {
            let Some(row) = rows.iter().find(|row| row.id == id) else {
                self.told.over(&id, Outcome::Vanished).await;
                continue;
            };
            match row.state {
                state if state == goal => self.told.over(&id, Outcome::Done(state)).await,
                state if is_for_good(state) || (is_back(power, state) && moving.contains(&id)) => {
                    self.told.over(&id, Outcome::Elsewhere(state, row.state_reason.clone())).await;
                }
                state => {
                    if !is_back(power, state) {
                        moving.insert(id.clone());
                    }
                    self.told.tell(Update::Is(id.clone(), state)).await;
                    still.push(id);
                }
            }
        }
        still
    }
}

fn is_for_good(state: InstanceState) -> bool {
    matches!(state, InstanceState::ShuttingDown | InstanceState::Terminated)
}

/// The state of before the call: of one that was seen on its way, a start that fell back.
fn is_back(power: Power, state: InstanceState) -> bool {
    match power {
        Power::Start => matches!(state, InstanceState::Stopped | InstanceState::Stopping),
        Power::Stop | Power::Reboot => false,
    }
}

/// A refusal that may be about one of the instances and not about the call.
fn is_about_one(error: &Error) -> bool {
    matches!(error, Error::Service { .. } | Error::Denied { .. } | Error::NoSuchInstance)
}

/// What a failed call means for an instance: a refusal, or nobody knows.
fn refused(error: Error) -> Outcome {
    match error {
        Error::NoSuchInstance => Outcome::Vanished,
        Error::Timeout { .. } | Error::Garbled { .. } => Outcome::Unclear(error),
        error => Outcome::Refused(error),
    }
}
