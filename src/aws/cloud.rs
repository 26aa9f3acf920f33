//! One profile's way to AWS, and how each call is made.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use aws_config::profile::Profile as Section;
use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;

use super::call::{CALLS, Call, GET_CALLER_IDENTITY};
use super::enabled_region::EnabledRegion;
use super::endpoints::Service;
use super::failure::{self, FailedCall};
use super::files::Files;
use super::flaw::{Fault, Flaw};
use super::image_memory::ImageMemory;
use super::key_pair_memory::KeyPairMemory;
use super::keyring::{self, NotGiven};
use super::locked::locked;
use super::neighbours::{Neighbours, Pace, flight};
use super::network_memory::NetworkMemory;
use super::options::{FALLBACK_REGION, Options};
use super::prefix_list_memory::PrefixListMemory;
use super::profile_kind::{ProfileKind, kind};
use super::role_memory::Roles;
use super::session::{self, Clients, Session};
use super::sign_in::{SignIn, SignInFile, SsoAccess, SsoSession};
use super::turns::Turns;
use super::wishes::Wishes;
use super::{Environment, Error, SignInEnd, proxies, regions};
use crate::model::{AccountId, ProfileName, Region};

/// The profile in use if nobody names another.
const DEFAULT: &str = "default";
/// How long the regions that an account has are good: they seldom change.
const REGIONS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// One profile: credentials, connections and clients, made when they are first needed. A clone is the same cloud.
#[derive(Clone)]
pub struct Cloud {
    inner: Arc<Inner>,
    pace: Pace,
}

struct Inner {
    options: Options,
    environment: Environment,
    profile: Option<ProfileName>,
    /// Whether the profile gave credentials of its own when it was opened.
    is_of_profile: bool,
    region: Option<Region>,
    /// Whether nobody named the region: it is where the portal of the SSO session is.
    has_region_of_portal: bool,
    endpoint: Option<String>,
    flaws: Vec<Flaw>,
    session: Mutex<Option<Arc<Session>>>,
    neighbours: Neighbours,
    /// The account, or what stands for it as long as only its profile is known: what is asked of it at a time is limited.
    account: String,
    regions: Mutex<Option<(Instant, Vec<EnabledRegion>)>>,
    turns: Turns,
    roles: Roles,
    key_pairs: KeyPairMemory,
    prefix_lists: PrefixListMemory,
    networks: NetworkMemory,
}

fn no_such_region(region: &str) -> Error {
    Error::NoSuchRegion { region: region.to_owned(), nearest: regions::nearest(region) }
}

impl Cloud {
    /// Read the AWS files and check what they say. Calls nothing and runs nothing.
    ///
    /// Fails with [`Error::NoProfile`], [`Error::BadProfile`], [`Error::MfaNeeded`], [`Error::ProgramUnasked`],
    /// [`Error::PlainEndpoint`] or
    /// [`Error::BadFiles`].
    pub async fn open(options: &Options) -> Result<Self, Error> {
        Self::open_in(options, Environment::of_process()).await
    }

    /// As [`Cloud::open`], with these variables in place of the process's. The SDK's own readers of a home directory (SSO and
    /// login tokens), of container and of instance metadata settings still see the process's.
    pub async fn open_in(options: &Options, environment: Environment) -> Result<Self, Error> {
        Self::open_sharing(options, environment, Neighbours::default()).await
    }

    /// As [`Cloud::open`], sharing connections and limits with all that are opened among the same neighbours.
    pub async fn open_among(options: &Options, neighbours: &Neighbours) -> Result<Self, Error> {
        Self::open_sharing(options, Environment::of_process(), neighbours.clone()).await
    }

    /// As [`Cloud::open`] for another profile, sharing connections and limits with this cloud.
    pub async fn open_beside(&self, options: &Options) -> Result<Self, Error> {
        Self::open_sharing(options, self.inner.environment.clone(), self.inner.neighbours.clone()).await
    }

