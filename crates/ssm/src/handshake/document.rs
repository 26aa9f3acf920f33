//! The JSON documents of the handshake, read by one end as the other writes them (docs/session-manager-protocol.md 5).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Serialize, Serializer};

use crate::json::{Document, Unreadable};

const SESSION_TYPE: &str = "SessionType";
pub(super) const KMS_ENCRYPTION: &str = "KMSEncryption";
/// More actions than any agent asks for.
const MOST_ACTIONS: usize = 64;

/// The agent's requests, payload type 5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandshakeRequest {
    /// Foreign text.
    pub agent_version: String,
    /// What the client shall do, in order.
    pub actions: Vec<Action>,
}

/// One request of the agent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Know what kind of session this is.
    SessionType {
        /// `Port`, `Standard_Stream` or another; foreign text.
        session_type: String,
        /// The document's properties with the parameters filled in; foreign text, `None` is written as `null`.
        properties: Option<BTreeMap<String, String>>,
    },
    /// Get a data key.
    KmsEncryption {
        /// An ARN, an id or an alias; foreign text.
        key_id: String,
        /// Base64, to be bound to the key as received. Older agents send none.
        challenge: Option<String>,
    },
    /// Something we do not know.
    Unknown {
        /// Its name; foreign text.
        action_type: String,
    },
}

impl HandshakeRequest {
    /// Read a payload.
    pub(crate) fn from_payload(payload: &[u8]) -> Result<Self, Unreadable> {
        let document = Document::parse(payload)?;
        let actions = document.objects("RequestedClientActions")?;
        if actions.len() > MOST_ACTIONS {
            return Err(Unreadable);
        }
        Ok(Self {
            agent_version: document.text("AgentVersion")?,
            actions: actions.iter().map(Action::read).collect::<Result<_, _>>()?,
        })
    }

    /// The payload that says so, in the reference's order of fields.
    pub fn to_payload(&self) -> Vec<u8> {
        let actions: Vec<_> = self.actions.iter().map(Action::to_json).collect();
        let document =
            Fields(vec![("AgentVersion", self.agent_version.as_str().into()), ("RequestedClientActions", actions.into())]);
        serde_json::to_vec(&document).expect("texts are valid JSON")
    }
}

impl Action {
    fn read(action: &Document) -> Result<Self, Unreadable> {
        let parameters = action.object("ActionParameters");
        Ok(match action.text("ActionType")? {
            name if name == SESSION_TYPE => {
                let parameters = parameters?;
                let properties = parameters.object("Properties")?;
                let properties: BTreeMap<_, _> =
                    properties.all_texts().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                Self::SessionType {
                    session_type: parameters.text("SessionType")?,
                    properties: Some(properties).filter(|properties| !properties.is_empty()),
                }
            }
            name if name == KMS_ENCRYPTION => {
                let parameters = parameters?;
                Self::KmsEncryption {
                    key_id: parameters.text("KMSKeyId")?,
                    challenge: Some(parameters.text("Challenge")?).filter(|challenge| !challenge.is_empty()),
                }
            }
            action_type => Self::Unknown { action_type },
        })
    }

    /// The action's name on the wire.
    pub fn action_type(&self) -> &str {
        match self {
            Self::SessionType { .. } => SESSION_TYPE,
            Self::KmsEncryption { .. } => KMS_ENCRYPTION,
            Self::Unknown { action_type } => action_type,
        }
    }

    fn to_json(&self) -> serde_json::Value {
        let parameters = match self {
            Self::SessionType { session_type, properties } => {
                serde_json::json!({ "SessionType": session_type, "Properties": properties })
            }
            Self::KmsEncryption { key_id, challenge: Some(challenge) } => {
                serde_json::json!({ "KMSKeyId": key_id, "Challenge": challenge })
            }
            Self::KmsEncryption { key_id, challenge: None } => serde_json::json!({ "KMSKeyId": key_id }),
            Self::Unknown { .. } => serde_json::Value::Null,
        };
        serde_json::json!({ "ActionType": self.action_type(), "ActionParameters": parameters })
    }
}

/// The client's answer, payload type 6.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandshakeResponse {
    /// The protocol level of the client.
    pub client_version: String,
    /// One for each request.
    pub actions: Vec<ProcessedAction>,
    /// The reasons of those that failed; none is written as `null`.
    pub errors: Vec<String>,
}

/// What became of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessedAction {
    /// As requested.
    pub action_type: String,
    /// How it went.
    pub status: ActionStatus,
    /// The data key, if one was asked for.
    pub result: Option<SealedKey>,
    /// Why it did not go well, or empty.
    pub error: String,
}

/// How a request went. Anything but success makes the agent end the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionStatus {
    /// 1.
    Success,
    /// 2.
    Failed,
    /// 3, and whatever else a client may write.
    Unsupported,
}

/// A data key as KMS hands it out for others: sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// KMS's `CiphertextBlob`.
    pub ciphertext: Vec<u8>,
    /// Whether the random challenge is part of the encryption context; `None` is not written.
    pub challenge_acknowledged: Option<bool>,
}

impl HandshakeResponse {
    /// Read a payload.
    pub(crate) fn from_payload(payload: &[u8]) -> Result<Self, Unreadable> {
        let document = Document::parse(payload)?;
        let actions = document.objects("ProcessedClientActions")?;
        Ok(Self {
            client_version: document.text("ClientVersion")?,
            actions: actions.iter().map(ProcessedAction::read).collect::<Result<_, _>>()?,
            errors: document.texts("Errors")?,
        })
    }

