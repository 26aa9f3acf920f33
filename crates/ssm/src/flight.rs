//! How much may be on its way before it only waits in somebody's queue.
//!
//! An agent reads its channel in one place: while it writes to a slow program it reads nothing else, so whatever is on its
//! way is what the next key has to wait behind. The amount therefore follows what comes to be acknowledged in a given time,
//! not a count.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What a key may have to wait behind on a link that is quicker than that by itself.
const LONGEST_WAIT: Duration = Duration::from_millis(250);
/// So much for all of that time; above it, no more than the link holds. A program that suddenly takes its time finds the
/// rest of what was meant for a quick one ahead of each key.
const LITTLE: usize = 96 * 1024;
/// Beyond two round trips: a peer takes its messages in handfuls.
const SLACK: Duration = Duration::from_millis(3);
/// No round trip counts for longer: what is measured may be somebody's queue.
const LONGEST_ROUND_TRIP: Duration = Duration::from_secs(1);
/// While nothing is known.
const START: usize = 64 * 1024;
/// To find out how fast a link has become, something must be on its way.
const LEAST: usize = 16 * 1024;
/// A rate is measured over no less: a slow program makes room in lumps, and takes one of them in no time.
const SPAN: Duration = Duration::from_millis(250);
/// How finely the moments are kept from which a rate is measured.
const TICK: Duration = Duration::from_millis(50);

/// What is acknowledged in a second, and how long a message takes that has nothing before it.
#[derive(Debug)]
pub(crate) struct Flight {
    round_trip: Option<Duration>,
    delivered: usize,
    /// Moments, and what had been acknowledged by then; the first but one is younger than [`SPAN`].
    marks: VecDeque<(Instant, usize)>,
    /// When there was last more to send than may be on its way.
    full_at: Option<Instant>,
    /// Bytes in a second: the best of the present period, and of the one before.
    best: [f64; 2],
    period: Option<Instant>,
    is_known: bool,
}

impl Flight {
    pub(crate) fn new() -> Self {
        Self {
            round_trip: None,
            delivered: 0,
            marks: VecDeque::new(),
            full_at: None,
            best: [0.0; 2],
            period: None,
            is_known: false,
        }
    }

    /// A message leaves, and with it there are `bytes` on their way.
    pub(crate) fn sent(&mut self, is_alone: bool, bytes: usize, now: Instant) {
        if is_alone {
            // Before, nothing was to be delivered.
            self.marks.clear();
            self.marks.push_back((now, self.delivered));
        }
        if bytes >= self.most() {
            self.full_at = Some(now);
        }
    }

    /// A message of so many bytes was acknowledged, so long after it was sent if it was sent once.
    pub(crate) fn acknowledged(&mut self, bytes: usize, took: Option<Duration>, now: Instant) {
        self.delivered += bytes;
        if let Some(took) = took {
            self.round_trip = Some(self.round_trip.map_or(took, |shortest| shortest.min(took)));
        }
        while self.marks.get(1).is_some_and(|(at, _)| now.saturating_duration_since(*at) >= SPAN) {
            self.marks.pop_front();
        }
        if let Some((at, delivered)) = self.marks.front().copied() {
            let span = now.saturating_duration_since(at);
            if span >= SPAN {
                self.measured((self.delivered - delivered) as f64 / span.as_secs_f64(), span, now);
            }
        }
        if self.marks.back().is_none_or(|(at, _)| now.saturating_duration_since(*at) >= TICK) {
            self.marks.push_back((now, self.delivered));
        }
    }

    fn measured(&mut self, rate: f64, span: Duration, now: Instant) {
        // Whoever had no more to send says nothing about what the link takes, unless it was more than was known.
        let was_full = self.full_at.is_some_and(|at| now.saturating_duration_since(at) <= span);
        if !was_full && rate <= self.rate() {
            return;
        }
        let longest = SPAN.max(self.round_trip.unwrap_or_default());
        let period = self.period.get_or_insert(now);
        if now.saturating_duration_since(*period) >= longest {
            *period = now;
            self.best = [0.0, self.best[0]];
            self.is_known = true;
        }
        self.best[0] = self.best[0].max(rate);
    }

    fn rate(&self) -> f64 {
        self.best[0].max(self.best[1])
    }

