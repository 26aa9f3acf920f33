//! Any bytes from a terminal.

#![no_main]

// Not by the whole program: it would bring the AWS SDK with it.
#[path = "../../src/terminal/hostile.rs"]
mod hostile;
#[path = "../../src/terminal/keys.rs"]
#[allow(dead_code)]
mod keys;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hostile::keys(bytes));
