//! What is told while a command runs.

use super::ending::CommandEnd;
use crate::aws::{self, CommandId};
use crate::model::{InstanceId, Region};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// AWS is being asked to take the command; what it then knows carries this comment.
    Sending {
        /// Tells it from every other.
        comment: String,
        /// Where.
        region: Region,
    },
    /// AWS did not take it, or nobody can tell; the instances are told one by one.
    NotSent {
        /// As in [`Self::Sending`].
        comment: String,
    },
    /// AWS took the command for these instances.
    Sent {
        /// As in [`Self::Sending`].
        comment: String,
        /// The id AWS gave it.
        command: CommandId,
        /// Where.
        region: Region,
        /// For whom.
        instances: Vec<InstanceId>,
    },
    /// It runs there.
    Running(InstanceId),
    /// It is over there. Each instance of the order gets one, unless the run is dropped.
    Ended(InstanceId, Box<CommandEnd>),
    /// AWS was asked to end what runs.
    Cancelling,
    /// AWS was asked to end what runs, and did not take it; it is asked again.
    NotCancelled {
        /// The command that goes on.
        command: CommandId,
        /// Why.
        error: aws::Error,
    },
    /// AWS did not answer and is asked again; `None`: it answers again.
    Trouble(Option<aws::Error>),
}
