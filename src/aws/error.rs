//! What can go wrong with AWS, told apart by what a user can do about it.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::certificate::CertificateFlaw;
use super::flaw::Flaw;
use super::service_codes;
use crate::model::{CredentialProgram, MfaDevice, ProfileName, Untrusted};

/// A call, or the way to it, failed. The `#[error]` text is for logs; the user reads the catalogue's entry for [`Error::code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No credentials anywhere.
    #[error("no AWS credentials found")]
    NoCredentials,
    /// The profile is in none of the files.
    #[error("no profile called {}", .profile.shown_in(60))]
    NoProfile {
        /// The profile asked for.
        profile: Untrusted,
    },
    /// A sign-in (SSO or `aws login`) is missing or has ended.
    #[error("the sign-in of profile {} has ended", .profile.shown_in(60))]
    SignInEnded {
        /// The profile.
        profile: Untrusted,
        /// The SSO session, if it has a name.
        session: Option<Untrusted>,
        /// The command that mends it: `ec2dash login --profile X`, as argv words.
        remedy: Vec<String>,
        /// How it is over.
        end: SignInEnd,
    },
    /// The sign-in holds, and is not given this role.
    #[error("role {} in account {} is not assigned", .role.shown_in(60), .account.shown_in(20))]
    RoleNotAssigned {
        /// The role's name.
        role: Untrusted,
        /// Its account.
        account: Untrusted,
        /// The SSO session, or its start URL.
        session: Untrusted,
    },
    /// The profile's credentials do not begin with a session of IAM Identity Center, so there is nothing to sign in to.
    #[error("profile {} has no SSO session", .profile.shown_in(60))]
    NoSsoSession {
        /// The profile.
        profile: Untrusted,
    },
    /// No session of IAM Identity Center is known under this start URL in this region.
    #[error("start URL {} is not known in {region}", .start_url.shown_in(200))]
    UnknownStartUrl {
        /// The start URL.
        start_url: Untrusted,
        /// The region.
        region: String,
        /// The section of the AWS files that says so.
        session: Option<Untrusted>,
    },
    /// A start URL at a domain of its own does not lead to AWS.
    #[error("start URL {} does not lead to AWS", .start_url.shown_in(200))]
    StartUrlAstray {
        /// The start URL.
        start_url: Untrusted,
        /// Where it leads, if anywhere.
        to: Option<Untrusted>,
    },
    /// The AWS files have another session of this name.
    #[error("another SSO session is called {}", .session.shown_in(60))]
    SessionNameTaken {
        /// The name.
        session: Untrusted,
    },
    /// Nobody confirmed the sign-in in time.
    #[error("nobody signed in for {} s", .after.as_secs())]
    SignInTimedOut {
        /// How long was waited.
        after: Duration,
    },
    /// The person refused the sign-in in the browser.
    #[error("the sign-in was refused")]
    SignInRefused,
    /// The files of a sign-in cannot be changed.
    #[error("{} cannot be changed: {}", .path.shown_in(200), .cause.shown_in(200))]
    SignInNotKept {
        /// The file.
        path: Untrusted,
        /// Why not.
        cause: Untrusted,
    },
    /// Temporary credentials ran out.
    #[error("the credentials of profile {} have expired", .profile.shown_in(60))]
    Expired {
        /// The profile, or an empty text.
        profile: Untrusted,
    },
    /// A role or a user wants the code of an MFA device, and nobody has typed it.
    #[error("profile {} wants an MFA code", .device.profile.shown_in(60))]
    MfaNeeded {
        /// Whose code.
        device: MfaDevice,
        /// Whether what it gives is found by the next run.
        is_kept: bool,
    },
    /// STS did not take the code.
    #[error("the MFA code was not taken")]
    CodeRefused {
        /// Whose code it was to be.
        device: MfaDevice,
    },
    /// STS does not know the device as one of these keys' user.
    #[error("the MFA device is not one of this user")]
    DeviceUnknown,
    /// The device is a security key, whose codes no call takes.
    #[error("profile {} wants a security key", .profile.shown_in(60))]
    SecurityKey {
        /// The profile.
        profile: Untrusted,
        /// The device.
        device: Untrusted,
    },
    /// A role wants a code, and is taken with credentials that cannot give one.
    #[error("profile {} wants a code that its credentials cannot give", .profile.shown_in(60))]
    CodeOfNobody {
        /// The profile.
        profile: Untrusted,
        /// The device.
        device: Untrusted,
    },
    /// The profile's credentials come from programs, and not all of them were allowed to run.
    #[error("profile {} runs a program that was not allowed", .profile.shown_in(60))]
    ProgramUnasked {
        /// The profile.
        profile: Untrusted,
        /// The programs that would run.
        programs: Vec<CredentialProgram>,
    },
    /// The profile's credential program failed.
    #[error("the credential program of profile {} failed", .profile.shown_in(60))]
    ProgramFailed {
        /// The profile.
        profile: Untrusted,
        /// What it said.
        message: Unlogged,
    },
    /// What gives the credentials failed, and it is no program: a container, instance metadata, a token's file.
    #[error("no credentials were given")]
    CredentialsFailed {
        /// What it said.
        message: Unlogged,
    },
    /// The keys are not valid: unknown, deleted, or the wrong secret.
    #[error("AWS does not accept the credentials: {}", .message.shown_in(200))]
    InvalidCredentials {
        /// AWS's code.
        aws_code: Untrusted,
        /// What AWS said.
        message: Untrusted,
    },
    /// No region anywhere.
    #[error("no region is set")]
    NoRegion {
        /// Profiles that have one.
        having: Vec<ProfileName>,
        /// The profile, or an empty text.
        profile: Untrusted,
    },
    /// The region is not enabled for the account.
    #[error("region {region} is not enabled")]
    RegionOff {
        /// The region.
        region: String,
    },
    /// No region of this name is known, and nothing of AWS answers for it.
    #[error("no region called {region} is known")]
    NoSuchRegion {
        /// The region.
        region: String,
        /// The nearest there is, if one is near.
        nearest: Option<&'static str>,
    },
    /// The region is not enabled for the account, or the keys are wrong: AWS says the same to both.
    #[error("AWS does not accept the credentials in {region}: {}", .aws_code.shown_in(60))]
    RegionOrKeys {
        /// The region.
        region: String,
        /// AWS's code.
        aws_code: Untrusted,
    },
    /// The caller may not.
    #[error("{action} is denied: {}", .message.shown_in(200))]
    Denied {
        /// The IAM action.
        action: &'static str,
        /// What AWS said.
        message: Untrusted,
    },
    /// This computer's clock is wrong.
    #[error("the local clock is off")]
    ClockSkew {
        /// How far AWS is ahead of us, in seconds; negative: we are ahead. `None` if it could not be measured.
        ahead: Option<i64>,
    },
    /// Too many calls.
    #[error("{action} is throttled")]
    Throttled {
        /// The IAM action.
        action: &'static str,
    },
    /// No answer in time.
    #[error("{action} was not answered in {} s", .after.as_secs())]
    Timeout {
        /// The IAM action.
        action: &'static str,
        /// How long was waited.
        after: Duration,
    },
    /// The host cannot be reached: name not found, no route, refused, TLS.
    #[error("cannot reach {host}: {}", .cause.shown_in(200))]
    Unreachable {
        /// Host, with its port if it is not the usual one.
        host: String,
        /// Why.
        cause: Untrusted,
    },
    /// The proxy on the way to the host does not let us through, or is not there.
    #[error("the proxy {proxy} does not connect to {host}: {}", .cause.shown_in(200))]
    Proxy {
        /// The proxy, without user name and password.
        proxy: String,
        /// Host, with its port if it is not the usual one.
        host: String,
        /// Why.
        cause: Untrusted,
    },
    /// The certificate that came is not taken.
    #[error("the certificate of {host} is not taken: {}", .flaw.code())]
    Certificate {
        /// Host, with its port if it is not the usual one.
        host: String,
        /// The proxy on the way, which may have made it; the same as the host where it is the proxy's own.
        proxy: Option<String>,
        /// Why not.
        flaw: CertificateFlaw,
    },
    /// Something answered, and it was not AWS: a captive portal, a cut or garbled answer.
    #[error("the answer to {action} is not one of AWS: {}", .cause.shown_in(200))]
    Garbled {
        /// The IAM action.
        action: &'static str,
        /// What was wrong with it.
        cause: Untrusted,
    },
    /// A custom endpoint is plain http and not on this computer.
    #[error("plain http to {host} is refused")]
    PlainEndpoint {
        /// The host.
        host: String,
    },
    /// The instance is not there.
    #[error("no such instance")]
    NoSuchInstance,
    /// The agent of the instance has no channel to Systems Manager: `TargetNotConnected`.
    #[error("the target is not connected: {}", .message.shown_in(200))]
    NotConnected {
        /// What AWS said.
        message: Untrusted,
    },
    /// Sessions on hybrid nodes need the advanced-instances tier, and the account has the standard one (docs/access-rules.md SSM-20).
    #[error("the advanced-instances tier is needed: {}", .message.shown_in(200))]
    TierNeeded {
        /// What AWS said.
        message: Untrusted,
    },
    /// AWS has no room for an instance of this type where it would start: `InsufficientInstanceCapacity` and its kind.
    #[error("there is no capacity: {}", .message.shown_in(200))]
    NoCapacity {
        /// What AWS said.
        message: Untrusted,
    },
    /// The session is no more: `DoesNotExistException`.
    #[error("no such session")]
    NoSuchSession,
    /// The profile stands in the AWS files and cannot be used as it stands there.
    #[error("profile {} cannot be used: {flaw}", .profile.shown_in(60))]
    BadProfile {
        /// The profile.
        profile: Untrusted,
        /// What is wrong, and where.
        flaw: Box<Flaw>,
    },
    /// A variable of the environment holds what cannot be used.
    #[error("{variable} cannot be used: {}", .cause.shown_in(200))]
    BadVariable {
        /// The variable.
        variable: String,
        /// What is wrong.
        cause: Untrusted,
    },
    /// The AWS files cannot be understood.
    #[error("cannot use the AWS files: {}", .cause.shown_in(200))]
    BadFiles {
        /// What is wrong, without the line itself.
        cause: Untrusted,
    },
    /// Anything else AWS said.
    #[error("{action} failed: {} {}", .aws_code.shown_in(60), .message.shown_in(200))]
    Service {
        /// The IAM action.
        action: &'static str,
        /// AWS's code.
        aws_code: Untrusted,
        /// What AWS said.
        message: Untrusted,
    },
}

