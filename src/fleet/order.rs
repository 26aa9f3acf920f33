//! What is to be run, and where.

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::aws;
use crate::model::{Fact, Instance, InstanceState, Os, SsmStatus};

/// A command and its targets. Its `Debug` keeps the script to itself.
#[derive(Clone, PartialEq)]
pub struct Order {
    /// Each instance once.
    pub targets: Vec<Arc<Instance>>,
    /// What `/bin/sh` runs there, as root.
    pub script: String,
    /// How many instances may run it at a time.
    pub parallel: NonZeroUsize,
    /// How long it may run on an instance; `None`: AWS's own limit of an hour.
    pub timeout: Option<Duration>,
    /// Whether no further instance begins after one failed.
    pub is_fail_fast: bool,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order").field("targets", &self.targets.len()).field("parallel", &self.parallel).finish_non_exhaustive()
    }
}

/// Why a command was not sent to an instance at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// It is not running.
    NotRunning(InstanceState),
    /// It is not registered with Systems Manager.
    Unmanaged,
    /// Its agent is silent: the command would lie in wait for it, and run when nobody expects it any more.
    AgentLost,
    /// The document is for shells.
    Windows,
    /// AWS refused.
    Refused(aws::Error),
    /// The user stopped before its turn.
    Stopped,
    /// Another instance failed before its turn, and the user wants no more then.
    FailFast,
}

impl Unsent {
    /// Stable and documented: `reason` in JSON, and the key of the sentence.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotRunning(_) => "not-running",
            Self::Unmanaged => "not-registered",
            Self::AgentLost => "agent-silent",
            Self::Windows => "windows",
            Self::Refused(error) => error.code(),
            Self::Stopped => "stopped",
            Self::FailFast => "fail-fast",
        }
    }
}

/// What is known to keep a command from an instance. What is not known is for AWS to say.
pub fn unsent(instance: &Instance) -> Option<Unsent> {
    if !instance.state.may_be_up() {
        return Some(Unsent::NotRunning(instance.state));
    }
    if instance.os == Os::Windows {
        return Some(Unsent::Windows);
    }
    match &instance.ssm {
        Fact::Known(ssm) | Fact::Kept(ssm, _) => match ssm.status {
            SsmStatus::Online | SsmStatus::Unknown => None,
            SsmStatus::Lost => Some(Unsent::AgentLost),
            SsmStatus::Unmanaged => Some(Unsent::Unmanaged),
        },
        Fact::Pending | Fact::Hidden(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Denial, Ssm, Why, row};

    #[test]
    fn only_what_is_known_keeps_a_command_from_an_instance() {
        let with = |change: fn(&mut Instance)| {
            let mut instance = (*row("i-0aaaaaaaaaaaaaaa1", "web-1")).clone();
            instance.state = InstanceState::Running;
            instance.os = Os::Linux;
            change(&mut instance);
            unsent(&instance)
        };
        let ssm = |status| Fact::Known(Ssm { status, ..Ssm::unmanaged() });

        assert_eq!(with(|row| row.ssm = Fact::Pending), None);
        assert_eq!(with(|row| row.ssm = Fact::Hidden(Denial { why: Why::AccessDenied, action: "ssm:X", message: None })), None);
        assert_eq!(with(|row| row.state = InstanceState::Stopped), Some(Unsent::NotRunning(InstanceState::Stopped)));
        assert_eq!(with(|row| row.os = Os::Windows), Some(Unsent::Windows));
        assert_eq!(with(|row| row.ssm = Fact::Known(Ssm::unmanaged())), Some(Unsent::Unmanaged));
        let mut instance = (*row("i-0aaaaaaaaaaaaaaa1", "web-1")).clone();
        instance.state = InstanceState::Running;
        instance.ssm = ssm(SsmStatus::Lost);
        assert_eq!(unsent(&instance), Some(Unsent::AgentLost));
        instance.ssm = ssm(SsmStatus::Online);
        assert_eq!(unsent(&instance), None);
    }
}
