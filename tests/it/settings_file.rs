//! The settings file while the dashboard runs: what is saved holds at once.

use std::fs;
use std::path::Path;

use crate::proxy::Desk;
use crate::support::demo::{LARGE, put_card_away};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// Save as editors do: a new file in the place of the old one.
fn save(file: &Path, text: &str) {
    let fresh = file.with_extension("new");
    fs::write(&fresh, text).unwrap();
    fs::rename(&fresh, file).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_change_is_seen_and_a_wrong_one_is_told_with_its_line() {
    let desk = Desk::new(&[]).await;
    let file = desk.home.path().join("config.toml");
    save(&file, "[keys]\nfilter = [\"z\"]\n");
    let command = desk.command(&[]);
    let text = |value: &std::ffi::OsStr| value.to_str().unwrap().to_owned();
    let mut environment: Vec<_> = command.get_envs().filter_map(|(name, value)| Some((text(name), text(value?)))).collect();
    environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
    let terminal = Terminal::start(ec2dash(), &["--config", file.to_str().unwrap()], &environment, LARGE);
    put_card_away(&terminal);
    terminal.wait_for("bastion");
    let before = terminal.wait_for("z filter");
    assert!(before.contains("PRIVATE IP"), "{before}");

    save(&file, "[ui]\ncolumns = [\"name\", \"launched\"]\n");
    let after = terminal.wait_for("LAUNCHED");
    assert!(!after.contains("PRIVATE IP"), "{after}");

    save(&file, "[ui]\n\ncolumns = [\"nmae\"]\n");
    let wrong = terminal.wait_for("Keeping the old settings.");
    assert!(wrong.contains("line 3") && wrong.contains("LAUNCHED"), "{wrong}");

    terminal.type_text("q");
    assert!(terminal.end().success());
}
