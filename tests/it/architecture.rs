//! Holds the rooms to who may use whom, and every file to saying its purpose.

use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms of ours it may use besides itself. `text` may be used by all but `model` and `terminal`.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &[]),
    ("terminal", &[]),
    ("access", &["model", "text"]),
    ("columns", &["model", "access", "text"]),
    ("aws", &["model", "text"]),
    ("config", &["model", "access", "columns", "text"]),
    ("session", &["model", "access", "aws", "config", "terminal", "text"]),
    ("ssh", &["model", "access", "config", "terminal", "text"]),
    ("here", &["model", "access", "text"]),
    ("fleet", &["model", "aws", "config", "text"]),
    ("connect", &["model", "access", "aws", "config", "here", "session", "ssh", "terminal", "text"]),
    ("tui", &["model", "access", "columns", "config", "connect", "aws", "session", "ssh", "here", "fleet", "terminal", "text"]),
    (
        "cli",
        &["model", "access", "columns", "aws", "config", "terminal", "session", "ssh", "here", "fleet", "connect", "tui", "text"],
    ),
];

/// Files, or folders of them, that wait for the world: everything else in these rooms is pure.
const TOUCHES_THE_WORLD: &[&str] = &[
    "tui/run.rs",
    "tui/runtime.rs",
    "tui/runtime/",
    "tui/terminal.rs",
    "tui/terminal/",
    "tui/signals.rs", // what asks the loop to end
    "tui/panic.rs",   // writes the crash report
];

const PURE: &[&str] = &[
    "model/",
    "text/",
    "access/",
    "columns/",
    "connect/plan.rs",
    "connect/plan/",
    "connect/diagnosis.rs",
    "fleet/order.rs",
    "fleet/progress.rs",
    "fleet/script.rs",
    "tui/",
];

/// What only touching the world needs.
const IMPURE: &[&str] = &[
    "tokio::",
    "std::fs",
    "std::env",
    "std::process",
    "std::time::Instant::now",
    "Instant::now()",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
];

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let mut broken = Vec::new();
    for (room, allowed) in MAY_USE {
        for file in sources(&root().join("src").join(room)) {
            for (line, used) in used_rooms(&code(&file)) {
                let is_allowed = used == *room || allowed.contains(&used.as_str());
                let is_runtime = TOUCHES_THE_WORLD.iter().any(|start| relative(&file).starts_with(start));
                let tui_asks_aws = *room == "tui"
                    && used == "aws"
                    && !is_runtime
                    && !line.contains("aws::{Error")
                    && !line.contains("aws::Error")
                    && !line.contains("aws::Profile")
                    && !line.contains("aws::{Profile");
                if !is_allowed || tui_asks_aws {
                    broken.push(format!("{}: {line}", relative(&file)));
                }
            }
        }
    }
    assert!(broken.is_empty(), "rooms that use what they may not:\n{}", broken.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    for room in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")).filter_map(|line| line.strip_suffix(';')) {
        assert!(MAY_USE.iter().any(|(name, _)| *name == room), "{room} is not in the table of this test");
    }
}

#[test]
fn pure_rooms_touch_nothing_of_the_world() {
    let mut broken = Vec::new();
    for file in sources(&root().join("src")) {
        let name = relative(&file);
        let is_pure =
            PURE.iter().any(|start| name.starts_with(start)) && !TOUCHES_THE_WORLD.iter().any(|start| name.starts_with(start));
        if !is_pure {
            continue;
        }
        for line in code(&file).lines() {
            if let Some(word) = IMPURE.iter().find(|word| line.contains(**word)) {
                broken.push(format!("{name}: {word}"));
            }
        }
    }
    assert!(broken.is_empty(), "pure files that touch the world:\n{}", broken.join("\n"));
}

#[test]
fn every_file_opens_with_its_purpose() {
    let files =
        sources(&root().join("src")).into_iter().chain(sources(&root().join("tests"))).chain(sources(&root().join("benches")));
    let silent: Vec<String> = files
        .filter(|file| !fs::read_to_string(file).unwrap().starts_with("//! "))
        .map(|file| file.display().to_string())
        .collect();
    assert!(silent.is_empty(), "files without a first sentence: {silent:?}");
}

#[test]
fn colours_are_named_only_in_the_theme() {
    let named: Vec<String> = sources(&root().join("src/tui"))
        .into_iter()
        .filter(|file| !relative(file).starts_with("tui/theme") && code(file).contains("Color::"))
        .map(|file| relative(&file))
        .collect();
    assert!(named.is_empty(), "colours outside the theme: {named:?}");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn relative(file: &Path) -> String {
    file.strip_prefix(root().join("src")).unwrap_or(file).to_string_lossy().into_owned()
}

/// A file's code without its unit tests and comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    if file.ends_with("tests.rs") {
        return String::new();
    }
    text[..end].lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn used_rooms(code: &str) -> Vec<(String, String)> {
    let mut used = Vec::new();
    for line in code.lines() {
        for rest in line.split("crate::").skip(1) {
            let room: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if MAY_USE.iter().any(|(name, _)| *name == room) {
                used.push((line.trim().to_owned(), room));
            }
        }
    }
    used
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    found
}
