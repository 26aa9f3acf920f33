//! The door of one simulated instance, and the connections that come through it.

use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use russh::keys::{Algorithm, PrivateKey, PublicKey};
use russh::server::Config;
use russh::{MethodKind, MethodSet, SshId};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::forward::Forward;
use super::session::Session;
use super::visitor::Visitor;
use super::{Error, Host};
use crate::keys::KeyStore;
use crate::machine::{Homes, Machine, Processes, plain};

/// sshd's `LoginGraceTime` and `MaxAuthTries`; the client's first try, without a key, counts here.
const LOGIN_LIMIT: Duration = Duration::from_secs(120);
const MOST_TRIES: usize = 7;
/// Refusals take the same time, whatever the reason.
const REFUSAL: Duration = Duration::from_millis(20);

/// What every connection to one instance shares.
pub(super) struct Door {
    pub(super) host: Host,
    /// The host's name as the shell's prompt may have it.
    pub(super) prompt: String,
    pub(super) homes: Arc<Homes>,
    pub(super) processes: Processes,
    authorized: Vec<PublicKey>,
    keys: KeyStore,
    config: Arc<Config>,
}

/// A channel a client has opened.
pub(super) enum Opened {
    Session(Session),
    Forward(Forward),
}

impl Door {
    pub(super) fn new(host: Host, keys: KeyStore, machine: &Machine) -> Result<Self, Error> {
        let authorized = host
            .authorized
            .iter()
            .map(|line| PublicKey::from_openssh(line))
            .collect::<Result<_, _>>()
            .map_err(|_| Error::Key { instance: host.instance.clone() })?;
        let host_key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519)
            .map_err(|_| Error::HostKey { instance: host.instance.clone() })?;
        let Machine { homes, processes } = machine.clone();
        Ok(Self { prompt: plain(&host.name), config: Arc::new(config(host_key)), host, homes, processes, authorized, keys })
    }

    /// The key pair of the launch opens for every login user, a pushed key for the one it was pushed for.
    pub(super) fn admits(&self, user: &str, key: &PublicKey) -> bool {
        let is_same = |other: &PublicKey| other.key_data() == key.key_data();
        let was_pushed = || {
            let pushed = self.keys.active(&self.host.instance, user);
            pushed.iter().filter_map(|line| PublicKey::from_openssh(line).ok()).any(|pushed| is_same(&pushed))
        };
        self.host.users.iter().any(|name| name == user) && (self.authorized.iter().any(is_same) || was_pushed())
    }
}

fn config(host_key: PrivateKey) -> Config {
    Config {
        server_id: SshId::Standard("SSH-2.0-ec2dash-sim".into()),
        methods: MethodSet::from([MethodKind::PublicKey].as_slice()),
        auth_rejection_time: REFUSAL,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![host_key],
        max_auth_attempts: MOST_TRIES,
        inactivity_timeout: None,
        ..Config::default()
    }
}

/// Take connections until told to stop, then wait for them to end.
pub(super) async fn listen(listener: TcpListener, door: Arc<Door>, stop: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, Arc::clone(&door), stop.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, most likely: it passes.
                    tracing::debug!("cannot take a connection: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn serve(stream: TcpStream, door: Arc<Door>, stop: CancellationToken) {
    let entered = CancellationToken::new();
    let (opened, mut channels) = mpsc::channel(4);
    let visitor = Visitor::new(Arc::clone(&door), entered.clone(), opened);
    let config = Arc::clone(&door.config);
    let Some((stream, cut)) = cuttable(stream) else {
        return;
    };

    let starting = tokio::time::timeout(LOGIN_LIMIT, russh::server::run_stream(config, stream, visitor));
    let mut connection = tokio::select! {
        started = starting => match started {
            Ok(Ok(connection)) => connection,
            _ => return,
        },
        () = stop.cancelled() => return,
    };

    let mut running = JoinSet::new();
    let mut is_over = false;
    let mut login_limit = std::pin::pin!(tokio::time::sleep(LOGIN_LIMIT));
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!("a connection to {} ended: {error}", door.host.instance);
                }
                is_over = true;
                break;
            }
            Some(opened) = channels.recv() => {
                match opened {
                    Opened::Session(session) => running.spawn(session.run()),
                    Opened::Forward(forward) => running.spawn(forward.run()),
                };
            }
            Some(_) = running.join_next() => {}
            () = &mut login_limit, if !entered.is_cancelled() => return,
            () = stop.cancelled() => break,
        }
    }
    // Without its connection a channel gives no more messages: its program is told to hang up, and ends.
    cut.now();
    drop(channels);
    while running.join_next().await.is_some() {}
    if !is_over {
        let _ = connection.await;
    }
}

/// A way to end a connection for certain: russh runs it in a task of its own that nobody can abort.
struct Cut(std::net::TcpStream);

impl Cut {
    fn now(&self) {
        // An error says that it is already gone.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

impl Drop for Cut {
    fn drop(&mut self) {
        self.now();
    }
}

fn cuttable(stream: TcpStream) -> Option<(TcpStream, Cut)> {
    stream.set_nodelay(true).ok()?;
    let stream = stream.into_std().ok()?;
    let cut = Cut(stream.try_clone().ok()?);
    Some((TcpStream::from_std(stream).ok()?, cut))
}
