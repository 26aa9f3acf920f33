//! What came of the tests of ways in that somebody asked for: of what only trying shows.

use jiff::Timestamp;

use super::Untrusted;

/// What came of tests of the ways into one instance; `None`: it was not made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes {
    /// When they were made.
    pub made: Option<Timestamp>,
    /// What answers at the address that a connection goes to.
    pub banner: Option<Probed>,
    /// Whether something answers through an endpoint of the VPC.
    pub tunnel: Option<Probed>,
    /// Whether Session Manager begins a session.
    pub session: Option<Probed>,
}

/// What it means that nothing answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// The caller may not.
    Denied,
    /// Systems Manager has no connection to the agent.
    NotConnected,
    /// Something that another time or another place may change.
    Other,
}

/// What came of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// It answered, with its first words where it has some.
    Answered(Untrusted),
    /// It did not.
    Failed {
        /// What it means for the way.
        why: NoAnswer,
        /// The same in one sentence, fit for a screen.
        what: String,
    },
}
