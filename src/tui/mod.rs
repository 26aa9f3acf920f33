//! The dashboard.

mod action;
mod age;
mod canvas;
mod command_run;
mod connect_request;
mod draw;
mod earlier;
mod effect;
mod field;
mod glyphs;
mod json;
mod key;
mod keymap;
mod lines;
mod look;
mod looks;
mod message;
mod overlays;
mod own_keys;
mod own_run;
mod panic;
mod plain;
mod power_run;
mod rows;
mod run;
mod runtime;
mod screen;
mod sign_in_run;
mod signals;
mod state;
mod terminal;
#[cfg(test)]
mod tests;
mod theme;
mod trouble;
mod tunnels;
mod world;

pub use action::Action;
pub use glyphs::ascii;
pub use key::Key;
pub use keymap::{KeyProblem, Keymap, Page};
pub use look::{Depth, Look};
pub use own_keys::OwnKeyProblem;
pub use panic::install as hand_back_on_panic;
pub use run::plain::run as run_plainly;
pub use run::{Error, Finish, Start, run};
