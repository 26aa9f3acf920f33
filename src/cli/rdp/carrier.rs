//! What carries a desktop to this computer: a forwarded port, a tunnel through an endpoint, or the network itself.

use std::future::pending;
use std::net::SocketAddr;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::access::{self, DESKTOP_PORT, DesktopPath};
use crate::aws::{Cloud, TunnelRequest};
use crate::cli::args::Rdp;
use crate::cli::invocation::Invocation;
use crate::cli::through::{self, Wanted};
use crate::cli::tunnel::{carried_words, event_words, listen, not_opened};
use crate::cli::{Exit, Failure, connect as connecting};
use crate::config::ConnectFlags;
use crate::endpoint::{self, About, Carried, Event, Route};
use crate::model::{Destination, Instance};
use crate::session::SignInNotices;
use crate::session::tunnel::{Bind, Listen, Listener, Purpose, Tunnel, TunnelOptions, TunnelState};
use crate::terminal::LeavingSignals;

/// One open way to one desktop.
pub(super) struct Carrier {
    kind: Kind,
    /// Where the client goes.
    address: SocketAddr,
    instance: Instance,
    notices: SignInNotices,
}

enum Kind {
    Session(Box<Tunnel>),
    Endpoint { about: Box<About>, stop: CancellationToken, serving: JoinHandle<Carried>, said: mpsc::Receiver<Event> },
    Direct,
}

impl Carrier {
    /// Open it; what keeps it from opening is told now.
    pub(super) async fn open(
        invocation: &Invocation,
        asked: &Rdp,
        cloud: &Cloud,
        instance: &mut Instance,
        path: DesktopPath,
    ) -> Result<Self, Failure> {
        let (kind, address) = match path {
            DesktopPath::SessionManager => session(invocation, cloud, instance).await?,
            DesktopPath::Endpoint => through_endpoint(invocation, asked, instance).await?,
            DesktopPath::Address => direct(invocation, asked, instance).await?,
        };
        Ok(Self { kind, address, instance: instance.clone(), notices: SignInNotices::of(cloud) })
    }

    /// How it goes.
    pub(super) fn path(&self) -> DesktopPath {
        match self.kind {
            Kind::Session(_) => DesktopPath::SessionManager,
            Kind::Endpoint { .. } => DesktopPath::Endpoint,
            Kind::Direct => DesktopPath::Address,
        }
    }

    /// Where the client goes.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same in words.
    pub(super) fn shown(&self) -> String {
        self.address.to_string()
    }

    /// Say what happens in it until somebody ends it.
    pub(super) async fn until_told(&mut self, invocation: &Invocation, signals: &mut LeavingSignals) -> Exit {
        tokio::select! {
            () = self.over(invocation) => Exit::Failed,
            number = signals.next() => Exit::of_signal(number),
        }
    }

    /// Say what happens in it until it is over.
    pub(super) async fn over(&mut self, invocation: &Invocation) {
        let local = self.shown();
        loop {
            let sentence = tokio::select! {
                sentence = next(&mut self.kind, &self.instance, invocation) => match sentence {
                    Some(sentence) => sentence,
                    None => return,
                },
                notice = self.notices.next() => notice.words(Timestamp::now(), &invocation.text),
            };
            if !sentence.is_empty() {
                invocation.note(&format!("{local}: {sentence}"));
            }
        }
    }

    /// End it, and say what went through it.
    pub(super) async fn end(self, invocation: &Invocation) {
        let words = match self.kind {
            Kind::Session(mut tunnel) => {
                tunnel.end();
                tunnel.over().await;
                tunnel.traffic().words(&invocation.text)
            }
            Kind::Endpoint { stop, serving, .. } => {
                stop.cancel();
                carried_words(serving.await.unwrap_or_default(), invocation)
            }
            Kind::Direct => return,
        };
        invocation.note(&format!("{}: {words}", self.address));
    }
}

