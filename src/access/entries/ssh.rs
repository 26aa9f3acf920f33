//! SSH with a key pair: its rules (SSH).

use crate::access::address::{Reach, reachable};
use crate::access::case::Case;
use crate::access::entry::{Channel, Client, Entry, KeySource};
use crate::access::finding::Finding;
use crate::access::{ConnectOptions, HomeKey, KeyFile, KeyProblem, Local, general};
use crate::model::{Instance, Os, Untrusted};
use crate::text::shell_word;

pub(super) static WAY: Entry = Entry {
    id: "ssh",
    channel: Channel::Address,
    client: Client::Ssh(KeySource::File),
    carries: &[],
    can_be_opened: true,
    findings: Some(findings),
    codes: &[
        "ssh-key-line-ends",
        "ssh-key-missing",
        "ssh-key-not-found",
        "ssh-key-not-set",
        "ssh-key-public",
        "ssh-key-putty",
        "ssh-key-too-open",
        "ssh-key-unreadable",
        "ssh-no-key-pair",
        "ssh-windows",
    ],
    unchecked: &["unchecked-groups", "unchecked-acls"],
};

/// What is in the way of SSH with a key pair.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    [
        general::of_ec2(case),
        general::running(case),
        general::self_managed(case),
        general::ssh_client(case),
        not_windows(case),
        reachable(case, Reach::Anywhere),
        launched_with_key(case),
        key_at_hand(case),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The private key file that would be used, whether OpenSSH can use it or not: the one asked for, else the one found for
/// the name of the key pair.
pub fn key_file<'a>(instance: &Instance, options: &ConnectOptions, local: &'a Local) -> Option<&'a KeyFile> {
    local.keys.get(&home_key(instance, options)?)
}

fn home_key(instance: &Instance, options: &ConnectOptions) -> Option<HomeKey> {
    match &options.key {
        Some(path) => Some(HomeKey::Path(path.clone())),
        None => instance.key_name.as_ref().map(|name| HomeKey::Pair(name.raw().to_owned())),
    }
}

/// SSH-9: Windows does not let SSH in unless somebody saw to it.
fn not_windows(case: &Case<'_>) -> Option<Finding> {
    (case.instance.os == Os::Windows).then(|| Finding::withholds("SSH-9", "ssh-windows"))
}

/// SSH-1: a key pair was chosen at launch.
fn launched_with_key(case: &Case<'_>) -> Option<Finding> {
    let is_without = case.instance.key_name.is_none() && case.options.key.is_none();
    is_without.then(|| Finding::warns("SSH-1", "ssh-no-key-pair"))
}

/// SSH-2, SSH-5, SSH-6: a private key that OpenSSH can use is on this computer.
fn key_at_hand(case: &Case<'_>) -> Option<Finding> {
    let Some(wanted) = home_key(case.instance, case.options) else {
        return Some(with_key_remedy(Finding::withholds("SSH-2", "ssh-key-not-set"), case));
    };
    let Some(file) = case.local.keys.get(&wanted) else {
        let shown = match &wanted {
            HomeKey::Pair(name) => Untrusted::from(name.as_str()).shown_in(40),
            HomeKey::Path(path) => shown(path),
        };
        return Some(with_key_remedy(Finding::withholds("SSH-2", "ssh-key-not-found").with("key", shown), case));
    };
    let finding = match file.problem? {
        KeyProblem::Missing => Finding::withholds("SSH-2", "ssh-key-missing"),
        KeyProblem::Unreadable => Finding::blocks("SSH-5", "ssh-key-unreadable"),
        KeyProblem::TooOpen => Finding::blocks("SSH-5", "ssh-key-too-open").with_remedy(),
        // OpenSSH cannot read these, so there is no evidence of a key that it could use.
        KeyProblem::Putty => Finding::withholds("SSH-6", "ssh-key-putty").with_remedy(),
        KeyProblem::LineEnds => Finding::withholds("SSH-6", "ssh-key-line-ends").with_remedy(),
        KeyProblem::Public => Finding::withholds("SSH-6", "ssh-key-public"),
    };
    // A command that is cut is none.
    let word = |path: &std::path::Path| shell_word(&Untrusted::from(path.to_string_lossy().as_ref()).shown());
    let converted = word(&file.path.with_extension("pem"));
    Some(finding.with("word", word(&file.path)).with("converted", converted).with("key", shown(&file.path)))
}

fn with_key_remedy(finding: Finding, case: &Case<'_>) -> Finding {
    finding.with("id", case.instance.id.as_str()).with_remedy()
}

fn shown(path: &std::path::Path) -> String {
    Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200)
}
