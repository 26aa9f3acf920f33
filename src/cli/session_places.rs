//! The places of signed-in SSO sessions: every account and role that they give, or those that a pattern fits.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};

use super::Failure;
use super::invocation::Invocation;
use crate::aws::{self, IdentityCenter};
use crate::config::SessionListings;
use crate::model::{Region, SessionPlace, SsoAccount, Untrusted, glob_fits};

/// Role lists that are asked for at once; how many a second is the session's own affair.
const AT_ONCE: usize = 5;
/// With more accounts than this it takes a while.
const MANY: usize = 50;
/// Accounts whose roles are told in a second.
const PER_SECOND: usize = 10;

/// A pattern is compared with what was told no longer ago than this.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// A place that a session gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenPlace {
    /// The place.
    pub place: SessionPlace,
    /// What its account is called.
    pub account_name: Option<Untrusted>,
    /// Where people sign in.
    pub start_url: Untrusted,
    /// Where the session's services are.
    pub sso_region: Region,
}

impl Invocation {
    /// Every place of every session that is signed in to. The others are named, unless nobody is signed in anywhere: that is the failure.
    pub async fn session_places(&self) -> Result<Vec<GivenPlace>, Failure> {
        let failed = |error: aws::Error| self.failed(&error);
        let names = IdentityCenter::names(&self.options()).await.map_err(failed)?;
        let mut places = Vec::new();
        let mut signed_out = Vec::new();
        for name in &names {
            match self.places_of(name, None).await {
                Ok(given) => places.push(given),
                Err(error @ aws::Error::SignInEnded { .. }) => signed_out.push(error),
                Err(error) => return Err(failed(error)),
            }
        }
        match signed_out.first() {
            Some(error) if places.is_empty() => return Err(failed(error.clone())),
            None if names.is_empty() => return Err(self.failure("no-start-url", super::Exit::Usage, &[])),
            _ => signed_out.iter().for_each(|error| self.note(&error.what(&self.text))),
        }
        Ok(places.concat())
    }

    /// The places that `SESSION/ACCOUNT/ROLE` with a `*` in it fits. Nothing is asked for what is not written so.
    pub async fn session_places_like(&self, pattern: &str) -> Result<Vec<GivenPlace>, Failure> {
        let Some((session, account, role)) = SessionPlace::parts(pattern) else { return Ok(Vec::new()) };
        let names = IdentityCenter::names(&self.options()).await.map_err(|error| self.failed(&error))?;
        let mut places = Vec::new();
        for name in names.iter().filter(|name| glob_fits(session, name)) {
            places.extend(self.places_of(name, Some((account, role))).await.map_err(|error| self.failed(&error))?);
        }
        Ok(places)
    }

    /// What is kept of the sessions' accounts and roles.
    pub fn listings(&self) -> SessionListings {
        SessionListings::new(self.directories.cache.clone().filter(|_| !self.global.no_cache))
    }

    /// The places that fit; `None`: all, and what was told earlier does not count.
    async fn places_of(&self, session: &str, fitting: Option<(&str, &str)>) -> Result<Vec<GivenPlace>, aws::Error> {
        let Some(center) = IdentityCenter::of_session(&self.options(), session).await? else { return Ok(Vec::new()) };
        let kept = fitting.and_then(|_| self.listings().read(&center.mark()));
        let fresh = kept.as_ref().filter(|kept| kept.is_younger(FRESH, Timestamp::now()));
        let (account, role) = fitting.unwrap_or(("*", "*"));
        let accounts = match (fresh, kept.as_ref()) {
            (Some(kept), _) => kept.accounts.clone(),
            (None, kept) => match (self.asked_accounts(&center, account).await, kept) {
                // Each of the places says of itself that nobody is signed in.
                (Err(aws::Error::SignInEnded { .. }), Some(kept)) => kept.accounts.clone(),
                (asked, _) => asked?,
            },
        };
        let own = center.session();
        let accounts = accounts.into_iter().filter(|own| glob_fits(account, own.id.as_str()));
        let given = accounts.flat_map(|account| {
            let fitting = account.roles.into_iter().filter(|name| glob_fits(role, name));
            let places = fitting.filter_map(move |role| SessionPlace::new(session, account.id.clone(), &role));
            places.map(move |place| GivenPlace {
                place,
                account_name: account.name.clone(),
                start_url: own.start_url(),
                sso_region: own.region().clone(),
            })
        });
        Ok(given.collect())
    }

    /// The accounts that fit with their roles, as the portal tells them now. All of them are kept.
    async fn asked_accounts(&self, center: &IdentityCenter, fitting: &str) -> Result<Vec<SsoAccount>, aws::Error> {
        let mut accounts = center.accounts().await?;
        let all = accounts.len();
        accounts.retain(|own| glob_fits(fitting, own.id.as_str()));
        if accounts.len() > MANY {
            let values = [
                ("session", center.session().shown().shown_in(60).into()),
                ("count", accounts.len().into()),
                ("seconds", accounts.len().div_ceil(PER_SECOND).into()),
            ];
            self.note(&self.text.say_with("sso-asking", &values));
        }
        let asked = stream::iter(accounts).map(async |own: SsoAccount| {
            let roles = center.roles(&own.id).await?;
            Ok::<_, aws::Error>(SsoAccount { roles, ..own })
        });
        let told: Vec<SsoAccount> = asked.buffered(AT_ONCE).try_collect().await?;
        if told.len() == all
            && let Err(error) = self.listings().write(&center.mark(), &told, Timestamp::now())
        {
            tracing::debug!("the accounts of a session are not kept: {error}");
        }
        Ok(told)
    }
}
