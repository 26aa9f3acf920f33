//! What one reading of the AWS files comes to: credentials, addresses, connections, and a client for each service and region.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::{Profile as Section, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::EnvConfigValue;
use aws_sdk_ec2 as ec2;
use aws_sdk_ec2instanceconnect as eic;
use aws_sdk_iam as iam;
use aws_sdk_kms as kms;
use aws_sdk_ssm as ssm;
use aws_sdk_sts as sts;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use tokio::sync::OnceCell;

use super::base_provider;
use super::endpoints::{Endpoints, Service};
use super::failure::Bearer;
use super::files::{Files, bad_files, written};
use super::http::{Bundle, Http};
use super::keyring::{self, Keyring};
use super::neighbours::Neighbours;
use super::options::{FALLBACK_REGION, Options};
use super::profile_kind::{ProfileKind, base_kind, gives_keys, kind};
use super::profiles::lineage;
use super::programs::{programs, refuse_unasked};
use super::size::Size;
use super::wholeness::Wholeness;
use super::{Environment, Error};
use crate::model::{Region, Untrusted};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an attempt may take at least, where there is so much time: an answer that is still on its way should not be given up.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);
const ATTEMPTS: u32 = 3;

/// Forgotten and made anew when credentials may have changed.
pub(super) struct Session {
    pub(super) keyring: Arc<Keyring>,
    pub(super) endpoints: Endpoints,
    base: Base,
    pub(super) http: Http,
    config: SdkConfig,
    /// The limit of a whole call.
    timeout: Duration,
    clients: Mutex<HashMap<Region, Arc<Clients>>>,
    /// What STS says of the keys in a region that no account can be without, once it said so clearly.
    pub(super) accepted: OnceCell<Result<(), Error>>,
}

/// The end of the chain of profiles: whose own credentials are used.
struct Base {
    profile: String,
    kind: ProfileKind,
    session: Option<String>,
    /// The host that getting credentials calls.
    host: String,
}

/// The clients of one region.
pub(super) struct Clients {
    pub(super) ec2: ec2::Client,
    pub(super) ssm: ssm::Client,
    pub(super) iam: iam::Client,
    pub(super) sts: sts::Client,
    pub(super) eic: eic::Client,
    pub(super) kms: kms::Client,
}

impl Session {
    /// Check what the files say and prepare the rest. Calls nothing and runs nothing.
    pub(super) fn new(
        options: &Options,
        environment: &Environment,
        files: &Files,
        neighbours: &Neighbours,
    ) -> Result<Self, Error> {
        let sections = &files.sections;
        let keys = keyring::keys_of(environment).filter(|_| options.profile.is_none());
        let selected = sections.selected_profile();
        let lineage = match (&keys, sections.get_profile(selected)) {
            (None, Some(_)) => lineage(files, selected)?,
            _ => Vec::new(),
        };
        refuse_mfa(&lineage)?;
        refuse_unasked(&options.programs, &written(selected), programs(environment, &lineage))?;
        let called = called_for_credentials(&lineage);
        let endpoints = Endpoints::find(environment, sections, &called)?;
        let http = neighbours.http(bundle(environment, sections), endpoints.leave_this_computer())?;
        let settings = Settings::new(options, environment, sections);
        let first_called = called.first().copied().unwrap_or(Service::Sts);
        let region = region(options, environment, sections)?.map_or_else(|| FALLBACK_REGION.to_owned(), |own| own.to_string());
        let host = endpoints.host(first_called, &sso_region(sections, lineage.last().copied(), &region)?);
        let region = aws_config::Region::new(region);
        let provider =
            settings.of_chain().with_region(Some(region.clone())).with_http_client(http.to(endpoints.of(first_called)));
        let plain = settings.of_clients(options.version);
        let of_roles = at(&plain, &endpoints, &http, &region, Service::Sts);
        let own = base_provider::of_lineage(&lineage, of_roles);
        let profile = own.unwrap_or_else(|| base_provider::of_sdk(selected, &files.sources, &provider));
        let is_own = lineage.first().is_some_and(|selected| kind(selected) != ProfileKind::Other);
        let chain = keyring::chain(environment, keys, profile, is_own, &provider);
        let keyring = Arc::new(Keyring::new(chain));
        let own = lineage.last().copied();
        let base = Base {
            profile: written(own.map_or(selected, Section::name)).into_owned(),
            kind: base_kind(&lineage),
            session: own.and_then(|own| own.get("sso_session")).map(str::to_owned),
            host,
        };
        let of_keyring = SharedCredentialsProvider::new(Shared(Arc::clone(&keyring)));
        let config = plain.to_builder().credentials_provider(of_keyring).build();
        Ok(Self {
            keyring,
            endpoints,
            base,
            http,
            config,
            timeout: options.timeout,
            clients: Mutex::default(),
            accepted: OnceCell::new(),
        })
    }

