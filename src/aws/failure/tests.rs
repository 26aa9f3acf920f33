//! What the SDK answers, in our words.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::Arc;

use aws_sdk_ec2::operation::describe_instances::DescribeInstancesError;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_ssooidc::operation::create_token::CreateTokenError;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;

use super::super::credential_process::Unprovided;
use super::*;

const NOW: u64 = 1_790_000_000;
const ACTION: &str = "ec2:DescribeInstances";

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(NOW)
}

fn call(region: &str) -> FailedCall<'_> {
    FailedCall { action: ACTION, region, host: "ec2.example", proxy: None, after: Duration::from_secs(15), profile: "prod" }
}

/// AWS's refusal with a `Date` so many seconds ahead of us.
fn refused(code: &str, message: &str, ahead: i64, region: &str) -> Error {
    let metadata = ErrorMetadata::builder().code(code).message(message).build();
    let mut answer = HttpResponse::new(400.try_into().unwrap(), SdkBody::empty());
    let date = DateTime::from_secs(i64::try_from(NOW).unwrap() + ahead).fmt(Format::HttpDate).unwrap();
    answer.headers_mut().insert("date", date);
    let error = SdkError::service_error(DescribeInstancesError::generic(metadata), answer);
    of_call(&error, call(region), now())
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
        ("BadRequest", "Enable advanced-instances tier to use Session Manager with your on-premises instances", "tier-needed"),
        ("TargetNotConnected", "i-0123456789abcdef0 is not connected.", "target-not-connected"),
        ("InsufficientInstanceCapacity", "", "no-capacity"),
        ("InsufficientHostCapacity", "", "no-capacity"),
        ("DoesNotExistException", "", "no-such-session"),
        ("InternalError", "", "aws-error"),
        ("ServiceUnavailable", "", "aws-error"),
        ("EC2InstanceStateInvalidException", "", "instance-not-in-state"),
        ("EC2InstanceUnavailableException", "", "instance-unavailable"),
        ("InvalidArgsException", "", "key-push-refused"),
        ("Blocked", "", "account-blocked"),
        ("PendingVerification", "", "account-blocked"),
        ("IncorrectInstanceState", "", "instance-in-transition"),
        ("IncorrectState", "", "instance-in-transition"),
        ("InvalidGroup.NotFound", "", "resource-gone"),
        ("InvalidAMIID.NotFound", "", "resource-gone"),
        ("RulesPerSecurityGroupLimitExceeded", "", "quota-reached"),
        ("InvalidTarget", "", "target-unknown-to-ssm"),
        ("InvalidInstanceId", "", "target-unknown-to-ssm"),
        ("InvalidDocument", "", "no-such-document"),
        ("InvalidInstanceID.Malformed", "", "no-such-instance"),
        ("MissingAuthenticationToken", "", "invalid-credentials"),
        ("RequestThrottledException", "", "throttled"),
        ("SlowDown", "", "throttled"),
        ("EC2ThrottledException", "", "throttled"),
        ("PriorRequestNotComplete", "", "throttled"),
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
        let unclear = Error::RegionOrKeys { region: "ap-east-1".to_owned(), aws_code: code.into() };
        assert_eq!(refused(code, "", 0, "ap-east-1"), unclear, "a region that is off and keys that are wrong say the same");
    }
    assert_eq!(refused("SignatureDoesNotMatch", "", 0, "ap-east-1").code(), "invalid-credentials");
}

#[test]
fn a_refusal_without_a_code_is_not_one_of_aws() {
    let answer = |status: u16| HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
    let unhandled = || DescribeInstancesError::unhandled("not XML");

    let portal = of_call(&SdkError::service_error(unhandled(), answer(200)), call("us-east-1"), now());
    let gateway = of_call(&SdkError::service_error(unhandled(), answer(503)), call("us-east-1"), now());

    assert_eq!(portal, Error::Garbled { action: ACTION, cause: "not XML".into() });
    assert_eq!(gateway, Error::Garbled { action: ACTION, cause: "HTTP 503".into() });
}

