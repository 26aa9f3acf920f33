//! A session of IAM Identity Center that somebody can sign in to.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;
use tokio::sync::{OnceCell, mpsc, oneshot};
use tokio::time::Instant;

use super::access::{SignInFile, SsoAccess};
use super::cache::{Cache, FileName};
use super::flow::{Flow, FlowWishes, chosen};
use super::link::{SignInLink, UnsafeLink};
use super::own_domain::{is_of_aws, led_to};
use super::registration::{self, Registration};
use super::sso_session::SsoSession;
use crate::aws::client_config::Settings;
use crate::aws::endpoints::{Endpoints, Service};
use crate::aws::failure::{FailedCall, of_call};
use crate::aws::files::{Files, written};
use crate::aws::http::Http;
use crate::aws::profile_kind::{ProfileKind, base_kind};
use crate::aws::profiles::lineage;
use crate::aws::{Environment, Error, Options, client_config, proxies, regions};
use crate::model::{Region, Untrusted};

/// Where to sign in, for a person to see before anything is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInPage {
    /// For the browser.
    pub link: SignInLink,
    /// For a person who types it; the code is typed there.
    pub page: SignInLink,
    /// What the page must show; none where the browser comes back by itself.
    pub code: Option<Untrusted>,
    /// When it is too late.
    pub until: Timestamp,
}

/// What happens while somebody signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Open this. The answer is whether a browser was started.
    Open(Box<SignInPage>),
    /// The browser cannot come back here, so a code will be compared.
    FellBack,
    /// The start URL is one at the company's own domain.
    LeadsTo {
        /// Its host.
        from: Untrusted,
        /// The host of AWS that it leads to.
        to: Untrusted,
    },
    /// Nobody has confirmed for a while: the region may be another, which only the page says.
    Lingering,
}

/// Something that happened, and where it is answered.
#[derive(Debug)]
pub struct Told {
    /// What happened.
    pub progress: Progress,
    /// Whether a browser was started.
    pub opened: oneshot::Sender<bool>,
}

/// Tell somebody, and hear whether a browser was started.
pub(super) async fn tell(out: &mpsc::Sender<Told>, progress: Progress) -> bool {
    let (opened, opening) = oneshot::channel();
    out.send(Told { progress, opened }).await.is_ok() && opening.await.unwrap_or(false)
}

/// A session of IAM Identity Center, and the way to it.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    pub(super) access: Arc<SsoAccess>,
    pub(super) environment: Environment,
    /// The host and port on this computer that the user has put in the place of the sign-in service.
    plain: Option<String>,
    endpoint: Option<String>,
    /// The profile that was asked for, for messages.
    pub(super) profile: Untrusted,
    /// The host of its portal.
    pub(super) portal_host: String,
    http: Http,
    /// Where its start URL leads, if it is one at the company's own domain and was asked.
    led: OnceCell<String>,
}

impl IdentityCenter {
    /// The session that a profile's credentials begin with.
    pub async fn of_profile(options: &Options) -> Result<Self, Error> {
        Self::of_profile_in(options, Environment::of_process()).await
    }

    /// As [`IdentityCenter::of_profile`], with these variables in place of the process's.
    pub async fn of_profile_in(options: &Options, environment: Environment) -> Result<Self, Error> {
        let selected = options.profile.as_deref().or_else(|| environment.profile()).unwrap_or("default").to_owned();
        let files = Files::read_beside(&environment, &selected, &options.sessions).await?;
        files.profile(&selected)?;
        let lineage = lineage(&files, files.sections.selected_profile())?;
        let none = || Error::NoSsoSession { profile: selected.as_str().into() };
        let base = lineage.last().filter(|_| base_kind(&lineage) == ProfileKind::Sso).ok_or_else(none)?;
        let session = SsoSession::of_section(&files.sections, base)?;
        Self::new(session, options, environment, &files, selected.as_str().into())
    }

    /// A session that a person names. Without a name it has that of the section of the AWS files with this start URL and region,
    /// else the first label of the host.
    pub async fn of_start_url(options: &Options, start_url: &str, region: Region, name: Option<&str>) -> Result<Self, Error> {
        Self::of_start_url_in(options, Environment::of_process(), start_url, region, name).await
    }

