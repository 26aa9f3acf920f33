//! Starting, stopping and rebooting: what changes by itself a while after the call.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::fleet::{Agent, Fleet, Instance, Ping, State};

/// The version of an agent that registers.
const NEW_AGENT: &str = "3.3.1611.0";

/// How long things take. The real ones take minutes; these are quick, so that a demo and a test are.
#[derive(Clone, Copy, Debug)]
pub struct PowerTimes {
    /// From the call until a started instance runs.
    pub starting: Duration,
    /// From the call until a stopped instance is off.
    pub stopping: Duration,
    /// From running until the agent is registered: then `DescribeInstanceInformation` says `Online`.
    pub registering: Duration,
    /// From then until it takes sessions: `StartSession` is refused although the agent is online, as the real one does for a minute.
    pub refusing: Duration,
}

impl Default for PowerTimes {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { starting: seconds(2), stopping: seconds(2), registering: seconds(1), refusing: seconds(2) }
    }
}

/// What is still to come, and who is deaf.
#[derive(Debug, Default)]
pub(super) struct Power {
    times: PowerTimes,
    coming: Mutex<Coming>,
}

#[derive(Debug, Default)]
struct Coming {
    /// In the order in which they were asked for; each instance has what its last call brought.
    changes: Vec<Change>,
    /// Instances that lost a public address when they stopped, and get another one at the next start.
    with_public_ip: BTreeSet<String>,
    /// Public addresses given so far: none is given twice.
    given: u32,
}

#[derive(Debug)]
struct Change {
    id: String,
    at: SystemTime,
    what: What,
}

/// What happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Runs,
    IsOff,
    Registers,
    /// The agent is there for the first time, or again.
    Appears,
    /// Nothing changes in the fleet; until now its sessions are refused.
    TakesSessions,
}

impl Power {
    pub(super) fn new(times: PowerTimes) -> Self {
        Self { times, coming: Mutex::default() }
    }

    /// How long things take.
    pub(super) fn times(&self) -> PowerTimes {
        self.times
    }

    /// Whether something is due by `now`.
    pub(super) fn is_due(&self, now: SystemTime) -> bool {
        lock(&self.coming).changes.iter().any(|change| change.at <= now)
    }

    /// Do what is due by `now`.
    ///
    /// The instances that went off: what ran on them has ended.
    pub(super) fn settle(&self, fleet: &mut Fleet, now: SystemTime) -> Vec<String> {
        let mut coming = lock(&self.coming);
        let (mut due, later): (Vec<Change>, Vec<Change>) =
            std::mem::take(&mut coming.changes).into_iter().partition(|change| change.at <= now);
        coming.changes = later;
        due.sort_by_key(|change| change.at);
        for change in &due {
            let image = fleet.instances().find(|own| own.id == change.id).map(|own| own.image.clone());
            let platform = image.and_then(|image| Some(fleet.image(&image)?.agent_platform.clone()));
            if let Some(instance) = fleet.instance_mut(&change.id) {
                if let (What::Appears, None, Some(platform)) = (change.what, &instance.agent, platform) {
                    instance.agent =
                        Some(Agent { ping: Ping::Lost(change.at), version: NEW_AGENT.to_owned(), platform, has_channel: true });
                }
                apply(instance, change.what, change.at, &mut coming);
            }
        }
        due.into_iter().filter(|change| change.what == What::IsOff).map(|change| change.id).collect()
    }

    /// Whether the agent of this instance refuses sessions although it is online.
    pub(super) fn refuses_sessions(&self, id: &str) -> bool {
        lock(&self.coming).changes.iter().any(|change| change.id == id && change.what == What::TakesSessions)
    }

    /// An agent that was not heard comes to Systems Manager from now on.
    pub(super) fn register(&self, id: &str, now: SystemTime) {
        let registered = now + self.times.registering;
        let mut coming = lock(&self.coming);
        let own = |what, at| Change { id: id.to_owned(), at, what };
        coming.changes.extend([own(What::Appears, registered), own(What::TakesSessions, registered + self.times.refusing)]);
    }

    /// `StartInstances` of a stopped instance.
    pub(super) fn start(&self, instance: &mut Instance, now: SystemTime) {
        instance.state = State::Pending;
        instance.state_reason = None;
        instance.transition_reason = String::new();
        instance.launched = now;
        let mut coming = lock(&self.coming);
        if coming.with_public_ip.remove(&instance.id) {
            coming.given += 1;
            let number = coming.given;
            instance.public_ip = Some(format!("203.0.113.{}", number % 254 + 1));
        }
        let times = self.times;
        let running = now + times.starting;
        let registered = running + times.registering;
        coming.plan(
            instance,
            [(What::Runs, running), (What::Registers, registered), (What::TakesSessions, registered + times.refusing)],
        );
    }

    /// `StopInstances` of an instance that runs.
    pub(super) fn stop(&self, instance: &mut Instance, now: SystemTime) {
        instance.state = State::Stopping;
        let reason = "Client.UserInitiatedShutdown";
        instance.state_reason = Some((reason.to_owned(), format!("{reason}: User initiated shutdown")));
        let at = Timestamp::try_from(now).map(|at| at.strftime("%Y-%m-%d %H:%M:%S GMT").to_string()).unwrap_or_default();
        instance.transition_reason = format!("User initiated ({at})");
        lock(&self.coming).plan(instance, [(What::IsOff, now + self.times.stopping)]);
    }

    /// `RebootInstances`: the state stays, and the agent is away for a while. So long nobody logs in.
    pub(super) fn reboot(&self, instance: &mut Instance, now: SystemTime) -> Duration {
        if let Some(agent) = &mut instance.agent {
            agent.ping = Ping::Lost(now);
        }
        let registered = now + self.times.registering;
        lock(&self.coming)
            .plan(instance, [(What::Registers, registered), (What::TakesSessions, registered + self.times.refusing)]);
        self.times.registering
    }
}

impl Coming {
    /// What comes now replaces what was to come of an earlier call.
    fn plan<const N: usize>(&mut self, instance: &Instance, changes: [(What, SystemTime); N]) {
        self.changes.retain(|change| change.id != instance.id);
        self.changes.extend(changes.map(|(what, at)| Change { id: instance.id.clone(), at, what }));
    }
}

fn apply(instance: &mut Instance, what: What, at: SystemTime, coming: &mut Coming) {
    match what {
        What::Runs if instance.state == State::Pending => instance.state = State::Running,
        What::IsOff if instance.state == State::Stopping => {
            instance.state = State::Stopped;
            if let Some(agent) = &mut instance.agent {
                agent.ping = Ping::Lost(at);
            }
            if instance.public_ip.is_some() && !instance.elastic_ip {
                instance.public_ip = None;
                coming.with_public_ip.insert(instance.id.clone());
            }
        }
        What::Registers | What::Appears if instance.state == State::Running => {
            if let Some(agent) = &mut instance.agent {
                agent.ping = Ping::Online(Duration::ZERO);
            }
        }
        // What a test has changed in the meantime stays as it is.
        What::Runs | What::IsOff | What::Registers | What::Appears | What::TakesSessions => {}
    }
}

fn lock(coming: &Mutex<Coming>) -> MutexGuard<'_, Coming> {
    coming.lock().unwrap_or_else(PoisonError::into_inner)
}
