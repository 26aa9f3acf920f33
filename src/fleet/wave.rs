//! One `SendCommand` and its fifty instances at most, from the sending to the last end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::ending::{CommandEnd, Outcome};
use super::order::Unsent;
use super::update::Update;
use crate::aws::{Backoff, Cloud, CommandId, CommandOutput, CommandStatus, Errand, Error, Invocation, USUAL_LIMIT, delivery};
use crate::model::{InstanceId, Region};

/// The first pause between two looks at a command, and the longest while it is young and later.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const LATER_PAUSE: Duration = Duration::from_secs(5);
const YOUNG: Duration = Duration::from_secs(60);
/// How long AWS may leave us without an answer before we say that we do not know.
const PATIENCE: Duration = Duration::from_secs(120);
/// Looks for a command whose answer was lost, and the pause before each: AWS tells of a new one after a moment.
const SEARCHES: u32 = 4;
const SEARCH_PAUSE: Duration = Duration::from_secs(2);
/// How long a refused wish to end a command rests before it is tried again.
const REFUSED_PAUSE: Duration = Duration::from_secs(10);
/// How long AWS may keep the whole output of an ended command from us.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(20);
/// How much longer than all its limits together a command may take, before we say that we do not know.
const SLACK: Duration = Duration::from_secs(300);
const LOOK: &str = "ssm:ListCommandInvocations";
/// A clock that is off must not hide a command that was just sent.
const CLOCKS_DIFFER_BY: SignedDuration = SignedDuration::from_mins(15);

/// A part of an order that one call sends.
pub(super) struct Wave {
    pub(super) cloud: Cloud,
    pub(super) region: Region,
    pub(super) instances: Vec<InstanceId>,
    pub(super) script: Arc<str>,
    /// How many instances may run it at a time.
    pub(super) turns: OwnedSemaphorePermit,
    pub(super) timeout: Option<Duration>,
    pub(super) is_fail_fast: bool,
    pub(super) stop: CancellationToken,
    pub(super) updates: mpsc::Sender<Update>,
}

impl Wave {
    /// From the sending to the last end. Whether one failed.
    pub(super) async fn run(mut self) -> bool {
        let count = self.instances.len();
        let comment = format!("ec2dash {}", uuid::Uuid::new_v4());
        self.tell(Update::Sending { comment: comment.clone(), region: self.region.clone() }).await;
        let sent = self.send(&comment).await;
        let Some(command) = sent else {
            self.tell(Update::NotSent { comment }).await;
            return true;
        };
        let was_refused = self.instances.len() < count;
        let (region, instances) = (self.region.clone(), self.instances.clone());
        self.tell(Update::Sent { comment, command: command.clone(), region, instances }).await;
        self.follow(&command).await || was_refused
    }

    /// Send it. Instances that AWS refuses are told and left out; without any left there is no command.
    async fn send(&mut self, comment: &str) -> Option<CommandId> {
        let begun = Timestamp::now() - CLOCKS_DIFFER_BY;
        let first = Instant::now();
        let mut backoff = Backoff::default();
        loop {
            if self.stop.is_cancelled() {
                self.leave_out(self.instances.clone(), &Outcome::Unsent(Unsent::Stopped)).await;
                return None;
            }
            let errand = Errand {
                instances: &self.instances,
                script: &self.script,
                comment,
                concurrency: self.turns.num_permits(),
                stops_at_failure: self.is_fail_fast,
                timeout: self.timeout,
            };
            let error = match self.cloud.send_command(&self.region, &errand).await {
                Ok(command) => return Some(command),
                Err(error) => error,
            };
            match &error {
                // Refused as a whole, for the sake of some: nothing was sent, so the others may be sent now.
                Error::Service { aws_code, message, .. } if aws_code.raw() == "InvalidInstanceId" => {
                    let is_named = |id: &&InstanceId| message.raw().contains(id.as_str());
                    let refused: Vec<InstanceId> = self.instances.iter().filter(is_named).cloned().collect();
                    let refused = if refused.is_empty() { self.instances.clone() } else { refused };
                    self.leave_out(refused, &Outcome::Unsent(Unsent::Refused(error))).await;
                    if self.instances.is_empty() {
                        return None;
                    }
                }
                Error::Throttled { .. } if first.elapsed() < PATIENCE => {
                    let pause = backoff.after(&error, jitter());
                    self.tell(Update::Trouble(Some(error))).await;
                    self.pause(pause).await;
                }
                error if error.may_have_arrived() => match self.search(comment, begun).await {
                    Some(command) => return Some(command),
                    None => {
                        self.leave_out(self.instances.clone(), &Outcome::Unknown(error.clone())).await;
                        return None;
                    }
                },
                _ => {
                    self.leave_out(self.instances.clone(), &Outcome::Unsent(Unsent::Refused(error))).await;
                    return None;
                }
            }
        }
    }

