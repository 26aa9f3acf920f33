//! The one place that a session's token comes from: read, renewed in time, and never twice at once.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::sleep;
use zeroize::Zeroizing;

use super::cache::{Cache, Draft, FileName, Found, Stamp};
use super::loss::Loss;
use super::oidc::Oidc;
use super::sso_session::SsoSession;
use super::token::Token;
use super::unkept;
use crate::aws::flaw::Unkept;

/// How long a renewal that failed is not tried again while the old token lasts.
const AFTER_FAILURE: SignedDuration = SignedDuration::from_secs(30);
/// How often its file is looked at after a refusal, and how long apart.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// What the service says of a sign-in that only a new one mends.
const IS_OVER: [&str; 5] = [
    "InvalidGrantException",
    "ExpiredTokenException",
    "InvalidClientException",
    "UnauthorizedClientException",
    "AccessDeniedException",
];

/// Gives a session's token to everybody who calls with it.
#[derive(Debug)]
pub(super) struct TokenSource {
    session: SsoSession,
    name: FileName,
    cache: Option<Cache>,
    oidc: Oidc,
    // Held while the token is read and renewed, so that those who wait are served by one renewal.
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    token: Option<Arc<Token>>,
    /// What its file was like, and the token that stood there: what could not be written down is newer than that.
    stamp: Option<Stamp>,
    seen: Option<Zeroizing<String>>,
    /// When a renewal failed last.
    failed: Option<Timestamp>,
}

impl TokenSource {
    pub(super) fn new(session: SsoSession, cache: Option<Cache>, oidc: Oidc) -> Self {
        let name = FileName::of(session.key());
        Self { session, name, cache, oidc, kept: Arc::default() }
    }

    /// A token that holds.
    pub(super) async fn token(self: &Arc<Self>) -> Result<Arc<Token>, Loss> {
        let mut kept = Arc::clone(&self.kept).lock_owned().await;
        let now = Timestamp::now();
        // A file that has changed is another sign-in, or the same one renewed by another program.
        if let Some(token) = kept.token.as_ref().filter(|token| self.stamp() == kept.stamp && !token.is_due(now)) {
            return Ok(Arc::clone(token));
        }
        let token = self.read(&mut kept).await?;
        if !token.is_due(now) {
            return Ok(token);
        }
        let waits = kept.failed.is_some_and(|failed| now.duration_since(failed).abs() < AFTER_FAILURE);
        if waits && token.holds(now) {
            return Ok(token);
        }
        self.renew_to_the_end(kept, token, false).await
    }

    /// A token in the place of one that was refused.
    pub(super) async fn after_refusal(self: &Arc<Self>, refused: &Token) -> Result<Arc<Token>, Loss> {
        let mut kept = Arc::clone(&self.kept).lock_owned().await;
        let token = self.read(&mut kept).await?;
        if token.access != refused.access {
            return Ok(token);
        }
        // Its file says that it holds, and its service says otherwise.
        self.renew_to_the_end(kept, token, true).await.map_err(|loss| match loss {
            Loss::Ended { .. } => Loss::Revoked,
            loss => loss,
        })
    }

    /// When the sign-in ends, if no renewal will put that off.
    pub(super) async fn ends(&self) -> Option<Timestamp> {
        let mut kept = self.kept.lock().await;
        let now = Timestamp::now();
        let token = self.read(&mut kept).await.ok()?;
        let is_lasting = self.renewable(&token, now) && kept.failed.is_none();
        (!is_lasting).then_some(token.expires)
    }

    /// What the file was like when somebody looked last, and now.
    fn stamp(&self) -> Option<Stamp> {
        self.cache.as_ref()?.stamp(&self.name)
    }

    fn renewable(&self, token: &Token, now: Timestamp) -> bool {
        // A session without a name is renewed by nobody.
        self.session.name.is_some() && token.renewable(now).is_some()
    }

    async fn read(&self, kept: &mut Kept) -> Result<Arc<Token>, Loss> {
        let Some(cache) = &self.cache else { return Err(Loss::Missing) };
        let stamp = cache.stamp(&self.name);
        match cache.read(&self.name, Token::understood).await {
            Found::Nothing => Err(Loss::Missing),
            Found::Damaged => Err(Loss::Damaged),
            Found::This(token) => {
                kept.stamp = stamp;
                if let Some(known) = kept.token.as_ref().filter(|_| kept.seen.as_ref() == Some(&token.access)) {
                    return Ok(Arc::clone(known));
                }
                kept.seen = Some(token.access.clone());
                kept.failed = None;
                Ok(Arc::clone(kept.token.insert(Arc::new(token))))
            }
        }
    }

