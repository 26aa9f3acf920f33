//! This computer's address as AWS sees it: never asked for without a yes, and from a page that the settings name.

use std::fs;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{desk, json, run, text};
use crate::proxy::{Desk, server};
use crate::support::pty::Terminal;
use crate::support::tools::ec2dash;

/// A page that answers with this, and how often it was asked.
fn page(answer: &'static str) -> (u16, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let port = server(move |mut stream| {
        let mut request = [0; 4096];
        if stream.read(&mut request).unwrap_or(0) > 0 {
            count.fetch_add(1, Ordering::SeqCst);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len());
            let _ = stream.write_all(format!("{head}{answer}").as_bytes());
        }
    });
    (port, asked)
}

fn settings(desk: &Desk, text: &str) -> String {
    let path = desk.home.path().join("own.toml");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

fn in_terminal(desk: &Desk, config: &str, arguments: &[&str]) -> Terminal {
    let own = |name: &str, value: String| (name.to_owned(), value);
    let mut environment: Vec<(String, String)> =
        desk.sim.environment().into_iter().map(|(name, value)| own(name, value)).collect();
    environment.push(own("HOME", desk.home.path().display().to_string()));
    environment.push(own("PATH", std::env::var("PATH").unwrap()));
    environment.extend([own("TERM", "xterm-256color".to_owned()), own("LANG", "C.UTF-8".to_owned())]);
    Terminal::start(ec2dash(), &[&["--config", config], arguments].concat(), &environment, (110, 200))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_asked_only_after_a_yes_and_its_answer_decides() {
    let desk = desk(&[]).await;
    let (port, asked) = page("203.0.113.9\n");
    let config = settings(&desk, &format!("[doctor]\naddress_service = \"http://127.0.0.1:{port}\"\n"));

    let no = in_terminal(&desk, &config, &["doctor", "office-1"]);
    no.wait_for(&format!("http://127.0.0.1:{port} for it? y/N"));
    no.type_text("\r");
    no.wait_for("your address as AWS sees it is not known");
    assert_eq!(asked.load(Ordering::SeqCst), 0, "Enter is no yes");

    let yes = in_terminal(&desk, &config, &["doctor", "office-1"]);
    yes.wait_for("for it? y/N");
    yes.type_text("y\r");
    yes.wait_for("lets nothing in on port 22 from 203.0.113.9");
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_may_tell_it_and_where_nobody_can_say_yes_nobody_is_asked() {
    let desk = desk(&[]).await;
    let (port, asked) = page("203.0.113.9\n");
    for (source, from) in [("ask", vec![]), ("off", vec![]), ("203.0.113.9", vec!["203.0.113.9"])] {
        let config =
            settings(&desk, &format!("[doctor]\nsource = \"{source}\"\naddress_service = \"http://127.0.0.1:{port}\"\n"));

        let told = desk.command(&["--config", &config, "doctor", "office-1", "-o", "json"]).output().unwrap();

        assert_eq!(json(&told)["from"], serde_json::json!(from), "{source}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    let config = settings(&desk, "[doctor]\nsource = \"asks\"\naddress_service = \"http://evil.example\"\n");
    let told = desk.command(&["--config", &config, "config", "check"]).output().unwrap();
    assert_ne!(told.status.code(), Some(0));
    let said = text(&told.stdout) + &text(&told.stderr);
    assert!(said.contains("asks") && said.contains("http://evil.example"), "{said}");
    assert_eq!(run(&desk, &["fixes"]).status.code(), Some(0));
}