/// How a sign-in is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInEnd {
    /// Nobody signed in on this computer.
    Missing,
    /// Its file cannot be understood.
    Damaged,
    /// Its time is over.
    Ended {
        /// When, if that is told.
        at: Option<Timestamp>,
    },
    /// Its file says that it holds, and AWS does not take it: ended elsewhere, or this is not its region.
    Revoked {
        /// The region that the files say.
        region: String,
    },
    /// A sign-in of `aws login`, of which no more is told.
    Console,
}

impl SignInEnd {
    /// The word by which the catalogue tells them apart.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::Ended { at: Some(_) } => "ended",
            Self::Ended { at: None } => "over",
            Self::Revoked { .. } => "revoked",
            Self::Console => "console",
        }
    }
}

/// What a program said that handles secrets, and may have said one: shown to its user, and written to no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Unlogged(Untrusted);

impl Unlogged {
    /// For the user's own eyes.
    pub fn told(&self) -> &Untrusted {
        &self.0
    }
}

impl From<Untrusted> for Unlogged {
    fn from(said: Untrusted) -> Self {
        Self(said)
    }
}

impl From<&str> for Unlogged {
    fn from(said: &str) -> Self {
        Self(said.into())
    }
}

impl fmt::Debug for Unlogged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Error {
    /// What is wrong with the certificate of a proxy (its host and port), if TLS with it failed for that.
    pub fn of_proxy(proxy: &str, error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let flaw = CertificateFlaw::of(error)?;
        Some(Self::Certificate { host: proxy.to_owned(), proxy: Some(proxy.to_owned()), flaw })
    }

