//! How a session begins, seen from the client: an order of steps, each consumed by the next (docs/session-manager-protocol.md 5).

mod document;

pub use document::{
    Action, ActionStatus, Challenge, HandshakeComplete, HandshakeRequest, HandshakeResponse, ProcessedAction, SealedKey,
};

use std::collections::BTreeMap;

use document::KMS_ENCRYPTION;

use super::cipher::{Cipher, DataKey};
use super::failure::{Failure, Step};
use super::foreign::Foreign;
use super::payload::PayloadType;
use super::session::{Expected, PortMode, Session, SessionKind};
use super::version::{MULTIPLEXING, is_newer};

/// What the client brings to the handshake.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub expected: Expected,
    pub session_id: String,
    pub target: String,
    pub client_version: String,
}

/// What to ask of KMS: `GenerateDataKey` with [`DATA_KEY_LENGTH`](super::DATA_KEY_LENGTH) bytes, in the session's region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRequest {
    /// ARN, id or alias.
    pub key_id: Foreign,
    /// The encryption context; the agent decrypts with the same one.
    pub context: BTreeMap<String, String>,
}

/// What KMS answered.
#[derive(Debug)]
pub struct FreshKey {
    /// The plaintext.
    pub key: DataKey,
    /// The `CiphertextBlob`, for the agent.
    pub ciphertext: Vec<u8>,
}

/// Where the handshake is. Nothing but its own messages may be sent before it is over.
#[derive(Debug)]
pub(crate) enum Handshake {
    /// The first message tells whether there is a handshake at all.
    Waiting,
    /// The caller is asking KMS for the key.
    WantsKey(Box<Offer>),
    /// The agent has the key from us and shall prove it.
    WantsChallenge(Box<Offer>),
    /// The agent's last word is due.
    WantsCompletion(Box<Offer>),
    /// Begun or given up.
    Over,
}

/// How often an agent may ask the same again: once for each connection that it lost meanwhile.
const MOST_REPEATED: u8 = 16;

/// The agent's requests, as far as they are fulfilled.
#[derive(Debug)]
pub(crate) struct Offer {
    session: Session,
    response: HandshakeResponse,
    binds_challenge: bool,
    /// How often the agent has asked again.
    repeated: u8,
}

/// What a step of the handshake asks of the channel.
#[derive(Debug)]
pub(crate) enum Effect {
    Send(PayloadType, Vec<u8>),
    AskKey(KeyRequest),
    Begin(Session),
    Fail(Failure),
}

impl Handshake {
    /// The next message from the agent, in order.
    pub(crate) fn handle_message(
        self,
        payload_type: PayloadType,
        payload: &[u8],
        cipher: Option<&mut Cipher>,
        terms: &Terms,
    ) -> (Self, Vec<Effect>) {
        match (self, payload_type) {
            (Self::Waiting, PayloadType::HandshakeRequest) => answer(payload, terms),
            (Self::Waiting, PayloadType::Output) => begin_without(terms),
            // Any other first message is acknowledged without effect (section 5.1).
            (Self::Waiting, _) => (Self::Waiting, vec![]),
            // Asked again, as after another connection: the same answer, and from the key it is still to come.
            (Self::WantsKey(offer), PayloadType::HandshakeRequest) => (Self::WantsKey(offer), vec![]),
            (Self::WantsChallenge(offer), PayloadType::HandshakeRequest) => offer.again(Self::WantsChallenge, Step::Challenge),
            (Self::WantsCompletion(offer), PayloadType::HandshakeRequest) => offer.again(Self::WantsCompletion, Step::Completion),
            (Self::WantsChallenge(offer), PayloadType::ChallengeRequest) => offer.prove(payload, cipher),
            (Self::WantsChallenge(_), PayloadType::HandshakeComplete) => fail(Failure::ChallengeSkipped),
            (Self::WantsCompletion(offer), PayloadType::HandshakeComplete) => offer.complete(payload),
            (Self::Over, _) => (Self::Over, vec![]),
            (waiting, PayloadType::Unknown(_) | PayloadType::Parameter) => (waiting, vec![]),
            (waiting, _) => fail(Failure::OutOfStep { step: waiting.step() }),
        }
    }

