//! The accounts and roles of signed-in SSO sessions for the switcher: those of the last time at once, then as the portals tell them.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;

use super::{Report, Runtime};
use crate::aws::{self, IdentityCenter};
use crate::columns::Tone;
use crate::config::{SessionListing, SessionListings};
use crate::model::{ProfileName, SessionPlace, SsoAccount, glob_fits};
use crate::text::Catalogue;
use crate::tui::age;
use crate::tui::message::Message;
use crate::tui::world::ProfileChoice;

/// A listing that is younger is not asked for again.
const FRESH: SignedDuration = SignedDuration::from_mins(5);
/// A pattern is compared with what was told no longer ago than this.
const FRESH_FOR_PATTERNS: SignedDuration = SignedDuration::from_hours(1);
/// So many accounts that fit are told before the first batch is full.
const FIRST: usize = 5;
/// Role lists under way: few, so that credentials come in between.
const AT_ONCE: usize = 2;
/// So many accounts are told at a time.
const BATCH: usize = 50;

/// What the listing of one session needs.
struct Session {
    center: IdentityCenter,
    name: String,
    listing: Option<SessionListing>,
}

impl Runtime {
    /// Show what was told last, and if `asks` then ask the sessions that are signed in to.
    pub(super) fn list_sessions(&mut self, asks: bool) {
        if asks && self.sessions_asked.as_ref().is_some_and(|task| !task.is_finished()) {
            return;
        }
        let (options, listings, text, out) =
            (self.options.clone(), self.listings.clone(), Arc::clone(&self.text), self.out.clone());
        let task = self.spawn(async move {
            let mut sessions = known(&options, &listings).await;
            if asks {
                for at in 0..sessions.len() {
                    if !ask(&mut sessions, at, &listings, &text, &out).await {
                        return None;
                    }
                }
            }
            Some(Report::Message(Message::SessionPlaces(choices(&sessions, &text))))
        });
        if asks {
            self.sessions_asked = Some(task);
        }
    }

    /// See which places of the sessions these patterns fit.
    pub(super) fn find_places(&mut self, patterns: Vec<String>) {
        if let Some(task) = self.finder.take() {
            task.abort();
        }
        let (options, listings, text, out) =
            (self.options.clone(), self.listings.clone(), Arc::clone(&self.text), self.out.clone());
        self.finder = Some(self.spawn(async move {
            let mut sessions = known(&options, &listings).await;
            let mut failed = None;
            for at in 0..sessions.len() {
                let fits = |session: &Session| patterns.iter().any(|pattern| is_about(pattern, &session.name));
                if !sessions.get(at).is_some_and(fits) {
                    continue;
                }
                match find(&mut sessions, at, &patterns, &listings, &text, &out).await {
                    Ok(true) => {}
                    Ok(false) => return None,
                    Err(error) => {
                        failed = sessions.get(at).map(|own| (own.name.clone(), error, own.center.sign_in_file()));
                    }
                }
            }
            send(&out, Message::SessionPlaces(choices(&sessions, &text))).await.then_some(())?;
            Some(Report::PlacesFound(patterns, failed.map_or(Ok(()), Err)))
        }));
    }
}

/// Whether a pattern can fit places of this session.
fn is_about(pattern: &str, session: &str) -> bool {
    SessionPlace::parts(pattern).is_some_and(|(own, ..)| glob_fits(own, session))
}

/// Ask one session for the roles of the accounts that a pattern fits, unless they were told lately. Whether somebody still listens.
async fn find(
    sessions: &mut [Session],
    at: usize,
    patterns: &[String],
    listings: &SessionListings,
    text: &Catalogue,
    out: &mpsc::Sender<Report>,
) -> Result<bool, aws::Error> {
    if !send(out, Message::SessionPlaces(choices(sessions, text))).await {
        return Ok(false);
    }
    let Some(session) = sessions.get_mut(at) else { return Ok(true) };
    if session.listing.as_ref().is_some_and(|own| own.is_younger(FRESH_FOR_PATTERNS, Timestamp::now())) {
        return Ok(true);
    }
    let (center, name) = (session.center.clone(), session.name.clone());
    let mut accounts = center.accounts().await?;
    let all = accounts.len();
    let fits = |account: &SsoAccount, pattern: &String| {
        SessionPlace::parts(pattern).is_some_and(|(own, id, _)| glob_fits(own, &name) && glob_fits(id, account.id.as_str()))
    };
    accounts.retain(|account| patterns.iter().any(|pattern| fits(account, pattern)));
    let mut told: Vec<SsoAccount> = Vec::new();
    let mut asked = stream::iter(accounts)
        .map(|account| {
            let center = center.clone();
            async move { Ok::<_, aws::Error>(SsoAccount { roles: center.roles(&account.id).await?, ..account }) }
        })
        .buffered(AT_ONCE);
    while let Some(account) = asked.next().await {
        told.push(account?);
        // The first ones at once, then in batches.
        let is_due = told.len() == FIRST || told.len().is_multiple_of(BATCH);
        if is_due && !show(sessions, at, &told, text, out).await {
            return Ok(false);
        }
    }
    drop(asked);
    let is_whole = told.len() == all;
    let listing = SessionListing { accounts: told, told: Timestamp::now() };
    if is_whole {
        keep(&center, listings, &listing).await;
    }
    if let Some(session) = sessions.get_mut(at) {
        session.listing = Some(listing);
    }
    Ok(true)
}

/// The sessions that have a name, with what was told of them last.
async fn known(options: &aws::Options, listings: &SessionListings) -> Vec<Session> {
    let mut sessions = Vec::new();
    for name in IdentityCenter::names(options).await.unwrap_or_default() {
        // One that cannot be used is told where its profiles are.
        let Ok(Some(center)) = IdentityCenter::of_session(options, &name).await else { continue };
        let (whose, listings) = (center.mark(), listings.clone());
        let listing = tokio::task::spawn_blocking(move || listings.read(&whose)).await.ok().flatten();
        sessions.push(Session { center, name, listing });
    }
    sessions
}

