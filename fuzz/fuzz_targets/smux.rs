//! Any bytes as the stream of a multiplexed session.

#![no_main]

use std::time::Instant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_ssm::hostile::smux(bytes, Instant::now()));
