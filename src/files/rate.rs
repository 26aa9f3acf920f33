//! How fast a copy goes, and how long it will take at that.

use std::collections::VecDeque;
use std::time::Duration;

/// How long ago what counts began: a rate of the last seconds, not of all.
const SPAN: Duration = Duration::from_secs(5);

/// What was seen lately.
#[derive(Debug, Default)]
pub struct Rate {
    seen: VecDeque<(Duration, u64)>,
}

/// How fast it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Bytes a second.
    pub rate: u64,
    /// How long the rest takes; none if nothing moves.
    pub left: Option<Duration>,
}

impl Rate {
    /// So many bytes of `total` are there, `since` it began.
    pub fn see(&mut self, since: Duration, bytes: u64, total: u64) -> Pace {
        self.seen.push_back((since, bytes));
        while self.seen.len() > 2 && self.seen.get(1).is_some_and(|(at, _)| since.saturating_sub(*at) >= SPAN) {
            self.seen.pop_front();
        }
        let (from, before) = self.seen.front().copied().unwrap_or((since, bytes));
        let span = since.saturating_sub(from).as_millis();
        let moved = u128::from(bytes.saturating_sub(before));
        let rate = (moved * 1_000).checked_div(span).map_or(0, |rate| u64::try_from(rate).unwrap_or(u64::MAX));
        let left = total.saturating_sub(bytes).checked_div(rate).map(Duration::from_secs);
        Pace { rate, left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seconds_count() {
        let mut rate = Rate::default();
        let at = Duration::from_secs;
        assert_eq!(rate.see(at(0), 0, 100_000), Pace { rate: 0, left: None });
        assert_eq!(rate.see(at(1), 10_000, 100_000), Pace { rate: 10_000, left: Some(at(9)) });
        // It slows down: after the span only the slow seconds count.
        for second in 2..=8 {
            rate.see(at(second), 10_000 + (second - 1) * 1_000, 100_000);
        }
        assert_eq!(rate.see(at(9), 18_000, 100_000).rate, 1_000);
    }

    #[test]
    fn what_stands_still_has_no_end() {
        let mut rate = Rate::default();
        for second in 0..20 {
            rate.see(Duration::from_secs(second), 5, 10);
        }
        assert_eq!(rate.see(Duration::from_secs(20), 5, 10), Pace { rate: 0, left: None });
    }
}
