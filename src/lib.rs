//! ec2dash: which ways lead into an EC2 instance, and taking them.
//!
//! Facts flow one way, AWS → model → state → picture; requests flow the other, key → action → effect → AWS.
//! Each room below says what it is for; `tests/it/architecture/` holds them to who may use whom.

pub mod access;
pub mod aws;
pub mod builtin_ssh;
pub mod cli;
pub mod columns;
pub mod config;
pub mod connect;
pub mod endpoint;
pub mod files;
pub mod fixes;
pub mod fleet;
pub mod here;
#[cfg(test)]
#[path = "../fuzz/inputs.rs"]
mod inputs;
pub mod model;
pub mod multiplexer;
pub mod outbound;
pub mod power;
pub mod probe;
pub mod report;
pub mod session;
pub mod ssh;
pub mod terminal;
pub mod text;
pub mod tui;
pub mod websocket;
