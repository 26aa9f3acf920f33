//! A session of Session Manager that ended while nobody here was awake.

use std::time::Duration;

use rustix::process::Signal;

use crate::proxy::Desk;
use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// The first connection breaks after so long, and the service resumes the session no more.
const ENDS: [&str; 2] = ["ssmmessages:Down=reset:10s@1", "ssm:ResumeSession=no-token@1"];

/// `connect web-1` by a session, with a word typed into it.
fn connected(desk: &Desk, settings: &str) -> Terminal {
    let config = desk.home.path().join("slept.toml");
    std::fs::write(&config, settings).unwrap();
    let variables = desk.sim.environment();
    let mut own: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let config = config.display().to_string();
    own.retain(|(name, _)| *name != "EC2DASH_CONFIG");
    own.push(("EC2DASH_CONFIG", &config));
    let environment = environment(desk.home.path(), &own);
    let terminal = Terminal::start(ec2dash(), &["connect", "web-1", "--method", "ssm"], &environment, LARGE);
    terminal.wait_until_raw();
    terminal.type_text("echo fir''st\r");
    terminal.wait_for("first");
    terminal
}

/// Stopped for longer than any busy computer stands still, as when the lid was closed.
fn sleep_through(terminal: &Terminal) {
    terminal.kill(Signal::STOP);
    std::thread::sleep(Duration::from_secs(12));
    terminal.kill(Signal::CONT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_that_ended_while_this_computer_slept_begins_again_by_itself_with_a_word() {
    let desk = Desk::new(&ENDS).await;
    let terminal = connected(&desk, "");

    sleep_through(&terminal);

    terminal.wait_for("and the session ended meanwhile. A new one begins.");
    terminal.wait_until_raw();
    terminal.type_text("echo sec''ond\r");
    terminal.wait_for("second");
    terminal.type_text("exit\r");
    assert_eq!(terminal.end().code(), Some(0));
    assert_eq!(desk.calls("ssm:StartSession"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_the_service_ends_while_somebody_is_awake_stays_ended() {
    let desk = Desk::new(&ENDS).await;
    let mut terminal = connected(&desk, "");

    let status = terminal.wait();

    assert_eq!((status.code(), desk.calls("ssm:StartSession")), (Some(255), 1), "{}", terminal.shown());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_nothing_to_come_back_by_itself_gets_nothing() {
    let desk = Desk::new(&ENDS).await;
    let mut terminal = connected(&desk, "[connect]\nreconnect = \"0s\"\n");

    sleep_through(&terminal);

    let status = terminal.wait();
    assert_eq!((status.code(), desk.calls("ssm:StartSession")), (Some(255), 1), "{}", terminal.shown());
}
