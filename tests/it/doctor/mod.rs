//! `doctor`: every rule that was looked at, by its id, with what it saw, and an exit code for scripts.

mod examined;
mod forwarded;
mod hard_rules;
mod report;
mod tested;
mod ways_out;
mod worlds;

use std::process::Output;

use ec2dash_sim::fleet::State;
use serde_json::Value;

use crate::proxy::{Desk, WEB};

fn doctor(desk: &Desk, more: &[&str]) -> Output {
    desk.plain(&[&["doctor"], more].concat()).output().unwrap()
}

fn object(desk: &Desk, more: &[&str]) -> (Option<i32>, Value) {
    let output = doctor(desk, &[more, &["-o", "json"]].concat());
    let object = serde_json::from_slice(&output.stdout);
    (output.status.code(), object.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))))
}

/// The findings of one way, each as `RULE code outcome`.
fn findings(object: &Value, method: &str) -> Vec<String> {
    let methods = object["methods"].as_array().unwrap();
    let way = methods.iter().find(|way| way["method"] == method).unwrap_or_else(|| panic!("no {method}"));
    let word = |finding: &Value, name: &str| finding[name].as_str().unwrap_or("?").to_owned();
    let all = way["findings"].as_array().unwrap().iter();
    all.map(|one| format!("{} {} {}", word(one, "rule"), word(one, "code"), word(one, "outcome"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_holds_is_told_with_its_rule_and_what_it_saw() {
    let desk = Desk::new(&[]).await;

    let (code, object) = object(&desk, &["web-1"]);

    assert_eq!((code, &object["schema"], &object["instance"]["id"]), (Some(0), &Value::from(1), &Value::from(WEB)));
    assert_eq!(object["best"], "ssm");
    for (method, finding) in [
        ("ssm", "GEN-4 instance-running pass"),
        ("ssm", "SSM-2 ssm-agent-online pass"),
        ("ssm", "SSM-4 ssm-channel-open pass"),
        ("eice", "EICE-6 eice-group-open pass"),
        ("eic", "EIC-3 eic-metadata-on pass"),
    ] {
        assert!(findings(&object, method).contains(&finding.to_owned()), "{finding}: {:?}", findings(&object, method));
    }
    let all = object["methods"].as_array().unwrap().iter().flat_map(|way| way["findings"].as_array().unwrap());
    let mut seen = 0;
    for finding in all {
        assert!(["H", "S", "I"].contains(&finding["severity"].as_str().unwrap()), "{finding}");
        assert!(!finding["text"].as_str().unwrap().is_empty() && finding["evidence"].is_object(), "{finding}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
    assert_eq!(desk.calls("ssm:GetConnectionStatus"), 1);
    assert_eq!(desk.calls("ssm:StartSession") + desk.calls("ec2-instance-connect:SendSSHPublicKey"), 0, "nothing is opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_way_leads_in_the_code_is_6_and_the_cause_comes_first() {
    let desk = Desk::new(&[]).await;
    desk.sim.edit(|fleet| {
        let all = fleet.accounts.iter_mut().flat_map(|account| &mut account.instances);
        for instance in all.filter(|instance| instance.id == WEB) {
            instance.state = State::Stopped;
        }
    });

    let (code, object) = object(&desk, &["web-1"]);

    assert_eq!((code, &object["best"]), (Some(6), &Value::Null));
    assert_eq!(findings(&object, "ssm").first().map(String::as_str), Some("GEN-4 instance-stopped fail"));
    let way = &object["methods"][0];
    assert_eq!(way["findings"][0]["fixes"][0]["id"], "FX-START");
    let output = doctor(&desk, &["web-1"]);
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("No way in is known to work.") && page.contains("✗ the instance is stopped"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_not_connected_closes_session_manager() {
    let desk = Desk::new(&["ssm:GetConnectionStatus=deny"]).await;

    let (code, object) = object(&desk, &["web-1"]);

    assert_eq!(code, Some(0));
    assert!(findings(&object, "ssm").contains(&"SSM-4 ssm-channel-unseen unknown".to_owned()), "a denied call is no No");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_addresses_of_one_family_are_refused_and_so_are_forms_of_a_list() {
    let desk = Desk::new(&[]).await;
    for (words, said) in [
        (vec!["web-1", "--from", "203.0.113.9", "--from", "198.51.100.7"], "198.51.100.7"),
        (vec!["web-1", "--from", "nowhere"], "nowhere"),
        (vec!["web-1", "--from", "0.0.0.0"], "0.0.0.0"),
        (vec!["web-1", "--from", "::1"], "::1"),
        (vec!["web-1", "-o", "csv"], "-o json"),
    ] {
        let output = doctor(&desk, &words);

        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
