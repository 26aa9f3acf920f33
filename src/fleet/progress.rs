//! How far a command is on its instances: updates go in, rows and sums come out.

use std::collections::HashMap;
use std::sync::Arc;

use super::ending::{CommandEnd, Outcome};
use super::order::Order;
use super::update::Update;
use crate::aws::{self, CommandId};
use crate::model::{Instance, InstanceId, Region};

/// A run of a command on many instances.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    rows: Vec<Row>,
    places: HashMap<InstanceId, usize>,
    /// The commands AWS knows it by, a wave each.
    pub commands: Vec<(Region, CommandId)>,
    /// Whether AWS was asked to end it.
    pub is_cancelling: bool,
    /// What AWS is being asked to take, by its comment.
    pub sending: Vec<(Region, String)>,
    /// Why AWS does not end what runs, if it does not.
    pub uncancelled: Option<aws::Error>,
    /// Why AWS is being asked again, if it is.
    pub trouble: Option<aws::Error>,
}

/// One instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The instance.
    pub instance: Arc<Instance>,
    /// The command it was sent with.
    pub command: Option<CommandId>,
    /// How far it is.
    pub stage: Stage,
}

/// How far an instance is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// Its wave has not been sent.
    Waiting,
    /// Sent, not begun.
    Sent,
    /// Running.
    Running,
    /// Over, in one way or another.
    Ended(Box<CommandEnd>),
}

/// How many ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// All instances.
    pub total: usize,
    /// Exit code 0.
    pub succeeded: usize,
    /// Ran and ended in another way, or may have.
    pub failed: usize,
    /// Did not begin, or was cancelled: those of the next two, and those that it did not reach.
    pub not_done: usize,
    /// Was not sent.
    pub not_sent: usize,
    /// Was cancelled.
    pub cancelled: usize,
    /// Running now.
    pub running: usize,
}

impl Summary {
    /// How many are over.
    pub fn ended(self) -> usize {
        self.succeeded + self.failed + self.not_done
    }

    /// How many it is for: all but those that it was not sent to.
    pub fn meant(self) -> usize {
        self.total - self.not_sent
    }

    /// How many did not get it although it was sent.
    pub fn unreached(self) -> usize {
        self.not_done - self.not_sent - self.cancelled
    }
}

impl Progress {
    /// Nothing has happened yet.
    pub fn new(order: &Order) -> Self {
        let row = |instance: &Arc<Instance>| Row { instance: Arc::clone(instance), command: None, stage: Stage::Waiting };
        let rows: Vec<Row> = order.targets.iter().map(row).collect();
        let places = rows.iter().enumerate().map(|(at, row)| (row.instance.id.clone(), at)).collect();
        Self { rows, places, commands: Vec::new(), is_cancelling: false, sending: Vec::new(), uncancelled: None, trouble: None }
    }

    /// Something happened. The row that came to its end by it, if one did.
    pub fn take_in(&mut self, update: Update) -> Option<&Row> {
        match update {
            Update::Sending { comment, region } => self.sending.push((region, comment)),
            Update::NotSent { comment } => {
                self.trouble = None;
                self.sending.retain(|(_, own)| *own != comment);
            }
            Update::Sent { comment, command, region, instances } => {
                self.trouble = None;
                self.sending.retain(|(_, own)| *own != comment);
                for id in &instances {
                    if let Some(row) = self.row_mut(id).filter(|row| !row.is_over()) {
                        row.command = Some(command.clone());
                        row.stage = Stage::Sent;
                    }
                }
                self.commands.push((region, command));
            }
            Update::Running(id) => {
                if let Some(row) = self.row_mut(&id).filter(|row| !row.is_over()) {
                    row.stage = Stage::Running;
                }
            }
            Update::Ended(id, ending) => {
                let row = self.row_mut(&id).filter(|row| !row.is_over())?;
                row.stage = Stage::Ended(ending);
                return Some(row);
            }
            Update::Cancelling => {
                self.is_cancelling = true;
                self.uncancelled = None;
            }
            Update::NotCancelled { error, .. } => self.uncancelled = Some(error),
            Update::Trouble(error) => self.trouble = error,
        }
        None
    }

