//! What is done on a connection: a shell or a command with our streams, a stream to a port, or nothing but what listens here.

mod ending;
mod streams;
mod terminal;

use std::io::{IsTerminal, stdin};
use std::path::PathBuf;

use russh::client::Msg;
use russh::{Channel, ChannelMsg};

use super::arguments::{Call, ForwardedAgent, Terminal, Work};
use super::client::Connection;
use super::forward::{self, Listening};
use super::trouble::{self, FAILED, Trouble, complain};
use crate::terminal::LeavingSignals;
use crate::text::Catalogue;
use streams::Streams;

/// Do what is asked for until it ends; the exit code.
pub(super) async fn run(
    connection: &mut Connection,
    call: &Call,
    signals: &mut LeavingSignals,
    text: &Catalogue,
) -> Result<u8, Trouble> {
    let agent = match &call.forwarded {
        ForwardedAgent::No => None,
        ForwardedAgent::Own => std::env::var_os("SSH_AUTH_SOCK").map(PathBuf::from),
        ForwardedAgent::At(socket) => Some(socket.clone()),
    };
    let mut listening = Vec::new();
    for wanted in &call.forwards {
        match Listening::open(wanted).await {
            Ok(open) => listening.push(open),
            Err(words) if call.needs_forwards => return Err(Trouble::Local(words)),
            Err(words) => complain(&words),
        }
    }
    let (handle, asked) = (&connection.handle, &mut connection.asked);
    let work = async {
        let stdin_is_typed = stdin().is_terminal();
        let has_terminal = match (&call.work, call.terminal) {
            (Work::Shell, Terminal::Auto | Terminal::Yes) | (Work::Command(_), Terminal::Yes) => stdin_is_typed,
            (Work::Shell | Work::Command(_), Terminal::Force) => true,
            _ => false,
        };
        let opening = async {
            let mut channel = match &call.work {
                Work::Nothing => {
                    connection.gone.cancelled().await;
                    return Err(Trouble::Lost);
                }
                Work::Stdio { host, port } => {
                    let opened = handle.channel_open_direct_tcpip(host.as_str(), (*port).into(), "127.0.0.1", 65_535).await;
                    opened.map_err(|error| not_opened(error, "stdio forwarding failed"))?
                }
                Work::Shell | Work::Command(_) | Work::Subsystem(_) => {
                    handle.channel_open_session().await.map_err(|error| not_opened(error, "no session can be opened"))?
                }
            };
            if agent.is_some() && !matches!(call.work, Work::Stdio { .. }) {
                channel.agent_forward(false).await?;
            }
            begun(&mut channel, call, has_terminal).await?;
            Ok(channel)
        };
        let channel = tokio::select! {
            opened = opening => opened?,
            _ = signals.next() => return Ok(FAILED),
        };
        let is_session = !matches!(call.work, Work::Stdio { .. });
        let streams = Streams { has_terminal, reads_nothing: call.reads_nothing, is_session, gone: &connection.gone };
        streams.carry(channel, signals, text).await
    };
    tokio::select! {
        done = work => done,
        () = forward::serve(&listening, handle, asked, agent.as_deref()) => Ok(FAILED),
    }
}

/// Ask for what runs there.
async fn begun(channel: &mut Channel<Msg>, call: &Call, has_terminal: bool) -> Result<(), Trouble> {
    if has_terminal {
        terminal::request(channel).await?;
        if !granted(channel).await? {
            complain("PTY allocation request failed on channel 0");
        }
    }
    let what = match &call.work {
        Work::Shell => {
            channel.request_shell(true).await?;
            "shell"
        }
        Work::Command(command) => {
            channel.exec(true, command.clone()).await?;
            "exec"
        }
        Work::Subsystem(name) => {
            channel.request_subsystem(true, name.as_str()).await?;
            "subsystem"
        }
        Work::Stdio { .. } | Work::Nothing => return Ok(()),
    };
    if granted(channel).await? { Ok(()) } else { Err(Trouble::Refused(format!("{what} request failed on channel 0"))) }
}

/// What the host answers to a request. Nothing else comes before it but more room.
async fn granted(channel: &mut Channel<Msg>) -> Result<bool, Trouble> {
    loop {
        match channel.wait().await.ok_or(Trouble::Lost)? {
            ChannelMsg::Success => return Ok(true),
            ChannelMsg::Failure | ChannelMsg::Close => return Ok(false),
            _ => {}
        }
    }
}

fn not_opened(error: russh::Error, what: &str) -> Trouble {
    match error {
        russh::Error::ChannelOpenFailure(why) => {
            Trouble::Refused(format!("channel 0: open failed: {}\n{what}", trouble::not_opened(&why)))
        }
        other => Trouble::Cut(other),
    }
}
