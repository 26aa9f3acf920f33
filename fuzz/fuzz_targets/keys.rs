//! Any bytes from a terminal.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::terminal::hostile::keys(bytes));
