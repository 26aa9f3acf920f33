//! A gateway with an agent that echoes, and with faults that a test can time: more than a cloud that keeps to the rules can do.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ec2dash::aws::{Cloud, Environment, Options};
use ec2dash::model::AllowedPrograms;
use ec2dash_ssm::message::{CLOSED, ChannelClosed, unnumbered};
use ec2dash_ssm::{
    Agent, AgentEvent, AgentOptions, Clock, DATA_KEY_LENGTH, DataKey, Encryption, Entropy, Opening, Reading, Repair, Size,
};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use uuid::Uuid;

/// What goes wrong. Each may be changed while a session runs.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// Close so many first connections right after their opening frame.
    pub drop_openings: usize,
    /// Close each connection with 1000 after so long.
    pub bye_after: Option<Duration>,
    /// Reset each connection after so many messages of the client's.
    pub reset_after: Option<usize>,
    /// Neither read nor write, and leave the connection open.
    pub stalled: bool,
    /// The gateway answers pings; the agent is dead.
    pub deaf_agent: bool,
    /// ResumeSession fails on AWS's side.
    pub resume_fails: bool,
    /// ResumeSession answers without a token.
    pub resume_times_out: bool,
    /// ResumeSession knows no such session.
    pub session_gone: bool,
    /// ResumeSession is denied.
    pub resume_denied: bool,
    /// Refuse signed upgrades, unsigned ones, or both.
    pub refuse_signed: bool,
    pub refuse_unsigned: bool,
    /// StartSession fails with this code and message.
    pub start_fails: Option<(&'static str, &'static str)>,
    /// TerminateSession is denied.
    pub terminate_denied: bool,
    /// GenerateDataKey is denied.
    pub key_denied: bool,
    /// The key that KMS gives the client is not the one it gives the agent.
    pub wrong_key: bool,
    /// Another address than our own.
    pub stream_url: Option<String>,
    /// A message of so many bytes, once.
    pub oversize: Option<usize>,
}

/// What is kept of one session.
struct Far {
    agent: Agent,
    token: String,
    echo: Vec<u8>,
    /// How much of it is said.
    said: usize,
    sizes: Vec<Size>,
    ended: Option<String>,
    is_attached: bool,
}

struct State {
    faults: Faults,
    calls: Vec<String>,
    sessions: HashMap<String, Arc<Mutex<Far>>>,
    connections: usize,
    signed: Vec<bool>,
    make: AgentOptions,
    prompt: &'static str,
    listed: Option<String>,
}

#[derive(Clone)]
pub struct Gateway {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

pub const REGION: &str = "us-east-1";

impl Gateway {
    /// With a shell that echoes.
    pub async fn start() -> Self {
        Self::with(AgentOptions::new("", "", "Standard_Stream")).await
    }

