//! Integration tests, one binary: each further one would link the SDK again.

// The calls of a survey lie deep in each other, and a test that waits for one lies around them.
#![recursion_limit = "256"]
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
mod endpoint;
mod endurance;
mod exec_one;
mod exec_targets;
mod far_end;
mod files;
mod fleet;
mod four_renderings;
mod host_key_checks;
mod host_keys;
mod job_control;
mod jump;
mod just_in_time;
mod keys;
mod korean;
mod many_places;
mod mfa;
mod moto;
mod mouse;
mod odd_files;
mod one_time_key;
mod openssh;
mod own_commands;
mod packaging;
mod plain_mode;
mod power;
mod proxy;
mod recording;
mod relay;
mod revision;
mod running;
mod secrets;
mod session;
mod session_words;
mod sessions;
mod settings_file;
mod sign_in;
mod sim;
mod ssh_config;
mod ssm_ssh;
mod state_files;
mod stuck_terminal;
mod support;
mod switches;
mod terminal_replies;
mod themes;
mod tls;
mod tunnel;
mod way_out;
