//! What gives the credentials of a profile: ourselves where the SDK would not do it as we want it, else the SDK.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::profile::{Profile as Section, ProfileFileCredentialsProvider};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;

use super::Error;
use super::credential_process::CredentialProcess;
use super::files::{bad_files, written};
use super::keyring::LONGEST;
use super::profile_kind::{ProfileKind, base_kind};
use super::role::roles;
use super::role_cache::KeptRoles;
use super::role_chain::RoleChain;
use super::sign_in::{RoleOfSession, SsoAccess};
use super::user_session::{SessionOfUser, UserSession};
use crate::model::Untrusted;

/// What we get of a profile ourselves; `None`: the SDK's chain does. `sso`: the session that its base belongs to.
pub(super) fn of_lineage(
    lineage: &[&Section],
    sso: Option<&Arc<SsoAccess>>,
    of_roles: SdkConfig,
    kept: KeptRoles,
) -> Result<Option<SharedCredentialsProvider>, Error> {
    let Some(own) = lineage.last() else { return Ok(None) };
    if let Some(session) = UserSession::of_lineage(lineage) {
        let provider = SessionOfUser { session, keys: keys(own), config: of_roles, kept };
        return Ok(Some(SharedCredentialsProvider::new(provider)));
    }
    let base = match (base_kind(lineage), sso) {
        (ProfileKind::Process, _) => {
            let line = own.get("credential_process").unwrap_or_default();
            SharedCredentialsProvider::new(CredentialProcess::new(line, own.get("aws_account_id"), LONGEST))
        }
        (ProfileKind::Sso, Some(access)) => SharedCredentialsProvider::new(role_of_session(own, access)?),
        (ProfileKind::Keys, _) if !roles(lineage).is_empty() => SharedCredentialsProvider::new(keys(own)),
        _ => return Ok(None),
    };
    Ok(Some(match roles(lineage) {
        roles if roles.is_empty() => base,
        roles => SharedCredentialsProvider::new(RoleChain::new(base, roles, of_roles, kept)),
    }))
}

fn role_of_session(own: &Section, access: &Arc<SsoAccess>) -> Result<RoleOfSession, Error> {
    let value = |key: &str| {
        let missing =
            || bad_files(format!("profile {} has no {key}", Untrusted::from(written(own.name()).as_ref()).shown_in(60)));
        own.get(key).map(str::to_owned).ok_or_else(missing)
    };
    Ok(RoleOfSession { access: Arc::clone(access), account: value("sso_account_id")?, role: value("sso_role_name")? })
}

/// Keys that others are got with.
fn keys(own: &Section) -> Credentials {
    let text = |key: &str| own.get(key).map(str::to_owned);
    let (id, secret) = (text("aws_access_key_id").unwrap_or_default(), text("aws_secret_access_key").unwrap_or_default());
    Credentials::new(id, secret, text("aws_session_token"), None, "Profile")
}

/// What the SDK makes of a profile.
pub(super) fn of_sdk(profile: &str, sources: &EnvConfigFiles, config: &ProviderConfig) -> SharedCredentialsProvider {
    let provider = ProfileFileCredentialsProvider::builder().configure(config).profile_name(profile);
    SharedCredentialsProvider::new(provider.profile_files(sources.clone()).build())
}
