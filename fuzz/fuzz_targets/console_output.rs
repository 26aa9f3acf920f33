//! Any text as the console output of an instance.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::of_model::console_output(bytes));
