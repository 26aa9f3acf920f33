//! The credentials of one profile: found by the SDK's chain, kept here, and forgotten when they may have changed.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use tokio::sync::Mutex;

use super::Environment;
use super::sdk_files::{self, SdkFile};

/// How long credentials may take: a program may wait for a touch of a key.
pub(super) const LONGEST: Duration = Duration::from_secs(60);
/// Credentials that end sooner are fetched anew.
const MARGIN: Duration = Duration::from_secs(60);

const WEB_IDENTITY: [&str; 1] = ["AWS_WEB_IDENTITY_TOKEN_FILE"];
const CONTAINER: [&str; 2] = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
/// How long a failure stands for calls that come after it: those of one refresh do not all begin in the same instant.
const FAILURE_STANDS: Duration = Duration::from_secs(1);

/// What was given as new had ended already: AWS would say so of every call.
#[derive(Debug, thiserror::Error)]
#[error("the credentials had ended when they came")]
pub(super) struct HaveEnded;

/// Why there are no credentials.
#[derive(Debug)]
pub(super) struct NotGiven {
    pub(super) error: CredentialsError,
    /// How long they were waited for.
    pub(super) after: Duration,
}

/// The one cache of a profile's credentials; the SDK's own is off. A failure is that of every call that waited for it, and of
/// those that follow at once; a call after that asks again.
#[derive(Debug)]
pub(super) struct Keyring {
    chain: CredentialsProviderChain,
    /// What the chain opens itself.
    files: Vec<SdkFile>,
    // Held while the chain works, so that calls in parallel make it work once. A dropped call lets go of it.
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    credentials: Option<Credentials>,
    /// The last failure and when it was.
    failure: Option<(Instant, Arc<NotGiven>)>,
}

impl Keyring {
    pub(super) fn new(chain: CredentialsProviderChain, files: Vec<SdkFile>) -> Self {
        Self { chain, files, kept: Mutex::default() }
    }

    /// Whether the last try failed so long ago that the next one should read the files anew first.
    pub(super) fn is_stale(&self, now: Instant) -> bool {
        // Held while somebody asks: then it is not stale.
        let Ok(kept) = self.kept.try_lock() else { return false };
        kept.failure.as_ref().is_some_and(|(at, _)| *at + FAILURE_STANDS <= now)
    }

    /// Credentials that hold for a while.
    pub(super) async fn ready(&self) -> Result<Credentials, Arc<NotGiven>> {
        self.ready_for(Instant::now()).await
    }

    /// The same for a call that asked at `asked`.
    async fn ready_for(&self, asked: Instant) -> Result<Credentials, Arc<NotGiven>> {
        let mut kept = self.kept.lock().await;
        let lasts = |credentials: &&Credentials, margin| !ends_before(credentials, SystemTime::now() + margin);
        if let Some(credentials) = kept.credentials.as_ref().filter(|own| lasts(own, MARGIN)) {
            return Ok(credentials.clone());
        }
        if let Some((_, error)) = kept.failure.as_ref().filter(|(at, _)| *at + FAILURE_STANDS > asked) {
            let old = kept.credentials.as_ref().filter(|own| lasts(own, Duration::ZERO));
            return old.cloned().ok_or_else(|| Arc::clone(error));
        }
        let begun = Instant::now();
        let given = async {
            sdk_files::check(&self.files).map_err(CredentialsError::invalid_configuration)?;
            self.chain.provide_credentials().await
        };
        let fresh = match tokio::time::timeout(LONGEST, given).await {
            Ok(Ok(fresh)) if ends_before(&fresh, SystemTime::now()) => Err(CredentialsError::provider_error(HaveEnded)),
            Ok(answer) => answer.and_then(usable),
            Err(_) => Err(CredentialsError::provider_timed_out(LONGEST)),
        };
        match fresh {
            Ok(fresh) => {
                kept.failure = None;
                Ok(kept.credentials.insert(fresh).clone())
            }
            Err(error) => {
                let error = Arc::new(NotGiven { error, after: begun.elapsed() });
                kept.failure = Some((Instant::now(), Arc::clone(&error)));
                let old = kept.credentials.as_ref().filter(|own| lasts(own, Duration::ZERO));
                old.cloned().ok_or(error)
            }
        }
    }
}

