//! SFTP, version 3, as OpenSSH's server speaks it: what we ask of it, what it answers, and many questions at a time.
//!
//! No crate does it: `russh-sftp` and `openssh-sftp-client` hold names and handles as text, and both are bytes.

mod attributes;
mod client;
mod fields;
mod reply;
mod request;

pub use attributes::Attributes;
pub use client::{Connection, Handle, Pending, Sftp};
pub use fields::Malformed;
pub use reply::{Data, Entry, Reply, Status};
pub use request::Request;
