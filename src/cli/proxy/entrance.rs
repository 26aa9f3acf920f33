//! What a block of `ssh-config` wants of its proxy besides bytes: a host that can be checked, and a key that is let in.

use std::future::pending;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::access::Login;
use crate::aws::{self, Cloud};
use crate::cli::args::Proxy;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure};
use crate::config::HostKeys;
use crate::connect::{self, ConnectEvent, Diagnosis, HostKeyNews, Pusher, told_keys};
use crate::model::{Instance, Untrusted};
use crate::ssh::shared_agent::{AgentPlace, LentKey, borrow};
use crate::ssh::{BlockHostKeys, BlockLogin, KnownHosts, Refused};
use crate::text::Catalogue;

/// How ssh is to get in at the end of the proxy.
pub(super) struct Entrance<'i> {
    invocation: &'i Invocation,
    cloud: Cloud,
    instance: Instance,
    user: Login,
    /// The socket where ssh asks for its key; `None`: ssh has a key of its own.
    socket: Option<PathBuf>,
    /// Where host keys are kept; `None`: nowhere.
    state: Option<PathBuf>,
    lent: Option<LentKey>,
    /// Whom ssh logs in, which it tells later.
    login: Option<BlockLogin>,
    /// For whom the key was pushed.
    pushed: Option<(Login, Pusher)>,
}

impl<'i> Entrance<'i> {
    pub(super) fn new(invocation: &'i Invocation, asked: &Proxy, cloud: Cloud, instance: Instance, user: Login) -> Self {
        let state = asked.state.clone().or_else(|| invocation.directories.state.clone());
        let socket = asked.agent_socket.clone();
        let login = state.as_deref().filter(|_| socket.is_some()).and_then(|state| BlockLogin::awaited(state, &instance.id));
        Self { invocation, cloud, instance, user, socket, state, lent: None, login, pushed: None }
    }

    /// Where no key of the host is kept: ask AWS for it, and lay down for ssh what it tells.
    pub(super) async fn check_host(&self) -> Result<(), Failure> {
        let Some(state) = &self.state else { return Ok(()) };
        let id = &self.instance.id;
        let told = BlockHostKeys::new(state);
        let hosts = KnownHosts::new(state);
        let kept = hosts.list().map_err(|error| {
            let path = Untrusted::from(hosts.path().to_string_lossy().as_ref()).shown_in(200);
            let cause = Untrusted::from(error.to_string()).shown_in(200);
            let values = [("path", path.into()), ("cause", cause.into())];
            Failure {
                what: self.invocation.text.say_with("session-host-keys-unreadable", &values),
                ..self.failure("known-hosts", "")
            }
        })?;
        // Nobody of ours was there when an ssh before this one had done with it.
        if kept.iter().any(|host| host.first_seen.is_none()) && hosts.note(SystemTime::now()).is_err() {
            tracing::debug!("first sight of host keys is not noted");
        }
        let checking = self.invocation.loaded.settings.connect.host_keys;
        if kept.iter().any(|host| host.id == *id) || checking == HostKeys::AcceptNew {
            told.forget(id);
            return Ok(());
        }
        match told_keys(&self.cloud, &self.instance, true).await {
            Ok(keys) => {
                if keys.has_changed {
                    self.note(HostKeyNews::ToldTwice);
                }
                let fingerprints: Vec<_> = keys.fingerprints.iter().map(|told| told.fingerprint).collect();
                let laid = told.lay_down(id, keys.origin, &keys.keys, &fingerprints);
                laid.map_err(|error| self.failure("host-keys-not-laid", &error.to_string()))
            }
            Err(untold) if checking == HostKeys::Strict => {
                told.forget(id);
                let error = connect::Error::HostKeyUntold(untold);
                let text = &self.invocation.text;
                let why = error.why(&self.instance, jiff::Timestamp::now(), text);
                let what = text.say_with("refused", &[("target", self.instance.shown().into())]);
                Err(Failure { code: error.code(), what, why, next: error.next(&self.instance, text), exit: Exit::Session })
            }
            Err(untold) => {
                told.forget(id);
                self.note(HostKeyNews::Unchecked(untold));
                Ok(())
            }
        }
    }