impl ProvideCredentials for Keyring {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { self.ready().await.map_err(|error| of_its_kind(&error)) })
    }
}

/// A shared failure as one of the SDK's, of the same kind.
fn of_its_kind(failure: &Arc<NotGiven>) -> CredentialsError {
    let source = Shared(Arc::clone(failure));
    match &failure.error {
        CredentialsError::CredentialsNotLoaded(_) => CredentialsError::not_loaded(source),
        CredentialsError::ProviderTimedOut(_) => CredentialsError::provider_timed_out(LONGEST),
        CredentialsError::InvalidConfiguration(_) => CredentialsError::invalid_configuration(source),
        CredentialsError::Unhandled(_) => CredentialsError::unhandled(source),
        _ => CredentialsError::provider_error(source),
    }
}

/// A failure that several calls have.
#[derive(Debug)]
struct Shared(Arc<NotGiven>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.error.fmt(f)
    }
}

impl std::error::Error for Shared {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.error.source()
    }
}

/// What a program or a file gives as empty is not given: an empty token would be sent, and refused.
fn usable(credentials: Credentials) -> Result<Credentials, CredentialsError> {
    if credentials.access_key_id().is_empty() || credentials.secret_access_key().is_empty() {
        return Err(CredentialsError::provider_error("the access key or its secret is empty"));
    }
    if credentials.session_token() != Some("") {
        return Ok(credentials);
    }
    let mut whole = Credentials::builder()
        .access_key_id(credentials.access_key_id())
        .secret_access_key(credentials.secret_access_key())
        .provider_name("ec2dash");
    whole.set_expiry(credentials.expiry());
    whole.set_account_id(credentials.account_id().cloned());
    Ok(whole.build())
}

fn ends_before(credentials: &Credentials, time: SystemTime) -> bool {
    credentials.expiry().is_some_and(|expiry| expiry <= time)
}

/// The keys in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
pub(super) fn keys_of(environment: &Environment) -> Option<Credentials> {
    let id = environment.get("AWS_ACCESS_KEY_ID")?;
    let secret = environment.get("AWS_SECRET_ACCESS_KEY")?;
    let token = environment.get("AWS_SESSION_TOKEN").map(str::to_owned);
    Some(Credentials::new(id, secret, token, None, "Environment"))
}

/// Whether a web identity or a container gives credentials.
pub(super) fn has_role_of_environment(environment: &Environment) -> bool {
    is_given(environment, &WEB_IDENTITY) || is_given(environment, &CONTAINER)
}

fn is_given(environment: &Environment, names: &[&str]) -> bool {
    names.iter().any(|name| environment.get(name).is_some())
}

