//! Themes of the user's own in a real terminal: their colours on the screen, and what is wrong with them in words.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::demo::{LARGE, environment};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// A home with settings that choose `theme`, and themes beside them.
fn settings(home: &Path, theme: &str, themes: &[(&str, &str)]) -> PathBuf {
    let place = home.join(".config/ec2dash");
    fs::create_dir_all(place.join("themes")).unwrap();
    for (name, text) in themes {
        fs::write(place.join(format!("themes/{name}.toml")), text).unwrap();
    }
    fs::write(place.join("config.toml"), format!("[ui]\ntheme = \"{theme}\"\n")).unwrap();
    let state = home.join(".local/state/ec2dash");
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("state.json"), "{\"first_run_seen\": true}").unwrap();
    place
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn a_theme_of_the_users_own_is_drawn_and_one_that_cannot_be_used_is_told_and_leaves_it() {
    let home = tempfile::tempdir().unwrap();
    let place = settings(home.path(), "sea", &[("broken", "good = \"gren\"\n[[["), ("sea", "faint = \"#010203\"\n")]);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        place.join("themes/pipe.toml"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let terminal =
        Terminal::start(ec2dash(), &[], &environment(&home, &[("COLORTERM", "truecolor"), ("AWS_REGION", "eu-west-1")]), LARGE);

    terminal.wait_for("No AWS credentials found");
    terminal.wait_for_raw("the colour of the theme", |bytes| contains(bytes, "38;2;1;2;3"));

    terminal.type_text("\u{1b}");
    terminal.wait_until("the dashboard without its card", |screen| !screen.contains("1 sign in"));
    terminal.type_text("\u{14}");
    terminal.wait_for("> sea");
    terminal.type_text("k");
    terminal.wait_for("pipe.toml: this is not a file");
    terminal.type_text("k");
    terminal.wait_for("broken.toml: line 2");
    terminal.type_text("\r");
    terminal.wait_until("the menu gone", |screen| !screen.contains("> broken"));
    terminal.type_text("q");
    assert!(terminal.end().success());
}

#[test]
fn without_colour_a_theme_has_none() {
    let home = tempfile::tempdir().unwrap();
    settings(home.path(), "sea", &[("sea", "faint = \"#010203\"\ntext = \"red\"\nground = \"blue\"\n")]);
    let variables = environment(&home, &[("COLORTERM", "truecolor"), ("AWS_REGION", "eu-west-1"), ("NO_COLOR", "1")]);
    let terminal = Terminal::start(ec2dash(), &[], &variables, LARGE);

    terminal.wait_for("No AWS credentials found");
    let raw = terminal.raw();
    assert!(!contains(&raw, "38;2;") && !contains(&raw, "[31m") && !contains(&raw, "[44m"), "{}", String::from_utf8_lossy(&raw));
    terminal.type_text("q");
    assert!(terminal.end().success());
}

#[test]
fn config_check_tells_what_is_wrong_with_the_theme_with_its_line() {
    let home = tempfile::tempdir().unwrap();
    settings(home.path(), "sea", &[("sea", "good = \"gren\"\n")]);

    let checked = Command::new(ec2dash()).args(["config", "check"]).env_clear().envs(environment(&home, &[])).output().unwrap();

    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("themes/sea.toml: line 1, column 8: unknown colour \"gren\". Did you mean \"green\"?"), "{said}");
}
