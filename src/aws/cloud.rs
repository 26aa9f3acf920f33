//! One profile's way to AWS: its credentials, one connection pool, and a client for each service and region.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::profile::ProfileSet;
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::EnvConfigValue;
use aws_sdk_ec2 as ec2;
use aws_sdk_ec2instanceconnect as eic;
use aws_sdk_iam as iam;
use aws_sdk_ssm as ssm;
use aws_sdk_sts as sts;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use jiff::Timestamp;
use tokio::sync::Semaphore;

use super::endpoints::{Endpoints, Service};
use super::failure::{self, Asked, Bearer};
use super::files::{Files, bad_files};
use super::http::Http;
use super::keyring::{self, Keyring};
use super::profiles::{ProfileKind, kind, lineage};
use super::roles::Roles;
use super::wholeness::Wholeness;
use super::{Environment, Error};
use crate::model::{ProfileName, Region, Untrusted};

/// Where signing goes when there is no region: STS and IAM answer there for every account of the standard partition.
const FALLBACK_REGION: &str = "us-east-1";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);
/// Requests under way at a time in one region (access-rules 4.2).
const REQUESTS_PER_REGION: usize = 8;
/// IAM answers for all regions and is strongly limited.
const REQUESTS_TO_IAM: usize = 2;

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The profile; it beats keys in the environment. `None`: what the environment says.
    pub profile: Option<String>,
    /// The region; `None`: what the environment or the profile says.
    pub region: Option<Region>,
    /// The limit of each call with its retries; 15 s unless the user says otherwise.
    pub timeout: Duration,
    /// Our version, for the user agent.
    pub version: &'static str,
}

/// One profile: credentials, connections and clients, made when they are first needed. A clone is the same cloud.
#[derive(Clone)]
pub struct Cloud {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    environment: Environment,
    profile: Option<ProfileName>,
    region: Option<Region>,
    endpoint: Option<String>,
    session: Mutex<Option<Arc<Session>>>,
    limits: Mutex<HashMap<Region, Arc<Semaphore>>>,
    iam_limit: Semaphore,
    roles: Roles,
}

/// Everything that hangs on one reading of the AWS files. Forgotten and made anew when credentials may have changed.
pub(super) struct Session {
    config: SdkConfig,
    keyring: Arc<Keyring>,
    endpoints: Endpoints,
    http: Http,
    base: Base,
    clients: Mutex<HashMap<Region, Arc<Clients>>>,
}

/// The end of the chain of profiles: whose own credentials are used.
struct Base {
    profile: String,
    kind: ProfileKind,
    session: Option<String>,
    /// What getting credentials calls, and the host of it.
    host: String,
}

/// The clients of one region.
pub(super) struct Clients {
    pub(super) ec2: ec2::Client,
    pub(super) ssm: ssm::Client,
    pub(super) iam: iam::Client,
    pub(super) sts: sts::Client,
    pub(super) eic: eic::Client,
}

impl Cloud {
    /// Read the AWS files and check what they say. Calls nothing and runs nothing.
    ///
    /// Fails with [`Error::NoProfile`], [`Error::MfaNeeded`], [`Error::PlainEndpoint`] or [`Error::BadFiles`].
    pub async fn open(options: &Options) -> Result<Self, Error> {
        Self::open_in(options, Environment::of_process()).await
    }