    /// Whether new credentials may mend it, so that the ones at hand should be forgotten.
    pub fn is_about_credentials(&self) -> bool {
        // A code that somebody has to type is not given by reading the files again.
        let can_be_read_again = self.lacks_credentials() && !matches!(self, Self::MfaNeeded { .. });
        can_be_read_again || matches!(self, Self::BadProfile { .. } | Self::BadFiles { .. })
    }

    /// Whether the credentials of a profile ended: those that are had by then may be newer ones, and if not it is known what they lack.
    pub(super) fn is_end_of_profile(&self) -> bool {
        matches!(self, Self::Expired { profile } if !profile.raw().is_empty())
    }

    /// The device whose code is to be typed.
    pub fn mfa_device(&self) -> Option<&MfaDevice> {
        match self {
            Self::MfaNeeded { device, .. } | Self::CodeRefused { device } => Some(device),
            _ => None,
        }
    }

    /// Whether there are no credentials that AWS takes, and other or newer ones are what it needs.
    pub fn lacks_credentials(&self) -> bool {
        matches!(
            self,
            Self::NoCredentials
                | Self::SignInEnded { .. }
                | Self::Expired { .. }
                | Self::MfaNeeded { .. }
                | Self::CodeRefused { .. }
                | Self::DeviceUnknown
                | Self::SecurityKey { .. }
                | Self::CodeOfNobody { .. }
                | Self::ProgramUnasked { .. }
                | Self::ProgramFailed { .. }
                | Self::CredentialsFailed { .. }
                | Self::InvalidCredentials { .. }
                | Self::RegionOrKeys { .. }
        )
    }

