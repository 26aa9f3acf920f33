//! Whether a browser sign-in still holds, from the token caches that the AWS CLI writes.

use std::path::{Path, PathBuf};

use aws_config::profile::Profile as Section;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::token::time;
use crate::aws::Environment;
use crate::aws::contents::contents;
use crate::aws::profile_kind::ProfileKind;

/// How long an `aws login` session can be renewed at most.
const LONGEST_LOGIN: SignedDuration = SignedDuration::from_hours(12);

/// The sign-in that a profile's credentials begin with, as far as the files on this computer tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// It holds until then.
    Valid {
        /// When it ends at the latest.
        until: Timestamp,
    },
    /// It holds, and is renewed without a browser until somebody elsewhere ends it: no file tells when.
    Renews,
    /// It has ended.
    Ended {
        /// When.
        at: Timestamp,
    },
    /// Nobody signed in on this computer.
    None,
    /// The profile needs none.
    NotNeeded,
}

/// The sign-in of a profile that has its credentials, of this kind, from no other profile.
pub(in crate::aws) fn of(environment: &Environment, section: &Section, kind: ProfileKind, now: Timestamp) -> SignIn {
    match kind {
        ProfileKind::Sso => sso(environment, section, now),
        ProfileKind::Login => login(environment, section, now),
        ProfileKind::Keys | ProfileKind::Role | ProfileKind::Process | ProfileKind::Other => SignIn::NotNeeded,
    }
}

/// The fields that tell the time; secrets are skipped, not read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SsoToken {
    expires_at: String,
    registration_expires_at: Option<String>,
    refresh_token: Option<IgnoredAny>,
}

