//! A list of several pages whose credentials end between two of them: it goes on where it stopped, or after another sign-in.

use std::collections::BTreeSet;

use super::*;
use crate::support::pty::Terminal;

const INSTANCES: usize = 2_500;
const RULES: &str = "approval=given,interval=1s";
/// The third page is refused.
const EXPIRES: &str = "ec2:DescribeInstances=error:ExpiredTokenException@3";
const MANY: &str = "[profile many]
region = us-east-1
sso_session = corp
sso_account_id = 100000000001
sso_role_name = Admin
[sso-session corp]
sso_region = eu-central-1
sso_start_url = https://corp.awsapps.com/start
";

/// A company with an account of three pages.
async fn corp(faults: &[&str]) -> Corp {
    let options = ec2dash_sim::Options {
        fleet: FleetSource::Generated { instances: INSTANCES, regions: vec!["us-east-1".to_owned()], seed: 7 },
        faults: faults.iter().map(|fault| fault.parse::<Fault>().unwrap()).collect(),
        sign_in: RULES.parse::<SignInRules>().unwrap(),
        accounts: 1,
        ..ec2dash_sim::Options::default()
    };
    let corp = Corp::of(options).await;
    fs::write(corp.path(".aws/config"), MANY).unwrap();
    corp.sign_in("many").await.unwrap();
    corp
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_refused_for_old_credentials_is_asked_for_with_new_ones_and_the_list_is_whole() {
    let corp = corp(&[EXPIRES]).await;

    let told = corp.run(&["ls", "--profile", "many", "-o", "ids"]).await;

    assert!(told.status.success(), "{}", stderr(&told));
    let (told, lines) = (stdout(&told), stdout(&told).lines().count());
    let ids: BTreeSet<&str> = told.lines().collect();
    assert_eq!((ids.len(), lines), (INSTANCES, INSTANCES), "none is missing, and none stands there twice");
    assert_eq!((corp.calls("DescribeInstances"), corp.calls("GetRoleCredentials")), (4, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_whose_sign_in_ends_between_two_pages_keeps_them_and_is_whole_after_another_one() {
    let corp = corp(&["ec2:DescribeInstances=delay:3s@2", EXPIRES]).await;
    tokio::task::block_in_place(|| {
        let arguments = ["--profile", "many", "--no-cache"];
        let terminal = Terminal::start(ec2dash(), &arguments, &corp.environment(&[]), crate::support::demo::SMALL);
        terminal.wait_for("● run");
        corp.sim.revoke_sign_ins();

        let screen = terminal.wait_for("L signs in again (opens the browser; a code is shown to compare).");
        assert!(screen.contains("2,000/2,000"), "{screen}");
        terminal.type_text("L");
        terminal.wait_for("2,500/2,500");
        terminal.type_text("q");
        assert!(terminal.end().success());
    });
}
