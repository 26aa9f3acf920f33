//! Credentials of roles that were taken with an MFA code: in memory, and as the AWS CLI keeps them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Environment;
use super::flaw::Unkept;
use super::locked::locked;
use super::role::Role;
use super::sign_in::{Cache, FileName, Found, note_unkept, quoted};
use crate::model::{MfaCode, MfaDevice};

/// What ends sooner is not begun with, as in the AWS CLI; of what does not last an hour it is a quarter.
const LEAST: Duration = Duration::from_secs(15 * 60);
/// What STS gives where nobody asks for more or less.
const USUAL_SECONDS: i32 = 3_600;

/// Where MFA codes wait for their use, and what it gave. A clone is the same.
#[derive(Clone, Default)]
pub struct RoleCache {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Whether files are left alone.
    is_private: bool,
    /// Each for its own device: another one's would be refused, and used up by that.
    codes: Mutex<HashMap<MfaDevice, MfaCode>>,
    kept: Mutex<HashMap<String, Credentials>>,
}

impl RoleCache {
    /// `is_shared`: with the AWS CLI, by files that outlive us; else in memory alone.
    pub fn new(is_shared: bool) -> Self {
        Self { inner: Arc::new(Inner { is_private: !is_shared, ..Inner::default() }) }
    }

    /// The code for the next call that shows one of this device.
    pub fn give(&self, device: MfaDevice, code: MfaCode) {
        locked(&self.inner.codes).insert(device, code);
    }

    pub(super) fn has_code(&self, device: &MfaDevice) -> bool {
        locked(&self.inner.codes).contains_key(device)
    }

    pub(super) fn take_code(&self, device: &MfaDevice) -> Option<MfaCode> {
        locked(&self.inner.codes).remove(device)
    }
}

impl fmt::Debug for RoleCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleCache").finish_non_exhaustive()
    }
}

/// The same with the directory of this user.
#[derive(Debug, Clone)]
pub(super) struct KeptRoles {
    cache: RoleCache,
    files: Option<Cache>,
}

impl KeptRoles {
    pub(super) fn new(cache: &RoleCache, environment: &Environment) -> Self {
        let files = if cache.inner.is_private { None } else { Cache::of_roles(environment) };
        Self { cache: cache.clone(), files }
    }

    pub(super) fn cache(&self) -> &RoleCache {
        &self.cache
    }

    /// What an earlier code gave, if it holds for a while.
    pub(super) async fn find(&self, role: &Role) -> Option<Credentials> {
        let key = key(role);
        let own = locked(&self.cache.inner.kept).get(&key).cloned();
        if let Some(own) = own.filter(|own| lasts(own, role.seconds)) {
            return Some(own);
        }
        let Found::This(file) = self.files.as_ref()?.read(&FileName::of(&key), understood).await else { return None };
        let found = file.credentials_of(role).filter(|own| lasts(own, role.seconds))?;
        locked(&self.cache.inner.kept).insert(key, found.clone());
        Some(found)
    }

    /// The same of a user's own session, which no file holds: no other tool would look for it there.
    pub(super) fn find_session(&self, key: &str, seconds: Option<i32>) -> Option<Credentials> {
        let own = locked(&self.cache.inner.kept).get(key).cloned();
        own.filter(|own| lasts(own, seconds))
    }

    pub(super) fn keep_session(&self, key: String, given: &Credentials) {
        locked(&self.cache.inner.kept).insert(key, given.clone());
    }

    /// Keep what a code gave. Where it cannot be written it holds for us alone.
    pub(super) async fn keep(&self, role: &Role, given: &Credentials, user: Option<AssumedRoleUser>) {
        let key = key(role);
        locked(&self.cache.inner.kept).insert(key.clone(), given.clone());
        let (Some(files), Some(file)) = (&self.files, File::of(given, user)) else { return };
        let Ok(bytes) = serde_json::to_vec(&file).map(Zeroizing::new) else { return };
        let name = FileName::of(&key);
        let _lock = files.lock(&name).await;
        if let Err(error) = files.write(&name, bytes).await {
            tracing::warn!(%error, "the credentials of a role are kept in memory alone");
            note_unkept(files, Unkept::Role, &error);
        }
    }
}

