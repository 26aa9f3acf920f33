//! The ways in there are, each declared in a file of its own, and what they say of themselves.

mod eic;
mod eice;
mod rdp;
mod serial;
mod ssh;
mod ssm;
mod ssm_ssh;

use std::str::FromStr;
use std::sync::LazyLock;

pub use rdp::{DESKTOP_PORT, Desktop, DesktopPath, desktops};
pub use ssh::{found_key, too_open_key};
pub use ssm::{COMMANDS_SINCE, too_old_for_commands};
pub use ssm_ssh::{LoginKey, login_key, may_push, pair_key};

use super::Method;
use super::entry::{Channel, Client, Entry, Load};

impl Method {
    /// What is declared of it.
    pub(super) fn entry(self) -> &'static Entry {
        match self {
            Self::Ssm => &ssm::WAY,
            Self::SsmSsh => &ssm_ssh::WAY,
            Self::Eice => &eice::WAY,
            Self::Eic => &eic::WAY,
            Self::Ssh => &ssh::WAY,
            Self::Serial => &serial::WAY,
            Self::Rdp => &rdp::WAY,
        }
    }

    /// The ways this version gives a verdict on.
    pub fn known() -> &'static [Self] {
        static KNOWN: LazyLock<Vec<Method>> = LazyLock::new(|| {
            let is_judged = |method: &Method| method.entry().findings.is_some();
            Method::ALL.iter().copied().filter(is_judged).collect()
        });
        &KNOWN
    }

    /// The first that carries this.
    pub fn carrying(load: Load) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.carries(load))
    }

    /// The first that comes to the instance like this.
    pub fn coming_by(channel: Channel) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.channel() == channel)
    }

    /// The id: the same everywhere.
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// Whether this version can open it. One that it cannot is never the best and never chosen.
    pub fn can_be_opened(self) -> bool {
        self.entry().can_be_opened
    }

    /// Whether it may be chosen where nobody names it. A last resort, or what is no shell, is never the best.
    pub fn may_be_best(self) -> bool {
        self.entry().may_be_best && self.can_be_opened()
    }

    /// Those that may be chosen where nobody names one, in their order.
    pub fn choosable() -> Vec<Self> {
        Self::ALL.iter().copied().filter(|method| method.may_be_best()).collect()
    }

    /// How it comes to the instance.
    pub fn channel(self) -> Channel {
        self.entry().channel
    }

    /// What talks to the far end.
    pub fn client(self) -> Client {
        self.entry().client
    }

    /// Whether ssh runs, and logs somebody in.
    pub fn runs_ssh(self) -> bool {
        matches!(self.client(), Client::Ssh(_))
    }

    /// Whether it can be opened, and ssh gets in by it with a key that is pushed, or else with one of its own.
    pub fn takes_key(self, is_pushed: bool) -> bool {
        self.can_be_opened() && matches!(self.client(), Client::Ssh(source) if source.takes(is_pushed))
    }

    /// Whether it goes through Session Manager, and so fails where that does.
    pub fn is_by_session_manager(self) -> bool {
        self.channel() == Channel::SessionManager
    }

    /// Whether it carries this, without ssh.
    pub fn carries(self, load: Load) -> bool {
        self.entry().carries.contains(&load)
    }

    /// What this version does not check for it, as keys of the catalogue.
    pub fn unchecked(self) -> &'static [&'static str] {
        self.entry().unchecked
    }
}

impl FromStr for Method {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|method| method.id() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_knows_the_ways_in_that_can_be_the_best() {
        let ways: Vec<&str> = Method::choosable().into_iter().map(Method::id).collect();

        assert_eq!(ways, crate::model::WAYS);
    }
}
