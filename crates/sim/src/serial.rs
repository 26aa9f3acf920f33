//! The serial consoles of all instances: an SSH server that lets in whose key was pushed, one at a time for each instance.

mod console;

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use russh::keys::{Algorithm, HashAlg, PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Config, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, MethodKind, MethodSet, SshId};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::keys::KeyStore;
use super::ssh::Error;

/// Instances whose console somebody has now.
#[derive(Clone, Debug, Default)]
pub(super) struct SerialSessions(Arc<Mutex<HashSet<String>>>);

impl SerialSessions {
    pub(super) fn is_taken(&self, instance: &str) -> bool {
        self.taken().contains(instance)
    }

    fn taken(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One session of one instance, as long as it lives.
struct Taken {
    sessions: SerialSessions,
    instance: String,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.sessions.taken().remove(&self.instance);
    }
}

/// The running server.
#[derive(Debug)]
pub(super) struct SerialServer {
    pub(super) port: u16,
    /// `SHA256:…` of its host key.
    pub(super) fingerprint: String,
    pub(super) sessions: SerialSessions,
    _tasks: JoinSet<()>,
}

/// The user that a key is pushed for, and that ssh logs in.
pub(super) fn user(instance: &str) -> String {
    format!("{instance}.port0")
}

impl SerialServer {
    pub(super) async fn start(keys: KeyStore) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::Listen)?;
        let port = listener.local_addr().map_err(Error::Listen)?.port();
        let none = || Error::HostKey { instance: "the serial consoles".to_owned() };
        let key = PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).map_err(|_| none())?;
        let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
        let config = Arc::new(Config {
            server_id: SshId::Standard("SSH-2.0-ec2dash-sim".into()),
            methods: MethodSet::from([MethodKind::PublicKey].as_slice()),
            auth_rejection_time: Duration::from_millis(20),
            auth_rejection_time_initial: Some(Duration::ZERO),
            keys: vec![key],
            inactivity_timeout: None,
            ..Config::default()
        });
        let sessions = SerialSessions::default();
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(listener, config, keys, sessions.clone()));
        Ok(Self { port, fingerprint, sessions, _tasks: tasks })
    }
}

async fn listen(listener: TcpListener, config: Arc<Config>, keys: KeyStore, sessions: SerialSessions) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve(stream, Arc::clone(&config), keys.clone(), sessions.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, config: Arc<Config>, keys: KeyStore, sessions: SerialSessions) {
    let _ = stream.set_nodelay(true);
    let (opened, mut channels) = mpsc::channel::<Channel<Msg>>(1);
    let visitor = Visitor { keys, sessions, instance: String::new(), taken: None, opened };
    let Ok(mut connection) = russh::server::run_stream(config, stream, visitor).await else { return };
    let mut consoles = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut connection => break,
            Some(channel) = channels.recv() => {
                consoles.spawn(console::shown(channel));
            }
            Some(_) = consoles.join_next() => {}
        }
    }
}

/// Whoever comes with a key.
struct Visitor {
    keys: KeyStore,
    sessions: SerialSessions,
    instance: String,
    taken: Option<Taken>,
    opened: mpsc::Sender<Channel<Msg>>,
}

impl Visitor {
    fn judge(&self, user: &str, key: &PublicKey) -> Auth {
        let Some(instance) = user.strip_suffix(".port0") else { return Auth::reject() };
        let pushed = self.keys.active(instance, user);
        let is_pushed =
            pushed.iter().filter_map(|line| PublicKey::from_openssh(line).ok()).any(|pushed| pushed.key_data() == key.key_data());
        if is_pushed && !self.sessions.is_taken(instance) { Auth::Accept } else { Auth::reject() }
    }
}

impl Handler for Visitor {
    type Error = russh::Error;

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, russh::Error> {
        Ok(self.judge(user, offer.public_key))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        let verdict = self.judge(user, key.public_key);
        user.strip_suffix(".port0").unwrap_or_default().clone_into(&mut self.instance);
        Ok(verdict)
    }

    async fn auth_succeeded(&mut self, _link: &mut Session) -> Result<(), russh::Error> {
        self.sessions.taken().insert(self.instance.clone());
        self.taken = Some(Taken { sessions: self.sessions.clone(), instance: self.instance.clone() });
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _link: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        self.opened.send(channel).await.map_err(|_| russh::Error::Disconnect)
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        _rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(russh::Pty, u32)],
        link: &mut Session,
    ) -> Result<(), russh::Error> {
        link.channel_success(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, link: &mut Session) -> Result<(), russh::Error> {
        link.channel_success(channel)
    }
}