    /// As [`Cloud::open`], with these variables in place of the process's. The SDK's own readers of a home directory (SSO and
    /// login tokens), of container and of instance metadata settings still see the process's.
    pub async fn open_in(options: &Options, environment: Environment) -> Result<Self, Error> {
        let chosen = options.profile.as_deref().or(environment.get("AWS_PROFILE"));
        let files = Files::read(&environment, chosen.unwrap_or("default")).await?;
        if let Some(name) = chosen.filter(|name| files.sections.get_profile(name).is_none()) {
            return Err(Error::NoProfile { profile: name.into() });
        }
        let has_keys = options.profile.is_none() && keyring::keys_of(&environment).is_some();
        let profile = match chosen {
            Some(name) => Some(name),
            // A default profile that holds no more than a region brings no credentials.
            None => files.sections.get_profile("default").filter(|own| kind(own) != ProfileKind::Other).map(|_| "default"),
        };
        let session = Session::new(options, &environment, &files)?;
        let inner = Inner {
            profile: profile.filter(|_| !has_keys).map(ProfileName::new),
            region: region(options, &environment, &files.sections)?,
            endpoint: session.endpoints.first().map(|endpoint| endpoint.url.clone()),
            session: Mutex::new(Some(Arc::new(session))),
            limits: Mutex::default(),
            iam_limit: Semaphore::new(REQUESTS_TO_IAM),
            roles: Roles::default(),
            options: options.clone(),
            environment,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The profile in use; `None` if the credentials come from elsewhere (environment, container, instance metadata).
    pub fn profile(&self) -> Option<&ProfileName> {
        self.inner.profile.as_ref()
    }

    /// The region that was asked for, by option, environment or profile.
    pub fn region(&self) -> Option<&Region> {
        self.inner.region.as_ref()
    }

    /// The custom endpoint in use, for the lasting mark in the title.
    pub fn custom_endpoint(&self) -> Option<&str> {
        self.inner.endpoint.as_deref()
    }

    /// Forget credentials, what was read of the AWS files, and what was denied about roles: the next call reads everything anew,
    /// so that a new `aws sso login` or a mended file is noticed. For `R`; a failure that new credentials may mend does it by itself,
    /// so a plain refresh notices them as well. Calls under way go on with what they have.
    pub fn forget_credentials(&self) {
        *locked(&self.inner.session) = None;
        self.inner.roles.forget_denials();
    }

    /// When the credentials end; `None` for keys that last.
    pub async fn expires(&self) -> Result<Option<Timestamp>, Error> {
        let session = self.session().await?;
        let credentials = session.keyring.ready().await.map_err(|error| self.no_credentials(&session, &error))?;
        Ok(credentials.expiry().and_then(|time| Timestamp::try_from(time).ok()))
    }

    pub(super) fn roles(&self) -> &Roles {
        &self.inner.roles
    }

    /// The region for what is the same in all of them.
    pub(super) fn home(&self) -> Region {
        let fallback = || FALLBACK_REGION.parse().expect("the constant is a region");
        self.inner.region.clone().unwrap_or_else(fallback)
    }

    /// Make one call: credentials first, then a place among the region's requests, then the call with its retries.
    pub(super) async fn ask<T, E, C>(
        &self,
        region: &Region,
        service: Service,
        action: &'static str,
        call: impl FnOnce(Arc<Clients>) -> C,
    ) -> Result<T, Error>
    where
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let session = self.session().await?;
        // Apart from the call, so that a slow credential program does not use up the call's time.
        session.keyring.ready().await.map_err(|error| self.no_credentials(&session, &error))?;
        let regional = self.limit(region);
        let limit = if service == Service::Iam { &self.inner.iam_limit } else { regional.as_ref() };
        let _place = limit.acquire().await.expect("the limits are never closed");
        tracing::debug!(action, region = region.as_str(), "call");
        call(session.clients(region)).await.map_err(|error| {
            let asked = Asked {
                action,
                region: region.as_str(),
                host: &session.endpoints.host(service, region),
                limit: self.inner.options.timeout,
                profile: self.profile().map_or("", ProfileName::raw),
            };
            self.noted(failure::of_call(&error, asked, SystemTime::now()))
        })
    }

    async fn session(&self) -> Result<Arc<Session>, Error> {
        if let Some(session) = locked(&self.inner.session).clone() {
            return Ok(session);
        }
        let chosen = self.inner.options.profile.as_deref().or(self.inner.environment.get("AWS_PROFILE"));
        let files = Files::read(&self.inner.environment, chosen.unwrap_or("default")).await?;
        let session = Arc::new(Session::new(&self.inner.options, &self.inner.environment, &files)?);
        Ok(Arc::clone(locked(&self.inner.session).get_or_insert(session)))
    }

    fn no_credentials(&self, session: &Session, error: &aws_credential_types::provider::error::CredentialsError) -> Error {
        let home = self.home();
        let bearer = Bearer {
            profile: self.profile().map_or("", ProfileName::raw),
            base: &session.base.profile,
            kind: session.base.kind,
            session: session.base.session.as_deref(),
            host: &session.base.host,
            region: home.as_str(),
        };
        self.noted(failure::of_credentials(error, bearer, SystemTime::now()))
    }

    fn noted(&self, error: Error) -> Error {
        if failure::is_about_credentials(&error) {
            *locked(&self.inner.session) = None;
        }
        error
    }

    fn limit(&self, region: &Region) -> Arc<Semaphore> {
        let mut limits = locked(&self.inner.limits);
        Arc::clone(limits.entry(region.clone()).or_insert_with(|| Arc::new(Semaphore::new(REQUESTS_PER_REGION))))
    }
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("profile", &self.inner.profile).field("region", &self.inner.region).finish_non_exhaustive()
    }
}

