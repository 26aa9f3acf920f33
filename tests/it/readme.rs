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
fn the_policy_names_every_action_that_is_called_and_no_other() {
    let readme = include_str!("../../README.md");
    let mut named: Vec<&str> = readme
        .split('"')
        .filter(|word| {
            ["ec2:Describe", "ssm:", "ssmmessages:", "kms:", "iam:", "ec2-instance-connect:Send"]
                .iter()
                .any(|start| word.starts_with(start))
        })
        .collect();
    named.sort_unstable();

    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/aws")).unwrap();
    let code: String = sources.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default()).collect();
    // What an agent needs is judged by its role, and never called.
    let starts = [
        "ec2:Describe",
        "ssm:Describe",
        "ssm:Send",
        "ssm:List",
        "ssm:Get",
        "ssm:Start",
        "ssm:Resume",
        "ssm:Terminate",
        "ssm:Cancel",
        "ssmmessages:OpenData",
        "kms:",
        "iam:Get",
        "iam:List",
        "ec2-instance-connect:Send",
    ];
    let mut called: Vec<&str> = code.split('"').filter(|word| starts.iter().any(|start| word.starts_with(start))).collect();
    called.sort_unstable();
    called.dedup();

    assert_eq!(named, called);
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