    /// The same way to AWS with these keys in place of the profile's: its region, addresses and proxies stay.
    pub(super) async fn with_keys(&self, keys: &Credentials) -> Result<Self, Error> {
        let Inner { options, environment, neighbours, .. } = &*self.inner;
        let profile = chosen(options, environment).map(|profile| ("AWS_PROFILE", profile.to_owned()));
        let keys = [
            ("AWS_ACCESS_KEY_ID", keys.access_key_id().to_owned()),
            ("AWS_SECRET_ACCESS_KEY", keys.secret_access_key().to_owned()),
            ("AWS_SESSION_TOKEN", keys.session_token().unwrap_or_default().to_owned()),
        ];
        let environment = environment.with(keys.into_iter().chain(profile));
        let options = Options { profile: None, ..options.clone() };
        Self::open_sharing(&options, environment, neighbours.clone()).await
    }

    async fn open_sharing(options: &Options, environment: Environment, neighbours: Neighbours) -> Result<Self, Error> {
        let chosen = chosen(options, &environment);
        let has_keys = has_own_keys(options, &environment);
        let files = read(options, &environment).await?;
        // A profile that holds no more than a region brings no credentials.
        let own = section(&files, options, &environment)?;
        let is_of_profile = own.is_some_and(|own| kind(own) != ProfileKind::Other);
        let account = own.filter(|_| !has_keys).and_then(account_of);
        let profile = chosen.or_else(|| is_of_profile.then_some(DEFAULT));
        let account = account.unwrap_or_else(|| profile.map(|profile| format!("profile {profile}")).unwrap_or_default());
        let session = Session::new(options, &environment, &files, &neighbours)?;
        session.has_its_code().await?;
        let inner = Inner {
            profile: profile.filter(|_| !has_keys).map(ProfileName::new),
            is_of_profile: is_of_profile && !has_keys,
            region: session::region(options, &environment, &files.sections)?,
            has_region_of_portal: files.is_place && !session::is_region_named(options, &environment),
            endpoint: session.endpoints.first().map(|endpoint| endpoint.url.clone()),
            flaws: files.flaws.into_iter().chain(session.sso.as_ref().and_then(|sso| seen_by_others(sso))).collect(),
            session: Mutex::new(Some(Arc::new(session))),
            account,
            neighbours,
            regions: Mutex::default(),
            turns: Turns::default(),
            roles: Roles::default(),
            key_pairs: KeyPairMemory::default(),
            prefix_lists: PrefixListMemory::default(),
            networks: NetworkMemory::default(),
            options: options.clone(),
            environment,
        };
        Ok(Self { inner: Arc::new(inner), pace: Pace::default() })
    }

    /// The same cloud for a question that somebody waits for.
    pub(super) fn hurried(&self) -> Self {
        Self { pace: Pace::Question, ..self.clone() }
    }

    /// The profile in use; `None` if the credentials come from elsewhere (environment, container, instance metadata).
    pub fn profile(&self) -> Option<&ProfileName> {
        self.inner.profile.as_ref()
    }

    /// What tells this cloud from another of the same profile: its endpoint, and what its keys come to if the environment brings them.
    pub fn mark(&self) -> String {
        let key = if self.inner.profile.is_none() { self.inner.environment.get("AWS_ACCESS_KEY_ID") } else { None };
        let half = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let key = key.map(|key| format!(" {:016x}", key.bytes().fold(0xcbf2_9ce4_8422_2325, half))).unwrap_or_default();
        format!("{}{key}", self.custom_endpoint().unwrap_or("aws"))
    }

    /// The region that was asked for, by option, environment or profile.
    pub fn region(&self) -> Option<&Region> {
        self.inner.region.as_ref()
    }

    /// Whether that is only where the portal of the place's SSO session is.
    pub fn has_region_of_portal(&self) -> bool {
        self.inner.has_region_of_portal
    }

    /// The custom endpoint in use, for the lasting mark in the title.
    pub fn custom_endpoint(&self) -> Option<&str> {
        self.inner.endpoint.as_deref()
    }

    /// Whether the environment brings credentials of its own: keys, a web identity, or those of a container.
    pub fn needs_no_profile(&self) -> bool {
        has_own_keys(&self.inner.options, &self.inner.environment) || keyring::has_role_of_environment(&self.inner.environment)
    }

