//! The way out of a session in good order (docs/session-manager-protocol.md 1.4).

use std::time::{Duration, Instant};

/// For what is still on its way through a port, and for keys typed into a shell.
const LONGEST_DRAIN: Duration = Duration::from_secs(5);
const LONGEST_DRAIN_OF_KEYS: Duration = Duration::from_secs(1);
/// For the far side to say that it heard us leave.
const LONGEST_FAREWELL: Duration = Duration::from_secs(1);

/// How far we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaving {
    No,
    /// What was sent before shall arrive.
    Draining {
        until: Instant,
    },
    /// The flag that ends a port session is on its way; its number once it is sent.
    Telling {
        until: Instant,
        flag: Option<u64>,
    },
    /// Done.
    Gone,
}

impl Leaving {
    pub(crate) fn start(carries_port: bool, now: Instant) -> Self {
        Self::Draining { until: now + if carries_port { LONGEST_DRAIN } else { LONGEST_DRAIN_OF_KEYS } }
    }

    /// The next step, if the present one is over.
    pub(crate) fn advance(self, is_drained: bool, may_tell: bool, now: Instant) -> Self {
        match self {
            Self::Draining { until } if is_drained || until <= now => {
                if may_tell {
                    Self::Telling { until: now + LONGEST_FAREWELL, flag: None }
                } else {
                    Self::Gone
                }
            }
            Self::Telling { until, .. } if until <= now => Self::Gone,
            other => other,
        }
    }

    /// Whether the flag is to be sent.
    pub(crate) fn wants_flag(self) -> bool {
        matches!(self, Self::Telling { flag: None, .. })
    }

    pub(crate) fn flag_sent(&mut self, sequence: u64) {
        if let Self::Telling { flag, .. } = self {
            *flag = Some(sequence);
        }
    }

    pub(crate) fn acknowledged(&mut self, sequence: u64) {
        if matches!(self, Self::Telling { flag: Some(flag), .. } if *flag == sequence) {
            *self = Self::Gone;
        }
    }

    pub(crate) fn deadline(self) -> Option<Instant> {
        match self {
            Self::Draining { until } | Self::Telling { until, .. } => Some(until),
            Self::No | Self::Gone => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_session_drains_tells_and_is_gone_once_heard() {
        let now = Instant::now();
        let mut leaving = Leaving::start(true, now);
        assert_eq!(leaving.advance(false, true, now), leaving);

        leaving = leaving.advance(true, true, now);
        assert!(leaving.wants_flag());
        leaving.flag_sent(9);
        assert!(!leaving.wants_flag());
        leaving.acknowledged(8);
        assert_ne!(leaving, Leaving::Gone);
        leaving.acknowledged(9);

        assert_eq!(leaving, Leaving::Gone);
    }

    #[test]
    fn a_dead_far_side_holds_nobody_for_long() {
        let now = Instant::now();
        let mut leaving = Leaving::start(true, now);
        let mut waited = Duration::ZERO;

        while let Some(deadline) = leaving.deadline() {
            waited = deadline - now;
            leaving = leaving.advance(false, true, deadline);
        }

        assert_eq!(waited, Duration::from_secs(6));
        assert_eq!(Leaving::start(false, now).deadline(), Some(now + Duration::from_secs(1)));
    }

    #[test]
    fn without_a_flag_to_send_leaving_ends_with_draining() {
        let now = Instant::now();

        assert_eq!(Leaving::start(false, now).advance(true, false, now), Leaving::Gone);
    }
}
