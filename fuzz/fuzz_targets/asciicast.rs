//! Any output of a session that is recorded.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::recording::hostile::asciicast(bytes));
