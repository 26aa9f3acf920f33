//! Many connections over one stream of bytes: smux version 1, as the reference uses it (docs/session-manager-protocol.md 7.3).

pub(crate) mod frame;
mod habits;
mod hold;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::{Duration, Instant};

pub use habits::Broken;
pub(crate) use habits::{Habits, Side};

use frame::{Decoder, HEADER_LENGTH, Piece, fin, nop, psh, syn};

use super::stream::{HOLD, State, Stream};
use super::way::Way;
use super::{Reading, StreamChange, StreamId};

/// Undelivered bytes over all connections before nothing more is taken from the session. Version 1 has no window of
/// its own for each connection.
pub(crate) const RECEIVE_BUDGET: usize = 4 * 1024 * 1024;
/// Queued bytes of all connections together, and of each.
const SEND_BUDGET: usize = 4 * 1024 * 1024;
const STREAM_SEND_BUDGET: usize = 256 * 1024;
/// Data of one connection before it is another's turn, so that bulk does not delay an interactive one.
const TURN: usize = 8 * 1024;
/// More connections than any listener hands out.
const MOST_STREAMS: usize = 16 * 1024;
/// Keep-alive, for peers so old that they want it.
const NOP_PERIOD: Duration = Duration::from_secs(10);
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// A connection that holds less than this is not what fills the budget.
const STALLED_LEAST: usize = 64 * 1024;
/// A full budget may be about to be read.
const BLOCKED_LEAST: Duration = Duration::from_secs(1);

/// All connections of one session.
#[derive(Debug)]
pub(crate) struct Mux {
    habits: Habits,
    decoder: Decoder,
    streams: BTreeMap<StreamId, Stream>,
    last_id: u32,
    /// SYN and FIN, ahead of other connections' data.
    urgent: VecDeque<[u8; HEADER_LENGTH]>,
    /// Frames on their way into messages, which they do not align with, and how far they have come.
    staged: Vec<u8>,
    staged_used: usize,
    /// Connections with data to send, in turn.
    turns: VecDeque<StreamId>,
    /// Connections that want to know when there is room again.
    waiting: BTreeSet<StreamId>,
    holding: BTreeSet<StreamId>,
    way: Way,
    inbound: usize,
    outbound: usize,
    changes: VecDeque<(StreamId, StreamChange)>,
    /// Refused connections whose FIN has not come yet.
    refusals: usize,
    next_nop: Instant,
    heard_at: Instant,
    blocked_since: Option<Instant>,
    /// Since when there is more than one connection.
    crowded_since: Instant,
}

impl Mux {
    pub(crate) fn new(habits: Habits, now: Instant) -> Self {
        Self {
            habits,
            decoder: Decoder::default(),
            streams: BTreeMap::new(),
            last_id: 1,
            urgent: VecDeque::new(),
            staged: Vec::new(),
            staged_used: 0,
            turns: VecDeque::new(),
            waiting: BTreeSet::new(),
            holding: BTreeSet::new(),
            way: Way::default(),
            inbound: 0,
            outbound: 0,
            changes: VecDeque::new(),
            refusals: 0,
            next_nop: now + NOP_PERIOD,
            heard_at: now,
            blocked_since: None,
            crowded_since: now,
        }
    }

    /// Open a connection. `None`: too many, or all numbers are used up.
    pub(crate) fn open(&mut self, now: Instant) -> Option<StreamId> {
        if !self.can_open() {
            return None;
        }
        self.last_id += 2;
        let stream = StreamId(self.last_id);
        self.insert(stream, now);
        self.urgent.push_back(syn(stream));
        Some(stream)
    }

    /// Bytes that arrived, in order.
    pub(crate) fn receive(&mut self, mut bytes: &[u8], now: Instant) -> Result<(), Broken> {
        self.heard_at = now;
        while let Some(piece) = self.decoder.next(&mut bytes)? {
            match piece {
                Piece::Syn(stream) => self.accept(stream, now),
                Piece::Fin(stream) => self.finished_remotely(stream),
                Piece::Data(stream, data) => self.received(stream, data, now),
                Piece::Nop => {}
            }
        }
        self.note_level(now);
        Ok(())
    }

