//! What we sent and nobody acknowledged (docs/session-manager-protocol.md 4.3).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How often the reference looks for something overdue.
const CHECK_PERIOD: Duration = Duration::from_millis(100);
/// Not to wake up for each message of a burst on its own.
const SHORTEST_CHECK: Duration = Duration::from_millis(10);
/// The wait doubles with each resend of a message, up to this.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// What goes over a new connection before the first acknowledgement. A whole window at once would never get anywhere over
/// a connection that breaks before it is through.
const FIRST_RESENDS: usize = 32;
/// A peer keeps at least this many messages that came too early (the reference client; its agent keeps 100 000).
const SPAN: usize = 10_000;

/// How much may be on its way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Messages.
    pub messages: usize,
    /// Bytes, headers included.
    pub bytes: usize,
}

/// Which messages are sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repair {
    /// Every one that is overdue and has been overtaken by an acknowledged one, besides the oldest. One that nothing
    /// has overtaken is not known to be lost: the far side may just be busy.
    Overdue,
    /// The reference's rule: the oldest alone, looked at ten times a second.
    OldestOnly,
}

/// What we sent and nobody acknowledged.
#[derive(Debug)]
pub(crate) struct Outbox {
    window: Window,
    repair: Repair,
    /// The number of the oldest in `sent`, or of the next one.
    first: u64,
    /// From the oldest unacknowledged one on; those acknowledged out of order are gone from their place.
    sent: VecDeque<Option<Sent>>,
    messages: usize,
    bytes: usize,
    transmissions: u64,
    /// The latest transmission that is known to have arrived.
    evidence: u64,
    due: VecDeque<u64>,
    /// On a new connection, until all of the window went over it: how many may still be sent before something is
    /// acknowledged.
    credit: Option<usize>,
    check_at: Option<Instant>,
}

#[derive(Debug)]
struct Sent {
    frame: Vec<u8>,
    transmission: u64,
    /// The first transmission on this connection: which one an acknowledgement means, it does not say.
    first: u64,
    /// Not sent on this connection yet.
    is_fresh: bool,
    at: Instant,
    since: Instant,
    resends: u32,
    is_due: bool,
}

/// What an acknowledgement told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The round trip, when the message was sent once.
    pub took: Option<Duration>,
    /// How long the message is.
    pub bytes: usize,
}

impl Outbox {
    pub(crate) fn new(window: Window, repair: Repair) -> Self {
        Self {
            window,
            repair,
            first: 0,
            sent: VecDeque::new(),
            messages: 0,
            bytes: 0,
            transmissions: 0,
            evidence: 0,
            due: VecDeque::new(),
            credit: None,
            check_at: None,
        }
    }

    /// Whether one more message may be on its way.
    pub(crate) fn has_room(&self) -> bool {
        self.credit.is_none()
            && self.messages < self.window.messages
            && self.bytes < self.window.bytes
            && self.sent.len() < self.span()
    }

    fn span(&self) -> usize {
        match self.repair {
            Repair::Overdue => SPAN,
            // The reference does not ask what its peer keeps.
            Repair::OldestOnly => SPAN.max(self.window.messages),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.messages == 0
    }

    /// Bytes on their way.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number the next message gets.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.first + self.sent.len() as u64
    }

    /// The number of the oldest that is on its way, or of the next one: all before it have arrived.
    pub(crate) fn oldest_sequence(&self) -> u64 {
        self.first
    }

    /// Keep `frame`, which must carry [`Self::next_sequence`], before it is sent: an acknowledgement may be quick.
    pub(crate) fn insert(&mut self, frame: Vec<u8>, now: Instant, timeout: Duration) {
        self.transmissions += 1;
        self.messages += 1;
        self.bytes += frame.len();
        let transmission = self.transmissions;
        let sent =
            Sent { frame, transmission, first: transmission, is_fresh: false, at: now, since: now, resends: 0, is_due: false };
        self.sent.push_back(Some(sent));
        let check = match self.repair {
            Repair::Overdue => timeout,
            Repair::OldestOnly => CHECK_PERIOD,
        };
        self.check_at.get_or_insert(now + check);
    }

    /// Let go of the message with this number. `None`: not ours, or already let go.
    pub(crate) fn acknowledge(&mut self, sequence: u64, now: Instant) -> Option<Arrival> {
        let place = usize::try_from(sequence.checked_sub(self.first)?).ok()?;
        let sent = self.sent.get_mut(place)?.take()?;
        self.messages -= 1;
        self.bytes -= sent.frame.len();
        self.evidence = self.evidence.max(sent.first);
        self.credit = self.credit.filter(|_| self.messages > 0).map(|credit| credit + 2);
        while let Some(None) = self.sent.front() {
            self.sent.pop_front();
            self.first += 1;
        }
        self.check_at = match (self.messages, self.repair) {
            (0, _) => None,
            (_, Repair::Overdue) => self.check_at.map(|check_at| check_at.min(now + CHECK_PERIOD)),
            (_, Repair::OldestOnly) => self.check_at,
        };
        let took = (sent.resends == 0).then(|| now.saturating_duration_since(sent.at));
        Some(Arrival { took, bytes: sent.frame.len() })
    }

