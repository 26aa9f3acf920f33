//! The far end of SSM sessions, seen by a small client made of the channel and a WebSocket.

mod boto3;
pub mod client;
mod shell;
mod tokens;
