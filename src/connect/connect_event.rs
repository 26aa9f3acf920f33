//! What the user should know while connecting.

use std::net::IpAddr;

use super::host_check::HostKeyNews;
use crate::access::Method;
use crate::aws;
use crate::model::{InstanceState, SessionPreferences, Untrusted};
use crate::session::SessionEnd;

/// Something the user should know while connecting. It ends nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectEvent {
    /// The instance has another address than when it was listed.
    Moved {
        /// Where it was.
        from: IpAddr,
        /// Where it is.
        to: IpAddr,
    },
    /// What the account wants of its sessions, where that is not the usual.
    Preferences(SessionPreferences),
    /// Whether the account keeps what is typed and shown cannot be read.
    PreferencesUnknown(aws::Error),
    /// The instance could not be described again; its listed address is used.
    NotDescribed(aws::Error),
    /// The instance is on its way up.
    Starting {
        /// What it is now.
        state: InstanceState,
        /// Since the start was asked for.
        seconds: u64,
    },
    /// It runs, and the way in does not take us yet.
    NotYet {
        /// The way in.
        method: Method,
        /// Since it runs.
        seconds: u64,
    },
    /// It runs, and no way in is open yet.
    NoWayYet {
        /// Since it runs.
        seconds: u64,
    },
    /// What to know of the keys of the host.
    HostKey(HostKeyNews),
    /// There is no OpenSSH here, and what stands in for it reads no ssh_config.
    BuiltInClient,
    /// A serial console is about to open.
    SerialOpens,
    /// A session has begun, and the far side says something about it.
    Greeted {
        /// In its words.
        words: Untrusted,
    },
    /// A shell was lost, and what becomes of that.
    Loss(LossNews),
    /// The document that runs a chosen shell may not be used; the account's own shell has begun.
    ShellDenied {
        /// The permission that is missing, for that document.
        action: &'static str,
        /// What AWS said.
        message: Untrusted,
    },
    /// The first way failed before the far side said a word; the next one is tried.
    FellBack {
        /// The way that failed.
        from: Method,
        /// Why.
        why: Box<SessionEnd>,
        /// The way that is tried now.
        to: Method,
    },
}

/// What becomes of a shell that was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossNews {
    /// It ended while this computer slept; a new one begins.
    Slept {
        /// For how long.
        seconds: u64,
    },
    /// The connection is dead: the target is waited for.
    Lost,
    /// The target ended it, as one does that goes down: it is watched.
    Closed,
    /// The target answers again; a new session begins.
    Back {
        /// After how long.
        seconds: u64,
    },
    /// It is up, and does not let us in yet.
    NotYet,
    /// The time of an endpoint's tunnel is over, which no session outlives: another one begins if somebody wants it.
    TimeOver,
    /// The target did not go down: somebody ended the session.
    StaysUp,
    /// The target is stopped, not rebooted.
    Stops {
        /// What it is now.
        state: InstanceState,
    },
    /// The target did not come back in time.
    NotBack {
        /// How long was waited.
        seconds: u64,
    },
}
