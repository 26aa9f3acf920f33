//! A client of SSM sessions with nothing but the channel, a WebSocket and the SDK.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use ec2dash_sim::{Options as Simulated, Sim};
use ec2dash_ssm::{CLIENT_VERSION, Channel, Clock, End, Entropy, Event, Expected, Opening, Options, StreamChange, StreamId};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;
use zeroize::Zeroizing;

pub const WEB: &str = "i-0123456789abcdef0";
const PATIENCE: Duration = Duration::from_secs(20);

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// One session and what it told.
pub struct Client {
    pub id: String,
    pub channel: Channel,
    pub socket: Option<Socket>,
    pub output: Vec<u8>,
    pub error_output: Vec<u8>,
    pub exit_code: Option<i64>,
    pub events: Vec<Event>,
    pub changes: Vec<(StreamId, StreamChange)>,
    pub end: Option<End>,
}

pub async fn demo(faults: &[&str]) -> Sim {
    let faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    Sim::start(Simulated { faults, ..Simulated::default() }).await.unwrap()
}

pub fn config(sim: &Sim) -> SdkConfig {
    let fleet = sim.fleet();
    let account = &fleet.accounts[0];
    let keys = Credentials::new(&account.credentials.access_key, &account.credentials.secret, None, None, "test");
    SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::v2026_01_12())
        .endpoint_url(sim.endpoint())
        .region(Region::new(account.region.clone()))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .build()
}

pub fn ssm(sim: &Sim) -> aws_sdk_ssm::Client {
    aws_sdk_ssm::Client::new(&config(sim))
}

/// What opens one connection.
#[derive(Clone)]
pub struct Access {
    pub id: String,
    pub token: String,
    pub url: String,
}

pub async fn start(sim: &Sim, target: &str, document: Option<&str>, parameters: &[(&str, &str)]) -> Access {
    let parameters: HashMap<_, _> =
        parameters.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect();
    let call = ssm(sim).start_session().target(target).set_document_name(document.map(str::to_owned));
    let call = if parameters.is_empty() { call } else { call.set_parameters(Some(parameters)) };
    let started = call.send().await.unwrap();
    Access { id: started.session_id.unwrap(), token: started.token_value.unwrap(), url: started.stream_url.unwrap() }
}

/// Connect and show the token.
pub async fn connect(access: &Access) -> Result<Socket, Error> {
    let (mut socket, _) = connect_async(&access.url).await?;
    let opening = Opening {
        request_id: Uuid::new_v4(),
        token: Zeroizing::new(access.token.clone()),
        client_id: Uuid::from_u128(1),
        client_version: CLIENT_VERSION.to_owned(),
    };
    socket.send(Message::text(opening.to_text().as_str())).await?;
    Ok(socket)
}

impl Client {
    pub async fn shell(sim: &Sim, target: &str) -> Self {
        Self::open(target, &start(sim, target, None, &[]).await, Expected::Terminal).await
    }

    pub async fn open(target: &str, access: &Access, expected: Expected) -> Self {
        let options = Options::new(&access.id, target, expected);
        let unix_millis = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
        let clock = Clock { instant: Instant::now(), unix_millis: u64::try_from(unix_millis).unwrap() };
        let random = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        Self {
            id: access.id.clone(),
            channel: Channel::new(options, Entropy::new(random.try_into().unwrap()), clock),
            socket: Some(connect(access).await.unwrap()),
            output: Vec::new(),
            error_output: Vec::new(),
            exit_code: None,
            events: Vec::new(),
            changes: Vec::new(),
            end: None,
        }
    }

    /// Let the session go on until `done`.
    #[track_caller]
    pub fn until(&mut self, what: impl Into<String>, mut done: impl FnMut(&mut Self) -> bool) -> impl Future<Output = ()> {
        let what = what.into();
        let limit = Instant::now() + PATIENCE;
        async move {
            loop {
                self.settle().await;
                if done(self) {
                    return;
                }
                assert!(Instant::now() < limit, "waited for {what}; {self:?}");
                self.wait(Duration::from_millis(100)).await;
            }
        }
    }

