//! `known-hosts`: the host keys of instances, by instance id.

use std::io::Write;
use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::KnownHostsAction;
use super::invocation::Invocation;
use super::profiles::write_list;
use super::{Exit, Failure, target};
use crate::connect::{NewHostKeys, NoNewHostKeys};
use crate::model::{InstanceId, Untrusted};
use crate::ssh::{KnownHost, KnownHosts};

/// `ec2dash known-hosts …`.
pub async fn known_hosts(invocation: &Invocation, action: &KnownHostsAction, out: &mut dyn Write) -> Result<Exit, Failure> {
    let state = invocation.directories.state.as_deref();
    let hosts = KnownHosts::new(state.ok_or_else(|| invocation.failure("no-home", Exit::Failed, &[]))?);
    match action {
        KnownHostsAction::Replace { target, yes } => replace(invocation, &hosts, target, *yes).await,
        KnownHostsAction::List => {
            let list = hosts.list().map_err(|error| unreadable(invocation, &error))?;
            let objects = list.iter().map(object).collect();
            write_list(invocation, out, "known_hosts", &["id", "algorithm", "fingerprint", "first_seen", "origin"], objects)
        }
        KnownHostsAction::Forget { target } => {
            // The id of one that is gone nobody has to be asked for.
            let id = match target.to_ascii_lowercase().parse::<InstanceId>() {
                Ok(id) => id,
                Err(_) => target::find(invocation, target).await?.1.id,
            };
            let forgotten = hosts.forget(&id).map_err(|error| unwritable(invocation, &hosts, &error))?;
            if forgotten == 0 {
                return Err(invocation.failure("host-key-unknown", Exit::NotFound, &[("target", id.to_string().into())]));
            }
            let values = [("id", id.to_string().into()), ("count", forgotten.into())];
            invocation.note(&invocation.text.say_with("note-forgotten", &values));
            Ok(Exit::Done)
        }
    }
}

/// What is told now takes the place of what is kept, after a yes to both.
async fn replace(invocation: &Invocation, hosts: &KnownHosts, typed: &str, yes: bool) -> Result<Exit, Failure> {
    let (cloud, instance) = target::find(invocation, typed).await?;
    let values = [("target", instance.shown().into()), ("id", instance.id.to_string().into())];
    let new = match NewHostKeys::ask(&cloud, &instance, hosts).await {
        Ok(new) => new,
        Err(NoNewHostKeys::Unreadable(error)) => return Err(unreadable(invocation, &error)),
        Err(none) => {
            let exit = if matches!(none, NoNewHostKeys::NothingKept) { Exit::NotFound } else { Exit::Failed };
            return Err(Failure { why: none.why(&invocation.text), ..invocation.failure(none.code(), exit, &values) });
        }
    };
    for line in new.lines(&invocation.text) {
        invocation.note(&line);
    }
    if !yes {
        let answer = match invocation.terminal.may_ask {
            true => invocation.terminal.ask(&invocation.text.say_with("ask-replace-host-keys", &values)).unwrap_or_default(),
            false => String::new(),
        };
        if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            return Err(invocation.failure("host-keys-not-replaced", Exit::Failed, &values));
        }
    }
    new.take(hosts, SystemTime::now()).map_err(|error| unwritable(invocation, hosts, &error))?;
    invocation.note(&invocation.text.say_with("note-host-keys-replaced", &values));
    Ok(Exit::Done)
}

fn object(host: &KnownHost) -> Value {
    let seen = host.first_seen.and_then(|seen| Timestamp::try_from(seen).ok()).map(|seen| seen.to_string());
    json!({"id": host.id.as_str(), "algorithm": host.algorithm, "fingerprint": host.fingerprint, "first_seen": seen, "origin": host.origin.word()})
}

fn unreadable(invocation: &Invocation, error: &std::io::Error) -> Failure {
    invocation.failure("known-hosts", Exit::Failed, &[("cause", error.to_string().into())])
}

fn unwritable(invocation: &Invocation, hosts: &KnownHosts, error: &std::io::Error) -> Failure {
    let path = Untrusted::from(hosts.path().to_string_lossy().into_owned()).shown_in(200);
    let values = [("path", path.into()), ("cause", error.to_string().into())];
    invocation.failure("known-hosts-unwritten", Exit::Failed, &values)
}
