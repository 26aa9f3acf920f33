//! What is worth knowing of one way before it is gone, told only to whoever reads one instance: it changes no verdict.

use super::case::Case;
use super::entries::found_key;
use super::entry::Channel;
use super::finding::{Finding, judge};
use super::images::{Package, built_before};
use super::users::login;
use super::{Jump, LoginSource, Method, Verdict, Way};
use crate::model::Os;

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "eic-own-command",
    "eic-package-old",
    "eice-bulk",
    "host-key-unknown",
    "jump-not-needed",
    "login-guessed",
    "proxy-on-the-way",
    "rdp-fleet-manager",
    "serial-boot-repair",
    "serial-one-session",
    "ssh-key-lost",
    "ssm-domain-controller",
];

/// The year in which the package of EC2 Instance Connect learned ed25519 keys: images of years before may have an older one.
const TAKES_ED25519_SINCE: u32 = 2022;
/// The ways by which a key can be added to an instance, and those that need no jump host.
const WITHOUT_ADDRESS: [Method; 3] = [Method::Ssm, Method::SsmSsh, Method::Eice];
const ADDS_KEYS: [Method; 4] = [Method::Eic, Method::Eice, Method::SsmSsh, Method::Ssm];

/// Add them to what holds of each way.
pub(super) fn add(case: &Case<'_>, list: &mut [Way]) {
    let open: Vec<Method> = list.iter().filter(|way| is_open(way)).map(|way| way.method).collect();
    for way in list {
        let found = of(case, way, &open);
        way.passes.extend(judge(found, None).passes);
    }
}

fn is_open(way: &Way) -> bool {
    matches!(way.verdict, Verdict::Works | Verdict::Likely)
}

fn of(case: &Case<'_>, way: &Way, open: &[Method]) -> Vec<Finding> {
    let method = way.method;
    if !is_open(way) {
        return lost_key(case, way, open).into_iter().collect();
    }
    let own = match method {
        Method::Eic => vec![old_package(case).unwrap_or_else(|| Finding::notes("EIC-5", "eic-own-command").with_remedy())],
        Method::Eice => vec![Finding::notes("EICE-14", "eice-bulk")],
        Method::Serial => vec![Finding::notes("SER-8", "serial-one-session"), boot_repair(case)],
        Method::Ssm => domain_controller(case).into_iter().collect(),
        Method::Rdp => fleet_manager(case, open).into_iter().collect(),
        Method::SsmSsh | Method::Ssh => Vec::new(),
    };
    own.into_iter()
        .chain(host_key(case, method))
        .chain(guessed(case, method))
        .chain(by_proxy(case, method))
        .chain(needless_jump(case, method, open))
        .collect()
}

/// EIC-14: the package of an old image may not take the keys that are pushed.
fn old_package(case: &Case<'_>) -> Option<Finding> {
    let Some(Some(image)) = case.instance.image_name.known() else { return None };
    let is_old = Package::eic(image) == Package::Present && built_before(image, TAKES_ED25519_SINCE);
    is_old.then(|| Finding::notes("EIC-14", "eic-package-old").with("image", image.name.shown_in(60)).with_remedy())
}

/// SER-7: what repairs a system that does not start has to be there before.
fn boot_repair(case: &Case<'_>) -> Finding {
    let system = if case.instance.os == Os::Windows { "windows" } else { "other" };
    Finding::notes("SER-7", "serial-boot-repair").with("system", system)
}

/// SSM-29: agents make no user on a domain controller.
fn domain_controller(case: &Case<'_>) -> Option<Finding> {
    (case.instance.os == Os::Windows).then(|| Finding::notes("SSM-29", "ssm-domain-controller"))
}

/// RDP-5: the console shows the desktop, too.
fn fleet_manager(case: &Case<'_>, open: &[Method]) -> Option<Finding> {
    let link = case.instance.fleet_manager_link().filter(|_| open.contains(&Method::Ssm))?;
    Some(Finding::notes("RDP-5", "rdp-fleet-manager").with("link", link))
}

/// SSH-11: what tells the instance from another one that answers in its place.
fn host_key(case: &Case<'_>, method: Method) -> Option<Finding> {
    let is_kept = case.local.host_keys.contains_key(&case.instance.id);
    let finding = if is_kept { Finding::passes("SSH-11", "host-key-kept") } else { Finding::notes("SSH-11", "host-key-unknown") };
    method.runs_ssh().then_some(finding)
}

/// SSH-7: nothing tells who logs in.
fn guessed(case: &Case<'_>, method: Method) -> Option<Finding> {
    if !method.runs_ssh() {
        return None;
    }
    let (user, source) = login(case.instance, case.options);
    (source == LoginSource::Guess).then(|| Finding::notes("SSH-7", "login-guessed").with("user", user.as_str()))
}

/// LOC-4: what goes to AWS goes through a proxy, and sessions and tunnels do for as long as they last.
fn by_proxy(case: &Case<'_>, method: Method) -> Option<Finding> {
    let proxy = case.instance.examination.as_ref()?.proxy.as_ref()?;
    let is_carried = matches!(method.channel(), Channel::SessionManager | Channel::Endpoint);
    is_carried.then(|| Finding::notes("LOC-4", "proxy-on-the-way").with("proxy", proxy.shown_in(80)))
}

/// BAST-8: something else gets there without the jump host.
fn needless_jump(case: &Case<'_>, method: Method, open: &[Method]) -> Option<Finding> {
    if case.options.jump == Jump::None || method.channel() != Channel::Address {
        return None;
    }
    let better = WITHOUT_ADDRESS.into_iter().find(|own| open.contains(own))?;
    Some(Finding::notes("BAST-8", "jump-not-needed").with("method", better.id()))
}

/// SSH-8: the key is nowhere, and another way may add one.
fn lost_key(case: &Case<'_>, way: &Way, open: &[Method]) -> Option<Finding> {
    let is_missed = way.method == Method::Ssh && way.reasons.iter().any(|reason| reason.code == "ssh-key-not-found");
    let found = found_key(case.instance, case.options, case.local);
    if !is_missed || found.file.is_some() || found.agent.is_some() {
        return None;
    }
    let ways: Vec<&str> = ADDS_KEYS.into_iter().filter(|own| open.contains(own)).map(Method::id).collect();
    (!ways.is_empty()).then(|| Finding::notes("SSH-8", "ssh-key-lost").with("methods", ways.join(", ")))
}