    fn accept(&mut self, stream: StreamId, now: Instant) {
        if self.habits.side == Side::Opening || self.streams.contains_key(&stream) {
            return;
        }
        if self.streams.len() >= MOST_STREAMS {
            self.urgent.push_back(fin(stream));
            return;
        }
        self.insert(stream, now);
        self.changes.push_back((stream, StreamChange::Opened));
    }

    fn insert(&mut self, stream: StreamId, now: Instant) {
        self.streams.insert(stream, Stream::new(now));
        if self.streams.len() == 2 {
            self.crowded_since = now;
        }
    }

    fn received(&mut self, id: StreamId, data: &[u8], now: Instant) {
        let Some(stream) = self.streams.get_mut(&id).filter(|stream| stream.is_listening()) else { return };
        self.inbound += data.len();
        if stream.receive(data, now, HOLD) {
            self.changes.push_back((id, StreamChange::Readable));
        }
    }

    /// The far side has forgotten this connection: what we would still send reaches nobody.
    fn finished_remotely(&mut self, id: StreamId) {
        let Some(stream) = self.streams.get_mut(&id).filter(|stream| !stream.is_finished_remotely) else { return };
        stream.is_finished_remotely = true;
        self.outbound -= stream.outbound.len();
        stream.outbound.clear();
        if self.refusals > 0 && !stream.has_received {
            self.refusals -= 1;
            self.changes.push_back((id, StreamChange::Refused));
        }
        if !std::mem::replace(&mut stream.is_announced, true) {
            self.changes.push_back((id, StreamChange::Readable));
        }
        let is_read = !matches!(stream.state, State::Finishing { is_read: false });
        self.end(id, is_read);
        self.announce_shared_room();
    }

    /// The agent could not connect; which connection it was shows when its FIN comes.
    pub(crate) fn refused(&mut self) {
        self.refusals = (self.refusals + 1).min(self.streams.len());
    }

    /// Take at most `limit` bytes of what came.
    pub(crate) fn read(&mut self, id: StreamId, limit: usize, now: Instant) -> Reading {
        let Some(stream) = self.streams.get_mut(&id) else { return Reading::Ended };
        let reading = stream.read(limit, now);
        match &reading {
            Reading::Bytes(bytes) => self.inbound -= bytes.len(),
            Reading::Nothing => {}
            Reading::Ended if stream.state == State::Finished => drop(self.streams.remove(&id)),
            // Its FIN has yet to go out.
            Reading::Ended => stream.state = State::Finishing { is_read: false },
        }
        self.note_level(now);
        reading
    }

    /// Queue bytes to send; returns how many were taken.
    pub(crate) fn write(&mut self, id: StreamId, bytes: &[u8]) -> usize {
        let room = self.room(id);
        let Some(stream) = self.streams.get_mut(&id).filter(|stream| stream.state == State::Open) else { return 0 };
        let taken = &bytes[..bytes.len().min(room)];
        if taken.len() < bytes.len() {
            self.waiting.insert(id);
        }
        if !taken.is_empty() && stream.outbound.is_empty() {
            self.turns.push_back(id);
        }
        stream.outbound.push(taken);
        self.outbound += taken.len();
        taken.len()
    }

    /// How many bytes a write would take.
    pub(crate) fn room(&self, id: StreamId) -> usize {
        match self.streams.get(&id) {
            Some(stream) if stream.state == State::Open => {
                STREAM_SEND_BUDGET.saturating_sub(stream.outbound.len()).min(SEND_BUDGET.saturating_sub(self.outbound))
            }
            _ => 0,
        }
    }

