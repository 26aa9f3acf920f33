//! The far end of Session Manager: the sessions of the SSM API, the message gateway, and the agents behind it.

mod agents;
mod api;
mod destination;
mod document;
mod gateway;
mod ground;
mod habits;
mod lane;
mod many;
mod outlet;
mod pipe;
mod plant;
mod port;
mod program;
mod session;
mod socket;
mod spelling;
mod table;
mod token;
mod words;

pub(super) use agents::FarEnd;
pub(super) use api::{answer, knows};
pub use document::Preferences;
pub(super) use gateway::{accept, cell_of, session_of};
pub(super) use ground::Ground;
pub use habits::Habits;
pub use table::{SessionEnd, SessionReport};
