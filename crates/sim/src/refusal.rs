//! How AWS says no: one error, in the words of the service that was asked.

use std::borrow::Cow;

use super::service::{Protocol, Service};

/// An AWS error: HTTP status, code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: Cow<'static, str>,
    pub(super) message: String,
}

const SECURITY_TOKEN: &str = "The security token included in the request is invalid.";
const NOT_VALIDATED: &str = "AWS was not able to validate the provided access credentials";

impl Refusal {
    pub(super) fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// The caller may not do this.
    pub(super) fn denied(service: Service, action: &str, caller: &str, resource: &str) -> Self {
        let reason = format!("because no identity-based policy allows the {action} action");
        match service.protocol() {
            Protocol::Ec2 => Self::new(
                403,
                "UnauthorizedOperation",
                format!(
                    "You are not authorized to perform this operation. User: {caller} is not authorized to perform: \
                     {action} {reason}"
                ),
            ),
            Protocol::Rest if service == Service::Sso => Self::new(403, "ForbiddenException", "No access"),
            Protocol::Rest => Self::new(400, "AccessDeniedException", "The user refused"),
            protocol => {
                let (status, code) = match protocol {
                    Protocol::Json => (400, "AccessDeniedException"),
                    _ => (403, "AccessDenied"),
                };
                let what = format!("User: {caller} is not authorized to perform: {action} on resource: {resource}");
                Self::new(status, code, format!("{what} {reason}"))
            }
        }
    }

    pub(super) fn throttled(service: Service) -> Self {
        match service.protocol() {
            Protocol::Ec2 => Self::new(503, "RequestLimitExceeded", "Request limit exceeded."),
            Protocol::Query => Self::new(400, "Throttling", "Rate exceeded"),
            Protocol::Json => Self::new(400, "ThrottlingException", "Rate exceeded"),
            Protocol::Rest if service == Service::Sso => Self::new(429, "TooManyRequestsException", "HTTP 429 Unknown Code"),
            Protocol::Rest => Self::new(400, "SlowDownException", "The client is asking too often"),
        }
    }

    pub(super) fn unknown_action(service: Service, action: &str) -> Self {
        match service.protocol() {
            Protocol::Ec2 => {
                let message = format!("The action {action} is not valid for this web service.");
                Self::new(400, "InvalidAction", message)
            }
            Protocol::Query => {
                let message = format!("Could not find operation {action} for version {}", service.version());
                Self::new(400, "InvalidAction", message)
            }
            Protocol::Json => Self::new(400, "UnknownOperationException", ""),
            Protocol::Rest => Self::new(404, "UnknownOperationException", ""),
        }
    }

    pub(super) fn unsigned(service: Service) -> Self {
        match service.protocol() {
            Protocol::Ec2 => Self::new(400, "MissingParameter", "The request must contain the parameter AWSAccessKeyId"),
            Protocol::Query => Self::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token"),
            Protocol::Json => Self::new(400, "MissingAuthenticationTokenException", "Missing Authentication Token"),
            Protocol::Rest => Self::not_signed_in(),
        }
    }

    /// The `Authorization` header, or what it refers to, is not whole.
    pub(super) fn incomplete_signature(service: Service, problem: &str) -> Self {
        match service.protocol() {
            Protocol::Ec2 => Self::new(401, "AuthFailure", NOT_VALIDATED),
            Protocol::Query => Self::new(403, "IncompleteSignature", problem),
            Protocol::Json => Self::new(400, "IncompleteSignatureException", problem),
            Protocol::Rest => Self::not_signed_in(),
        }
    }

    /// Nobody has this access key, or its session token is another one, or the region is not enabled for it.
    pub(super) fn unknown_credentials(service: Service) -> Self {
        match service.protocol() {
            Protocol::Ec2 => Self::new(401, "AuthFailure", NOT_VALIDATED),
            Protocol::Query => Self::new(403, "InvalidClientTokenId", SECURITY_TOKEN),
            Protocol::Json => Self::new(400, "UnrecognizedClientException", SECURITY_TOKEN),
            Protocol::Rest => Self::not_signed_in(),
        }
    }

    pub(super) fn wrong_signature(service: Service) -> Self {
        let message = "The request signature we calculated does not match the signature you provided. Check your AWS \
                       Secret Access Key and signing method. Consult the service documentation for details.";
        match service.protocol() {
            Protocol::Ec2 => Self::new(401, "AuthFailure", NOT_VALIDATED),
            Protocol::Query => Self::new(403, "SignatureDoesNotMatch", message),
            Protocol::Json => Self::new(400, "InvalidSignatureException", message),
            Protocol::Rest => Self::not_signed_in(),
        }
    }

