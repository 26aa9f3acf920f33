//! The SSM data channel without a socket: fed bytes and the time, it says what to send, what to show, when to wake it.
//!
//! [`Channel`] is the client's end, [`Agent`] the instance's. Neither waits, and neither has a clock or randomness of
//! its own. Numbers and rules come from docs/session-manager-protocol.md; where we leave the reference's ways on purpose, the
//! place says why.
//!
//! # Example
//!
//! Both ends of a shell, with two calls in the place of a network. A program puts a WebSocket there: each frame from
//! `poll_transmit` is one binary message, and each binary message that comes goes to `handle_frame`.
//! `cargo run -p ec2dash-ssm --example both_ends` prints every message of such a session.
//!
//! ```
//! use std::time::{Instant, SystemTime};
//!
//! use ec2dash_ssm::{Agent, AgentEvent, AgentOptions, Channel, Clock, Entropy, Event, Expected, Options};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Instant::now();
//! let unix_millis = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_millis() as u64;
//! let clock = Clock { instant: now, unix_millis };
//! // Fresh random bytes for each, from the system, in a program that means it.
//! let (ours, theirs) = (Entropy::new([1; 32]), Entropy::new([2; 32]));
//! let mut client = Channel::new(Options::new("alice-0a1b", "i-0123456789abcdef0", Expected::Terminal), ours, clock);
//! let mut agent = Agent::new(AgentOptions::new("alice-0a1b", "i-0123456789abcdef0", "Standard_Stream"), theirs, clock);
//!
//! assert_eq!(client.send(b"uptime\r", now), 7, "nothing is taken that cannot be kept");
//! let mut shown = Vec::new();
//! let mut is_answered = false;
//! loop {
//!     while let Some(event) = agent.poll_event() {
//!         match event {
//!             AgentEvent::Begun { .. } => {
//!                 agent.ready(now);
//!                 let _ = agent.output(b"$ ");
//!             }
//!             AgentEvent::Input(keys) => {
//!                 assert_eq!(keys, b"uptime\r");
//!                 let _ = agent.output(b"up 7 days");
//!                 is_answered = true;
//!             }
//!             _ => {}
//!         }
//!     }
//!     while let Some(event) = client.poll_event() {
//!         match event {
//!             Event::Ready(session) => assert!(session.kind.has_terminal()),
//!             Event::Output(bytes) => shown.extend(bytes),
//!             _ => {}
//!         }
//!     }
//!     if is_answered && shown.ends_with(b"up 7 days") {
//!         break;
//!     }
//!     let (up, down) = (client.poll_transmit(now), agent.poll_transmit(now));
//!     assert!(up.is_some() || down.is_some(), "one of them has something to say until all is said");
//!     if let Some(frame) = up {
//!         agent.handle_frame(&frame, now)?;
//!     }
//!     if let Some(frame) = down {
//!         client.handle_frame(&frame, now)?;
//!     }
//! }
//! assert_eq!(shown, b"$ up 7 days");
//! # Ok(())
//! # }
//! ```

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
