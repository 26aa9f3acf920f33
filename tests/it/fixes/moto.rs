//! The fix of a group against an EC2 that we did not write: what boto3 tells of the group before it and after `undo` is equal.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::support::moto::Moto;
use crate::support::tools::ec2dash;

#[test]
fn moto_has_the_same_group_before_a_fix_and_after_it_is_undone() {
    let moto = Moto::start();
    let home = tempfile::tempdir().unwrap();
    let boto3 = |words: &[&str]| moto.boto3("moto_fixes.py", words);
    let run = |arguments: &[&str]| -> Output {
        let mut command = Command::new(ec2dash());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", home.path());
        command.env("AWS_ENDPOINT_URL", &moto.endpoint).env("AWS_REGION", "us-east-1");
        command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
        command.args(arguments).stdin(Stdio::null()).output().unwrap()
    };
    let built = boto3(&["build"]);
    let (instance, group) = (built["instance"].as_str().unwrap(), built["group"].as_str().unwrap());
    let before = boto3(&["group", group]);

    let (from, list, word) = ("203.0.113.9", "IpRanges", "CidrIp");
    let told = run(&["doctor", instance, "--from", from, "--fix", "FX-SG-MYIP", "--yes"]);

    let said = String::from_utf8_lossy(&told.stderr);
    assert_eq!(told.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&told.stdout));
    let opened = boto3(&["group", group]);
    let permissions = opened["IpPermissions"].as_array().unwrap();
    let ours = permissions.iter().flat_map(|own| own[list].as_array().unwrap());
    let ours: Vec<&Value> = ours.filter(|range| range[word].as_str().unwrap().starts_with(from)).collect();
    assert_eq!(ours.len(), 1, "{opened}");
    assert!(ours[0]["Description"].as_str().unwrap().starts_with("ec2dash 20"), "{opened}");
    let undone = run(&["undo", "1", "--yes"]);
    assert_eq!(undone.status.code(), Some(0), "{}", String::from_utf8_lossy(&undone.stderr));
    assert_eq!(boto3(&["group", group]), before);
}