    /// With an agent of these options.
    pub async fn with(make: AgentOptions) -> Self {
        // The reference repairs ten messages a second, which says nothing about us and takes minutes.
        let make = AgentOptions { repair: Repair::Overdue, ..make };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let state = State {
            faults: Faults::default(),
            calls: Vec::new(),
            sessions: HashMap::new(),
            connections: 0,
            signed: Vec::new(),
            make,
            prompt: "$ ",
            listed: None,
        };
        let gateway = Self { address: listener.local_addr().unwrap(), state: Arc::new(Mutex::new(state)) };
        let own = gateway.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.serve(stream).await });
            }
        });
        gateway
    }

    /// A cloud whose SSM and KMS are here.
    pub async fn cloud(&self) -> Cloud {
        let environment = Environment::new([
            ("AWS_ENDPOINT_URL", format!("http://{}", self.address)),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]);
        let options = Options {
            profile: None,
            region: Some(REGION.parse().unwrap()),
            timeout: Duration::from_secs(15),
            version: "0",
            programs: AllowedPrograms::default(),
            roles: Default::default(),
            sessions: Default::default(),
        };
        Cloud::open_in(&options, environment).await.unwrap()
    }

    pub fn fault(&self, change: impl FnOnce(&mut Faults)) {
        change(&mut self.state.lock().unwrap().faults);
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on an agent of this instance is registered.
    pub fn lists(&self, instance: &str) {
        self.state.lock().unwrap().listed = Some(instance.to_owned());
    }

    /// How often a call was made.
    pub fn calls(&self, name: &str) -> usize {
        self.state.lock().unwrap().calls.iter().filter(|call| *call == name).count()
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Whether each upgrade that was answered was signed.
    pub fn signed(&self) -> Vec<bool> {
        self.state.lock().unwrap().signed.clone()
    }

    pub fn sizes(&self) -> Vec<Size> {
        self.only().lock().unwrap().sizes.clone()
    }

    /// Let the shell say this.
    pub fn say(&self, bytes: &[u8]) {
        self.only().lock().unwrap().echo.extend_from_slice(bytes);
    }

    /// The program ends, or the service says why it ends.
    pub fn finish(&self, words: &str) {
        self.only().lock().unwrap().agent.finish(words, Instant::now());
    }

    fn only(&self) -> Arc<Mutex<Far>> {
        self.state.lock().unwrap().sessions.values().last().unwrap().clone()
    }

    fn faults(&self) -> Faults {
        self.state.lock().unwrap().faults.clone()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let mut head = [0; 4];
        stream.peek(&mut head).await.unwrap_or_default();
        if &head == b"GET " {
            self.upgrade(stream).await;
            return;
        }
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        let (target, body) = loop {
            let Ok(count @ 1..) = stream.read(&mut buffer).await else { return };
            request.extend_from_slice(&buffer[..count]);
            let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
            let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned());
            let length: usize = field("content-length:").and_then(|length| length.parse().ok()).unwrap_or_default();
            if request.len() >= end + 4 + length {
                break (field("x-amz-target:").unwrap_or_default(), request[end + 4..].to_vec());
            }
        };
        let (status, answer) = self.answer(&target, &serde_json::from_slice(&body).unwrap_or_default());
        let answer = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            answer.len()
        );
        let _ = stream.write_all(format!("{head}{answer}").as_bytes()).await;
    }

    fn answer(&self, target: &str, body: &Value) -> (&'static str, Value) {
        let name = target.rsplit('.').next().unwrap_or_default().to_owned();
        let faults = self.faults();
        let mut state = self.state.lock().unwrap();
        state.calls.push(name.clone());
        let refuse = |code: &str, message: &str| ("400 Bad Request", json!({"__type": code, "message": message}));
        let denied = || refuse("AccessDeniedException", "User: arn:aws:iam::1:user/jane is not authorized");
        let url = faults.stream_url.clone().unwrap_or_else(|| format!("ws://{}", self.address));
        let ticket = |id: &str, token: &str| json!({"SessionId": id, "TokenValue": token, "StreamUrl": format!("{url}/v1/data-channel/{id}?role=publish_subscribe&cell-number={token}")});
        match name.as_str() {
            "startsession" => {
                if let Some((code, message)) = faults.start_fails {
                    return refuse(code, message);
                }
                let id = format!("jane-{}", state.sessions.len());
                let token = Uuid::new_v4().to_string();
                let target = body["Target"].as_str().unwrap_or_default().to_owned();
                let options = AgentOptions { session_id: id.clone(), target, ..state.make.clone() };
                let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
                let clock = Clock { instant: Instant::now(), unix_millis: u64::try_from(unix).unwrap() };
                let far = Far {
                    agent: Agent::new(options, Entropy::new(*b"0123456789abcdef0123456789abcdef"), clock),
                    token: token.clone(),
                    echo: state.prompt.as_bytes().to_vec(),
                    said: 0,
                    sizes: Vec::new(),
                    ended: None,
                    is_attached: false,
                };
                let answer = ticket(&id, &token);
                state.sessions.insert(id, Arc::new(Mutex::new(far)));
                ("200 OK", answer)
            }
            "resumesession" => {
                let id = body["SessionId"].as_str().unwrap_or_default();
                if faults.resume_fails {
                    return ("500 Internal Server Error", json!({"__type": "InternalServerError", "message": "sorry"}));
                }
                if faults.resume_denied {
                    return denied();
                }
                if faults.resume_times_out {
                    return ("200 OK", json!({"SessionId": id}));
                }
                let Some(far) = state.sessions.get(id).filter(|_| !faults.session_gone) else {
                    return refuse("DoesNotExistException", "no such session");
                };
                let token = Uuid::new_v4().to_string();
                far.lock().unwrap().token.clone_from(&token);
                ("200 OK", ticket(id, &token))
            }
            "describeinstanceinformation" => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
                let list: Vec<Value> = state.listed.iter().map(|id| json!({"InstanceId": id, "PingStatus": "Online", "LastPingDateTime": now, "AgentVersion": "3.3.987.0"})).collect();
                ("200 OK", json!({"InstanceInformationList": list}))
            }
            "terminatesession" if faults.terminate_denied => denied(),
            "terminatesession" => {
                let id = body["SessionId"].as_str().unwrap_or_default();
                state.sessions.remove(id);
                ("200 OK", json!({"SessionId": id}))
            }
            "generatedatakey" if faults.key_denied => denied(),
            "generatedatakey" => {
                let byte = if faults.wrong_key { 8 } else { 7 };
                (
                    "200 OK",
                    json!({"Plaintext": base64(&[byte; DATA_KEY_LENGTH]), "CiphertextBlob": base64(b"sealed"), "KeyId": "k"}),
                )
            }
            _ => refuse("UnknownOperationException", ""),
        }
    }

    async fn upgrade(&self, stream: TcpStream) {
        let faults = self.faults();
        let mut id = String::new();
        let mut is_signed = false;
        #[expect(clippy::result_large_err, reason = "the type of the library's callback")]
        let check = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
            is_signed = request.headers().contains_key("authorization");
            id = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
            if (is_signed && faults.refuse_signed) || (!is_signed && faults.refuse_unsigned) {
                let mut refusal = ErrorResponse::new(Some("forbidden".to_owned()));
                *refusal.status_mut() = StatusCode::FORBIDDEN;
                return Err(refusal);
            }
            Ok(response)
        };
        let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, check).await else { return };
        let far = {
            let mut state = self.state.lock().unwrap();
            state.connections += 1;
            state.signed.push(is_signed);
            state.sessions.get(&id).cloned()
        };
        let Some(Ok(Message::Text(text))) = socket.next().await else { return };
        let Some(far) = far else { return };
        let opening = Opening::from_text(&text).unwrap();
        if *opening.token != *far.lock().unwrap().token {
            return;
        }
        let is_dropped = {
            let mut state = self.state.lock().unwrap();
            let left = &mut state.faults.drop_openings;
            *left > 0 && {
                *left -= 1;
                true
            }
        };
        if is_dropped {
            return;
        }
        self.pass(socket, &far).await;
        far.lock().unwrap().agent.disconnected();
    }

    async fn pass(&self, mut socket: tokio_tungstenite::WebSocketStream<TcpStream>, far: &Arc<Mutex<Far>>) {
        let begun = Instant::now();
        {
            let mut far = far.lock().unwrap();
            if std::mem::replace(&mut far.is_attached, true) {
                far.agent.connected(begun);
            }
        }
        let mut heard = 0;
        loop {
            let faults = self.faults();
            if faults.stalled {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
            if faults.bye_after.is_some_and(|limit| begun.elapsed() >= limit) {
                let _ = socket.close(Some(CloseFrame { code: 1000.into(), reason: "Bye".into() })).await;
                return;
            }
            if faults.reset_after.is_some_and(|limit| heard >= limit) {
                let _ = socket.get_ref().set_zero_linger();
                return;
            }
            let oversize = self.state.lock().unwrap().faults.oversize.take();
            if let Some(length) = oversize
                && socket.send(Message::Binary(vec![7; length].into())).await.is_err()
            {
                return;
            }
            let (frames, is_over) = {
                let mut far = far.lock().unwrap();
                let frames = far.step();
                (frames, far.ended.take())
            };
            for frame in frames {
                if socket.feed(Message::Binary(frame.into())).await.is_err() {
                    return;
                }
            }
            if let Some(output) = is_over {
                let closed = ChannelClosed { output, ..ChannelClosed::default() };
                let frame = unnumbered(CLOSED, Uuid::new_v4(), 1, &closed.to_payload());
                let _ = socket.send(Message::Binary(frame.into())).await;
                let _ = socket.close(None).await;
                return;
            }
            if socket.flush().await.is_err() {
                return;
            }
            match tokio::time::timeout(Duration::from_millis(5), socket.next()).await {
                Ok(Some(Ok(Message::Binary(bytes)))) => {
                    heard += 1;
                    if !self.faults().deaf_agent {
                        far.lock().unwrap().agent.handle_frame(&bytes, Instant::now()).unwrap();
                    }
                }
                Ok(Some(Ok(_))) | Err(_) => {}
                Ok(Some(Err(_)) | None) => return,
            }
        }
    }
}

