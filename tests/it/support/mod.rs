//! What the tests share: a terminal to run the program in, its demo, and the tools they need.

pub mod chance;
pub mod demo;
pub mod gateway;
pub mod moto;
pub mod outbound_proxy;
pub mod printed;
pub mod pty;
pub mod tools;
pub mod waiting;
