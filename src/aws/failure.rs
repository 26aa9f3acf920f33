//! From the SDK's failures to ours: the one place that decides what went wrong.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::assume_role_with_web_identity::AssumeRoleWithWebIdentityError;
use aws_sdk_sts::operation::get_session_token::GetSessionTokenError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::certificate::CertificateFlaw;
use super::files::bad_files;
use super::keyring::{HaveEnded, NotGiven};
use super::profile_kind::ProfileKind;
use super::proxied::NotInTime;
use super::role_chain::{CodeWanted, RefusedWithCode};
use super::sdk_files::OddFile;
use super::sign_in::{Loss, SsoSession};
use super::wholeness::Cut;
use super::{Error, SignInEnd, proxies, regions};
use crate::model::{Denial, MfaDevice, Untrusted, Why};
use crate::outbound::Unconnected;

/// AWS accepts signatures up to five minutes old; a clock nearer than this is not the cause.
const TELLING_SKEW: i64 = 4 * 60;
/// Longest text kept of what a program or a server said.
const LONGEST_TEXT: usize = 2_000;

/// The call that failed.
#[derive(Debug, Clone)]
pub(super) struct FailedCall<'a> {
    pub(super) action: &'static str,
    pub(super) region: &'a str,
    pub(super) host: &'a str,
    /// The proxy on the way to the host.
    pub(super) proxy: Option<String>,
    /// How long was waited for it.
    pub(super) after: Duration,
    /// The profile, or an empty text.
    pub(super) profile: &'a str,
}

/// Whose credentials could not be had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer<'a> {
    /// The profile asked for, or an empty text.
    pub(super) profile: &'a str,
    /// The profile at the end of the chain, whose credentials are its own; empty where a session is used without one.
    pub(super) base: &'a str,
    pub(super) kind: ProfileKind,
    pub(super) session: Option<&'a SsoSession>,
    /// The host that the chain calls.
    pub(super) host: &'a str,
    pub(super) region: &'a str,
}

/// Why a call failed.
pub(super) fn of_call<E>(error: &SdkError<E, HttpResponse>, call: FailedCall<'_>, now: SystemTime) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    if let Some(cut) = sources(error).find_map(|source| source.downcast_ref::<Cut>()) {
        return Error::Garbled { action: call.action, cause: text(&cut.to_string()) };
    }
    match error {
        SdkError::ServiceError(refusal) => match refusal.err().meta().code().filter(|code| !code.trim().is_empty()) {
            Some(code) => {
                let message = refusal.err().meta().message().unwrap_or_default();
                of_code(code, message, call, ahead(refusal.raw(), now))
            }
            None if refusal.raw().status().is_success() => Error::Garbled { action: call.action, cause: text(&deepest(error)) },
            None => Error::Garbled { action: call.action, cause: text(&format!("HTTP {}", refusal.raw().status().as_u16())) },
        },
        SdkError::TimeoutError(_) => Error::Timeout { action: call.action, after: call.after },
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) => of_connection(error, call),
            None => Error::Unreachable { host: call.host.to_owned(), cause: text(&deepest(error)) },
        },
        SdkError::ResponseError(_) => Error::Garbled { action: call.action, cause: text(&deepest(error)) },
        _ => Error::Service { action: call.action, aws_code: text("NotSent"), message: text(&deepest(error)) },
    }
}

