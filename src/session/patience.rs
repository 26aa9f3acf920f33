//! How long and how often to try for another connection.

use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(10);
/// A connection that stood so long, or carried something of use, was a good one.
const PROVEN: Duration = Duration::from_secs(60);
/// How long somebody is waited for who has to do something first: no account keeps an idle session for longer than an hour.
const LONGEST_FOR_SOMEBODY: Duration = Duration::from_secs(60 * 60);
/// One that broke sooner is not replaced without a pause: something may break each of them.
const SHORT: Duration = Duration::from_secs(2);

/// A budget of time for one loss, however many connections break within it.
#[derive(Debug)]
pub(super) struct Patience {
    budget: Duration,
    lost_at: Option<Instant>,
    /// From when on the budget counts.
    counts_from: Option<Instant>,
    tries: u32,
}

impl Patience {
    pub(super) fn new(budget: Duration) -> Self {
        Self { budget, lost_at: None, counts_from: None, tries: 0 }
    }

    /// A connection broke that stood for `stood`. `carried`: whether anything arrived over it.
    pub(super) fn lost(&mut self, now: Instant, stood: Duration, carried: bool) {
        if carried || stood >= PROVEN {
            (self.lost_at, self.counts_from, self.tries) = (None, None, u32::from(stood < SHORT));
        }
        self.lost_at.get_or_insert(now);
    }

    /// Since when there is no connection worth the name.
    pub(super) fn lost_at(&self) -> Option<Instant> {
        self.lost_at
    }

    /// Somebody has to do something first, and may take time for that: the budget counts from then on.
    pub(super) fn put_off(&mut self, now: Instant) {
        if self.lost_at.is_none_or(|lost| now.saturating_duration_since(lost) < LONGEST_FOR_SOMEBODY) {
            self.counts_from = Some(now);
        }
    }

    /// How long to wait before the next try, the first without waiting; `None` when the time is up. `random` is from 0 to 1.
    pub(super) fn next(&mut self, now: Instant, random: f64) -> Option<Duration> {
        let lost = *self.lost_at.get_or_insert(now);
        let since = self.counts_from.unwrap_or(lost);
        let left = (since + self.budget).checked_duration_since(now)?;
        let pause = match self.tries {
            0 => Duration::ZERO,
            tries => FIRST.saturating_mul(1 << (tries - 1).min(10)).min(LONGEST).mul_f64(0.75 + random / 2.0),
        };
        self.tries = self.tries.saturating_add(1);
        Some(pause.min(left))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_ten_seconds_and_go_on_until_the_time_is_up() {
        let start = Instant::now();
        let mut now = start;
        let mut patience = Patience::new(Duration::from_secs(600));
        patience.lost(now, Duration::ZERO, false);
        let mut pauses = Vec::new();
        while let Some(pause) = patience.next(now, 0.5) {
            pauses.push(pause.as_millis());
            // A try takes a moment.
            now += pause + Duration::from_millis(100);
        }

        assert_eq!(pauses.get(..8), Some([0, 200, 400, 800, 1_600, 3_200, 6_400, 10_000].as_slice()));
        assert!(now >= start + Duration::from_secs(600) && pauses.len() > 60, "{}", pauses.len());
    }

    #[test]
    fn what_waits_for_somebody_uses_up_no_time_within_an_hour() {
        let start = Instant::now();
        let mut patience = Patience::new(Duration::from_secs(10));
        patience.lost(start, Duration::ZERO, true);
        let mut now = start;
        for _ in 0..390 {
            now += Duration::from_secs(9);
            patience.put_off(now);
            assert!(patience.next(now, 0.5).is_some());
        }

        assert!(patience.next(now + Duration::from_secs(9), 0.5).is_some());
        assert_eq!(patience.next(now + Duration::from_secs(11), 0.5), None);
        assert_eq!(patience.lost_at(), Some(start));
        let later = start + LONGEST_FOR_SOMEBODY;
        patience.put_off(later);
        assert_eq!(patience.next(later, 0.5), None, "nothing is left to come back to");
    }

    #[test]
    fn a_connection_that_carried_something_begins_a_new_budget_and_one_that_did_not_does_not() {
        let start = Instant::now();
        let mut patience = Patience::new(Duration::from_secs(10));
        patience.lost(start, Duration::ZERO, true);
        assert!(patience.next(start, 0.5).is_some());

        let later = start + Duration::from_secs(11);
        patience.lost(later, Duration::from_secs(1), false);
        assert_eq!(patience.next(later, 0.5), None);
        patience.lost(later, Duration::from_secs(2), true);
        assert_eq!(patience.next(later, 0.5), Some(Duration::ZERO));
        patience.lost(later, Duration::from_millis(50), true);
        assert_eq!(patience.next(later, 0.5), Some(Duration::from_millis(200)), "each may break after its first word");
        patience.lost(later, Duration::from_secs(60), false);
        assert_eq!(patience.next(later, 0.5), Some(Duration::ZERO));
    }
}
