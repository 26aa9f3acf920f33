//! A command in a session of Session Manager: what such a session can carry, and no more (protocol document, section 6.4).
//!
//! The document keeps no streams apart, so its sessions have no exit code of their own. A shell of ours around the command says it as
//! the last thing, behind a random mark that is taken out of the output again.

mod last_word;

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::{Ending, Incoming, Session, SessionOptions};
use crate::aws::{Cloud, SessionRequest};
use crate::model::{InstanceId, Region};
use crate::text::shell_word;
use ec2dash_ssm::Expected;
use last_word::{LastWord, Mark};

/// Runs words without a terminal and without stdin.
pub const COMMAND_DOCUMENT: &str = "AWS-StartNonInteractiveCommand";
/// What the agent takes for an interrupt.
const INTERRUPT: u8 = 3;

/// Runs `$1` and says its status behind the mark, whose halves are `$2` and `$3`: on no command line it stands whole. Of this shell
/// nothing else is heard. The agent interrupts one process only, so where the shell can have jobs without a terminal (bash), the
/// command is one, and the interrupt is passed on to all of it.
const AROUND: &str = "exec 3>&2 2>/dev/null; set -m; case $- in \
*m*) sh -c \"$1\" 2>&3 3>&- & p=$!; trap \"i=1; kill -INT -$p\" INT; trap \"i=1; kill -QUIT -$p\" QUIT; \
while :; do i=; wait $p; s=$?; [ \"$i\" ] || break; done;; \
*) (exec sh -c \"$1\" 2>&3 3>&-); s=$?;; esac; \
printf '%s%s:%s\\n' \"$2\" \"$3\" \"$s\"; exit \"$s\"";

/// How a command came to its end.
#[derive(Debug)]
pub struct CommandEnd {
    /// Its exit code; none if nobody told it.
    pub code: Option<i64>,
    /// Whether the agent complained by itself: it does so when it cannot start a command.
    pub has_complained: bool,
    /// Why its output could not be written, if that is why it ended.
    pub output: Option<std::io::Error>,
    /// How the session ended.
    pub ending: Ending,
}

/// A command under way.
pub struct Running {
    /// Its session.
    pub session: Session,
    mark: Mark,
}

/// Start `script` there, a command line for `/bin/sh`: the agent itself only knows words.
pub async fn start(
    cloud: &Cloud,
    region: &Region,
    target: &InstanceId,
    script: &str,
    reconnect: Duration,
) -> Result<Running, Box<Ending>> {
    let mark = Mark::random();
    let parameters = [("command", vec![words(script, &mark)])].into();
    let request = SessionRequest { target: target.clone(), document: Some(COMMAND_DOCUMENT), parameters };
    let mut options = SessionOptions::new(region.clone(), request, Expected::Command);
    options.reconnect = reconnect;
    Ok(Running { session: Session::start(cloud, options).await?, mark })
}

impl Running {
    /// Show what it says until it ends.
    pub async fn show(&self, mut out: impl AsyncWrite + Unpin, mut err: impl AsyncWrite + Unpin) -> CommandEnd {
        let session = &self.session;
        let mut last = LastWord::behind(&self.mark);
        let (mut code, mut has_complained) = (None, false);
        let mut failed = None;
        while let Some(incoming) = session.next().await {
            let written = match incoming {
                Incoming::Output(bytes) => write(&mut out, &last.take(&bytes)).await,
                Incoming::ErrorOutput(bytes) => {
                    has_complained = true;
                    write(&mut err, &bytes).await
                }
                Incoming::ExitCode(number) => {
                    code = Some(number);
                    Ok(())
                }
                Incoming::ConnectRefused => Ok(()),
            };
            if let Err(error) = written {
                failed = Some(error);
                session.end_at_once();
                break;
            }
        }
        if failed.is_none() {
            failed = write(&mut out, last.rest()).await.err();
        }
        let code = code.or(last.code().map(i64::from));
        CommandEnd { code, has_complained, output: failed, ending: session.ended().await }
    }

    /// Interrupt the command, as Ctrl-C does. That the session is over already is no failure.
    pub async fn interrupt(&self) {
        let _ = self.session.send(&[INTERRUPT]).await;
    }
}

async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
    to.write_all(bytes).await?;
    to.flush().await
}

/// The words of a shell that runs the script and tells how it ended.
fn words(script: &str, mark: &Mark) -> String {
    let (first, second) = mark.halves();
    format!("sh -c {} sh {} {first} {second}", shell_word(AROUND), shell_word(script))
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Output, Stdio};

    use super::*;

    /// Run as the agent does: both streams into one file, no input.
    fn run(shell: &str, script: &str) -> (Vec<u8>, Option<u8>) {
        let mark = Mark::random();
        let (first, second) = mark.halves();
        let file = tempfile::NamedTempFile::new().unwrap();
        let sink = || std::fs::OpenOptions::new().append(true).open(file.path()).unwrap();
        let mut command = Command::new(shell);
        command.args(["-c", AROUND, "sh", script, first, second]).stdin(Stdio::null()).stdout(sink()).stderr(sink());
        let status: Output = command.output().unwrap();
        let said = std::fs::read(file.path()).unwrap();
        let mut last = LastWord::behind(&mark);
        let mut shown = last.take(&said);
        shown.extend(last.rest());
        assert_eq!(last.code().map(i32::from), status.status.code());
        (shown, last.code())
    }

    #[test]
    fn the_shell_around_it_tells_the_status_and_nothing_else() {
        for shell in ["sh", "bash"] {
            if Command::new(shell).args(["-c", "true"]).output().is_err() {
                continue;
            }
            for (script, said, code) in [
                ("exit 0", "", 0),
                ("echo a; echo b >&2; exit 42", "a\nb\n", 42),
                ("printf 'a\\r\\n\\377'; false", "a\r\n", 1),
                ("kill -TERM $$", "", 143),
                ("exec 1>&- 2>&-; exit 5", "", 5),
                ("exec false", "", 1),
            ] {
                let (shown, told) = run(shell, script);

                let mut expected = said.as_bytes().to_vec();
                if script.contains("377") {
                    expected.push(0xff);
                }
                assert_eq!(
                    (String::from_utf8_lossy(&shown), told),
                    (String::from_utf8_lossy(&expected), Some(code)),
                    "{shell} {script}"
                );
            }
            let of_signals = "grep SigIgn: /proc/self/status";
            let ours = Command::new("sh").args(["-c", of_signals]).output().unwrap();
            assert_eq!(
                run(shell, of_signals),
                (ours.stdout, ours.status.code().and_then(|code| u8::try_from(code).ok())),
                "{shell}"
            );
            let (shown, told) = run(shell, "echo \"");
            assert!(told == Some(2) && !shown.is_empty(), "{shell}: what is no command line is told in the words of the shell");
        }
    }

    #[test]
    fn the_mark_stands_whole_on_no_command_line() {
        let mark = Mark::random();
        let (first, second) = mark.halves();

        let line = words("ps ax", &mark);

        assert!(line.contains(first) && line.contains(second) && !line.contains(&format!("{first}{second}")));
        assert!(line.ends_with(&format!("sh 'ps ax' {first} {second}")), "{line}");
    }
}
