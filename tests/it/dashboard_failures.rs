//! A connection of the dashboard that failed, in a real terminal: what is said of it, and the doctor on what was tried.

use crate::proxy::Desk;
use crate::support::demo::LARGE;
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// The dashboard on this cloud, with the ways into this instance open.
fn ways_into(desk: &Desk, name: &str) -> Terminal {
    let home = desk.home.path().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let own = [("PATH", path.as_str()), ("HOME", &home), ("TMPDIR", &home), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
    let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let sim = desk.sim.environment().into_iter().map(|(name, value)| (name.to_owned(), value));
    let terminal = Terminal::start(ec2dash(), &[], &own.chain(sim).collect::<Vec<_>>(), LARGE);
    terminal.wait_for("any key goes on");
    terminal.type_text("g");
    terminal.wait_for("bastion");
    terminal.type_text(&format!("/{name}\r"));
    terminal.wait_until("the filtered rows", |screen| screen.contains(name) && !screen.contains("bastion"));
    terminal.type_text("\r");
    terminal.wait_for("Connect to");
    terminal
}

/// Choose this way in the picker, and take it.
fn take(terminal: &Terminal, method: &str) {
    let screen = terminal.wait_for(&format!(" {method} "));
    let number = (1..=9).find(|number| screen.contains(&format!("{number} {method} ")));
    terminal.type_text(&number.unwrap_or_else(|| panic!("no {method}: {screen}")).to_string());
    terminal.wait_for(&format!("> {} {method} ", number.unwrap()));
    terminal.type_text("\r");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_endpoint_refuses_is_said_and_d_opens_the_doctor_on_that_way() {
    let desk = Desk::new(&["ec2-instance-connect:OpenTunnel=deny"]).await;
    let terminal = ways_into(&desk, "web-1");

    take(&terminal, "eice");

    let screen = terminal.wait_for("The session failed");
    assert!(screen.contains("ec2-instance-connect:OpenTunnel"), "what our proxy said is told again: {screen}");
    assert!(screen.contains("d why"), "{screen}");
    terminal.type_text("d");
    let screen = terminal.wait_for("tried ");
    let at = |part: &str| screen.find(part).unwrap_or_else(|| panic!("{part}: {screen}"));
    assert!(at("eice ") < at("tried ") && at("tried ") < at("✓ ssm "), "the way that was tried stands first: {screen}");
    terminal.wait_for("checked");
    terminal.type_text("\x1b");
    // An Escape and what follows it at once would be one key.
    terminal.wait_until("the table", |screen| !screen.contains("checked "));
    terminal.type_text("q");
    assert!(terminal.end().success());
}
