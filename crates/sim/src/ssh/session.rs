//! One session of a client: a shell or a command, from its request to its exit status.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;

use russh::server::{Handle, Msg};
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Child;
use tokio_util::sync::CancellationToken;

use super::door::Door;
use super::inbox::Inbox;
use super::signal::{ending, signal_named};
use super::windows;
use crate::machine::{
    Account, Control, GREETING, Input, Output, Program, ProgramRequest, What, is_welcome, read_terminal, window,
};

const STDERR: u32 = 1;
/// Where OpenSSH keeps its server of files: Debian and Ubuntu, Fedora and Amazon Linux, Arch and Alpine, macOS.
const SFTP_SERVERS: [&str; 4] =
    ["/usr/lib/openssh/sftp-server", "/usr/libexec/openssh/sftp-server", "/usr/lib/ssh/sftp-server", "/usr/libexec/sftp-server"];
/// More variables than this are not set.
const MOST_VARIABLES: usize = 32;

/// An opened session channel.
pub(super) struct Session {
    pub(super) reader: ChannelReadHalf,
    pub(super) writer: ChannelWriteHalf<Msg>,
    pub(super) handle: Handle,
    pub(super) user: String,
    pub(super) door: Arc<Door>,
}

/// Why a session stopped.
enum Stop {
    Ended(io::Result<ExitStatus>),
    ClientGone,
}

impl Session {
    /// Serve the channel until the program has ended or the client has gone.
    pub(super) async fn run(mut self) {
        let Some(request) = self.request().await else {
            return;
        };
        let outcome = match self.start(&request) {
            Ok(program) => {
                let greeting = if matches!(request.what, What::Shell) { GREETING } else { "" };
                self.serve(program, greeting, matches!(request.what, What::Words(..))).await
            }
            Err(error) => Stop::Ended(Err(error)),
        };
        // A client that still sends must not find a full queue: it would stop its connection.
        drop(self.reader);
        if let Stop::Ended(status) = outcome {
            close(&self.writer, &self.handle, status).await;
        }
    }

    /// Listen to what comes before `shell` or `exec`.
    async fn request(&mut self) -> Option<ProgramRequest> {
        let mut request = ProgramRequest::default();
        loop {
            match self.reader.wait().await? {
                ChannelMsg::RequestPty { term, col_width, row_height, pix_width, pix_height, .. } => {
                    let term = if is_terminal_name(&term) { term } else { "dumb".to_owned() };
                    request.terminal = Some((term, window(col_width, row_height, pix_width, pix_height)));
                }
                ChannelMsg::SetEnv { variable_name, variable_value, .. }
                    if request.environment.len() < MOST_VARIABLES && is_welcome(&variable_name, &variable_value) =>
                {
                    request.environment.push((variable_name, variable_value));
                }
                ChannelMsg::RequestShell { .. } => return Some(request),
                ChannelMsg::Exec { command, .. } => {
                    request.what = What::Line(command);
                    return Some(request);
                }
                ChannelMsg::RequestSubsystem { name, .. } => {
                    if let Some(server) = sftp_server(&name) {
                        request.what = What::Words(server.to_owned(), Vec::new());
                        return Some(request);
                    }
                }
                ChannelMsg::Close => return None,
                _ => {}
            }
        }
    }

    fn start(&self, request: &ProgramRequest) -> io::Result<Program> {
        let home = self.home()?;
        let account = Account { user: &self.user, home: &home, host: &self.door.prompt };
        Program::start(request, &account, &self.door.processes)
    }

    fn home(&self) -> io::Result<PathBuf> {
        self.door.homes.of(&self.door.host.instance, &self.user)
    }

    async fn serve(&mut self, program: Program, greeting: &str, is_file_server: bool) -> Stop {
        let dressed_home = if self.door.host.is_windows && is_file_server { self.home().ok() } else { None };
        let (input, output, mut child, control) = program.into_parts();
        let (mut input, output, mut relay) = match dressed_home {
            None => (input, output, None),
            Some(home) => match windows::dressed(&self.user, &home, input, output) {
                Ok((input, output, relay)) => (Some(input), output, Some(relay)),
                Err(error) => return Stop::Ended(Err(error)),
            },
        };
        let mut inbox = Inbox::new(Arc::clone(&self.door.homes));
        let writer = &self.writer;
        let stop = {
            let mut ended = std::pin::pin!(wait(&mut child, output, greeting, writer, &control));
            loop {
                tokio::select! {
                    message = self.reader.wait() => match message {
                        Some(ChannelMsg::Close) | None => break Stop::ClientGone,
                        Some(ChannelMsg::Data { data }) if input.is_some() => {
                            if let Err(error) = inbox.push(&data).await {
                                break Stop::Ended(Err(error));
                            }
                        }
                        Some(ChannelMsg::Eof) => inbox.end(),
                        Some(other) => obey(&control, &other),
                    },
                    given = give(&inbox, &mut input), if input.is_some() && inbox.is_waiting() => match given {
                        Ok(count) => if let Err(error) = inbox.taken(count).await {
                            break Stop::Ended(Err(error));
                        },
                        // It does not listen any more; that is its right, and no reason to end.
                        Err(_) => input = None,
                    },
                    () = carried(&mut relay) => relay = None,
                    status = &mut ended => break Stop::Ended(status),
                }
                if inbox.is_spent() {
                    input = None;
                }
            }
        };
        drop(input);
        control.end(&mut child).await;
        stop
    }
}

