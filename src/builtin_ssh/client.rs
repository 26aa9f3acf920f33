//! A connection to a host whose key is the right one, logged in.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, ChannelOpenHandle, Handle, Msg, Session};
use russh::keys::{Algorithm, PublicKeyOrCertificate};
use russh::{Channel, Disconnect, Preferred};
use rustix::io::Errno;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::arguments::{Call, ForwardedAgent, HostKeyAlgorithms};
use super::carrier::{self, Proxy};
use super::host_keys::{HOST_KEYS, HostKeys};
use super::login::log_in;
use super::trouble::{Trouble, complain};
use crate::model::{HostKey, Untrusted};

/// How long the host may take to hear that we leave.
const FAREWELL: Duration = Duration::from_millis(400);
/// Longest word of a host before the login that is shown.
const LONGEST_BANNER: usize = 2_000;
/// Programs that may ask for the agent at once.
const MOST_ASKED: usize = 16;

/// The connection.
pub(super) struct Connection {
    pub(super) handle: Handle<Client>,
    /// Told when it has ended.
    pub(super) gone: CancellationToken,
    /// Programs there that ask for the agent.
    pub(super) asked: mpsc::Receiver<Channel<Msg>>,
}

impl Connection {
    /// Connect, check the host's key, log in. The program that leads there is put into `proxy`, and outlives what is given up here.
    pub(super) async fn open(call: &Call, proxy: &mut Option<Proxy>) -> Result<Self, Trouble> {
        let connecting = Self::connect(call, proxy);
        let connected = match call.connect_timeout {
            Some(limit) => timeout(limit, connecting).await.unwrap_or_else(|_| Err(Trouble::Unreachable(Errno::TIMEDOUT.into()))),
            None => connecting.await,
        };
        let mut connection = connected?;
        if let Err(trouble) = log_in(&mut connection.handle, call).await {
            connection.close().await;
            return Err(trouble);
        }
        Ok(connection)
    }

    /// As far as to a host whose key is the right one.
    async fn connect(call: &Call, proxy: &mut Option<Proxy>) -> Result<Self, Trouble> {
        let stream = carrier::open(call, proxy).await?;
        let keys = HostKeys::of(call);
        let config = Arc::new(config(call, &keys));
        let gone = CancellationToken::new();
        let (asking, asked) = mpsc::channel(MOST_ASKED);
        let agent = (call.forwarded != ForwardedAgent::No).then_some(asking);
        let client = Client { keys, agent, is_quiet: call.is_quiet, _gone: gone.clone().drop_guard() };
        match client::connect_stream(config, stream, client).await {
            Ok(handle) => Ok(Self { handle, gone, asked }),
            Err(Trouble::Cut(error)) => Err(Trouble::Exchange(error)),
            Err(trouble) => Err(trouble),
        }
    }

    /// Why it has ended, once it has.
    pub(super) async fn ended(&mut self) -> Trouble {
        match (&mut self.handle).await {
            Ok(()) => Trouble::Lost,
            Err(trouble) => trouble,
        }
    }

    /// Take leave of the host.
    pub(super) async fn close(self) {
        let handle = self.handle;
        if handle.is_closed() {
            return;
        }
        let leaving = async {
            handle.disconnect(Disconnect::ByApplication, "", "").await?;
            handle.await
        };
        // It is gone either way. What takes nothing more from us does not take this either.
        let _ = timeout(FAREWELL, leaving).await;
    }
}

fn config(call: &Call, keys: &HostKeys) -> client::Config {
    client::Config {
        // As OpenSSH names itself, and what we are.
        client_id: russh::SshId::Standard(concat!("SSH-2.0-ec2dash_", env!("CARGO_PKG_VERSION")).into()),
        preferred: Preferred { key: Cow::Owned(algorithms(call, keys)), ..Preferred::DEFAULT },
        keepalive_interval: call.keepalive,
        keepalive_max: call.unanswered,
        nodelay: true,
        ..client::Config::default()
    }
}

/// What the host is asked to show: first what is known of it.
fn algorithms(call: &Call, keys: &HostKeys) -> Vec<Algorithm> {
    let known = keys.types();
    let (HostKeyAlgorithms::First(named) | HostKeyAlgorithms::Only(named)) = &call.algorithms;
    let place = |algorithm: &Algorithm| named.iter().position(|name| name == algorithm.as_str());
    let is_wanted = |algorithm: &Algorithm| matches!(call.algorithms, HostKeyAlgorithms::First(_)) || place(algorithm).is_some();
    let mut all: Vec<Algorithm> = HOST_KEYS.into_iter().filter(is_wanted).collect();
    all.sort_by_key(|algorithm| (place(algorithm).unwrap_or(usize::MAX), !known.contains(&algorithm.as_str())));
    all
}

/// What hears of the host.
pub(super) struct Client {
    keys: HostKeys,
    /// Where programs there that ask for the agent are led, if it is forwarded.
    agent: Option<mpsc::Sender<Channel<Msg>>>,
    /// Whether what it says before the login is not shown.
    is_quiet: bool,
    /// Goes with the connection.
    _gone: DropGuard,
}

impl client::Handler for Client {
    type Error = Trouble;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Trouble> {
        let line = match shown {
            PublicKeyOrCertificate::PublicKey { key, .. } => key.to_openssh().ok(),
            // None was asked for.
            PublicKeyOrCertificate::Certificate(_) => None,
        };
        match line.as_deref().and_then(HostKey::read) {
            Some(key) if self.keys.accepts(&key) => Ok(true),
            _ => Err(Trouble::HostKey),
        }
    }

    async fn server_channel_open_agent_forward(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Trouble> {
        // What is not accepted is refused when it goes.
        if let Some(place) = self.agent.as_ref().and_then(|agent| agent.try_reserve().ok()) {
            reply.accept().await;
            place.send(channel);
        }
        Ok(())
    }

    async fn auth_banner(&mut self, banner: &str, _: &mut Session) -> Result<(), Trouble> {
        for line in banner.lines().filter(|_| !self.is_quiet) {
            complain(&Untrusted::from(line).shown_in(LONGEST_BANNER));
        }
        Ok(())
    }
}
