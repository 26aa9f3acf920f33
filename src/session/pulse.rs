//! Whether the other end of a connection still lives.

use std::time::{Duration, Instant, SystemTime};

use super::clock::Moment;

/// Middleboxes forget what is quiet for a minute, and a dead link shall be noticed within 25 s (docs/session-manager-protocol.md 2.2).
const PERIOD: Duration = Duration::from_secs(10);
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// Silence that is worth a word.
const WORTH_A_WORD: Duration = Duration::from_secs(5);
/// How often the clocks are compared.
const TICK: Duration = Duration::from_secs(1);

/// Signs of life of one connection.
#[derive(Debug)]
pub(super) struct Pulse {
    ping_at: Instant,
    /// Since when an answer to a ping is due.
    waiting: Option<Instant>,
    /// Since when the instance owes an answer to what was sent.
    owed: Option<Instant>,
    in_flight: usize,
    received: u64,
    ticked: Instant,
    wall: SystemTime,
}

impl Pulse {
    /// A connection that stands since now.
    pub(super) fn new(now: Instant, wall: SystemTime) -> Self {
        Self { ping_at: now, waiting: None, owed: None, in_flight: 0, received: 0, ticked: now, wall }
    }

    /// Something came: a message, or an answer to a ping.
    pub(super) fn received(&mut self) {
        self.waiting = None;
    }

    /// We do not read for want of room, so silence says nothing.
    pub(super) fn hold(&mut self, now: Instant) {
        self.waiting = self.waiting.map(|_| now);
        self.owed = None;
    }

    /// Look at the clocks. `in_flight` is what we sent and nobody acknowledged; `received` counts what came, repetitions left out: an
    /// instance that only repeats itself does not hear us.
    pub(super) fn tick(&mut self, now: Instant, wall: SystemTime, in_flight: usize, received: u64) {
        if Moment::new(self.ticked, self.wall).stood_still_until(Moment::new(now, wall)).is_some() {
            tracing::debug!("the clock jumped; asking whether the connection still stands");
            self.waiting = None;
            self.owed = None;
            self.ping_at = now;
        }
        (self.ticked, self.wall) = (now, wall);
        let is_answered = in_flight < self.in_flight || received != self.received;
        (self.in_flight, self.received) = (in_flight, received);
        self.owed = match in_flight {
            0 => None,
            _ if is_answered => Some(now),
            _ => self.owed.or(Some(now)),
        };
    }

    /// Whether to send a ping now. It counts as sent, also if the connection takes nothing.
    pub(super) fn wants_ping(&mut self, now: Instant) -> bool {
        if now < self.ping_at {
            return false;
        }
        self.ping_at = now + PERIOD;
        self.waiting = self.waiting.or(Some(now));
        true
    }

    /// Whether nobody is there any more.
    pub(super) fn is_dead(&self, now: Instant) -> bool {
        self.waiting.is_some_and(|since| now.saturating_duration_since(since) >= LONGEST_WAIT)
    }

    /// Since when there is no answer, if that is worth a word.
    pub(super) fn silent_since(&self, now: Instant) -> Option<Instant> {
        let since = self.waiting.into_iter().chain(self.owed).min()?;
        (now.saturating_duration_since(since) >= WORTH_A_WORD).then_some(since)
    }

    /// When to look again.
    pub(super) fn next(&self) -> Instant {
        (self.ticked + TICK).min(self.ping_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    /// Lets the time pass second by second; returns when the link was given up, if it was.
    fn dead_after(pulse: &mut Pulse, start: Instant, wall: SystemTime, limit: u64, answers: impl Fn(u64) -> bool) -> Option<u64> {
        (1..=limit).find(|&second| {
            let now = start + seconds(second);
            pulse.tick(now, wall + seconds(second), 0, 0);
            if pulse.wants_ping(now) && answers(second) {
                pulse.received();
            }
            pulse.is_dead(now)
        })
    }

    #[test]
    fn a_dead_link_is_noticed_within_twenty_five_seconds_and_a_quiet_one_lives() {
        let (start, wall) = (Instant::now(), SystemTime::now());

        let mut quiet = Pulse::new(start, wall);
        assert_eq!(dead_after(&mut quiet, start, wall, 600, |_| true), None);

        let mut dying = Pulse::new(start, wall);
        let noticed = dead_after(&mut dying, start, wall, 600, |second| second < 100).unwrap();
        let died = 91;
        assert!(noticed - died <= 25, "{noticed}");
    }

    #[test]
    fn a_link_that_is_not_read_is_not_dead() {
        let (start, wall) = (Instant::now(), SystemTime::now());
        let mut pulse = Pulse::new(start, wall);
        pulse.wants_ping(start);

        for second in 1..60 {
            pulse.tick(start + seconds(second), wall + seconds(second), 100, 0);
            pulse.hold(start + seconds(second));
            assert!(!pulse.is_dead(start + seconds(second)));
            assert_eq!(pulse.silent_since(start + seconds(second)), None);
        }
    }

    #[test]
    fn after_a_sleep_the_other_end_is_asked_at_once_and_given_time_to_answer() {
        let (start, wall) = (Instant::now(), SystemTime::now());
        for (passed, by_the_wall) in [(seconds(1), seconds(3_600)), (seconds(90), seconds(90))] {
            let mut pulse = Pulse::new(start, wall);
            assert!(pulse.wants_ping(start));
            let now = start + passed;

            pulse.tick(now, wall + by_the_wall, 0, 0);

            assert!(pulse.wants_ping(now) && !pulse.is_dead(now));
        }
    }

    #[test]
    fn silence_is_told_after_five_seconds_of_an_unanswered_ping_or_key() {
        let (start, wall) = (Instant::now(), SystemTime::now());
        let mut pulse = Pulse::new(start, wall);
        pulse.wants_ping(start);
        pulse.received();
        for second in 0..=4 {
            pulse.tick(start + seconds(second), wall + seconds(second), 100, 7);
            // A repetition is no answer.
            pulse.received();
            assert_eq!(pulse.silent_since(start + seconds(second)), None);
        }

        pulse.tick(start + seconds(5), wall + seconds(5), 100, 7);
        assert_eq!(pulse.silent_since(start + seconds(5)), Some(start));

        pulse.tick(start + seconds(6), wall + seconds(6), 100, 8);
        assert_eq!(pulse.silent_since(start + seconds(6)), None, "output is one");
        pulse.tick(start + seconds(20), wall + seconds(20), 50, 8);
        assert_eq!(pulse.silent_since(start + seconds(20)), None, "an acknowledgement is one");
    }
}
