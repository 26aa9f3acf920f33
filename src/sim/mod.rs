//! A cloud on loopback, for the demo and the tests.

pub mod keys;
pub mod ssh;