    /// The request was signed too long ago or in the future; `message` says which.
    pub(super) fn wrong_time(service: Service, message: String) -> Self {
        match service.protocol() {
            Protocol::Ec2 => Self::new(400, "RequestExpired", "Request has expired."),
            Protocol::Query => Self::new(403, "SignatureDoesNotMatch", message),
            Protocol::Json => Self::new(400, "InvalidSignatureException", message),
            Protocol::Rest => Self::not_signed_in(),
        }
    }

    pub(super) fn expired_token(service: Service) -> Self {
        let message = "The security token included in the request is expired";
        match service.protocol() {
            Protocol::Ec2 => Self::new(400, "ExpiredToken", message),
            Protocol::Query => Self::new(403, "ExpiredToken", message),
            Protocol::Json => Self::new(400, "ExpiredTokenException", message),
            Protocol::Rest if service == Service::Sso => Self::not_signed_in(),
            Protocol::Rest => Self::new(400, "ExpiredTokenException", "Device code is expired"),
        }
    }

    /// The portal's word for a token that it does not know, or no longer.
    fn not_signed_in() -> Self {
        Self::new(401, "UnauthorizedException", "Session token not found or invalid")
    }

    /// An error only named by its code, as `--fault ACTION=error:CODE` asks for it.
    pub(super) fn of_code(service: Service, code: &str) -> Self {
        let usual = [
            Self::throttled(service),
            Self::unknown_credentials(service),
            Self::wrong_signature(service),
            Self::expired_token(service),
            Self::unsigned(service),
        ];
        let denied = (service.protocol() == Protocol::Rest).then(|| Self::denied(service, "", "", ""));
        if let Some(usual) = usual.into_iter().chain(denied).find(|refusal| refusal.code == code) {
            return usual;
        }
        let (status, message) = match code {
            "InternalError" | "InternalFailure" | "InternalServerError" | "InternalServerException" | "ServiceException" => {
                (500, "An internal error has occurred")
            }
            "InsufficientInstanceCapacity" => {
                (500, "We currently do not have sufficient capacity in the Availability Zone you requested.")
            }
            "Unavailable" | "ServiceUnavailable" | "RequestLimitExceeded" => {
                (503, "The service is unavailable. Please try again shortly.")
            }
            "InvalidClientException" => (401, "Invalid client provided"),
            "InvalidGrantException" => (400, "Invalid grant provided"),
            "AuthorizationPendingException" => (400, ""),
            "RequestExpired" => (400, "Request has expired."),
            "OptInRequired" => (401, "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe."),
            "AuthFailure" => (401, NOT_VALIDATED),
            "UnauthorizedOperation" => (403, "You are not authorized to perform this operation."),
            "RegionDisabledException" => (403, "STS is not activated in this region for account"),
            "Blocked" => (403, "Your account is currently blocked. Contact aws-verification@amazon.com if you have questions."),
            "PendingVerification" => (400, "Your account is currently being verified."),
            _ => (400, "The simulated cloud was told to answer with this error."),
        };
        Self::new(status, code.to_owned(), message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_is_in_the_words_of_its_service() {
        let denied = |service, action| Refusal::denied(service, action, "arn:aws:iam::1:user/jane", "*");

        let ec2 = denied(Service::Ec2, "ec2:DescribeInstances");
        assert_eq!((ec2.status, &*ec2.code), (403, "UnauthorizedOperation"));
        assert_eq!(
            ec2.message,
            "You are not authorized to perform this operation. User: arn:aws:iam::1:user/jane is not authorized to \
             perform: ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action"
        );
        assert_eq!(denied(Service::Iam, "iam:GetPolicy").code, "AccessDenied");
        assert_eq!(denied(Service::Ssm, "ssm:DescribeSessions").code, "AccessDeniedException");
    }

    #[test]
    fn a_code_alone_gets_the_status_the_service_sends_with_it() {
        assert_eq!(Refusal::of_code(Service::Ec2, "InternalError").status, 500);
        assert_eq!(Refusal::of_code(Service::Sts, "ExpiredToken").status, 403);
        assert_eq!(Refusal::of_code(Service::Ssm, "Whatever").status, 400);
    }
}