/// What happens next; none when it is over.
async fn next(kind: &mut Kind, instance: &Instance, invocation: &Invocation) -> Option<String> {
    match kind {
        Kind::Session(tunnel) => {
            let mut state = tunnel.state();
            tokio::select! {
                event = tunnel.next_event() => Some(event?.words(instance, &invocation.text)),
                _ = state.wait_for(|state| matches!(state, TunnelState::Over { .. })) => None,
            }
        }
        Kind::Endpoint { about, said, .. } => Some(event_words(&said.recv().await?, about, invocation)),
        Kind::Direct => pending().await,
    }
}

fn any_port() -> Listen {
    Listen::Tcp { bind: Bind::Loopback, port: 0 }
}

/// IPv4 first: not every client knows the other loopback address.
fn address_of(listener: &Listener) -> Result<SocketAddr, Failure> {
    let all = listener.addresses();
    let found = all.iter().find(|address| address.is_ipv4()).or(all.first()).copied();
    found.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::AddrNotAvailable).into())
}

async fn session(invocation: &Invocation, cloud: &Cloud, instance: &mut Instance) -> Result<(Kind, SocketAddr), Failure> {
    let listener = listen(invocation, &any_port()).await?;
    let address = address_of(&listener)?;
    let options = TunnelOptions {
        region: instance.place.region.clone(),
        target: instance.id.clone(),
        purpose: Purpose::Forward(Destination::Port(DESKTOP_PORT)),
        reconnect: invocation.loaded.settings.connect.reconnect,
        once: false,
    };
    let tunnel = Tunnel::start(cloud.clone(), listener, options);
    match tunnel.opened().await {
        Ok(()) => Ok((Kind::Session(Box::new(tunnel)), address)),
        Err(why) => Err(not_opened(invocation, cloud, instance, &why).await),
    }
}

async fn through_endpoint(invocation: &Invocation, asked: &Rdp, instance: &Instance) -> Result<(Kind, SocketAddr), Failure> {
    // By its id: the name may be several instances'.
    let id = instance.id.to_string();
    let wanted = Wanted { target: &id, yes: true, endpoint: &asked.endpoint, address: asked.address, limit: asked.tunnel_limit };
    let far = through::found(invocation, &wanted).await?;
    let about = About { target: far.shown(), port: DESKTOP_PORT, endpoint: far.endpoint.id.clone(), limit: far.limit };
    let access = far.cloud.tunnel_access(&far.region).await.map_err(|error| invocation.failed(&error))?;
    let refused = |error: endpoint::TunnelError| Failure::tunnel(error.said(&about, &invocation.text), Exit::Failed);
    let host = access.host(&far.endpoint).map_err(|error| refused(error.into()))?;
    let request = TunnelRequest { address: far.address, port: DESKTOP_PORT, limit: far.limit };
    endpoint::open(&access, &host, &request).await.map_err(refused)?.close().await;
    let listener = listen(invocation, &any_port()).await?;
    let address = address_of(&listener)?;
    let stop = CancellationToken::new();
    let (say, said) = mpsc::channel(16);
    let serving = tokio::spawn(endpoint::serve(listener, Route { access, host, request }, false, stop.clone(), say));
    Ok((Kind::Endpoint { about: Box::new(about), stop, serving, said }, address))
}

async fn direct(invocation: &Invocation, asked: &Rdp, instance: &mut Instance) -> Result<(Kind, SocketAddr), Failure> {
    // From here: a jump host leads to sshd.
    let flags = ConnectFlags { address: asked.address, jump: Some("none".to_owned()), ..ConnectFlags::default() };
    let prepared = connecting::prepare(invocation, instance, &flags).await?;
    let found = access::address(instance, &prepared.options, &prepared.local);
    let values = [("target", instance.shown().into())];
    let (address, _) = found.ok_or_else(|| invocation.failure("rdp-no-address", Exit::NoWay, &values))?;
    Ok((Kind::Direct, SocketAddr::new(address, DESKTOP_PORT)))
}