    /// What was passed over in the AWS files when they were opened.
    pub fn flaws(&self) -> &[Flaw] {
        &self.inner.flaws
    }

    /// Forget credentials, what was read of the AWS files, and what was denied about roles: the next call reads everything anew,
    /// so that a new `aws sso login` or a mended file is noticed. For `R`; a failure that new credentials may mend does it by itself,
    /// so a plain refresh notices them as well. Calls under way go on with what they have.
    pub fn forget_credentials(&self) {
        let session = locked(&self.inner.session).take();
        if let Some(sso) = session.as_ref().and_then(|session| session.sso.as_ref()) {
            sso.forget_roles();
        }
        *locked(&self.inner.regions) = None;
        self.inner.neighbours.forget_connections();
        self.inner.roles.forget_denials();
        self.inner.prefix_lists.forget();
        self.inner.networks.forget();
    }

    /// When the credentials end; `None` for keys that last.
    pub async fn expires(&self) -> Result<Option<Timestamp>, Error> {
        let session = self.session().await?;
        let credentials = session.keyring.ready().await.map_err(|error| self.no_credentials(&session, &error))?;
        Ok(credentials.expiry().and_then(|time| Timestamp::try_from(time).ok()))
    }

    /// The session that the credentials begin with, if they begin with one, and how long its sign-in holds as far as that is known.
    pub async fn sign_in(&self) -> Option<(SsoSession, SignIn)> {
        let sso = self.session().await.ok()?.sso.clone()?;
        let standing = match sso.ends().await {
            Some(until) if until > Timestamp::now() => SignIn::Valid { until },
            Some(at) => SignIn::Ended { at },
            None => SignIn::Renews,
        };
        Some((sso.session().clone(), standing))
    }

    /// When the sign-in ends that nobody will renew, and what will be said of it then.
    pub async fn sign_in_ends(&self) -> Option<(Timestamp, Error)> {
        let session = self.session().await.ok()?;
        let at = session.sso.as_ref()?.ends().await?;
        let home = self.home();
        let bearer = session.bearer(self.profile().map_or("", ProfileName::raw), &home);
        Some((at, failure::sign_in_ended(bearer, &["ec2dash", "login"], SignInEnd::Ended { at: Some(at) })))
    }

    /// The file of that sign-in, once the AWS files were read.
    pub fn sign_in_file(&self) -> Option<SignInFile> {
        locked(&self.inner.session).as_ref()?.sso.as_ref()?.file()
    }

    /// The credentials themselves, for whoever is to have them.
    pub(super) async fn credentials(&self) -> Result<Credentials, Error> {
        let session = self.session().await?;
        session.keyring.ready().await.map_err(|error| self.no_credentials(&session, &error))
    }

    /// The limit of a whole call.
    pub(super) fn timeout(&self) -> Duration {
        self.inner.options.timeout
    }

    /// The regions that AWS told of not long ago.
    pub(super) fn known_regions(&self) -> Option<Vec<EnabledRegion>> {
        let known = locked(&self.inner.regions);
        known.as_ref().filter(|(since, _)| since.elapsed() < REGIONS_KEPT).map(|(_, regions)| regions.clone())
    }

    pub(super) fn keep_regions(&self, regions: &[EnabledRegion]) {
        *locked(&self.inner.regions) = Some((Instant::now(), regions.to_vec()));
    }

    pub(super) fn images(&self) -> &ImageMemory {
        self.inner.neighbours.images()
    }

    /// The account, if the AWS files tell whose the profile is.
    pub(super) fn account(&self) -> Option<AccountId> {
        self.inner.account.parse().ok()
    }

    pub(super) fn wishes(&self) -> &Wishes {
        self.inner.neighbours.wishes()
    }

    pub(super) fn known_prefix_lists(&self) -> &PrefixListMemory {
        &self.inner.prefix_lists
    }

    pub(super) fn known_networks(&self) -> &NetworkMemory {
        &self.inner.networks
    }

    pub(super) fn key_pair_memory(&self) -> &KeyPairMemory {
        &self.inner.key_pairs
    }

    pub(super) fn roles(&self) -> &Roles {
        &self.inner.roles
    }

