//! Fourteen places, of which ten are fine: what the list, the third page and the command line say of each of the others.

use std::collections::BTreeSet;

use super::*;
use crate::support::pty::Terminal;
use crate::support::tools::ClosedPort;

const PLACES: &str = "corp-*,partner,offline";
const DENIED: &str = "700000000003";
const THROTTLED: &str = "700000000004";

/// A company of twelve accounts, a partner whose session nobody has signed in to, and a region whose address nobody answers at.
async fn home(closed: &ClosedPort) -> Corp {
    let faults = [format!("{DENIED}/ec2:DescribeInstances=deny"), format!("{THROTTLED}/ec2:DescribeInstances=throttle:100%")];
    let options = ec2dash_sim::Options {
        fleet: FleetSource::Generated { instances: 48, regions: vec!["us-east-1".to_owned()], seed: 1 },
        accounts: 12,
        faults: faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect(),
        sign_in: "approval=given,interval=0s".parse::<SignInRules>().unwrap(),
        ..ec2dash_sim::Options::default()
    };
    let corp = Corp::of(options).await;
    // Not by a variable, which would stand above the address of the one that is offline.
    let at = |address: &str, rest: String| format!("region = us-east-1\nendpoint_url = {address}\n{rest}");
    let sso =
        |session: &str, account: &str| format!("sso_session = {session}\nsso_account_id = {account}\nsso_role_name = ReadOnly\n");
    let mut config = format!("[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = eu-central-1\n");
    config += "[sso-session partner]\nsso_start_url = https://partner.awsapps.com/start\nsso_region = eu-central-1\n";
    for account in ["100000000001".to_owned()].into_iter().chain((2..=12).map(|number| format!("7000000000{number:02}"))) {
        config += &format!("[profile corp-{account}]\n{}", at(corp.sim.endpoint(), sso("corp", &account)));
    }
    config += &format!("[profile partner]\n{}", at(corp.sim.endpoint(), sso("partner", "111111111111")));
    let keys = "aws_access_key_id = AKIAOFFLINE\naws_secret_access_key = none\n".to_owned();
    config += &format!("[profile offline]\n{}", at(&format!("http://127.0.0.1:{}", closed.number()), keys));
    fs::write(corp.path(".aws/config"), config).unwrap();
    let login = run(&corp, &["login", "--profile", &format!("corp-{DENIED}"), "--no-browser"]).await;
    assert!(login.status.success(), "{}", stderr(&login));
    corp
}

fn environment(corp: &Corp) -> Vec<(String, String)> {
    corp.environment(&[]).into_iter().filter(|(name, _)| name != "AWS_ENDPOINT_URL").collect()
}

async fn run(corp: &Corp, arguments: &[&str]) -> Output {
    let mut command = corp.command(arguments);
    command.env_clear().envs(environment(corp));
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_place_denied_one_throttled_one_offline_one_signed_out_and_ten_fine() {
    let closed = ClosedPort::new();
    let corp = home(&closed).await;

    let told = run(&corp, &["ls", "--profile", PLACES, "--region", "us-east-1", "-o", "json"]).await;

    assert_eq!(told.status.code(), Some(5), "{}", stderr(&told));
    let listed: Value = serde_json::from_slice(&told.stdout).unwrap_or_else(|_| panic!("{}", stderr(&told)));
    let rows = listed["instances"].as_array().unwrap();
    let accounts: BTreeSet<&str> = rows.iter().map(|row| row["account"].as_str().unwrap()).collect();
    assert_eq!((rows.len(), accounts.len()), (40, 10), "{accounts:?}");
    assert!(!accounts.contains(DENIED) && !accounts.contains(THROTTLED), "{accounts:?}");
    let warnings = listed["warnings"].as_array().unwrap();
    let mut said: Vec<_> = warnings.iter().map(|one| ["code", "account", "region"].map(|name| one[name].as_str())).collect();
    said.sort();
    let region = Some("us-east-1");
    assert_eq!(
        said,
        [
            [Some("access-denied"), Some(DENIED), None],
            [Some("sign-in-ended"), None, None],
            [Some("throttled"), Some(THROTTLED), region],
            [Some("unreachable"), None, region],
        ],
        "{warnings:?}"
    );
    let text = |code: &str| warnings.iter().find(|one| one["code"] == code).and_then(|one| one["text"].as_str()).unwrap();
    assert!(text("access-denied").starts_with(&format!("corp-{DENIED} is missing: ")), "{warnings:?}");
    assert!(text("throttled").starts_with(&format!("corp-{THROTTLED} us-east-1 is missing: ")), "{warnings:?}");
    assert!(text("unreachable").starts_with("offline us-east-1 is missing: "), "{warnings:?}");
    assert!(text("sign-in-ended").starts_with("partner is missing: "), "{warnings:?}");
    // The same four for people, and the worst of them as the failure.
    let people = stderr(&told);
    assert_eq!(people.lines().filter(|line| line.starts_with("warning[")).count(), 4, "{people}");
    assert_eq!(people.lines().filter(|line| line.starts_with("error[access-denied]")).count(), 1, "{people}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_third_page_has_a_line_for_each_place_that_is_not_fine_and_none_for_the_others() {
    let closed = ClosedPort::new();
    let corp = home(&closed).await;
    let arguments = ["--profile", PLACES, "--region", "us-east-1"];

    tokio::task::block_in_place(|| {
        let terminal = Terminal::start(ec2dash(), &arguments, &environment(&corp), (120, 40));
        terminal.wait_until("ten accounts", |screen| screen.contains("14 places") && screen.contains("40 of 40"));
        terminal.type_text("3");
        let lines = |screen: &str| -> Vec<String> {
            let lines = screen.lines().filter_map(|line| line.split_once("│ ! "));
            lines.map(|(_, line)| line.to_owned()).collect()
        };
        let screen = terminal.wait_until("four lines", |screen| lines(screen).len() >= 4);
        let expected = [
            (format!("corp-{DENIED} us-east-1: "), "ec2:DescribeInstances is"),
            (format!("corp-{THROTTLED} us-east-1: "), "AWS asks to slow down."),
            ("offline us-east-1: ".to_owned(), "Cannot reach "),
            ("partner us-east-1: ".to_owned(), "Not signed in to SSO session \"partner\"."),
        ];
        let lines = lines(&screen);
        assert_eq!(lines.len(), expected.len(), "{screen}");
        for (line, (place, what)) in lines.iter().zip(&expected) {
            assert!(line.starts_with(place) && line.contains(what), "{line}\n{screen}");
        }
        terminal.type_text("\x1b");
        terminal.wait_until("the list again", |screen| !screen.contains("Problems ─"));
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}
