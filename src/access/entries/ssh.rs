//! SSH with a key pair: its rules (SSH).

use std::path::PathBuf;

use crate::access::address::{Reach, reachable};
use crate::access::case::Case;
use crate::access::entry::{Channel, Client, Entry, KeySource};
use crate::access::finding::Finding;
use crate::access::users::login;
use crate::access::{ConnectOptions, FoundKey, KeyMatch, KeyNeed, KeyProblem, Local, Method, general};
use crate::model::{Instance, Os, Untrusted};
use crate::text::shell_word;

pub(super) static WAY: Entry = Entry {
    id: "ssh",
    channel: Channel::Address,
    client: Client::Ssh(KeySource::File),
    carries: &[],
    can_be_opened: true,
    may_be_best: true,
    findings: Some(findings),
    codes: &[
        "ssh-key-pair-gone",
        "ssh-key-line-ends",
        "ssh-key-missing",
        "ssh-key-not-found",
        "ssh-key-not-set",
        "ssh-key-other",
        "ssh-key-public",
        "ssh-key-putty",
        "ssh-key-too-open",
        "ssh-key-unreadable",
        "ssh-key-untold",
        "ssh-no-key-pair",
        "ssh-windows",
    ],
    unchecked: &["unchecked-source"],
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
        key_is_the_pairs(case),
        pair_still_there(case),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The key of a login with a key pair, as far as one was found: the file that was asked for, else the one that is the pair's, else one that
/// the instance was told to take. That a file has the pair's name alone says less than that.
pub fn found_key<'a>(instance: &Instance, options: &ConnectOptions, local: &'a Local) -> FoundKey<'a> {
    let found = local.keys.key_of(instance, options.key.as_deref());
    let Some(added) = local.added_keys.get(&instance.id) else { return found };
    let (user, _) = login(instance, options);
    let mut added = added.iter().filter(|own| own.user == user);
    if options.key.is_some() {
        let public = found.file.and_then(|file| file.public.as_ref());
        let is_added = public.is_some_and(|public| added.any(|own| own.public == *public));
        return if is_added { FoundKey { by: Some(KeyMatch::Added), other: None, ..found } } else { found };
    }
    match found.by {
        Some(KeyMatch::PublicKey | KeyMatch::Fingerprint | KeyMatch::Agent) => found,
        Some(KeyMatch::Name | KeyMatch::Added) | None => {
            added.map(|own| local.keys.of_public(&own.public)).find(|own| own.by.is_some()).unwrap_or(found)
        }
    }
}

/// The key file that a way in would log in with, if others may read it and nothing else is in the way of the key.
pub fn too_open_key(instance: &Instance, options: &ConnectOptions, local: &Local, method: Method) -> Option<PathBuf> {
    let takes_file = matches!(method.client(), Client::Ssh(source) if source != KeySource::Pushed);
    let found = found_key(instance, options, local);
    found.file.filter(|_| takes_file && found.needs() == Some(KeyNeed::Mode)).map(|file| file.path.clone())
}

/// SSH-9: Windows does not let SSH in unless somebody saw to it.
fn not_windows(case: &Case<'_>) -> Option<Finding> {
    (case.instance.os == Os::Windows).then(|| Finding::withholds("SSH-9", "ssh-windows"))
}

/// SSH-1: a key pair was chosen at launch.
fn launched_with_key(case: &Case<'_>) -> Option<Finding> {
    if case.instance.key_name.is_some() {
        return None;
    }
    let found = found_key(case.instance, case.options, case.local);
    match &case.options.key {
        None => found.by.is_none().then(|| Finding::warns("SSH-1", "ssh-no-key-pair")),
        Some(_) => {
            let file = found.file.filter(|file| found.by.is_none() && file.public.is_some())?;
            case.told(|| Finding::notes("SSH-1", "ssh-key-untold").with("key", shown(&file.path)))
        }
    }
}

/// SSH-2, SSH-5, SSH-6: a private key that OpenSSH can use is on this computer.
fn key_at_hand(case: &Case<'_>) -> Option<Finding> {
    let found = found_key(case.instance, case.options, case.local);
    if case.options.key.is_none() && case.instance.key_name.is_none() && found.by.is_none() {
        return Some(with_key_remedy(Finding::withholds("SSH-2", "ssh-key-not-set"), case));
    }
    if found.agent.is_some() {
        return case.passes("SSH-2", "ssh-key-in-agent");
    }
    let Some(file) = found.file else {
        let wanted = match &case.options.key {
            Some(path) => shown(path),
            None => case.instance.key_name.as_ref().map(|name| name.shown_in(40)).unwrap_or_default(),
        };
        return Some(with_key_remedy(Finding::withholds("SSH-2", "ssh-key-not-found").with("key", wanted), case));
    };
    let Some(problem) = file.problem.filter(|_| !file.is_opened_here()) else {
        return case.passes("SSH-2", "ssh-key-found").map(|finding| finding.with("key", shown(&file.path)));
    };
    let finding = match problem {
        KeyProblem::Missing => Finding::withholds("SSH-2", "ssh-key-missing"),
        KeyProblem::Unreadable => Finding::blocks("SSH-5", "ssh-key-unreadable"),
        KeyProblem::TooOpen => Finding::blocks("SSH-5", "ssh-key-too-open").with_remedy(),
        // OpenSSH cannot read these, so there is no evidence of a key that it could use.
        KeyProblem::Putty => Finding::withholds("SSH-6", "ssh-key-putty").with_remedy(),
        KeyProblem::LineEnds => Finding::withholds("SSH-6", "ssh-key-line-ends").with_remedy(),
        // Only ed25519 keys have this, and those are opened here.
        KeyProblem::Pkcs8 => return None,
        KeyProblem::Public => Finding::withholds("SSH-6", "ssh-key-public"),
    };
    // A command that is cut is none.
    let word = |path: &std::path::Path| shell_word(&Untrusted::from(path.to_string_lossy().as_ref()).shown());
    let converted = word(&file.path.with_extension("pem"));
    Some(finding.with("word", word(&file.path)).with("converted", converted).with("key", shown(&file.path)))
}

/// SSH-4: EC2 still has the key pair. That it has not takes no key from the instance.
fn pair_still_there(case: &Case<'_>) -> Option<Finding> {
    let name = case.instance.key_name.as_ref().filter(|_| matches!(case.instance.key_pair.known(), Some(None)))?;
    case.told(|| Finding::notes("SSH-4", "ssh-key-pair-gone").with("pair", name.shown_in(40)))
}

/// SSH-3: the file that was asked for, or that has the pair's name, holds another key. The pair may have been made anew since.
fn key_is_the_pairs(case: &Case<'_>) -> Option<Finding> {
    let other = found_key(case.instance, case.options, case.local).other?;
    let pair = case.instance.key_name.as_ref().map(|name| name.shown_in(40)).unwrap_or_default();
    Some(Finding::warns("SSH-3", "ssh-key-other").with("key", shown(&other.path)).with("pair", pair))
}

fn with_key_remedy(finding: Finding, case: &Case<'_>) -> Finding {
    finding.with("id", case.instance.id.as_str()).with_remedy()
}

fn shown(path: &std::path::Path) -> String {
    Untrusted::from(path.to_string_lossy().as_ref()).shown_in(200)
}