    /// The clients of a region, made at its first call.
    pub(super) fn clients(&self, region: &Region) -> Arc<Clients> {
        let mut clients = locked(&self.clients);
        Arc::clone(clients.entry(region.clone()).or_insert_with(|| Arc::new(self.make(region))))
    }

    /// Whose credentials these are, for the story of a failure.
    pub(super) fn bearer<'a>(&'a self, profile: &'a str, region: &'a Region) -> Bearer<'a> {
        let Base { profile: base, kind, session, host } = &self.base;
        Bearer { profile, base, kind: *kind, session: session.as_deref(), host, region: region.as_str() }
    }

    fn make(&self, region: &Region) -> Clients {
        let region = aws_config::Region::new(region.to_string());
        let config = |service: Service| at(&self.config, &self.endpoints, &self.http, &region, service);
        let ec2 = ec2::config::Builder::from(&config(Service::Ec2)).interceptor(Wholeness).interceptor(Size::default()).build();
        let iam = iam::config::Builder::from(&config(Service::Iam)).interceptor(Wholeness).interceptor(Size::default()).build();
        let sts = sts::config::Builder::from(&config(Service::Sts)).interceptor(Wholeness).interceptor(Size::default()).build();
        // A push is not repeated blindly: `Cloud::push_key` retries what it knows to be harmless.
        let (retry, timeouts) = once(self.timeout);
        let eic = eic::config::Builder::from(&config(Service::InstanceConnect));
        let eic = eic.retry_config(retry).timeout_config(timeouts).interceptor(Size::default()).build();
        let ssm = ssm::config::Builder::from(&config(Service::Ssm)).interceptor(Size::default()).build();
        let kms = kms::config::Builder::from(&config(Service::Kms)).interceptor(Size::default()).build();
        Clients {
            ec2: ec2::Client::from_conf(ec2),
            iam: iam::Client::from_conf(iam),
            sts: sts::Client::from_conf(sts),
            ssm: ssm::Client::from_conf(ssm),
            eic: eic::Client::from_conf(eic),
            kms: kms::Client::from_conf(kms),
        }
    }
}

/// The settings for the clients of a service in a region.
fn at(config: &SdkConfig, endpoints: &Endpoints, http: &Http, region: &aws_config::Region, service: Service) -> SdkConfig {
    let mut config = config.to_builder().region(region.clone());
    config.set_http_client(Some(http.to(endpoints.of(service))));
    if let Some(endpoint) = endpoints.of(service) {
        // The SDK refuses a custom address together with a rule for its own.
        config.set_endpoint_url(Some(endpoint.url.clone())).set_use_fips(None).set_use_dual_stack(None);
    }
    config.build()
}

/// The certificates to trust: `AWS_CA_BUNDLE`, profile.
fn bundle(environment: &Environment, sections: &ProfileSet) -> Option<Bundle> {
    let variable = environment.get("AWS_CA_BUNDLE");
    let path = variable.or(sections.get("ca_bundle"))?.into();
    Some(Bundle { path, is_of_variable: variable.is_some() })
}

/// Option, `AWS_REGION`, `AWS_DEFAULT_REGION`, profile.
pub(super) fn region(options: &Options, environment: &Environment, sections: &ProfileSet) -> Result<Option<Region>, Error> {
    if options.region.is_some() {
        return Ok(options.region.clone());
    }
    let variable = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| Some((name, environment.get(name)?)));
    match (variable, sections.get("region")) {
        (Some((variable, name)), _) => match name.parse() {
            Ok(region) => Ok(Some(region)),
            Err(_) => Err(Error::BadVariable { variable: variable.to_owned(), cause: no_region(name).into() }),
        },
        (None, Some(name)) => parsed("the profile's region", name).map(Some),
        (None, None) => Ok(None),
    }
}

