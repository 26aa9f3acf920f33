//! Any text for a screen.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::of_model::display(bytes));