    /// As [`IdentityCenter::of_start_url`], with these variables in place of the process's.
    pub async fn of_start_url_in(
        options: &Options,
        environment: Environment,
        start_url: &str,
        region: Region,
        name: Option<&str>,
    ) -> Result<Self, Error> {
        let selected = options.profile.as_deref().or_else(|| environment.profile()).unwrap_or("default").to_owned();
        let files = Files::read(&environment, &selected).await?;
        let unknown = || Error::UnknownStartUrl { start_url: start_url.into(), region: region.to_string(), session: None };
        // A simulated company has its portal where its sign-in service is.
        let endpoints = Endpoints::find(&environment, &files.sections, &[Service::SsoOidc])?;
        let plain = endpoints.of(Service::SsoOidc).filter(|custom| custom.is_plain).map(|custom| custom.host.as_str());
        let host = SignInLink::checked(start_url, plain).map_err(|_| unknown())?.host();
        let session = super::names::session(&files.sections, start_url, &region, name, host.raw())?;
        Self::new(session, options, environment, &files, Untrusted::default())
    }

    /// The region in the name of the portal that a start URL at the company's own domain leads to. `None`: it names none, or the start URL
    /// is one of AWS, or it cannot be asked.
    pub async fn region_behind(start_url: &str) -> Option<Region> {
        let environment = Environment::of_process();
        let files = Files::read(&environment, "default").await.ok()?;
        let host = SignInLink::checked(start_url, None).ok()?.host();
        let http =
            Http::new(client_config::bundle(&environment, &files.sections), true).ok().filter(|_| !is_of_aws(host.raw()))?;
        super::names::region_in_start_url(led_to(&http, start_url).await.ok()?.url())
    }

    /// A session by its name: of the AWS files, or one that `options` knows. `None`: there is none of this name.
    pub async fn of_session(options: &Options, name: &str) -> Result<Option<Self>, Error> {
        let environment = Environment::of_process();
        let files = Files::read_beside(&environment, "default", &options.sessions).await?;
        match SsoSession::of_name(&files.sections, name)? {
            Some(session) => Self::new(session, options, environment, &files, Untrusted::default()).map(Some),
            None => Ok(None),
        }
    }

    /// The names of the sessions in the AWS files, and of those that `options` knows, in order.
    pub async fn names(options: &Options) -> Result<Vec<String>, Error> {
        let files = Files::read_beside(&Environment::of_process(), "default", &options.sessions).await?;
        let mut names: Vec<String> = files.sections.sso_sessions().map(|name| written(name).into_owned()).collect();
        names.sort();
        Ok(names)
    }

    fn new(
        session: SsoSession,
        options: &Options,
        environment: Environment,
        files: &Files,
        profile: Untrusted,
    ) -> Result<Self, Error> {
        let sections = &files.sections;
        let endpoints = Endpoints::find(&environment, sections, &[Service::SsoOidc, Service::Sso])?;
        let http = Http::new(client_config::bundle(&environment, sections), endpoints.leave_this_computer())?;
        let plain = Settings::new(options, &environment, sections).of_clients(options.version);
        let portal_host = endpoints.host(Service::Sso, &session.region);
        let access = SsoAccess::shared(session, &environment, &plain, &endpoints, &http);
        let custom = endpoints.of(Service::SsoOidc);
        Ok(Self {
            access,
            plain: custom.filter(|custom| custom.is_plain).map(|custom| custom.host.clone()),
            endpoint: custom.map(|custom| custom.url.clone()),
            environment,
            profile,
            portal_host,
            http,
            led: OnceCell::new(),
        })
    }

    /// What is signed in to.
    pub fn session(&self) -> &SsoSession {
        &self.access.session
    }

    /// The address that takes the place of the sign-in service, for a lasting mark.
    pub fn custom_endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// Where its sign-in is written down.
    pub fn sign_in_file(&self) -> Option<SignInFile> {
        self.access.file()
    }

