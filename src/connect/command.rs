//! A command in a session of Session Manager: what such a session can carry, and no more (protocol document, section 6.4).

use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::session::{Ending, Incoming, Session, SessionOptions};
use crate::aws::{Cloud, SessionRequest};
use crate::model::{InstanceId, Region};
use crate::ssm::Expected;
use crate::text::shell_word;

/// Runs words without a terminal and without stdin.
pub const COMMAND_DOCUMENT: &str = "AWS-StartNonInteractiveCommand";
/// What the agent takes for an interrupt.
const INTERRUPT: u8 = 3;

/// How a command came to its end.
#[derive(Debug)]
pub struct CommandEnd {
    /// Its exit code; the document decides whether there is one.
    pub code: Option<i64>,
    /// Why its output could not be written, if that is why it ended.
    pub output: Option<std::io::Error>,
    /// How the session ended.
    pub ending: Ending,
}

/// Start `script` there, a command line for `/bin/sh`: the agent itself only knows words.
pub async fn start(
    cloud: &Cloud,
    region: &Region,
    target: &InstanceId,
    script: &str,
    reconnect: Duration,
) -> Result<Session, Box<Ending>> {
    let parameters = [("command", vec![words(script)])].into();
    let request = SessionRequest { target: target.clone(), document: Some(COMMAND_DOCUMENT), parameters };
    let mut options = SessionOptions::new(region.clone(), request, Expected::Command);
    options.reconnect = reconnect;
    Session::start(cloud, options).await
}

/// Show what it says until it ends.
pub async fn show(session: &Session, mut out: impl AsyncWrite + Unpin, mut err: impl AsyncWrite + Unpin) -> CommandEnd {
    let mut code = None;
    let mut failed = None;
    while let Some(incoming) = session.next().await {
        let written = match incoming {
            Incoming::Output(bytes) => write(&mut out, &bytes).await,
            Incoming::ErrorOutput(bytes) => write(&mut err, &bytes).await,
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
    CommandEnd { code, output: failed, ending: session.ended().await }
}

/// Interrupt the command, as Ctrl-C does. That the session is over already is no failure.
pub async fn interrupt(session: &Session) {
    let _ = session.send(&[INTERRUPT]).await;
}

async fn write(to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> std::io::Result<()> {
    to.write_all(bytes).await?;
    to.flush().await
}

/// The words of a shell that runs the script.
fn words(script: &str) -> String {
    format!("sh -c {}", shell_word(script))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_is_given_words() {
        assert_eq!(words("echo a; echo 'b c'"), r"sh -c 'echo a; echo '\''b c'\'''");
    }
}