    /// The region for what is the same in all of them.
    pub(super) fn home(&self) -> Region {
        self.inner.region.clone().unwrap_or_else(fallback_region)
    }

    /// Make one call: credentials first, then a place among the region's requests, then the call with its retries.
    pub(super) async fn ask<T, E, C>(
        &self,
        region: &Region,
        call: Call,
        request: impl FnOnce(Arc<Clients>) -> C,
    ) -> Result<T, Error>
    where
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        debug_assert!(CALLS.iter().any(|own| own.action == call.action), "{} is not in the list of calls", call.action);
        let session = self.session().await?;
        // Apart from the call, so that a slow credential program does not use up the call's time.
        self.ready(&session).await?;
        if call.takes_turns {
            self.inner.turns.turn(region, call.action).await;
        }
        let of = (call.service != Service::Iam).then_some(region);
        let limit = self.inner.neighbours.limit(&self.inner.account, of, self.pace);
        let _turn = limit.acquire().await.expect("the limits are never closed");
        let _flight = flight().await;
        tracing::debug!(action = call.action, region = region.as_str(), "call");
        let begun = Instant::now();
        let answer = request(session.clients(region)).await;
        if call.changes_networks() {
            self.inner.networks.forget();
        }
        match answer {
            Ok(answer) => Ok(answer),
            Err(error) => {
                let host = session.endpoints.host(call.service, region);
                let error = failure::of_call(&error, self.failed_call(call.action, region, &host, begun), SystemTime::now());
                let error = self.settled(&session, error).await;
                let error = match error {
                    // A name that nobody resolves, in a region that nobody knows.
                    Error::Unreachable { .. } if !regions::is_known(region.as_str()) => no_such_region(region.as_str()),
                    error => error,
                };
                Err(self.noted(&session, error))
            }
        }
    }

    /// Wait until there are credentials.
    pub(super) async fn ready(&self, session: &Session) -> Result<(), Error> {
        session.keyring.ready().await.map(drop).map_err(|error| self.no_credentials(session, &error))
    }

    /// Host and port of the proxy on the way to a service, if there is one.
    pub(super) async fn proxy_to(&self, service: Service, region: &Region) -> Option<String> {
        proxies::on_the_way_to(&self.session().await.ok()?.endpoints.host(service, region))
    }

    fn failed_call<'a>(&'a self, action: &'static str, region: &'a Region, host: &'a str, begun: Instant) -> FailedCall<'a> {
        let profile = self.profile().map_or("", ProfileName::raw);
        let proxy = proxies::on_the_way_to(host);
        FailedCall { action, region: region.as_str(), host, proxy, after: begun.elapsed(), profile }
    }

    /// A region that is off and keys that are wrong say the same; STS in a region that is always on tells which it is.
    async fn settled(&self, session: &Session, error: Error) -> Error {
        let Error::RegionOrKeys { region, .. } = &error else { return error };
        match session.accepted.get_or_try_init(|| self.ask_whether_accepted(session)).await {
            // What is not in our table may be newer than it; that it is off is more than anybody has said.
            Ok(Ok(())) if !regions::is_known(region) => no_such_region(region),
            Ok(Ok(())) => Error::RegionOff { region: region.clone() },
            Ok(Err(refusal)) => refusal.clone(),
            Err(_) => error,
        }
    }

    /// Whether the keys are accepted at all; an error if STS does not say.
    async fn ask_whether_accepted(&self, session: &Session) -> Result<Result<(), Error>, Error> {
        let region = fallback_region();
        tracing::debug!(action = GET_CALLER_IDENTITY.action, region = region.as_str(), "call");
        let begun = Instant::now();
        let Err(error) = session.clients(&region).sts.get_caller_identity().send().await else { return Ok(Ok(())) };
        let host = session.endpoints.host(Service::Sts, &region);
        let error =
            failure::of_call(&error, self.failed_call(GET_CALLER_IDENTITY.action, &region, &host, begun), SystemTime::now());
        match error {
            Error::InvalidCredentials { .. } | Error::Expired { .. } | Error::ClockSkew { .. } => Ok(Err(error)),
            error => Err(error),
        }
    }

    pub(super) async fn session(&self) -> Result<Arc<Session>, Error> {
        if let Some(session) = locked(&self.inner.session).clone().filter(|session| !session.keyring.is_stale(Instant::now())) {
            return Ok(session);
        }
        let files = read(&self.inner.options, &self.inner.environment).await?;
        self.refuse_lost_profile(&files)?;
        let session = Arc::new(Session::new(&self.inner.options, &self.inner.environment, &files, &self.inner.neighbours)?);
        let mut kept = locked(&self.inner.session);
        // Another call may have been quicker.
        let known = kept.take().filter(|known| !known.keyring.is_stale(Instant::now()));
        Ok(Arc::clone(kept.insert(known.unwrap_or(session))))
    }

    /// A profile that gave the credentials must give them still: what lies behind it would be somebody else's, under its name.
    fn refuse_lost_profile(&self, files: &Files) -> Result<(), Error> {
        let section = section(files, &self.inner.options, &self.inner.environment)?;
        match (&self.inner.profile, section) {
            (Some(profile), None) => Err(Error::NoProfile { profile: profile.raw().into() }),
            (Some(_), Some(own)) if self.inner.is_of_profile && kind(own) == ProfileKind::Other => Err(Error::NoCredentials),
            _ => Ok(()),
        }
    }

    fn no_credentials(&self, session: &Session, failure: &NotGiven) -> Error {
        let home = self.home();
        let bearer = session.bearer(self.profile().map_or("", ProfileName::raw), &home);
        // Kept as it is for the calls that ask for the same credentials; the keyring knows for how long.
        failure::of_credentials(failure, bearer, SystemTime::now())
    }

    /// Let go of credentials that failed; newer ones, which another call has fetched since, stay.
    fn noted(&self, session: &Arc<Session>, error: Error) -> Error {
        if error.is_about_credentials() {
            if let Some(sso) = &session.sso {
                sso.forget_roles();
            }
            locked(&self.inner.session).take_if(|kept| Arc::ptr_eq(kept, session));
        }
        error
    }
}

