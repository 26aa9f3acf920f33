//! The user's terminal: as it was found, whatever a session does to it; and the signals that ask for it back.

mod events;
#[cfg(test)]
mod hostile;
mod keyboard;
mod keys;
mod leaving;
mod own_terminal;
mod pausing;

pub use events::{Event, Events, passed_on};
pub use keyboard::Keyboard;
pub use keys::Typed;
pub use leaving::LeavingSignals;
pub use own_terminal::{OwnTerminal, RawTerminal, give_back, size};
pub use pausing::{Pause, Pauses, can_pause};
