//! Any bytes as one message of the SSM data channel.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ec2dash_ssm::hostile::frame(bytes));
