//! What the tests share: a terminal to run the program in, and the tools they need.

pub mod gateway;
pub mod pty;
pub mod tools;
