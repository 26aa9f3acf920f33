//! What a connection is called, what happens to it, and what is read and sent of it.

/// One connection's number within its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub(crate) u32);

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What happened to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamChange {
    /// The far side wants a connection (agents only).
    Opened,
    /// There are bytes to read, or the end. Read until [`Reading::Nothing`] or [`Reading::Ended`].
    Readable,
    /// There is room to write again, after a write that was cut short.
    Writable,
    /// The far side could not connect. The end follows as usual; tell the local program by a reset if possible.
    Refused,
    /// Closed by us: nothing was read from it for so long that the other connections could not go on.
    Stalled,
    /// The far side has let go of it, so the next one may be opened (sessions with one connection at a time only).
    Released,
}

/// What a reader finds.
#[derive(Clone, PartialEq, Eq)]
pub enum Reading {
    /// Bytes, at least one. There may be more.
    Bytes(Vec<u8>),
    /// Nothing now; a change is announced when there is.
    Nothing,
    /// Nothing any more: the far side closed, or the connection is gone.
    Ended,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Nothing => f.write_str("Nothing"),
            Self::Ended => f.write_str("Ended"),
        }
    }
}

/// What to send next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    Data(Vec<u8>),
    /// The one connection ended here; tell its number to [`Streams::disconnect_sent`](super::Streams::disconnect_sent).
    Disconnect,
}
