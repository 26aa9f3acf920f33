//! Any text as a page of instances.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::aws::hostile::page(bytes));
