//! How fast new messages may follow each other.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

/// How far behind its rate a sender may be and still make up for it: timers wake late.
const CATCH_UP: Duration = Duration::from_millis(20);

/// How fast new messages may follow each other. The window bounds them anyway.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// As fast as acknowledgements come.
    #[default]
    Free,
    /// So long after each message: the reference sleeps a millisecond.
    After(Duration),
    /// So many bytes of payload in a second.
    BytesPerSecond(NonZeroU64),
}

impl Pace {
    /// When the next message may go after one of `length` bytes that goes `now` and was `due` before.
    pub(crate) fn next(self, due: Option<Instant>, length: usize, now: Instant) -> Option<Instant> {
        match self {
            Self::Free => None,
            Self::After(gap) => Some(now + gap),
            Self::BytesPerSecond(rate) => {
                let gap = Duration::from_nanos((length as u64).saturating_mul(1_000_000_000) / rate.get());
                let earliest = now.checked_sub(CATCH_UP).unwrap_or(now);
                Some(due.unwrap_or(now).max(earliest) + gap)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_waits_in_proportion_and_makes_up_for_a_late_wake_up() {
        let pace = Pace::BytesPerSecond(NonZeroU64::new(1_024_000).unwrap());
        let start = Instant::now();

        let second = pace.next(None, 1_024, start).unwrap();
        let third = pace.next(Some(second), 1_024, second + Duration::from_millis(5)).unwrap();

        assert_eq!(second, start + Duration::from_millis(1));
        assert_eq!(third, start + Duration::from_millis(2));
    }

    #[test]
    fn a_sleep_starts_anew_each_time() {
        let pace = Pace::After(Duration::from_millis(1));
        let start = Instant::now();

        assert_eq!(pace.next(Some(start), 1, start + Duration::from_secs(1)), Some(start + Duration::from_millis(1_001)));
        assert_eq!(Pace::Free.next(None, 1, start), None);
    }
}