    /// Have the agent hold a key for us.
    pub(super) async fn let_in(&mut self) -> Result<(), Failure> {
        let Some(socket) = &self.socket else { return Ok(()) };
        let shown = Untrusted::from(socket.to_string_lossy().as_ref()).shown_in(200);
        let place = AgentPlace::of_socket(socket).filter(|(_, id)| *id == self.instance.id).map(|(place, _)| place);
        let place = place.ok_or_else(|| self.invocation.failure("agent-socket", Exit::Usage, &[("path", shown.into())]))?;
        let own = std::env::current_exe()?;
        let lent = borrow(&place, &own, &self.instance.id).await;
        self.lent = Some(lent.map_err(|error| self.failure("agent-silent", &error.to_string()))?);
        Ok(())
    }

    /// As long as ssh may ask for its key: see to it that it counts. It lives for sixty seconds, so that it is pushed then, for whomever ssh
    /// has told us that it logs in. Ends only with what kept it from being pushed.
    pub(super) async fn keep(&mut self) -> Failure {
        while let Some(lent) = &mut self.lent {
            if lent.asked().await.is_err() {
                tracing::debug!("the agent is gone");
                break;
            }
            if let Err(error) = self.push().await {
                let mut failure = self.invocation.failed(&error);
                let text = &self.invocation.text;
                failure.why.insert(0, text.say_with("push-failed", &[("id", self.instance.id.to_string().into())]));
                return failure;
            }
            if let Some(lent) = &mut self.lent
                && lent.ready().await.is_err()
            {
                break;
            }
        }
        pending().await
    }

    async fn push(&mut self) -> Result<(), aws::Error> {
        let Some(lent) = &self.lent else { return Ok(()) };
        let user = self.login.as_ref().and_then(BlockLogin::told).unwrap_or_else(|| self.user.clone());
        match &self.pushed {
            Some((before, pusher)) if *before == user => pusher.push_if_old().await,
            _ => {
                let pusher = Pusher::new(&self.cloud, &self.instance, &user, lent.public_line());
                pusher.push().await?;
                self.pushed = Some((user, pusher));
            }
        }
        Ok(())
    }

    fn note(&self, news: HostKeyNews) {
        self.invocation.note(&ConnectEvent::HostKey(news).words(&self.instance, &self.invocation.text));
    }

    fn failure(&self, code: &'static str, cause: &str) -> Failure {
        let values = [("target", self.instance.shown().into()), ("cause", Untrusted::from(cause).shown_in(200).into())];
        self.invocation.failure(code, Exit::Session, &values)
    }
}

/// As [`Entrance::keep`], if there is one.
pub(super) async fn kept(entrance: Option<&mut Entrance<'_>>) -> Failure {
    match entrance {
        Some(entrance) => entrance.keep().await,
        None => pending().await,
    }
}

/// Why the ssh of a block goes no further.
pub fn host_refused(refused: &Refused, text: &Catalogue) -> Failure {
    let diagnosis = match refused {
        Refused::NotTold { id, origin, told, shown } => Diagnosis::not_told(id, *origin, told.clone(), shown.clone()),
        Refused::Changed { id, before, shown } => Diagnosis::changed(id, before.clone(), shown.clone()),
        Refused::Failed(error) => {
            let cause = Untrusted::from(error.to_string()).shown_in(200);
            return Failure::new("known-hosts", Exit::Session, text, &[("cause", cause.into())]);
        }
    };
    let (what, why, next) = (diagnosis.what(text), diagnosis.why(text), diagnosis.next(text));
    Failure { code: diagnosis.code, what, why, next, exit: Exit::Session }
}
