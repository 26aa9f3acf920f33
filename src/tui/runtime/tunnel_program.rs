//! A tunnel of the dashboard by a way that runs ssh, or through an endpoint: this program once more, beside the dashboard.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::tunnel_report::Say;
use crate::model::Untrusted;
use crate::text::Catalogue;
use crate::tui::tunnels::{Standing, TunnelUpdate};

/// How long it may take to end after it was told to.
const GRACE: Duration = Duration::from_secs(5);
/// How long what it has started may hold its streams after its end.
const DRAIN: Duration = Duration::from_millis(500);
/// Lines of what it said last that are kept.
const LAST_LINES: usize = 12;
/// Most columns of a line.
const QUOTED: usize = 200;
/// What stands before a remark of this program.
const REMARK: &str = "ec2dash: ";

/// From its start to its end. `target`: what the instance is called.
pub(super) async fn serve(call: &[OsString], target: &str, text: &Catalogue, end: CancellationToken, say: &Say) {
    let not_opened = |lines: Vec<String>| {
        let what = text.say_with("tunnel-not-opened-what", &[("target", target.to_owned().into())]);
        TunnelUpdate::NotOpened(std::iter::once(what).chain(lines).collect())
    };
    let mut child = match started(call) {
        Ok(child) => child,
        Err(error) => return say.tell(not_opened(vec![Untrusted::from(error.to_string()).shown_in(QUOTED)])).await,
    };
    let (Some(stdout), Some(stderr), Some(process)) = (child.stdout.take(), child.stderr.take(), child.id()) else { return };
    // It ends once nobody holds this any more, also when the dashboard was killed.
    let mut held = child.stdin.take();
    say.tell(TunnelUpdate::Process(process)).await;
    let (mut rows, mut words) = (BufReader::new(stdout).lines(), BufReader::new(stderr).lines());
    let (mut has_rows, mut has_words, mut is_running) = (true, true, true);
    let (mut is_up, mut is_told) = (false, false);
    let mut last = VecDeque::new();
    let mut deadline = std::pin::pin!(sleep(Duration::MAX));
    while has_rows || has_words || is_running {
        tokio::select! {
            row = rows.next_line(), if has_rows => match row.ok().flatten() {
                Some(row) => if let Some(update) = listening(&row) {
                    is_up = true;
                    say.tell(update).await;
                    say.tell(TunnelUpdate::Standing(Standing::Up)).await;
                },
                None => has_rows = false,
            },
            line = words.next_line(), if has_words => match line.ok().flatten() {
                Some(line) => {
                    let line = Untrusted::from(line.strip_prefix(REMARK).unwrap_or(&line)).shown_in(QUOTED);
                    if is_up && !is_told {
                        say.tell(TunnelUpdate::Said(line.clone())).await;
                    }
                    last.push_back(line);
                    last.drain(..last.len().saturating_sub(LAST_LINES));
                }
                None => has_words = false,
            },
            _ = child.wait(), if is_running => {
                is_running = false;
                deadline.as_mut().reset(Instant::now() + DRAIN);
            }
            () = end.cancelled(), if !is_told => {
                is_told = true;
                drop(held.take());
                deadline.as_mut().reset(Instant::now() + GRACE);
            }
            () = &mut deadline, if is_told || !is_running => break,
        }
    }
    // Nothing listens any more once its end is told: what runs still, ssh too, is killed.
    end_group(process);
    let _ = child.kill().await;
    say.tell(match (is_told, is_up) {
        (true, _) => TunnelUpdate::Closed,
        (false, true) => TunnelUpdate::Ended(last.pop_back()),
        (false, false) => not_opened(why(last)),
    })
    .await;
}

fn started(call: &[OsString]) -> io::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(call).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    // It finds this cloud, the demo's too, in what is left; it must not start a demo of its own.
    command.env_remove("EC2DASH_DEMO").env("EC2DASH_ALLOW_CREDENTIAL_PROCESS", "1");
    // It has no terminal: ssh asks in a window, if its user has a program for that, or not at all.
    command.env("SSH_ASKPASS_REQUIRE", "force");
    if std::env::var_os("SSH_ASKPASS").is_none() {
        command.env("SSH_ASKPASS", "false");
    }
    command.spawn()
}

/// All that it has started: it leads a session of its own, and so a process group.
fn end_group(process: u32) {
    if let Some(leader) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        // It has ended with all its own, as it should.
        let _ = kill_process_group(leader, Signal::KILL);
    }
}

/// Where it listens, of the row that it writes once it does.
fn listening(row: &str) -> Option<TunnelUpdate> {
    let row: Value = serde_json::from_str(row).ok()?;
    let shown = |place: &Value| Some(Untrusted::from(place.as_str()?).shown_in(120));
    let addresses = row.get("addresses")?.as_array()?;
    let is_open_to_others = addresses
        .iter()
        .filter_map(|address| address.as_str()?.parse::<std::net::SocketAddr>().ok())
        .any(|address| !address.ip().is_loopback());
    let local: Vec<String> = addresses.iter().filter_map(shown).chain(row.get("socket").and_then(shown)).collect();
    (!local.is_empty()).then_some(TunnelUpdate::Listening { local, is_open_to_others })
}

/// Its error and what stands below it, or what it said last.
fn why(last: VecDeque<String>) -> Vec<String> {
    let begins = last.iter().rposition(|line| our_error(line).is_some()).unwrap_or(0);
    let line = |line: String| our_error(&line).map_or_else(|| line.trim().to_owned(), str::to_owned);
    last.into_iter().skip(begins).map(line).collect()
}

/// What stands behind `error[code]: `, in any language.
fn our_error(line: &str) -> Option<&str> {
    let (head, words) = line.split_once("]: ")?;
    head.contains('[').then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_where_it_listens_and_whether_others_get_there() {
        let local = |row: &str| match listening(row)? {
            TunnelUpdate::Listening { local, is_open_to_others } => Some((local, is_open_to_others)),
            _ => None,
        };
        let two = r#"{"addresses":["127.0.0.1:2375","[::1]:2375"],"socket":null}"#;
        assert_eq!(local(two), Some((vec!["127.0.0.1:2375".to_owned(), "[::1]:2375".to_owned()], false)));
        let all = r#"{"addresses":["0.0.0.0:2375"],"socket":null}"#;
        assert_eq!(local(all), Some((vec!["0.0.0.0:2375".to_owned()], true)));
        assert_eq!(local(r#"{"addresses":[],"socket":"/tmp/x"}"#), Some((vec!["/tmp/x".to_owned()], false)));
        for other in ["", "{}", "[]", r#"{"addresses":[]}"#, "127.0.0.1:80 -> web-1"] {
            assert_eq!(local(other), None, "{other}");
        }
    }

    #[test]
    fn of_what_it_said_the_error_and_what_is_below_it_is_told() {
        let said = |lines: &[&str]| why(lines.iter().map(|line| (*line).to_owned()).collect());

        assert_eq!(
            said(&["custom endpoint", "error[no-way]: there is no way", "  why:  closed", "  next: open it"]),
            ["there is no way", "why:  closed", "next: open it"]
        );
        assert_eq!(said(&["ssh: it fell over"]), ["ssh: it fell over"]);
    }
}
