//! Tests of ways in, made only on request: what each will do is said first.

mod kind;
mod make;

pub use kind::{Probe, probes};
pub use make::make;
