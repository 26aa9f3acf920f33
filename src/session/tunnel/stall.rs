//! Whether the far side still takes what a session sends.
//!
//! An agent reads its session in one place: when a connection's far end takes nothing more, the agent reads nothing more of any of them
//! (docs/session-manager-protocol.md 12a). Another session goes on.

use std::time::Duration;

use tokio::time::Instant;

use ec2dash_ssm::Counters;

/// How long nothing may be taken before another session is opened for what comes next.
const LONGEST: Duration = Duration::from_secs(10);

/// What is taken of one session.
#[derive(Debug)]
pub(super) struct Intake {
    acknowledged: u64,
    /// When something was taken last, or nothing was there to take.
    moved: Instant,
}

impl Intake {
    pub(super) fn new(now: Instant) -> Self {
        Self { acknowledged: 0, moved: now }
    }

    /// Look at the session. Whether it stands still; without a connection nothing can be taken, and that says nothing.
    pub(super) fn stands_still(&mut self, counters: &Counters, is_up: bool, now: Instant) -> bool {
        if !is_up || counters.in_flight == 0 || counters.acknowledged != self.acknowledged {
            self.acknowledged = counters.acknowledged;
            self.moved = now;
        }
        now.saturating_duration_since(self.moved) >= LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(acknowledged: u64, in_flight: usize) -> Counters {
        Counters { acknowledged, in_flight, ..Counters::default() }
    }

    #[test]
    fn only_a_session_that_is_owed_an_answer_and_gets_none_for_ten_seconds_stands_still() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut intake = Intake::new(start);

        assert!(!intake.stands_still(&counters(5, 100), true, at(1)));
        assert!(!intake.stands_still(&counters(5, 100), true, at(10)), "nine seconds");
        assert!(intake.stands_still(&counters(5, 100), true, at(11)));
        assert!(!intake.stands_still(&counters(6, 100), true, at(12)), "it goes on");
        assert!(!intake.stands_still(&counters(6, 0), true, at(40)), "nothing is owed");
        assert!(!intake.stands_still(&counters(6, 100), false, at(60)), "the connection to AWS is what is missing");
        assert!(!intake.stands_still(&counters(6, 100), true, at(69)));
        assert!(intake.stands_still(&counters(6, 100), true, at(70)));
    }
}
