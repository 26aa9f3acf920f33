//! Asks a terminal or multiplexer for new panes, windows or tabs.

use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use super::opening::WINDOW;
use super::{Host, Manner, Opening};
use crate::model::Untrusted;

/// How long one of them may take to answer.
const LONGEST: Duration = Duration::from_secs(10);

/// Why something was not opened.
#[derive(Debug, thiserror::Error)]
pub enum NotOpened {
    /// Its program cannot be run.
    #[error("{program}: {source}")]
    NotRun {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It did not answer in time.
    #[error("{program} did not answer")]
    Silent {
        /// The program.
        program: String,
    },
    /// It refused, in its words.
    #[error("{program}: {said:?}")]
    Refused {
        /// The program.
        program: String,
        /// The last line that it said.
        said: Untrusted,
    },
}

/// Open one pane for each command, which holds words of ours alone. What was opened before one is refused stays open.
pub async fn open(host: &Host, commands: &[Vec<String>], manner: Manner) -> Result<(), NotOpened> {
    let Some(opening) = Opening::of(host, commands, manner) else { return Ok(()) };
    let printed = run(&opening.first).await?;
    let window = String::from_utf8_lossy(&printed.stdout).trim().to_owned();
    for call in &opening.others {
        let call: Vec<String> = call.iter().map(|word| if word == WINDOW { window.clone() } else { word.clone() }).collect();
        run(&call).await?;
    }
    Ok(())
}

async fn run(call: &[String]) -> Result<Output, NotOpened> {
    let Some((program, arguments)) = call.split_first() else { return Err(NotOpened::Silent { program: String::new() }) };
    let program = || program.clone();
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let answer = timeout(LONGEST, command.output()).await.map_err(|_| NotOpened::Silent { program: program() })?;
    let output = answer.map_err(|source| NotOpened::NotRun { program: program(), source })?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    Err(NotOpened::Refused { program: program(), said: Untrusted::from(said) })
}
