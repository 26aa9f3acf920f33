//! A Session Manager session over the network: the channel of `ssm` joined with a WebSocket, kept up until its end.
//!
//! [`Session::start`] does everything from `StartSession` to the first word of the agent. From then on one task of ours owns the
//! connection: it resumes the session when the connection breaks, and terminates it in the account exactly once, however the
//! caller lets go of the [`Session`]. Whoever starts sessions waits for [`settled`] before the process ends.

mod absence;
pub mod archive;
mod clock;
pub mod command;
mod driver;
mod end;
mod handle;
mod hindrance;
mod incoming;
mod link;
mod link_error;
mod options;
mod own_file;
mod patience;
mod port;
mod pulse;
pub mod recording;
pub mod relay;
mod shared;
pub mod shell;
mod sign_in_notices;
mod start;
mod stream;
pub mod tunnel;
mod typed_line;
mod words;

pub(crate) use absence::Watch;
pub use end::{Reason, SessionEnd};
pub use handle::Session;
pub use hindrance::Hindrance;
pub use incoming::Incoming;
pub use link::Lost;
pub use link_error::LinkError;
pub use options::SessionOptions;
pub use shared::LinkState;
pub use sign_in_notices::{SignInNotice, SignInNotices};
pub use start::settled;
pub use stream::Stream;
pub use words::hindered;
