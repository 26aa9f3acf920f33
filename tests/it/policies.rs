//! The policies that `policy` writes, in the eyes of an IAM that we did not write: they keep its grammar, let through what they say, and not
//! what stands beside it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::tools::{ec2dash, python_tool};

const INSTANCE: &str = "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0";
const ELSEWHERE: &str = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
const HYBRID: &str = "arn:aws:ssm:eu-west-1:123456789012:managed-instance/mi-0123456789abcdef0";
const SHELL: &str = "arn:aws:ssm:eu-west-1:123456789012:document/SSM-SessionManagerRunShell";
const SSH: &str = "arn:aws:ssm:eu-west-1::document/AWS-StartSSHSession";
const PORT: &str = "arn:aws:ssm:eu-west-1::document/AWS-StartPortForwardingSession";
const ENDPOINT: &str = "arn:aws:ec2:eu-west-1:123456789012:instance-connect-endpoint/eice-1";
const OTHER_ENDPOINT: &str = "arn:aws:ec2:us-east-1:123456789012:instance-connect-endpoint/eice-1";
const GROUP: &str = "arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1";
const UPDATE: &str = "arn:aws:ssm:eu-west-1::document/AWS-UpdateSSMAgent";
const SCRIPT: &str = "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript";

/// A request and whether it is let through.
type Request = (&'static str, &'static str, Value, bool);