/// Whether it is worth beginning with what was asked for so long.
fn lasts(credentials: &Credentials, seconds: Option<i32>) -> bool {
    let whole = Duration::from_secs(seconds.unwrap_or(USUAL_SECONDS).try_into().unwrap_or(0));
    let least = LEAST.min(whole / 4);
    credentials.expiry().is_some_and(|end| end > SystemTime::now() + least)
}

/// The AWS CLI's name for a role that is taken: the arguments of its call as Python writes them, without the code.
fn key(role: &Role) -> String {
    let text = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("\"{name}\": {}", quoted(value)));
    let parts = [
        role.seconds.map(|seconds| format!("\"DurationSeconds\": {seconds}")),
        text("ExternalId", &role.external_id),
        Some(format!("\"RoleArn\": {}", quoted(&role.arn))),
        text("RoleSessionName", &role.session_name),
        text("SerialNumber", &role.serial),
    ];
    format!("{{{}}}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// A file of the AWS CLI.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    credentials: Kept,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assumed_role_user: Option<AssumedRoleUser>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Kept {
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expiration: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
}

/// Who one is with a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumedRoleUser {
    pub(super) assumed_role_id: String,
    pub(super) arn: String,
}

fn understood(bytes: &[u8]) -> Option<File> {
    serde_json::from_slice(bytes).ok()
}

impl File {
    fn of(given: &Credentials, user: Option<AssumedRoleUser>) -> Option<Self> {
        let expiry = Timestamp::try_from(given.expiry()?).ok()?;
        let credentials = Kept {
            access_key_id: given.access_key_id().to_owned(),
            secret_access_key: given.secret_access_key().to_owned(),
            session_token: given.session_token()?.to_owned(),
            // Whole seconds and `Z`, which every reader takes.
            expiration: expiry.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            account_id: given.account_id().map(|account| account.as_str().to_owned()),
        };
        Some(Self { credentials, assumed_role_user: user })
    }

    /// A file's name does not hold whose role it is: what is another one's is not taken.
    fn credentials_of(self, role: &Role) -> Option<Credentials> {
        if !self.assumed_role_user.is_none_or(|user| is_of(&user.arn, &role.arn)) {
            return None;
        }
        let Kept { access_key_id, secret_access_key, session_token, expiration, account_id } = self.credentials;
        // `UTC` in place of `Z` is how older versions write it.
        let expiry: Timestamp = expiration.replace("UTC", "Z").parse().ok()?;
        let mut whole = Credentials::builder()
            .access_key_id(access_key_id)
            .secret_access_key(secret_access_key)
            .session_token(session_token)
            .expiry(expiry.into())
            .provider_name("AssumeRole");
        whole.set_account_id(account_id.map(Into::into));
        Some(whole.build())
    }
}