fn connection(error: ConnectorError) -> Error {
    of_call(&SdkError::<DescribeInstancesError, HttpResponse>::dispatch_failure(error), call("us-east-1"), now())
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
    let table: [(BoxError, &str); 3] = [
        (layer("client error (Connect)", io::Error::from(io::ErrorKind::ConnectionRefused).into()), "connection refused"),
        (layer("dns error", "failed to lookup address information: Name or service not known".into()), "name not found"),
        (layer("client error", io::Error::from(io::ErrorKind::NetworkUnreachable).into()), "network unreachable"),
    ];
    for (error, cause) in table {
        let expected = Error::Unreachable { host: "ec2.example".to_owned(), cause: cause.into() };
        assert_eq!(connection(ConnectorError::io(error)), expected);
    }
}

#[test]
fn only_a_connection_that_was_never_made_is_a_proxys_doing() {
    let behind_proxy = |error: BoxError| {
        let error = SdkError::<DescribeInstancesError, HttpResponse>::dispatch_failure(ConnectorError::io(error));
        of_call(&error, FailedCall { proxy: Some("proxy:3128".to_owned()), ..call("us-east-1") }, now())
    };
    let layer = |first: &'static str, cause: BoxError| -> BoxError { Box::new(Layer { first, cause }) };
    let kind = |kind: io::ErrorKind| -> BoxError { io::Error::from(kind).into() };
    let refused = || Unconnected::Proxy { proxy: "proxy:3128".to_owned(), cause: "it refuses to".into(), may_pass: false };
    let closed = "peer closed connection without sending TLS close_notify";

    for never in [
        layer("client error (Connect)", kind(io::ErrorKind::ConnectionRefused)),
        layer("client error (Connect)", Box::new(refused())),
        layer("client error (Connect)", Box::new(NotInTime)),
    ] {
        let error = behind_proxy(never);
        assert!(matches!(error, Error::Proxy { .. }) && !error.may_have_arrived(), "{error:?}");
    }
    for broken in [
        layer("client error (SendRequest)", kind(io::ErrorKind::ConnectionReset)),
        layer("client error (SendRequest)", io::Error::new(io::ErrorKind::UnexpectedEof, closed).into()),
        layer("client error (SendRequest)", kind(io::ErrorKind::BrokenPipe)),
    ] {
        let error = behind_proxy(broken);
        assert!(matches!(error, Error::Unreachable { .. }) && error.may_have_arrived(), "{error:?}");
    }
}