/// The program behind the subsystem of this name: OpenSSH's own for `sftp`, which scp and sftp ask for, where this computer has it.
pub(super) fn sftp_server(subsystem: &str) -> Option<&'static str> {
    SFTP_SERVERS.into_iter().find(|path| subsystem == "sftp" && Path::new(path).is_file())
}

/// Say how it ended, in the order RFC 4254 has for it. Errors say that the client has gone.
async fn close(writer: &ChannelWriteHalf<Msg>, handle: &Handle, status: io::Result<ExitStatus>) {
    let id = writer.id();
    match status {
        Ok(status) => {
            let _ = writer.eof().await;
            let _ = match ending(status) {
                Ok(code) => handle.exit_status_request(id, code).await,
                Err(signal) => {
                    let dumped = std::os::unix::process::ExitStatusExt::core_dumped(&status);
                    handle.exit_signal_request(id, signal, dumped, String::new(), String::new()).await
                }
            };
        }
        Err(error) => {
            let text = format!("ec2dash demo: cannot run /bin/sh: {error}\r\n");
            let _ = writer.extended_data_bytes(STDERR, text).await;
            let _ = writer.eof().await;
            let _ = handle.exit_status_request(id, 255).await;
        }
    }
    let _ = writer.close().await;
}

/// Send all that `source` gives, waiting for the client's window whenever it is full.
pub(super) async fn deliver(
    mut source: impl AsyncRead + Unpin,
    writer: &ChannelWriteHalf<Msg>,
    extended: Option<u32>,
) -> io::Result<()> {
    loop {
        let mut data = vec![0; 32 * 1024];
        let length = source.read(&mut data).await?;
        if length == 0 {
            return Ok(());
        }
        data.truncate(length);
        let sent = match extended {
            None => writer.data_bytes(data).await,
            Some(kind) => writer.extended_data_bytes(kind, data).await,
        };
        sent.map_err(io::Error::other)?;
    }
}

async fn give(inbox: &Inbox, input: &mut Option<Input>) -> io::Result<usize> {
    match input {
        Some(input) => inbox.give(input).await,
        None => std::future::pending().await,
    }
}

/// Never, where there is nothing to carry.
async fn carried(relay: &mut Option<windows::Relay>) {
    match relay {
        Some(relay) => relay.await,
        None => std::future::pending().await,
    }
}

fn obey(control: &Control, message: &ChannelMsg) {
    match message {
        ChannelMsg::WindowChange { col_width, row_height, pix_width, pix_height } => {
            control.resize(window(*col_width, *row_height, *pix_width, *pix_height));
        }
        ChannelMsg::Signal { signal } => {
            if let Some(signal) = signal_named(signal) {
                control.watched.signal(signal);
            }
        }
        _ => {}
    }
}

/// Until the program has ended and all it said has been sent.
async fn wait(
    child: &mut Child,
    output: Output,
    greeting: &str,
    writer: &ChannelWriteHalf<Msg>,
    control: &Control,
) -> io::Result<ExitStatus> {
    match output {
        Output::Terminal(terminal) => {
            let exited = CancellationToken::new();
            let waiting = async {
                let status = child.wait().await;
                control.watched.hang_up();
                exited.cancel();
                status
            };
            let sending = async {
                if writer.data_bytes(greeting.to_owned()).await.is_ok() {
                    deliver_terminal(terminal, writer, &exited).await;
                }
            };
            tokio::join!(waiting, sending).0
        }
        // Nobody here asks for one.
        Output::File { .. } => child.wait().await,
        Output::Pipes { stdout, stderr, mut aside } => {
            let sending = async { tokio::join!(deliver(stdout, writer, None), deliver(stderr, writer, Some(STDERR))) };
            let both = async { tokio::join!(child.wait(), sending).0 };
            tokio::select! {
                status = both => status,
                error = aside.discard() => Err(error),
            }
        }
    }
}

async fn deliver_terminal(mut terminal: impl AsyncRead + Unpin, writer: &ChannelWriteHalf<Msg>, exited: &CancellationToken) {
    loop {
        let mut data = vec![0; 32 * 1024];
        let length = read_terminal(&mut terminal, &mut data, exited).await;
        if length == 0 {
            return;
        }
        data.truncate(length);
        if writer.data_bytes(data).await.is_err() {
            return;
        }
    }
}

/// `TERM` becomes a path inside terminfo, so it has the characters of one.
fn is_terminal_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-._".contains(&b))
}
