//! A command that runs on many instances, as the dashboard knows it.

use jiff::Timestamp;

use crate::columns::Tone;
use crate::fleet::{Order, Outcome, Progress, Row, Stage};
use crate::model::InstanceId;
use crate::text::Catalogue;

/// A command on many instances: under way, or the last one.
#[derive(Debug)]
pub struct CommandRun {
    /// Tells its updates from those of another.
    pub number: u64,
    /// The command as it was typed, fit for a screen.
    pub shown: String,
    /// How far it is.
    pub progress: Progress,
    /// When it was sent.
    pub began: Timestamp,
    /// When nothing more was to come.
    pub ended: Option<Timestamp>,
    /// Whether the user asked for its end.
    pub is_stopping: bool,
}

/// A command asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRequest {
    /// Where.
    pub ids: Vec<InstanceId>,
    /// What, as typed: a command line for `/bin/sh`.
    pub script: String,
    /// Whether the question of a dangerous account was answered.
    pub is_confirmed: bool,
}

impl CommandRun {
    /// A command that is about to be sent.
    pub fn new(number: u64, order: &Order, now: Timestamp) -> Self {
        let shown = crate::model::Untrusted::from(order.script.as_str()).shown_in(60);
        Self { number, shown, progress: Progress::new(order), began: now, ended: None, is_stopping: false }
    }

    /// Whether something may still come.
    pub fn is_under_way(&self) -> bool {
        self.ended.is_none()
    }
}

/// The mark, the word and the tone of how far a row is.
pub fn standing(row: &Row, text: &Catalogue) -> (&'static str, String, Tone) {
    let (mark, word, tone) = match &row.stage {
        Stage::Waiting => ("…", "waiting", Tone::Faint),
        Stage::Sent => ("…", "sent", Tone::Faint),
        Stage::Running => ("◐", "running", Tone::Problem),
        Stage::Ended(ending) => match &ending.outcome {
            Outcome::Success => ("✓", "success", Tone::Good),
            Outcome::Unknown(_) => ("?", "unknown", Tone::Unknown),
            outcome @ (Outcome::Cancelled | Outcome::Terminated | Outcome::Unsent(_)) => ("–", outcome.word(), Tone::Faint),
            outcome => ("✗", outcome.word(), Tone::Bad),
        },
    };
    (mark, text.say(&format!("fleet-{}", word.replace('_', "-"))), tone)
}
