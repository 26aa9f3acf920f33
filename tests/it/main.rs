//! Integration tests, one binary: each further one would link the SDK again.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test that calls it")]

mod architecture;
mod cloud;
mod commands;
mod dashboard;
mod dashboard_tunnels;
mod exec_one;
mod far_end;
mod fleet;
mod moto;
mod one_time_key;
mod openssh;
mod proxy;
mod readme;
mod recording;
mod session;
mod session_words;
mod sessions;
mod ssm_ssh;
mod support;
mod tunnel;
