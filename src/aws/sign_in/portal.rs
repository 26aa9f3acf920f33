//! The portal, which gives a signed-in person the credentials of roles: bounded, because all that a person does shares its limits.

use std::sync::Mutex;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sso as sso;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use sso::operation::get_role_credentials::GetRoleCredentialsError;
use sso::operation::list_account_roles::ListAccountRolesError;
use sso::operation::list_accounts::ListAccountsError;
use sso::operation::logout::LogoutError;
use sso::types::{AccountInfo, RoleInfo};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, sleep_until};

use super::oidc::LARGEST_ANSWER;
use super::token::Token;
use crate::aws::locked::locked;
use crate::aws::size::Size;

/// Ten calls a second, so many of them at once, and so many in a burst.
const APART: Duration = Duration::from_millis(100);
const AT_ONCE: usize = 5;
const BURST: u32 = 5;
/// The most that a page holds, and the most pages: 100,000 accounts are more than anybody has.
const PAGE: i32 = 100;
const MOST_PAGES: usize = 1_000;
/// How often a call is made that is told to slow down, and one that nobody answers.
const TRIES_THROTTLED: u32 = 10;
const TRIES: u32 = 3;
/// The longest pauses between tries: they double from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LAST_PAUSE: Duration = Duration::from_secs(20);

/// The portal of one region, for one session.
#[derive(Debug)]
pub(super) struct Portal {
    client: sso::Client,
    /// When the next call would be due if they all came evenly.
    next: Mutex<Option<Instant>>,
    places: Semaphore,
}

impl Portal {
    pub(super) fn new(config: &SdkConfig) -> Self {
        let config = sso::config::Builder::from(config);
        // We repeat what is to be repeated: the SDK's own budget for that gives up under a steady limit.
        let config = config.retry_config(RetryConfig::standard().with_max_attempts(1)).interceptor(Size { most: LARGEST_ANSWER });
        Self { client: sso::Client::from_conf(config.build()), next: Mutex::default(), places: Semaphore::new(AT_ONCE) }
    }

    /// The credentials of a role.
    pub(super) async fn credentials(
        &self,
        token: &Token,
        account: &str,
        role: &str,
    ) -> Result<Credentials, SdkError<GetRoleCredentialsError, HttpResponse>> {
        let answer = self
            .call("sso:GetRoleCredentials", || {
                self.client.get_role_credentials().access_token(token.access.as_str()).account_id(account).role_name(role).send()
            })
            .await?;
        let given = answer.role_credentials.unwrap_or_else(|| sso::types::RoleCredentials::builder().build());
        let end = Duration::from_millis(u64::try_from(given.expiration).unwrap_or_default());
        let mut credentials = Credentials::builder()
            .access_key_id(given.access_key_id.unwrap_or_default())
            .secret_access_key(given.secret_access_key.unwrap_or_default())
            .expiry(std::time::SystemTime::UNIX_EPOCH + end)
            .provider_name("IdentityCenter");
        credentials.set_session_token(given.session_token);
        credentials.set_account_id(Some(account.to_owned().into()));
        Ok(credentials.build())
    }

    /// Every account that is assigned to who is signed in.
    pub(super) async fn accounts(&self, token: &Token) -> Result<Vec<AccountInfo>, SdkError<ListAccountsError, HttpResponse>> {
        let (mut all, mut next) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let request = || self.client.list_accounts().access_token(token.access.as_str()).max_results(PAGE);
            let answer = self.call("sso:ListAccounts", || request().set_next_token(next.clone()).send()).await?;
            all.extend(answer.account_list.unwrap_or_default());
            next = answer.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        Ok(all)
    }

    /// Every role of an account that is assigned to who is signed in.
    pub(super) async fn roles(
        &self,
        token: &Token,
        account: &str,
    ) -> Result<Vec<RoleInfo>, SdkError<ListAccountRolesError, HttpResponse>> {
        let (mut all, mut next) = (Vec::new(), None::<String>);
        for _ in 0..MOST_PAGES {
            let request = || self.client.list_account_roles().access_token(token.access.as_str()).max_results(PAGE);
            let request = || request().account_id(account).set_next_token(next.clone()).send();
            let answer = self.call("sso:ListAccountRoles", request).await?;
            all.extend(answer.role_list.unwrap_or_default());
            next = answer.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        Ok(all)
    }

    /// End the sign-in, for everybody who has its token.
    pub(super) async fn log_out(&self, token: &Token) -> Result<(), SdkError<LogoutError, HttpResponse>> {
        self.call("sso:Logout", || self.client.logout().access_token(token.access.as_str()).send()).await.map(|_| ())
    }

    /// Make a call when it is due, and again while waiting may help.
    async fn call<T, E, C>(&self, action: &'static str, request: impl Fn() -> C) -> Result<T, SdkError<E, HttpResponse>>
    where
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata,
    {
        let mut tries = 0;
        loop {
            let answer = {
                let _place = self.places.acquire().await.expect("the places are never closed");
                self.due().await;
                tracing::debug!(action, "call");
                request().await
            };
            let Err(error) = answer else { return answer };
            tries += 1;
            let most = if is_throttled(&error) { TRIES_THROTTLED } else { TRIES };
            if tries >= most || !passes(&error) {
                return Err(error);
            }
            sleep(pause(tries, jitter())).await;
        }
    }

    async fn due(&self) {
        let at = turn(&mut locked(&self.next), Instant::now());
        sleep_until(at).await;
    }
}

/// When a call that is ready `now` may be made. `next`: when it would be due if all came evenly.
fn turn(next: &mut Option<Instant>, now: Instant) -> Instant {
    let due = next.unwrap_or(now).max(now);
    *next = Some(due + APART);
    due.checked_sub(APART * (BURST - 1)).unwrap_or(now).max(now)
}

fn is_throttled<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    let is_429 = error.raw_response().is_some_and(|answer| answer.status().as_u16() == 429);
    is_429 || error.code() == Some("TooManyRequestsException")
}

/// Whether waiting may help.
fn passes<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    let is_server = error.raw_response().is_some_and(|answer| answer.status().is_server_error());
    let is_connection = matches!(error, SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) | SdkError::ResponseError(_));
    is_throttled(error) || is_server || is_connection
}

/// Full jitter below a limit that doubles. `jitter`: a number of 0 to 1.
fn pause(tries: u32, jitter: f64) -> Duration {
    let most = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries - 1)).min(LAST_PAUSE);
    most.mul_f64(jitter.clamp(0.0, 1.0))
}

/// A number of 0 to 1 that differs between programs, so that they do not ask again together.
fn jitter() -> f64 {
    let random = uuid::Uuid::new_v4().as_u128() as u32;
    f64::from(random) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_twenty_seconds() {
        let longest: Vec<u128> = (1..=8).map(|tries| pause(tries, 1.0).as_millis()).collect();

        assert_eq!(longest, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
        assert_eq!(pause(3, 0.0), Duration::ZERO);
    }

    #[test]
    fn a_burst_goes_at_once_and_then_ten_a_second() {
        let now = Instant::now();
        let mut next = None;

        let waits: Vec<u128> = (0..25).map(|_| (turn(&mut next, now) - now).as_millis()).collect();

        assert_eq!(waits.iter().filter(|wait| **wait == 0).count(), 5);
        assert_eq!((waits[5], waits[6], waits[24]), (100, 200, 2_000));
        let later = now + Duration::from_secs(60);
        assert_eq!(turn(&mut next, later), later);
    }
}