    /// The answer to the sending was lost: ask AWS whether it has the command.
    async fn search(&self, comment: &str, begun: Timestamp) -> Option<CommandId> {
        for _ in 0..SEARCHES {
            sleep(SEARCH_PAUSE).await;
            match self.cloud.find_command(&self.region, comment, begun).await {
                Ok(Some(command)) => return Some(command),
                Ok(None) => {}
                Err(error) if error.passes_by_itself() => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Look at the command until it is over everywhere. Whether it failed anywhere.
    async fn follow(&mut self, command: &CommandId) -> bool {
        let mut open: BTreeSet<InstanceId> = self.instances.iter().cloned().collect();
        let mut running = BTreeSet::new();
        let mut has_failed = false;
        let mut backoff = Backoff::default();
        let (begun, mut heard) = (Instant::now(), Instant::now());
        let mut pause = FIRST_PAUSE;
        let (mut has_heard_stop, mut is_troubled) = (false, false);
        // When to ask AWS to end it; never again, once it has taken that.
        let mut cancel_at = Some(begun);
        let longest = self.longest();
        let mut odd_since: BTreeMap<InstanceId, Instant> = BTreeMap::new();
        while !open.is_empty() {
            self.pause_unless(pause, has_heard_stop).await;
            if self.stop.is_cancelled() && cancel_at.is_some_and(|at| at <= Instant::now()) {
                cancel_at = self.cancel(command).await.map(|pause| Instant::now() + pause);
                pause = if has_heard_stop { pause } else { FIRST_PAUSE };
                has_heard_stop = true;
            }
            if begun.elapsed() > longest {
                self.end_all(open, &Outcome::Unknown(Error::Timeout { action: LOOK, after: longest })).await;
                return true;
            }
            let found = match self.cloud.command_invocations(&self.region, command).await {
                Ok(found) => found,
                Err(error) if error.passes_by_itself() && heard.elapsed() < PATIENCE => {
                    pause = backoff.after(&error, jitter());
                    is_troubled = true;
                    self.tell(Update::Trouble(Some(error))).await;
                    continue;
                }
                Err(error) => {
                    self.end_all(open, &Outcome::Unknown(error)).await;
                    return true;
                }
            };
            if std::mem::take(&mut is_troubled) {
                self.tell(Update::Trouble(None)).await;
            }
            heard = Instant::now();
            backoff.succeeded();
            let longest = if begun.elapsed() < YOUNG { LONGEST_PAUSE } else { LATER_PAUSE };
            pause = pause.mul_f64(1.5).clamp(FIRST_PAUSE, longest);
            for invocation in found.iter().filter(|found| found.status == CommandStatus::Other) {
                let since = *odd_since.entry(invocation.instance.clone()).or_insert(heard);
                if since.elapsed() > PATIENCE && open.remove(&invocation.instance) {
                    has_failed = true;
                    let error = Error::Garbled { action: LOOK, cause: "a status that this version does not know".into() };
                    self.end_all([invocation.instance.clone()], &Outcome::Unknown(error)).await;
                }
            }
            for invocation in &found {
                let runs = matches!(invocation.status, CommandStatus::InProgress | CommandStatus::Cancelling);
                if runs && open.contains(&invocation.instance) && running.insert(invocation.instance.clone()) {
                    self.tell(Update::Running(invocation.instance.clone())).await;
                }
            }
            let ended: Vec<Invocation> =
                found.into_iter().filter(|found| found.status.is_final() && open.remove(&found.instance)).collect();
            let endings = join_all(ended.iter().map(|invocation| self.ending(command, invocation))).await;
            for (invocation, ending) in ended.into_iter().zip(endings) {
                has_failed |= ending.outcome != Outcome::Success;
                self.tell(Update::Ended(invocation.instance, Box::new(ending))).await;
            }
            // Turns that nobody here can take any more.
            drop(self.turns.split(self.turns.num_permits().saturating_sub(open.len())));
        }
        has_failed
    }

    /// The longest that it can take if AWS keeps its own limits: as many rounds as it needs of waiting and running.
    fn longest(&self) -> Duration {
        let limit = self.timeout.unwrap_or(USUAL_LIMIT);
        let rounds = self.instances.len().div_ceil(self.turns.num_permits().max(1));
        (delivery(limit) + limit).saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX)).saturating_add(SLACK)
    }

    /// Ask AWS to end it. When to ask again, if that is needed.
    async fn cancel(&self, command: &CommandId) -> Option<Duration> {
        match self.cloud.cancel_command(&self.region, command).await {
            Ok(()) => {
                self.tell(Update::Cancelling).await;
                None
            }
            Err(error) => {
                let pause = if error.passes_by_itself() { LONGEST_PAUSE } else { REFUSED_PAUSE };
                self.tell(Update::NotCancelled { command: command.clone(), error }).await;
                Some(pause)
            }
        }
    }

    async fn ending(&self, command: &CommandId, invocation: &Invocation) -> CommandEnd {
        let outcome = match invocation.status {
            CommandStatus::Success => Outcome::Success,
            CommandStatus::ExecutionTimedOut => Outcome::TimedOut,
            CommandStatus::DeliveryTimedOut => Outcome::NotDelivered,
            CommandStatus::Undeliverable => Outcome::Undeliverable,
            CommandStatus::Cancelled => Outcome::Cancelled,
            CommandStatus::Terminated => Outcome::Terminated,
            _ => Outcome::Failed,
        };
        let (output, untold) = if invocation.has_more() {
            match self.output(command, &invocation.instance).await {
                Ok(output) => (output, None),
                // What the list told is better than nothing.
                Err(error) => (invocation.streams(), Some(error)),
            }
        } else {
            (invocation.streams(), None)
        };
        let CommandOutput { stdout, stderr } = output;
        CommandEnd { outcome, code: invocation.code, stdout, stderr, untold, lasted: invocation.lasted }
    }

    /// All that it said; what passes by itself is waited out for a while.
    async fn output(&self, command: &CommandId, instance: &InstanceId) -> Result<CommandOutput, Error> {
        let (begun, mut backoff) = (Instant::now(), Backoff::default());
        loop {
            match self.cloud.command_output(&self.region, command, instance).await {
                Err(error) if error.passes_by_itself() && begun.elapsed() < OUTPUT_PATIENCE => {
                    sleep(backoff.after(&error, jitter())).await;
                }
                told => return told,
            }
        }
    }

    async fn leave_out(&mut self, refused: Vec<InstanceId>, outcome: &Outcome) {
        self.instances.retain(|id| !refused.contains(id));
        self.end_all(refused, outcome).await;
    }

    async fn end_all(&self, instances: impl IntoIterator<Item = InstanceId>, outcome: &Outcome) {
        for id in instances {
            self.tell(Update::Ended(id, Box::new(CommandEnd::without_running(outcome.clone())))).await;
        }
    }

    async fn tell(&self, update: Update) {
        // Nobody listens any more: we are leaving.
        let _ = self.updates.send(update).await;
    }

    async fn pause(&self, pause: Duration) {
        self.pause_unless(pause, false).await;
    }

    /// Wait, but not when the user stops; unless that was heard already.
    async fn pause_unless(&self, pause: Duration, was_heard: bool) {
        tokio::select! {
            () = sleep(pause) => {}
            () = self.stop.cancelled(), if !was_heard => {}
        }
    }
}

/// A random number of 0 to 1.
fn jitter() -> f64 {
    let random = uuid::Uuid::new_v4().as_u128() as u32;
    f64::from(random) / f64::from(u32::MAX)
}
