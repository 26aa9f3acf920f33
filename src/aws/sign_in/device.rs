//! Signing in with a code that is compared: the browser may be on any computer.

use std::time::Duration;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use zeroize::Zeroizing;

use super::identity_center::{IdentityCenter, Progress, SignInPage, Told, tell};
use super::oidc::TokenRefusal;
use super::token::Token;
use crate::aws::Error;

/// How long apart it is asked where the service says nothing of it, and how much longer after each request to slow down.
const USUAL_INTERVAL: Duration = Duration::from_secs(5);
const SLOWER: Duration = Duration::from_secs(5);
/// How long a code lasts where the service says nothing of it.
const USUAL_LIFE: Duration = Duration::from_secs(600);
/// After so long it is worth a word that the region may be wrong: only the page says so.
const LINGERING: Duration = Duration::from_secs(60);

/// What an answer means that is no token.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Wait,
    WaitLonger,
    RanOut,
    Refused,
    /// We are no longer known: once more, from the start.
    Forgotten,
    Failed,
}

/// The token of a new sign-in.
pub(super) async fn token(center: &IdentityCenter, told: &mpsc::Sender<Told>) -> Result<Token, Error> {
    let mut anew = false;
    loop {
        match tried(center, anew, told).await? {
            Some(token) => return Ok(token),
            None => anew = true,
        }
    }
}

/// One try; `None`: once more with a new registration.
async fn tried(center: &IdentityCenter, anew: bool, told: &mpsc::Sender<Told>) -> Result<Option<Token>, Error> {
    let (session, oidc) = (center.session(), &center.access.oidc);
    let registration = center.registration(&[], anew).await?;
    let begun = Instant::now();
    let started = match oidc.start(session, center.portal(), &registration).await {
        Ok(started) => started,
        Err(error) => {
            let refusal = center.refusal(&error, "sso-oauth:StartDeviceAuthorization", begun);
            let is_forgotten = matches!(refusal.code.as_str(), "InvalidClientException" | "UnauthorizedClientException");
            return if is_forgotten && !anew { Ok(None) } else { Err(refusal.into()) };
        }
    };
    let seconds = |given: i32, usual| u64::try_from(given).ok().filter(|given| *given > 0).map_or(usual, Duration::from_secs);
    let life = seconds(started.expires_in, USUAL_LIFE);
    let mut interval = seconds(started.interval, USUAL_INTERVAL);
    let device_code = Zeroizing::new(started.device_code.unwrap_or_default());
    let page = center.link(&started.verification_uri.unwrap_or_default())?;
    let link = started.verification_uri_complete.map_or_else(|| Ok(page.clone()), |complete| center.link(&complete))?;
    let until = Timestamp::now().saturating_add(SignedDuration::try_from(life).unwrap_or_default()).unwrap_or(Timestamp::MAX);
    let code = started.user_code.map(Into::into);
    tell(told, Progress::Open(Box::new(SignInPage { link, page, code, until }))).await;
    // From now on: the call itself took its time.
    let begun = Instant::now();
    let mut is_lingering = false;
    loop {
        sleep(interval).await;
        if begun.elapsed() >= life {
            return Err(Error::SignInTimedOut { after: life });
        }
        if !is_lingering && begun.elapsed() >= LINGERING {
            is_lingering = true;
            tell(told, Progress::Lingering).await;
        }
        let asked = Instant::now();
        let error = match oidc.confirmed(session, &registration, &device_code).await {
            Ok(token) if token.access.is_empty() => {
                return Err(Error::Garbled { action: "sso-oauth:CreateToken", cause: "no token in it".into() });
            }
            Ok(token) => return Ok(Some(token)),
            Err(error) => error,
        };
        match verdict(&error) {
            Verdict::Wait => {}
            Verdict::WaitLonger => interval += SLOWER,
            Verdict::RanOut => return Err(Error::SignInTimedOut { after: life }),
            Verdict::Refused => return Err(Error::SignInRefused),
            Verdict::Forgotten if !anew => return Ok(None),
            Verdict::Forgotten | Verdict::Failed => return Err(center.refusal(&error, "sso-oauth:CreateToken", asked).into()),
        }
    }
}

fn verdict(error: &TokenRefusal) -> Verdict {
    let is_of_server =
        error.raw_response().is_some_and(|answer| answer.status().is_server_error() || answer.status().as_u16() == 429);
    match error.code() {
        Some("AuthorizationPendingException") => Verdict::Wait,
        Some("SlowDownException") => Verdict::WaitLonger,
        Some("ExpiredTokenException") => Verdict::RanOut,
        Some("AccessDeniedException") => Verdict::Refused,
        Some("InvalidClientException" | "UnauthorizedClientException") => Verdict::Forgotten,
        // A network that changes, or a computer that sleeps, ends nothing.
        _ if is_of_server => Verdict::Wait,
        _ if matches!(error, SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_)) => {
            Verdict::Wait
        }
        _ => Verdict::Failed,
    }
}
