//! `doctor --test`: what only trying shows, said before it is tried.

use serde_json::Value;

use super::findings;
use crate::proxy::Desk;

/// What is said with the rules of the simulated cloud, by which its instances are on loopback: nothing else is connected to.
fn tested(desk: &Desk) -> (Option<i32>, Value, String) {
    let output = desk.command(&["doctor", "web-1", "--test", "-o", "json"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{said}")), said)
}

fn has(object: &Value, method: &str, finding: &str) -> bool {
    findings(object, method).contains(&finding.to_owned())
}

fn verdict<'a>(object: &'a Value, method: &str) -> &'a str {
    let methods = object["methods"].as_array().unwrap();
    methods.iter().find(|own| own["method"] == method).unwrap()["verdict"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_is_tried_and_what_was_begun_is_ended() {
    let desk = Desk::new(&[]).await;

    let (code, object, said) = tested(&desk);

    assert_eq!(code, Some(0));
    for announced in
        ["iam:SimulatePrincipalPolicy", "connect to 127.0.0.1 port ", "open a tunnel by eice-", "(ssm:StartSession) and end it"]
    {
        assert!(said.contains(announced), "{announced}: {said}");
    }
    for (method, finding) in [
        ("ssm", "IAM-3 permission-given pass"),
        ("ssm", "IAM-8 permission-given pass"),
        ("ssm", "SSM-4 probe-session-open pass"),
        ("ssm-ssh", "IAM-4 permission-given pass"),
        ("eice", "IAM-6 permission-given pass"),
        ("eice", "EICE-15 probe-tunnel-open pass"),
        ("eic", "IAM-2 permission-given pass"),
        ("eic", "SSH-12 probe-banner pass"),
        ("serial", "IAM-7 permission-given pass"),
    ] {
        assert!(has(&object, method, finding), "{finding}: {:?}", findings(&object, method));
    }
    assert_eq!([verdict(&object, "ssm"), verdict(&object, "eice"), verdict(&object, "eic")], ["works", "works", "likely"]);
    assert_eq!(desk.calls("iam:SimulatePrincipalPolicy"), 2);
    assert_eq!((desk.calls("ssm:StartSession"), desk.calls("ssm:TerminateSession")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_policies_deny_closes_the_way_before_anybody_tries_it() {
    for (denied, method, finding) in [
        ("ssm:StartSession", "ssm", "IAM-3 permission-denied fail"),
        ("ssm:StartSession", "ssm-ssh", "IAM-4 permission-denied fail"),
        ("ec2-instance-connect:SendSSHPublicKey", "eic", "IAM-2 permission-denied fail"),
        ("ec2-instance-connect:OpenTunnel", "eice", "IAM-6 permission-denied fail"),
        ("ec2-instance-connect:SendSerialConsoleSSHPublicKey", "serial", "IAM-7 permission-denied fail"),
        ("ssm:TerminateSession", "ssm", "IAM-8 permission-limited warn"),
    ] {
        let desk = Desk::new(&[&format!("{denied}=deny")]).await;

        let (_, object, _) = tested(&desk);

        assert!(has(&object, method, finding), "{denied}: {:?}", findings(&object, method));
    }
}