/// An address is made of the region, so only a region may pass.
fn parsed(source: &str, name: &str) -> Result<Region, Error> {
    name.parse().map_err(|_| bad_files(format!("{source} is {}", no_region(name))))
}

fn no_region(name: &str) -> String {
    format!("not a region: {}", Untrusted::from(name).shown_in(40))
}

/// A role that wants a code cannot be taken. `mfa_serial` beside keys alone is a note for other tools.
fn refuse_mfa(lineage: &[&Section]) -> Result<(), Error> {
    let asking = lineage.iter().enumerate().filter(|(at, own)| own.get("role_arn").is_some() && !gives_keys(*at, own));
    match asking.map(|(_, own)| own).filter_map(|own| Some((own.name(), own.get("mfa_serial")?))).next() {
        Some((name, device)) => Err(Error::MfaNeeded { profile: written(name).as_ref().into(), device: device.into() }),
        None => Ok(()),
    }
}

/// The services that the SDK's chain calls to get the credentials, the first one first.
fn called_for_credentials(lineage: &[&Section]) -> Vec<Service> {
    let mut called = match base_kind(lineage) {
        ProfileKind::Sso => vec![Service::Sso, Service::SsoOidc],
        ProfileKind::Login => vec![Service::SignIn],
        _ => Vec::new(),
    };
    if lineage.iter().any(|own| own.get("role_arn").is_some()) {
        called.push(Service::Sts);
    }
    called
}

/// Where the sign-in service of a profile is, or the region at hand.
fn sso_region(sections: &ProfileSet, own: Option<&Section>, otherwise: &str) -> Result<Region, Error> {
    let of_session = |own: &Section| sections.sso_session(own.get("sso_session")?)?.get("sso_region");
    let name = own.and_then(|own| own.get("sso_region").or_else(|| of_session(own)));
    parsed("sso_region", name.unwrap_or(otherwise))
}

/// The settings of a call that is made once, and may take all of its time for that.
pub(super) fn once(whole: Duration) -> (RetryConfig, TimeoutConfig) {
    (RetryConfig::standard().with_max_attempts(1), timeouts(whole, 1))
}

/// The limits of a call that may be tried so many times.
fn timeouts(whole: Duration, attempts: u32) -> TimeoutConfig {
    let attempt = if attempts == 1 { whole } else { (whole / attempts).max(ATTEMPT_TIMEOUT).min(whole) };
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(whole))
        .operation_attempt_timeout(attempt)
        .operation_timeout(whole)
        .build()
}

/// What of the SDK's settings we, the files and the environment decide.
struct Settings {
    timeout: TimeoutConfig,
    retry: RetryConfig,
    is_fips: bool,
    is_dual_stack: bool,
}

impl Settings {
    fn new(options: &Options, environment: &Environment, sections: &ProfileSet) -> Self {
        let env = environment.for_sdk();
        let is_on = |variable: &str, key: &str| {
            let value =
                EnvConfigValue::new().env(variable).profile(key).load(&env, Some(sections)).map(|(value, _)| value.into_owned());
            value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        Self {
            timeout: timeouts(options.timeout, ATTEMPTS),
            // Never adaptive: against steady throttling it stretched four attempts over 44 s where standard took 5.
            retry: RetryConfig::standard().with_max_attempts(ATTEMPTS),
            is_fips: is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            is_dual_stack: is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        }
    }

    /// For the SDK's credential chain.
    fn of_chain(&self) -> ProviderConfig {
        ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::v2026_01_12()))
            .with_retry_config(self.retry.clone())
            .with_timeout_config(self.timeout.clone())
            .with_use_fips(self.is_fips.then_some(true))
            .with_use_dual_stack(self.is_dual_stack.then_some(true))
    }

    /// For our own clients, without credentials.
    fn of_clients(self, version: &str) -> SdkConfig {
        let mut config = SdkConfig::builder()
            // Pinned: a new SDK must not change defaults behind our back.
            .behavior_version(BehaviorVersion::v2026_01_12())
            // The keyring is the one cache.
            .identity_cache(IdentityCache::no_cache())
            .retry_config(self.retry)
            .timeout_config(self.timeout)
            .sleep_impl(TokioSleep::new())
            .time_source(SystemTimeSource::new())
            // A wrong clock is told, not papered over: it breaks TLS, SSO and pushed keys as well, and EC2's own code for it
            // (RequestExpired) is not one that the SDK corrects.
            .disable_clock_skew_correction(true)
            .use_fips(self.is_fips)
            .use_dual_stack(self.is_dual_stack);
        config.set_app_name(AppName::new(format!("ec2dash-{version}")).or_else(|_| AppName::new("ec2dash")).ok());
        config.build()
    }
}

