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
        ["2 places", "ci-runner-1", "ACCOUNT", DEV].iter().all(|word| screen.contains(word))
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
    terminal.wait_until("the good account", |screen| screen.contains("8 places") && screen.contains("40 of 40"));

    terminal.type_text("3");

    terminal.wait_until("one line", |screen| {
        let lines: Vec<&str> = screen.lines().filter(|line| line.contains("! haneul-dev")).collect();
        matches!(lines.as_slice(), [line] if line.contains("4 regions") && line.contains("denied"))
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_begins_with_what_the_last_one_was_told_and_says_how_old_it_is() {
    let desk = Desk::new(&[]).await;
    let arguments = ["--profile", "haneul-prod"];
    let terminal = dashboard(&desk, &arguments);
    terminal.wait_for("any key goes on");
    terminal.type_text("j");
    terminal.wait_for("bastion");
    let kept = || files(desk.home.path(), ".cache/ec2dash/inventory");
    terminal.wait_until("the list is whole", |_| !kept().is_empty());
    terminal.type_text("q");
    assert!(terminal.end().success());
    let text = std::fs::read_to_string(&kept()[0]).unwrap();
    let secrets = desk.sim.environment().into_iter().filter(|(name, _)| name.contains("KEY")).map(|(_, value)| value);
    secrets.for_each(|secret| assert!(!text.contains(&secret)));

    desk.sim.set_faults(vec!["*:*=hang".parse().unwrap()]);
    let again = dashboard(&desk, &arguments);
    again.wait_until("rows before any answer, with their age", |screen| {
        screen.contains("bastion") && screen.contains("from ") && screen.contains(" old")
    });
    let without = dashboard(&desk, &["--profile", "haneul-prod", "--no-cache"]);
    without.wait_until("nothing was told yet", |screen| screen.contains("ap-northeast-2") && !screen.contains("bastion"));

    std::fs::write(&kept()[0], text.replace("\"version\":1", "\"version\":9")).unwrap();
    let other = dashboard(&desk, &arguments);
    other.wait_until("a word of it", |screen| screen.contains("of another version of ec2dash") && !screen.contains("bastion"));

    std::fs::write(&kept()[0], &text).unwrap();
    std::fs::set_permissions(&kept()[0], std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
    let others = dashboard(&desk, &arguments);
    others.wait_until("a word of it", |screen| screen.contains("others could have written it") && !screen.contains("bastion"));
}

fn files(home: &Path, folder: &str) -> Vec<std::path::PathBuf> {
    let listed = std::fs::read_dir(home.join(folder)).into_iter().flatten().flatten();
    listed.map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "json")).collect()
}