/// What AWS's code means to a user (docs/access-rules.md 2.1). `ahead`: AWS's clock minus ours, in seconds.
fn of_code(code: &str, message: &str, call: FailedCall<'_>, ahead: Option<i64>) -> Error {
    let FailedCall { action, region, profile, .. } = call;
    let is_skewed = ahead.is_some_and(|ahead| ahead.abs() > TELLING_SKEW);
    let skew = Error::ClockSkew { ahead };
    let invalid = || Error::InvalidCredentials { aws_code: text(code), message: text(message) };
    let expired = || Error::Expired { profile: profile.into() };
    match code {
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => expired(),
        "RequestTimeTooSkewed" | "RequestInTheFuture" => skew,
        // EC2 says the same of temporary credentials that ran out.
        "RequestExpired" if ahead.is_some() && !is_skewed => expired(),
        "RequestExpired" => skew,
        "SignatureDoesNotMatch" | "InvalidSignatureException" => {
            let blames_time = message.contains("Signature expired") || message.contains("not yet current");
            if is_skewed || blames_time { skew } else { invalid() }
        }
        "AuthFailure" | "UnrecognizedClientException" | "InvalidClientTokenId" => {
            if is_skewed {
                skew
            } else if regions::is_opt_in(region) {
                Error::RegionOrKeys { region: region.to_owned(), aws_code: text(code) }
            } else {
                invalid()
            }
        }
        "InvalidAccessKeyId" | "IncompleteSignature" | "MissingAuthenticationToken" | "MissingAuthenticationTokenException" => {
            invalid()
        }
        "OptInRequired" | "RegionDisabledException" => Error::RegionOff { region: region.to_owned() },
        "AccessDenied" if message.contains("invalid MFA one time pass code") => {
            // Whose it was is known where it was shown.
            Error::CodeRefused { device: MfaDevice { profile: profile.into(), serial: Untrusted::default() } }
        }
        "AccessDenied" if message.contains("unable to validate MFA code") => Error::DeviceUnknown,
        "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" | "AuthException" | "ForbiddenException" => {
            Error::Denied { action, message: text(message) }
        }
        "InvalidInstanceID.NotFound" | "InvalidInstanceID.Malformed" | "EC2InstanceNotFoundException" => Error::NoSuchInstance,
        "TargetNotConnected" => Error::NotConnected { message: text(message) },
        "BadRequest" if message.contains("advanced-instances tier") => Error::TierNeeded { message: text(message) },
        "InsufficientInstanceCapacity" | "InsufficientHostCapacity" | "InsufficientReservedInstanceCapacity" => {
            Error::NoCapacity { message: text(message) }
        }
        "DoesNotExistException" => Error::NoSuchSession,
        _ if is_throttling(code) => Error::Throttled { action },
        _ => Error::Service { action, aws_code: text(code), message: text(message) },
    }
}

fn is_throttling(code: &str) -> bool {
    matches!(
        code,
        "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "TooManyRequestsException"
            | "RequestLimitExceeded"
            | "BandwidthLimitExceeded"
            | "SlowDown"
            | "PriorRequestNotComplete"
            | "EC2ThrottledException"
    )
}

/// AWS's clock minus ours, by the answer's `Date`.
pub(super) fn ahead(answer: &HttpResponse, now: SystemTime) -> Option<i64> {
    let date = DateTime::from_str(answer.headers().get("date")?, Format::HttpDate).ok()?;
    Some(date.secs() - DateTime::from(now).secs())
}

/// Why nothing came back.
fn of_connection(error: &ConnectorError, call: FailedCall<'_>) -> Error {
    let said = deepest(error);
    if error.is_timeout() {
        // Display of the SDK's `HttpTimeoutError`: "HTTP connect timeout occurred after 5s".
        let is_connect = sources(error).any(|source| source.to_string().starts_with("HTTP connect timeout"));
        return if is_connect {
            not_dialled(call, "no connection in time")
        } else {
            Error::Timeout { action: call.action, after: call.after }
        };
    }
    if said.contains("closed before message completed") || said.contains("end of file before message length") {
        return Error::Garbled { action: call.action, cause: text("the connection was closed before the answer was complete") };
    }
    if let Some(unconnected) = sources(error).find_map(|source| source.downcast_ref::<Unconnected>()) {
        match unconnected {
            Unconnected::Proxy { proxy, cause, .. } => {
                return Error::Proxy { proxy: proxy.clone(), host: call.host.to_owned(), cause: cause.clone() };
            }
            Unconnected::Tls { proxy, error } => {
                let cause = || Error::Proxy { proxy: proxy.clone(), host: call.host.to_owned(), cause: text(&deepest(error)) };
                return Error::of_proxy(proxy, error).unwrap_or_else(cause);
            }
            Unconnected::Server(_) => {}
        }
    }
    if sources(error).any(|source| source.is::<NotInTime>()) {
        return not_dialled(call, "no connection in time");
    }
    let kind = sources(error).filter_map(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    let all: Vec<String> = sources(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|said| said.contains(words));
    if let Some(flaw) = CertificateFlaw::of(error) {
        return Error::Certificate { host: call.host.to_owned(), proxy: call.proxy, flaw };
    }
    if says("dns error") || says("lookup address") {
        return not_dialled(call, "name not found");
    }
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => not_dialled(call, "connection refused"),
        Some(io::ErrorKind::NetworkUnreachable) => not_dialled(call, "network unreachable"),
        Some(io::ErrorKind::HostUnreachable) => not_dialled(call, "no route to host"),
        Some(io::ErrorKind::ConnectionReset) => unreachable(call, "connection reset"),
        _ => unreachable(call, &said),
    }
}

