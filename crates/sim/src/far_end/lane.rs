//! One direction of a connection, as bad as asked for.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use hyper::body::Bytes;

use crate::fault::{After, Chance, ChannelFault, FaultKind};
use crate::numbers::{Numbers, STEP};
use ec2dash_ssm::frame::{Frame, HEADER_LENGTH};
use ec2dash_ssm::message::{ACKNOWLEDGE, INPUT, OUTPUT};

/// Messages in a lane at once; then the sender waits. A lane without delay holds what the socket does not take yet.
const MOST_DELAYED: usize = 4_096;
const MOST_WAITING: usize = 64;
/// To overtake, messages must be together for a moment.
const TOGETHER: Duration = Duration::from_millis(5);

/// The messages of one direction on their way.
pub(super) struct Lane {
    faults: Vec<(ChannelFault, Numbers)>,
    delay: Duration,
    most: usize,
    opened: Instant,
    carried: u64,
    queue: VecDeque<(Instant, Bytes)>,
}

impl Lane {
    /// A lane of the `number`-th connection of a session.
    pub(super) fn new(faults: &[FaultKind], number: u64, opened: Instant) -> Self {
        let mut lane =
            Self { faults: Vec::new(), delay: Duration::ZERO, most: MOST_WAITING, opened, carried: 0, queue: VecDeque::new() };
        for (place, fault) in (1..).zip(faults) {
            match fault {
                FaultKind::Channel(fault) => {
                    if matches!(fault, ChannelFault::Reorder(_)) {
                        lane.delay = lane.delay.max(TOGETHER);
                    }
                    lane.faults.push((*fault, throws(seed(fault), place, number)));
                }
                FaultKind::Delay(delay) => lane.delay = lane.delay.max(*delay),
                _ => {}
            }
        }
        lane
    }

    /// A lane that holds more than the socket does not take yet.
    pub(super) fn roomy(self) -> Self {
        Self { most: MOST_DELAYED, ..self }
    }

    pub(super) fn has_room(&self) -> bool {
        self.queue.len() < if self.delay.is_zero() { self.most } else { MOST_DELAYED }
    }

    /// Take a message, and whatever goes wrong with it.
    pub(super) fn push(&mut self, frame: Bytes, now: Instant) {
        self.carried += frame.len() as u64;
        if self.faults.is_empty() {
            return self.queue.push_back((now + self.delay, frame));
        }
        let (kind, payload) = kind(&frame);
        let (mut frame, mut copies, mut ahead) = (frame, 1, 0);
        for (fault, numbers) in &mut self.faults {
            match fault {
                ChannelFault::Drop(chance) if kind == Kind::Data && happens(numbers, *chance) => return,
                ChannelFault::DropAcks(chance) if kind == Kind::Acknowledgement && happens(numbers, *chance) => return,
                ChannelFault::Lose(lost) if kind == Kind::Data && lost.number() == payload => return,
                ChannelFault::Flip(chance) if kind == Kind::Data && happens(numbers, *chance) => frame = flip(numbers, &frame),
                ChannelFault::Duplicate(chance) if happens(numbers, *chance) => copies = 2,
                ChannelFault::Reorder(chance) => ahead = below(numbers, usize::from(chance.amount).min(self.queue.len()) + 1),
                _ => {}
            }
        }
        for _ in 0..copies {
            let at = self.queue.len() - ahead.min(self.queue.len());
            // What is moved ahead arrives with what it overtook.
            let arrives = self.queue.get(at).map_or(now + self.delay, |(arrives, _)| *arrives);
            self.queue.insert(at, (arrives, frame.clone()));
        }
    }

