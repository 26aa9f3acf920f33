//! `tunnel` by a way in that runs ssh: OpenSSH listens, and leads every connection through its one login.

use std::ffi::OsString;
use std::future::pending;
use std::io::Write;
use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use super::forwarded::{Forwarded, Place, Reserved};
use super::once::Firsts;
use crate::cli::args::{self, Form};
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::{write_line, write_pretty};
use crate::cli::signals::{Guarded, guarded};
use crate::cli::{Exit, Failure, connect as connecting, forwarding, show, target};
use crate::config::ConnectFlags;
use crate::connect::{self, ConnectEvent, Extras};
use crate::model::{Instance, RunningKind};
use crate::session::settled;
use crate::session::tunnel::{Led, Listen, Listener};

/// How long ssh may take to end after a signal asked for it.
const GRACE: Duration = Duration::from_secs(3);
/// How often it is looked whether ssh listens.
const LOOK: Duration = Duration::from_millis(50);
/// How ssh says that it failed itself.
const OF_SSH: u8 = 255;

/// Open the tunnels, and keep them until somebody ends them.
pub(super) async fn served(
    invocation: &Invocation,
    typed: &str,
    asked: &args::Tunnel,
    flags: &ConnectFlags,
    ready: Vec<(Listener, Listen, Led)>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let (cloud, mut instance) = target::find(invocation, typed).await?;
    show::ask_for_facts(&cloud, &mut instance).await;
    if let Some(id) = &flags.endpoint {
        show::ask_for_endpoint(&cloud, &mut instance, id).await;
    }
    let forwarded: Vec<Forwarded> =
        ready.iter().map(|(listener, place, led)| Forwarded::of(listener, place, led.clone())).collect();
    let listeners: Vec<Listener> = ready.into_iter().map(|(listener, ..)| listener).collect();
    let (firsts, reserved) = match asked.once {
        // What keeps them free is let go of for ssh.
        false => {
            drop(listeners);
            (None, Some(Reserved::of(&forwarded)?))
        }
        true => (Some(Firsts::new(invocation, listeners, &forwarded).await?), None),
    };
    let mut arguments: Vec<OsString> =
        ["-N", "-o", "ExitOnForwardFailure=yes", "-o", "ClearAllForwardings=no"].map(OsString::from).into();
    arguments.extend(firsts.as_ref().map_or(forwarded.as_slice(), Firsts::of_ssh).iter().flat_map(Forwarded::arguments));
    let own = Extras::of(flags, connecting::own_program(invocation));
    let extras = Extras { ssh_arguments: arguments, is_quiet: true, only_ssh: true, ..own };
    let prepared = connecting::prepare(invocation, &mut instance, flags).await?;
    let plan = connecting::plan(invocation, &instance, flags, &prepared, &extras)?;
    connecting::confirmed_all(invocation, asked.yes, &plan)?;
    for own in &forwarded {
        if let Led::Forward(to) = &own.led {
            forwarding::judged(invocation, &cloud, &mut instance, to, Some(plan.method)).await?;
        }
    }
    connecting::remember(invocation, &instance);
    let method = plan.method.id();
    let name = instance.name().cloned().unwrap_or_else(|| instance.id.as_str().into());
    let _held: Vec<_> =
        forwarded.iter().map(|own| hold(invocation, RunningKind::Tunnel, name.clone(), method, Some(own.shown()))).collect();
    let surroundings = connecting::surroundings(invocation);
    let mut on_event = |event: ConnectEvent| invocation.note(&event.words(&plan.target, &invocation.text));
    let running = guarded(GRACE, connect::run(&plan, &cloud, &surroundings, &mut on_event));
    let listed = async {
        let of_ssh = firsts.as_ref().map_or(forwarded.as_slice(), Firsts::of_ssh);
        while !of_ssh.iter().all(Forwarded::is_listening) {
            sleep(LOOK).await;
        }
        drop(reserved);
        written(invocation, &instance, &forwarded, out).and_then(|()| out.flush())?;
        match firsts {
            Some(firsts) => firsts.carried().await,
            None => pending().await,
        }
    };
    let outcome = tokio::select! {
        outcome = running => outcome,
        // Dropping what runs ends ssh.
        over = listed => {
            settled().await;
            return over.map(|()| Exit::Done).map_err(Failure::from);
        }
    };
    settled().await;
    match outcome? {
        Guarded::Told(number) => Ok(Exit::of_signal(number)),
        Guarded::Done(Err(error)) => Err(connecting::not_started(invocation, &plan, &error)),
        Guarded::Done(Ok(ended)) => {
            if let Some(number) = ended.told_by {
                return Ok(Exit::of_signal(number));
            }
            connecting::explain(invocation, &plan, &ended);
            Ok(if ended.code == OF_SSH { Exit::Failed } else { Exit::Code(ended.code) })
        }
    }
}

/// Say where they listen.
fn written(invocation: &Invocation, instance: &Instance, forwarded: &[Forwarded], out: &mut dyn Write) -> std::io::Result<()> {
    let row = |own: &Forwarded| {
        let (addresses, socket) = match &own.place {
            Place::Tcp { addresses, .. } => (addresses.iter().map(ToString::to_string).collect(), None),
            Place::Unix(path) => (Vec::new(), Some(path.to_string_lossy().into_owned())),
        };
        json!({
            "addresses": addresses,
            "socket": socket,
            "target": instance.id.as_str(),
            "region": instance.place.region.as_str(),
            "kind": own.led.kind(),
            "to": own.led.to(),
        })
    };
    match invocation.form() {
        Form::Json => write_pretty(out, &json!({"schema": 1, "tunnels": forwarded.iter().map(row).collect::<Vec<_>>()})),
        Form::Jsonl => forwarded.iter().try_for_each(|own| write_line(out, &row(own))),
        _ => forwarded.iter().try_for_each(|own| writeln!(out, "{} -> {} {}", own.shown(), instance.shown(), own.led)),
    }
}