/// There was never a connection to the host. Where a proxy is on the way, it is the one that was called, and whose doing it is.
fn not_dialled(call: FailedCall<'_>, cause: &str) -> Error {
    match call.proxy {
        Some(proxy) => Error::Proxy { proxy, host: call.host.to_owned(), cause: text(cause) },
        None => unreachable(call, cause),
    }
}

/// Nothing came back. Where a proxy is on the way it had let us through, so that the request may have arrived.
fn unreachable(call: FailedCall<'_>, cause: &str) -> Error {
    Error::Unreachable { host: call.host.to_owned(), cause: text(cause) }
}

/// Why there are no credentials. Whose they would be decides first: what a program or a container says in its own words is no
/// answer of AWS.
pub(super) fn of_credentials(failure: &NotGiven, bearer: Bearer<'_>, now: SystemTime) -> Error {
    let NotGiven { error, after } = failure;
    let call = |action: &'static str| FailedCall {
        action,
        region: bearer.region,
        host: bearer.host,
        proxy: proxies::on_the_way_to(bearer.host),
        after: *after,
        profile: bearer.profile,
    };
    let shown = sources(error).find_map(|source| source.downcast_ref::<RefusedWithCode>());
    let of_its_device = |error: Error| match (error, shown) {
        (Error::CodeRefused { .. }, Some(shown)) => Error::CodeRefused { device: shown.device.clone() },
        (error, _) => error,
    };
    if let Some(refusal) = refusal::<AssumeRoleError>(error) {
        return of_its_device(of_call(refusal, call("sts:AssumeRole"), now));
    }
    if let Some(refusal) = refusal::<GetSessionTokenError>(error) {
        return of_its_device(of_call(refusal, call("sts:GetSessionToken"), now));
    }
    if let Some(refusal) = refusal::<AssumeRoleWithWebIdentityError>(error) {
        return of_call(refusal, call("sts:AssumeRoleWithWebIdentity"), now);
    }
    if let Some(loss) = sources(error).find_map(|source| source.downcast_ref::<Loss>()) {
        return of_loss(loss, bearer, call, now);
    }
    if let Some(wanted) = sources(error).find_map(|source| source.downcast_ref::<CodeWanted>()) {
        return Error::MfaNeeded { device: wanted.device.clone(), is_kept: wanted.is_kept };
    }
    if let Some(odd) = sources(error).find_map(|source| source.downcast_ref::<OddFile>()) {
        return match odd.variable() {
            Some(variable) => Error::BadVariable { variable: variable.to_owned(), cause: odd.to_string().into() },
            None => bad_files(odd.to_string()),
        };
    }
    if sources(error).any(|source| source.is::<HaveEnded>()) {
        return Error::Expired { profile: bearer.base.into() };
    }
    match (error, bearer.kind) {
        (CredentialsError::CredentialsNotLoaded(_), _) => Error::NoCredentials,
        (CredentialsError::InvalidConfiguration(_), _) => {
            let said = deepest(error);
            bad_files(said.strip_prefix("ProfileFile provider could not be built: ").unwrap_or(&said).to_owned())
        }
        (_, ProfileKind::Process) => Error::ProgramFailed { profile: bearer.base.into(), message: said(failure).into() },
        (CredentialsError::ProviderTimedOut(_), ProfileKind::Sso) => {
            Error::Timeout { action: "sso:GetRoleCredentials", after: *after }
        }
        (_, ProfileKind::Login) => of_console(failure, call("signin:CreateOAuth2Token"))
            .unwrap_or_else(|| sign_in_ended(bearer, &["aws", "login"], SignInEnd::Console)),
        (_, ProfileKind::Sso | ProfileKind::Keys | ProfileKind::Role | ProfileKind::Other) => {
            Error::CredentialsFailed { message: said(failure).into() }
        }
    }
}

/// The failed call of STS, if there is one.
fn refusal<E: StdError + 'static>(error: &CredentialsError) -> Option<&SdkError<E, HttpResponse>> {
    sources(error).find_map(|source| source.downcast_ref())
}

