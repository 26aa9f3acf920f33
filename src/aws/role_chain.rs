//! Takes the roles of a profile, one with the credentials of the other, beginning with those that its base gives.

use std::fmt;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
use aws_sdk_sts as sts;

use super::role::Role;
use super::role_cache::{AssumedRoleUser, KeptRoles};
use crate::model::{MfaCode, MfaDevice};

/// Nobody has typed the code that a call wants.
#[derive(Debug, thiserror::Error)]
#[error("a code is wanted")]
pub(super) struct CodeWanted {
    pub(super) device: MfaDevice,
    /// Whether what it gives outlives us.
    pub(super) is_kept: bool,
}

/// A call that showed the code of this device was refused.
#[derive(Debug, thiserror::Error)]
#[error("a call with a code was refused")]
pub(super) struct RefusedWithCode {
    pub(super) device: MfaDevice,
    #[source]
    pub(super) refusal: CredentialsError,
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
        let Some(device) = role.device() else { return Ok(self.asked_for(role, with, None).await?.0) };
        if let Some(kept) = self.kept.find(role).await {
            return Ok(kept);
        }
        let wanted = || CodeWanted { device: device.clone(), is_kept: true };
        let code = self.kept.cache().take_code(&device).ok_or_else(|| CredentialsError::provider_error(wanted()))?;
        let refused = |refusal| CredentialsError::provider_error(RefusedWithCode { device: device.clone(), refusal });
        let (given, user) = self.asked_for(role, with, Some(&code)).await.map_err(refused)?;
        self.kept.keep(role, &given, user).await;
        Ok(given)
    }

    async fn asked_for(
        &self,
        role: &Role,
        with: Credentials,
        code: Option<&MfaCode>,
    ) -> std::result::Result<(Credentials, Option<AssumedRoleUser>), CredentialsError> {
        let config = self.config.to_builder().credentials_provider(SharedCredentialsProvider::new(with)).build();
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let name = role.session_name.clone().unwrap_or_else(|| format!("ec2dash-{}", now.as_millis()));
        tracing::debug!(action = "sts:AssumeRole", role = role.arn.as_str(), "call");
        let request = sts::Client::new(&config).assume_role().role_arn(&role.arn).role_session_name(name);
        let request = request.set_external_id(role.external_id.clone()).set_duration_seconds(role.seconds);
        let request = request.set_serial_number(role.serial.clone().filter(|_| code.is_some()));
        let request = request.set_token_code(code.map(|code| code.as_str().to_owned()));
        let answer = request.send().await.map_err(CredentialsError::provider_error)?;
        let account = answer.assumed_role_user().and_then(|user| user.arn().split(':').nth(4)).map(str::to_owned);
        let user = answer
            .assumed_role_user()
            .map(|user| AssumedRoleUser { assumed_role_id: user.assumed_role_id().to_owned(), arn: user.arn().to_owned() });
        let given = answer.credentials.ok_or_else(|| CredentialsError::unhandled("STS gave no credentials"))?;
        Ok((translated(given, "AssumeRole", account)?, user))
    }
}

/// What STS gave, as the SDK signs with it.
pub(super) fn translated(given: sts::types::Credentials, from: &'static str, account: Option<String>) -> Result {
    let expiry = SystemTime::try_from(given.expiration).map_err(CredentialsError::unhandled)?;
    let mut builder = Credentials::builder()
        .access_key_id(given.access_key_id)
        .secret_access_key(given.secret_access_key)
        .session_token(given.session_token)
        .expiry(expiry)
        .provider_name(from);
    builder.set_account_id(account.map(Into::into));
    Ok(builder.build())
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
