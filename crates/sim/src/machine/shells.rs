//! Command lines run without a client: what Run Command needs of an instance.

use std::io;
use std::process::ExitStatus;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::home::plain;
use super::program::{Account, Output, PATH, Program, ProgramRequest, What};
use super::{Machine, system};

/// Who commands run as, as the agent runs them.
const USER: &str = "root";
/// How long output is still read when the shell has ended and something else holds it open.
const LAST_OUTPUT: Duration = Duration::from_millis(300);

/// Starts shells in the homes of the instances; what they start ends with them, and with the servers.
#[derive(Debug, Clone)]
pub(crate) struct Shells(Machine);

/// A command line and where it runs.
#[derive(Debug)]
pub(crate) struct Script<'a> {
    pub(crate) instance: &'a str,
    pub(crate) host: &'a str,
    pub(crate) line: &'a str,
    /// The login users of the instance.
    pub(crate) users: &'a [String],
    pub(crate) variables: Vec<(String, String)>,
}

/// What a program has said so far, each stream up to a size; the rest is read and dropped.
#[derive(Debug)]
pub(crate) struct Said {
    most: (usize, usize),
    streams: Mutex<(Vec<u8>, Vec<u8>)>,
}

impl Said {
    /// Nothing yet; at most so many bytes of stdout and of stderr.
    pub(crate) fn most(stdout: usize, stderr: usize) -> Self {
        Self { most: (stdout, stderr), streams: Mutex::default() }
    }

    /// Both streams so far.
    pub(crate) fn so_far(&self) -> (String, String) {
        let streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        (String::from_utf8_lossy(&streams.0).into_owned(), String::from_utf8_lossy(&streams.1).into_owned())
    }

    fn add(&self, is_stderr: bool, bytes: &[u8]) {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let (stream, most) = if is_stderr { (&mut streams.1, self.most.1) } else { (&mut streams.0, self.most.0) };
        let room = most.saturating_sub(stream.len()).min(bytes.len());
        stream.extend_from_slice(&bytes[..room]);
    }
}

impl Shells {
    /// On these instances.
    pub(crate) fn of(machine: Machine) -> Self {
        Self(machine)
    }

    /// Run a command line to its end. Dropped before, it kills all that was started.
    pub(crate) async fn run(&self, script: &Script<'_>, said: &Said) -> io::Result<ExitStatus> {
        let home = self.0.homes.of(script.instance, USER)?;
        let system = system::variables(&self.0.homes, script.instance, script.users, PATH)?;
        let request = ProgramRequest {
            environment: script.variables.iter().cloned().chain(system).collect(),
            what: What::Line(script.line.as_bytes().to_vec()),
            ..ProgramRequest::default()
        };
        let host = plain(script.host);
        let program = Program::start(&request, &Account { user: USER, home: &home, host: &host }, &self.0.processes)?;
        let (input, output, mut child, _control) = program.into_parts();
        // It reads nothing: the end of the input comes at once.
        drop(input);
        let Output::Pipes { stdout, stderr, mut aside } = output else {
            return child.wait().await;
        };
        let reading = async { tokio::join!(gather(stdout, said, false), gather(stderr, said, true)) };
        let nowhere = async {
            aside.discard().await;
            std::future::pending::<()>().await;
        };
        let mut reading = std::pin::pin!(reading);
        let mut has_read = false;
        let waiting = async {
            tokio::select! {
                status = child.wait() => return status,
                _ = &mut reading => has_read = true,
                () = nowhere => {}
            }
            child.wait().await
        };
        let status = waiting.await?;
        if !has_read {
            let _ = tokio::time::timeout(LAST_OUTPUT, reading).await;
        }
        Ok(status)
    }
}

async fn gather(mut stream: impl AsyncRead + Unpin, said: &Said, is_stderr: bool) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count) = stream.read(&mut bytes).await {
        if count == 0 {
            return;
        }
        said.add(is_stderr, &bytes[..count]);
    }
}
