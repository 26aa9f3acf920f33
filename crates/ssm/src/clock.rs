//! Dates of the wall clock for moments of the monotonic one.

use std::time::Instant;

/// One moment as both clocks show it. Every message carries a date, and a room without a clock must be told one.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// A moment of the monotonic clock.
    pub instant: Instant,
    /// The same moment in milliseconds since 1970.
    pub unix_millis: u64,
}

impl Clock {
    /// The date of `now` in milliseconds since 1970; never 0, which a peer takes for "no date".
    pub fn unix_millis_at(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.instant).as_millis();
        self.unix_millis.saturating_add(u64::try_from(since).unwrap_or(u64::MAX)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_date_moves_with_the_monotonic_clock() {
        let clock = Clock { instant: Instant::now(), unix_millis: 1_700_000_000_000 };

        let date = clock.unix_millis_at(clock.instant + Duration::from_millis(123));

        assert_eq!(date, 1_700_000_000_123);
    }

    #[test]
    fn a_date_is_never_zero() {
        let clock = Clock { instant: Instant::now(), unix_millis: 0 };

        assert_eq!(clock.unix_millis_at(clock.instant), 1);
    }
}
