//! Takes the roles of a profile, one with the credentials of the other, beginning with those that its base gives.

use std::fmt;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_config::profile::Profile as Section;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
use aws_sdk_sts as sts;

use super::files::written;
use super::profile_kind::{gives_keys, takes_its_own_role};
use super::role_cache::{AssumedRoleUser, KeptRoles};
use crate::model::MfaCode;

/// One role, as its section describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// The profile that names it.
    pub(super) profile: String,
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) seconds: Option<i32>,
    /// The MFA device whose code it wants.
    pub(super) serial: Option<String>,
}

/// Nobody has typed the code that a role wants.
#[derive(Debug, thiserror::Error)]
#[error("a code is wanted")]
pub(super) struct CodeWanted {
    pub(super) profile: String,
    pub(super) device: String,
}

/// The roles of a lineage, in the order in which they are taken.
pub(super) fn roles(lineage: &[&Section]) -> Vec<Role> {
    let is_taken = |at: usize, section: &Section| {
        let is_base = at + 1 == lineage.len();
        !gives_keys(at, section) && (!is_base || takes_its_own_role(section))
    };
    let taken = lineage.iter().enumerate().rev().filter(|(at, section)| is_taken(*at, section));
    taken.filter_map(|(_, section)| Role::of(section)).collect()
}

impl Role {
    fn of(section: &Section) -> Option<Self> {
        let text = |key: &str| section.get(key).map(str::to_owned);
        Some(Self {
            profile: written(section.name()).into_owned(),
            serial: text("mfa_serial").filter(|serial| !serial.trim().is_empty()),
            arn: text("role_arn")?,
            external_id: text("external_id"),
            session_name: text("role_session_name"),
            // As in the AWS CLI, what is no number is no wish.
            seconds: section.get("duration_seconds").and_then(|seconds| seconds.trim().parse().ok()),
        })
    }
}

/// Whatever gives the first credentials, and the roles that are taken from there.
pub(super) struct RoleChain {
    base: SharedCredentialsProvider,
    roles: Vec<Role>,
    /// For STS, without credentials.
    config: SdkConfig,
    kept: KeptRoles,
}

impl RoleChain {
    pub(super) fn new(base: SharedCredentialsProvider, roles: Vec<Role>, config: SdkConfig, kept: KeptRoles) -> Self {
        Self { base, roles, config, kept }
    }

    async fn credentials(&self) -> Result {
        let mut credentials = self.base.provide_credentials().await?;
        for role in &self.roles {
            credentials = self.taken(role, credentials).await?;
        }
        Ok(credentials)
    }

    /// A role that wants a code is taken once and kept; the code is used up by that, right or wrong.
    async fn taken(&self, role: &Role, with: Credentials) -> Result {
        let Some(device) = &role.serial else { return Ok(self.asked_for(role, with, None).await?.0) };
        if let Some(kept) = self.kept.find(role).await {
            return Ok(kept);
        }
        let wanted = || CodeWanted { profile: role.profile.clone(), device: device.clone() };
        let code = self.kept.cache().take_code().ok_or_else(|| CredentialsError::provider_error(wanted()))?;
        let (given, user) = self.asked_for(role, with, Some((device, &code))).await?;
        self.kept.keep(role, &given, user).await;
        Ok(given)
    }

    async fn asked_for(
        &self,
        role: &Role,
        with: Credentials,
        code: Option<(&String, &MfaCode)>,
    ) -> std::result::Result<(Credentials, Option<AssumedRoleUser>), CredentialsError> {
        let config = self.config.to_builder().credentials_provider(SharedCredentialsProvider::new(with)).build();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let name = role.session_name.clone().unwrap_or_else(|| format!("ec2dash-{}", now.as_millis()));
        tracing::debug!(action = "sts:AssumeRole", role = role.arn.as_str(), "call");
        let request = sts::Client::new(&config).assume_role().role_arn(&role.arn).role_session_name(name);
        let request = request.set_external_id(role.external_id.clone()).set_duration_seconds(role.seconds);
        let request = request.set_serial_number(code.map(|(device, _)| device.clone()));
        let request = request.set_token_code(code.map(|(_, code)| code.as_str().to_owned()));
        let answer = request.send().await.map_err(CredentialsError::provider_error)?;
        let account = answer.assumed_role_user().and_then(|user| user.arn().split(':').nth(4)).map(str::to_owned);
        let user = answer
            .assumed_role_user()
            .map(|user| AssumedRoleUser { assumed_role_id: user.assumed_role_id().to_owned(), arn: user.arn().to_owned() });
        let given = answer.credentials.ok_or_else(|| CredentialsError::unhandled("STS gave no credentials"))?;
        let expiry = SystemTime::try_from(given.expiration).map_err(CredentialsError::unhandled)?;
        let mut builder = Credentials::builder()
            .access_key_id(given.access_key_id)
            .secret_access_key(given.secret_access_key)
            .session_token(given.session_token)
            .expiry(expiry)
            .provider_name("AssumeRole");
        builder.set_account_id(account.map(Into::into));
        Ok((builder.build(), user))
    }
}

impl fmt::Debug for RoleChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleChain").field("roles", &self.roles.len()).finish_non_exhaustive()
    }
}

impl ProvideCredentials for RoleChain {
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
    async fn roles_are_taken_from_the_base_upwards_and_none_beside_keys_that_give_the_first() {
        let config = "[profile a]\nrole_arn = A\nsource_profile = b\nexternal_id = x\nduration_seconds = 900\n[profile b]\nrole_arn = B\nsource_profile = c\nduration_seconds = long\n[profile c]\nrole_arn = C\nsource_profile = d\naws_access_key_id = A\naws_secret_access_key = B\n[profile self]\nrole_arn = S\nsource_profile = self\nsso_session = s\n[profile metadata]\nrole_arn = M\ncredential_source = Ec2InstanceMetadata\n";
        let home = home(config, "", &[]);
        let files = Files::read(&home.environment, "default").await.unwrap();
        let arns =
            |name: &str| -> Vec<String> { roles(&lineage(&files, name).unwrap()).into_iter().map(|role| role.arn).collect() };

        assert_eq!(arns("a"), ["B", "A"]);
        assert_eq!(arns("self"), ["S"]);
        assert_eq!(arns("metadata"), [""; 0], "its base takes it");
        let roles = roles(&lineage(&files, "a").unwrap());
        assert_eq!(roles.iter().map(|role| role.seconds).collect::<Vec<_>>(), [None, Some(900)]);
        assert_eq!(roles.last().unwrap().external_id.as_deref(), Some("x"));
    }
}
