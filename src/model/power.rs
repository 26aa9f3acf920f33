//! Starting, stopping and rebooting an instance.

use strum::VariantArray;

use super::{Instance, InstanceState};

/// A change of an instance that EC2 makes when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum Power {
    /// From stopped to running.
    Start,
    /// From running to stopped.
    Stop,
    /// Down and up again on the same host.
    Reboot,
}

/// Whether an instance is one to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is, as far as is known.
    ToDo,
    /// It is on its way down, and can be asked for once it is there.
    Later,
    /// It is there already, or on its way.
    Already,
    /// In this state EC2 refuses.
    Unfit,
}

impl Power {
    /// All of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The command and the word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Reboot => "reboot",
        }
    }

    /// The IAM action, which is also how the call is shown.
    pub fn action(self) -> &'static str {
        match self {
            Self::Start => "ec2:StartInstances",
            Self::Stop => "ec2:StopInstances",
            Self::Reboot => "ec2:RebootInstances",
        }
    }

    /// The state in which it is done; a reboot shows in none.
    pub fn goal(self) -> Option<InstanceState> {
        match self {
            Self::Start => Some(InstanceState::Running),
            Self::Stop => Some(InstanceState::Stopped),
            Self::Reboot => None,
        }
    }

    /// Whether an instance is asked for, at once or later.
    pub fn is_for(self, instance: &Instance) -> bool {
        matches!(self.standing(instance), Standing::ToDo | Standing::Later)
    }

    /// Whether an instance is one to ask for. What is not known is for EC2 to say.
    pub fn standing(self, instance: &Instance) -> Standing {
        use InstanceState::{Hybrid, Pending, Running, ShuttingDown, Stopped, Stopping, Terminated, Unknown};
        match (self, instance.state) {
            (_, ShuttingDown | Terminated | Hybrid) | (Self::Reboot, Stopped | Stopping) => Standing::Unfit,
            (Self::Start, Stopping) => Standing::Later,
            (Self::Start, Pending | Running) | (Self::Stop, Stopped | Stopping) => Standing::Already,
            (Self::Start, Stopped) | (Self::Stop, Running | Pending) | (Self::Reboot, Running | Pending) | (_, Unknown) => {
                Standing::ToDo
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row;

    #[test]
    fn what_is_there_already_is_not_asked_for_and_what_is_gone_never() {
        let standing = |power: Power, state| {
            let mut instance = (*row("i-0aaaaaaaaaaaaaaa1", "web-1")).clone();
            instance.state = state;
            power.standing(&instance)
        };

        assert_eq!(standing(Power::Start, InstanceState::Stopped), Standing::ToDo);
        assert_eq!(standing(Power::Start, InstanceState::Running), Standing::Already);
        assert_eq!(standing(Power::Start, InstanceState::Stopping), Standing::Later);
        assert_eq!(standing(Power::Stop, InstanceState::Stopping), Standing::Already);
        assert_eq!(standing(Power::Reboot, InstanceState::Stopped), Standing::Unfit);
        for power in Power::ALL {
            assert_eq!(standing(*power, InstanceState::Terminated), Standing::Unfit);
            assert_eq!(standing(*power, InstanceState::Unknown), Standing::ToDo);
        }
    }
}