fn sso(environment: &Environment, section: &Section, now: Timestamp) -> SignIn {
    let session = section.get("sso_session");
    let start_url = section.get("sso_start_url");
    let Some(key) = session.or(start_url) else { return SignIn::None };
    let name = format!(".aws/sso/cache/{}.json", hex(&Sha1::digest(key.as_bytes())));
    let Some(token) = environment.under_home(&name).and_then(|path| read::<SsoToken>(&path)) else { return SignIn::None };
    let Some(ends) = time(&token.expires_at) else { return SignIn::None };
    // Only a session by name is renewed without a browser, and only while the registration of the AWS CLI holds.
    let registration = token.registration_expires_at.as_deref().and_then(time);
    let renewable = registration.filter(|&until| session.is_some() && token.refresh_token.is_some() && until > now);
    match renewable {
        Some(_) => SignIn::Renews,
        None if ends > now => SignIn::Valid { until: ends },
        None => SignIn::Ended { at: ends },
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoginToken {
    access_token: LoginAccess,
    /// Kept from the sign-in through all renewals: it tells when that was.
    id_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoginAccess {
    expires_at: String,
}

/// Where the console sign-in of a profile is written down, if it has one.
pub(in crate::aws) fn login_file(environment: &Environment, section: &Section) -> Option<PathBuf> {
    let session = section.get("login_session")?;
    let directory = environment.get("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
    let directory = directory.or_else(|| environment.under_home(".aws/login/cache"))?;
    Some(directory.join(format!("{}.json", hex(&Sha256::digest(session.trim().as_bytes())))))
}

fn login(environment: &Environment, section: &Section, now: Timestamp) -> SignIn {
    let Some(token) = login_file(environment, section).and_then(|path| read::<LoginToken>(&path)) else { return SignIn::None };
    // The SDK reads this file, and takes no other time.
    let Some(ends) = Some(&token.access_token.expires_at).filter(|text| text.ends_with('Z')).and_then(|text| time(text)) else {
        return SignIn::None;
    };
    let longest = |begun: Timestamp| begun.saturating_add(LONGEST_LOGIN).unwrap_or(begun);
    match token.id_token.as_deref().and_then(issued).map(longest) {
        Some(until) if until > now => SignIn::Valid { until },
        Some(until) => SignIn::Ended { at: until },
        None if longest(ends) > now => SignIn::Renews,
        None => SignIn::Ended { at: ends },
    }
}

/// When an id token was made, if it says so.
fn issued(id_token: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Claims {
        iat: i64,
    }
    let payload = URL_SAFE_NO_PAD.decode(id_token.split('.').nth(1)?.trim_end_matches('=')).ok()?;
    Timestamp::from_second(serde_json::from_slice::<Claims>(&payload).ok()?.iat).ok()
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Option<T> {
    let bytes = zeroize::Zeroizing::new(contents(path).ok()?);
    serde_json::from_slice(&bytes).ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::files::Files;
    use crate::aws::files::tests::home;
    use crate::aws::profile_kind::kind;

    const CONFIG: &str = "[profile a]\nsso_session = corp\nsso_account_id=1\nsso_role_name=r\n[sso-session corp]\nsso_region=us-east-1\nsso_start_url=https://x\n[profile old]\nsso_start_url=https://x\n[profile k]\naws_access_key_id=A\n[profile l]\nlogin_session = arn:aws:iam::123456789012:user/Admin\n";
    /// `printf corp | sha1sum`
    const CORP: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

    async fn state(profile: &str, file: &str, token: &str) -> SignIn {
        let home = home(CONFIG, "", &[]);
        let path = home.directory.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, token).unwrap();
        let files = Files::read(&home.environment, "default").await.unwrap();
        let section = files.sections.get_profile(profile).unwrap();
        of(&home.environment, section, kind(section), "2026-11-21T10:00:00Z".parse().unwrap())
    }

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    #[tokio::test]
    async fn an_sso_token_is_found_by_the_hash_of_its_session() {
        let valid = r#"{"accessToken":"secret","expiresAt":"2026-11-21T12:00:00Z"}"#;
        let ended = r#"{"accessToken":"secret","expiresAt":"2026-11-21T09:46:00Z"}"#;
        let renewable = r#"{"accessToken":"secret","expiresAt":"2026-11-21T09:46:00Z","refreshToken":"secret","registrationExpiresAt":"2026-12-01T00:00:00Z"}"#;

        assert_eq!(state("a", CORP, valid).await, SignIn::Valid { until: at("2026-11-21T12:00:00Z") });
        let old = r#"{"accessToken":"secret","expiresAt":"2026-11-21T12:00:00UTC"}"#;
        assert_eq!(state("a", CORP, old).await, SignIn::Valid { until: at("2026-11-21T12:00:00Z") });
        assert_eq!(state("a", CORP, ended).await, SignIn::Ended { at: at("2026-11-21T09:46:00Z") });
        assert_eq!(state("a", CORP, renewable).await, SignIn::Renews, "the end of a registration is not that of a sign-in");
        assert_eq!(state("a", CORP, &renewable.replace("09:46", "12:46")).await, SignIn::Renews);
        let unregistered = renewable.replace("2026-12-01", "2026-11-01");
        assert_eq!(state("a", CORP, &unregistered).await, SignIn::Ended { at: at("2026-11-21T09:46:00Z") });
        let offset = valid.replace('Z', "+00:00");
        assert_eq!(state("a", CORP, &offset).await, SignIn::Valid { until: at("2026-11-21T12:00:00Z") });
        assert_eq!(state("a", CORP, "not json").await, SignIn::None);
        assert_eq!(state("a", "elsewhere", valid).await, SignIn::None);
        assert_eq!(state("old", CORP, valid).await, SignIn::None);
        assert_eq!(state("k", CORP, valid).await, SignIn::NotNeeded);
    }

    #[tokio::test]
    async fn an_aws_login_session_can_be_renewed_for_half_a_day() {
        let file = ".aws/login/cache/LOGIN.json";
        let file = file.replace("LOGIN", &hex(&Sha256::digest("arn:aws:iam::123456789012:user/Admin")));
        let token = |time: &str| format!(r#"{{"accessToken":{{"accessKeyId":"A","expiresAt":"{time}"}}}}"#);
        let issued = |at: &str, iat: i64| {
            let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"arn","iat":{iat}}}"#));
            token(at).replacen('{', &format!(r#"{{"idToken":"e30.{claims}.eA","#), 1)
        };
        let begun = at("2026-11-21T00:30:00Z").as_second();

        assert_eq!(state("l", &file, &token("2026-11-21T09:50:00Z")).await, SignIn::Renews, "nobody wrote down when it began");
        assert_eq!(state("l", &file, &token("2026-11-20T09:50:00Z")).await, SignIn::Ended { at: at("2026-11-20T09:50:00Z") });
        let until = at("2026-11-21T12:30:00Z");
        assert_eq!(state("l", &file, &issued("2026-11-21T10:10:00Z", begun)).await, SignIn::Valid { until });
        let at_ten = at("2026-11-21T09:30:00Z");
        assert_eq!(state("l", &file, &issued("2026-11-21T10:10:00Z", begun - 3 * 3_600)).await, SignIn::Ended { at: at_ten });
        assert_eq!(state("l", &file, &token("2026-11-21T10:10:00UTC")).await, SignIn::None, "the SDK does not read it");
    }
}