/// Whether `arn:aws:sts::1:assumed-role/Ops/jane` is somebody in `arn:aws:iam::1:role/path/Ops`.
fn is_of(user: &str, role: &str) -> bool {
    let account = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    let taken = user.split('/').nth(1);
    account(user) == account(role) && taken.is_some() && taken == role.rsplit('/').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role() -> Role {
        Role {
            profile: "ops".to_owned(),
            arn: "arn:aws:iam::210987654321:role/Ops".to_owned(),
            external_id: None,
            session_name: None,
            seconds: None,
            serial: Some("arn:aws:iam::123456789012:mfa/jane".to_owned()),
        }
    }

    fn credentials(seconds: u64) -> Credentials {
        let end = SystemTime::now() + Duration::from_secs(seconds);
        Credentials::new("ASIA1", "secret", Some("token".to_owned()), Some(end), "AssumeRole")
    }

    fn user() -> AssumedRoleUser {
        let arn = "arn:aws:sts::210987654321:assumed-role/Ops/jane".to_owned();
        AssumedRoleUser { assumed_role_id: "AROA:jane".to_owned(), arn }
    }

    fn home(directory: &std::path::Path) -> Environment {
        Environment::new([("HOME", directory.to_str().unwrap())])
    }

    #[test]
    fn files_are_named_as_the_aws_cli_names_them() {
        let full = Role { external_id: Some("x-1".into()), session_name: Some("jane".into()), seconds: Some(7_200), ..role() };

        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/sign-in.json")).unwrap();
        let known: Vec<&str> =
            vectors["assume_role_files"].as_array().unwrap().iter().map(|own| own["json"].as_str().unwrap()).collect();
        for role in [Role { serial: None, ..role() }, role(), full] {
            assert!(known.contains(&key(&role).as_str()), "{}", key(&role));
        }
    }

    #[tokio::test]
    async fn what_a_code_gave_is_found_by_the_next_process_and_not_what_ends_soon_or_is_another_roles() {
        let directory = tempfile::tempdir().unwrap();
        let kept = |is_shared| KeptRoles::new(&RoleCache::new(is_shared), &home(directory.path()));
        kept(true).keep(&role(), &credentials(3_600), Some(user())).await;

        let found = kept(true).find(&role()).await.unwrap();

        assert_eq!((found.access_key_id(), found.session_token()), ("ASIA1", Some("token")));
        let path = directory.path().join(".aws/cli/cache/ce3e12e3eb981717762e532f6607e0fceecf7024.json");
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        assert!(kept(false).find(&role()).await.is_none(), "asked to stay in memory");
        kept(true).keep(&role(), &credentials(60), Some(user())).await;
        assert!(kept(true).find(&role()).await.is_none(), "it ends soon");
        let other = AssumedRoleUser { arn: "arn:aws:sts::210987654321:assumed-role/Dev/jane".to_owned(), ..user() };
        kept(true).keep(&role(), &credentials(3_600), Some(other)).await;
        assert!(kept(true).find(&role()).await.is_none(), "another role");
    }

    #[test]
    fn a_code_is_for_its_own_device_and_profile_and_for_one_call() {
        let of = |profile: &str, serial: &str| MfaDevice { profile: profile.into(), serial: serial.into() };
        let code = |digits: &str| digits.parse::<MfaCode>().unwrap();
        let cache = RoleCache::default();
        cache.give(of("ops", "mfa/jane"), code("111111"));
        cache.give(of("dev", "mfa/work"), code("222222"));

        assert_eq!(cache.take_code(&of("ops", "mfa/work")), None);
        assert!(cache.has_code(&of("dev", "mfa/work")));
        assert_eq!(cache.take_code(&of("dev", "mfa/work")), Some(code("222222")));
        assert!(!cache.has_code(&of("dev", "mfa/work")));
        cache.give(of("ops", "mfa/jane"), code("333333"));
        assert_eq!(cache.take_code(&of("ops", "mfa/jane")), Some(code("333333")), "the last that was typed");
    }

    #[tokio::test]
    async fn a_role_of_a_quarter_of_an_hour_is_found_again_while_a_quarter_of_that_is_left() {
        let directory = tempfile::tempdir().unwrap();
        let kept = || KeptRoles::new(&RoleCache::new(true), &home(directory.path()));
        let cases =
            [(Some(900), 890, true), (Some(900), 200, false), (None, 890, false), (None, 950, true), (Some(43_200), 890, false)];
        for (seconds, left, is_found) in cases {
            let role = Role { seconds, ..role() };
            kept().keep(&role, &credentials(left), Some(user())).await;

            assert_eq!(kept().find(&role).await.is_some(), is_found, "{left} of {seconds:?}");
        }
    }

    #[tokio::test]
    async fn files_of_the_aws_cli_are_read_in_each_form_of_its_times() {
        for time in ["2099-11-28T10:32:24+00:00", "2099-11-28T10:32:24Z", "2099-11-28T10:32:24UTC"] {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join(".aws/cli/cache/ce3e12e3eb981717762e532f6607e0fceecf7024.json");
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let text = format!(
                r#"{{"Credentials":{{"AccessKeyId":"A","SecretAccessKey":"S","SessionToken":"T","Expiration":"{time}"}},"ResponseMetadata":{{}}}}"#
            );
            std::fs::write(&path, text).unwrap();

            let found = KeptRoles::new(&RoleCache::default(), &home(directory.path())).find(&role()).await;

            assert_eq!(found.map(|own| own.access_key_id().to_owned()).as_deref(), Some("A"), "{time}");
        }
    }
}