/// Why a session of IAM Identity Center gave no credentials.
pub(super) fn of_loss<'a>(
    loss: &Loss,
    bearer: Bearer<'a>,
    call: impl Fn(&'static str) -> FailedCall<'a>,
    now: SystemTime,
) -> Error {
    let ended = |end| sign_in_ended(bearer, &["ec2dash", "login"], end);
    match loss {
        Loss::Missing => ended(SignInEnd::Missing),
        Loss::Damaged => ended(SignInEnd::Damaged),
        Loss::Ended { at } => ended(SignInEnd::Ended { at: *at }),
        Loss::Revoked => {
            ended(SignInEnd::Revoked { region: bearer.session.map(|own| own.region().to_string()).unwrap_or_default() })
        }
        Loss::OddAnswer => Error::Garbled { action: "sso-oauth:CreateToken", cause: text("no token in it") },
        Loss::NotAssigned { role, account } => Error::RoleNotAssigned {
            role: text(role),
            account: text(account),
            session: bearer.session.map(SsoSession::shown).unwrap_or_default(),
        },
        Loss::NotRenewed(error) => of_call(error.as_ref(), call("sso-oauth:CreateToken"), now),
        Loss::NotGiven(error) => of_call(error.as_ref(), call("sso:GetRoleCredentials"), now),
    }
}

/// Why a sign-in of `aws login` that may still hold gave nothing; `None`: it holds no longer.
fn of_console(failure: &NotGiven, call: FailedCall<'_>) -> Option<Error> {
    let NotGiven { error, after } = failure;
    let action = call.action;
    if let Some(connection) = sources(error).find_map(|source| source.downcast_ref::<ConnectorError>()) {
        return Some(of_connection(connection, call));
    }
    let all: Vec<String> = sources(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|said| said.contains(words));
    if matches!(error, CredentialsError::ProviderTimedOut(_)) || says("timed out") || says("timeout occurred") {
        return Some(Error::Timeout { action, after: *after });
    }
    if says("TooManyRequestsException") || says("ThrottlingException") {
        return Some(Error::Throttled { action });
    }
    // The SDK's words for the service's `INSUFFICIENT_PERMISSIONS`.
    if says("insufficient permissions") {
        return Some(Error::Denied { action, message: text("the policy SignInLocalDevelopmentAccess allows it") });
    }
    None
}

/// What a program, a container or instance metadata said, or that it said nothing.
fn said(failure: &NotGiven) -> Untrusted {
    match &failure.error {
        CredentialsError::ProviderTimedOut(_) => text(&format!("nothing for {} s", failure.after.as_secs())),
        error => text(&deepest(error)),
    }
}

/// The sign-in that these credentials begin with is over, or will be.
pub(super) fn sign_in_ended(bearer: Bearer<'_>, command: &[&str], end: SignInEnd) -> Error {
    let session = bearer.session.and_then(SsoSession::name);
    let named = match &session {
        Some(session) if bearer.base.is_empty() => ["--session", session.raw()],
        _ => ["--profile", bearer.base],
    };
    let remedy = command.iter().copied().chain(named).map(str::to_owned).collect();
    Error::SignInEnded { profile: bearer.base.into(), session, remedy, end }
}

/// The same failure as the reason why a fact is not known.
pub(super) fn denial(error: Error, action: &'static str) -> Denial {
    let message = match &error {
        Error::Denied { message, .. } | Error::Service { message, .. } => Some(message.clone()),
        Error::Garbled { cause, .. } | Error::Unreachable { cause, .. } => Some(cause.clone()),
        _ => None,
    };
    let why = match error {
        Error::Denied { .. } => Why::AccessDenied,
        Error::Throttled { .. } => Why::Throttled,
        Error::Timeout { .. } => Why::Timeout,
        _ => Why::Failed,
    };
    Denial { why, action, message }
}

fn sources<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The words nearest to the cause: some errors have none of their own.
fn deepest(error: &(dyn StdError + 'static)) -> String {
    sources(error).map(ToString::to_string).filter(|said| !said.trim().is_empty()).last().unwrap_or_default()
}

fn text(said: &str) -> Untrusted {
    Untrusted::from(said.chars().take(LONGEST_TEXT).collect::<String>())
}

#[cfg(test)]
mod tests;
