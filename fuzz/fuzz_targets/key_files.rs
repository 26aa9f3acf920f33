//! Any bytes as a private key file.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_keys::hostile::key_files(bytes));