    /// The local program is gone. What it wrote still goes out, then FIN; what comes is dropped.
    pub(crate) fn abandon(&mut self, id: StreamId, now: Instant) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        self.inbound -= stream.inbound.len();
        stream.inbound.clear();
        if stream.state == State::Finished {
            self.streams.remove(&id);
        } else {
            self.end(id, false);
        }
        self.note_level(now);
    }

    /// FIN goes behind what is queued.
    fn end(&mut self, id: StreamId, is_read: bool) {
        self.holding.remove(&id);
        self.waiting.remove(&id);
        let Some(stream) = self.streams.get_mut(&id) else { return };
        if stream.state == State::Finished {
            return;
        }
        stream.state = State::Finishing { is_read };
        if stream.outbound.is_empty() {
            self.hand_out_fin(id);
        }
    }

    fn hand_out_fin(&mut self, id: StreamId) {
        let Some(stream) = self.streams.get_mut(&id) else { return };
        let is_read = !matches!(stream.state, State::Finishing { is_read: false });
        stream.state = State::Finished;
        self.urgent.push_back(fin(id));
        if !is_read {
            self.inbound -= stream.inbound.len();
            self.streams.remove(&id);
        } else if !std::mem::replace(&mut stream.is_announced, true) {
            self.changes.push_back((id, StreamChange::Readable));
        }
    }

    /// The next bytes for a message, at most `limit`.
    pub(crate) fn next_payload(&mut self, limit: usize) -> Option<Vec<u8>> {
        let mut staged = std::mem::take(&mut self.staged);
        if self.staged_used >= TURN {
            staged.drain(..std::mem::take(&mut self.staged_used));
        }
        while staged.len() - self.staged_used < limit && self.next_frame(&mut staged) {}
        let left = &staged[self.staged_used..];
        let payload = left[..left.len().min(limit)].to_vec();
        self.staged_used += payload.len();
        self.way.hand_out(payload.len());
        if self.staged_used == staged.len() {
            staged.clear();
            self.staged_used = 0;
        }
        self.staged = staged;
        (!payload.is_empty()).then_some(payload)
    }

    /// Append the next frame to `out`. False: there is none.
    fn next_frame(&mut self, out: &mut Vec<u8>) -> bool {
        if let Some(frame) = self.urgent.pop_front() {
            out.extend_from_slice(&frame);
            return true;
        }
        while let Some(id) = self.turns.pop_front() {
            let Some(stream) = self.streams.get_mut(&id).filter(|stream| !stream.outbound.is_empty()) else { continue };
            let length = stream.outbound.len().min(TURN);
            out.extend_from_slice(&psh(id, u16::try_from(length).unwrap_or(u16::MAX)));
            stream.outbound.take(length, out);
            stream.sent_to = self.way.handed_out() + (out.len() - self.staged_used) as u64;
            self.outbound -= length;
            if !stream.outbound.is_empty() {
                self.turns.push_back(id);
            } else if matches!(stream.state, State::Finishing { .. }) {
                self.hand_out_fin(id);
            }
            self.announce_room(id);
            return true;
        }
        false
    }

    /// Whoever waits is told: the one that just sent, and all when the common budget was what held them.
    fn announce_room(&mut self, sent: StreamId) {
        if self.waiting.contains(&sent) && self.room(sent) >= STREAM_SEND_BUDGET / 2 {
            self.waiting.remove(&sent);
            self.changes.push_back((sent, StreamChange::Writable));
        }
        self.announce_shared_room();
    }

    /// Those with a full queue of their own stay; there are no more than fit into the common budget.
    fn announce_shared_room(&mut self) {
        if self.outbound <= SEND_BUDGET / 2 && !self.waiting.is_empty() {
            let ready: Vec<_> = self.waiting.iter().copied().filter(|id| self.room(*id) >= TURN).collect();
            for id in ready {
                self.waiting.remove(&id);
                self.changes.push_back((id, StreamChange::Writable));
            }
        }
    }

    /// The session is over: what came is still to be read, nothing more follows.
    pub(crate) fn remote_gone(&mut self) {
        self.urgent.clear();
        self.staged.clear();
        self.staged_used = 0;
        self.turns.clear();
        self.waiting.clear();
        self.holding.clear();
        self.outbound = 0;
        for (id, stream) in &mut self.streams {
            stream.outbound.clear();
            stream.is_cut = !stream.is_finished_remotely;
            stream.is_finished_remotely = true;
            stream.state = State::Finished;
            if !std::mem::replace(&mut stream.is_announced, true) {
                self.changes.push_back((*id, StreamChange::Readable));
            }
        }
    }

    pub(crate) fn is_cut(&self, id: StreamId) -> bool {
        self.streams.get(&id).is_some_and(|stream| stream.is_cut)
    }

    pub(crate) fn poll_change(&mut self) -> Option<(StreamId, StreamChange)> {
        self.changes.pop_front()
    }

    /// Whether more may be received. If not, nobody reads, and the far side must wait.
    pub(crate) fn wants_input(&self) -> bool {
        self.inbound < RECEIVE_BUDGET
    }

    /// Whether another connection may be opened.
    pub(crate) fn can_open(&self) -> bool {
        self.habits.side == Side::Opening && self.streams.len() < MOST_STREAMS && self.last_id < u32::MAX - 2
    }

    /// Whether nothing is left to send.
    pub(crate) fn is_drained(&self) -> bool {
        self.outbound == 0 && self.urgent.is_empty() && self.staged.is_empty()
    }

    /// Bytes queued to send.
    pub(crate) fn queued(&self) -> usize {
        self.outbound + self.staged.len() - self.staged_used
    }

    /// When to call [`Self::handle_timeout`].
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        let keep_alive = self.habits.keeps_alive.then_some(match self.habits.side {
            Side::Opening => self.next_nop,
            Side::Accepting => self.next_nop.min(self.heard_at + SILENCE_LIMIT),
        });
        self.held_until().chain(keep_alive).chain(self.stalled().map(|(_, since)| since)).min()
    }

    /// Close what was held long enough, and what nobody reads.
    pub(crate) fn handle_timeout(&mut self, now: Instant) -> Result<(), Broken> {
        self.end_holds(now);
        if let Some((id, _)) = self.stalled().filter(|(_, at)| *at <= now) {
            self.changes.push_back((id, StreamChange::Stalled));
            self.abandon(id, now);
        }
        if self.habits.keeps_alive && self.next_nop <= now {
            self.urgent.push_back(nop());
            self.next_nop = now + NOP_PERIOD;
        }
        let is_silent = self.heard_at + SILENCE_LIMIT <= now;
        if self.habits.keeps_alive && self.habits.side == Side::Accepting && is_silent {
            // Said once: the end of the session is not ours to wait for.
            self.habits.keeps_alive = false;
            return Err(Broken::Silent);
        }
        Ok(())
    }

    /// The connection that holds up the others, and when to close it.
    fn stalled(&self) -> Option<(StreamId, Instant)> {
        let blocked_since = self.blocked_since?;
        let stalled_after = self.habits.stalled_after?;
        if self.streams.len() < 2 {
            return None;
        }
        // Alone it held up nobody.
        let stalled_at =
            |stream: &Stream| (stream.taken_at.max(self.crowded_since) + stalled_after).max(blocked_since + BLOCKED_LEAST);
        let holding_up = self.streams.iter().filter(|(_, stream)| stream.inbound.len() >= STALLED_LEAST);
        let longest = holding_up.map(|(id, stream)| (*id, stalled_at(stream))).min_by_key(|(_, at)| *at);
        // Many small ones fill the budget as well.
        let largest = || self.streams.iter().max_by_key(|(_, stream)| stream.inbound.len());
        longest.or_else(|| largest().map(|(id, stream)| (*id, stalled_at(stream))))
    }

    fn note_level(&mut self, now: Instant) {
        self.blocked_since = if self.wants_input() { None } else { self.blocked_since.or(Some(now)) };
    }
}

#[cfg(test)]
mod tests;
