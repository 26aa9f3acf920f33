//! All rules over one instance: a verdict on every way in, and the best of them.

use jiff::Timestamp;

use super::case::Case;
use super::entry::{Channel, Client, KeySource};
use super::finding::{Judgement, judge};
use super::{
    ConnectOptions, Local, Mark, Method, Way, Ways, address, bastion, egress, general, mark, network, permission, preferences,
    probed, standing,
};
use crate::model::{Instance, InstanceState};

/// What is said of every way into one instance: what is in the way, and no more.
pub fn ways(instance: &Instance, options: &ConnectOptions, local: &Local, now: Timestamp) -> Ways {
    judged(&Case { instance, options, local, now, tells_all: false })
}

/// The same with every rule that holds, and everything that cannot be seen.
pub fn examined(instance: &Instance, options: &ConnectOptions, local: &Local, now: Timestamp) -> Ways {
    judged(&Case { instance, options, local, now, tells_all: true })
}

fn judged(case: &Case<'_>) -> Ways {
    let (instance, options) = (case.instance, case.options);
    let list: Vec<Way> = Method::known().iter().map(|method| way(*method, case)).collect();
    let marks: Vec<(Method, Mark)> = list.iter().map(|way| (way.method, mark(way))).collect();
    let best = best(&marks, options);
    let is_pending = instance.state == InstanceState::Pending
        || (instance.image_name.is_pending() && hangs_on_image(&marks, options))
        || (is_network_pending(instance) && hangs_on_network(&marks, options));
    Ways { list, best, is_pending }
}

fn way(method: Method, case: &Case<'_>) -> Way {
    let mut findings = method.entry().findings.map(|findings| findings(case)).unwrap_or_default();
    findings.extend(standing::findings(case));
    findings.extend(permission::findings(case, method));
    findings.extend(probed::findings(case, method));
    if method.channel() == Channel::Address {
        findings.extend(bastion::findings(case));
        findings.extend(network::findings(case));
    }
    // Without a test nothing is proven (docs/access-rules.md 0.2), whatever the age of the facts.
    let Judgement { verdict, reasons, passes } = judge(findings, probed::proof(case, method));
    debug_assert!(reasons.iter().all(|reason| codes().any(|code| code == reason.code)), "not declared: {reasons:?}");
    Way::new(method, verdict, reasons).with_passes(passes)
}

/// Every code a reason can have, for the manual and for translators: those of each way's own rules, and of the rules that they share.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let own = Method::ALL.iter().flat_map(|method| method.entry().codes);
    let shared = [
        general::CODES,
        address::CODES,
        bastion::CODES,
        egress::CODES,
        network::CODES,
        permission::CODES,
        preferences::CODES,
        probed::CODES,
        standing::CODES,
    ];
    own.chain(shared.into_iter().flatten()).copied()
}

/// The first `✓` in the preferred order, else the first `!`, else the first `?`, of those that can be opened.
fn best(marks: &[(Method, Mark)], options: &ConnectOptions) -> Option<Method> {
    [Mark::Works, Mark::Problem, Mark::Unknown]
        .into_iter()
        .find_map(|wanted| options.preferred().find(|method| marks.contains(&(*method, wanted)) && method.may_be_best()))
}

/// Whether the name of the image, still on its way, may change the best way: it says which of them take a pushed key.
fn hangs_on_image(marks: &[(Method, Mark)], options: &ConnectOptions) -> bool {
    let warned: Vec<(Method, Mark)> = marks.iter().map(|&(method, mark)| (method, without_package(method, mark))).collect();
    best(marks, options) != best(&warned, options)
}

/// Whether it is still on its way what the VPC has, or what its groups let through.
fn is_network_pending(instance: &Instance) -> bool {
    match instance.network.known() {
        Some(network) => match network.endpoints.known() {
            Some(endpoints) => !endpoints.is_empty() && network.groups.is_pending(),
            None => network.endpoints.is_pending(),
        },
        None => instance.network.is_pending() && instance.vpc.is_some(),
    }
}

/// Whether that may change the best way: it says whether an endpoint leads there.
fn hangs_on_network(marks: &[(Method, Mark)], options: &ConnectOptions) -> bool {
    let with = |wanted| -> Vec<(Method, Mark)> {
        let turned = |&(method, mark): &(Method, Mark)| match (method.channel(), mark) {
            (Channel::Endpoint, Mark::Unknown) => (method, wanted),
            _ => (method, mark),
        };
        marks.iter().map(turned).collect()
    };
    best(&with(Mark::Works), options) != best(&with(Mark::Blocked), options)
}

/// The mark where the image turns out to come without the package that takes a pushed key.
fn without_package(method: Method, mark: Mark) -> Mark {
    match (method.client(), mark) {
        (Client::Ssh(KeySource::Pushed), Mark::Works) => Mark::Problem,
        // There may be no key for it then.
        (Client::Ssh(KeySource::PushedOrFile), Mark::Works | Mark::Problem) => Mark::Unknown,
        (_, mark) => mark,
    }
}

#[cfg(test)]
mod tests;
