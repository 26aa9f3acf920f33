//! Why a session did not begin or is over, with what the facts at hand say about its instance.

use jiff::Timestamp;

use crate::access::{ConnectOptions, Local, ways};
use crate::aws;
use crate::model::Instance;
use crate::session::{Reason, SessionEnd};
use crate::text::Catalogue;

/// Why, one idea a line, the likeliest first.
pub fn why_over(ending: &SessionEnd, instance: &Instance, now: Timestamp, text: &Catalogue) -> Vec<String> {
    let mut why = match &ending.reason {
        Reason::NotStarted(aws::Error::NotConnected { .. }) => causes(instance, now, text),
        _ => Vec::new(),
    };
    why.extend(ending.why_at(&instance.id, text));
    why
}

/// What the facts at hand say of an agent that does not answer.
fn causes(instance: &Instance, now: Timestamp, text: &Catalogue) -> Vec<String> {
    let ways = ways(instance, &ConnectOptions::default(), &Local::default(), now);
    // What is said of the first is said of the agent alone.
    let by_agent = ways.list.iter().find(|way| way.method.is_by_session_manager());
    let reasons = by_agent.map(|way| way.reasons.as_slice()).unwrap_or_default();
    reasons.iter().map(|reason| reason.text(text)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{Fact, Ssm, SsmStatus, row};

    #[test]
    fn a_target_that_is_not_connected_is_told_with_what_is_known_of_its_agent() {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let ping = "2026-11-19T10:00:00Z".parse().ok();
        instance.ssm = Fact::Known(Ssm { status: SsmStatus::Lost, last_ping: ping, ..Ssm::unmanaged() });
        let reason = Reason::NotStarted(aws::Error::NotConnected { message: "i-1 is not connected.".into() });
        let refused =
            SessionEnd { reason, session: None, lasted: Duration::ZERO, quiet: None, gap: None, idle_limit: None, longest: None };

        let why = why_over(&refused, &instance, now, &Catalogue::english());

        assert!(why.first().is_some_and(|cause| cause.contains("2 days")), "{why:?}");
        assert_eq!(why.last().map(String::as_str), Some("i-1 is not connected."));
    }
}
