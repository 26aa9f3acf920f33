//! One `SendCommand` and its fifty instances at most, from the sending to the last end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::progress::{Ending, Outcome};
use super::{Unsent, Update};
use crate::aws::{Backoff, Cloud, CommandId, CommandOutput, CommandStatus, CommandText, Errand, Error, Invocation};
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
        let Some(command) = self.send().await else { return true };
        let was_refused = self.instances.len() < count;
        self.tell(Update::Sent { command: command.clone(), region: self.region.clone(), instances: self.instances.clone() })
            .await;
        self.follow(&command).await || was_refused
    }

    /// Send it. Instances that AWS refuses are told and left out; without any left there is no command.
    async fn send(&mut self) -> Option<CommandId> {
        let comment = format!("ec2dash {}", uuid::Uuid::new_v4());
        let begun = Timestamp::now() - CLOCKS_DIFFER_BY;
        let mut backoff = Backoff::default();
        loop {
            if self.stop.is_cancelled() {
                self.leave_out(self.instances.clone(), &Outcome::Unsent(Unsent::Stopped)).await;
                return None;
            }
            let errand = Errand {
                instances: &self.instances,
                script: &self.script,
                comment: &comment,
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
                Error::Throttled { .. } => {
                    let pause = backoff.after(&error, jitter());
                    self.tell(Update::Trouble(Some(error))).await;
                    self.pause(pause).await;
                }
                error if error.may_have_arrived() => match self.search(&comment, begun).await {
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
        let (mut has_heard_stop, mut has_cancelled, mut is_troubled) = (false, false, false);
        while !open.is_empty() {
            self.pause_unless(pause, has_heard_stop).await;
            if self.stop.is_cancelled() && !has_cancelled {
                has_cancelled = self.cancel(command).await;
                pause = if has_heard_stop { pause } else { FIRST_PAUSE };
                has_heard_stop = true;
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

    /// Ask AWS to end it. Whether that need not be asked again.
    async fn cancel(&self, command: &CommandId) -> bool {
        match self.cloud.cancel_command(&self.region, command).await {
            Ok(()) => {
                self.tell(Update::Cancelling).await;
                true
            }
            Err(error) => {
                let may_try_again = error.passes_by_itself();
                self.tell(Update::Trouble(Some(error))).await;
                !may_try_again
            }
        }
    }

    async fn ending(&self, command: &CommandId, invocation: &Invocation) -> Ending {
        let outcome = match invocation.status {
            CommandStatus::Success => Outcome::Success,
            CommandStatus::ExecutionTimedOut => Outcome::TimedOut,
            CommandStatus::DeliveryTimedOut => Outcome::NotDelivered,
            CommandStatus::Undeliverable => Outcome::Undeliverable,
            CommandStatus::Cancelled => Outcome::Cancelled,
            CommandStatus::Terminated => Outcome::Terminated,
            _ => Outcome::Failed,
        };
        let short = CommandOutput {
            stdout: CommandText { text: invocation.output.clone(), is_cut: invocation.has_more() },
            stderr: CommandText::default(),
        };
        let output = if invocation.has_more() {
            // What the list told is better than nothing.
            self.cloud.command_output(&self.region, command, &invocation.instance).await.unwrap_or(short)
        } else {
            short
        };
        Ending { outcome, code: invocation.code, stdout: output.stdout, stderr: output.stderr, lasted: invocation.lasted }
    }

    async fn leave_out(&mut self, refused: Vec<InstanceId>, outcome: &Outcome) {
        self.instances.retain(|id| !refused.contains(id));
        self.end_all(refused, outcome).await;
    }

    async fn end_all(&self, instances: impl IntoIterator<Item = InstanceId>, outcome: &Outcome) {
        for id in instances {
            self.tell(Update::Ended(id, Box::new(Ending::without_running(outcome.clone())))).await;
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
