//! The demo has an instance for each hard rule: one for which that rule fails.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::object;
use crate::proxy::Desk;

/// Instances, by the rule that fails for them: `h-` and the rule's id.
const LAB: &str = "lab";
/// Those that the account itself is in the way of.
const STRICT: &str = "lab-strict";
const OF_THE_ACCOUNT: [&str; 4] = ["SER-1", "SSM-20", "SSM-23", "SSM-24"];

/// What no instance can show, and why.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("this computer decides", &["ADDR-2", "GEN-9", "LOC-1", "SSH-5"]),
    ("in a region that is off nothing is listed", &["GEN-2"]),
    ("a wish decides: the address, the user, the port, the jump host", &["ADDR-7", "BAST-1", "BAST-3", "BAST-4", "BAST-5"]),
    ("a wish decides: the user, the port, the endpoint", &["EIC-9", "EICE-4", "NET-11"]),
    ("what a tunnel is to forward decides", &["PFWD-1", "PFWD-2", "PFWD-4"]),
    (
        "the caller's own policies decide, and those are simulated on request",
        &["EICE-12", "IAM-2", "IAM-3", "IAM-4", "IAM-5", "IAM-6", "IAM-7", "IAM-9", "SSM-22"],
    ),
];

/// Every hard rule that can fail, as the manual has it.
fn hard_rules() -> BTreeSet<String> {
    let manual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md")).unwrap();
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = manual.lines().filter(|line| line.starts_with("| ")).map(cells);
    let is_hard = |cells: &Vec<String>| matches!(cells.as_slice(), [_, _, hard, fail, ..] if hard == "H" && fail == "fail");
    rows.filter(is_hard).filter_map(|cells| cells.into_iter().nth(1)).collect()
}

/// The rules that fail for an instance, whatever the way.
fn failing(desk: &Desk, name: &str, profile: &str) -> BTreeSet<String> {
    let (_, object) = object(desk, &[name, "--profile", profile, "--from", "203.0.113.9"]);
    let all = object["methods"].as_array().unwrap().iter().flat_map(|way| way["findings"].as_array().unwrap());
    let failed = all.filter(|finding| finding["outcome"] == "fail");
    failed.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_hard_rule_fails_for_an_instance_of_the_demo() {
    let desk = Desk::new(&[]).await;
    let hard = hard_rules();
    assert!(hard.len() > 40, "{hard:?}");
    let elsewhere: BTreeSet<String> =
        ELSEWHERE.iter().flat_map(|(_, rules)| rules.iter()).map(|rule| (*rule).to_owned()).collect();
    let shown: Vec<&String> = hard.difference(&elsewhere).collect();
    assert_eq!(elsewhere.difference(&hard).collect::<Vec<_>>(), Vec::<&String>::new(), "no hard rule that can fail");

    let seen = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for part in shown.chunks(shown.len().div_ceil(4)) {
            let (desk, seen) = (&desk, &seen);
            scope.spawn(move || {
                for rule in part {
                    let profile = if OF_THE_ACCOUNT.contains(&rule.as_str()) { STRICT } else { LAB };
                    let failing = failing(desk, &format!("h-{}", rule.to_lowercase()), profile);
                    seen.lock().unwrap().insert((*rule).clone(), failing);
                }
            });
        }
    });

    let missing: Vec<(String, BTreeSet<String>)> =
        seen.into_inner().unwrap().into_iter().filter(|(rule, failing)| !failing.contains(rule)).collect();
    assert_eq!(missing, Vec::new(), "the instance of each rule, and what fails for it");
}
