//! The far end of SSM sessions, seen by a small client made of the channel and a WebSocket.

mod boto3;
pub mod client;
mod commands;
mod driven;
mod encrypted;
mod faults;
mod limits;
mod ports;
mod shell;
mod thrift;
mod tokens;
