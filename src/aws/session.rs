//! What one reading of the AWS files comes to: credentials, addresses, connections, and a client for each service and region.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::profile::{Profile as Section, ProfileSet};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_ec2 as ec2;
use aws_sdk_ec2instanceconnect as eic;
use aws_sdk_iam as iam;
use aws_sdk_kms as kms;
use aws_sdk_ssm as ssm;
use aws_sdk_sts as sts;
use tokio::sync::OnceCell;

use super::base_provider;
use super::client_config::{Settings, at, bundle, once};
use super::endpoints::{Endpoints, Service};
use super::failure::Bearer;
use super::files::{Files, bad_files, written};
use super::http::Http;
use super::keyring::{self, Keyring};
use super::locked::locked;
use super::neighbours::Neighbours;
use super::options::{FALLBACK_REGION, Options};
use super::profile_kind::{ProfileKind, base_kind, gives_keys, kind};
use super::profiles::lineage;
use super::programs::{programs, refuse_unasked};
use super::role::{Role, roles};
use super::role_cache::KeptRoles;
use super::sdk_files;
use super::sign_in::{SsoAccess, SsoSession};
use super::size::Size;
use super::user_session::UserSession;
use super::wholeness::Wholeness;
use super::{Environment, Error};
use crate::model::{MfaDevice, Region, Untrusted};

/// What names the region, the first that is set.
const REGION_VARIABLES: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];

/// Forgotten and made anew when credentials may have changed.
pub(super) struct Session {
    pub(super) keyring: Arc<Keyring>,
    pub(super) endpoints: Endpoints,
    base: Base,
    /// What is shared with every other profile of the SSO session that the credentials begin with.
    pub(super) sso: Option<Arc<SsoAccess>>,
    pub(super) http: Http,
    config: SdkConfig,
    /// The limit of a whole call.
    timeout: Duration,
    clients: Mutex<HashMap<Region, Arc<Clients>>>,
    /// What wants an MFA code, and where what it gave is kept.
    wanting: Option<(Wanting, KeptRoles)>,
    /// What STS says of the keys in a region that no account can be without, once it said so clearly.
    pub(super) accepted: OnceCell<Result<(), Error>>,
}

/// The end of the chain of profiles: whose own credentials are used.
struct Base {
    profile: String,
    kind: ProfileKind,
    /// The host that getting credentials calls.
    host: String,
}

/// What wants an MFA code.
enum Wanting {
    Role(Role, MfaDevice),
    User(UserSession),
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
        let kept = KeptRoles::new(&options.roles, environment);
        let wanting = Wanting::of(&lineage);
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
        let sso = match (base_kind(&lineage), lineage.last()) {
            (ProfileKind::Sso, Some(own)) => {
                let session = SsoSession::of_section(sections, own)?;
                Some(SsoAccess::shared(session, environment, &plain, &endpoints, &http))
            }
            _ => None,
        };
        let own = base_provider::of_lineage(&lineage, sso.as_ref(), of_roles, kept.clone())?;
        let profile = own.unwrap_or_else(|| base_provider::of_sdk(selected, &files.sources, &provider));
        let is_own = lineage.first().is_some_and(|selected| kind(selected) != ProfileKind::Other);
        let files = if keys.is_some() { Vec::new() } else { sdk_files::of(environment, &lineage, is_own) };
        let chain = keyring::chain(environment, keys, profile, is_own, &provider);
        let keyring = Arc::new(Keyring::new(chain, files));
        let own = lineage.last().copied();
        let base = Base { profile: written(own.map_or(selected, Section::name)).into_owned(), kind: base_kind(&lineage), host };
        let of_keyring = SharedCredentialsProvider::new(Shared(Arc::clone(&keyring)));
        let config = plain.to_builder().credentials_provider(of_keyring).build();
        Ok(Self {
            keyring,
            endpoints,
            base,
            sso,
            http,
            config,
            timeout: options.timeout,
            clients: Mutex::default(),
            wanting: wanting.map(|wanting| (wanting, kept)),
            accepted: OnceCell::new(),
        })
    }

    /// Whether hosts that are validated for FIPS are asked for.
    pub(super) fn wants_fips(&self) -> bool {
        self.config.use_fips() == Some(true)
    }

    /// Whether credentials can be asked for: nobody waits for the code of a device.
    pub(super) async fn has_its_code(&self) -> Result<(), Error> {
        let Some((wanting, kept)) = &self.wanting else { return Ok(()) };
        let (device, is_there, is_kept) = match wanting {
            Wanting::Role(role, device) => (device, kept.find(role).await.is_some(), true),
            Wanting::User(session) => (&session.device, kept.find_session(&session.key(), session.seconds).is_some(), false),
        };
        if is_there || kept.cache().has_code(device) {
            return Ok(());
        }
        Err(Error::MfaNeeded { device: device.clone(), is_kept })
    }

    /// The clients of a region, made at its first call.
    pub(super) fn clients(&self, region: &Region) -> Arc<Clients> {
        let mut clients = locked(&self.clients);
        Arc::clone(clients.entry(region.clone()).or_insert_with(|| Arc::new(self.make(region))))
    }

    /// Whose credentials these are, for the story of a failure.
    pub(super) fn bearer<'a>(&'a self, profile: &'a str, region: &'a Region) -> Bearer<'a> {
        let Base { profile: base, kind, host } = &self.base;
        let session = self.sso.as_ref().map(|sso| sso.session());
        Bearer { profile, base, kind: *kind, session, host, region: region.as_str() }
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