    /// The start URL that the service knows.
    pub(super) fn portal(&self) -> &str {
        self.led.get().unwrap_or(&self.session().start_url)
    }

    /// See where a start URL at the company's own domain leads, and tell.
    pub(super) async fn find_portal(&self, told: &mpsc::Sender<Told>) -> Result<(), Error> {
        let url = &self.session().start_url;
        // One that is no https link is refused by the service in its own words.
        let Ok(link) = SignInLink::checked(url, None) else { return Ok(()) };
        let is_of_endpoint = self.endpoint.as_deref().is_some_and(|endpoint| url.starts_with(endpoint));
        if is_of_aws(link.host().raw()) || is_of_endpoint || self.led.initialized() {
            return Ok(());
        }
        let portal = led_to(&self.http, url).await?;
        tell(told, Progress::LeadsTo { from: link.host(), to: portal.host() }).await;
        // Whoever was quicker was told the same.
        let _ = self.led.set(portal.url().to_owned());
        Ok(())
    }

    /// The way that suits this computer.
    pub fn flow(&self, wishes: FlowWishes) -> Flow {
        chosen(&self.environment, self.session(), wishes, Path::new("/.dockerenv").exists())
    }

    /// What we are to the service: as known from before, or made known now.
    pub(super) async fn registration(&self, grants: &[&str], anew: bool) -> Result<Registration, Refusal> {
        let (session, now) = (self.session(), Timestamp::now());
        let name = registration::name(session);
        let known = match &self.access.cache {
            Some(cache) if !anew => cache.read_if_whole(&name, Registration::understood).await,
            _ => None,
        };
        if let Some(known) = known.filter(|known| known.serves(session, grants, now)) {
            return Ok(known);
        }
        let begun = Instant::now();
        let mut made = self.access.oidc.register(session, grants, self.portal()).await;
        // Where a page of the portal is no name for it, what stands before the `#` is.
        if let (Err(error), Some((portal, _))) = (&made, self.portal().split_once('#'))
            && error.code() == Some("InvalidRequestException")
        {
            made = self.access.oidc.register(session, grants, portal).await;
        }
        let made = made.map_err(|error| self.refusal(&error, "sso-oauth:RegisterClient", begun))?;
        if let Some(cache) = &self.access.cache {
            keep_registration(cache, &name, &made).await;
        }
        Ok(made)
    }

    /// A link that the service gave.
    pub(super) fn link(&self, url: &str) -> Result<SignInLink, Error> {
        SignInLink::checked(url, self.plain.as_deref()).map_err(|error: UnsafeLink| Error::Garbled {
            action: "sso-oauth:StartDeviceAuthorization",
            cause: error.to_string().into(),
        })
    }

    /// A call of the sign-in service failed.
    pub(super) fn refusal<E>(&self, error: &SdkError<E, HttpResponse>, action: &'static str, begun: Instant) -> Refusal
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let session = self.session();
        let unknown = || Error::UnknownStartUrl {
            start_url: session.start_url(),
            region: session.region.to_string(),
            session: session.name(),
        };
        let code = error.code().unwrap_or_default().to_owned();
        let host = &self.access.oidc.host;
        let call = FailedCall {
            action,
            region: session.region.as_str(),
            host,
            proxy: proxies::on_the_way_to(host),
            after: begun.elapsed(),
            profile: self.profile.raw(),
        };
        let error = match of_call(error, call, SystemTime::now()) {
            _ if code == "InvalidRequestException" && action != "sso-oauth:CreateToken" => unknown(),
            // A name that nobody resolves, in a region that nobody knows.
            Error::Unreachable { .. } if !regions::is_known(session.region.as_str()) => unknown(),
            error => error,
        };
        Refusal { code, error }
    }
}

/// What the sign-in service refused: its code, and what it comes to.
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) error: Error,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

/// It spares the next sign-in a call; without it there is one more.
async fn keep_registration(cache: &Cache, name: &FileName, registration: &Registration) {
    let _lock = cache.lock(name).await;
    if let Err(error) = cache.write(name, registration.bytes()).await {
        tracing::debug!("the registration is not written down: {error}");
    }
}
