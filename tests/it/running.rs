//! Sessions of other processes on page 2 of a dashboard.

use crate::proxy::{Desk, WEB};
use crate::support::demo::{LARGE, put_card_away};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

fn started(desk: &Desk, arguments: &[&str]) -> Terminal {
    let command = desk.command(&[]);
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let mut environment: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect();
    environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
    Terminal::start(ec2dash(), arguments, &environment, LARGE)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_of_another_process_is_seen_ended_by_x_and_gone_when_its_process_is() {
    let desk = Desk::new(&[]).await;
    let shells = [0, 1].map(|_| {
        let shell = started(&desk, &["connect", WEB, "-m", "ssm"]);
        shell.wait_for("Nothing here is on AWS");
        shell
    });
    let [first, second] = shells;
    let dashboard = started(&desk, &[]);
    put_card_away(&dashboard);
    dashboard.wait_for("bastion");

    dashboard.type_text("2");
    let pid = |terminal: &Terminal| format!("pid {}", terminal.pid().as_raw_nonzero());
    dashboard.wait_until("both shells", |screen| screen.contains(&pid(&first)) && screen.contains(&pid(&second)));
    second.kill(rustix::process::Signal::KILL);
    dashboard.wait_until("the dead one gone", |screen| !screen.contains(&pid(&second)) && screen.contains(&pid(&first)));

    dashboard.type_text("x");
    dashboard.wait_for("End it, and the process with it?");
    dashboard.type_text("y");
    let ended = first.end();
    dashboard.wait_until("no row", |screen| !screen.contains("pid "));

    assert_eq!(ended.code(), Some(128 + 15));
    dashboard.type_text("q");
    dashboard.wait_for("sort NAME");
    dashboard.type_text("q");
    assert!(dashboard.end().success());
}