impl Wanting {
    fn of(lineage: &[&Section]) -> Option<Self> {
        let role = roles(lineage).into_iter().find_map(|role| role.device().map(|device| Self::Role(role, device)));
        role.or_else(|| UserSession::of_lineage(lineage).map(Self::User))
    }
}

/// Option, `AWS_REGION`, `AWS_DEFAULT_REGION`, profile.
/// Whether an option or a variable names the region.
pub(super) fn is_region_named(options: &Options, environment: &Environment) -> bool {
    options.region.is_some() || REGION_VARIABLES.into_iter().any(|name| environment.get(name).is_some())
}

pub(super) fn region(options: &Options, environment: &Environment, sections: &ProfileSet) -> Result<Option<Region>, Error> {
    if options.region.is_some() {
        return Ok(options.region.clone());
    }
    let variable = REGION_VARIABLES.into_iter().find_map(|name| Some((name, environment.get(name)?)));
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

/// A device whose code nobody could use. `mfa_serial` beside keys that a role is taken with is a note for other tools.
fn refuse_mfa(lineage: &[&Section]) -> Result<(), Error> {
    let asking = lineage.iter().enumerate().filter(|(at, own)| own.get("role_arn").is_some() && !gives_keys(*at, own));
    let devices = asking.filter_map(|(_, own)| Some((own.name(), own.get("mfa_serial").filter(|own| !own.trim().is_empty())?)));
    if let Some(UserSession { device, .. }) = UserSession::of_lineage(lineage).filter(|own| is_security_key(&own.device.serial)) {
        return Err(Error::SecurityKey { profile: device.profile, device: device.serial });
    }
    let first = roles(lineage).into_iter().next().map(|role| role.profile);
    for (name, device) in devices {
        let (profile, device) = (Untrusted::from(written(name).as_ref()), Untrusted::from(device));
        if is_security_key(&device) {
            return Err(Error::SecurityKey { profile, device });
        }
        // STS takes a code only with the keys of the device's own user.
        let is_of_user = matches!(base_kind(lineage), ProfileKind::Keys | ProfileKind::Process);
        if !is_of_user || first.as_deref() != Some(profile.raw()) {
            return Err(Error::CodeOfNobody { profile, device });
        }
    }
    Ok(())
}

/// Its codes are for browsers.
fn is_security_key(serial: &Untrusted) -> bool {
    serial.raw().contains(":u2f/")
}

/// The services that the SDK's chain calls to get the credentials, the first one first.
fn called_for_credentials(lineage: &[&Section]) -> Vec<Service> {
    let mut called = match base_kind(lineage) {
        ProfileKind::Sso => vec![Service::Sso, Service::SsoOidc],
        ProfileKind::Login => vec![Service::SignIn],
        _ => Vec::new(),
    };
    if lineage.iter().any(|own| own.get("role_arn").is_some()) || UserSession::of_lineage(lineage).is_some() {
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

#[cfg(test)]
mod tests {
    use super::super::RoleCache;
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
            roles: RoleCache::default(),
            sessions: Default::default(),
        };
        Session::new(&options, &home.environment, &files, &Neighbours::default())
    }

    #[tokio::test]
    async fn a_role_whose_code_no_call_takes_is_refused_wherever_in_the_chain_it_stands() {
        let keys = "[profile c]\naws_access_key_id = A\naws_secret_access_key = S\nmfa_serial = note\n";
        let config = |of_a: &str, of_b: &str| {
            format!(
                "[profile a]\nrole_arn = r\nsource_profile = b\n{of_a}[profile b]\nrole_arn = r\nsource_profile = c\n{of_b}{keys}"
            )
        };
        let refused = async |profile: &str, of_a: &str, of_b: &str| session(profile, &config(of_a, of_b)).await.err();
        let device = "mfa_serial = arn:aws:iam::123456789012:mfa/jane\n";
        let key = "mfa_serial = arn:aws:iam::123456789012:u2f/jane\n";
        let user = |of_user: &str| format!("[profile u]\naws_access_key_id = A\naws_secret_access_key = S\n{of_user}");

        assert_eq!(refused("a", "", device).await, None, "the keys of the user take the first role");
        assert!(matches!(refused("a", device, "").await, Some(Error::CodeOfNobody { profile, .. }) if profile.raw() == "a"));
        assert!(matches!(refused("a", "", key).await, Some(Error::SecurityKey { profile, .. }) if profile.raw() == "b"));
        assert!(matches!(session("u", &user(key)).await.err(), Some(Error::SecurityKey { profile, .. }) if profile.raw() == "u"));
        assert_eq!(session("u", &user(device)).await.err(), None);
        let sso = "[profile a]\nrole_arn = r\nsource_profile = s\nmfa_serial = device\n[profile s]\nsso_session = x\nsso_account_id = 1\nsso_role_name = r\n[sso-session x]\nsso_region = us-east-1\nsso_start_url = https://x\n";
        assert!(matches!(session("a", sso).await.err(), Some(Error::CodeOfNobody { .. })));
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
                roles: RoleCache::default(),
                sessions: Default::default(),
            };

            assert_eq!(super::region(&options, &home.environment, &files.sections).unwrap().unwrap().as_str(), expected);
        }
    }
}
