//! `ec2dash licenses` has the licence of every crate that is in the program.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{shipped, texts};
use crate::support::printed::Printed;
use crate::support::tools::ec2dash;

const FILE: &str = "assets/third-party-licenses.txt";

/// What we build for; each has some crates of its own.
const TARGETS: [&str; 5] = [
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
];

#[test]
fn every_crate_in_the_program_is_named_with_its_version() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    // Downloads what other computers need: not for a test, and not without being asked.
    if std::env::var_os("UPDATE_LICENSES").is_some() {
        let all: BTreeSet<_> = TARGETS.into_iter().flat_map(|target| shipped(Some(target))).collect();
        fs::write(&path, texts::gathered(&all)).unwrap();
    }

    let told = fs::read_to_string(&path).unwrap();
    let named: BTreeSet<&str> = told.lines().filter_map(|line| line.strip_prefix("  * ")).collect();
    let here = shipped(None);
    assert!(here.len() > 100, "{here:?}");
    let missing: Vec<String> = here
        .iter()
        .map(|package| format!("{} {}", package.name, package.version))
        .filter(|package| !named.contains(package.as_str()))
        .collect();
    assert_eq!(missing, [""; 0], "UPDATE_LICENSES=1 ./tests/run licenses gathers them again");
}

#[test]
fn a_licence_stands_there_once_and_whole() {
    let told = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).unwrap();

    assert_eq!(
        told.matches("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION").count(),
        told.matches("END OF TERMS").count()
    );
    for sentence in [
        "THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND",
        "Redistributions in binary form must reproduce the above copyright",
        "Mozilla Public License Version 2.0",
        "UNICODE LICENSE V3",
        "Permission to use, copy, modify, and/or distribute this software",
    ] {
        assert!(told.contains(sentence), "{sentence}");
    }
    let hidden = told.chars().find(|character| ec2dash::model::is_hidden(*character) && *character != '\n');
    assert_eq!(hidden, None);
}

#[test]
fn the_program_prints_the_licences_and_a_reader_that_has_enough_ends_it_quietly() {
    let home = tempfile::tempdir().unwrap();
    let program = || {
        let mut command = Command::new(ec2dash());
        command.env_clear().env("HOME", home.path()).arg("licenses").stdin(Stdio::null());
        command
    };

    let whole = Printed::of(program().output().unwrap());
    let mut piped = program().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut some = [0; 10];
    piped.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let ended = piped.wait_with_output().unwrap();

    assert_eq!(
        (whole.code, whole.stdout == fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).unwrap()),
        (Some(0), true)
    );
    assert_eq!((ended.status.code(), String::from_utf8(ended.stderr).unwrap()), (Some(0), String::new()));
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}
