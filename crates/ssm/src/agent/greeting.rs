//! How a session begins, seen from the agent (docs/session-manager-protocol.md 5).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::cipher::{Cipher, DataKey};
use crate::entropy::Entropy;
use crate::handshake::{
    Action, ActionStatus, Challenge, HandshakeComplete, HandshakeRequest, HandshakeResponse, ProcessedAction,
};
use crate::payload::PayloadType;

use super::options::AgentOptions;

/// For the client's response, and again for its answer to the challenge.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// What to ask of KMS: `Decrypt` with this context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyToOpen {
    /// The client's `CiphertextBlob`.
    pub ciphertext: Vec<u8>,
    /// The encryption context; a client that used another one gets a KMS error.
    pub context: BTreeMap<String, String>,
}

/// Where the agent is.
#[derive(Debug)]
pub(super) enum Greeting {
    WantsResponse { until: Instant },
    WantsKey { client_version: String },
    WantsProof { until: Instant, client_version: String, challenge: Zeroizing<Vec<u8>> },
    Over,
}

/// What a step asks of the agent.
#[derive(Debug)]
pub(super) enum Effect {
    Send(PayloadType, Vec<u8>),
    OpenKey(KeyToOpen),
    Encrypt(Cipher),
    Begin { client_version: Option<String> },
    Fail(String),
}

pub(super) fn request(options: &AgentOptions) -> HandshakeRequest {
    let session = Action::SessionType {
        session_type: options.session_type.clone(),
        properties: (!options.properties.is_empty()).then(|| options.properties.clone()),
    };
    let key = options
        .encryption
        .as_ref()
        .map(|encryption| Action::KmsEncryption { key_id: encryption.key_id.clone(), challenge: encryption.challenge.clone() });
    HandshakeRequest { agent_version: options.version.clone(), actions: std::iter::once(session).chain(key).collect() }
}

impl Greeting {
    pub(super) fn start(now: Instant) -> Self {
        Self::WantsResponse { until: now + LONGEST_WAIT }
    }

    pub(super) fn is_over(&self) -> bool {
        matches!(self, Self::Over)
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::WantsResponse { until } | Self::WantsProof { until, .. } => Some(*until),
            Self::WantsKey { .. } | Self::Over => None,
        }
    }

    /// The next message of the client's, in order. Whatever is none of the handshake is thrown away.
    pub(super) fn handle_message(
        self,
        payload_type: PayloadType,
        payload: &[u8],
        cipher: Option<&Cipher>,
        options: &AgentOptions,
    ) -> (Self, Vec<Effect>) {
        match (self, payload_type) {
            (Self::WantsResponse { .. }, PayloadType::HandshakeResponse) => responded(payload, options),
            (Self::WantsProof { client_version, challenge, .. }, PayloadType::ChallengeResponse) => {
                let proof = Challenge::from_payload(payload).ok();
                let proof = proof.zip(cipher).and_then(|(proof, cipher)| cipher.open(&proof.sealed).ok());
                if proof.is_some_and(|proof| proof == *challenge) {
                    (Self::Over, complete(Some(client_version), true, options))
                } else {
                    fail("Encryption challenge does not match!")
                }
            }
            (waiting, _) => (waiting, vec![]),
        }
    }

    /// KMS opened the client's key, or did not.
    pub(super) fn key(self, answer: Result<DataKey, String>, entropy: &Entropy, now: Instant) -> (Self, Vec<Effect>) {
        let Self::WantsKey { client_version } = self else {
            return (self, vec![]);
        };
        let key = match answer {
            Ok(key) => key,
            Err(reason) => return fail(&reason),
        };
        let random = entropy.derive("agent nonce", 0);
        let nonce = random.first_chunk().expect("thirty-two bytes hold a nonce");
        let mut cipher = Cipher::agent(&key, *nonce);
        let challenge =
            Zeroizing::new([entropy.derive("challenge", 0).as_slice(), entropy.derive("challenge", 1).as_slice()].concat());
        let request = Challenge { sealed: cipher.seal(&challenge) }.to_payload();
        let effects = vec![Effect::Encrypt(cipher), Effect::Send(PayloadType::ChallengeRequest, request)];
        (Self::WantsProof { until: now + LONGEST_WAIT, client_version, challenge }, effects)
    }

    pub(super) fn timed_out(self) -> (Self, Vec<Effect>) {
        match self {
            Self::WantsProof { .. } => fail("Timed out waiting for encryption challenge."),
            _ => fail("Handshake timed out. Please ensure that you have the latest version of the session manager plugin."),
        }
    }
}

fn responded(payload: &[u8], options: &AgentOptions) -> (Greeting, Vec<Effect>) {
    let Ok(response) = HandshakeResponse::from_payload(payload) else {
        return fail("the handshake response does not read");
    };
    if let Some(failed) = response.actions.iter().find(|action| action.status != ActionStatus::Success) {
        return fail(&failed.error);
    }
    let answered = |action_type: &str| response.actions.iter().find(|action| action.action_type == action_type);
    if answered("SessionType").is_none() {
        return fail("the client did not process action SessionType");
    }
    let Some(encryption) = &options.encryption else {
        return (Greeting::Over, complete(Some(response.client_version), false, options));
    };
    let Some(ProcessedAction { result: Some(key), .. }) = answered("KMSEncryption") else {
        return fail("the client did not process action KMSEncryption");
    };
    let acknowledged = encryption.challenge.as_ref().filter(|_| key.challenge_acknowledged == Some(true));
    if encryption.requires_challenge && acknowledged.is_none() {
        return fail("client does not support required encryption context random challenge");
    }
    let mut context = BTreeMap::from([
        ("aws:ssm:SessionId".to_owned(), options.session_id.clone()),
        ("aws:ssm:TargetId".to_owned(), options.target.clone()),
    ]);
    context.extend(acknowledged.map(|challenge| ("aws:ssm:RandomChallenge".to_owned(), challenge.clone())));
    let wanted = KeyToOpen { ciphertext: key.ciphertext.clone(), context };
    (Greeting::WantsKey { client_version: response.client_version }, vec![Effect::OpenKey(wanted)])
}

fn complete(client_version: Option<String>, is_encrypted: bool, options: &AgentOptions) -> Vec<Effect> {
    let customer_message = match is_encrypted {
        true if options.notice.is_empty() => "This session is encrypted using AWS KMS.".to_owned(),
        _ => options.notice.clone(),
    };
    let last = HandshakeComplete { time_to_complete: 123_456_789, customer_message };
    vec![Effect::Send(PayloadType::HandshakeComplete, last.to_payload()), Effect::Begin { client_version }]
}

fn fail(reason: &str) -> (Greeting, Vec<Effect>) {
    (Greeting::Over, vec![Effect::Fail(format!("Encountered error while initiating handshake. {reason}"))])
}
