//! How the account wants its sessions, and what stands in the way of that: SSM-21, SSM-23 to SSM-27.

use super::case::{Case, with_denial};
use super::egress;
use super::finding::Finding;
use crate::model::{Examination, Fact, Os, SessionPreferences};
use crate::text::{joined, shell_word};

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "ssm-idle",
    "ssm-key-state",
    "ssm-key-unseen",
    "ssm-logged",
    "ssm-logging-cut-off",
    "ssm-preferences-unseen",
    "ssm-run-as",
    "ssm-run-as-nobody",
    "ssm-run-as-unset",
];

/// What is said of them where the instance was examined.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let Some(examined) = &case.instance.examination else { return Vec::new() };
    let own = match &examined.preferences {
        Fact::Pending => return Vec::new(),
        Fact::Hidden(denial) => return vec![with_denial(Finding::unseen("SSM-23", "ssm-preferences-unseen"), denial)],
        Fact::Known(own) | Fact::Kept(own, _) => own,
    };
    if *own == SessionPreferences::default() {
        return case.passes("SSM-27", "ssm-preferences-usual").into_iter().collect();
    }
    [run_as(case, examined, own), key(case, examined, own), cut_off(case, own), logged(case, own), idle(case, own)]
        .into_iter()
        .flatten()
        .collect()
}

/// SSM-23: whom the shell runs as: a tag of the caller's wins over the account's own word. Windows has nothing of it.
fn run_as(case: &Case<'_>, examined: &Examination, own: &SessionPreferences) -> Option<Finding> {
    if !own.runs_as || case.instance.os == Os::Windows {
        return None;
    }
    let tagged = examined.own_run_as.known();
    match (tagged.and_then(Option::as_ref).or(own.run_as_user.as_ref()), tagged) {
        (Some(user), _) => case.told(|| Finding::notes("SSM-23", "ssm-run-as").with("user", user.shown_in(40))),
        (None, Some(_)) => Some(Finding::blocks("SSM-23", "ssm-run-as-nobody").with_remedy()),
        (None, None) => Some(Finding::unseen("SSM-23", "ssm-run-as-unset").with_remedy()),
    }
}

/// SSM-24: the key that sessions are sealed with can be used.
fn key(case: &Case<'_>, examined: &Examination, own: &SessionPreferences) -> Option<Finding> {
    let key = own.key.as_ref()?.shown_in(80);
    let finding = match &examined.session_key {
        Fact::Pending => return None,
        Fact::Hidden(denial) => with_denial(Finding::unseen("SSM-24", "ssm-key-unseen"), denial),
        Fact::Known(state) | Fact::Kept(state, _) if state.raw() == "Enabled" => case.passes("SSM-24", "ssm-key-enabled")?,
        Fact::Known(state) | Fact::Kept(state, _) => {
            Finding::blocks("SSM-24", "ssm-key-state").with("state", state.shown_in(40)).with_remedy()
        }
    };
    Some(finding.with("key", key))
}

/// SSM-21: the instance gets to where its output is kept, and to the service of the key.
fn cut_off(case: &Case<'_>, own: &SessionPreferences) -> Option<Finding> {
    let wanted = [("s3", &own.bucket), ("logs", &own.log_group), ("kms", &own.key)];
    let services: Vec<&str> = wanted
        .into_iter()
        .filter(|(service, place)| place.is_some() && egress::is_cut_off(case, service))
        .map(|(service, _)| service)
        .collect();
    let (vpc, subnet) = (case.instance.vpc.as_ref()?, case.instance.subnet.as_ref()?);
    let said = |finding: Finding| {
        finding
            .with("services", services.join(", "))
            .with("service", services.first().copied().unwrap_or_default())
            .with("region", case.instance.place.region.as_str())
            .with("vpc-word", shell_word(&vpc.shown_in(60)))
            .with("subnet-word", shell_word(&subnet.shown_in(60)))
            .with("place", case.place_flags())
    };
    (!services.is_empty()).then(|| said(Finding::warns("SSM-21", "ssm-logging-cut-off")).with_remedy())
}

/// SSM-25: where the output is kept.
fn logged(case: &Case<'_>, own: &SessionPreferences) -> Option<Finding> {
    let places: Vec<String> = [&own.bucket, &own.log_group].into_iter().flatten().map(|place| place.shown_in(80)).collect();
    if places.is_empty() {
        return None;
    }
    case.told(|| Finding::notes("SSM-25", "ssm-logged").with("places", joined(", ", places.iter().map(String::as_str))))
}

/// SSM-26: how long a session lasts.
fn idle(case: &Case<'_>, own: &SessionPreferences) -> Option<Finding> {
    let minutes = own.idle_minutes?;
    case.told(|| Finding::notes("SSM-26", "ssm-idle").with("minutes", minutes.to_string()))
}
