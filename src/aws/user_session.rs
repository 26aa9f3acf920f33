//! A user's own temporary credentials, got with the access keys and the code of an MFA device.

use std::fmt;

use aws_config::SdkConfig;
use aws_config::profile::Profile as Section;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
use aws_sdk_sts as sts;

use super::files::written;
use super::profile_kind::{ProfileKind, kind};
use super::role_cache::KeptRoles;
use super::role_chain::{CodeWanted, RefusedWithCode, translated};
use crate::model::MfaDevice;

/// What a profile with keys and `mfa_serial` is used by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UserSession {
    /// Whose code is shown.
    pub(super) device: MfaDevice,
    /// The id of the keys; two profiles with the same are one user.
    key_id: String,
    /// How long it is to last; `None`: as long as AWS gives it.
    pub(super) seconds: Option<i32>,
}

impl UserSession {
    /// Of a profile that is used by its own keys. Where a role is taken with them, the role says what it wants; keys with a session
    /// token are somebody's session already.
    pub(super) fn of_lineage(lineage: &[&Section]) -> Option<Self> {
        let [own] = lineage else { return None };
        let text = |key: &str| own.get(key).map(str::trim).filter(|text| !text.is_empty());
        let is_session = text("aws_session_token").is_some();
        if kind(own) != ProfileKind::Keys || is_session {
            return None;
        }
        let device = MfaDevice { profile: written(own.name()).as_ref().into(), serial: text("mfa_serial")?.into() };
        let key_id = text("aws_access_key_id")?.to_owned();
        text("aws_secret_access_key")?;
        let seconds = text("duration_seconds").and_then(|seconds| seconds.parse().ok());
        Some(Self { device, key_id, seconds })
    }

    /// What it is kept under.
    pub(super) fn key(&self) -> String {
        format!("session {} {}", self.key_id, self.device.serial.raw())
    }
}

/// Shows the code once, and gives what came of it as long as that lasts.
pub(super) struct SessionOfUser {
    pub(super) session: UserSession,
    pub(super) keys: Credentials,
    /// For STS, without credentials.
    pub(super) config: SdkConfig,
    pub(super) kept: KeptRoles,
}

impl SessionOfUser {
    /// The code is used up by this, right or wrong.
    async fn credentials(&self) -> Result {
        let UserSession { device, seconds, .. } = &self.session;
        if let Some(kept) = self.kept.find_session(&self.session.key(), *seconds) {
            return Ok(kept);
        }
        let wanted = || CodeWanted { device: device.clone(), is_kept: false };
        let code = self.kept.cache().take_code(device).ok_or_else(|| CredentialsError::provider_error(wanted()))?;
        let config = self.config.to_builder().credentials_provider(SharedCredentialsProvider::new(self.keys.clone())).build();
        tracing::debug!(action = "sts:GetSessionToken", "call");
        let request = sts::Client::new(&config).get_session_token().serial_number(device.serial.raw());
        let answer = request.token_code(code.as_str()).set_duration_seconds(*seconds).send().await;
        let refused = |error| RefusedWithCode { device: device.clone(), refusal: CredentialsError::provider_error(error) };
        let answer = answer.map_err(|error| CredentialsError::provider_error(refused(error)))?;
        let given = answer.credentials.ok_or_else(|| CredentialsError::unhandled("STS gave no credentials"))?;
        let given = translated(given, "GetSessionToken", None)?;
        self.kept.keep_session(self.session.key(), &given);
        Ok(given)
    }
}

impl fmt::Debug for SessionOfUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionOfUser").finish_non_exhaustive()
    }
}

impl ProvideCredentials for SessionOfUser {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.credentials())
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::super::files::tests::home;
    use super::super::profiles::lineage;
    use super::*;

    #[tokio::test]
    async fn only_long_term_keys_of_the_profile_itself_with_a_device_are_a_users_session() {
        let keys = "aws_access_key_id = A\naws_secret_access_key = B\n";
        let device = "mfa_serial = d\n";
        let config = format!(
            "[profile user]\n{keys}{device}duration_seconds = 900\n[profile plain]\n{keys}[profile session]\n{keys}{device}aws_session_token = t\n[profile role]\nrole_arn = r\nsource_profile = user\n[profile program]\ncredential_process = p\n{device}"
        );
        let home = home(&config, "", &[]);
        let files = Files::read(&home.environment, "default").await.unwrap();
        let session = |name: &str| UserSession::of_lineage(&lineage(&files, name).unwrap());

        let user = session("user").unwrap();
        assert_eq!((user.device.profile.raw(), user.device.serial.raw(), user.seconds), ("user", "d", Some(900)));
        let others = UserSession { device: MfaDevice { serial: "e".into(), ..user.device.clone() }, ..user.clone() };
        let with_other_keys = UserSession { key_id: "C".to_owned(), ..user.clone() };
        let keys = std::collections::BTreeSet::from([user.key(), others.key(), with_other_keys.key()]);
        assert_eq!(keys.len(), 3, "none is taken for another: {keys:?}");
        for other in ["plain", "session", "role", "program"] {
            assert_eq!(session(other), None, "{other}");
        }
    }
}
