//! `agent`: the one-time keys of ssh programs that nobody's terminal belongs to.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::args::{Agent, Form};
use super::invocation::Invocation;
use super::output::{SCHEMA, write_line, write_pretty};
use super::signals::{Guarded, guarded};
use super::{Exit, Failure};
use crate::model::Untrusted;
use crate::ssh::shared_agent::{AgentPlace, AgentStatus, SharedAgent, status, stop};

/// After how long without a connection it ends.
const IDLE: Duration = Duration::from_secs(600);

/// `ec2dash agent`.
pub async fn agent(invocation: &Invocation, asked: &Agent, out: &mut dyn Write) -> Result<Exit, Failure> {
    let place = match &asked.serve {
        Some(directory) => AgentPlace::at(directory).ok_or_else(|| failed(invocation, "path"))?,
        None => place(invocation),
    };
    if asked.status {
        let status = status(&place).await.map_err(|error| failed(invocation, &error.to_string()))?;
        return write_status(invocation, status.as_ref(), out);
    }
    if asked.stop {
        let was_there = stop(&place).await.map_err(|error| failed(invocation, &error.to_string()))?;
        invocation.note(&invocation.text.say(if was_there { "agent-stopped" } else { "agent-none" }));
        return Ok(Exit::Done);
    }
    if asked.serve.is_some() {
        // A terminal that closes is none of its business. Whoever leads a group of processes already stays where it is.
        let _ = rustix::process::setsid();
    }
    let Some(agent) = SharedAgent::begin(&place).map_err(|error| failed(invocation, &error.to_string()))? else {
        invocation.note(&invocation.text.say("agent-there"));
        return Ok(Exit::Done);
    };
    invocation.note(&invocation.text.say("agent-serves"));
    match guarded(Duration::ZERO, agent.serve(IDLE)).await? {
        Guarded::Done(()) => Ok(Exit::Done),
        Guarded::Told(number) => Ok(Exit::of_signal(number)),
    }
}

/// Where the agent of this user listens.
pub fn place(invocation: &Invocation) -> AgentPlace {
    let runtime = invocation.environment.get("XDG_RUNTIME_DIR").map(Path::new);
    AgentPlace::of(invocation.directories.state.as_deref(), runtime, rustix::process::geteuid().as_raw())
}

fn write_status(invocation: &Invocation, status: Option<&AgentStatus>, out: &mut dyn Write) -> Result<Exit, Failure> {
    let keys = status.map(|status| status.keys.as_slice()).unwrap_or_default();
    let rows = || keys.iter().map(|held| json!({"id": held.id, "connections": held.connections}));
    match invocation.form() {
        Form::Json => {
            let process = status.map(|status| status.process);
            write_pretty(out, &json!({"schema": SCHEMA, "process": process, "keys": rows().collect::<Vec<_>>()}))?;
        }
        Form::Jsonl => rows().try_for_each(|row| write_line(out, &row))?,
        _ => match status {
            None => writeln!(out, "{}", invocation.text.say("agent-none"))?,
            Some(status) => {
                let values = [("process", status.process.to_string().into()), ("count", keys.len().into())];
                writeln!(out, "{}", invocation.text.say_with("agent-runs", &values))?;
                for held in keys {
                    writeln!(out, "{}  {}", Untrusted::from(held.id.as_str()).shown_in(40), held.connections)?;
                }
            }
        },
    }
    Ok(Exit::Done)
}

fn failed(invocation: &Invocation, cause: &str) -> Failure {
    invocation.failure("agent", Exit::Failed, &[("cause", Untrusted::from(cause).shown_in(200).into())])
}
