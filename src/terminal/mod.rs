//! The one owner of what is written to the terminal: taken, lent, handed back as found; and what comes from it, keys and signals.

mod descriptor;
mod escapes;
mod events;
mod flow;
mod full_screen;
mod ground;
mod holding;
#[cfg(test)]
mod hostile;
mod keyboard;
mod keys;
mod leaving;
mod lines;
mod named_lines;
mod output;
mod own_terminal;
mod pausing;
mod screen;
mod secret_line;
mod size;
mod standard;

pub use escapes::{Escape, Escapes};
pub use events::{Event, Events, passed_on};
pub use full_screen::FullScreen;
pub use holding::{complain, give_back, say};
pub use keyboard::Keyboard;
pub use keys::Typed;
pub use leaving::{LeavingSignals, UNDISTURBED, note_leaving};
pub use lines::Lines;
pub use named_lines::NamedLines;
pub use output::Witness;
pub use own_terminal::{OwnTerminal, RawTerminal};
pub use pausing::{Pause, Pauses, can_pause};
pub use screen::{Closed, Screen};
pub use secret_line::{Silent, ask_secret};
pub use size::{Size, size};
pub use standard::Standard;