#[test]
fn a_certificate_that_is_not_taken_is_an_error_of_its_own() {
    let flaw = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
    let error = Box::new(Layer { first: "client error (Connect)", cause: io::Error::other(flaw).into() });

    let told = connection(ConnectorError::io(error));

    let flaw = CertificateFlaw::UnknownIssuer;
    assert_eq!(told, Error::Certificate { host: "ec2.example".to_owned(), proxy: None, flaw });
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

fn failed(error: CredentialsError, kind: ProfileKind) -> Error {
    let session = SsoSession::named("corp", "https://corp.example/start", "eu-west-1".parse().unwrap());
    let session = (kind == ProfileKind::Sso).then_some(&session);
    let bearer = Bearer { profile: "prod", base: "corp-base", kind, session, host: "sso.example", region: "us-east-1" };
    of_credentials(&NotGiven { error, after: Duration::from_secs(60) }, bearer, now())
}

fn lost(loss: Loss) -> Error {
    failed(CredentialsError::provider_error(loss), ProfileKind::Sso)
}

fn refused_by<E: std::error::Error>(
    error: impl FnOnce(ErrorMetadata) -> E,
    code: &str,
    status: u16,
) -> Arc<SdkError<E, HttpResponse>> {
    let metadata = ErrorMetadata::builder().code(code).build();
    Arc::new(SdkError::service_error(error(metadata), HttpResponse::new(status.try_into().unwrap(), SdkBody::empty())))
}

#[test]
fn an_ended_sign_in_names_the_command_that_mends_it() {
    for (loss, end) in [
        (Loss::Missing, SignInEnd::Missing),
        (Loss::Damaged, SignInEnd::Damaged),
        (Loss::Ended { at: None }, SignInEnd::Ended { at: None }),
        (Loss::Revoked, SignInEnd::Revoked { region: "eu-west-1".to_owned() }),
    ] {
        let Error::SignInEnded { profile, session, remedy, end: told } = lost(loss) else { panic!() };
        assert_eq!((profile.raw(), session.unwrap().raw(), told), ("corp-base", "corp", end));
        assert_eq!(remedy, ["ec2dash", "login", "--profile", "corp-base"]);
    }
    let expired = CredentialsError::provider_error("cached Login token is expired");
    let Error::SignInEnded { remedy, session, .. } = failed(expired, ProfileKind::Login) else { panic!() };
    assert_eq!((session, remedy), (None, ["aws", "login", "--profile", "corp-base"].map(str::to_owned).to_vec()));
}

#[test]
fn what_the_portal_and_the_sign_in_service_refuse_is_told_apart() {
    let role = Loss::NotAssigned { role: "Admin".to_owned(), account: "123456789012".to_owned() };
    let expected = Error::RoleNotAssigned { role: "Admin".into(), account: "123456789012".into(), session: "corp".into() };
    assert_eq!(lost(role), expected);
    let throttled = Loss::NotGiven(refused_by(GetRoleCredentialsError::generic, "TooManyRequestsException", 429));
    assert_eq!(lost(throttled), Error::Throttled { action: "sso:GetRoleCredentials" });
    let server = Loss::NotRenewed(refused_by(CreateTokenError::generic, "InternalServerException", 500));
    assert!(matches!(lost(server), Error::Service { action: "sso-oauth:CreateToken", .. }));
    assert_eq!(lost(Loss::OddAnswer).code(), "garbled-answer");
}

#[test]
fn failures_on_the_way_to_credentials_are_told_apart() {
    let refused = ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionRefused).into());
    let table = [
        (CredentialsError::not_loaded_no_source(), ProfileKind::Other, "no-credentials"),
        (CredentialsError::provider_timed_out(Duration::from_secs(60)), ProfileKind::Sso, "timeout"),
        (CredentialsError::invalid_configuration("sso-session named `x` was not found"), ProfileKind::Sso, "bad-aws-files"),
        (CredentialsError::provider_error(refused), ProfileKind::Login, "unreachable"),
        (CredentialsError::provider_error("unhandled error (TooManyRequestsException)"), ProfileKind::Login, "throttled"),
        (
            CredentialsError::provider_error("Unable to refresh credentials due to insufficient permissions."),
            ProfileKind::Login,
            "access-denied",
        ),
        (CredentialsError::unhandled("anything"), ProfileKind::Keys, "credentials-failed"),
        (CredentialsError::provider_error("ECS returned 403"), ProfileKind::Other, "credentials-failed"),
        (CredentialsError::provider_error("the request timed out"), ProfileKind::Other, "credentials-failed"),
        (CredentialsError::provider_timed_out(Duration::from_secs(60)), ProfileKind::Role, "credentials-failed"),
        (CredentialsError::provider_timed_out(Duration::from_secs(60)), ProfileKind::Process, "credential-program-failed"),
        (
            CredentialsError::provider_error("ThrottlingException; it timed out"),
            ProfileKind::Process,
            "credential-program-failed",
        ),
    ];
    for (error, kind, expected) in table {
        let shown = format!("{error:?}");
        assert_eq!(failed(error, kind).code(), expected, "{shown}");
    }
}

#[test]
fn a_failed_program_is_told_with_its_exit_code_and_its_words() {
    let said = Unprovided::Failed(ExitStatus::from_raw(3 << 8), "no card".to_owned());

    let error = failed(CredentialsError::provider_error(said), ProfileKind::Process);

    let message = "exit status: 3: no card".into();
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
