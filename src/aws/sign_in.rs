//! Whether a browser sign-in still holds, from the token caches that the AWS CLI writes.

use std::io::Read;
use std::path::{Path, PathBuf};

use aws_config::profile::Profile as Section;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::Environment;
use super::profile_kind::ProfileKind;

/// Larger than any token file.
const LARGEST: u64 = 256 * 1024;
/// How long an `aws login` session can be renewed at most.
const LONGEST_LOGIN: SignedDuration = SignedDuration::from_hours(12);

/// The sign-in that a profile's credentials begin with, as far as the files on this computer tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    /// It holds, or can be renewed without a browser until then.
    Valid {
        /// When it ends at the latest.
        until: Timestamp,
    },
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
pub(super) fn of(environment: &Environment, section: &Section, kind: ProfileKind, now: Timestamp) -> SignIn {
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
        _ if ends > now => SignIn::Valid { until: ends },
        Some(until) => SignIn::Valid { until },
        None => SignIn::Ended { at: ends },
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoginToken {
    access_token: LoginAccess,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LoginAccess {
    expires_at: String,
}

fn login(environment: &Environment, section: &Section, now: Timestamp) -> SignIn {
    let Some(session) = section.get("login_session") else { return SignIn::None };
    let directory = environment.get("AWS_LOGIN_CACHE_DIRECTORY").map(PathBuf::from);
    let Some(directory) = directory.or_else(|| environment.under_home(".aws/login/cache")) else { return SignIn::None };
    let path = directory.join(format!("{}.json", hex(&Sha256::digest(session.trim().as_bytes()))));
    let Some(ends) = read::<LoginToken>(&path).and_then(|token| time(&token.access_token.expires_at)) else {
        return SignIn::None;
    };
    let longest = ends.saturating_add(LONGEST_LOGIN).unwrap_or(ends);
    if longest > now { SignIn::Valid { until: longest } } else { SignIn::Ended { at: ends } }
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Option<T> {
    let mut bytes = zeroize::Zeroizing::new(Vec::new());
    std::fs::File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// RFC 3339, or with `UTC` in place of `Z` as older versions of the AWS CLI write it.
fn time(text: &str) -> Option<Timestamp> {
    match text.strip_suffix("UTC") {
        Some(start) => format!("{start}Z").parse().ok(),
        None => text.parse().ok(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::super::files::tests::home;
    use super::super::profile_kind::kind;
    use super::*;

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
        assert_eq!(state("a", CORP, renewable).await, SignIn::Valid { until: at("2026-12-01T00:00:00Z") });
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

        assert_eq!(state("l", &file, &token("2026-11-21T09:50:00Z")).await, SignIn::Valid { until: at("2026-11-21T21:50:00Z") });
        assert_eq!(state("l", &file, &token("2026-11-20T09:50:00Z")).await, SignIn::Ended { at: at("2026-11-20T09:50:00Z") });
    }
}