fn written(arguments: &[&str]) -> Value {
    let output = Command::new(ec2dash()).arg("policy").args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn cases() -> Vec<(Vec<&'static str>, Vec<Request>)> {
    let at = ["--region", "eu-west-1", "--account", "123456789012"];
    let tagged = |user: &str, team: &str| json!({"ec2:osuser": user, "aws:ResourceTag/team": team});
    let team = |team: &str| json!({"ssm:resourceTag/team": team});
    let none = || json!({});
    let push = "ec2-instance-connect:SendSSHPublicKey";
    let serial = "ec2-instance-connect:SendSerialConsoleSSHPublicKey";
    vec![
        (
            [["connect-eic", "--user", "ec2-user", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                (push, INSTANCE, tagged("ec2-user", "payments"), true),
                (push, INSTANCE, tagged("root", "payments"), false),
                (push, INSTANCE, tagged("ec2-user", "search"), false),
                (push, ELSEWHERE, tagged("ec2-user", "payments"), false),
                ("ec2:DescribeInstances", "*", none(), true),
                ("ec2-instance-connect:OpenTunnel", INSTANCE, tagged("ec2-user", "payments"), false),
                ("ec2:RunInstances", "*", none(), false),
            ],
        ),
        (
            [["connect-ssm", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                ("ssm:StartSession", INSTANCE, team("payments"), true),
                ("ssm:StartSession", INSTANCE, team("search"), false),
                ("ssm:StartSession", ELSEWHERE, team("payments"), false),
                ("ssm:StartSession", SHELL, none(), true),
                ("ssm:StartSession", SSH, none(), false),
                ("ssm:SendCommand", INSTANCE, team("payments"), false),
                ("ssm:GetConnectionStatus", "*", none(), true),
            ],
        ),
        (
            [["connect-ssm-ssh", "--user", "ec2-user", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                ("ssm:StartSession", INSTANCE, team("payments"), true),
                ("ssm:StartSession", INSTANCE, team("search"), false),
                ("ssm:StartSession", SSH, none(), true),
                ("ssm:StartSession", PORT, none(), true),
                ("ssm:StartSession", SHELL, none(), false),
                (push, INSTANCE, tagged("ec2-user", "payments"), true),
                (push, INSTANCE, tagged("root", "payments"), false),
            ],
        ),
        (
            [["connect-eice", "--user", "ec2-user", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                ("ec2-instance-connect:OpenTunnel", ENDPOINT, none(), true),
                ("ec2-instance-connect:OpenTunnel", OTHER_ENDPOINT, none(), false),
                ("ec2:DescribeInstanceConnectEndpoints", "*", none(), true),
                (push, INSTANCE, tagged("ec2-user", "payments"), true),
                (push, INSTANCE, tagged("ec2-user", "search"), false),
                ("ssm:StartSession", INSTANCE, team("payments"), false),
                ("ec2:CreateInstanceConnectEndpoint", "*", none(), false),
            ],
        ),
        (
            [["connect-serial", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                (serial, INSTANCE, tagged("root", "payments"), true),
                (serial, INSTANCE, tagged("root", "search"), false),
                (serial, ELSEWHERE, tagged("root", "payments"), false),
                ("ec2:GetSerialConsoleAccessStatus", "*", none(), true),
                ("ec2:EnableSerialConsoleAccess", "*", none(), false),
                (push, INSTANCE, tagged("ec2-user", "payments"), false),
            ],
        ),
        (
            [["connect-rdp", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                ("ec2:GetPasswordData", INSTANCE, tagged("root", "payments"), true),
                ("ec2:GetPasswordData", INSTANCE, tagged("root", "search"), false),
                ("ssm:StartSession", INSTANCE, team("payments"), true),
                ("ssm:StartSession", PORT, none(), true),
                ("ssm:StartSession", SSH, none(), false),
                ("ssm:StartSession", SHELL, none(), false),
            ],
        ),
        (
            [["fix"].as_slice(), &at].concat(),
            vec![
                ("ec2:AuthorizeSecurityGroupIngress", GROUP, none(), true),
                ("ec2:StartInstances", INSTANCE, none(), true),
                ("ec2:StartInstances", ELSEWHERE, none(), false),
                ("ssm:SendCommand", UPDATE, none(), true),
                ("ssm:SendCommand", HYBRID, none(), true),
                ("ssm:SendCommand", SCRIPT, none(), false),
                ("ec2:TerminateInstances", INSTANCE, none(), false),
                ("ec2:RunInstances", "*", none(), false),
                ("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/web", none(), false),
                ("iam:CreateUser", "*", none(), false),
            ],
        ),
        (
            [["fix-keys", "--tag", "team=payments"].as_slice(), &at].concat(),
            vec![
                ("ssm:SendCommand", INSTANCE, team("payments"), true),
                ("ssm:SendCommand", INSTANCE, team("search"), false),
                ("ssm:SendCommand", ELSEWHERE, team("payments"), false),
                ("ssm:SendCommand", HYBRID, team("payments"), true),
                ("ssm:SendCommand", HYBRID, team("search"), false),
                ("ssm:SendCommand", SCRIPT, none(), true),
                ("ssm:SendCommand", UPDATE, none(), false),
                ("ssm:ListCommandInvocations", "*", none(), true),
                ("ec2:AuthorizeSecurityGroupIngress", GROUP, none(), false),
            ],
        ),
        (
            vec!["agent"],
            vec![
                ("ssmmessages:OpenDataChannel", "*", none(), true),
                ("ssm:UpdateInstanceInformation", "*", none(), true),
                ("ssm:GetParameter", "*", none(), false),
                ("ssm:StartSession", INSTANCE, none(), false),
                ("s3:GetObject", "*", none(), false),
            ],
        ),
        (vec!["deny-ssh-over-ssm"], vec![("ssm:StartSession", SSH, none(), false)]),
        (
            vec!["read"],
            vec![
                ("ec2:DescribeInstances", "*", none(), true),
                ("ec2:DescribeNetworkAcls", "*", none(), true),
                ("iam:GetRolePolicy", "arn:aws:iam::123456789012:role/web", none(), true),
                ("ssm:StartSession", INSTANCE, none(), false),
                ("ec2:StartInstances", INSTANCE, none(), false),
                ("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/web", none(), false),
                ("ec2:AuthorizeSecurityGroupIngress", "*", none(), false),
            ],
        ),
    ]
}

#[test]
fn each_lets_through_what_it_says_and_nothing_beside_it() {
    let cases = cases();
    let asked: Vec<Value> = cases
        .iter()
        .map(|(arguments, requests)| {
            let requests: Vec<Value> = requests
                .iter()
                .map(
                    |(action, resource, conditions, _)| json!({"action": action, "resource": resource, "conditions": conditions}),
                )
                .collect();
            json!({"document": written(arguments), "requests": requests})
        })
        .collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_opinion/policies.py");
    let mut moto = Command::new(python_tool("python"));
    let mut moto = moto.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    moto.stdin.take().unwrap().write_all(serde_json::to_string(&asked).unwrap().as_bytes()).unwrap();
    let output = moto.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();

    for ((arguments, requests), told) in cases.iter().zip(&told) {
        assert_eq!(told["flaw"], Value::Null, "{arguments:?}");
        for ((action, resource, conditions, is_let), said) in requests.iter().zip(told["let"].as_array().unwrap()) {
            assert_eq!(said, is_let, "{arguments:?}: {action} {resource} {conditions}");
        }
    }
}

/// A denial wins over whatever else somebody has.
#[test]
fn the_denial_denies_the_document_and_nothing_else() {
    let document = written(&["deny-ssh-over-ssm"]);
    let [statement] = document["Statement"].as_array().unwrap().as_slice() else { panic!("{document}") };
    assert_eq!((&statement["Effect"], &statement["Action"]), (&json!("Deny"), &json!("ssm:StartSession")));
    assert_eq!(statement["Resource"], "arn:aws:ssm:*:*:document/AWS-StartSSHSession");
}
