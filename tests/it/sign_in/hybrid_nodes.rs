//! Machines outside EC2 that Systems Manager manages, as rows of a company's accounts.

use super::*;

const PLACE: [&str; 4] = ["--profile", "corp/555566667777/Admin", "--region", "eu-central-1"];

#[tokio::test(flavor = "multi_thread")]
async fn a_hybrid_node_is_a_row_with_the_ways_of_session_manager_and_can_be_left_out() {
    let corp = Corp::new("approval=given,interval=1s").await;
    corp.sign_in("prod").await.unwrap();
    let run = async |arguments: &[&str]| corp.run(&[&PLACE, arguments].concat()).await;
    let listed = async || -> Vec<Value> {
        let listed = run(&["ls", "-o", "json"]).await;
        let listed: Value = serde_json::from_slice(&listed.stdout).unwrap_or_else(|_| panic!("{}", stderr(&listed)));
        listed["instances"].as_array().unwrap().clone()
    };

    let rows = listed().await;
    let node = rows.iter().find(|row| row["name"] == "lab-pi").unwrap_or_else(|| panic!("{rows:?}"));
    let told = [&node["state"], &node["account"], &node["ssm"]["status"]].map(|value| value.as_str().unwrap());
    assert_eq!(told, ["hybrid", "555566667777", "online"]);
    let verdict =
        |method: &str| node["methods"].as_array().unwrap().iter().find(|own| own["method"] == method).unwrap()["verdict"].clone();
    assert_eq!(["ssm", "eic", "ssh"].map(verdict), ["likely", "not_applicable", "not_applicable"]);

    let plan = run(&["connect", "lab-pi", "--dry-run"]).await;
    let id = node["id"].as_str().unwrap();
    for step in [format!("ssm:DescribeInstanceInformation {id}"), format!("ssm:StartSession {id}")] {
        assert!(stdout(&plan).contains(&step), "{} {}", stdout(&plan), stderr(&plan));
    }
    // EC2 Instance Connect knows no such node: no key of it is made and then refused.
    let told = run(&["exec", "lab-pi", "--", "true"]).await;
    assert_eq!(corp.calls("SendSSHPublicKey"), 0, "{}", stderr(&told));

    fs::create_dir_all(corp.path(".config/ec2dash")).unwrap();
    fs::write(corp.path(".config/ec2dash/config.toml"), "hybrid = false\n").unwrap();
    let rows = listed().await;
    assert!(!rows.is_empty() && rows.iter().all(|row| row["name"] != "lab-pi"), "{rows:?}");
    assert_eq!(run(&["show", "lab-pi"]).await.status.code(), Some(3));
}