    /// The next message that has arrived.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Bytes> {
        self.queue.pop_front_if(|(arrives, _)| *arrives <= now).map(|(_, frame)| frame)
    }

    /// The next message, however long it should take.
    pub(super) fn pop_early(&mut self) -> Option<Bytes> {
        self.queue.pop_front().map(|(_, frame)| frame)
    }

    /// Whether nothing is carried any more.
    pub(super) fn is_stalled(&self, now: Instant) -> bool {
        self.faults.iter().any(|(fault, _)| matches!(fault, ChannelFault::Stall(after) if self.has_come(*after, now)))
    }

    /// How the connection is to end now, if it is.
    pub(super) fn breaks(&self, now: Instant) -> Option<Break> {
        self.faults.iter().find_map(|(fault, _)| match fault {
            ChannelFault::Close(after) if self.has_come(*after, now) => Some(Break::Bye),
            ChannelFault::Reset(after) if self.has_come(*after, now) => Some(Break::Reset),
            _ => None,
        })
    }

    /// When the gateway says that the far side is away, and until when.
    pub(super) fn pause(&self) -> Option<(Instant, Instant)> {
        let start = self.opened + Duration::from_secs(1);
        self.faults.iter().find_map(|(fault, _)| match fault {
            ChannelFault::Pause(length) => Some((start, start + *length)),
            _ => None,
        })
    }

    /// The next moment something happens by itself.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        let moments = self.faults.iter().filter_map(|(fault, _)| match fault {
            ChannelFault::Close(After::Time(time)) | ChannelFault::Reset(After::Time(time)) => Some(self.opened + *time),
            ChannelFault::Stall(After::Time(time)) => Some(self.opened + *time).filter(|at| *at > now),
            _ => None,
        });
        let pause = self.pause().into_iter().flat_map(|(start, end)| [start, end]).filter(|at| *at > now);
        // What has arrived waits for somebody to take it, who wakes us.
        let front = self.queue.front().map(|(arrives, _)| *arrives).filter(|arrives| *arrives > now && !self.is_stalled(now));
        moments.chain(pause).chain(front).min()
    }

    fn has_come(&self, after: After, now: Instant) -> bool {
        match after {
            After::Time(time) => self.opened + time <= now,
            After::Bytes(bytes) => self.carried >= bytes,
        }
    }
}

/// How a connection ends on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// As the gateway does each hour: code 1000, "Bye".
    Bye,
    /// Without a word.
    Reset,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Data,
    Acknowledgement,
    Other,
}

fn kind(bytes: &[u8]) -> (Kind, u32) {
    match Frame::parse(bytes) {
        Ok(frame) if matches!(frame.message_type, INPUT | OUTPUT) => (Kind::Data, frame.payload_type),
        Ok(frame) if frame.message_type == ACKNOWLEDGE => (Kind::Acknowledgement, 0),
        _ => (Kind::Other, 0),
    }
}

fn seed(fault: &ChannelFault) -> u64 {
    match fault {
        ChannelFault::Drop(chance)
        | ChannelFault::DropAcks(chance)
        | ChannelFault::Duplicate(chance)
        | ChannelFault::Reorder(chance)
        | ChannelFault::Flip(chance) => chance.seed,
        _ => 1,
    }
}

/// Throws of its own for each fault of each connection, the same for the same seed.
fn throws(seed: u64, place: u64, number: u64) -> Numbers {
    let mut numbers = Numbers::of_seed(seed.wrapping_mul(STEP) ^ (place << 48) ^ number);
    numbers.next();
    numbers
}

/// Of the upper bits: which messages a seed strikes is what its tests count on.
fn below(numbers: &mut Numbers, limit: usize) -> usize {
    usize::try_from(numbers.next() >> 11).unwrap_or(usize::MAX) % limit.max(1)
}

fn happens(numbers: &mut Numbers, chance: Chance) -> bool {
    below(numbers, 1_000) < usize::from(chance.amount)
}