    /// How many bytes may be on their way.
    pub(crate) fn most(&self) -> usize {
        let twice = self.round_trip.unwrap_or_default().min(LONGEST_ROUND_TRIP) * 2;
        let worth = |time: Duration| (self.rate() * time.as_secs_f64()) as usize;
        let little = worth(LONGEST_WAIT.max(twice)).min(LITTLE);
        let least = if self.is_known { LEAST } else { START };
        worth(twice + SLACK).max(little).max(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: usize = 1_144;

    /// A far side that takes so many bytes in a second, in lumps, behind a link that takes so long both ways.
    struct Far {
        rate: usize,
        lump: usize,
        round_trip: Duration,
    }

    #[test]
    fn what_is_on_its_way_is_a_quarter_of_a_second_of_a_slow_program() {
        for rate in [100_000, 300_000] {
            for lump in [MESSAGE, 64 * 1024] {
                let mut flight = Flight::new();

                fill(&mut flight, &Far { rate, lump, round_trip: Duration::from_millis(1) }, Duration::from_secs(10));

                let wait = flight.most() as f64 / rate as f64;
                assert!((0.1..=0.7).contains(&wait), "{wait} s at {rate} in lumps of {lump}");
                assert!(lump > MESSAGE || wait <= 0.26, "{wait} s at {rate}");
            }
        }
    }

    #[test]
    fn a_long_link_is_filled() {
        for (millis, rate) in [(20, 10_000_000), (100, 8_000_000), (200, 4_000_000), (900, 1_000_000)] {
            let round_trip = Duration::from_millis(millis);
            let mut flight = Flight::new();

            fill(&mut flight, &Far { rate, lump: MESSAGE, round_trip }, Duration::from_secs(30));

            let held = rate as f64 * round_trip.as_secs_f64();
            assert!(flight.most() as f64 >= held, "{} of {held} at {millis} ms", flight.most());
            assert!(flight.most() as f64 <= (held * 2.5).max(rate as f64 * 0.3), "{} of {held} at {millis} ms", flight.most());
        }
    }

    #[test]
    fn a_program_that_slows_down_is_noticed_within_two_seconds_and_one_that_hurries_again_too() {
        let mut flight = Flight::new();
        let round_trip = Duration::from_millis(1);
        let quick = Far { rate: 30_000_000, lump: MESSAGE, round_trip };
        let now = fill(&mut flight, &quick, Duration::from_secs(2));
        assert!(flight.most() <= 256 * 1024, "{} bytes would be ahead of a key", flight.most());

        let slow = Far { rate: 300_000, lump: MESSAGE, round_trip };
        let now = fill_from(&mut flight, &slow, now, Duration::from_secs(2));
        assert!(flight.most() <= 80_000, "{}", flight.most());

        fill_from(&mut flight, &quick, now, Duration::from_secs(2));
        assert!(flight.most() >= 100_000, "{}", flight.most());
    }

    #[test]
    fn somebody_who_has_little_to_send_tells_nothing_of_the_link() {
        let mut flight = Flight::new();
        let mut now = fill(
            &mut flight,
            &Far { rate: 8_000_000, lump: MESSAGE, round_trip: Duration::from_millis(50) },
            Duration::from_secs(5),
        );
        let before = flight.most();

        for _ in 0..200 {
            flight.sent(true, 121, now);
            now += Duration::from_millis(50);
            flight.acknowledged(121, Some(Duration::from_millis(50)), now);
            now += Duration::from_millis(100);
        }

        assert_eq!(flight.most(), before);
    }

    fn fill(flight: &mut Flight, far: &Far, time: Duration) -> Instant {
        fill_from(flight, far, Instant::now(), time)
    }

    /// Send as much as may be on its way, for so long.
    fn fill_from(flight: &mut Flight, far: &Far, start: Instant, time: Duration) -> Instant {
        let (mut now, mut bytes) = (start, 0);
        // When each message arrives and was sent.
        let mut on_the_way: VecDeque<(Instant, Instant)> = VecDeque::new();
        let (mut free_at, mut room) = (start, far.lump);
        while now < start + time {
            while bytes < flight.most() {
                flight.sent(bytes == 0, bytes + MESSAGE, now);
                bytes += MESSAGE;
                free_at = free_at.max(now);
                if room < MESSAGE {
                    free_at += Duration::from_secs_f64(far.lump as f64 / far.rate as f64);
                    room += far.lump;
                }
                room -= MESSAGE;
                on_the_way.push_back((free_at + far.round_trip, now));
            }
            let (arrived, sent) = on_the_way.pop_front().unwrap();
            now = now.max(arrived);
            bytes -= MESSAGE;
            flight.acknowledged(MESSAGE, Some(now - sent), now);
        }
        now
    }
}