    /// When to look for something overdue.
    pub(crate) fn check_at(&self) -> Option<Instant> {
        self.check_at
    }

    /// Look for something overdue.
    pub(crate) fn check(&mut self, now: Instant, timeout: Duration) {
        if self.check_at.is_none_or(|check_at| check_at > now) {
            return;
        }
        // Something may have been lost, and nothing else brings an acknowledgement.
        self.credit = self.credit.map(|credit| credit.max(1));
        self.check_at = Some(match self.repair {
            Repair::Overdue => self.mark_overdue(now, timeout),
            Repair::OldestOnly => self.mark_oldest(now, timeout),
        });
    }

    fn mark_overdue(&mut self, now: Instant, timeout: Duration) -> Instant {
        let mut next = now + CHECK_PERIOD.max(timeout);
        for (place, sent) in (0_u64..).zip(&mut self.sent) {
            let Some(sent) = sent.as_mut().filter(|sent| !sent.is_due) else { continue };
            if place > 0 && sent.transmission > self.evidence {
                continue;
            }
            let deadline = sent.at + wait(timeout, sent.resends);
            if deadline <= now {
                sent.is_due = true;
                match place {
                    0 => self.due.push_front(self.first),
                    _ => self.due.push_back(self.first + place),
                }
            } else {
                next = next.min(deadline);
            }
        }
        next.max(now + SHORTEST_CHECK)
    }

    fn mark_oldest(&mut self, now: Instant, timeout: Duration) -> Instant {
        if let Some(Some(oldest)) = self.sent.front_mut()
            && !oldest.is_due
            && now.saturating_duration_since(oldest.at) > timeout
        {
            oldest.is_due = true;
            self.due.push_back(self.first);
        }
        now + CHECK_PERIOD
    }

    /// Send everything again, in order: the connection is another one.
    pub(crate) fn resend_all(&mut self, now: Instant, timeout: Duration) {
        self.due.clear();
        for (sequence, sent) in (self.first..).zip(&mut self.sent) {
            let Some(sent) = sent else { continue };
            sent.is_due = true;
            sent.is_fresh = true;
            sent.since = now;
            self.due.push_back(sequence);
        }
        self.credit = (self.messages > 0).then_some(FIRST_RESENDS);
        self.check_at = (self.messages > 0).then_some(now + timeout);
    }

    /// The next message to send again, byte for byte.
    pub(crate) fn poll_resend(&mut self, now: Instant) -> Option<Vec<u8>> {
        loop {
            let Some(sequence) = self.due.front().copied() else {
                self.credit = None;
                return None;
            };
            let place = sequence.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
            let Some(sent) = place.and_then(|place| self.sent.get_mut(place)?.as_mut()) else {
                self.due.pop_front();
                continue;
            };
            if let Some(credit) = &mut self.credit {
                *credit = credit.checked_sub(1)?;
            }
            self.due.pop_front();
            self.transmissions += 1;
            sent.transmission = self.transmissions;
            if std::mem::take(&mut sent.is_fresh) {
                sent.first = sent.transmission;
            }
            sent.at = now;
            sent.resends += 1;
            sent.is_due = false;
            return Some(sent.frame.clone());
        }
    }

    /// How often the oldest was sent again, and for how long it has waited on this connection.
    pub(crate) fn oldest(&self, now: Instant) -> Option<(u32, Duration)> {
        let oldest = self.sent.front()?.as_ref()?;
        Some((oldest.resends, now.saturating_duration_since(oldest.since)))
    }
}

