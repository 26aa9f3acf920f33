//! Any text as a policy document.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::aws::hostile::policy(bytes));