    /// The payload that says so, byte for byte as the reference writes it.
    pub fn to_payload(&self) -> Vec<u8> {
        let actions: Vec<_> = self.actions.iter().map(ProcessedAction::to_json).collect();
        let errors = (!self.errors.is_empty()).then_some(&self.errors);
        let document = Fields(vec![
            ("ClientVersion", self.client_version.as_str().into()),
            ("ProcessedClientActions", actions.into()),
            ("Errors", serde_json::json!(errors)),
        ]);
        serde_json::to_vec(&document).expect("texts are valid JSON")
    }
}

impl ProcessedAction {
    fn read(action: &Document) -> Result<Self, Unreadable> {
        let action_type = action.text("ActionType")?;
        // The reference leaves a bare number here when it does not support an action.
        let result = match action.object("ActionResult") {
            Ok(result) if action_type == KMS_ENCRYPTION => Some(SealedKey {
                ciphertext: BASE64.decode(result.text("KMSCipherTextKey")?).map_err(|_| Unreadable)?,
                challenge_acknowledged: Some(result.truth("ChallengeAcknowledgement")?).filter(|is_true| *is_true),
            })
            .filter(|key| !key.ciphertext.is_empty()),
            _ => None,
        };
        Ok(Self {
            action_type,
            status: match action.integer("ActionStatus")? {
                1 => ActionStatus::Success,
                2 => ActionStatus::Failed,
                _ => ActionStatus::Unsupported,
            },
            result,
            error: action.text("Error")?,
        })
    }

    fn to_json(&self) -> serde_json::Value {
        let status = match self.status {
            ActionStatus::Success => 1,
            ActionStatus::Failed => 2,
            ActionStatus::Unsupported => 3,
        };
        let result = self.result.as_ref().map(|key| {
            let mut result = serde_json::json!({ "KMSCipherTextKey": BASE64.encode(&key.ciphertext), "KMSCipherTextHash": null });
            if let Some(acknowledged) = key.challenge_acknowledged {
                result["ChallengeAcknowledgement"] = acknowledged.into();
            }
            result
        });
        serde_json::json!({
            "ActionType": self.action_type, "ActionStatus": status, "ActionResult": result, "Error": self.error
        })
    }
}

/// The agent's last word of the handshake, payload type 7.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HandshakeComplete {
    /// Nanoseconds.
    #[serde(rename = "HandshakeTimeToComplete")]
    pub time_to_complete: i64,
    /// A line for the user, or empty; foreign text.
    #[serde(rename = "CustomerMessage")]
    pub customer_message: String,
}

impl HandshakeComplete {
    /// Read a payload.
    pub(crate) fn from_payload(payload: &[u8]) -> Result<Self, Unreadable> {
        let document = Document::parse(payload)?;
        Ok(Self {
            time_to_complete: document.integer("HandshakeTimeToComplete").unwrap_or_default(),
            customer_message: document.text("CustomerMessage")?,
        })
    }

    /// The payload that says so.
    pub fn to_payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and numbers are valid JSON")
    }
}

/// Random bytes, sealed: payload types 8 and 9.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Nonce, ciphertext, tag.
    pub sealed: Vec<u8>,
}

impl Challenge {
    /// Read a payload.
    pub(crate) fn from_payload(payload: &[u8]) -> Result<Self, Unreadable> {
        let text = Document::parse(payload)?.text("Challenge")?;
        Ok(Self { sealed: BASE64.decode(text).map_err(|_| Unreadable)? })
    }

    /// The payload that says so.
    pub fn to_payload(&self) -> Vec<u8> {
        format!("{{\"Challenge\":\"{}\"}}", BASE64.encode(&self.sealed)).into_bytes()
    }
}

/// An object whose fields stay in the order given.
struct Fields(Vec<(&'static str, serde_json::Value)>);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_action_is_read_whatever_its_parameters() {
        let payload = br#"{"AgentVersion":"9","RequestedClientActions":[{"ActionType":"Dance","ActionParameters":7}]}"#;

        let request = HandshakeRequest::from_payload(payload).unwrap();

        assert_eq!(request.actions, [Action::Unknown { action_type: "Dance".to_owned() }]);
    }

    #[test]
    fn the_references_answer_to_an_unknown_action_reads_as_unsupported() {
        let payload = br#"{"ClientVersion":"1.2.677.0","ProcessedClientActions":[
            {"ActionType":"Dance","ActionStatus":0,"ActionResult":3,"Error":"Unsupported action Dance"}],"Errors":null}"#;

        let response = HandshakeResponse::from_payload(payload).unwrap();

        assert_eq!(response.actions[0].status, ActionStatus::Unsupported);
    }

    #[test]
    fn a_request_reads_back() {
        let request = HandshakeRequest {
            agent_version: "3.3.987.0".to_owned(),
            actions: vec![
                Action::SessionType {
                    session_type: "Port".to_owned(),
                    properties: Some(BTreeMap::from([("portNumber".to_owned(), "22".to_owned())])),
                },
                Action::KmsEncryption { key_id: "alias/x".to_owned(), challenge: None },
            ],
        };

        assert_eq!(HandshakeRequest::from_payload(&request.to_payload()), Ok(request));
    }

    #[test]
    fn a_crowd_of_actions_is_unreadable() {
        let actions = vec!["{}"; 65].join(",");
        let payload = format!("{{\"RequestedClientActions\":[{actions}]}}");

        assert_eq!(HandshakeRequest::from_payload(payload.as_bytes()), Err(Unreadable));
    }
}
