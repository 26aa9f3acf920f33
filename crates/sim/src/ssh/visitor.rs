//! Who may log in to a simulated instance, and which requests are granted.

use std::collections::HashSet;
use std::sync::Arc;

use russh::keys::PublicKey;
use russh::server::{Auth, ChannelOpenHandle, Handle, Handler, Msg, PublicKeyOffer, Session as Link, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::door::Door;
use super::forward::{Forward, To};
use super::session::{Session, sftp_server};
use crate::machine::is_welcome;

/// A channel a client has opened.
pub(super) enum Opened {
    Session(Session),
    Forward(Forward),
}

/// One client of one server.
pub(super) struct Visitor {
    pub(super) door: Arc<Door>,
    /// Told once, when the client has logged in.
    pub(super) entered: CancellationToken,
    pub(super) opened: mpsc::Sender<Opened>,
    user: String,
    started: HashSet<ChannelId>,
}

impl Visitor {
    pub(super) fn new(door: Arc<Door>, entered: CancellationToken, opened: mpsc::Sender<Opened>) -> Self {
        Self { door, entered, opened, user: String::new(), started: HashSet::new() }
    }

    fn judge(&self, user: &str, key: &PublicKey) -> Auth {
        if self.door.admits(user, key) { Auth::Accept } else { Auth::reject() }
    }

    /// A channel runs one program.
    fn grant_program(&mut self, channel: ChannelId, link: &mut Link) -> Result<(), russh::Error> {
        if self.started.insert(channel) { link.channel_success(channel) } else { link.channel_failure(channel) }
    }

    async fn hand_over(&self, opened: Opened) -> Result<(), russh::Error> {
        self.opened.send(opened).await.map_err(|_| russh::Error::Disconnect)
    }
}

/// Requests are answered here, at once and in order; [`Session`] sees the same requests and acts on them.
impl Handler for Visitor {
    type Error = russh::Error;

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, russh::Error> {
        Ok(self.judge(user, offer.public_key))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        let verdict = self.judge(user, key.public_key);
        user.clone_into(&mut self.user);
        Ok(verdict)
    }

    async fn auth_succeeded(&mut self, _link: &mut Link) -> Result<(), russh::Error> {
        self.entered.cancel();
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        link: &mut Link,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        let handle: Handle = link.handle();
        let (reader, writer) = channel.split();
        let door = Arc::clone(&self.door);
        self.hand_over(Opened::Session(Session { reader, writer, handle, user: self.user.clone(), door })).await
    }

    async fn channel_open_direct_tcpip(
        &mut self,
        channel: Channel<Msg>,
        host_to_connect: &str,
        port_to_connect: u32,
        _originator_address: &str,
        _originator_port: u32,
        reply: ChannelOpenHandle,
        _link: &mut Link,
    ) -> Result<(), russh::Error> {
        let is_loopback = matches!(host_to_connect, "127.0.0.1" | "localhost");
        match u16::try_from(port_to_connect) {
            Ok(port) if is_loopback => {
                let homes = Arc::clone(&self.door.homes);
                self.hand_over(Opened::Forward(Forward { channel, reply, to: To::Port(port), homes })).await
            }
            _ => {
                reply.reject(ChannelOpenFailure::AdministrativelyProhibited).await;
                Ok(())
            }
        }
    }

    async fn channel_open_direct_streamlocal(
        &mut self,
        channel: Channel<Msg>,
        socket_path: &str,
        reply: ChannelOpenHandle,
        _link: &mut Link,
    ) -> Result<(), russh::Error> {
        let homes = Arc::clone(&self.door.homes);
        self.hand_over(Opened::Forward(Forward { channel, reply, to: To::Socket(socket_path.into()), homes })).await
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
        link: &mut Link,
    ) -> Result<(), russh::Error> {
        link.channel_success(channel)
    }

    async fn env_request(&mut self, channel: ChannelId, name: &str, value: &str, link: &mut Link) -> Result<(), russh::Error> {
        if is_welcome(name, value) { link.channel_success(channel) } else { link.channel_failure(channel) }
    }

    async fn shell_request(&mut self, channel: ChannelId, link: &mut Link) -> Result<(), russh::Error> {
        self.grant_program(channel, link)
    }

    async fn exec_request(&mut self, channel: ChannelId, _line: &[u8], link: &mut Link) -> Result<(), russh::Error> {
        self.grant_program(channel, link)
    }

    async fn subsystem_request(&mut self, channel: ChannelId, name: &str, link: &mut Link) -> Result<(), russh::Error> {
        if sftp_server(name).is_some() { self.grant_program(channel, link) } else { link.channel_failure(channel) }
    }

    async fn channel_close(&mut self, channel: ChannelId, _link: &mut Link) -> Result<(), russh::Error> {
        self.started.remove(&channel);
        Ok(())
    }
}