    /// KMS gave a key; the channel seals and opens with it from now on.
    pub(crate) fn key(self, ciphertext: Vec<u8>) -> (Self, Vec<Effect>) {
        let Self::WantsKey(mut offer) = self else {
            return (self, vec![]);
        };
        let challenge_acknowledged = offer.binds_challenge.then_some(true);
        for action in &mut offer.response.actions {
            if action.status == ActionStatus::Success && action.action_type == KMS_ENCRYPTION {
                action.result = Some(SealedKey { ciphertext: ciphertext.clone(), challenge_acknowledged });
            }
        }
        let response = offer.answer();
        (Self::WantsChallenge(offer), vec![response])
    }

    /// KMS gave no key. The agent is told, and the session ends: it never goes on in clear text.
    pub(crate) fn key_refused(self, reason: String) -> (Self, Vec<Effect>) {
        let Self::WantsKey(mut offer) = self else {
            return (self, vec![]);
        };
        for action in &mut offer.response.actions {
            if action.action_type == KMS_ENCRYPTION {
                action.fail(&reason);
            }
        }
        offer.response.errors.push(reason.clone());
        let response = offer.answer();
        (Self::Over, vec![response, Effect::Fail(Failure::KeyRefused { reason })])
    }

    /// What is waited for.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Waiting => Step::Request,
            Self::WantsKey(_) => Step::Key,
            Self::WantsChallenge(_) => Step::Challenge,
            Self::WantsCompletion(_) | Self::Over => Step::Completion,
        }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting)
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self, Self::Over)
    }
}

fn fail(failure: Failure) -> (Handshake, Vec<Effect>) {
    (Handshake::Over, vec![Effect::Fail(failure)])
}

fn begin_without(terms: &Terms) -> (Handshake, Vec<Effect>) {
    let session = Session::shell_without_handshake();
    if terms.expected.admits(session.kind) {
        (Handshake::Over, vec![Effect::Begin(session)])
    } else {
        fail(Failure::UnexpectedSession { session_type: Foreign::new("Standard_Stream") })
    }
}

fn answer(payload: &[u8], terms: &Terms) -> (Handshake, Vec<Effect>) {
    let Ok(request) = HandshakeRequest::from_payload(payload) else {
        return fail(Failure::UnreadableHandshake { step: Step::Request });
    };
    let mut answers = Answers::default();
    for action in &request.actions {
        answers.add(action, &request.agent_version, terms);
    }
    let response =
        HandshakeResponse { client_version: terms.client_version.clone(), actions: answers.processed, errors: answers.errors };
    let session = match (answers.failure, answers.session) {
        (None, Some(session)) => session,
        (failure, _) => {
            let failure = failure.unwrap_or(Failure::UnknownSessionType { session_type: Foreign::default() });
            let response = Effect::Send(PayloadType::HandshakeResponse, response.to_payload());
            return (Handshake::Over, vec![response, Effect::Fail(failure)]);
        }
    };
    let Some((key_id, challenge)) = answers.key else {
        let send = Effect::Send(PayloadType::HandshakeResponse, response.to_payload());
        return (
            Handshake::WantsCompletion(Box::new(Offer { session, response, binds_challenge: false, repeated: 0 })),
            vec![send],
        );
    };
    let mut context = BTreeMap::from([
        ("aws:ssm:SessionId".to_owned(), terms.session_id.clone()),
        ("aws:ssm:TargetId".to_owned(), terms.target.clone()),
    ]);
    let binds_challenge = challenge.is_some();
    context.extend(challenge.map(|challenge| ("aws:ssm:RandomChallenge".to_owned(), challenge)));
    let session = Session { is_encrypted: true, ..session };
    let offer = Offer { session, response, binds_challenge, repeated: 0 };
    (Handshake::WantsKey(Box::new(offer)), vec![Effect::AskKey(KeyRequest { key_id: Foreign::new(key_id), context })])
}

/// One processed action for each requested one.
#[derive(Default)]
struct Answers {
    processed: Vec<ProcessedAction>,
    errors: Vec<String>,
    failure: Option<Failure>,
    session: Option<Session>,
    key: Option<(String, Option<String>)>,
}

impl Answers {
    fn add(&mut self, action: &Action, agent_version: &str, terms: &Terms) {
        let outcome = match action {
            Action::SessionType { session_type, properties } => {
                self.session_type(session_type, properties.as_ref(), agent_version, terms)
            }
            Action::KmsEncryption { key_id, challenge } => {
                self.key = Some((key_id.clone(), challenge.clone()));
                Ok(())
            }
            Action::Unknown { action_type } => {
                self.unsupported(action_type);
                return;
            }
        };
        let mut processed = ProcessedAction {
            action_type: action.action_type().to_owned(),
            status: ActionStatus::Success,
            result: None,
            error: String::new(),
        };
        if let Err((failure, reason)) = outcome {
            processed.fail(&reason);
            self.errors.push(reason);
            self.failure.get_or_insert(failure);
        }
        self.processed.push(processed);
    }