    /// Let the session go on for a moment; resume it when the connection is lost.
    pub async fn step(&mut self, sim: &Sim) {
        self.settle().await;
        if self.socket.is_none() && self.end.is_none() {
            self.resume(sim).await;
        }
        self.wait(Duration::from_millis(5)).await;
    }

    /// Send what there is, hear what was told.
    pub async fn settle(&mut self) {
        loop {
            let mut is_busy = false;
            let now = Instant::now();
            if self.channel.poll_timeout().is_some_and(|wake| wake <= now) {
                self.channel.handle_timeout(now);
            }
            while let Some(frame) = self.channel.poll_transmit(now) {
                is_busy = true;
                if let Some(socket) = &mut self.socket
                    && socket.feed(Message::binary(frame)).await.is_err()
                {
                    self.lose();
                }
            }
            if let Some(socket) = &mut self.socket
                && socket.flush().await.is_err()
            {
                self.lose();
            }
            while let Some(event) = self.channel.poll_event() {
                is_busy = true;
                match event {
                    Event::Output(bytes) => self.output.extend(bytes),
                    Event::ErrorOutput(bytes) => self.error_output.extend(bytes),
                    Event::ExitCode(code) => self.exit_code = Some(code),
                    Event::Stream(stream, change) => self.changes.push((stream, change)),
                    Event::Ended(end) => self.end = Some(end),
                    other => self.events.push(other),
                }
            }
            while self.channel.wants_frames()
                && let Some(socket) = &mut self.socket
                && let Some(message) = socket.next().now_or_never()
            {
                is_busy = true;
                self.receive(message);
            }
            if !is_busy {
                return;
            }
        }
    }

    async fn wait(&mut self, limit: Duration) {
        let now = Instant::now();
        let wake = self.channel.poll_timeout().map_or(limit, |wake| wake.saturating_duration_since(now).min(limit));
        match &mut self.socket {
            Some(socket) => {
                if let Ok(message) = tokio::time::timeout(wake, socket.next()).await {
                    self.receive(message);
                }
            }
            None => tokio::time::sleep(wake).await,
        }
    }

    fn receive(&mut self, message: Option<Result<Message, Error>>) {
        match message {
            Some(Ok(Message::Binary(bytes))) => drop(self.channel.handle_frame(&bytes, Instant::now())),
            Some(Ok(Message::Close(_)) | Err(_)) | None => self.lose(),
            Some(Ok(_)) => {}
        }
    }

    /// Let go of the connection, without a word.
    pub fn lose(&mut self) {
        if self.socket.take().is_some() {
            self.channel.disconnected(Instant::now());
        }
    }

    /// Come back with a new token.
    pub async fn resume(&mut self, sim: &Sim) {
        let resumed = ssm(sim).resume_session().session_id(&self.id).send().await.unwrap();
        let access = Access { id: self.id.clone(), token: resumed.token_value.unwrap(), url: resumed.stream_url.unwrap() };
        self.socket = Some(connect(&access).await.unwrap());
        self.channel.connected(Instant::now());
    }

    pub fn type_in(&mut self, text: &str) {
        assert_eq!(self.channel.send(text.as_bytes(), Instant::now()), text.len());
    }

    /// Whether the latest output has this text.
    pub fn has_shown(&self, text: &str) -> bool {
        String::from_utf8_lossy(&self.output[self.output.len().saturating_sub(100_000)..]).contains(text)
    }

    #[track_caller]
    pub fn until_shown(&mut self, text: &str) -> impl Future<Output = ()> {
        let text = text.to_owned();
        self.until(format!("{text:?}"), move |client| client.has_shown(&text))
    }

    #[track_caller]
    pub fn until_ended(&mut self) -> impl Future<Output = ()> {
        self.until("the end", |client| client.end.is_some())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("channel", &self.channel)
            .field("output", &String::from_utf8_lossy(&self.output[self.output.len().saturating_sub(2_000)..]))
            .field("is_connected", &self.socket.is_some())
            .field("events", &self.events)
            .field("changes", &self.changes)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
