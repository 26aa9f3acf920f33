//! The clock that timers run on, and the gaps in it.

use std::time::{Duration, Instant, SystemTime};

/// A gap that no busy computer makes: it slept, or we were stopped.
pub(super) const GAP: Duration = Duration::from_secs(5);

/// The moment, on the clock that timers run on.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// One moment on two clocks: that of timers stands still while this computer sleeps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    timer: Instant,
    wall: SystemTime,
}

impl Moment {
    pub(super) fn new(timer: Instant, wall: SystemTime) -> Self {
        Self { timer, wall }
    }

    /// For how long this computer slept between the two. A wall clock that was set forward looks the same.
    pub(super) fn slept_until(self, later: Self) -> Option<Duration> {
        let by_the_wall = later.wall.duration_since(self.wall).unwrap_or_default();
        by_the_wall.checked_sub(self.passed_until(later)).filter(|slept| *slept > GAP)
    }

    /// The same, or for how long we stood still, of two moments that are a second apart as long as nothing holds us up.
    pub(super) fn stood_still_until(self, later: Self) -> Option<Duration> {
        let passed = self.passed_until(later);
        self.slept_until(later).or((passed > GAP).then_some(passed))
    }

    fn passed_until(self, later: Self) -> Duration {
        later.timer.saturating_duration_since(self.timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_shows_on_the_wall_alone_and_a_stop_on_both_clocks() {
        let seconds = Duration::from_secs;
        let first = Moment::new(Instant::now(), SystemTime::now());
        let later = |timer, wall| Moment::new(first.timer + seconds(timer), first.wall + seconds(wall));

        assert_eq!((first.slept_until(later(1, 1)), first.stood_still_until(later(1, 2))), (None, None));
        assert_eq!(first.slept_until(later(1, 3_601)), Some(seconds(3_600)));
        assert_eq!(first.stood_still_until(later(1, 3_601)), Some(seconds(3_600)));
        assert_eq!((first.slept_until(later(90, 90)), first.stood_still_until(later(90, 90))), (None, Some(seconds(90))));
        let set_back = Moment::new(first.timer + seconds(1), first.wall - seconds(3_600));
        assert_eq!(first.stood_still_until(set_back), None);
    }
}
