//! The policies that `policy` writes, in the eyes of an IAM that we did not write: they keep its grammar, let through what they say, and not
//! what stands beside it.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::tools::{ec2dash, python_tool};

const INSTANCE: &str = "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0";
const ELSEWHERE: &str = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
const SHELL: &str = "arn:aws:ssm:eu-west-1:123456789012:document/SSM-SessionManagerRunShell";
const SSH: &str = "arn:aws:ssm:eu-west-1::document/AWS-StartSSHSession";

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
