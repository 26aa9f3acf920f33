//! The accounts and roles that a session gives to who is signed in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use tokio::time::Instant;

use super::identity_center::IdentityCenter;
use super::loss::Loss;
use super::token::Token;
use crate::aws::Error;
use crate::aws::failure::{Bearer, FailedCall, of_call, of_loss};
use crate::aws::profile_kind::ProfileKind;
use crate::aws::proxies;
use crate::model::{AccountId, SsoAccount, Untrusted};

impl IdentityCenter {
    /// What tells what this session gives from what another one of the same name would.
    pub fn mark(&self) -> String {
        let session = self.session();
        format!("{} {} {} {}", session.key(), session.start_url, session.region, self.portal_host)
    }

    /// Every account, by name without case; those without a name last. Their roles are not asked for.
    pub async fn accounts(&self) -> Result<Vec<SsoAccount>, Error> {
        let portal = &self.access.portal;
        let told = self.asked("sso:ListAccounts", |token: Arc<Token>| async move { portal.accounts(&token).await }).await?;
        // An account that changes its page while they are turned comes twice.
        let mut accounts = BTreeMap::new();
        for account in told {
            let Some(id) = account.account_id.as_deref().and_then(|id| id.parse::<AccountId>().ok()) else { continue };
            let name = account.account_name.filter(|name| !name.trim().is_empty()).map(Untrusted::from);
            accounts.insert(id.clone(), SsoAccount { id, name, roles: Vec::new() });
        }
        let mut accounts: Vec<SsoAccount> = accounts.into_values().collect();
        let key = |account: &SsoAccount| (account.name.is_none(), account.name.as_ref().map(|name| name.raw().to_lowercase()));
        accounts.sort_by_cached_key(key);
        Ok(accounts)
    }

    /// The names of the roles in an account, in order. An account that is no longer assigned has none.
    pub async fn roles(&self, account: &AccountId) -> Result<Vec<String>, Error> {
        let portal = &self.access.portal;
        let id = account.as_str();
        let told = self.asked("sso:ListAccountRoles", |token: Arc<Token>| async move {
            match portal.roles(&token, id).await {
                Err(error) if matches!(error.code(), Some("ForbiddenException" | "ResourceNotFoundException")) => Ok(Vec::new()),
                told => told,
            }
        });
        let mut roles: Vec<String> = told.await?.into_iter().filter_map(|role| role.role_name).collect();
        roles.sort_unstable();
        roles.dedup();
        Ok(roles)
    }

    /// Ask the portal with the sign-in at hand, and with a newer one if that is not taken.
    async fn asked<T, E, C>(&self, action: &'static str, call: impl Fn(Arc<Token>) -> C) -> Result<T, Error>
    where
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let begun = Instant::now();
        let lost = |loss: Loss| of_loss(&loss, self.bearer(), |action| self.failed(action, begun), SystemTime::now());
        let token = self.access.tokens.token().await.map_err(lost)?;
        let is_refused = |answer: &Result<T, _>| matches!(answer, Err(error) if is_unauthorized(error));
        let mut answer = call(Arc::clone(&token)).await;
        if is_refused(&answer) {
            let newer = self.access.tokens.after_refusal(&token).await.map_err(lost)?;
            answer = call(newer).await;
        }
        if is_refused(&answer) {
            return Err(lost(Loss::Revoked));
        }
        answer.map_err(|error| of_call(&error, self.failed(action, begun), SystemTime::now()))
    }

    fn bearer(&self) -> Bearer<'_> {
        Bearer {
            profile: self.profile.raw(),
            base: self.profile.raw(),
            kind: ProfileKind::Sso,
            session: Some(self.session()),
            host: &self.portal_host,
            region: self.session().region.as_str(),
        }
    }

    fn failed(&self, action: &'static str, begun: Instant) -> FailedCall<'_> {
        FailedCall {
            action,
            region: self.session().region.as_str(),
            host: &self.portal_host,
            proxy: proxies::on_the_way_to(&self.portal_host),
            after: begun.elapsed(),
            profile: self.profile.raw(),
        }
    }
}

fn is_unauthorized<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    error.code() == Some("UnauthorizedException")
}
