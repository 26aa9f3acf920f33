//! How long a round trip takes (docs/session-manager-protocol.md 4.3).

use std::time::Duration;

/// How much longer than a round trip to wait at least, for clocks that tick coarsely.
const GRANULARITY: Duration = Duration::from_millis(10);

/// Between which bounds the estimate moves.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Before anything is known.
    pub initial: Duration,
    pub shortest: Duration,
    pub longest: Duration,
}

impl Bounds {
    /// The reference's numbers, which our agent keeps to.
    pub(crate) const REFERENCE: Self =
        Self { initial: Duration::from_millis(200), shortest: Duration::ZERO, longest: Duration::from_secs(1) };
    /// Ours as the client. The reference waits 200 ms before it knows anything and never more than a second, so it
    /// repeats itself on every healthy link that is slower than that; and an estimate of a few milliseconds makes a
    /// peer that pauses for breath look lost.
    pub(crate) const PATIENT: Self =
        Self { initial: Duration::from_secs(1), shortest: Duration::from_millis(200), longest: Duration::from_secs(60) };
}

/// The estimate, fed with the time from each sending to its acknowledgement.
#[derive(Debug)]
pub(crate) struct Rtt {
    bounds: Bounds,
    smoothed: Duration,
    variation: Duration,
    samples: u64,
}

impl Rtt {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, smoothed: Duration::from_millis(100), variation: Duration::ZERO, samples: 0 }
    }

    /// A message sent once was acknowledged after `took`. One that was resent tells nothing: which was answered?
    pub(crate) fn sample(&mut self, took: Duration) {
        self.variation = self.variation * 3 / 4 + self.smoothed.abs_diff(took) / 4;
        self.smoothed = self.smoothed * 7 / 8 + took / 8;
        self.samples += 1;
    }

    /// How long to wait for an acknowledgement before a message counts as overdue.
    pub(crate) fn timeout(&self) -> Duration {
        if self.samples == 0 {
            return self.bounds.initial;
        }
        let estimate = self.smoothed + GRANULARITY.max(self.variation * 4);
        estimate.clamp(self.bounds.shortest, self.bounds.longest)
    }

    /// The smoothed round trip, if any was measured.
    pub(crate) fn smoothed(&self) -> Option<Duration> {
        (self.samples > 0).then_some(self.smoothed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_waits_200_ms_at_first_and_at_most_a_second() {
        let mut rtt = Rtt::new(Bounds::REFERENCE);
        assert_eq!(rtt.timeout(), Duration::from_millis(200));

        rtt.sample(Duration::from_secs(20));

        assert_eq!(rtt.timeout(), Duration::from_secs(1));
    }

    #[test]
    fn the_estimate_follows_the_documents_formula() {
        let mut rtt = Rtt::new(Bounds::REFERENCE);

        rtt.sample(Duration::from_millis(140));

        // variation 40/4 = 10, smoothed 100·7/8 + 140/8 = 105
        assert_eq!(rtt.smoothed(), Some(Duration::from_millis(105)));
        assert_eq!(rtt.timeout(), Duration::from_millis(145));
    }

    #[test]
    fn a_fast_link_never_makes_us_wait_less_than_200_ms() {
        let mut rtt = Rtt::new(Bounds::PATIENT);

        for _ in 0..100 {
            rtt.sample(Duration::from_micros(50));
        }

        assert_eq!(rtt.timeout(), Duration::from_millis(200));
    }

    #[test]
    fn a_link_whose_queue_fills_is_not_taken_for_a_lossy_one() {
        let mut rtt = Rtt::new(Bounds::PATIENT);

        for queued in 1..3_000 {
            let took = Duration::from_millis(50 + 8 * queued);
            rtt.sample(took);
            assert!(rtt.timeout() > took + Duration::from_millis(8), "{took:?}");
        }
    }
}