/// Where to look, in order: keys of the environment (unless a profile was asked for), the profile, web identity, container,
/// instance metadata. A profile with credentials of its own (`is_own`) is the last: if it cannot give them, nobody else's are used in
/// its name. Nothing is called before the first [`Keyring::ready`].
pub(super) fn chain(
    environment: &Environment,
    keys: Option<Credentials>,
    profile: SharedCredentialsProvider,
    is_own: bool,
    config: &ProviderConfig,
) -> CredentialsProviderChain {
    let mut chain = match keys {
        Some(keys) => CredentialsProviderChain::first_try("Environment", keys).or_else("Profile", profile),
        None => CredentialsProviderChain::first_try("Profile", profile),
    };
    if is_own {
        return chain;
    }
    if is_given(environment, &WEB_IDENTITY) {
        chain = chain.or_else("WebIdentityToken", WebIdentityTokenCredentialsProvider::builder().configure(config).build());
    }
    if is_given(environment, &CONTAINER) {
        chain = chain.or_else("EcsContainer", EcsCredentialsProvider::builder().configure(config).build());
    }
    if !environment.is_on("AWS_EC2_METADATA_DISABLED") {
        chain = chain.or_else("Ec2InstanceMetadata", ImdsCredentialsProvider::builder().configure(config).build());
    }
    chain
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// Gives what `answer` makes of the number of the call.
    #[derive(Debug, Clone)]
    struct Counting {
        calls: Arc<AtomicU32>,
        answer: fn(u32) -> Result<Credentials, CredentialsError>,
    }

    impl ProvideCredentials for Counting {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let number = self.calls.fetch_add(1, Ordering::SeqCst) + 1;
            future::ProvideCredentials::new(async move {
                tokio::task::yield_now().await;
                (self.answer)(number)
            })
        }
    }

    fn keyring(answer: fn(u32) -> Result<Credentials, CredentialsError>) -> (Keyring, Arc<AtomicU32>) {
        let calls = Arc::new(AtomicU32::new(0));
        let counting = Counting { calls: calls.clone(), answer };
        (Keyring::new(CredentialsProviderChain::first_try("test", counting), Vec::new()), calls)
    }

    fn ending_in(seconds: u64) -> Credentials {
        Credentials::new("A", "B", None, Some(SystemTime::now() + Duration::from_secs(seconds)), "test")
    }

    #[tokio::test]
    async fn calls_in_parallel_fetch_credentials_once() {
        let (keyring, calls) = keyring(|_| Ok(ending_in(3_600)));

        let (one, two) = tokio::join!(keyring.ready(), keyring.ready());

        assert!(one.is_ok() && two.is_ok());
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failure_is_that_of_all_who_wait_and_of_those_that_follow_at_once() {
        let (keyring, calls) = keyring(|number| match number {
            1 => Err(CredentialsError::not_loaded_no_source()),
            _ => Ok(ending_in(3_600)),
        });

        let (one, two, three) = tokio::join!(keyring.ready(), keyring.ready(), keyring.ready());
        assert!(one.is_err() && two.is_err() && three.is_err());
        assert!(keyring.ready().await.is_err());
        assert!(matches!(keyring.provide_credentials().await, Err(CredentialsError::CredentialsNotLoaded(_))));
        assert_eq!(calls.load(Ordering::SeqCst), 1);

        let later = Instant::now() + FAILURE_STANDS;
        assert!(keyring.is_stale(later), "the files may have been mended");
        assert!(keyring.ready_for(later).await.is_ok());
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert!(!keyring.is_stale(later));
    }

    #[tokio::test]
    async fn an_empty_token_is_none_and_an_empty_key_is_no_key() {
        let (with_token, _) = keyring(|_| Ok(Credentials::new("A", "B", Some(String::new()), None, "test")));
        let (without_key, _) = keyring(|_| Ok(Credentials::new("", "B", None, None, "test")));

        assert_eq!(with_token.ready().await.unwrap().session_token(), None);
        assert!(without_key.ready().await.is_err());
    }

    #[tokio::test]
    async fn credentials_that_have_ended_when_they_come_are_none() {
        let (keyring, calls) = keyring(|number| match number {
            1 => Ok(Credentials::new("A", "B", None, Some(SystemTime::now() - Duration::from_secs(1)), "test")),
            _ => Ok(ending_in(3_600)),
        });

        let error = keyring.ready().await.unwrap_err();

        assert!(std::error::Error::source(&error.error).is_some_and(|source| source.is::<HaveEnded>()), "{error:?}");
        assert!(keyring.ready_for(Instant::now() + FAILURE_STANDS).await.is_ok(), "a later call asks again");
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn credentials_about_to_end_are_renewed_and_used_up_if_that_fails() {
        let (keyring, calls) = keyring(|number| match number {
            1 => Ok(ending_in(30)),
            _ => Err(CredentialsError::not_loaded_no_source()),
        });

        assert!(keyring.ready().await.is_ok());
        assert!(keyring.ready().await.is_ok());
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }
}
