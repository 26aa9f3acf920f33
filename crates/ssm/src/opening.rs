//! The first message of a connection, the only text frame (docs/session-manager-protocol.md 2.1).

use serde::Serialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::json::Document;

/// Shows the gateway which session this connection belongs to.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// New for every connection.
    pub request_id: Uuid,
    /// Of `StartSession` or the latest `ResumeSession`. Whoever has it has the session.
    pub token: Zeroizing<String>,
    /// The same for all connections of one session.
    pub client_id: Uuid,
    /// The protocol level, [`CLIENT_VERSION`](super::CLIENT_VERSION).
    pub client_version: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Carried<'a> {
    message_schema_version: &'a str,
    request_id: String,
    token_value: &'a str,
    client_id: String,
    client_version: &'a str,
}

impl Opening {
    /// The text to send; it holds the token, so it is wiped when dropped.
    pub fn to_text(&self) -> Zeroizing<String> {
        let carried = Carried {
            message_schema_version: "1.0",
            request_id: self.request_id.to_string(),
            token_value: &self.token,
            client_id: self.client_id.to_string(),
            client_version: &self.client_version,
        };
        Zeroizing::new(serde_json::to_string(&carried).expect("texts are valid JSON"))
    }

    /// What a client showed us, for whoever plays the gateway. Old clients send no id and no version.
    pub fn from_text(text: &str) -> Option<Self> {
        let document = Document::parse(text.as_bytes()).ok()?;
        let token = Zeroizing::new(document.text("TokenValue").ok()?);
        let id = |field| document.text(field).ok().and_then(|text| Uuid::parse_str(&text).ok()).unwrap_or_default();
        Some(Self {
            request_id: id("RequestId"),
            client_id: id("ClientId"),
            client_version: document.text("ClientVersion").ok()?,
            token,
        })
        .filter(|opening| !opening.token.is_empty())
    }
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening").field("request_id", &self.request_id).field("token", &"***").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_reads_back() {
        let opening = sample();

        assert_eq!(Opening::from_text(&opening.to_text()), Some(opening));
    }

    #[test]
    fn an_old_clients_three_fields_suffice_and_the_token_is_one_of_them() {
        let old = r#"{"MessageSchemaVersion":"1.0","RequestId":"x","TokenValue":"t"}"#;

        assert!(Opening::from_text(old).is_some());
        for text in ["{}", "x", r#"{"TokenValue":""}"#, r#"{"TokenValue":7}"#] {
            assert_eq!(Opening::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn debug_shows_no_token() {
        assert!(!format!("{:?}", sample()).contains("secret"));
    }

    fn sample() -> Opening {
        Opening {
            request_id: Uuid::from_u128(1),
            token: Zeroizing::new("secret".to_owned()),
            client_id: Uuid::from_u128(2),
            client_version: super::super::CLIENT_VERSION.to_owned(),
        }
    }
}
