//! What all profiles of one session share: its token, its portal, and the credentials that the portal gave.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use jiff::Timestamp;
use tokio::sync::Mutex as AsyncMutex;

use super::cache::{Cache, FileName, Stamp};
use super::loss::Loss;
use super::oidc::Oidc;
use super::portal::Portal;
use super::sso_session::SsoSession;
use super::token::Token;
use super::token_source::TokenSource;
use crate::aws::Environment;
use crate::aws::client_config::at;
use crate::aws::endpoints::{Endpoints, Service};
use crate::aws::http::Http;
use crate::aws::locked::locked;

/// Credentials with less time left are asked for anew: a keyring asks for newer ones no sooner.
const MARGIN: Duration = Duration::from_secs(60);

/// How long the end of the program waits for a renewal.
const LONGEST_RENEWAL: Duration = Duration::from_secs(3);

/// Everything that is had with one sign-in.
pub(in crate::aws) struct SsoAccess {
    pub(super) session: SsoSession,
    pub(super) cache: Option<Cache>,
    pub(super) oidc: Oidc,
    pub(super) portal: Portal,
    pub(super) tokens: Arc<TokenSource>,
    roles: Mutex<HashMap<AccountAndRole, Arc<AsyncMutex<Role>>>>,
}

/// By what a role is asked for.
type AccountAndRole = (String, String);

/// What the portal said of a role.
#[derive(Default)]
struct Role {
    credentials: Option<Credentials>,
    /// The sign-in that it is not assigned to.
    refused: Option<Arc<Token>>,
}

/// What makes two accesses one.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    session: SsoSession,
    cache: Option<Cache>,
    oidc: Option<String>,
    portal: Option<String>,
}

/// Those in use in this process: however many profiles and regions are open, a session is renewed once and its portal asked at one
/// pace.
static IN_USE: LazyLock<Mutex<HashMap<Key, Weak<SsoAccess>>>> = LazyLock::new(Mutex::default);

/// Every renewal that is under way is over: a program that ended before it wrote one down would have signed its user out.
pub async fn settled() {
    let in_use: Vec<_> = locked(&IN_USE).values().filter_map(Weak::upgrade).collect();
    let all = async {
        for access in in_use {
            access.tokens.settled().await;
        }
    };
    let _ = tokio::time::timeout(LONGEST_RENEWAL, all).await;
}

impl SsoAccess {
    /// The one of this session. `plain`: the settings of all clients, without credentials.
    pub(in crate::aws) fn shared(
        session: SsoSession,
        environment: &Environment,
        plain: &SdkConfig,
        endpoints: &Endpoints,
        http: &Http,
    ) -> Arc<Self> {
        let region = aws_config::Region::new(session.region.to_string());
        let config = |service| at(plain, endpoints, http, &region, service);
        let (oidc, portal) = (config(Service::SsoOidc), config(Service::Sso));
        let url = |config: &SdkConfig| config.endpoint_url().map(str::to_owned);
        let cache = Cache::of(environment);
        let key = Key { session: session.clone(), cache: cache.clone(), oidc: url(&oidc), portal: url(&portal) };
        let mut in_use = locked(&IN_USE);
        in_use.retain(|_, access| access.strong_count() > 0);
        if let Some(known) = in_use.get(&key).and_then(Weak::upgrade) {
            return known;
        }
        let oidc = Oidc::new(&oidc, endpoints.host(Service::SsoOidc, &session.region));
        let access = Arc::new(Self {
            tokens: Arc::new(TokenSource::new(session.clone(), cache.clone(), oidc.clone())),
            portal: Portal::new(&portal),
            roles: Mutex::default(),
            session,
            cache,
            oidc,
        });
        in_use.insert(key, Arc::downgrade(&access));
        access
    }

    /// What this is of.
    pub(in crate::aws) fn session(&self) -> &SsoSession {
        &self.session
    }

    /// Whether others may read the sign-in: its file, then.
    pub(in crate::aws) fn seen_by_others(&self) -> Option<PathBuf> {
        let (cache, name) = (self.cache.as_ref()?, FileName::of(self.session.key()));
        cache.is_seen_by_others(&name).then(|| cache.path(&name))
    }

    /// Where the sign-in is written down.
    pub(in crate::aws) fn file(&self) -> Option<SignInFile> {
        self.cache.clone().map(|cache| SignInFile { cache, name: FileName::of(self.session.key()) })
    }

    /// Ask the portal anew for credentials from now on.
    pub(in crate::aws) fn forget_roles(&self) {
        locked(&self.roles).clear();
    }

    /// When the sign-in ends, if no renewal will put that off.
    pub(in crate::aws) async fn ends(&self) -> Option<Timestamp> {
        self.tokens.ends().await
    }

    /// The credentials of a role: those at hand, or new ones.
    async fn role_credentials(&self, account: &str, role: &str) -> Result<Credentials, Loss> {
        let slot = Arc::clone(locked(&self.roles).entry((account.to_owned(), role.to_owned())).or_default());
        // Held while the portal is asked, so that it is asked once for all that wait.
        let mut kept = slot.lock().await;
        let lasts = |own: &&Credentials| own.expiry().is_none_or(|end| end > SystemTime::now() + MARGIN);
        if let Some(credentials) = kept.credentials.as_ref().filter(lasts) {
            return Ok(credentials.clone());
        }
        let not_assigned = || Loss::NotAssigned { role: role.to_owned(), account: account.to_owned() };
        let token = self.tokens.token().await?;
        if kept.refused.as_ref().is_some_and(|refused| refused.access == token.access) {
            return Err(not_assigned());
        }
        let mut answer = self.portal.credentials(&token, account, role).await;
        let mut used = token;
        if matches!(&answer, Err(error) if error.code() == Some("UnauthorizedException")) {
            used = self.tokens.after_refusal(&used).await?;
            answer = self.portal.credentials(&used, account, role).await;
        }
        match answer {
            Ok(credentials) => Ok(kept.credentials.insert(credentials).clone()),
            Err(error) => Err(match error.code() {
                Some("UnauthorizedException") => Loss::Revoked,
                Some("ForbiddenException" | "ResourceNotFoundException") => {
                    kept.refused = Some(used);
                    not_assigned()
                }
                _ => Loss::NotGiven(Arc::new(error)),
            }),
        }
    }
}

impl fmt::Debug for SsoAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SsoAccess").field("session", &self.session).finish_non_exhaustive()
    }
}

/// The file of a sign-in: it changes when somebody signs in, here or elsewhere.
#[derive(Debug, Clone)]
pub struct SignInFile {
    cache: Cache,
    name: FileName,
}

/// What a file was like; another content has another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInStamp(Option<Stamp>);

impl SignInFile {
    /// What it is like now.
    pub fn stamp(&self) -> SignInStamp {
        SignInStamp(self.cache.stamp(&self.name))
    }
}

/// One role of a session, as what gives credentials.
#[derive(Debug)]
pub(in crate::aws) struct RoleOfSession {
    pub(in crate::aws) access: Arc<SsoAccess>,
    pub(in crate::aws) account: String,
    pub(in crate::aws) role: String,
}

impl ProvideCredentials for RoleOfSession {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let given = self.access.role_credentials(&self.account, &self.role).await;
            given.map_err(CredentialsError::provider_error)
        })
    }
}
