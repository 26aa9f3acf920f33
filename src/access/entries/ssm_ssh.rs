//! SSH through Session Manager: its rules (SSHSSM). Those of Session Manager come first.

use std::path::PathBuf;

use ec2dash_keys::PublicKey;

use super::{eic, found_key, ssm};
use crate::access::case::Case;
use crate::access::entry::{Channel, Client, Entry, KeySource};
use crate::access::finding::Finding;
use crate::access::images::{Package, dotted};
use crate::access::users::{login, logins};
use crate::access::{ConnectOptions, KeyProblem, Local, Login, general};
use crate::model::{Instance, Os, SsmStatus, Untrusted};

pub(super) static WAY: Entry = Entry {
    id: "ssm-ssh",
    channel: Channel::SessionManager,
    client: Client::Ssh(KeySource::PushedOrFile),
    carries: &[],
    can_be_opened: true,
    may_be_best: true,
    findings: Some(findings),
    codes: &["ssm-ssh-agent-slow", "ssm-ssh-agent-too-old", "ssm-ssh-no-key", "ssm-ssh-unrecorded", "ssm-ssh-user"],
    unchecked: &["unchecked-channel", "unchecked-permissions"],
};

/// The oldest agent that carries SSH, and the oldest that carries it fast (SSHSSM-2).
const AGENT_FLOOR: &str = "2.3.672.0";
const AGENT_FAST: &str = "3.0.222.0";

/// The user that shells of Session Manager run as.
const SHELL_USER: &str = "ssm-user";

/// The key of a login through Session Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginKey {
    /// One that is made now and pushed with EC2 Instance Connect, which needs no path through the network.
    OneTime,
    /// The file that the user names, whose public half is pushed.
    Pushed(PathBuf),
    /// The private half of the key pair, or the one that was asked for.
    File(PathBuf),
    /// The same, in a file that OpenSSH cannot read: it is opened here, in memory.
    Opened(PathBuf),
    /// The same, which the user's agent holds.
    Agent(PublicKey),
}

/// The private half of the key pair, or the one that was asked for, unless OpenSSH surely cannot use it. The agent's comes before a file
/// that asks for something first.
pub fn pair_key(instance: &Instance, options: &ConnectOptions, local: &Local) -> Option<LoginKey> {
    let found = found_key(instance, options, local);
    // That others may read the file is for ssh to refuse, in its own words.
    let usable = found.file.filter(|file| file.is_opened_here() || matches!(file.problem, None | Some(KeyProblem::TooOpen)));
    match (usable, found.agent) {
        (Some(file), Some(key)) if file.is_locked || file.problem.is_some() => Some(LoginKey::Agent(key.public.clone())),
        (Some(file), _) if file.is_opened_here() => Some(LoginKey::Opened(file.path.clone())),
        (Some(file), _) => Some(LoginKey::File(file.path.clone())),
        (None, Some(key)) => Some(LoginKey::Agent(key.public.clone())),
        (None, None) => None,
    }
}

/// Whether a key can be pushed for this login name, as far as the image does not tell otherwise.
pub fn may_push(instance: &Instance, user: &Login) -> bool {
    let is_asked_for = instance.metadata_enabled != Some(false);
    !instance.id.is_hybrid() && instance.os != Os::Windows && is_asked_for && eic::is_taken(user)
}

/// Which key to log in with, if one can be had: the file that the user names, else a one-time key where the image surely takes it, else the
/// file of the key pair, else a one-time key where it cannot be told.
pub fn login_key(instance: &Instance, options: &ConnectOptions, local: &Local) -> Option<LoginKey> {
    let file = pair_key(instance, options, local);
    if options.key.is_some() {
        return file;
    }
    let (user, _) = login(instance, options);
    let may_push = may_push(instance, &user);
    let package = match instance.image_name.known() {
        Some(Some(image)) => Package::eic(image),
        Some(None) | None => Package::Unknown,
    };
    match package {
        Package::Present if may_push => Some(LoginKey::OneTime),
        Package::Unknown if may_push => file.or(Some(LoginKey::OneTime)),
        _ => file,
    }
}

/// What is in the way of SSH through Session Manager. Why the agent is not there is told of Session Manager itself.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let own = [
        general::ssh_client(case),
        agent_carries_ssh(case),
        sshd_runs(case),
        key_at_hand(case),
        usual_user(case),
        unrecorded(case),
    ];
    ssm::registration(case).into_iter().chain(own.into_iter().flatten()).collect()
}

/// SSHSSM-2: the agent is new enough. One that is too old for any session is SSM-5's.
fn agent_carries_ssh(case: &Case<'_>) -> Option<Finding> {
    let ssm = case.instance.ssm.known().filter(|ssm| ssm.status != SsmStatus::Unmanaged)?;
    let version = ssm.agent_version.as_ref().map(Untrusted::raw).unwrap_or_default();
    let parts = dotted(version);
    if parts.iter().all(|part| *part == 0) {
        return None;
    }
    let finding = if parts < dotted(AGENT_FLOOR) {
        Finding::blocks("SSHSSM-2", "ssm-ssh-agent-too-old").with("least", AGENT_FLOOR)
    } else if parts < dotted(AGENT_FAST) {
        Finding::warns("SSHSSM-2", "ssm-ssh-agent-slow").with("least", AGENT_FAST)
    } else {
        return None;
    };
    Some(finding.with("version", Untrusted::from(version).shown_in(30)))
}

/// SSHSSM-4: sshd runs there. Not visible from outside; Windows comes without.
fn sshd_runs(case: &Case<'_>) -> Option<Finding> {
    (case.instance.os == Os::Windows).then(|| Finding::withholds("SSHSSM-4", "ssh-windows"))
}

/// SSHSSM-6: sshd knows the image's user. The one that Session Manager's shells run as has no keys.
fn usual_user(case: &Case<'_>) -> Option<Finding> {
    let asked = case.options.user.as_ref().filter(|user| user.as_str() == SHELL_USER)?;
    let usual = logins(case.instance, case.options).into_iter().find(|(user, _)| user != asked);
    let usual = usual.map(|(user, _)| user.as_str().to_owned()).unwrap_or_default();
    Some(Finding::warns("SSHSSM-6", "ssm-ssh-user").with("user", usual))
}

/// SSHSSM-7: what the account has written down of sessions lacks what goes through this one.
fn unrecorded(case: &Case<'_>) -> Option<Finding> {
    let examined = case.instance.examination.as_ref()?;
    let preferences = examined.preferences.known()?;
    let is_logged = preferences.bucket.is_some() || preferences.log_group.is_some();
    is_logged.then(|| Finding::notes("SSHSSM-7", "ssm-ssh-unrecorded"))
}

/// SSHSSM-5: there is a key that the login takes.
pub(super) fn key_at_hand(case: &Case<'_>) -> Option<Finding> {
    let (user, _) = login(case.instance, case.options);
    login_key(case.instance, case.options, case.local).is_none().then(|| {
        Finding::withholds("SSHSSM-5", "ssm-ssh-no-key")
            .with("user", user.as_str())
            .with("id", case.instance.id.as_str())
            .with_remedy()
    })
}
