//! Rules for every way in (GEN), and for what this computer needs to have (LOC).

use super::case::Case;
use super::finding::Finding;
use super::{Local, Reason, SshClient};
use crate::model::InstanceState;

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "instance-gone",
    "instance-starting",
    "instance-state-unknown",
    "instance-stopped",
    "instance-stopping",
    "managed-by-service",
    "not-of-ec2",
    "ssh-foreign",
    "ssh-missing",
    "ssh-too-old",
];

/// Seconds after a start in which agents and sshd may not be up yet (GEN-8).
const BOOTING: i64 = 5 * 60;

/// GEN-4: the instance is running.
pub(super) fn running(case: &Case<'_>) -> Option<Finding> {
    let state = case.instance.state;
    let finding = match state {
        InstanceState::Running => return case.passes("GEN-4", "instance-running"),
        // Nobody tells whether it is.
        InstanceState::Hybrid => return None,
        InstanceState::Pending => Finding::withholds("GEN-4", "instance-starting"),
        InstanceState::Unknown => Finding::withholds("GEN-4", "instance-state-unknown"),
        InstanceState::Stopped => Finding::blocks("GEN-4", "instance-stopped")
            .with("id", case.instance.id.as_str())
            .with("place", case.place_flags())
            .with_remedy(),
        InstanceState::Stopping => Finding::blocks("GEN-4", "instance-stopping").with_remedy(),
        InstanceState::ShuttingDown | InstanceState::Terminated => Finding::blocks("GEN-4", "instance-gone"),
    };
    Some(finding.with("state", state.word()))
}

/// SSM-20: EC2 knows the instance. Of a hybrid node it knows neither the address nor the key, and pushes none.
pub(super) fn of_ec2(case: &Case<'_>) -> Option<Finding> {
    case.instance.id.is_hybrid().then(|| Finding::excludes("SSM-20", "not-of-ec2"))
}

/// GEN-7: no service manages the instance.
pub(super) fn self_managed(case: &Case<'_>) -> Option<Finding> {
    let principal = case.instance.managed_by.as_ref()?;
    Some(Finding::warns("GEN-7", "managed-by-service").with("principal", principal.shown_in(60)))
}

/// GEN-8: whether the last start is so recent that agents may not be up yet, and how long ago it was.
pub(super) fn booting_for(case: &Case<'_>) -> Option<i64> {
    let seconds = case.seconds_since(case.instance.launched?);
    (seconds < BOOTING).then_some(seconds)
}

/// LOC-1: this computer has an OpenSSH client that is new enough, or none: then the built-in one does.
pub(super) fn ssh_client(case: &Case<'_>) -> Option<Finding> {
    Some(client(case.local)).filter(|finding| case.tells_all || !finding.holds())
}

/// The same where no instance is looked at.
pub fn of_client(local: &Local) -> Vec<Reason> {
    vec![client(local).into_reason()]
}

fn client(local: &Local) -> Finding {
    match &local.ssh {
        SshClient::Usable(version) => {
            Finding::passes("LOC-1", "ssh-here").with("version", format!("{}.{}", version.major, version.minor))
        }
        SshClient::Missing => Finding::unseen("LOC-1", "ssh-missing").with_remedy(),
        SshClient::TooOld(version) => {
            let shown = crate::model::Untrusted::from(version.as_str()).shown_in(40);
            Finding::blocks("LOC-1", "ssh-too-old").with("version", shown).with_remedy()
        }
        SshClient::Foreign => Finding::blocks("LOC-1", "ssh-foreign").with_remedy(),
    }
}
