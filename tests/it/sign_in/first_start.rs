//! The first start in the homes that people have: it leads somewhere from each of them.

use super::*;
use crate::support::demo::SMALL;
use crate::support::pty::Terminal;

/// A default profile that has keys and no region, beside two that have one.
const WITHOUT_REGION: &str = "[default]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = x
[profile dev]
region = eu-west-1
[profile prod]
region = us-east-1
";

async fn home(config: &str) -> Corp {
    let corp = Corp::new("interval=1s").await;
    fs::write(corp.path(".aws/config"), config).unwrap();
    corp
}

fn dashboard(corp: &Corp, arguments: &[&str]) -> Terminal {
    Terminal::start(ec2dash(), arguments, &corp.environment(&[]), SMALL)
}

#[tokio::test(flavor = "multi_thread")]
async fn with_sso_profiles_alone_enter_on_one_of_them_signs_in_and_lists() {
    let corp = home(CONFIG).await;
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp, &[]);
        let screen = terminal.wait_for("Enter use, signs in if needed");
        let line = |name: &str| screen.lines().find(|line| line.contains(name)).unwrap().to_owned();
        assert!(line("  prod ").contains("SSO corp · 444455556666") && line("  prod ").contains("✗ not signed in"), "{screen}");

        terminal.type_text("prod\r");
        let screen = terminal.wait_until("the code", |screen| dashboard::code(screen).is_some());
        corp.decide(&dashboard::code(&screen).unwrap(), "approve");
        terminal.wait_for("orders-1");
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_default_profile_without_a_region_those_that_have_one_are_named() {
    let corp = home(WITHOUT_REGION).await;

    let listed = corp.run(&["ls"]).await;

    assert_eq!(listed.status.code(), Some(2));
    assert!(stderr(&listed).ends_with("Profiles that have one: dev, prod\n"), "{}", stderr(&listed));
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp, &[]);
        let screen = terminal.wait_for("Profiles that have one: dev, prod.");
        assert!(screen.contains("No region is set for profile default.") && screen.contains("> ap-northeast-1"), "{screen}");
        terminal.type_text("\x1b");
        terminal.wait_until("the end of the dialog", |screen| !screen.contains("type to search"));
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}
