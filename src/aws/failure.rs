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
use super::profiles::ProfileKind;
use super::wholeness::Cut;
use super::{Error, regions};
use crate::model::{Denial, Untrusted, Why};

/// AWS accepts signatures up to five minutes old; a clock nearer than this is not the cause.
const TELLING_SKEW: i64 = 4 * 60;
/// Longest text kept of what a program or a server said.
const LONGEST_TEXT: usize = 2_000;

/// The call that failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
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
pub(super) fn of_call<E>(error: &SdkError<E, HttpResponse>, asked: Asked<'_>, now: SystemTime) -> Error
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    if let Some(cut) = sources(error).find_map(|source| source.downcast_ref::<Cut>()) {
        return Error::Garbled { action: asked.action, cause: text(&cut.to_string()) };
    }
    match error {
        SdkError::ServiceError(refusal) => match refusal.err().meta().code() {
            Some(code) => {
                let message = refusal.err().meta().message().unwrap_or_default();
                of_code(code, message, asked, ahead(refusal.raw(), now))
            }
            None if refusal.raw().status().is_success() => Error::Garbled { action: asked.action, cause: text(&deepest(error)) },
            None => Error::Garbled { action: asked.action, cause: text(&format!("HTTP {}", refusal.raw().status().as_u16())) },
        },
        SdkError::TimeoutError(_) => Error::Timeout { action: asked.action, after: asked.limit },
        SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
            Some(error) => of_connection(error, asked),
            None => Error::Unreachable { host: asked.host.to_owned(), cause: text(&deepest(error)) },
        },
        SdkError::ResponseError(_) => Error::Garbled { action: asked.action, cause: text(&deepest(error)) },
        _ => Error::Service { action: asked.action, aws_code: text("NotSent"), message: text(&deepest(error)) },
    }
}

