//! The first start in the homes that people have: it leads somewhere from each of them.

use super::*;
use crate::support::demo::{SMALL, put_card_away};
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

/// A home in which nothing is, not even the memory of an earlier start.
async fn nothing() -> Corp {
    let corp = Corp::new("interval=1s").await;
    fs::remove_dir_all(corp.path(".aws")).unwrap();
    fs::remove_dir_all(corp.path(".local")).unwrap();
    corp
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_at_all_the_way_leads_from_a_start_url_to_an_instance() {
    let corp = nothing().await;
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp, &[]);
        let screen = terminal.wait_for("No AWS credentials found, and no profile");
        for way in ["> 1 sign in", "  2 profile", "  3 demo"] {
            assert!(screen.contains(way), "{screen}");
        }
        assert!(!screen.contains("any key goes on"), "one card: {screen}");

        terminal.type_text("\r");
        terminal.wait_for("Sign in to your company");
        terminal.type_text("corp\r");
        terminal.wait_for("corp is no start URL");
        terminal.type_text("\x15corp.awsapps.com/start\r");
        terminal.wait_for("> Region");
        terminal.type_text("eu-central-1\r");
        let screen = terminal.wait_until("the code", |screen| dashboard::code(screen).is_some());
        assert!(screen.contains("Sign in to SSO session \"corp\""), "{screen}");
        corp.decide(&dashboard::code(&screen).unwrap(), "approve");
        terminal.wait_for("corp/444455556666/ReadOnly");
        terminal.type_text("444455556666/Read");
        terminal.wait_for("> corp/444455556666/ReadOnly");
        terminal.type_text("\r");
        terminal.wait_until("its head", |screen| screen.lines().next().is_some_and(|line| line.contains("corp/4444")));
        terminal.type_text("r");
        terminal.wait_for("type to search");
        terminal.type_text("Seoul\r");
        terminal.wait_for("orders-1");
        terminal.type_text("q");
        assert!(terminal.end().success());
        let again = dashboard(&corp, &["--profile", "corp/444455556666/ReadOnly"]);
        again.wait_until("the region of the last time", |screen| screen.contains("orders-1"));
        put_card_away(&again);
        again.type_text("q");
        assert!(again.end().success());
    });
    let again = corp.run(&["profiles", "--sso", "-o", "json"]).await;
    assert!(stdout(&again).contains("corp/444455556666/ReadOnly"), "the session is remembered: {}", stderr(&again));
    assert!(!corp.path(".aws/config").exists(), "no AWS file is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_at_all_the_demo_is_a_key_away_and_a_profile_made_meanwhile_another() {
    let corp = nothing().await;
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp, &[]);
        terminal.wait_for("3 demo");
        fs::create_dir_all(corp.path(".aws")).unwrap();
        fs::write(corp.path(".aws/config"), CONFIG).unwrap();
        terminal.type_text("2");
        terminal.wait_for("SSO corp · 444455556666");
        terminal.type_text("\x1b");
        terminal.wait_until("the card again", |screen| !screen.contains("SSO corp"));
        terminal.type_text("3");
        terminal.wait_for("DEMO");
        terminal.wait_for("any key goes on");
        terminal.type_text(" ");
        terminal.wait_for("bastion");
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_whose_session_is_signed_out_waits_on_the_screen_for_the_sign_in() {
    let corp = home(CONFIG).await;
    let arguments = ["--profile", "corp/*/ReadOnly", "--region", "ap-northeast-2"];
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp, &arguments);
        let screen = terminal.wait_for("Not signed in to SSO session \"corp\".");
        assert!(screen.contains("L signs in"), "{screen}");

        terminal.type_text("L");
        let screen = terminal.wait_until("the code", |screen| dashboard::code(screen).is_some());
        corp.decide(&dashboard::code(&screen).unwrap(), "approve");
        terminal.wait_until("all that fit", |screen| screen.contains("3 places") && screen.contains("orders-1"));
        terminal.type_text("q");
        assert!(terminal.end().success());

        fs::remove_file(corp.path(TOKEN)).unwrap();
        fs::remove_dir_all(corp.path(".cache/ec2dash/sso")).unwrap();
        let waiting = dashboard(&corp, &arguments);
        waiting.wait_for("Not signed in to SSO session \"corp\".");
        let mut login = Login::start(&mut corp.command(&["login", "--profile", "prod", "--no-browser"]));
        corp.decide(&login.code(), "approve");
        assert_eq!(login.end().0, Some(0));
        waiting.wait_until("all that fit, signed in elsewhere", |screen| screen.contains("3 places"));
        waiting.type_text("q");
        assert!(waiting.end().success());

        let none = dashboard(&corp, &["--profile", "corp/*/Nothing"]);
        none.wait_for("No profile fits corp/*/Nothing.");
        none.type_text("q");
        assert!(none.end().success());
    });
    let refused = corp.run(&["--profile", "nothing-*"]).await;
    assert_eq!(refused.status.code(), Some(2), "what no session could tell is wrong use: {}", stderr(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_broken_file_the_first_line_that_is_wrong_stays_on_the_first_screen_until_a_key() {
    let corp = home("[default]\nregion = ap-northeast-2\n[profile dev\nregion = eu-west-1\n[profile prod]\nnonsense\n").await;
    tokio::task::block_in_place(|| {
        let terminal = dashboard(&corp, &[]);
        let screen = terminal.wait_until("the body and the line", |screen| {
            screen.contains("No AWS credentials found.") && screen.contains(".aws/config line 3:")
        });
        assert!(!screen.contains("1 sign in"), "there is a profile: {screen}");

        terminal.type_text("j");

        terminal.wait_until("the line gone", |screen| !screen.contains(".aws/config line 3:"));
        terminal.type_text("3");
        terminal.wait_until("both of them", |screen| screen.contains("line 3:") && screen.contains("line 6:"));
        terminal.type_text("q");
        terminal.wait_for("No AWS credentials found.");
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}
