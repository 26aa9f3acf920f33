//! The dashboard over several accounts at once: one list, and each row with the credentials of its own place.

use std::path::Path;
use std::time::Duration;

use crate::proxy::Desk;
use crate::support::demo::LARGE;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

const DEV: &str = "334455667788";

fn dashboard(desk: &Desk, arguments: &[&str]) -> Terminal {
    let command = desk.command(&[]);
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let replaced = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"];
    let mut environment: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect();
    environment.retain(|(name, _)| !replaced.contains(&name.as_str()));
    environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
    Terminal::start(Path::new(ec2dash()), arguments, &environment, LARGE)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_are_one_list_and_a_shell_opens_with_the_credentials_of_its_own() {
    let desk = Desk::new(&[]).await;
    let terminal = dashboard(&desk, &["--profile", "haneul-prod,haneul-dev"]);
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_until("both accounts", |screen| {
        ["2 places", "bastion", "ci-runner-1", "ACCOUNT", DEV].iter().all(|word| screen.contains(word))
    });

    terminal.type_text("/ci-runner-1\r\r");
    terminal.wait_until("the picker names the place", |screen| screen.contains(&format!("{DEV} haneul-dev")));
    terminal.type_text("\r");

    let is_of_dev = || {
        let entering = ["ssm:StartSession", "ec2-instance-connect:SendSSHPublicKey"];
        desk.sim.calls().into_iter().find(|call| entering.contains(&call.action.as_str())).map(|call| call.account)
    };
    while is_of_dev().is_none() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(is_of_dev().as_deref(), Some(DEV));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denied_account_is_one_line_and_the_other_is_listed() {
    let desk = Desk::new(&[&format!("{DEV}/ec2:DescribeInstances=deny")]).await;
    let terminal = dashboard(&desk, &["--profile", "haneul-prod,haneul-dev", "--region", "all"]);
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_until("the good account", |screen| screen.contains("8 places") && screen.contains("bastion"));

    terminal.type_text("3");

    terminal.wait_until("one line", |screen| {
        let lines: Vec<&str> = screen.lines().filter(|line| line.contains("! haneul-dev")).collect();
        matches!(lines.as_slice(), [line] if line.contains("4 regions") && line.contains("denied"))
    });
}
