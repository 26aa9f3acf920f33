//! The README says what the program does.

use std::fs;
use std::process::Command;

use crate::support::tools::ec2dash;

#[test]
fn the_key_table_is_the_one_the_program_prints() {
    let printed = String::from_utf8(Command::new(ec2dash()).args(["config", "keys"]).output().unwrap().stdout).unwrap();
    let mut lines = printed.lines();
    let head = lines.next().unwrap();
    let [keys, place, does] = ["KEYS", "WHERE", "DOES"].map(|title| head.find(title).unwrap());

    let rows = lines.map(|line| {
        let cell = |from: usize, to: usize| line.chars().skip(from).take(to - from).collect::<String>().trim().to_owned();
        let bound: Vec<String> = cell(keys, place).split(' ').map(|key| format!("`{key}`")).collect();
        format!("| {} | `{}` | {} | {} |", bound.join(" "), cell(0, keys), cell(place, does), cell(does, line.len()))
    });

    let table = rows.collect::<Vec<_>>().join("\n");
    assert_eq!(told("| Keys | Command | Where | Does |\n|---|---|---|---|\n", "\n\n", &table), table);
}

#[test]
fn the_policy_is_made_of_the_calls_and_where_each_is_declared_to_belong() {
    let policy = serde_json::to_string_pretty(&ec2dash::aws::policy()).unwrap();

    assert_eq!(told("a denied one is named where its answer would stand.\n\n```json\n", "\n```\n", &policy), policy);
}

#[test]
fn every_call_but_the_one_that_everybody_may_make_is_in_the_policy_once() {
    let policy = serde_json::to_string(&ec2dash::aws::policy()).unwrap();

    for call in ec2dash::aws::CALLS {
        let count = policy.matches(&format!("\"{}\"", call.action)).count();
        assert_eq!(count, usize::from(call.action != "sts:GetCallerIdentity"), "{}", call.action);
    }
}

/// What stands in the README between two texts. With `UPDATE_README=1` in the environment `right` is written there.
fn told(after: &str, before: &str, right: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (head, rest) = readme.split_once(after).unwrap();
    let (told, tail) = rest.split_once(before).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path, format!("{head}{after}{right}{before}{tail}")).unwrap();
        return right.to_owned();
    }
    told.to_owned()
}
