//! The SSM data channel without a socket: fed bytes and the time, it says what to send, what to show, when to wake it.
//!
//! [`Channel`] is the client's end, [`Agent`] the instance's. Neither waits, and neither has a clock or randomness of
//! its own. Numbers and rules come from the protocol document; where we leave the reference's ways on purpose, the
//! place says why.

mod agent;
mod channel;
mod cipher;
mod clock;
mod counters;
mod deliveries;
mod entropy;
mod event;
mod exchange;
mod failure;
mod flight;
mod foreign;
pub mod frame;
pub mod handshake;
pub mod hostile;
mod inbox;
mod json;
mod leaving;
pub mod message;
mod opening;
mod outbox;
mod pace;
pub mod payload;
mod pending;
mod queue;
mod resizing;
mod rtt;
mod session;
mod streams;
#[cfg(test)]
mod vectors;
mod version;

pub use agent::{Agent, AgentEvent, AgentOptions, Encryption, KeyToOpen};
pub use channel::{Channel, Options};
pub use cipher::{Cipher, DATA_KEY_LENGTH, DataKey, SEAL_LENGTH, Unopened, WrongKeyLength};
pub use clock::Clock;
pub use counters::Counters;
pub use entropy::Entropy;
pub use event::{End, Event};
pub use failure::{Failure, Step};
pub use foreign::Foreign;
pub use frame::{MESSAGE_LIMIT, Malformed};
pub use handshake::{FreshKey, KeyRequest};
pub use opening::Opening;
pub use outbox::{Repair, Window};
pub use pace::Pace;
pub use payload::Size;
pub use session::{Expected, PortMode, Session, SessionKind};
pub use streams::{Broken, Reading, StreamChange, StreamId};
pub use version::CLIENT_VERSION;
