//! The README says what the program does.

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

    let readme = include_str!("../../README.md");
    let missing: Vec<String> = rows.filter(|row| !readme.contains(row)).collect();
    assert!(missing.is_empty(), "the README lacks:\n{}", missing.join("\n"));
    let count = readme.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(count, printed.lines().count() - 1, "the README has keys that are none");
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
