//! The calls of Session Manager: start, resume and end a session, and what belongs to one.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use aws_sdk_kms::primitives::Blob;
use aws_sdk_ssm as ssm;
use serde_json::Value;
use zeroize::Zeroizing;

use super::calls::jitter;
use super::client_config::once;
use super::{Cloud, Error, call, documents, failure};
use crate::model::{Fact, InstanceId, Region, SessionPreferences, Untrusted};

const START: &str = call::START_SESSION.action;
/// Pauses before the repetitions of a throttled start, at most.
const START_PAUSES: [Duration; 3] = [Duration::from_millis(1_500), Duration::from_secs(3), Duration::from_secs(6)];
/// Longest document that is read.
const LONGEST_DOCUMENT: usize = 64 * 1024;

/// What to ask of `StartSession`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRequest {
    /// The instance.
    pub target: InstanceId,
    /// The session document; `None` is the account's own shell, for which IAM need not allow a document.
    pub document: Option<&'static str>,
    /// The document's parameters.
    pub parameters: BTreeMap<&'static str, Vec<String>>,
}

impl SessionRequest {
    /// The account's own shell.
    pub fn shell(target: InstanceId) -> Self {
        Self { target, document: None, parameters: BTreeMap::new() }
    }
}

/// What opens a data channel. Whoever has it has the session, so nothing of it but the id is ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The session's id; opaque.
    pub id: String,
    /// The token.
    pub token: Zeroizing<String>,
    /// Where the data channel is opened, as AWS said it and unchecked.
    pub url: Zeroizing<String>,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What `ResumeSession` answers.
#[derive(Clone, PartialEq, Eq)]
pub enum Resumed {
    /// The session goes on with this.
    Ticket {
        /// The new token.
        token: Zeroizing<String>,
        /// Where to open the data channel now; `None`: where it was.
        url: Option<Zeroizing<String>>,
    },
    /// There is no token: the session has timed out.
    TimedOut,
}

impl fmt::Debug for Resumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ticket { .. } => "Ticket",
            Self::TimedOut => "TimedOut",
        })
    }
}

impl Cloud {
    /// Start a session. Not repeated, except when AWS is busy: a lost answer may have started one. Nor when it is given up meanwhile.
    pub async fn start_session(
        &self,
        region: &Region,
        request: &SessionRequest,
        is_given_up: impl Fn() -> bool,
    ) -> Result<Ticket, Error> {
        let mut pauses = START_PAUSES.into_iter();
        let told = loop {
            let asked = self.ask(region, call::START_SESSION, |clients| {
                let parameters: HashMap<String, Vec<String>> =
                    request.parameters.iter().map(|(name, values)| ((*name).to_owned(), values.clone())).collect();
                clients
                    .ssm
                    .start_session()
                    .target(request.target.as_str())
                    .set_document_name(request.document.map(str::to_owned))
                    .set_parameters((!parameters.is_empty()).then_some(parameters))
                    .customize()
                    .config_override(self.once())
                    .send()
            });
            match (asked.await, pauses.next()) {
                (Ok(told), _) => break told,
                (Err(error @ Error::Throttled { .. }), Some(pause)) => {
                    tokio::time::sleep(pause.mul_f64(0.5 + jitter() / 2.0)).await;
                    if is_given_up() {
                        return Err(error);
                    }
                }
                (Err(error), _) => return Err(error),
            }
        };
        match (told.session_id, told.token_value, told.stream_url) {
            (Some(id), Some(token), Some(url)) if !token.is_empty() => {
                Ok(Ticket { id, token: Zeroizing::new(token), url: Zeroizing::new(url) })
            }
            _ => Err(Error::Garbled { action: START, cause: "no session in it".into() }),
        }
    }

    /// A new way into a session that lost its connection. `NoSuchSession`: it was terminated.
    pub async fn resume_session(&self, region: &Region, id: &str) -> Result<Resumed, Error> {
        let asked = self.ask(region, call::RESUME_SESSION, |clients| {
            clients.ssm.resume_session().session_id(id).customize().config_override(self.once()).send()
        });
        let told = asked.await?;
        Ok(match told.token_value.filter(|token| !token.is_empty()) {
            Some(token) => Resumed::Ticket {
                token: Zeroizing::new(token),
                url: told.stream_url.filter(|url| !url.is_empty()).map(Zeroizing::new),
            },
            None => Resumed::TimedOut,
        })
    }

    /// End a session. Harmless when it is already over.
    pub async fn terminate_session(&self, region: &Region, id: &str) -> Result<(), Error> {
        let asked = self.ask(region, call::TERMINATE_SESSION, |clients| clients.ssm.terminate_session().session_id(id).send());
        asked.await.map(drop)
    }

