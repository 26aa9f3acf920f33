//! What happened on a channel, for the log and the tests.

use std::time::Duration;

/// What happened on one end of a channel so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Numbered messages sent for the first time.
    pub sent: u64,
    /// Numbered messages sent again.
    pub resent: u64,
    /// Numbered messages of ours that have arrived.
    pub acknowledged: u64,
    /// Numbered messages received and acknowledged, each once.
    pub received: u64,
    /// Received again, and acknowledged again.
    pub duplicates: u64,
    /// Acknowledgements said again unasked, because the far side seems to have lost them.
    pub repeated: u64,
    /// Received before their turn.
    pub early: u64,
    /// Not acknowledged for want of room or of somebody to take them; the far side sends them again.
    pub refused: u64,
    /// Payloads that did not match their digest, or did not open with the key.
    pub damaged: u64,
    /// Bytes that were no message.
    pub malformed: u64,
    /// Messages and payloads of types unknown to us or of no use here.
    pub ignored: u64,
    /// Bytes sent and not acknowledged yet.
    pub in_flight: usize,
    /// The smoothed round trip, once one was measured.
    pub round_trip: Option<Duration>,
}
