//! Integration tests, one binary: each further one would link the SDK again.

#![expect(clippy::unwrap_used, reason = "what a helper cannot do fails the test that calls it")]

mod another_user;
mod architecture;
mod aws_files;
mod cloud;
mod commands;
mod completion;
mod console_link;
mod credential_programs;
mod dashboard;
mod dashboard_tunnels;
mod dependencies;
mod docs;
mod endurance;
mod exec_one;
mod exec_targets;
mod far_end;
mod fleet;
mod host_keys;
mod job_control;
mod moto;
mod mouse;
mod one_time_key;
mod openssh;
mod packaging;
mod proxy;
mod recording;
mod relay;
mod revision;
mod secrets;
mod session;
mod session_words;
mod sessions;
mod settings_file;
mod sim;
mod ssh_config;
mod ssm_ssh;
mod state_files;
mod stuck_terminal;
mod support;
mod switches;
mod terminal_replies;
mod tls;
mod tunnel;
mod way_out;
