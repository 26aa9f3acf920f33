//! Any bytes as the documents of the SSM handshake.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_ssm::hostile::handshake(bytes));
