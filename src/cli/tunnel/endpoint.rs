//! `tunnel --method eice` to port 22 or 3389: each connection has a tunnel through the endpoint of its own.

use std::io::Write;

use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::aws::TunnelRequest;
use crate::cli::args::Form;
use crate::cli::holding::hold;
use crate::cli::invocation::Invocation;
use crate::cli::output::{write_line, write_pretty};
use crate::cli::through::Far;
use crate::cli::{Exit, Failure};
use crate::endpoint::{self, About, Carried, Event, Route};
use crate::model::{RunningKind, Untrusted};
use crate::session::tunnel::Listener;
use crate::terminal::LeavingSignals;

/// One port that is listened on already, and the one behind the endpoint.
pub(super) struct Forwarded {
    pub(super) listener: Listener,
    pub(super) port: u16,
}

/// Open it and serve it until somebody ends it.
pub(super) async fn served(
    invocation: &Invocation,
    far: Far,
    forwarded: Forwarded,
    once: bool,
    signals: &mut LeavingSignals,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let Forwarded { listener, port } = forwarded;
    let about = About { target: far.shown(), port, endpoint: far.endpoint.id.clone(), limit: far.limit };
    let access = far.cloud.tunnel_access(&far.region).await.map_err(|error| invocation.failed(&error))?;
    let refused = |error: endpoint::TunnelError| Failure::tunnel(error.said(&about, &invocation.text), Exit::Failed);
    let host = access.host(&far.endpoint).map_err(|error| refused(error.into()))?;
    let request = TunnelRequest { address: far.address, port, limit: far.limit };
    // Whatever is in the way is told now and not with the first connection; only the far side's first word shows the rest.
    endpoint::open(&access, &host, &request).await.map_err(refused)?.close().await;
    let local = listener.shown();
    match invocation.form() {
        Form::Json | Form::Jsonl => {
            let row = json!({
                "addresses": listener.addresses().iter().map(ToString::to_string).collect::<Vec<_>>(),
                "socket": listener.path().map(|path| path.to_string_lossy()),
                "target": far.id.as_str(),
                "region": far.region.as_str(),
                "kind": "forward",
                "to": port.to_string(),
            });
            match invocation.form() {
                Form::Json => write_pretty(out, &json!({"schema": 1, "tunnels": [row]}))?,
                _ => write_line(out, &row)?,
            }
        }
        _ => writeln!(out, "{local} -> {} {port}", about.target)?,
    }
    out.flush()?;
    let name = far.instance.as_ref().and_then(|own| own.name().cloned()).unwrap_or_else(|| Untrusted::from(far.id.as_str()));
    let _held = hold(invocation, RunningKind::Tunnel, name, "eice", Some(local.clone()));
    let stop = CancellationToken::new();
    let (say, mut said) = mpsc::channel(16);
    let mut serving = std::pin::pin!(endpoint::serve(listener, Route { access, host, request }, once, stop.clone(), say));
    let mut told = None;
    let carried = loop {
        tokio::select! {
            carried = &mut serving => break carried,
            Some(event) = said.recv() => invocation.note(&format!("{local}: {}", event_words(&event, &about, invocation))),
            number = signals.next() => {
                told = Some(number);
                stop.cancel();
            }
        }
    };
    while let Ok(event) = said.try_recv() {
        invocation.note(&format!("{local}: {}", event_words(&event, &about, invocation)));
    }
    invocation.note(&format!("{local}: {}", carried_words(carried, invocation)));
    Ok(told.map_or(Exit::Done, Exit::of_signal))
}

/// What happened, in one sentence.
pub fn event_words(event: &Event, about: &About, invocation: &Invocation) -> String {
    let text = &invocation.text;
    match event {
        Event::Refused(error) => error.said(about, text).what,
        Event::Ended(end) => end.said(about, text).map(|said| said.what).unwrap_or_default(),
        Event::Ending(left) => about.ending(*left, text),
    }
}

/// What went through it.
pub fn carried_words(carried: Carried, invocation: &Invocation) -> String {
    let traffic = crate::session::tunnel::Traffic {
        sent: carried.sent,
        received: carried.received,
        connections: carried.connections,
        ..Default::default()
    };
    traffic.words(&invocation.text)
}
