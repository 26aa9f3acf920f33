//! Fixes on the doctor's page, in a real terminal against a simulated cloud: the page turns green, and leaving takes back what lets in.

use std::fs;
use std::time::Duration;

use rustix::process::Signal;

use super::{desk, fixes, office, run};
use crate::proxy::Desk;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

fn dashboard(desk: &Desk, size: (u16, u16)) -> Terminal {
    let config = desk.home.path().join("own.toml");
    fs::write(&config, "[doctor]\nsource = \"203.0.113.9\"\n").unwrap();
    let own = |name: &str, value: String| (name.to_owned(), value);
    let mut environment: Vec<(String, String)> =
        desk.sim.environment().into_iter().map(|(name, value)| own(name, value)).collect();
    environment.push(own("HOME", desk.home.path().display().to_string()));
    environment.push(own("PATH", std::env::var("PATH").unwrap()));
    environment.extend([own("TERM", "xterm-256color".to_owned()), own("LANG", "C.UTF-8".to_owned())]);
    Terminal::start(ec2dash(), &["--config", &config.display().to_string()], &environment, size)
}

/// The group of `office-1` is opened from its page.
fn open(terminal: &Terminal) {
    terminal.wait_for("office-1");
    // An Escape and what follows it at once would be one key.
    terminal.wait_until("no card of the first start", |screen| !screen.contains("any key goes on"));
    terminal.type_text("/office\r");
    terminal.wait_until("the filtered rows", |screen| !screen.contains("mute-1"));
    terminal.type_text("d");
    let page = terminal.wait_for("mends it: let 203.0.113.9/32 in");
    terminal.type_text(&digit_before(&page, " mends it: let 203.0.113.9/32 in"));
    terminal.wait_for("revoke-security-group-ingress");
    terminal.type_text("\r");
    terminal.wait_for("ec2:AuthorizeSecurityGroupIngress");
    terminal.type_text("y");
    terminal.wait_for("The check is green now");
    terminal.wait_for("takes it back");
}

/// What a line says is to be pressed.
fn digit_before(screen: &str, words: &str) -> String {
    let (before, _) = screen.split_once(words).unwrap_or_else(|| panic!("{words}: {screen}"));
    before.chars().last().filter(char::is_ascii_digit).map(String::from).unwrap_or_else(|| panic!("{words}: {screen}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_turns_green_and_leaving_takes_back_what_lets_in() {
    for size in [(120, 32), (80, 24)] {
        let desk = desk(&[]).await;
        let before = office(&desk);
        let terminal = dashboard(&desk, size);
        // The card of the first start, and what it leaves to be seen.
        terminal.wait_for("blocked-1");
        terminal.type_text("\u{1b}");

        open(&terminal);

        assert_eq!(office(&desk).len(), before.len() + 1);
        terminal.type_text("\u{1b}");
        terminal.wait_until("the table", |screen| !screen.contains("takes it back"));
        terminal.type_text("q");
        assert!(terminal.end().success());
        assert_eq!(office(&desk), before, "taken back at the end");
        assert_eq!(fixes(&desk)[0]["standing"], "taken-back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_dashboard_has_left_is_told_at_the_next_start() {
    let desk = desk(&[]).await;
    let before = office(&desk);
    let mut terminal = dashboard(&desk, (120, 32));
    terminal.wait_for("office-1");
    terminal.type_text("\u{1b}");
    open(&terminal);
    assert_eq!(fixes(&desk)[0]["standing"], "at-work", "somebody looks after it");
    assert_ne!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0), "and nobody else takes it back");
    terminal.kill(Signal::KILL);
    // Nobody hands it back then.
    terminal.wait();
    assert_eq!(office(&desk).len(), before.len() + 1);

    let next = dashboard(&desk, (120, 32));

    next.wait_for("was not taken back: ec2dash undo 1");
    next.type_text("q");
    assert!(next.end().success());
    assert_eq!(run(&desk, &["undo", "1", "--yes"]).status.code(), Some(0));
    assert_eq!(office(&desk), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_closes_leaves_no_group_open_however_often_it_hangs_up() {
    let desk = desk(&["ec2:RevokeSecurityGroupIngress=delay:3s"]).await;
    let before = office(&desk);
    let mut terminal = dashboard(&desk, (120, 32));
    terminal.wait_for("office-1");
    terminal.type_text("\u{1b}");
    open(&terminal);

    // The terminal, its shell, and its shell's end.
    for pause in [0, 300, 1_500] {
        std::thread::sleep(Duration::from_millis(pause));
        terminal.kill(Signal::HUP);
    }

    assert_eq!(terminal.wait().code(), Some(129));
    assert_eq!((office(&desk), &fixes(&desk)[0]["standing"]), (before, &"taken-back".into()));
}
