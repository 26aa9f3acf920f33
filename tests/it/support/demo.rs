//! The demo in a terminal: where it runs, the way into a session, and what it leaves.

use std::path::Path;

use super::pty::Terminal;
use super::tools::ec2dash;

/// A usual window.
pub const LARGE: (u16, u16) = (120, 32);
/// The smallest that everything is promised for.
pub const SMALL: (u16, u16) = (80, 24);

/// An environment that knows this home alone, and `more`.
pub fn environment(home: impl AsRef<Path>, more: &[(&str, &str)]) -> Vec<(String, String)> {
    let place = home.as_ref().display().to_string();
    let usual = [
        ("PATH", std::env::var("PATH").unwrap()),
        ("HOME", place.clone()),
        ("TMPDIR", place),
        ("TERM", "xterm-256color".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ];
    let more = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    usual.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(more).collect()
}

/// The dashboard on the demo, just started.
pub fn just_started(home: impl AsRef<Path>, size: (u16, u16), more: &[(&str, &str)]) -> Terminal {
    Terminal::start(ec2dash(), &["--demo"], &environment(home, more), size)
}

/// The same, with the card of the first start put away.
#[track_caller]
pub fn demo(home: impl AsRef<Path>, size: (u16, u16), more: &[(&str, &str)]) -> Terminal {
    let terminal = just_started(home, size, more);
    put_card_away(&terminal);
    terminal
}

/// Close the card of the first start.
#[track_caller]
pub fn put_card_away(terminal: &Terminal) {
    terminal.wait_for(CARD);
    terminal.type_text(" ");
    terminal.wait_until("the dashboard without its card", |screen| !screen.contains(CARD));
}

/// What the lower edge of the card says.
const CARD: &str = "any key goes on";

/// From the table of a dashboard on the demo into a session of Session Manager on `web-1`.
#[track_caller]
pub fn open_session(terminal: &Terminal) {
    terminal.wait_for("bastion");
    if terminal.shown().contains(CARD) {
        put_card_away(terminal);
    }
    terminal.type_text("/web-1\r");
    terminal.wait_until("the filtered rows", |screen| !screen.contains("bastion"));
    terminal.type_text("\r");
    terminal.wait_for("1 ssm");
    terminal.type_text("\r");
    terminal.wait_for("Nothing here is on AWS");
}

/// `q` ends it well, and nothing is left of it.
#[track_caller]
pub fn quit(terminal: Terminal, home: impl AsRef<Path>) {
    terminal.type_text("q");
    assert!(terminal.end().success());
    assert_eq!(left_in(home), Vec::<String>::new());
}

/// The names in a home.
pub fn left_in(home: impl AsRef<Path>) -> Vec<String> {
    std::fs::read_dir(home).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
