//! The user's terminal: as it was found, whatever a session does to it; and the signals that ask for it back.

mod leaving;
mod own_terminal;
mod pausing;

pub use leaving::LeavingSignals;
pub use own_terminal::{OwnTerminal, RawTerminal, give_back, size};
pub use pausing::{Pause, Pauses, can_pause};
