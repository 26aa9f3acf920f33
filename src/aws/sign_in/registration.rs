//! The registration of this program at a sign-in service: kept, so that each sign-in is not another client.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::cache::FileName;
use super::sso_session::SsoSession;
use super::token::{time, written};

/// Whose registrations these are: the AWS CLI's are its own, and the page that asks for consent names the one that registered.
const TOOL: &str = "ec2dash";
/// A registration that ends sooner is made anew: a sign-in takes its time.
const LEAST: SignedDuration = SignedDuration::from_mins(15);

/// What this program is to a sign-in service.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Registration {
    pub(super) client_id: String,
    pub(super) client_secret: Zeroizing<String>,
    pub(super) expires: Timestamp,
    scopes: Vec<String>,
    /// Those of the authorization code; empty for the device flow.
    grants: Vec<String>,
    /// Where the browser is sent, if the service says so itself.
    pub(super) authorization: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    client_id: String,
    client_secret: String,
    expires_at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    grant_types: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authorization_endpoint: Option<String>,
}

/// The name of the file, by the AWS CLI's algorithm.
pub(super) fn name(session: &SsoSession) -> FileName {
    named(session, TOOL)
}

fn named(session: &SsoSession, tool: &str) -> FileName {
    let list = session.scopes.iter().map(|scope| quoted(scope)).collect::<Vec<_>>().join(", ");
    let scopes = if session.scopes.is_empty() { "null".to_owned() } else { format!("[{list}]") };
    FileName::of(&format!(
        r#"{{"region": {}, "scopes": {scopes}, "session_name": {}, "startUrl": {}, "tool": {}}}"#,
        quoted(session.region.as_str()),
        session.name.as_deref().map_or_else(|| "null".to_owned(), quoted),
        quoted(&session.start_url),
        quoted(tool)
    ))
}

/// A JSON text in ASCII alone.
pub(in crate::aws) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            ' '..='\u{7f}' => quoted.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

impl Registration {
    pub(super) fn new(
        client_id: String,
        client_secret: String,
        expires: Timestamp,
        session: &SsoSession,
        grants: &[&str],
        authorization: Option<String>,
    ) -> Self {
        let (scopes, grants) = (session.scopes.clone(), grants.iter().map(|grant| (*grant).to_owned()).collect());
        Self { client_id, client_secret: Zeroizing::new(client_secret), expires, scopes, grants, authorization }
    }

    pub(super) fn understood(bytes: &[u8]) -> Option<Self> {
        let file: File = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            client_id: file.client_id,
            client_secret: Zeroizing::new(file.client_secret),
            expires: time(&file.expires_at)?,
            scopes: file.scopes.unwrap_or_default(),
            grants: file.grant_types,
            authorization: file.authorization_endpoint,
        })
    }

    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut file = File {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.to_string(),
            expires_at: written(self.expires),
            scopes: (!self.scopes.is_empty()).then(|| self.scopes.clone()),
            grant_types: self.grants.clone(),
            authorization_endpoint: self.authorization.clone(),
        };
        let bytes = serde_json::to_vec_pretty(&file).unwrap_or_default();
        zeroize::Zeroize::zeroize(&mut file.client_secret);
        Zeroizing::new(bytes)
    }

    /// Whether it lasts long enough, and is for these grants and scopes.
    pub(super) fn serves(&self, session: &SsoSession, grants: &[&str], now: Timestamp) -> bool {
        self.expires.duration_since(now) > LEAST && self.scopes == session.scopes && self.grants == grants
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").field("expires", &self.expires).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tests::vectors;
    use super::*;

    const CODE: [&str; 2] = ["authorization_code", "refresh_token"];

    #[test]
    fn files_are_named_by_the_aws_clis_algorithm_and_not_with_its_name() {
        for vector in vectors()["sso_registration_files"].as_array().unwrap() {
            let scopes = vector["scopes"].as_array().into_iter().flatten();
            let session = SsoSession {
                name: vector["session"].as_str().map(str::to_owned),
                start_url: vector["start_url"].as_str().unwrap().to_owned(),
                region: vector["region"].as_str().unwrap().parse().unwrap(),
                scopes: scopes.map(|scope| scope.as_str().unwrap().to_owned()).collect(),
            };

            assert_eq!(format!("{:?}", named(&session, "botocore")), format!("FileName({})", vector["sha1"]), "{vector}");
            assert_ne!(name(&session), named(&session, "botocore"));
        }
        assert_eq!(quoted("\u{1f600}\"\u{1}"), r#""\ud83d\ude00\"\u0001""#);
    }

    #[test]
    fn a_registration_serves_its_own_flow_and_scopes_as_long_as_it_lasts() {
        let session = SsoSession::named("corp", "https://x/start", "eu-central-1".parse().unwrap());
        let files = &vectors()["files"];
        let of = |kind: &str| Registration::understood(files[kind].to_string().as_bytes()).unwrap();
        let now: Timestamp = "2026-11-28T10:00:00Z".parse().unwrap();

        let code = of("sso registration, PKCE");
        assert!(code.serves(&session, &CODE, now) && !code.serves(&session, &[], now));
        let device = of("sso registration, device");
        assert!(device.serves(&session, &[], now) && !device.serves(&session, &CODE, now));
        assert!(!device.serves(&session, &[], "2027-02-26T08:20:00Z".parse().unwrap()), "it ends while somebody signs in");
        assert!(!of("sso registration, legacy").serves(&session, &[], now));
        assert_eq!(Registration::understood(&code.bytes()), Some(code.clone()));
        assert!(!format!("{code:?}").contains("EXAMPLE"));
    }
}
