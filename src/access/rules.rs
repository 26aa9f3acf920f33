//! All rules over one instance: a verdict on every way in, and the best of them.

use jiff::Timestamp;

use super::case::Case;
use super::finding::{Finding, judge};
use super::{ConnectOptions, Local, Mark, Method, Way, Ways, eic, mark, ssh, ssm, ssm_ssh};
use crate::model::{Instance, InstanceState};

/// What is said of every way into one instance.
pub fn ways(instance: &Instance, options: &ConnectOptions, local: &Local, now: Timestamp) -> Ways {
    let case = Case { instance, options, local, now };
    let list: Vec<Way> = Method::KNOWN.into_iter().map(|method| way(method, &case)).collect();
    let marks: Vec<(Method, Mark)> = list.iter().map(|way| (way.method, mark(way))).collect();
    let best = best(&marks, options);
    let is_pending =
        instance.state == InstanceState::Pending || (instance.image_name.is_pending() && hangs_on_image(&marks, options));
    Ways { list, best, is_pending }
}

fn way(method: Method, case: &Case<'_>) -> Way {
    let mut findings = match method {
        Method::Ssm => ssm::findings(case),
        Method::Eic => eic::findings(case),
        Method::Ssh => ssh::findings(case),
        Method::SsmSsh => ssm_ssh::findings(case),
        // Not in `Method::KNOWN`: this version gives no verdict on it.
        Method::Eice => Vec::new(),
    };
    // What goes to an address would pass the jump host by.
    if case.options.jump.is_some() && !method.is_by_session_manager() {
        findings.push(Finding::blocks("BAST-1", "jump-later"));
    }
    // Without a probe nothing is proven (access-rules 0.2), whatever the age of the facts.
    let (verdict, reasons) = judge(findings, None);
    Way { method, verdict, reasons }
}

/// The first `✓` in the preferred order, else the first `!`, else the first `?` (ux 4), of those that can be opened.
fn best(marks: &[(Method, Mark)], options: &ConnectOptions) -> Option<Method> {
    [Mark::Works, Mark::Problem, Mark::Unknown]
        .into_iter()
        .find_map(|wanted| options.preferred().find(|method| marks.contains(&(*method, wanted)) && method.can_be_opened()))
}

/// Whether the name of the image, still on its way, may change the best way: it says which of them take a pushed key.
fn hangs_on_image(marks: &[(Method, Mark)], options: &ConnectOptions) -> bool {
    let warned: Vec<(Method, Mark)> = marks
        .iter()
        .map(|&(method, mark)| match (method, mark) {
            (Method::Eic, Mark::Works) => (method, Mark::Problem),
            // Without the package there may be no key for it.
            (Method::SsmSsh, Mark::Works | Mark::Problem) => (method, Mark::Unknown),
            other => other,
        })
        .collect();
    best(marks, options) != best(&warned, options)
}

#[cfg(test)]
mod tests;