/// What AWS's code means to a user (access-rules 2.1). `ahead`: AWS's clock minus ours, in seconds.
fn of_code(code: &str, message: &str, asked: Asked<'_>, ahead: Option<i64>) -> Error {
    let Asked { action, region, profile, .. } = asked;
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
                Error::RegionOff { region: region.to_owned() }
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
fn of_connection(error: &ConnectorError, asked: Asked<'_>) -> Error {
    let said = deepest(error);
    if error.is_timeout() {
        // Display of the SDK's `HttpTimeoutError`: "HTTP connect timeout occurred after 5s".
        let is_connect = sources(error).any(|source| source.to_string().starts_with("HTTP connect timeout"));
        return if is_connect {
            Error::Unreachable { host: asked.host.to_owned(), cause: text("no connection in time") }
        } else {
            Error::Timeout { action: asked.action, after: asked.limit }
        };
    }
    if said.contains("closed before message completed") || said.contains("end of file before message length") {
        return Error::Garbled { action: asked.action, cause: text("the connection was closed before the answer was complete") };
    }
    let kind = sources(error).filter_map(|source| source.downcast_ref::<io::Error>()).map(io::Error::kind).last();
    let all: Vec<String> = sources(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|said| said.contains(words));
    let cause = if says("dns error") || says("lookup address") {
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
    Error::Unreachable { host: asked.host.to_owned(), cause: text(&cause) }
}

/// Why there are no credentials.
pub(super) fn of_credentials(error: &CredentialsError, bearer: Bearer<'_>, now: SystemTime) -> Error {
    let action = match bearer.kind {
        ProfileKind::Sso => "sso:GetRoleCredentials",
        ProfileKind::Login => "signin:CreateOAuth2Token",
        _ => "sts:AssumeRole",
    };
    let asked =
        Asked { action, region: bearer.region, host: bearer.host, limit: super::keyring::LONGEST, profile: bearer.profile };
    if let Some(refusal) = sources(error).find_map(|source| source.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>()) {
        return of_call(refusal, Asked { action: "sts:AssumeRole", ..asked }, now);
    }
    if let Some(connection) = sources(error).find_map(|source| source.downcast_ref::<ConnectorError>()) {
        return of_connection(connection, asked);
    }
    if matches!(error, CredentialsError::ProviderTimedOut(_)) {
        return Error::Timeout { action, after: asked.limit };
    }
    let all: Vec<String> = sources(error).map(ToString::to_string).collect();
    let says = |words: &str| all.iter().any(|said| said.contains(words));
    if says("timed out") || says("timeout occurred") {
        return Error::Timeout { action, after: asked.limit };
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
            Error::ProgramFailed { profile: bearer.base.into(), message: text(program_said(&deepest(error))) }
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

/// Whether new credentials may mend it, so that the ones at hand should be forgotten.
pub(super) fn is_about_credentials(error: &Error) -> bool {
    matches!(
        error,
        Error::NoCredentials
            | Error::SignInEnded { .. }
            | Error::Expired { .. }
            | Error::ProgramFailed { .. }
            | Error::InvalidCredentials { .. }
            | Error::BadFiles { .. }
    )
}

fn sources<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn deepest(error: &(dyn StdError + 'static)) -> String {
    sources(error).last().map(ToString::to_string).unwrap_or_default()
}

fn text(said: &str) -> Untrusted {
    Untrusted::from(said.chars().take(LONGEST_TEXT).collect::<String>())
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::operation::describe_instances::DescribeInstancesError;
    use aws_smithy_runtime_api::box_error::BoxError;
    use aws_smithy_types::body::SdkBody;

    use super::*;

    const NOW: u64 = 1_790_000_000;
    const ACTION: &str = "ec2:DescribeInstances";

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn asked(region: &str) -> Asked<'_> {
        Asked { action: ACTION, region, host: "ec2.example", limit: Duration::from_secs(15), profile: "prod" }
    }

    /// AWS's refusal with a `Date` so many seconds ahead of us.
    fn refused(code: &str, message: &str, ahead: i64, region: &str) -> Error {
        let metadata = ErrorMetadata::builder().code(code).message(message).build();
        let mut answer = HttpResponse::new(400.try_into().unwrap(), SdkBody::empty());
        let date = DateTime::from_secs(i64::try_from(NOW).unwrap() + ahead).fmt(Format::HttpDate).unwrap();
        answer.headers_mut().insert("date", date);
        let error = SdkError::service_error(DescribeInstancesError::generic(metadata), answer);
        of_call(&error, asked(region), now())
    }

    #[test]
    fn each_code_of_aws_is_what_a_user_can_do_about_it() {
        let table = [
            ("ExpiredToken", "", "credentials-expired"),
            ("ExpiredTokenException", "", "credentials-expired"),
            ("RequestExpired", "Request has expired.", "credentials-expired"),
            ("RequestTimeTooSkewed", "", "wrong-clock"),
            ("SignatureDoesNotMatch", "Signature expired: 20261121T100000Z is now earlier than …", "wrong-clock"),
            ("InvalidSignatureException", "Signature not yet current: …", "wrong-clock"),
            ("SignatureDoesNotMatch", "The request signature we calculated does not match", "invalid-credentials"),
            ("InvalidSignatureException", "", "invalid-credentials"),
            ("AuthFailure", "", "invalid-credentials"),
            ("UnrecognizedClientException", "", "invalid-credentials"),
            ("InvalidClientTokenId", "", "invalid-credentials"),
            ("IncompleteSignature", "", "invalid-credentials"),
            ("OptInRequired", "", "region-off"),
            ("RegionDisabledException", "", "region-off"),
            ("UnauthorizedOperation", "", "access-denied"),
            ("AccessDenied", "", "access-denied"),
            ("AccessDeniedException", "", "access-denied"),
            ("AuthException", "", "access-denied"),
            ("RequestLimitExceeded", "", "throttled"),
            ("Throttling", "", "throttled"),
            ("ThrottlingException", "", "throttled"),
            ("TooManyRequestsException", "", "throttled"),
            ("EC2InstanceNotFoundException", "", "no-such-instance"),
            ("InvalidInstanceID.NotFound", "", "no-such-instance"),
            ("TargetNotConnected", "i-0123456789abcdef0 is not connected.", "target-not-connected"),
            ("DoesNotExistException", "", "no-such-session"),
            ("InternalError", "", "aws-error"),
            ("EC2InstanceStateInvalidException", "", "aws-error"),
        ];
        for (code, message, expected) in table {
            assert_eq!(refused(code, message, 0, "us-east-1").code(), expected, "{code} {message}");
        }
    }

    #[test]
    fn a_clock_that_is_off_explains_a_refused_signature() {
        for code in ["RequestExpired", "AuthFailure", "SignatureDoesNotMatch", "InvalidSignatureException"] {
            assert_eq!(refused(code, "", 603, "us-east-1"), Error::ClockSkew { ahead: Some(603) }, "{code}");
            assert_eq!(refused(code, "", -86_400, "us-east-1"), Error::ClockSkew { ahead: Some(-86_400) }, "{code}");
        }
        assert_eq!(refused("UnauthorizedOperation", "", 603, "us-east-1").code(), "access-denied");
    }

    #[test]
    fn refused_keys_in_a_region_that_has_to_be_switched_on_mean_that_it_is_off() {
        for code in ["AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId"] {
            assert_eq!(refused(code, "", 0, "ap-east-1"), Error::RegionOff { region: "ap-east-1".to_owned() });
        }
        assert_eq!(refused("SignatureDoesNotMatch", "", 0, "ap-east-1").code(), "invalid-credentials");
    }

    #[test]
    fn a_refusal_without_a_code_is_not_one_of_aws() {
        let answer = |status: u16| HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
        let unhandled = || DescribeInstancesError::unhandled("not XML");

        let portal = of_call(&SdkError::service_error(unhandled(), answer(200)), asked("us-east-1"), now());
        let gateway = of_call(&SdkError::service_error(unhandled(), answer(503)), asked("us-east-1"), now());

        assert_eq!(portal, Error::Garbled { action: ACTION, cause: "not XML".into() });
        assert_eq!(gateway, Error::Garbled { action: ACTION, cause: "HTTP 503".into() });
    }

    fn connection(error: ConnectorError) -> Error {
        of_call(&SdkError::<DescribeInstancesError, HttpResponse>::dispatch_failure(error), asked("us-east-1"), now())
    }

    /// An error that says `first` and is caused by `cause`.
    #[derive(Debug, thiserror::Error)]
    #[error("{first}")]
    struct Layer {
        first: &'static str,
        #[source]
        cause: BoxError,
    }

    #[test]
    fn no_connection_is_told_with_host_and_cause() {
        let layer = |first: &'static str, cause: BoxError| -> BoxError { Box::new(Layer { first, cause }) };
        let table: [(BoxError, &str); 5] = [
            (layer("client error (Connect)", io::Error::from(io::ErrorKind::ConnectionRefused).into()), "connection refused"),
            (layer("dns error", "failed to lookup address information: Name or service not known".into()), "name not found"),
            (
                layer("client error (Connect)", "invalid peer certificate: UnknownIssuer".into()),
                "TLS: invalid peer certificate: UnknownIssuer",
            ),
            (layer("client error", io::Error::from(io::ErrorKind::NetworkUnreachable).into()), "network unreachable"),
            (layer("client error", "tunnel error: unsuccessful".into()), "tunnel error: unsuccessful"),
        ];
        for (error, cause) in table {
            let expected = Error::Unreachable { host: "ec2.example".to_owned(), cause: cause.into() };
            assert_eq!(connection(ConnectorError::io(error)), expected);
        }
    }

    #[test]
    fn slow_to_connect_is_not_slow_to_answer() {
        let connect = connection(ConnectorError::timeout("HTTP connect timeout occurred after 5s".into()));
        let read = connection(ConnectorError::timeout("HTTP read timeout occurred after 5s".into()));

        assert_eq!(connect, Error::Unreachable { host: "ec2.example".to_owned(), cause: "no connection in time".into() });
        assert_eq!(read, Error::Timeout { action: ACTION, after: Duration::from_secs(15) });
    }

    #[test]
    fn an_answer_cut_by_the_network_is_garbled() {
        let closed = connection(ConnectorError::other("connection closed before message completed".into(), None));

        assert_eq!(closed.code(), "garbled-answer");
    }

    fn bearer(kind: ProfileKind) -> Bearer<'static> {
        Bearer { profile: "prod", base: "corp-base", kind, session: Some("corp"), host: "sso.example", region: "us-east-1" }
    }

    fn failed(error: CredentialsError, kind: ProfileKind) -> Error {
        of_credentials(&error, bearer(kind), now())
    }

    #[test]
    fn an_ended_sign_in_names_the_command_that_mends_it() {
        let expired = || CredentialsError::provider_error("the SSO session has expired");

        let Error::SignInEnded { profile, session, remedy } = failed(expired(), ProfileKind::Sso) else { panic!() };
        assert_eq!((profile.raw(), session.unwrap().raw()), ("corp-base", "corp"));
        assert_eq!(remedy, ["aws", "sso", "login", "--profile", "corp-base"]);
        let Error::SignInEnded { remedy, .. } = failed(expired(), ProfileKind::Login) else { panic!() };
        assert_eq!(remedy, ["aws", "login", "--profile", "corp-base"]);
    }

    #[test]
    fn failures_on_the_way_to_credentials_are_told_apart() {
        let refused = ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into());
        let table = [
            (CredentialsError::not_loaded_no_source(), ProfileKind::Other, "no-credentials"),
            (CredentialsError::provider_timed_out(Duration::from_secs(60)), ProfileKind::Sso, "timeout"),
            (CredentialsError::invalid_configuration("sso-session named `x` was not found"), ProfileKind::Sso, "bad-aws-files"),
            (CredentialsError::provider_error(refused), ProfileKind::Sso, "unreachable"),
            (CredentialsError::provider_error("unhandled error (TooManyRequestsException)"), ProfileKind::Sso, "throttled"),
            (CredentialsError::provider_error("ForbiddenException: No access"), ProfileKind::Sso, "access-denied"),
            (
                CredentialsError::provider_error("UnauthorizedException: Session token not found"),
                ProfileKind::Sso,
                "sign-in-ended",
            ),
            (CredentialsError::unhandled("anything"), ProfileKind::Keys, "aws-error"),
        ];
        for (error, kind, expected) in table {
            let shown = format!("{error:?}");
            assert_eq!(failed(error, kind).code(), expected, "{shown}");
        }
    }

    #[test]
    fn a_failed_program_is_told_with_its_exit_code_and_its_words() {
        let said = "Error retrieving credentials: external process exited with code exit status: 3. Stderr: no card";

        let error = failed(CredentialsError::provider_error(said), ProfileKind::Process);

        let message = "exited with code exit status: 3. Stderr: no card".into();
        assert_eq!(error, Error::ProgramFailed { profile: "corp-base".into(), message });
    }

    #[test]
    fn a_role_that_may_not_be_taken_is_denied() {
        let metadata = ErrorMetadata::builder().code("AccessDenied").message("not authorized to perform: sts:AssumeRole").build();
        let answer = HttpResponse::new(403.try_into().unwrap(), SdkBody::empty());
        let refusal = SdkError::service_error(AssumeRoleError::generic(metadata), answer);

        let error = failed(CredentialsError::provider_error(refusal), ProfileKind::Keys);

        assert!(matches!(error, Error::Denied { action: "sts:AssumeRole", .. }), "{error:?}");
    }

    #[test]
    fn the_reason_of_a_hidden_fact_follows_the_failure() {
        let table = [
            (Error::Denied { action: ACTION, message: "no".into() }, Why::AccessDenied),
            (Error::Throttled { action: ACTION }, Why::Throttled),
            (Error::Timeout { action: ACTION, after: Duration::ZERO }, Why::Timeout),
            (Error::NoCredentials, Why::Failed),
        ];
        for (error, why) in table {
            assert_eq!(denial(error, ACTION).why, why);
        }
    }
}