impl fmt::Debug for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cloud").field("profile", &self.inner.profile).field("region", &self.inner.region).finish_non_exhaustive()
    }
}

/// The file of a sign-in that others may read.
fn seen_by_others(sso: &SsoAccess) -> Option<Flaw> {
    let file = sso.seen_by_others()?.to_string_lossy().into_owned();
    Some(Flaw { file: file.into(), line: None, fault: Fault::SeenByOthers })
}

fn fallback_region() -> Region {
    FALLBACK_REGION.parse().expect("the constant is a region")
}

/// The profile that was asked for, by option or environment.
fn chosen<'a>(options: &'a Options, environment: &'a Environment) -> Option<&'a str> {
    options.profile.as_deref().or_else(|| environment.profile())
}

/// Whether keys in the environment are used, whatever the files hold.
fn has_own_keys(options: &Options, environment: &Environment) -> bool {
    options.profile.is_none() && keyring::keys_of(environment).is_some()
}

/// The section in use. `None`: none is needed, for keys of the environment or whatever else gives credentials without one.
fn section<'a>(files: &'a Files, options: &Options, environment: &Environment) -> Result<Option<&'a Section>, Error> {
    let chosen = chosen(options, environment);
    match files.profile(chosen.unwrap_or(DEFAULT)) {
        Ok(section) => Ok(Some(section)),
        // Keys in the environment need no profile.
        Err(Error::BadProfile { .. }) if has_own_keys(options, environment) => Ok(None),
        Err(Error::NoProfile { .. }) if chosen.is_none() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The account of a profile, as far as the files tell.
fn account_of(section: &Section) -> Option<String> {
    let of_role = || section.get("role_arn").and_then(|arn| arn.split(':').nth(4));
    section.get("sso_account_id").or_else(of_role).map(str::to_owned)
}

async fn read(options: &Options, environment: &Environment) -> Result<Files, Error> {
    let selected = chosen(options, environment).unwrap_or(DEFAULT);
    if has_own_keys(options, environment) {
        Files::read_what_can_be_read(environment, selected).await
    } else {
        Files::read_beside(environment, selected, &options.sessions).await
    }
}
