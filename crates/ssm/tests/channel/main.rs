//! The data channel, two ends over a link that loses, repeats, reorders and flips messages, in virtual time.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test that calls it")]

mod back_pressure;
mod encrypted;
mod ends;
mod hostile;
#[path = "../../../../fuzz/inputs.rs"]
mod inputs;
mod link;
mod lossy;
mod ports;
mod sessions;