    /// All instances, in the order of the order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many ended how.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { total: self.rows.len(), ..Summary::default() };
        for row in &self.rows {
            match &row.stage {
                Stage::Running => summary.running += 1,
                Stage::Ended(ending) => match ending.outcome {
                    Outcome::Success => summary.succeeded += 1,
                    Outcome::Failed | Outcome::TimedOut | Outcome::Unknown(_) => summary.failed += 1,
                    Outcome::Cancelled => {
                        summary.cancelled += 1;
                        summary.not_done += 1;
                    }
                    Outcome::Unsent(_) => {
                        summary.not_sent += 1;
                        summary.not_done += 1;
                    }
                    Outcome::NotDelivered | Outcome::Undeliverable | Outcome::Terminated => summary.not_done += 1,
                },
                Stage::Waiting | Stage::Sent => {}
            }
        }
        summary
    }

    /// Whether every instance has come to an end.
    pub fn is_over(&self) -> bool {
        self.rows.iter().all(Row::is_over)
    }

    /// The commands that still go on in the account.
    pub fn open_commands(&self) -> Vec<&(Region, CommandId)> {
        let is_open = |id: &CommandId| self.rows.iter().any(|row| row.command.as_ref() == Some(id) && !row.is_over());
        self.commands.iter().filter(|(_, id)| is_open(id)).collect()
    }

    fn row_mut(&mut self, id: &InstanceId) -> Option<&mut Row> {
        let at = *self.places.get(id)?;
        self.rows.get_mut(at)
    }
}

impl Row {
    /// Whether nothing more comes.
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// How it ended, if it did.
    pub fn ending(&self) -> Option<&CommandEnd> {
        match &self.stage {
            Stage::Ended(ending) => Some(ending),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Unsent;
    use crate::model::row;
    use crate::text::Catalogue;

    fn order() -> Order {
        Order {
            targets: vec![row("i-0aaaaaaaaaaaaaaa1", "web-1"), row("i-0aaaaaaaaaaaaaaa2", "web-2")],
            script: "secret".to_owned(),
            parallel: 10.try_into().unwrap(),
            timeout: None,
            is_fail_fast: false,
        }
    }

    fn id(text: &str) -> InstanceId {
        text.parse().unwrap()
    }

    #[test]
    fn an_end_counts_once_and_nothing_moves_a_row_after_it() {
        let mut progress = Progress::new(&order());
        let ended = |outcome| Update::Ended(id("i-0aaaaaaaaaaaaaaa1"), Box::new(CommandEnd::without_running(outcome)));

        assert!(progress.take_in(ended(Outcome::Failed)).is_some());
        assert!(progress.take_in(ended(Outcome::Success)).is_none());
        progress.take_in(Update::Running(id("i-0aaaaaaaaaaaaaaa1")));
        progress.take_in(Update::Running(id("i-0aaaaaaaaaaaaaaa2")));
        progress.take_in(Update::Running(id("i-0bbbbbbbbbbbbbbb1")));

        let expected = Summary { total: 2, failed: 1, running: 1, ..Summary::default() };
        assert_eq!((progress.summary(), progress.is_over()), (expected, false));
    }

    #[test]
    fn the_script_is_not_in_what_is_written_for_debugging() {
        assert!(!format!("{:?}", order()).contains("secret"));
    }

    #[test]
    fn every_way_to_end_has_words() {
        let text = Catalogue::english();
        let error = aws::Error::Throttled { action: "ssm:SendCommand" };
        let unsent = [
            Unsent::NotRunning(crate::model::InstanceState::Stopped),
            Unsent::Unmanaged,
            Unsent::AgentLost,
            Unsent::Windows,
            Unsent::Refused(error.clone()),
            Unsent::Stopped,
            Unsent::FailFast,
        ];
        let all = unsent.into_iter().map(Outcome::Unsent).chain([
            Outcome::TimedOut,
            Outcome::NotDelivered,
            Outcome::Undeliverable,
            Outcome::Terminated,
            Outcome::Unknown(error),
        ]);
        for outcome in all {
            let reason = outcome.reason(&text).unwrap();
            assert!(!reason.contains("fleet-") && !reason.contains('$'), "{reason}");
        }
        for outcome in [Outcome::Success, Outcome::Failed, Outcome::Cancelled] {
            assert!(text.has(&format!("fleet-{}", outcome.word())), "{outcome:?}");
        }
    }
}
