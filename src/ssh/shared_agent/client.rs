//! What our programs ask of the agent: a key, what it holds, that it ends; and how it is started where there is none.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::codec::{Framed, LinesCodec};

use super::place::AgentPlace;
use super::words::{ASKED, HeldFor, LONGEST_LINE, READY, Report, STOPPING, Wish};
use crate::config;
use crate::model::InstanceId;

/// How long the agent may take for an answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// How long is waited for an agent that has to be started.
const START_LIMIT: Duration = Duration::from_secs(15);
/// After which one that was started and does not answer is started again: it may have met one that was just ending.
const START_AGAIN: Duration = Duration::from_secs(1);
/// How often is looked whether it answers.
const LOOK: Duration = Duration::from_millis(20);
/// What of our environment the agent gets: no credentials.
const VARIABLES: [&str; 6] = ["HOME", "PATH", "LANG", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"];

/// A key that the agent holds for us, until this is dropped.
#[derive(Debug)]
pub struct LentKey {
    line: String,
    lines: Framed<UnixStream, LinesCodec>,
}

/// What an agent says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentStatus {
    /// Its process.
    pub process: u32,
    /// The keys that it holds.
    pub keys: Vec<HeldFor>,
}

/// A key for `id` of the agent in `place`, which is started as `own agent` if there is none. Programs that connect to the same instance at
/// the same time share one.
pub async fn borrow(place: &AgentPlace, own: &Path, id: &InstanceId) -> io::Result<LentKey> {
    config::create(place.directory())?;
    let begun = Instant::now();
    let mut started: Option<Instant> = None;
    loop {
        let error = match asked(place, &Wish::Key(id.clone())).await {
            Ok((line, lines)) => return Ok(LentKey { line, lines }),
            Err(error) => error,
        };
        if begun.elapsed() > START_LIMIT {
            return Err(error);
        }
        if started.is_none_or(|started| started.elapsed() > START_AGAIN) {
            start(place, own)?;
            started = Some(Instant::now());
        }
        sleep(LOOK).await;
    }
}

/// What the agent in `place` holds; none if there is none.
pub async fn status(place: &AgentPlace) -> io::Result<Option<AgentStatus>> {
    let Some((line, _)) = asked_if_there(place, &Wish::Status).await? else { return Ok(None) };
    let Report { process, keys } = serde_json::from_str(&line).map_err(io::Error::other)?;
    Ok(Some(AgentStatus { process, keys }))
}

/// End the agent in `place`; whether there was one.
pub async fn stop(place: &AgentPlace) -> io::Result<bool> {
    match asked_if_there(place, &Wish::Stop).await? {
        None => Ok(false),
        Some((line, mut lines)) if line == STOPPING => {
            // It has ended when it talks no more.
            let _ = timeout(ANSWER_LIMIT, lines.next()).await;
            Ok(true)
        }
        Some(_) => Err(io::ErrorKind::InvalidData.into()),
    }
}

impl LentKey {
    /// The public half, as OpenSSH writes it.
    pub fn public_line(&self) -> &str {
        &self.line
    }

    /// Wait until ssh asks the agent for its keys, which waits for [`Self::ready`]. An error: the agent is gone. Safe to be dropped half-done.
    pub async fn asked(&mut self) -> io::Result<()> {
        match self.lines.next().await {
            Some(Ok(line)) if line == ASKED => Ok(()),
            Some(Ok(_)) => Err(io::ErrorKind::InvalidData.into()),
            Some(Err(error)) => Err(io::Error::other(error)),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Let the agent show the key.
    pub async fn ready(&mut self) -> io::Result<()> {
        self.lines.send(READY).await.map_err(io::Error::other)
    }
}

type Answer = (String, Framed<UnixStream, LinesCodec>);

async fn asked(place: &AgentPlace, wish: &Wish) -> io::Result<Answer> {
    let talk = async {
        let stream = UnixStream::connect(place.control()).await?;
        let mut lines = Framed::new(stream, LinesCodec::new_with_max_length(LONGEST_LINE));
        lines.send(wish.line()).await.map_err(io::Error::other)?;
        match lines.next().await {
            Some(line) => Ok((line.map_err(io::Error::other)?, lines)),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    };
    timeout(ANSWER_LIMIT, talk).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

async fn asked_if_there(place: &AgentPlace, wish: &Wish) -> io::Result<Option<Answer>> {
    match asked(place, wish).await {
        Ok(answer) => Ok(Some(answer)),
        // No socket, or one that a killed agent has left.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Start it for good: nothing of ours that somebody waits for is handed on to it, and no credentials.
fn start(place: &AgentPlace, own: &Path) -> io::Result<()> {
    let mut command = Command::new(own);
    command.args(["agent", "--serve"]).arg(place.directory()).current_dir("/").env_clear();
    command.envs(VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}