impl Far {
    fn step(&mut self) -> Vec<Vec<u8>> {
        let now = Instant::now();
        if self.agent.poll_timeout().is_some_and(|due| due <= now) {
            self.agent.handle_timeout(now);
        }
        while let Some(event) = self.agent.poll_event() {
            match event {
                AgentEvent::Begun { .. } => self.agent.ready(now),
                AgentEvent::Input(bytes) => self.echo.extend_from_slice(&bytes),
                AgentEvent::Resized(size) => self.sizes.push(size),
                AgentEvent::KeyToOpen(_) => {
                    let key = DataKey::new(&[7; DATA_KEY_LENGTH]).map_err(|error| error.to_string());
                    self.agent.key(key, now);
                }
                AgentEvent::Terminate => self.agent.finish("", now),
                AgentEvent::Stream(id, _) => {
                    while let Reading::Bytes(bytes) = self.agent.read(id, 64 * 1024, now) {
                        let _ = self.agent.write(id, &bytes);
                    }
                }
                AgentEvent::Disconnect => {}
                AgentEvent::Ended { output } => self.ended = Some(output),
            }
        }
        self.said += self.agent.output(self.echo.get(self.said..).unwrap_or_default());
        if self.said == self.echo.len() {
            self.echo.clear();
            self.said = 0;
        }
        std::iter::from_fn(|| self.agent.poll_transmit(now)).take(200).collect()
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// An agent that seals its sessions.
pub fn sealed() -> AgentOptions {
    let encryption = Encryption {
        key_id: "alias/sessions".to_owned(),
        challenge: Some(base64(b"0123456789abcdef")),
        requires_challenge: true,
    };
    AgentOptions { encryption: Some(encryption), ..AgentOptions::new("", "", "Standard_Stream") }
}
