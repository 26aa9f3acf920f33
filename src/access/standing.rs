//! Whether the caller, the region, the clock and the host are in order: GEN-1, GEN-2, GEN-5, GEN-6, GEN-9, GEN-10.

use super::Reason;
use super::case::{Case, with_denial};
use super::finding::Finding;
use crate::model::{Examination, Fact, Region, StatusChecks};

/// The codes that these rules give.
pub(super) const CODES: &[&str] = &[
    "caller-unseen",
    "checks-impaired",
    "checks-initializing",
    "checks-undecided",
    "checks-unseen",
    "clock-off",
    "event-planned",
    "region-off",
    "region-unseen",
    "spot",
];

/// Seconds of difference from which requests may be refused, and from which they are.
const CLOCK_LOOSE: u64 = 4 * 60;
const CLOCK_WRONG: u64 = 15 * 60;

/// What is said of every way into an instance that was examined.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let Some(examined) = &case.instance.examination else { return Vec::new() };
    let of_account =
        account(examined, &case.instance.place.region).into_iter().filter(|finding| case.tells_all || !finding.holds());
    of_account.chain(checks(case, examined)).chain(spot(case)).chain(events(examined)).collect()
}

/// The same of the account alone, where no instance is looked at: GEN-1, GEN-2, GEN-9.
pub fn of_account(examined: &Examination, region: &Region) -> Vec<Reason> {
    account(examined, region).into_iter().map(Finding::into_reason).collect()
}

fn account(examined: &Examination, of: &Region) -> Vec<Finding> {
    [caller(examined), region(examined, of), clock(examined)].into_iter().flatten().collect()
}

/// GEN-1: AWS knows who asks.
fn caller(examined: &Examination) -> Option<Finding> {
    match &examined.caller {
        Fact::Pending => None,
        Fact::Known(caller) | Fact::Kept(caller, _) => {
            Some(Finding::passes("GEN-1", "signed-in").with("caller", caller.principal().shown_in(80)))
        }
        Fact::Hidden(denial) => Some(with_denial(Finding::unseen("GEN-1", "caller-unseen"), denial)),
    }
}

/// GEN-2: the account has the region.
fn region(examined: &Examination, region: &Region) -> Option<Finding> {
    let named = |finding: Finding| finding.with("region", region.as_str());
    match &examined.opt_in {
        Fact::Pending => None,
        Fact::Hidden(denial) => Some(named(with_denial(Finding::unseen("GEN-2", "region-unseen"), denial))),
        Fact::Known(status) | Fact::Kept(status, _) => match status.as_ref().map(|status| status.raw()) {
            Some("opt-in-not-required" | "opted-in") => Some(named(Finding::passes("GEN-2", "region-on"))),
            Some("not-opted-in") => Some(named(Finding::blocks("GEN-2", "region-off")).with_remedy()),
            _ => Some(named(Finding::unseen("GEN-2", "region-unseen")).with("why", "undecided").with("action", "–")),
        },
    }
}

/// GEN-9: both clocks agree.
fn clock(examined: &Examination) -> Option<Finding> {
    let ahead = examined.clock_ahead?;
    let off = |finding: Finding| {
        let way = if ahead > 0 { "ahead" } else { "behind" };
        finding.with("seconds", ahead.unsigned_abs().to_string()).with("way", way).with_remedy()
    };
    let off_by = ahead.unsigned_abs();
    if off_by <= CLOCK_LOOSE {
        return Some(Finding::passes("GEN-9", "clock-right"));
    }
    let weigh = if off_by <= CLOCK_WRONG { Finding::warns } else { Finding::blocks };
    Some(off(weigh("GEN-9", "clock-off")))
}

/// GEN-5: neither the host nor the instance nor its volumes are impaired.
fn checks(case: &Case<'_>, examined: &Examination) -> Option<Finding> {
    if !case.is_up() {
        return None;
    }
    let checks = match &examined.checks {
        Fact::Pending => return None,
        Fact::Hidden(denial) => return Some(with_denial(Finding::unseen("GEN-5", "checks-unseen"), denial)),
        Fact::Known(checks) | Fact::Kept(checks, _) => checks,
    };
    let said = |finding: Finding| {
        let finding = finding.with("system", checks.system.shown_in(30)).with("instance", checks.instance.shown_in(30));
        let finding = finding.with("id", case.instance.id.as_str()).with("place", case.place_flags());
        finding.with("storage", checks.storage.as_ref().map_or_else(|| "–".to_owned(), |word| word.shown_in(30)))
    };
    if says(checks, "impaired") {
        return Some(said(Finding::warns("GEN-5", "checks-impaired")).with_remedy());
    }
    if says(checks, "initializing") {
        return Some(said(Finding::warns("GEN-5", "checks-initializing")));
    }
    if checks.system.raw() == "ok" && checks.instance.raw() == "ok" {
        return case.passes("GEN-5", "checks-passed");
    }
    Some(said(Finding::unseen("GEN-5", "checks-undecided")))
}

fn says(checks: &StatusChecks, word: &str) -> bool {
    [Some(&checks.system), Some(&checks.instance), checks.storage.as_ref()].into_iter().flatten().any(|own| own.raw() == word)
}

/// GEN-6: what AWS plans to do to it.
fn events(examined: &Examination) -> Vec<Finding> {
    let events = examined.checks.known().map(|checks| checks.events.as_slice()).unwrap_or_default();
    let told = events.iter().map(|event| {
        let time = event.not_before.map_or_else(|| "–".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string());
        Finding::notes("GEN-6", "event-planned").with("event", event.code.shown_in(40)).with("time", time)
    });
    told.collect()
}

/// GEN-10: it may go at two minutes' notice.
fn spot(case: &Case<'_>) -> Option<Finding> {
    if !case.instance.is_spot {
        return None;
    }
    case.told(|| Finding::notes("GEN-10", "spot"))
}
