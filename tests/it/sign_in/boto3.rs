//! One sign-in for all tools: what boto3 makes of ours, and we of what boto3 has renewed.

use super::*;
use crate::support::tools::python_tool;

/// Who one is with the profile `prod`; a token that is due is renewed on the way, and written down as the AWS CLI does.
const WHO: &str = "import boto3; print(boto3.Session(profile_name='prod').client('sts').get_caller_identity()['Account'])";

#[tokio::test(flavor = "multi_thread")]
async fn boto3_renews_our_sign_in_and_we_renew_what_boto3_has_written() {
    // Ten minutes: everybody renews that at once.
    let corp = Corp::new("approval=given,interval=1s,token=10m").await;
    corp.sign_in("prod").await.unwrap();
    let ours = corp.token();
    let mut python = Command::new(python_tool("python"));
    python.args(["-c", WHO]).env_clear().envs(corp.environment(&[])).stdin(Stdio::null());

    let told = tokio::task::spawn_blocking(move || python.output().unwrap()).await.unwrap();

    assert_eq!(stdout(&told).trim(), PRODUCTION, "{}", stderr(&told));
    let theirs = corp.token();
    assert_ne!(theirs["accessToken"], ours["accessToken"], "boto3 has renewed it");
    let who = corp.run(&["whoami", "--profile", "prod", "-o", "json"]).await;
    let who: Value = serde_json::from_slice(&who.stdout).unwrap_or_else(|_| panic!("{}", stderr(&who)));
    assert_eq!(who["account"], PRODUCTION);
    assert_ne!(corp.token()["accessToken"], theirs["accessToken"], "we have renewed it again");
}
