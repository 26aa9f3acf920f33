//! How a command ended on one instance.

use std::time::Duration;

use super::order::Unsent;
use crate::aws;
use crate::model::CommandText;
use crate::text::Catalogue;

/// How it ended on one instance.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandEnd {
    /// In which way.
    pub outcome: Outcome,
    /// The exit code, if it ran to its end.
    pub code: Option<i32>,
    /// What it said.
    pub stdout: CommandText,
    /// What it complained.
    pub stderr: CommandText,
    /// Why there may have been more to say, if AWS did not tell it.
    pub untold: Option<aws::Error>,
    /// How long it ran.
    pub lasted: Option<Duration>,
}

/// In which way it ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Exit code 0.
    Success,
    /// Another exit code.
    Failed,
    /// It ran longer than it may.
    TimedOut,
    /// The agent did not take it in time.
    NotDelivered,
    /// The instance cannot be reached.
    Undeliverable,
    /// Somebody cancelled it.
    Cancelled,
    /// It failed elsewhere first.
    Terminated,
    /// It was never sent.
    Unsent(Unsent),
    /// It may have run: AWS does not tell us.
    Unknown(aws::Error),
}

impl Outcome {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::NotDelivered => "not_delivered",
            Self::Undeliverable => "undeliverable",
            Self::Cancelled => "cancelled",
            Self::Terminated => "terminated",
            Self::Unsent(_) => "not_sent",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Why, in a sentence, if there is more to say than the word.
    pub fn reason(&self, text: &Catalogue) -> Option<String> {
        match self {
            Self::Success | Self::Failed | Self::Cancelled => None,
            Self::TimedOut | Self::NotDelivered | Self::Undeliverable | Self::Terminated => {
                Some(text.say(&format!("fleet-why-{}", self.word().replace('_', "-"))))
            }
            Self::Unsent(Unsent::NotRunning(state)) => {
                Some(text.say_with("fleet-why-not-running", &[("state", state.word().into())]))
            }
            Self::Unsent(Unsent::Refused(error)) => {
                Some([Some(error.what(text)), error.why(text)].into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
            Self::Unsent(why) => Some(text.say(&format!("fleet-why-{}", why.code()))),
            Self::Unknown(error) => Some(text.say_with("fleet-why-unknown", &[("what", error.what(text).into())])),
        }
    }

    /// Stable and documented, where there is a reason.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Unsent(why) => Some(why.code()),
            Self::Unknown(error) => Some(error.code()),
            _ => None,
        }
    }
}

impl CommandEnd {
    /// An end without a program: nothing was said and there is no exit code.
    pub fn without_running(outcome: Outcome) -> Self {
        Self { outcome, code: None, stdout: CommandText::default(), stderr: CommandText::default(), untold: None, lasted: None }
    }
}