impl Session {
    fn new(options: &Options, environment: &Environment, files: &Files) -> Result<Self, Error> {
        let sections = &files.sections;
        let keys = keyring::keys_of(environment).filter(|_| options.profile.is_none());
        let selected = sections.selected_profile().to_owned();
        let lineage = match (&keys, sections.get_profile(&selected)) {
            (None, Some(_)) => lineage(sections, &selected)?,
            _ => Vec::new(),
        };
        if let Some((own, device)) = lineage.iter().find_map(|own| own.get("mfa_serial").map(|device| (own, device))) {
            return Err(Error::MfaNeeded { profile: own.name().into(), device: device.into() });
        }
        let base_kind = lineage.last().map_or(ProfileKind::Other, |own| kind(own));
        let chain: &[Service] = match base_kind {
            ProfileKind::Sso => &[Service::Sso, Service::SsoOidc],
            ProfileKind::Login => &[Service::SignIn],
            _ => &[],
        };
        // STS is among ours, but only the chain disregards AWS_IGNORE_CONFIGURED_ENDPOINT_URLS.
        let chain = if lineage.iter().any(|own| own.get("role_arn").is_some()) {
            [chain, &[Service::Sts]].concat()
        } else {
            chain.to_vec()
        };
        let endpoints = Endpoints::find(environment, sections, &chain)?;
        let http = Http::new(environment.get("AWS_CA_BUNDLE").or(sections.get("ca_bundle")).map(Path::new))?;
        let signing = region(options, environment, sections)?;
        let signing = signing.map_or_else(|| FALLBACK_REGION.to_owned(), |region| region.as_str().to_owned());
        let settings = Settings {
            timeout: timeouts(options.timeout),
            fips: switch(environment, sections, FIPS),
            dual: switch(environment, sections, DUAL),
        };

        let called = chain.first().copied().unwrap_or(Service::Sts);
        let provider = ProviderConfig::without_region()
            .with_region(Some(aws_config::Region::new(signing.clone())))
            .with_http_client(http.to(endpoints.of(called)))
            .with_behavior_version(Some(BehaviorVersion::v2026_01_12()))
            .with_retry_config(RetryConfig::standard().with_max_attempts(3))
            .with_timeout_config(settings.timeout.clone())
            .with_use_fips(settings.fips.then_some(true))
            .with_use_dual_stack(settings.dual.then_some(true));
        let keyring = Arc::new(Keyring::new(keyring::chain(environment, keys, &selected, &files.sources, &provider)));
        let own = lineage.last();
        let called_region = own
            .and_then(|own| own.get("sso_region").or_else(|| sections.sso_session(own.get("sso_session")?)?.get("sso_region")));
        let called_region =
            called_region.unwrap_or(&signing).parse().map_err(|_| bad_files("sso_region is not a region".to_owned()))?;
        let base = Base {
            profile: own.map_or(selected, |own| own.name().to_owned()),
            kind: base_kind,
            session: own.and_then(|own| own.get("sso_session")).map(str::to_owned),
            host: endpoints.host(called, &called_region),
        };
        let config = config(options, settings, SharedCredentialsProvider::new(Shared(Arc::clone(&keyring))))?;
        Ok(Self { config, keyring, endpoints, http, base, clients: Mutex::default() })
    }

    fn clients(&self, region: &Region) -> Arc<Clients> {
        let mut clients = locked(&self.clients);
        Arc::clone(clients.entry(region.clone()).or_insert_with(|| Arc::new(self.make(region))))
    }

