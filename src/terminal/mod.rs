//! The user's terminal: as it was found, whatever a session does to it; and the signals that ask for it back.

mod leaving;
mod own_terminal;

pub use leaving::{LeavingSignals, can_stop, stop};
pub use own_terminal::{OwnTerminal, RawTerminal, give_back, size};