/// Ask one session for what it gives now, unless that was told just now. Whether somebody still listens.
async fn ask(
    sessions: &mut [Session],
    at: usize,
    listings: &SessionListings,
    text: &Catalogue,
    out: &mpsc::Sender<Report>,
) -> bool {
    if !send(out, Message::SessionPlaces(choices(sessions, text))).await {
        return false;
    }
    let Some(session) = sessions.get_mut(at) else { return true };
    if session.listing.as_ref().is_some_and(|own| own.is_younger(FRESH, Timestamp::now())) {
        return true;
    }
    let center = session.center.clone();
    let accounts = match center.accounts().await {
        Ok(accounts) => accounts,
        // Nobody is signed in: what was told last stays, and says its age.
        Err(aws::Error::SignInEnded { .. }) => return true,
        Err(error) => return send(out, Message::Failed(error.what(text))).await,
    };
    // Accounts whose roles are not told yet have those of the last time.
    let before = session.listing.take().map(|own| own.accounts).unwrap_or_default();
    let roles_before = |account: &SsoAccount| before.iter().find(|own| own.id == account.id).map(|own| own.roles.clone());
    let mut told: Vec<SsoAccount> =
        accounts.into_iter().map(|account| SsoAccount { roles: roles_before(&account).unwrap_or_default(), ..account }).collect();
    let ids: Vec<_> = told.iter().map(|account| account.id.clone()).enumerate().collect();
    let mut asked = stream::iter(ids)
        .map(|(place, id)| {
            let center = center.clone();
            async move { (place, center.roles(&id).await) }
        })
        .buffered(AT_ONCE);
    while let Some((place, roles)) = asked.next().await {
        match roles {
            Ok(roles) => told.get_mut(place).into_iter().for_each(|account| account.roles.clone_from(&roles)),
            Err(error) => return send(out, Message::Failed(error.what(text))).await,
        }
        if (place + 1) % BATCH == 0 && !show(sessions, at, &told, text, out).await {
            return false;
        }
    }
    drop(asked);
    let listing = SessionListing { accounts: told, told: Timestamp::now() };
    keep(&center, listings, &listing).await;
    if let Some(session) = sessions.get_mut(at) {
        session.listing = Some(listing);
    }
    true
}

/// Show what one session has told so far. Whether somebody still listens.
async fn show(sessions: &mut [Session], at: usize, told: &[SsoAccount], text: &Catalogue, out: &mpsc::Sender<Report>) -> bool {
    if let Some(session) = sessions.get_mut(at) {
        session.listing = Some(SessionListing { accounts: told.to_vec(), told: Timestamp::now() });
    }
    send(out, Message::SessionPlaces(choices(sessions, text))).await
}

/// Keep all that a session has told for the next start.
async fn keep(center: &IdentityCenter, listings: &SessionListings, listing: &SessionListing) {
    let (whose, listings, SessionListing { accounts, told }) = (center.mark(), listings.clone(), listing.clone());
    let written = tokio::task::spawn_blocking(move || listings.write(&whose, &accounts, told)).await;
    if let Ok(Err(error)) = written {
        tracing::debug!("the accounts of a session are not kept: {error}");
    }
}

/// Whether somebody still listens.
async fn send(out: &mpsc::Sender<Report>, message: Message) -> bool {
    out.send(Report::Message(message)).await.is_ok()
}

/// All places of all sessions, with the age of what was told of them.
fn choices(sessions: &[Session], text: &Catalogue) -> Vec<ProfileChoice> {
    let now = Timestamp::now();
    let mut choices = Vec::new();
    for Session { name, listing, .. } in sessions {
        let Some(SessionListing { accounts, told }) = listing else { continue };
        let standing = text.say_with("standing-listed", &[("ago", age::ago(*told, now, text).into())]);
        for account in accounts {
            let kind = account.name.as_ref().map(|name| name.shown_in(40)).unwrap_or_default();
            let places = account.roles.iter().filter_map(|role| SessionPlace::new(name, account.id.clone(), role));
            choices.extend(places.map(|place| ProfileChoice {
                name: ProfileName::new(place.to_string()),
                kind: kind.clone(),
                account: None,
                region: None,
                standing: (Tone::Faint, standing.clone()),
                programs: Vec::new(),
                is_default: false,
            }));
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_name_of_an_account_moves_no_cursor_and_makes_no_line() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aws")).unwrap();
        let account = |name: &str| SsoAccount {
            id: "444455556666".parse().unwrap(),
            name: Some(name.into()),
            roles: vec!["ReadOnly".to_owned(), "a\u{1b}]b".to_owned()],
        };
        let environment = aws::Environment::new([("HOME", home.path().to_str().unwrap())]);
        let options = crate::tui::tests::world::options();
        let region = "eu-central-1".parse().unwrap();
        let center =
            IdentityCenter::of_start_url_in(&options, environment, "https://corp.example/start", region, None).await.unwrap();
        let listing = SessionListing { accounts: vec![account("Corp\u{1b}[2J\n\u{202e}x")], told: Timestamp::now() };

        let choices = choices(&[Session { center, name: "corp".to_owned(), listing: Some(listing) }], &Catalogue::english());

        let [choice] = choices.as_slice() else { panic!("a role that AWS gives no such name is none: {choices:?}") };
        assert_eq!((choice.name.raw(), choice.kind.as_str()), ("corp/444455556666/ReadOnly", "Corp·[2J··x"));
    }
}