    fn make(&self, region: &Region) -> Clients {
        let config = |service: Service| {
            let mut config = self.config.to_builder().region(aws_config::Region::new(region.as_str().to_owned()));
            config.set_http_client(Some(self.http.to(self.endpoints.of(service))));
            if let Some(endpoint) = self.endpoints.of(service) {
                // The SDK refuses a custom address together with a rule for its own.
                config.set_endpoint_url(Some(endpoint.url.clone())).set_use_fips(None).set_use_dual_stack(None);
            }
            config.build()
        };
        let ec2 = ec2::config::Builder::from(&config(Service::Ec2)).interceptor(Wholeness).build();
        let iam = iam::config::Builder::from(&config(Service::Iam)).interceptor(Wholeness).build();
        let sts = sts::config::Builder::from(&config(Service::Sts)).interceptor(Wholeness).build();
        // A push is not repeated blindly: `Cloud::push_key` retries what it knows to be harmless.
        let once = RetryConfig::standard().with_max_attempts(1);
        let eic = eic::config::Builder::from(&config(Service::InstanceConnect)).retry_config(once).build();
        Clients {
            ec2: ec2::Client::from_conf(ec2),
            iam: iam::Client::from_conf(iam),
            sts: sts::Client::from_conf(sts),
            ssm: ssm::Client::new(&config(Service::Ssm)),
            eic: eic::Client::from_conf(eic),
        }
    }
}

/// What of the SDK's settings the files and the environment decide.
struct Settings {
    timeout: TimeoutConfig,
    fips: bool,
    dual: bool,
}

fn config(options: &Options, settings: Settings, credentials: SharedCredentialsProvider) -> Result<SdkConfig, Error> {
    let name = AppName::new(format!("ec2dash-{}", options.version)).or_else(|_| AppName::new("ec2dash"));
    let mut config = SdkConfig::builder()
        // Pinned: a new SDK must not change defaults behind our back.
        .behavior_version(BehaviorVersion::v2026_01_12())
        .credentials_provider(credentials)
        // The keyring is the one cache.
        .identity_cache(aws_config::identity::IdentityCache::no_cache())
        // Never adaptive: it stretched four attempts over 44 s where standard took 5 (dependencies 3.1).
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(settings.timeout)
        .sleep_impl(TokioSleep::new())
        .time_source(SystemTimeSource::new())
        // A wrong clock is told, not papered over: it breaks TLS, SSO and pushed keys as well, and EC2's own code for it
        // (RequestExpired) would still fail every first call.
        .disable_clock_skew_correction(true)
        .use_fips(settings.fips)
        .use_dual_stack(settings.dual);
    config.set_app_name(name.ok());
    Ok(config.build())
}

fn timeouts(whole: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(whole))
        .operation_attempt_timeout(ATTEMPT_TIMEOUT.min(whole))
        .operation_timeout(whole)
        .build()
}

const FIPS: (&str, &str) = ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
const DUAL: (&str, &str) = ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");

fn switch(environment: &Environment, sections: &ProfileSet, (variable, key): (&str, &str)) -> bool {
    let value = EnvConfigValue::new()
        .env(variable)
        .profile(key)
        .load(&environment.for_sdk(), Some(sections))
        .map(|(value, _)| value.into_owned());
    value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Option, `AWS_REGION`, `AWS_DEFAULT_REGION`, profile.
fn region(options: &Options, environment: &Environment, sections: &ProfileSet) -> Result<Option<Region>, Error> {
    if options.region.is_some() {
        return Ok(options.region.clone());
    }
    let named =
        ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| environment.get(name).map(|value| (name, value)));
    let Some((source, name)) = named.or_else(|| sections.get("region").map(|value| ("region in the profile", value))) else {
        return Ok(None);
    };
    // An address is made of the region, so only a region may pass.
    let region =
        name.parse().map_err(|_| bad_files(format!("{source} is not a region: {}", Untrusted::from(name).shown_in(40))))?;
    Ok(Some(region))
}

/// The keyring as the SDK takes it.
#[derive(Debug)]
struct Shared(Arc<Keyring>);

impl aws_credential_types::provider::ProvideCredentials for Shared {
    fn provide_credentials<'a>(&'a self) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}

/// A map behind these locks is whole at every moment, so a panic elsewhere does not spoil it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