/// The keyring as the SDK takes it.
#[derive(Debug)]
struct Shared(Arc<Keyring>);

impl ProvideCredentials for Shared {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.provide_credentials()
    }
}

/// A map behind these locks is whole at every moment, so a panic elsewhere does not spoil it.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::files::tests::home;
    use super::*;
    use crate::model::AllowedPrograms;

    async fn session(profile: &str, config: &str) -> Result<Session, Error> {
        let home = home(config, "", &[]);
        let files = Files::read(&home.environment, profile).await.unwrap();
        let options = Options {
            profile: Some(profile.to_owned()),
            region: None,
            timeout: Duration::from_secs(15),
            version: "0",
            programs: AllowedPrograms::default(),
        };
        Session::new(&options, &home.environment, &files, &Neighbours::default())
    }

    #[tokio::test]
    async fn a_role_that_wants_a_code_is_refused_wherever_in_the_chain_it_stands() {
        let config = "[profile a]\nrole_arn = r\nsource_profile = b\n[profile b]\nrole_arn = r\nsource_profile = c\nmfa_serial = device\n[profile c]\naws_access_key_id = A\nmfa_serial = note\n";

        for profile in ["a", "b"] {
            let error = session(profile, config).await.err();
            assert_eq!(error, Some(Error::MfaNeeded { profile: "b".into(), device: "device".into() }));
        }
        assert!(session("c", config).await.is_ok(), "a device beside keys alone is a note");
    }

    #[test]
    fn an_attempt_may_take_its_share_of_the_whole_and_a_call_made_once_all_of_it() {
        let attempt =
            |whole, attempts| timeouts(Duration::from_secs(whole), attempts).operation_attempt_timeout().unwrap().as_secs();

        let told =
            [(60, ATTEMPTS), (15, ATTEMPTS), (3, ATTEMPTS), (60, 1), (15, 1)].map(|(whole, attempts)| attempt(whole, attempts));

        assert_eq!(told, [20, 8, 3, 60, 15]);
    }

    #[tokio::test]
    async fn a_missing_source_profile_is_named() {
        let error = session("a", "[profile a]\nrole_arn = r\nsource_profile = gone\n").await.err();

        assert_eq!(error, Some(Error::NoProfile { profile: "gone".into() }));
    }

    #[tokio::test]
    async fn only_a_region_gets_into_an_address() {
        for bad in ["us-east-1.evil.com#", "../", "US-EAST-1"] {
            let error = session("a", &format!("[profile a]\nregion = {bad}\n")).await.err();
            assert!(matches!(error, Some(Error::BadFiles { .. })), "{bad}: {error:?}");
        }
        let sso = "[profile a]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_start_url = https://x\nsso_region = evil.com/\n";
        assert!(matches!(session("a", sso).await.err(), Some(Error::BadFiles { .. })));
    }

    #[tokio::test]
    async fn the_option_beats_the_variables_and_they_beat_the_profile() {
        let config = "[profile a]\nregion = eu-west-1\n";
        type Case<'a> = (Option<&'a str>, &'a [(&'a str, &'a str)], &'a str);
        let cases: [Case<'_>; 4] = [
            (Some("eu-west-2"), &[("AWS_REGION", "eu-west-3")], "eu-west-2"),
            (None, &[("AWS_REGION", "eu-west-3"), ("AWS_DEFAULT_REGION", "eu-north-1")], "eu-west-3"),
            (None, &[("AWS_DEFAULT_REGION", "eu-north-1")], "eu-north-1"),
            (None, &[], "eu-west-1"),
        ];
        for (option, variables, expected) in cases {
            let home = home(config, "", variables);
            let files = Files::read(&home.environment, "a").await.unwrap();
            let region = option.map(|own| own.parse().unwrap());
            let options = Options {
                profile: None,
                region,
                timeout: Duration::from_secs(15),
                version: "0",
                programs: AllowedPrograms::default(),
            };

            assert_eq!(super::region(&options, &home.environment, &files.sections).unwrap().unwrap().as_str(), expected);
        }
    }
}
