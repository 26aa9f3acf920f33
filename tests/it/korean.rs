//! Korean on a real terminal and on stderr: Hangul keys do what their places do, and failures are told in Korean.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use unicode_normalization::UnicodeNormalization as _;

use crate::support::demo::{LARGE, demo, environment};
use crate::support::tools::{ClosedPort, ec2dash};

#[test]
fn hangul_keys_act_by_their_places_and_find_names_however_they_are_composed() {
    let home = tempfile::tempdir().unwrap();
    let terminal = demo(&home, LARGE, &[]);
    terminal.wait_for("bastion");

    terminal.type_text("ㅓㅓ");
    terminal.wait_until("the cursor two rows on", |screen| {
        screen.lines().any(|line| line.starts_with(" >") && line.contains("batch-worker-2"))
    });
    let decomposed: String = "결제".nfd().collect();
    assert_ne!(decomposed, "결제");
    terminal.type_text(&format!("/{decomposed}\r"));
    terminal.wait_until("the rows of that name", |screen| screen.contains("결제-api-1") && !screen.contains("bastion"));
    terminal.type_text("한");
    terminal.wait_for("한글 입력 상태입니다.");
    terminal.type_text("ㅂ");

    assert!(terminal.end().success());
}

/// Words of three letters and more.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_ascii_alphabetic()).filter(|word| word.len() >= 3);
    words.map(str::to_lowercase).collect()
}

/// What the sentences of a language say: their entries without names and values.
fn said_in(language: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales").join(language);
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let texts: Vec<String> = files.collect();
    let lines = texts.iter().flat_map(|text| text.lines()).filter(|line| !line.starts_with('#'));
    lines.flat_map(|line| words(line.split_once(" = ").map_or(line, |(_, said)| said))).collect()
}

/// The usual failures, each with what it is about.
const FAILURES: [&[&str]; 23] = [
    &["ls", "--nonsense"],
    &["nonsense"],
    &["ls", "stat:x"],
    &["ls", "state:runing"],
    &["ls", "--columns", "nam"],
    &["ls", "--sort", "nam"],
    &["ls", "-o", "xml"],
    &["show", "web"],
    &["show", "i-0123"],
    &["show", "no-such-name-anywhere"],
    &["connect", "batch-worker-1", "--dry-run"],
    &["tunnel", "web-1", "1:/x.sock", "--method", "ssm"],
    &["proxy", "web-1", "--method", "eice", "--port", "5432"],
    &["connect", "web-1", "--no-input"],
    &["connect", "web-1", "--address", "nonsense", "--dry-run"],
    &["ssh", "@nobody"],
    &["exec", "web-1"],
    &["exec", "no-such-name-anywhere", "--", "true"],
    &["tunnel", "web-1", "99999999"],
    &["tunnel", "@nothing"],
    &["--profile", "nobody-here", "ls"],
    &["--region", "moon-1", "ls"],
    &["stop", "web-1", "--read-only"],
];

#[test]
fn failures_on_stderr_say_no_word_that_only_english_has() {
    let english = &said_in("en") - &said_in("ko");
    assert!(english.contains("refresh") && english.contains("chosen") && !english.contains("iam"), "{english:?}");
    let home = tempfile::tempdir().unwrap();
    let closed = ClosedPort::new();
    let url = format!("http://127.0.0.1:{}", closed.number());
    let refused = [("AWS_ENDPOINT_URL", url.as_str()), ("AWS_ACCESS_KEY_ID", "A"), ("AWS_SECRET_ACCESS_KEY", "B")];
    let run = |arguments: &[&str], more: &[(&str, &str)]| {
        let more: Vec<(&str, &str)> = more.iter().copied().chain([("EC2DASH_LANG", "ko")]).collect();
        let output = Command::new(ec2dash()).args(arguments).env_clear().envs(environment(&home, &more)).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?} ended well: {told}");
        assert!(told.chars().any(|character| ('가'..='힣').contains(&character)), "{arguments:?}: {told}");
        // What was typed comes back, and so do commands: they stand behind their programs' names.
        let typed: BTreeSet<String> = arguments.iter().flat_map(|argument| words(argument)).collect();
        let prose = told.lines().filter(|line| !line.contains("ec2dash ") && !line.contains("aws "));
        // The code of an error is the same in every language, and so are states, columns and flags.
        let prose: Vec<&str> = prose.map(|line| line.split_once("]: ").map_or(line, |(_, said)| said)).collect();
        let same = ["pending", "shutting", "stopping", "stopped", "terminated", "launched", "tags", "output"];
        let same = same.map(str::to_owned).into();
        let found = &(&words(&prose.join("\n")) & &english) - &(&typed | &same);
        assert_eq!(found, BTreeSet::new(), "{arguments:?}: {told}");
    };
    for arguments in FAILURES {
        run(&[&["--demo"], arguments].concat(), &[]);
    }
    run(&["--region", "us-east-1", "ls"], &refused);
    run(&["--region", "us-east-1", "ls"], &[]);
}
