//! The list of instances against an EC2 that we did not write.

use std::process::Command;

use serde_json::{Value, json};

use crate::support::moto::Moto;
use crate::support::tools::ec2dash;

#[test]
fn the_list_is_that_of_boto3() {
    let moto = Moto::start();
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".ssh/made")).unwrap();
    let expected = moto.boto3("moto_fleet.py", [home.path().join(".ssh/made")]);
    let expected = expected.as_array().unwrap();
    let run = |arguments: &[&str]| -> Value {
        let ran = Command::new(ec2dash())
            .args(arguments)
            .args(["-o", "json"])
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", home.path())
            .env("AWS_ENDPOINT_URL", &moto.endpoint)
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing")
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        serde_json::from_slice(&ran.stdout).unwrap()
    };

    let answer = run(&["ls", "--region", "ap-northeast-2", "--region", "us-east-1"]);

    let mut rows: Vec<Value> = answer["instances"].as_array().unwrap().iter().map(compared).collect();
    rows.sort_by_key(|row| row["id"].as_str().unwrap().to_owned());
    assert_eq!(expected.len(), 60);
    assert_eq!(rows, *expected);
    // A pair of the same name is another one in each region.
    for region in ["ap-northeast-2", "us-east-1"] {
        let is_one = |row: &&Value| row["key_name"] == "team-prod" && row["region"] == region && row["state"] == "running";
        let row = answer["instances"].as_array().unwrap().iter().find(is_one).unwrap();
        let shown = run(&["show", "--region", region, row["id"].as_str().unwrap()]);

        let file = home.path().join(".ssh/made").join(region);
        assert_eq!(shown["key"], json!({"pair": "team-prod", "file": file, "by": "public_key", "needs": "mode"}), "{shown}");
    }
}

fn compared(row: &Value) -> Value {
    json!({
        "id": row["id"], "state": row["state"], "private_ip": row["private_ip"], "public_ip": row["public_ip"],
        "key_name": row["key_name"], "iam_profile": row["iam"]["profile"], "tags": row["tags"],
    })
}