    fn session_type(
        &mut self,
        name: &str,
        properties: Option<&BTreeMap<String, String>>,
        agent_version: &str,
        terms: &Terms,
    ) -> Result<(), (Failure, String)> {
        let kind = match name {
            "Standard_Stream" => SessionKind::Shell,
            "InteractiveCommands" => SessionKind::InteractiveCommand,
            "NonInteractiveCommands" => SessionKind::Command,
            "Port" => SessionKind::Port(port_mode(properties, agent_version)),
            _ => {
                let failure = Failure::UnknownSessionType { session_type: Foreign::new(name) };
                return Err((failure, format!("Unknown session type {name}")));
            }
        };
        if !terms.expected.admits(kind) || self.session.is_some() {
            let failure = Failure::UnexpectedSession { session_type: Foreign::new(name) };
            return Err((failure, format!("Unexpected session type {name}")));
        }
        let properties = properties.into_iter().flatten();
        self.session = Some(Session {
            kind,
            agent_version: Some(Foreign::new(agent_version)),
            is_encrypted: false,
            notice: None,
            properties: properties.map(|(name, value)| (name.clone(), Foreign::new(value))).collect(),
        });
        Ok(())
    }

    fn unsupported(&mut self, action_type: &str) {
        let error = format!("Unsupported action {action_type}");
        self.failure.get_or_insert(Failure::UnsupportedAction { action_type: Foreign::new(action_type) });
        self.errors.push(error.clone());
        self.processed.push(ProcessedAction {
            action_type: action_type.to_owned(),
            status: ActionStatus::Unsupported,
            result: None,
            error,
        });
    }
}

impl ProcessedAction {
    fn fail(&mut self, reason: &str) {
        self.status = ActionStatus::Failed;
        self.error = format!("Failed to process action {}: {reason}", self.action_type);
    }
}

fn port_mode(properties: Option<&BTreeMap<String, String>>, agent_version: &str) -> PortMode {
    match properties.and_then(|properties| properties.get("type")).map(String::as_str) {
        Some("LocalPortForwarding") if is_newer(agent_version, MULTIPLEXING) => PortMode::Multiplexed,
        Some("LocalPortForwarding") => PortMode::OneByOne,
        _ => PortMode::Single,
    }
}

impl Offer {
    /// The same answer to the same request, but not without end: each waits for its acknowledgement.
    fn again(mut self: Box<Self>, wants: fn(Box<Self>) -> Handshake, step: Step) -> (Handshake, Vec<Effect>) {
        if self.repeated >= MOST_REPEATED {
            return fail(Failure::OutOfStep { step });
        }
        self.repeated += 1;
        let answer = self.answer();
        (wants(self), vec![answer])
    }

    /// What the agent is told of its requests.
    fn answer(&self) -> Effect {
        Effect::Send(PayloadType::HandshakeResponse, self.response.to_payload())
    }

    /// Open the agent's challenge with its half of the key, seal it again with ours.
    fn prove(self: Box<Self>, payload: &[u8], cipher: Option<&mut Cipher>) -> (Handshake, Vec<Effect>) {
        let Ok(challenge) = Challenge::from_payload(payload) else {
            return fail(Failure::UnreadableHandshake { step: Step::Challenge });
        };
        let Some(cipher) = cipher else {
            return fail(Failure::WrongKey);
        };
        let Ok(opened) = cipher.open(&challenge.sealed) else {
            return fail(Failure::WrongKey);
        };
        let answer = Challenge { sealed: cipher.seal(&opened) };
        (Handshake::WantsCompletion(self), vec![Effect::Send(PayloadType::ChallengeResponse, answer.to_payload())])
    }

    fn complete(mut self, payload: &[u8]) -> (Handshake, Vec<Effect>) {
        let Ok(complete) = HandshakeComplete::from_payload(payload) else {
            return fail(Failure::UnreadableHandshake { step: Step::Completion });
        };
        self.session.notice = Some(Foreign::new(complete.customer_message)).filter(|notice| !notice.is_empty());
        (Handshake::Over, vec![Effect::Begin(self.session)])
    }
}

#[cfg(test)]
mod tests;
