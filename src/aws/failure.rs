//! From the SDK's failures to ours: the one place that decides what went wrong.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::files::bad_files;
use super::keyring::HaveEnded;
use super::profile_kind::ProfileKind;
use super::wholeness::Cut;
use super::{Error, proxies, regions};
use crate::model::{Denial, Untrusted, Why};

/// AWS accepts signatures up to five minutes old; a clock nearer than this is not the cause.
const TELLING_SKEW: i64 = 4 * 60;
/// Longest text kept of what a program or a server said.
const LONGEST_TEXT: usize = 2_000;

/// The call that failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct FailedCall<'a> {
    pub(super) action: &'static str,
    pub(super) region: &'a str,
    pub(super) host: &'a str,
    /// The time limit of the whole call.
    pub(super) limit: Duration,
    /// The profile, or an empty text.
    pub(super) profile: &'a str,
}

/// Whose credentials could not be had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bearer<'a> {
    /// The profile asked for, or an empty text.
    pub(super) profile: &'a str,
    /// The profile at the end of the chain, whose credentials are its own.
    pub(super) base: &'a str,
    pub(super) kind: ProfileKind,
    pub(super) session: Option<&'a str>,
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
        SdkError::TimeoutError(_) => Error::Timeout { action: call.action, after: call.limit },
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
        "UnauthorizedOperation" | "AccessDenied" | "AccessDeniedException" | "AuthException" | "ForbiddenException" => {
            Error::Denied { action, message: text(message) }
        }
        "InvalidInstanceID.NotFound" | "InvalidInstanceID.Malformed" | "EC2InstanceNotFoundException" => Error::NoSuchInstance,
        "TargetNotConnected" => Error::NotConnected { message: text(message) },
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
fn ahead(answer: &HttpResponse, now: SystemTime) -> Option<i64> {
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
            unreachable(call, "no connection in time")
        } else {
            Error::Timeout { action: call.action, after: call.limit }
        };
    }
    if said.contains("closed before message completed") || said.contains("end of file before message length") {
        return Error::Garbled { action: call.action, cause: text("the connection was closed before the answer was complete") };
    }
    let kind = sources(error).filter_map(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    let all: Vec<String> = sources(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|said| said.contains(words));
    if says("invalid peer certificate: UnknownIssuer") {
        return Error::UnknownIssuer { host: call.host.to_owned(), proxy: proxies::on_the_way_to(call.host) };
    }
    let cause = if says("proxy authorization required") {
        "it wants a user name and a password".to_owned()
    } else if says("tunnel error: unsuccessful") {
        "it refuses to".to_owned()
    } else if says("dns error") || says("lookup address") {
        "name not found".to_owned()
    } else if says("certificate") {
        format!("TLS: {said}")
    } else {
        match kind {
            Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
            Some(io::ErrorKind::ConnectionReset) => "connection reset".to_owned(),
            Some(io::ErrorKind::NetworkUnreachable) => "network unreachable".to_owned(),
            Some(io::ErrorKind::HostUnreachable) => "no route to host".to_owned(),
            _ => said,
        }
    };
    unreachable(call, &cause)
}

/// Where a proxy is on the way, it is the one that was called, and whose doing the failure is.
fn unreachable(call: FailedCall<'_>, cause: &str) -> Error {
    let (host, cause) = (call.host.to_owned(), text(cause));
    match proxies::on_the_way_to(call.host) {
        Some(proxy) => Error::Proxy { proxy, host, cause },
        None => Error::Unreachable { host, cause },
    }
}

/// Why there are no credentials.
pub(super) fn of_credentials(error: &CredentialsError, bearer: Bearer<'_>, now: SystemTime) -> Error {
    let action = match bearer.kind {
        ProfileKind::Sso => "sso:GetRoleCredentials",
        ProfileKind::Login => "signin:CreateOAuth2Token",
        _ => "sts:AssumeRole",
    };
    let call =
        FailedCall { action, region: bearer.region, host: bearer.host, limit: super::keyring::LONGEST, profile: bearer.profile };
    if let Some(refusal) = sources(error).find_map(|source| source.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>()) {
        return of_call(refusal, FailedCall { action: "sts:AssumeRole", ..call }, now);
    }
    if sources(error).any(|source| source.is::<HaveEnded>()) {
        return Error::Expired { profile: bearer.base.into() };
    }
    if let Some(connection) = sources(error).find_map(|source| source.downcast_ref::<ConnectorError>()) {
        return of_connection(connection, call);
    }
    if matches!(error, CredentialsError::ProviderTimedOut(_)) {
        return Error::Timeout { action, after: call.limit };
    }
    let all: Vec<String> = sources(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|said| said.contains(words));
    if says("timed out") || says("timeout occurred") {
        return Error::Timeout { action, after: call.limit };
    }
    if says("TooManyRequestsException") || says("ThrottlingException") {
        return Error::Throttled { action };
    }
    if bearer.kind == ProfileKind::Sso && says("ForbiddenException") {
        let told = sources(error).find_map(|source| source.downcast_ref::<ErrorMetadata>()).and_then(ErrorMetadata::message);
        return Error::Denied { action, message: text(told.unwrap_or(&deepest(error))) };
    }
    match (error, bearer.kind) {
        (CredentialsError::CredentialsNotLoaded(_), _) => Error::NoCredentials,
        (CredentialsError::InvalidConfiguration(_), _) => {
            let said = deepest(error);
            bad_files(said.strip_prefix("ProfileFile provider could not be built: ").unwrap_or(&said).to_owned())
        }
        (_, ProfileKind::Process) => {
            Error::ProgramFailed { profile: bearer.base.into(), message: text(program_said(&deepest(error))).into() }
        }
        (_, ProfileKind::Sso) => sign_in_ended(bearer, &["aws", "sso", "login"]),
        (_, ProfileKind::Login) => sign_in_ended(bearer, &["aws", "login"]),
        _ => Error::Service { action, aws_code: text("NoCredentials"), message: text(&deepest(error)) },
    }
}

fn sign_in_ended(bearer: Bearer<'_>, command: &[&str]) -> Error {
    let remedy = command.iter().copied().chain(["--profile", bearer.base]).map(str::to_owned).collect();
    Error::SignInEnded { profile: bearer.base.into(), session: bearer.session.map(Untrusted::from), remedy }
}

/// The SDK's text without its opening: `exited with code exit status: 3. Stderr: …`.
fn program_said(text: &str) -> &str {
    text.split_once("external process ").or_else(|| text.split_once("external process, ")).map_or(text, |(_, rest)| rest)
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
