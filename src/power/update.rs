//! What is told while instances start, stop or reboot.

use crate::aws;
use crate::model::{InstanceId, InstanceState, Untrusted};
use crate::text::Catalogue;

/// Something that happened to one instance.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// It is in this state now.
    Is(InstanceId, InstanceState),
    /// Nothing more is to come for it. Each instance of the order gets one, unless the run is dropped.
    Over(InstanceId, Box<Outcome>),
    /// AWS did not answer and is asked again; `None`: it answers again.
    Trouble(Option<aws::Error>),
}

/// How it went for one instance.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is in the state that was wanted.
    Done(InstanceState),
    /// AWS took it, and nobody waits for its end.
    Begun(InstanceState),
    /// It was there already, or on its way: nothing was asked.
    Already(InstanceState),
    /// In its state nothing was asked.
    Unfit(InstanceState),
    /// The user did not wait until it could be asked for: nothing was asked.
    Unasked,
    /// AWS refused.
    Refused(aws::Error),
    /// AWS gave no answer that tells whether it took the call.
    Unclear(aws::Error),
    /// It is no longer there.
    Vanished,
    /// It ended in another state, for this reason.
    Elsewhere(InstanceState, Option<Untrusted>),
    /// It was waited for so many seconds, and is still on its way.
    Late(u64),
    /// The user does not wait any longer; it goes on.
    Left,
}

impl Outcome {
    /// Whether what was wanted is so, or is on its way.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Done(_) | Self::Begun(_) | Self::Already(_))
    }

    /// The state it tells of.
    pub fn state(&self) -> Option<InstanceState> {
        match self {
            Self::Done(state) | Self::Begun(state) | Self::Already(state) | Self::Unfit(state) | Self::Elsewhere(state, _) => {
                Some(*state)
            }
            _ => None,
        }
    }

    /// Stable and documented: `outcome` in JSON, and the key of the word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done(_) => "done",
            Self::Begun(_) => "begun",
            Self::Already(_) => "already",
            Self::Unfit(_) => "unfit",
            Self::Unasked => "unasked",
            Self::Refused(_) => "refused",
            Self::Unclear(_) => "unclear",
            Self::Vanished => "vanished",
            Self::Elsewhere(..) => "elsewhere",
            Self::Late(_) => "late",
            Self::Left => "left",
        }
    }

    /// Why, where it is not as wanted.
    pub fn reason(&self, text: &Catalogue) -> Option<String> {
        match self {
            Self::Done(_) | Self::Begun(_) => None,
            Self::Already(state) => Some(text.say_with("power-why-already", &[("state", state.word().into())])),
            Self::Unfit(state) => Some(text.say_with("power-why-unfit", &[("state", state.word().into())])),
            Self::Refused(error) | Self::Unclear(error) => Some(error.what(text)),
            Self::Unasked => Some(text.say("power-why-unasked")),
            Self::Vanished => Some(text.say("power-why-vanished")),
            Self::Elsewhere(state, None) => Some(text.say_with("power-why-elsewhere", &[("state", state.word().into())])),
            Self::Elsewhere(state, Some(why)) => {
                let values = [("state", state.word().into()), ("reason", why.shown_in(200).into())];
                Some(text.say_with("power-why-elsewhere-because", &values))
            }
            Self::Late(seconds) => Some(text.say_with("power-why-late", &[("seconds", seconds.to_string().into())])),
            Self::Left => Some(text.say("power-why-left")),
        }
    }

    /// What AWS said, where that is why.
    pub fn error(&self) -> Option<&aws::Error> {
        match self {
            Self::Refused(error) | Self::Unclear(error) => Some(error),
            _ => None,
        }
    }

    /// Stable code of the reason, for programs.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Done(_) | Self::Begun(_) => None,
            Self::Refused(error) | Self::Unclear(error) => Some(error.code()),
            other => Some(other.word()),
        }
    }
}