    /// A renewal that nobody waits for any more is carried through all the same: the old refresh token may be void by then.
    async fn renew_to_the_end(
        self: &Arc<Self>,
        mut kept: OwnedMutexGuard<Kept>,
        token: Arc<Token>,
        refused: bool,
    ) -> Result<Arc<Token>, Loss> {
        let source = Arc::clone(self);
        let renewal = tokio::spawn(async move { source.renew(&mut kept, token, refused).await });
        renewal.await.unwrap_or(Err(Loss::OddAnswer))
    }

    /// Nothing is under way afterwards.
    pub(super) async fn settled(&self) {
        drop(self.kept.lock().await);
    }

    /// Renew it, unless another program was quicker. `refused`: its service does not take it, whatever time is left.
    async fn renew(&self, kept: &mut Kept, token: Arc<Token>, refused: bool) -> Result<Arc<Token>, Loss> {
        let now = Timestamp::now();
        let ended = |token: &Token| Loss::Ended { at: (token.expires <= now).then_some(token.expires) };
        if !self.renewable(&token, now) {
            return if token.holds(now) && !refused { Ok(token) } else { Err(ended(&token)) };
        }
        let lock = match &self.cache {
            Some(cache) => cache.lock(&self.name).await,
            None => None,
        };
        let latest = self.read(kept).await.unwrap_or_else(|_| Arc::clone(&token));
        if latest.access != token.access && !latest.is_due(now) {
            return Ok(latest);
        }
        let Some(renewal) = latest.renewable(now) else { return Err(ended(&latest)) };
        // With the renewal the old token's refresh token is used up: what cannot be kept is not renewed before it must be.
        let draft = match &self.cache {
            Some(cache) => cache.draft(&self.name).await,
            None => Err(io::ErrorKind::NotFound.into()),
        };
        if let Err(error) = &draft
            && latest.holds(now)
            && !refused
        {
            tracing::debug!("the sign-in is not renewed early, for that could not be kept: {error}");
            kept.failed = Some(now);
            return Ok(latest);
        }
        match self.oidc.renewed(&latest, renewal).await {
            Ok(newer) if newer.access.is_empty() || !newer.holds(now) => Err(Loss::OddAnswer),
            Ok(newer) => {
                self.keep(kept, draft, &newer).await;
                drop(lock);
                Ok(Arc::clone(kept.token.insert(Arc::new(newer))))
            }
            Err(error) => {
                kept.failed = Some(now);
                let code = error.code().unwrap_or_default();
                tracing::debug!(code, "the sign-in was not renewed");
                let newer = if IS_OVER.contains(&code) { self.newer(kept, &latest).await } else { None };
                drop(lock);
                if let Some(newer) = newer {
                    return Ok(newer);
                }
                if latest.holds(now) && !refused {
                    return Ok(latest);
                }
                Err(if IS_OVER.contains(&code) { ended(&latest) } else { Loss::NotRenewed(Arc::new(error)) })
            }
        }
    }

    /// Somebody who knows nothing of our lock may have renewed it: the token that is about to be written by them.
    async fn newer(&self, kept: &mut Kept, known: &Token) -> Option<Arc<Token>> {
        for _ in 0..LOOKS {
            let found = self.read(kept).await.ok();
            if let Some(newer) = found.filter(|token| token.access != known.access && token.holds(Timestamp::now())) {
                return Some(newer);
            }
            sleep(BETWEEN_LOOKS).await;
        }
        None
    }

    /// Write it down; where that fails it holds in memory all the same, and its user is told.
    async fn keep(&self, kept: &mut Kept, draft: io::Result<Draft>, token: &Token) {
        let Some(cache) = &self.cache else { return };
        let written = match draft {
            Ok(draft) => draft.hold(token.bytes()).await,
            Err(error) => Err(error),
        };
        match written {
            Ok(()) => {
                kept.stamp = cache.stamp(&self.name);
                kept.seen = Some(token.access.clone());
            }
            Err(error) => {
                tracing::warn!("the renewed sign-in is not written down: {error}");
                unkept::note(cache, Unkept::SignIn(self.session.shown()), &error);
            }
        }
        kept.failed = None;
    }
}