fn wait(timeout: Duration, resends: u32) -> Duration {
    timeout.saturating_mul(1 << resends.min(16)).min(LONGEST_WAIT.max(timeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_millis(200);

    #[test]
    fn a_full_window_takes_no_more_until_an_acknowledgement() {
        let start = Instant::now();
        let mut outbox = Outbox::new(Window { messages: 2, bytes: 1_000 }, Repair::Overdue);
        outbox.insert(vec![0], start, TIMEOUT);
        assert!(outbox.has_room());
        outbox.insert(vec![1], start, TIMEOUT);
        assert!(!outbox.has_room());

        outbox.acknowledge(1, start);

        assert!(outbox.has_room());
        assert_eq!(outbox.next_sequence(), 2);
    }

    #[test]
    fn bytes_count_too() {
        let start = Instant::now();
        let mut outbox = Outbox::new(Window { messages: 100, bytes: 10 }, Repair::Overdue);

        outbox.insert(vec![0; 10], start, TIMEOUT);

        assert!(!outbox.has_room());
    }

    #[test]
    fn an_acknowledgement_counts_once_and_only_for_what_was_sent() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 1, start);

        assert_eq!(outbox.acknowledge(1, start), None);
        assert_eq!(outbox.acknowledge(u64::MAX, start), None);
        assert!(outbox.acknowledge(0, start).is_some());
        assert_eq!(outbox.acknowledge(0, start), None);
        assert!(outbox.is_empty() && outbox.check_at().is_none());
    }

    #[test]
    fn what_is_acknowledged_in_time_is_never_sent_again() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 3, start);

        for sequence in [2, 0, 1] {
            let arrival = outbox.acknowledge(sequence, start + TIMEOUT / 2);
            assert_eq!(arrival, Some(Arrival { took: Some(TIMEOUT / 2), bytes: 1 }));
        }
        outbox.check(start + TIMEOUT * 5, TIMEOUT);

        assert_eq!(outbox.poll_resend(start + TIMEOUT * 5), None);
    }

    #[test]
    fn what_was_overtaken_and_is_overdue_is_sent_again() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 5, start);
        outbox.acknowledge(0, start);
        outbox.acknowledge(3, start);

        outbox.check(start + TIMEOUT, TIMEOUT);

        assert_eq!(resent(&mut outbox, start + TIMEOUT), [1, 2]);
    }

    #[test]
    fn a_silent_peer_gets_the_oldest_alone() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 5, start);

        outbox.check(start + TIMEOUT, TIMEOUT);

        assert_eq!(resent(&mut outbox, start + TIMEOUT), [0]);
    }

    #[test]
    fn a_repeated_message_that_arrives_is_no_evidence_against_those_before_its_repetition() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 5, start);
        let late = start + TIMEOUT * 5;
        outbox.check(late, TIMEOUT);
        assert_eq!(resent(&mut outbox, late), [0]);

        // A far side that was only busy answers to what came first.
        outbox.acknowledge(0, late);
        let next = outbox.check_at().unwrap();
        outbox.check(next, TIMEOUT);

        assert_eq!(resent(&mut outbox, next), [1], "the oldest alone");
    }

    #[test]
    fn the_wait_doubles_up_to_a_second_and_a_resent_message_is_no_sample() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 1, start);
        let mut sent_at = vec![];

        while sent_at.len() < 5 {
            let now = outbox.check_at().unwrap();
            outbox.check(now, TIMEOUT);
            sent_at.extend(outbox.poll_resend(now).map(|_| (now - start).as_millis()));
        }

        assert_eq!(sent_at, [200, 600, 1_400, 2_400, 3_400]);
        assert_eq!(outbox.acknowledge(0, start), Some(Arrival { took: None, bytes: 1 }));
    }

    #[test]
    fn the_references_rule_resends_the_oldest_ten_times_a_second_at_most() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::OldestOnly, 3, start);
        outbox.acknowledge(1, start);
        let mut sent_at = vec![];

        while sent_at.len() < 3 {
            let now = outbox.check_at().unwrap();
            outbox.check(now, TIMEOUT);
            sent_at.extend(resent(&mut outbox, now).into_iter().map(|byte| (byte, (now - start).as_millis())));
        }

        assert_eq!(sent_at, [(0, 300), (0, 600), (0, 900)]);
    }

    #[test]
    fn another_connection_gets_everything_unacknowledged_in_order() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 4, start);
        outbox.acknowledge(1, start);

        outbox.resend_all(start, TIMEOUT);
        outbox.acknowledge(2, start);

        assert_eq!(resent(&mut outbox, start), [0, 3]);
    }

    #[test]
    fn another_connection_is_filled_no_faster_than_it_acknowledges_and_takes_nothing_new_before() {
        let start = Instant::now();
        let mut outbox = outbox(Repair::Overdue, 200, start);
        outbox.resend_all(start, TIMEOUT);

        assert_eq!(resent(&mut outbox, start), (0..32).collect::<Vec<u8>>());
        assert!(!outbox.has_room());
        outbox.acknowledge(0, start);
        outbox.acknowledge(7, start);
        assert_eq!(resent(&mut outbox, start), [32, 33, 34, 35]);

        // All of these are lost: the oldest alone, until something is acknowledged.
        let later = start + TIMEOUT * 3;
        outbox.check(later, TIMEOUT);
        assert_eq!(resent(&mut outbox, later), [1]);
        for sequence in 1..200 {
            outbox.acknowledge(sequence, later);
        }
        assert!(resent(&mut outbox, later).is_empty() && outbox.has_room() && outbox.is_empty());
    }

    #[test]
    fn one_stuck_message_does_not_let_the_others_run_away() {
        let start = Instant::now();
        let mut outbox = Outbox::new(Window { messages: 1_000, bytes: 1 << 20 }, Repair::Overdue);
        outbox.insert(vec![0], start, TIMEOUT);

        while outbox.has_room() {
            let sequence = outbox.next_sequence();
            outbox.insert(vec![0], start, TIMEOUT);
            outbox.acknowledge(sequence, start);
        }

        assert_eq!(outbox.next_sequence(), SPAN as u64);
    }

    fn outbox(repair: Repair, messages: u8, now: Instant) -> Outbox {
        let mut outbox = Outbox::new(Window { messages: 1_000, bytes: 1 << 20 }, repair);
        for byte in 0..messages {
            outbox.insert(vec![byte], now, TIMEOUT);
        }
        outbox
    }

    fn resent(outbox: &mut Outbox, now: Instant) -> Vec<u8> {
        std::iter::from_fn(|| outbox.poll_resend(now)).flatten().collect()
    }
}