/// One bit of the payload turned over.
fn flip(numbers: &mut Numbers, frame: &[u8]) -> Bytes {
    let mut flipped = frame.to_vec();
    let payload = HEADER_LENGTH + 4;
    if flipped.len() > payload {
        let at = payload + below(numbers, flipped.len() - payload);
        flipped[at] ^= 1 << below(numbers, 8);
    }
    flipped.into()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use ec2dash_ssm::frame::Digest;

    fn lane(faults: &[&str], number: u64, opened: Instant) -> Lane {
        let kinds: Vec<FaultKind> =
            faults.iter().map(|fault| format!("ssmmessages:Up={fault}").parse::<crate::Fault>().unwrap().kind).collect();
        Lane::new(&kinds, number, opened)
    }

    fn frame(sequence: i64) -> Bytes {
        let payload = b"some bytes";
        let frame = Frame {
            message_type: INPUT,
            schema_version: 1,
            created_millis: 1,
            sequence,
            flags: 0,
            id: Uuid::nil(),
            digest: Digest::of(payload),
            payload_type: 1,
            payload,
        };
        frame.to_bytes().into()
    }

    /// The numbers of what arrives of a thousand messages, and how many of them are whole.
    fn carry(mut lane: Lane, now: Instant) -> (Vec<i64>, usize) {
        (0..1_000).for_each(|sequence| lane.push(frame(sequence), now));
        let arrived: Vec<Bytes> = std::iter::from_fn(|| lane.pop(now + Duration::from_secs(1))).collect();
        let frames: Vec<Frame<'_>> = arrived.iter().map(|bytes| Frame::parse(bytes).unwrap()).collect();
        (frames.iter().map(|frame| frame.sequence).collect(), frames.iter().filter(|frame| frame.is_intact()).count())
    }

    #[test]
    fn a_share_is_dropped_doubled_or_damaged_and_the_same_one_for_the_same_seed() {
        let now = Instant::now();
        let of = |fault: &str| carry(lane(&[fault], 1, now), now);

        assert!((900..980).contains(&of("drop:5%").0.len()));
        assert!((1_060..1_150).contains(&of("duplicate:10%").0.len()));
        assert!((880..960).contains(&of("flip:8%").1));
        assert_eq!(of("drop-acks:100%").0.len(), 1_000);
        assert_eq!(of("lose:Output").0.len(), 0);
        assert_eq!(of("drop:5%:7"), of("drop:5%:7"));
        assert_ne!(of("drop:5%:7"), of("drop:5%:8"));
        assert_ne!(of("drop:5%"), carry(lane(&["drop:5%"], 2, now), now), "another connection has other throws");
    }

    #[test]
    fn what_is_reordered_all_arrives() {
        let now = Instant::now();

        let (mut order, _) = carry(lane(&["reorder:64"], 1, now), now);

        assert_ne!(order, (0..1_000).collect::<Vec<_>>());
        order.sort();
        assert_eq!(order, (0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_delay_holds_messages_back_and_a_stall_for_good() {
        let now = Instant::now();
        let mut delayed = lane(&["delay:300ms"], 1, now);
        delayed.push(frame(0), now);
        assert!(delayed.pop(now + Duration::from_millis(299)).is_none());
        assert_eq!(delayed.due(now), Some(now + Duration::from_millis(300)));
        assert!(delayed.pop(now + Duration::from_millis(300)).is_some());

        let mut stalled = lane(&["stall:1kB"], 1, now);
        assert!(!stalled.is_stalled(now));
        (0..10).for_each(|sequence| stalled.push(frame(sequence), now));
        assert!(stalled.is_stalled(now) && stalled.due(now).is_none());
    }

    #[test]
    fn a_connection_ends_when_its_time_or_its_bytes_have_come() {
        let now = Instant::now();
        let closing = lane(&["close:2s"], 1, now);
        assert_eq!((closing.breaks(now), closing.due(now)), (None, Some(now + Duration::from_secs(2))));
        assert_eq!(closing.breaks(now + Duration::from_secs(2)), Some(Break::Bye));

        let mut broken = lane(&["reset:1kB"], 1, now);
        (0..10).for_each(|sequence| broken.push(frame(sequence), now));
        assert_eq!(broken.breaks(now), Some(Break::Reset));
    }
}
