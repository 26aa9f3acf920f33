//! The token of a sign-in, as every AWS tool writes and reads it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::sso_session::SsoSession;

/// A token that has less time left is renewed.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// What opens the portal, and what renews it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) access: Zeroizing<String>,
    pub(super) expires: Timestamp,
    pub(super) renewal: Option<Renewal>,
    /// What else its file holds, in the file's order.
    others: Map<String, Value>,
}

/// What a new token is got with, without a browser.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Renewal {
    pub(super) refresh: Zeroizing<String>,
    pub(super) client_id: String,
    pub(super) client_secret: Zeroizing<String>,
    pub(super) client_expires: Timestamp,
}

impl Token {
    pub(super) fn new(session: &SsoSession, access: String, expires: Timestamp, renewal: Option<Renewal>) -> Self {
        let mut others = Map::new();
        others.insert("startUrl".to_owned(), session.start_url.clone().into());
        others.insert("region".to_owned(), session.region.to_string().into());
        Self { access: Zeroizing::new(access), expires, renewal, others }
    }

    /// From a file's bytes. Names count whatever their case; what we do not know is kept.
    pub(super) fn understood(bytes: &[u8]) -> Option<Self> {
        let Value::Object(mut fields) = serde_json::from_slice(bytes).ok()? else { return None };
        let mut take = |wanted: &str| {
            let name = fields.keys().find(|name| name.eq_ignore_ascii_case(wanted))?.clone();
            match fields.shift_remove(&name)? {
                Value::String(text) if !text.is_empty() => Some(text),
                _ => None,
            }
        };
        let access = Zeroizing::new(take("accessToken")?);
        let expires = time(&take("expiresAt")?)?;
        let refresh = take("refreshToken").map(Zeroizing::new);
        let client_id = take("clientId");
        let client_secret = take("clientSecret").map(Zeroizing::new);
        let client_expires = take("registrationExpiresAt").as_deref().and_then(time);
        let renewal = (|| {
            Some(Renewal {
                refresh: refresh?,
                client_id: client_id?,
                client_secret: client_secret?,
                client_expires: client_expires?,
            })
        })();
        Some(Self { access, expires, renewal, others: fields })
    }

    /// The file's bytes: whole seconds and `Z`, which every reader takes.
    pub(super) fn bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut fields = self.others.clone();
        let mut put = |name: &str, value: &str| fields.insert(name.to_owned(), value.into());
        put("accessToken", &self.access);
        put("expiresAt", &written(self.expires));
        if let Some(renewal) = &self.renewal {
            put("clientId", &renewal.client_id);
            put("clientSecret", &renewal.client_secret);
            put("registrationExpiresAt", &written(renewal.client_expires));
            put("refreshToken", &renewal.refresh);
        }
        let bytes = serde_json::to_vec_pretty(&fields).unwrap_or_default();
        for (_, value) in &mut fields {
            if let Value::String(text) = value {
                zeroize::Zeroize::zeroize(text);
            }
        }
        Zeroizing::new(bytes)
    }

    /// The same sign-in with a newer token. A service that sends no new refresh token means the old one to be used.
    pub(super) fn renewed(&self, access: String, expires: Timestamp, refresh: Option<String>) -> Self {
        let renewal = self.renewal.clone().map(|old| Renewal { refresh: refresh.map_or(old.refresh, Zeroizing::new), ..old });
        Self { access: Zeroizing::new(access), expires, renewal, others: self.others.clone() }
    }

    /// What else its file says.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.others.get(name).and_then(Value::as_str)
    }

    pub(super) fn holds(&self, now: Timestamp) -> bool {
        self.expires > now
    }

    /// Whether there is so little time left that it should be renewed.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.expires.duration_since(now) < RENEWED_BEFORE
    }

    /// What it can be renewed with at this time.
    pub(super) fn renewable(&self, now: Timestamp) -> Option<&Renewal> {
        self.renewal.as_ref().filter(|renewal| renewal.client_expires > now)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl fmt::Debug for Renewal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// RFC 3339, or with `UTC` in place of `Z` as older versions of the AWS CLI write it.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    match text.strip_suffix("UTC") {
        Some(start) => format!("{start}Z").parse().ok(),
        None => text.parse().ok(),
    }
}

