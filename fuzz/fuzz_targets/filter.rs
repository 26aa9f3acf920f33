//! Any text as a filter.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::of_model::filter(bytes));