    /// Whether the agent of an instance has its channel to Session Manager right now.
    pub async fn is_connected(&self, region: &Region, id: &InstanceId) -> Result<bool, Error> {
        let asked = self
            .ask(region, call::GET_CONNECTION_STATUS, |clients| clients.ssm.get_connection_status().target(id.as_str()).send());
        Ok(asked.await?.status == Some(ssm::types::ConnectionStatus::Connected))
    }

    /// The same as a fact.
    pub async fn channel_of(&self, region: &Region, id: &InstanceId) -> Fact<bool> {
        match self.is_connected(region, id).await {
            Ok(is_open) => Fact::Known(is_open),
            Err(error) => Fact::Hidden(failure::denial(error, call::GET_CONNECTION_STATUS.action)),
        }
    }

    /// A data key for a session that must be sealed: its plaintext, and the same for the agent to open.
    pub async fn data_key(
        &self,
        region: &Region,
        key: &str,
        bytes: usize,
        context: &BTreeMap<String, String>,
    ) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), Error> {
        const ACTION: &str = call::GENERATE_DATA_KEY.action;
        let asked = self.ask(region, call::GENERATE_DATA_KEY, |clients| {
            clients
                .kms
                .generate_data_key()
                .key_id(key)
                .number_of_bytes(i32::try_from(bytes).unwrap_or(i32::MAX))
                .set_encryption_context(Some(context.clone().into_iter().collect()))
                .send()
        });
        let told = asked.await?;
        match (told.plaintext, told.ciphertext_blob) {
            (Some(plaintext), Some(ciphertext)) => Ok((Zeroizing::new(plaintext.into_inner()), Blob::into_inner(ciphertext))),
            _ => Err(Error::Garbled { action: ACTION, cause: "no key in it".into() }),
        }
    }

    /// How the account wants its sessions. An account that never said so has the defaults.
    pub async fn session_preferences(&self, region: &Region) -> Result<SessionPreferences, Error> {
        const ACTION: &str = call::GET_DOCUMENT.action;
        let asked =
            self.ask(region, call::GET_DOCUMENT, |clients| clients.ssm.get_document().name(documents::PREFERENCES).send());
        match asked.await {
            Ok(told) => preferences(told.content.as_deref().unwrap_or_default())
                .ok_or_else(|| Error::Garbled { action: ACTION, cause: "the document does not read".into() }),
            Err(Error::Service { aws_code, .. }) if aws_code.raw() == "InvalidDocument" => Ok(SessionPreferences::default()),
            Err(error) => Err(error),
        }
    }
}

impl Cloud {
    /// The settings of a call that is made once.
    pub(super) fn once(&self) -> ssm::config::Builder {
        let (retry, timeouts) = once(self.timeout());
        ssm::config::Config::builder().retry_config(retry).timeout_config(timeouts)
    }
}

fn preferences(content: &str) -> Option<SessionPreferences> {
    let document: Value = (content.len() <= LONGEST_DOCUMENT).then(|| serde_json::from_str(content).ok()).flatten()?;
    let inputs = document.get("inputs")?;
    let text = |name: &str| {
        let text = inputs.get(name).and_then(Value::as_str).unwrap_or_default().trim();
        (!text.is_empty()).then(|| Untrusted::from(text))
    };
    let is_on =
        |name: &str| inputs.get(name).is_some_and(|value| value.as_bool() == Some(true) || value.as_str() == Some("true"));
    let minutes = |name: &str| match inputs.get(name) {
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_u64().and_then(|minutes| u32::try_from(minutes).ok()),
        None => None,
    };
    Some(SessionPreferences {
        bucket: text("s3BucketName"),
        log_group: text("cloudWatchLogGroupName"),
        key: text("kmsKeyId"),
        runs_as: is_on("runAsEnabled"),
        run_as_user: text("runAsDefaultUser"),
        idle_minutes: minutes("idleSessionTimeout"),
        longest_minutes: minutes("maxSessionDuration"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_token_nor_address() {
        let secret = |text: &str| Zeroizing::new(text.to_owned());
        let ticket = Ticket { id: "jane-0123".to_owned(), token: secret("canary"), url: secret("wss://x/?canary") };
        let resumed = Resumed::Ticket { token: secret("canary"), url: Some(secret("wss://x/?canary")) };

        assert!(!format!("{ticket:?} {resumed:?}").contains("canary"));
    }

    #[test]
    fn preferences_are_read_from_texts_numbers_and_switches() {
        let content = r#"{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"s3BucketName":"logs",
            "cloudWatchLogGroupName":"","kmsKeyId":"alias/x","runAsEnabled":true,"idleSessionTimeout":"5","maxSessionDuration":""}}"#;

        let read = preferences(content).unwrap();

        let expected = SessionPreferences {
            bucket: Some("logs".into()),
            key: Some("alias/x".into()),
            runs_as: true,
            idle_minutes: Some(5),
            ..SessionPreferences::default()
        };
        assert_eq!(read, expected);
        assert_eq!(preferences("{}"), None);
        assert_eq!(preferences("no"), None);
    }
}
