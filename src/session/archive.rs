//! A tar stream to or from an instance, in a session that runs one command on a terminal: where no key lets ssh in.
//!
//! Such a session has a stdin, which the other kind of command has not, and its output comes while the command runs. The agent takes it for
//! text: it drops two bytes of each U+FFFD and keeps back what is not whole at the end. So everything goes as base64, in lines; what our
//! scripts say by themselves stands behind a random mark.

mod lines;
mod said;

use std::collections::VecDeque;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Incoming, Session, SessionEnd, SessionOptions};
pub use crate::aws::documents::INTERACTIVE as ARCHIVE_DOCUMENT;
use crate::aws::{Cloud, SessionRequest};
use crate::model::{InstanceId, Region};
use crate::text::shell_word;
use lines::Lines;
pub use lines::{Heard, Malformed};
pub use said::{Found, Outcome, Said};

/// Bytes of the stream in a line.
const LINE: usize = 768;

/// What the script there does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// It gives a file or a folder.
    Give,
    /// It takes one.
    Take,
    /// It answers questions about files.
    Serve,
}

impl Script {
    /// Its text, without what only readers need.
    fn text(self) -> String {
        // What it needs besides what all of them need.
        let (own, needed) = match self {
            Self::Give => (include_str!("archive/give.sh"), "tar mkfifo"),
            Self::Take => (include_str!("archive/take.sh"), "tar mkfifo"),
            Self::Serve => (include_str!("archive/serve.sh"), "dd find stat xargs readlink head touch"),
        };
        let lines = include_str!("archive/start.sh").lines().chain(own.lines());
        let lines = lines.filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        format!("w='{needed}'\n{lines}")
    }
}

/// A script under way.
pub struct Archive {
    /// Its session.
    pub session: Session,
    /// What is heard of it.
    pub ear: Ear,
}

/// What is heard of a script.
pub struct Ear {
    lines: Lines,
    heard: VecDeque<Heard>,
}

impl Archive {
    /// Start the script there.
    pub async fn start(
        cloud: &Cloud,
        region: &Region,
        target: &InstanceId,
        script: Script,
        reconnect: Duration,
    ) -> Result<Self, Box<SessionEnd>> {
        let halves: [String; 2] = std::array::from_fn(|_| uuid::Uuid::new_v4().simple().to_string());
        let [first, second] = &halves;
        let command = format!("sh -c {} sh {first} {second}", shell_word(&script.text()));
        let request = SessionRequest {
            target: target.clone(),
            document: Some(ARCHIVE_DOCUMENT),
            parameters: [("command", vec![command])].into(),
        };
        let mut options = SessionOptions::on_terminal(region.clone(), request);
        options.reconnect = reconnect;
        let session = Session::start(cloud, options).await?;
        Ok(Self { session, ear: Ear { lines: Lines::behind(&halves.concat()), heard: VecDeque::new() } })
    }

    /// Send one line as it is.
    pub async fn send_line(&self, line: &str) -> std::io::Result<()> {
        self.session.send(format!("{line}\n").as_bytes()).await
    }

    /// Send a path.
    pub async fn send_path(&self, path: &[u8]) -> std::io::Result<()> {
        self.send_line(&STANDARD.encode(path)).await
    }

    /// What the script says next; none when nothing more comes.
    pub async fn said(&mut self) -> Result<Option<Said>, Malformed> {
        match self.ear.next(&self.session).await? {
            Some(Heard::Said(said)) => Ok(Some(said)),
            Some(Heard::Data(_)) => Err(Malformed),
            None => Ok(None),
        }
    }
}

impl Ear {
    /// The next of it; none when nothing more comes. Safe to drop half-done.
    pub async fn next(&mut self, session: &Session) -> Result<Option<Heard>, Malformed> {
        loop {
            if let Some(heard) = self.heard.pop_front() {
                return Ok(Some(heard));
            }
            match session.next().await {
                Some(Incoming::Output(bytes)) => self.lines.take(&bytes, &mut self.heard)?,
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }
}

/// Bytes of the stream, as the script takes them. All but the last piece of a stream have a whole number of lines.
#[derive(Debug, Default)]
pub struct Encoder(Vec<u8>);

impl Encoder {
    /// The lines that these bytes fill, with those that were held back.
    pub fn take(&mut self, bytes: &[u8]) -> String {
        self.0.extend_from_slice(bytes);
        let whole = self.0.len() - self.0.len() % LINE;
        lines(&self.0.drain(..whole).collect::<Vec<_>>())
    }

    /// The rest, and the end with the hash of all.
    pub fn end(self, hash: &str) -> String {
        format!("{}.{hash}\n", lines(&self.0))
    }
}

fn lines(bytes: &[u8]) -> String {
    let mut lines = String::with_capacity(bytes.len() / 3 * 4 + bytes.len() / LINE + 8);
    for line in bytes.chunks(LINE) {
        STANDARD.encode_string(line, &mut lines);
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests;