/// As the AWS CLI writes it.
pub(super) fn written(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::cache::FileName;
    use super::*;

    /// The part of the vectors that this crate is tested with.
    pub(in super::super) fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../tests/vectors/sign-in.json")).unwrap()
    }

    #[test]
    fn files_are_named_as_the_aws_cli_names_them() {
        let vectors = vectors();
        for vector in vectors["sso_token_files"].as_array().unwrap() {
            let name = FileName::of(vector["input"].as_str().unwrap());
            assert_eq!(format!("{name:?}"), format!("FileName({})", vector["sha1"]), "{vector}");
        }
    }

    #[test]
    fn files_of_the_aws_cli_are_understood_and_written_in_the_same_form() {
        let files = &vectors()["files"];
        let whole = &files["sso token, session"];
        let token = Token::understood(whole.to_string().as_bytes()).unwrap();

        assert_eq!(token.access.as_str(), "EXAMPLE-access");
        assert_eq!(written(token.expires), "2026-11-28T16:28:16Z");
        assert_eq!(token.renewal.as_ref().unwrap().refresh.as_str(), "EXAMPLE-refresh");
        assert_eq!(serde_json::from_slice::<Value>(&token.bytes()).unwrap(), *whole);
        assert!(!format!("{token:?} {:?}", token.renewal).contains("EXAMPLE"));

        let legacy = Token::understood(files["sso token, legacy, no refresh"].to_string().as_bytes()).unwrap();
        assert!(legacy.renewal.is_none());
        let oldest = Token::understood(files["sso token, oldest form"].to_string().as_bytes()).unwrap();
        assert_eq!(written(oldest.expires), "2020-06-14T22:01:30Z");
    }

    #[test]
    fn names_count_whatever_their_case_and_what_we_do_not_know_is_kept() {
        let file = r#"{"version":7,"ACCESSTOKEN":"a","expiresat":"2026-11-28T16:28:16+01:00","refreshToken":"r","clientId":"c","clientSecret":"s","registrationExpiresAt":"2027-01-01T00:00:00Z"}"#;

        let token = Token::understood(file.as_bytes()).unwrap();
        let later = token.renewed("b".to_owned(), "2026-11-28T20:00:00Z".parse().unwrap(), None);

        let written: Value = serde_json::from_slice(&later.bytes()).unwrap();
        assert_eq!(written["version"], 7);
        assert_eq!((&written["accessToken"], &written["refreshToken"]), (&"b".into(), &"r".into()));
        let another = later.renewed("c".to_owned(), later.expires, Some("r2".to_owned()));
        assert_eq!(another.renewal.unwrap().refresh.as_str(), "r2");
    }

    #[test]
    fn what_is_no_token_is_none() {
        for bad in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"accessToken":"a"}"#,
            r#"{"accessToken":"","expiresAt":"2026-11-28T16:28:16Z"}"#,
            r#"{"accessToken":"a","expiresAt":"soon"}"#,
            r#"{"accessToken":7,"expiresAt":"2026-11-28T16:28:16Z"}"#,
        ] {
            assert!(Token::understood(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_is_due_a_quarter_of_an_hour_before_its_end() {
        let now: Timestamp = "2026-11-28T10:00:00Z".parse().unwrap();
        let session = SsoSession::named("corp", "https://x/start", "eu-central-1".parse().unwrap());
        let ending = |minutes| Token::new(&session, "a".to_owned(), now + SignedDuration::from_mins(minutes), None);

        assert!(!ending(15).is_due(now) && ending(14).is_due(now));
        assert!(ending(1).holds(now) && !ending(0).holds(now));
    }
}
