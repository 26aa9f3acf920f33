//! The list of instances against an EC2 that we did not write.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::tools::{Service, ec2dash, free_port, python_tool, wait_for_port};

#[test]
fn the_list_is_that_of_boto3() {
    let port = free_port();
    let endpoint = format!("http://127.0.0.1:{port}");
    let mut server = Command::new(python_tool("moto_server"));
    server.args(["-H", "127.0.0.1", "-p", &port.to_string()]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _server = Service::start(&mut server);
    wait_for_port(port);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_opinion/moto_fleet.py");
    let boto3 = Command::new(python_tool("python")).args([script, &endpoint]).output().unwrap();
    assert!(boto3.status.success(), "{}", String::from_utf8_lossy(&boto3.stderr));
    let expected: Vec<Value> = serde_json::from_slice(&boto3.stdout).unwrap();
    let home = tempfile::tempdir().unwrap();

    let listed = Command::new(ec2dash())
        .args(["ls", "-o", "json", "--region", "ap-northeast-2", "--region", "us-east-1"])
        .env_clear()
        .env("HOME", home.path())
        .env("AWS_ENDPOINT_URL", &endpoint)
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .output()
        .unwrap();

    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let answer: Value = serde_json::from_slice(&listed.stdout).unwrap();
    let mut rows: Vec<Value> = answer["instances"].as_array().unwrap().iter().map(compared).collect();
    rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
    assert_eq!(expected.len(), 60);
    assert_eq!(rows, expected);
}

fn compared(row: &Value) -> Value {
    json!({
        "id": row["id"], "state": row["state"], "private_ip": row["private_ip"], "public_ip": row["public_ip"],
        "key_name": row["key_name"], "iam_profile": row["iam"]["profile"], "tags": row["tags"],
    })
}
