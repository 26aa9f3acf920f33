//! The jump hosts that a login to an address goes through.

use std::sync::Arc;

use super::{Method, Verdict};
use crate::model::{Instance, Untrusted};

/// How a login comes to an instance's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Jump {
    /// From here.
    #[default]
    None,
    /// Through a target, as the user wrote it; which instance that is, nobody has looked up.
    Named(String),
    /// Through this instance.
    Through(Arc<JumpHost>),
    /// Through what cannot be gone through.
    Broken(JumpFault),
}

/// An instance that is gone through, by a login of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpHost {
    /// The instance, as it was when this was decided.
    pub instance: Instance,
    /// The best way to log in there by ssh, and what is said of it; `None`: there is none.
    pub way: Option<(Method, Verdict)>,
    /// How the login comes to it.
    pub jump: Jump,
}

/// Why there is no way through a jump host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpFault {
    /// What is wrong.
    pub kind: JumpFaultKind,
    /// The chain from the instance on, fit for a screen: names and ids, and last what is wrong.
    pub chain: Vec<String>,
}

/// What is wrong with a chain of jump hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JumpFaultKind {
    /// It comes back to an instance that it has passed.
    Loop,
    /// It has more than [`MOST_JUMPS`].
    TooLong,
    /// No instance is called so.
    Missing,
    /// Several are.
    Ambiguous,
}

/// Most jump hosts one behind the other.
pub const MOST_JUMPS: usize = 4;

impl Jump {
    /// What a rule or a flag says; `none` is no jump host, whatever a later rule says.
    pub fn named(typed: Option<&str>) -> Self {
        match typed {
            None | Some("none") => Self::None,
            Some(typed) => Self::Named(typed.to_owned()),
        }
    }

    /// The host next to the instance, if one is known.
    pub fn host(&self) -> Option<&Arc<JumpHost>> {
        match self {
            Self::Through(host) => Some(host),
            Self::None | Self::Named(_) | Self::Broken(_) => None,
        }
    }

    /// All hosts, the one next to the instance first.
    pub fn hosts(&self) -> impl Iterator<Item = &Arc<JumpHost>> {
        std::iter::successors(self.host(), |host| host.jump.host())
    }
}

impl JumpFault {
    /// Stable and documented.
    pub fn code(&self) -> &'static str {
        match self.kind {
            JumpFaultKind::Loop => "jump-loop",
            JumpFaultKind::TooLong => "jump-too-long",
            JumpFaultKind::Missing => "jump-missing",
            JumpFaultKind::Ambiguous => "jump-ambiguous",
        }
    }

    /// The chain in one line.
    pub fn shown(&self) -> String {
        self.chain.join(" → ")
    }
}

/// A target as the user wrote it, fit for a screen.
pub fn shown_target(typed: &str) -> String {
    Untrusted::from(typed).shown_in(60)
}
