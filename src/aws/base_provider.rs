//! What gives the credentials of a profile: ourselves where the SDK would not do it as we want it, else the SDK.

use aws_config::SdkConfig;
use aws_config::profile::{Profile as Section, ProfileFileCredentialsProvider};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;

use super::credential_process::CredentialProcess;
use super::keyring::LONGEST;
use super::profile_kind::{ProfileKind, base_kind};
use super::role_chain::{RoleChain, roles};

/// What we get of a profile ourselves; `None`: the SDK's chain does.
pub(super) fn of_lineage(lineage: &[&Section], of_roles: SdkConfig) -> Option<SharedCredentialsProvider> {
    let own = lineage.last()?;
    let base = match base_kind(lineage) {
        ProfileKind::Process => {
            let line = own.get("credential_process")?;
            SharedCredentialsProvider::new(CredentialProcess::new(line, own.get("aws_account_id"), LONGEST))
        }
        _ => return None,
    };
    Some(match roles(lineage) {
        roles if roles.is_empty() => base,
        roles => SharedCredentialsProvider::new(RoleChain::new(base, roles, of_roles)),
    })
}

/// What the SDK makes of a profile.
pub(super) fn of_sdk(profile: &str, sources: &EnvConfigFiles, config: &ProviderConfig) -> SharedCredentialsProvider {
    let provider = ProfileFileCredentialsProvider::builder().configure(config).profile_name(profile);
    SharedCredentialsProvider::new(provider.profile_files(sources.clone()).build())
}
