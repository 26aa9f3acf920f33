//! What is declared of a way in: how it goes, what it carries, and the rules that judge it.

use super::case::Case;
use super::finding::Finding;

/// Everything that is declared of one way in, in a file of its own. Its words are in the catalogue: `way-<id>-ready`, those of its codes and of
/// what is not checked.
pub(super) struct Entry {
    /// What the user calls it, and JSON.
    pub(super) id: &'static str,
    /// How it comes to the instance.
    pub(super) channel: Channel,
    /// What talks to the far end.
    pub(super) client: Client,
    /// What it carries besides somebody who logs in, without ssh.
    pub(super) carries: &'static [Load],
    /// Whether this version can open it.
    pub(super) can_be_opened: bool,
    /// Whether it may be chosen where nobody names it.
    pub(super) may_be_best: bool,
    /// What is in its way; none where this version gives no verdict on it.
    pub(super) findings: Option<fn(&Case<'_>) -> Vec<Finding>>,
    /// The codes that its own rules give, each in the entry of the way whose rule it is.
    pub(super) codes: &'static [&'static str],
    /// What this version does not check for it, as keys of the catalogue.
    pub(super) unchecked: &'static [&'static str],
}

/// How a way comes to the instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// By a session of Session Manager, and so it fails where that does.
    SessionManager,
    /// Through an EC2 Instance Connect Endpoint.
    Endpoint,
    /// By the network, to one of the instance's addresses.
    Address,
    /// By EC2's serial console.
    SerialConsole,
    /// By whichever of these leads to the port of a desktop.
    Desktop,
}

/// What talks to the far end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Client {
    /// This program: it shows the channel itself.
    Own,
    /// OpenSSH.
    Ssh(KeySource),
}

/// Where the key of an ssh login comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeySource {
    /// It is made now, and pushed with EC2 Instance Connect.
    Pushed,
    /// A file on this computer.
    File,
    /// It is pushed where the image takes that, else it is a file.
    PushedOrFile,
}

impl KeySource {
    /// Whether ssh gets in with a key that is pushed, or else with one of its own.
    pub fn takes(self, is_pushed: bool) -> bool {
        match self {
            Self::PushedOrFile => true,
            Self::Pushed => is_pushed,
            Self::File => !is_pushed,
        }
    }
}

/// What a way may carry besides somebody who logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Load {
    /// The connections of a tunnel.
    Tunnel,
    /// One command and what it prints.
    Command,
}
