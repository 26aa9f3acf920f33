//! Any text as the two AWS files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_fuzz::aws::hostile::aws_files(bytes));
