//! How long to leave a place alone after AWS refused or did not answer.

use std::time::Duration;

use super::Error;

/// Never sooner, however small the jitter: one try is up to three calls of an API, and two a second are the most.
const LEAST: Duration = Duration::from_millis(1_500);
/// What the ceiling doubles from.
const BASE: Duration = Duration::from_millis(500);
/// Never later.
const MOST: Duration = Duration::from_secs(20);

/// The back-off of one place (a profile in a region): full jitter under a ceiling that doubles from 0.5 s up to 20 s, and never
/// less than 1.5 s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait after one more failure. `jitter`: a random number of 0 to 1.
    ///
    /// What only the user can mend (credentials, permissions, the clock) waits longest at once: more tries change nothing.
    pub fn after(&mut self, error: &Error, jitter: f64) -> Duration {
        self.failures = self.failures.saturating_add(1);
        if !passes_by_itself(error) {
            return MOST;
        }
        let ceiling = BASE.saturating_mul(2_u32.saturating_pow(self.failures)).clamp(LEAST, MOST);
        LEAST + (ceiling - LEAST).mul_f64(jitter.clamp(0.0, 1.0))
    }

    /// Forget the failures: AWS answered.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }
}

/// Whether waiting may help.
pub(super) fn passes_by_itself(error: &Error) -> bool {
    matches!(
        error,
        Error::Throttled { .. }
            | Error::Timeout { .. }
            | Error::Unreachable { .. }
            | Error::Proxy { .. }
            | Error::Garbled { .. }
            | Error::Service { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const THROTTLED: Error = Error::Throttled { action: "ec2:DescribeInstances" };

    #[test]
    fn the_ceiling_doubles_up_to_twenty_seconds_and_falls_back_after_an_answer() {
        let mut backoff = Backoff::default();

        let waits: Vec<u128> = (0..8).map(|_| backoff.after(&THROTTLED, 1.0).as_millis()).collect();

        assert_eq!(waits, [1_500, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000, 20_000]);
        backoff.succeeded();
        assert_eq!(backoff.after(&THROTTLED, 1.0), Duration::from_millis(1_500));
    }

    #[test]
    fn a_minute_of_refusals_stays_below_two_calls_a_second_even_without_any_luck() {
        // Three attempts a try, the SDK's own pauses between them taken as nothing.
        for jitter in [0.0, 0.1, 0.5, 1.0] {
            let mut backoff = Backoff::default();
            let (mut calls, mut time) = (0_u32, Duration::ZERO);
            while time < Duration::from_secs(60) {
                calls += 3;
                time += backoff.after(&THROTTLED, jitter);
            }

            assert!(f64::from(calls) / 60.0 <= 2.0, "{calls} calls with jitter {jitter}");
        }
    }

    #[test]
    fn what_only_the_user_can_mend_is_not_hurried() {
        assert_eq!(Backoff::default().after(&Error::NoCredentials, 0.0), MOST);
    }

    #[test]
    fn years_of_failures_do_not_overflow() {
        let mut backoff = Backoff { failures: u32::MAX };

        assert_eq!(backoff.after(&THROTTLED, 2.0), MOST);
    }
}
