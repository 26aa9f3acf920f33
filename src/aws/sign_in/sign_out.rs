//! Ending sign-ins: at the service, on this computer, and what the AWS CLI keeps of their roles.

use std::fs;
use std::path::PathBuf;

use sha1::{Digest as _, Sha1};

use super::access::SsoAccess;
use super::cache::{Cache, FileName, Found};
use super::identity_center::IdentityCenter;
use super::portal::Portal;
use super::registration::quoted;
use super::sso_session::SsoSession;
use super::token::Token;
use crate::aws::client_config::{Settings, at, bundle};
use crate::aws::contents::contents;
use crate::aws::endpoints::{Endpoints, Service};
use crate::aws::files::Files;
use crate::aws::http::Http;
use crate::aws::{Environment, Error, Options};
use crate::model::Untrusted;

/// What became of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    /// Whose it was: a session's name, or a start URL.
    pub session: Untrusted,
    /// Whether AWS heard of it. If not, whoever has a copy of the file may use it on.
    pub is_told: bool,
}

impl IdentityCenter {
    /// End the sign-in of this session. `None`: there was none.
    pub async fn sign_out(&self) -> Result<Option<SignedOut>, Error> {
        let access: &SsoAccess = &self.access;
        let Some(cache) = &access.cache else { return Ok(None) };
        let name = FileName::of(access.session.key());
        let is_told = match cache.read(&name, Token::understood).await {
            Found::Nothing => return Ok(None),
            Found::Damaged => false,
            Found::This(token) => is_told(&access.portal, &token).await,
        };
        remove(cache, &name).await?;
        access.forget_roles();
        let files = Files::read(&self.environment, "default").await?;
        forget_roles_of(&self.environment, &files, &access.session);
        Ok(Some(SignedOut { session: access.session.shown(), is_told }))
    }

    /// End every sign-in of this user on this computer, whichever program made it.
    pub async fn sign_out_of_all(options: &Options) -> Result<Vec<SignedOut>, Error> {
        Self::sign_out_of_all_in(options, &Environment::of_process()).await
    }

    /// As [`IdentityCenter::sign_out_of_all`], with these variables in place of the process's.
    pub async fn sign_out_of_all_in(options: &Options, environment: &Environment) -> Result<Vec<SignedOut>, Error> {
        let Some(cache) = Cache::of(environment) else { return Ok(Vec::new()) };
        let selected = options.profile.as_deref().or_else(|| environment.profile()).unwrap_or("default");
        let files = Files::read(environment, selected).await?;
        let endpoints = Endpoints::find(environment, &files.sections, &[Service::Sso])?;
        let http = Http::new(bundle(environment, &files.sections), endpoints.leave_this_computer())?;
        let plain = Settings::new(options, environment, &files.sections).of_clients(options.version);
        let mut ended = Vec::new();
        for name in cache.all().await {
            let Found::This(token) = cache.read(&name, Token::understood).await else { continue };
            let is_told = match token.text("region").and_then(|region| region.parse::<crate::model::Region>().ok()) {
                Some(region) => {
                    let region = aws_config::Region::new(region.to_string());
                    is_told(&Portal::new(&at(&plain, &endpoints, &http, &region, Service::Sso)), &token).await
                }
                None => false,
            };
            remove(&cache, &name).await?;
            ended.push(SignedOut { session: token.text("startUrl").unwrap_or_default().into(), is_told });
        }
        forget_all_roles(environment);
        Ok(ended)
    }
}

/// A token that the portal does not take has ended.
async fn is_told(portal: &Portal, token: &Token) -> bool {
    match portal.log_out(token).await {
        Ok(()) => true,
        Err(error) => {
            error.raw_response().is_some_and(|answer| answer.status().is_client_error() && answer.status().as_u16() != 429)
        }
    }
}

async fn remove(cache: &Cache, name: &FileName) -> Result<(), Error> {
    let _lock = cache.lock(name).await;
    cache.remove(name).await.map_err(|error| Error::SignInNotKept {
        path: cache.path(name).to_string_lossy().into_owned().into(),
        cause: error.to_string().into(),
    })
}

fn cli_cache(environment: &Environment) -> Option<PathBuf> {
    environment.under_home(".aws/cli/cache")
}

/// What the AWS CLI keeps of the roles that profiles take in a session.
fn forget_roles_of(environment: &Environment, files: &Files, session: &SsoSession) {
    let Some(directory) = cli_cache(environment) else { return };
    let sections = files.sections.profiles().filter_map(|name| files.sections.get_profile(name));
    let of_session = sections.filter(|section| SsoSession::of_section(&files.sections, section).as_ref() == Ok(session));
    for section in of_session {
        if let (Some(account), Some(role)) = (section.get("sso_account_id"), section.get("sso_role_name")) {
            let _ = fs::remove_file(directory.join(format!("{}.json", role_file(session, account, role))));
        }
    }
}

/// The AWS CLI's name for the credentials of a role.
fn role_file(session: &SsoSession, account: &str, role: &str) -> String {
    let (key, value) = match &session.name {
        Some(name) => ("sessionName", name),
        None => ("startUrl", &session.start_url),
    };
    let json = format!(r#"{{"accountId":{},"roleName":{},"{key}":{}}}"#, quoted(account), quoted(role), quoted(value));
    Sha1::digest(json.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What the AWS CLI keeps of roles of any session.
fn forget_all_roles(environment: &Environment) {
    let entries = cli_cache(environment).and_then(|directory| fs::read_dir(directory).ok());
    for path in entries.into_iter().flatten().flatten().map(|entry| entry.path()) {
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let is_sso = |bytes: Vec<u8>| {
            let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
            value.get("ProviderType").and_then(serde_json::Value::as_str) == Some("sso")
        };
        if is_json && contents(&path).is_ok_and(is_sso) {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tests::vectors;
    use super::*;

    #[test]
    fn the_aws_clis_files_of_roles_are_found_by_their_names() {
        let session = SsoSession::named("corp", "https://d-1234567890.awsapps.com/start", "eu-central-1".parse().unwrap());
        let legacy = SsoSession { name: None, ..session.clone() };
        let vectors = vectors();
        let known: Vec<&str> =
            vectors["role_credential_files"].as_array().unwrap().iter().map(|vector| vector["sha1"].as_str().unwrap()).collect();

        let ours = [&session, &legacy].map(|session| role_file(session, "123456789012", "Admin"));

        assert_eq!(ours.as_slice(), known.as_slice());
    }
}
