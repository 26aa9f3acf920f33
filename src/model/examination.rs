//! What is asked of AWS only where one instance is examined, and what ways in are judged without elsewhere.

use jiff::Timestamp;

use super::{Denial, Fact, Identity, Permissions, Probes, SessionPreferences, Untrusted, Why};

/// Facts about one instance, its region, and whoever asks. Where nobody examined it, all of them are pending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examination {
    /// Who asks.
    pub caller: Fact<Identity>,
    /// AWS's word for whether the account has the region; `Known(None)`: AWS does not name the region.
    pub opt_in: Fact<Option<Untrusted>>,
    /// Seconds that the clock of this computer is ahead of AWS's, as far as an answer told.
    pub clock_ahead: Option<i64>,
    /// What EC2 checks of the instance.
    pub checks: Fact<StatusChecks>,
    /// The role that Default Host Management gives to instances of the region; `Known(None)`: it is off.
    pub host_management: Fact<Option<Untrusted>>,
    /// Whether sessions on machines outside EC2 are paid for; asked for only where it is one.
    pub has_advanced_instances: Fact<bool>,
    /// How the account wants its sessions.
    pub preferences: Fact<SessionPreferences>,
    /// AWS's word for the state of the key that sessions are sealed with; asked for only where there is one.
    pub session_key: Fact<Untrusted>,
    /// Whom a tag of the caller's has sessions run as; asked for only where the account has them run as somebody.
    pub own_run_as: Fact<Option<Untrusted>>,
    /// What the caller may do with the instance, as IAM simulates it; only on request.
    pub permissions: Fact<Permissions>,
    /// What came of the tests that somebody asked for.
    pub probes: Probes,
}

impl Examination {
    /// Why parts of it are not told; that an answer settles nothing is no refusal.
    pub fn denials(&self) -> impl Iterator<Item = &Denial> {
        let own = [
            self.caller.denial(),
            self.opt_in.denial(),
            self.checks.denial(),
            self.host_management.denial(),
            self.has_advanced_instances.denial(),
            self.preferences.denial(),
            self.session_key.denial(),
            self.own_run_as.denial(),
            self.permissions.denial(),
        ];
        own.into_iter().flatten().filter(|denial| denial.why != Why::Undecided)
    }
}

/// What EC2 checks of an instance, in its own words: `ok`, `impaired`, `initializing`, `insufficient-data`, `not-applicable`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusChecks {
    /// Of the host it runs on.
    pub system: Untrusted,
    /// Of the instance.
    pub instance: Untrusted,
    /// Of its volumes, where that is told.
    pub storage: Option<Untrusted>,
    /// What AWS plans to do to it.
    pub events: Vec<PlannedEvent>,
}

/// Something that AWS plans to do to an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedEvent {
    /// AWS's word: `instance-reboot`.
    pub code: Untrusted,
    /// Not before then.
    pub not_before: Option<Timestamp>,
}
