//! Any bytes as a conversation with the SSM client.

#![no_main]

use std::time::Instant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_ssm::hostile::channel(bytes, Instant::now()));