    /// Stable and documented: the key of the sentence in the catalogue (`{code}`, `{code}-next`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCredentials => "no-credentials",
            Self::NoProfile { .. } => "no-profile",
            Self::SignInEnded { .. } => "sign-in-ended",
            Self::RoleNotAssigned { .. } => "role-not-assigned",
            Self::NoSsoSession { .. } => "no-sso-session",
            Self::UnknownStartUrl { .. } => "unknown-start-url",
            Self::StartUrlAstray { .. } => "start-url-astray",
            Self::SessionNameTaken { .. } => "session-name-taken",
            Self::SignInTimedOut { .. } => "sign-in-timed-out",
            Self::SignInRefused => "sign-in-refused",
            Self::SignInNotKept { .. } => "sign-in-not-kept",
            Self::Expired { .. } => "credentials-expired",
            Self::MfaNeeded { .. } => "mfa-needed",
            Self::CodeRefused { .. } => "mfa-code-refused",
            Self::DeviceUnknown => "mfa-device-unknown",
            Self::SecurityKey { .. } => "mfa-security-key",
            Self::CodeOfNobody { .. } => "mfa-code-of-nobody",
            Self::ProgramUnasked { .. } => "credential-program-not-allowed",
            Self::ProgramFailed { .. } => "credential-program-failed",
            Self::CredentialsFailed { .. } => "credentials-failed",
            Self::InvalidCredentials { .. } => "invalid-credentials",
            Self::NoRegion { .. } => "no-region",
            Self::RegionOff { .. } => "region-off",
            Self::NoSuchRegion { nearest: Some(_), .. } => "no-such-region-near",
            Self::NoSuchRegion { nearest: None, .. } => "no-such-region",
            Self::RegionOrKeys { .. } => "region-or-keys",
            Self::Denied { .. } => "access-denied",
            Self::ClockSkew { .. } => "wrong-clock",
            Self::Throttled { .. } => "throttled",
            Self::Timeout { .. } => "timeout",
            Self::Unreachable { .. } => "unreachable",
            Self::Proxy { .. } => "proxy",
            Self::Certificate { flaw, .. } => flaw.code(),
            Self::Garbled { .. } => "garbled-answer",
            Self::PlainEndpoint { .. } => "plain-endpoint",
            Self::NoSuchInstance => "no-such-instance",
            Self::NotConnected { .. } => "target-not-connected",
            Self::TierNeeded { .. } => "tier-needed",
            Self::NoCapacity { .. } => "no-capacity",
            Self::NoSuchSession => "no-such-session",
            Self::BadProfile { .. } => "bad-profile",
            Self::BadVariable { .. } => "bad-variable",
            Self::BadFiles { .. } => "bad-aws-files",
            Self::Service { aws_code, .. } => service_codes::meaning(aws_code.raw()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_credential_program_said_stands_in_no_log() {
        let error = Error::ProgramFailed { profile: "corp".into(), message: "bad PIN 1234".into() };

        assert!(!format!("{error:?} {error}").contains("1234"));
    }
}
