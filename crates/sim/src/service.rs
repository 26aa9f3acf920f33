//! The AWS services the simulated cloud knows, by the names their callers use.

use strum::{EnumString, IntoStaticStr, VariantArray};

/// A service, as named in the credential scope of a signed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Service {
    Ec2,
    Ssm,
    SsmMessages,
    Kms,
    #[strum(serialize = "ec2-instance-connect")]
    InstanceConnect,
    Iam,
    Sts,
    /// Signing in at IAM Identity Center.
    #[strum(serialize = "sso-oauth")]
    SsoOidc,
    /// The portal of IAM Identity Center.
    Sso,
}

/// How a service puts its answers and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    /// `Action=…` in, XML out, errors in `<Response><Errors>`.
    Ec2,
    /// `Action=…` in, XML out, errors in `<ErrorResponse>`.
    Query,
    /// `X-Amz-Target` and JSON in, JSON out.
    Json,
    /// Paths and JSON, without a signature.
    Rest,
}

impl Service {
    pub(super) const ALL: &'static [Self] = Self::VARIANTS;

    /// The name in a credential scope, which is also the prefix of its IAM actions.
    pub(super) fn name(self) -> &'static str {
        self.into()
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        name.parse().ok()
    }

    /// The service whose actions have this prefix in `X-Amz-Target`.
    pub(super) fn of_target(prefix: &str) -> Option<Self> {
        match prefix {
            "AmazonSSM" => Some(Self::Ssm),
            "TrentService" => Some(Self::Kms),
            "AWSEC2InstanceConnectService" => Some(Self::InstanceConnect),
            _ => None,
        }
    }

    /// The service and the action at this path, if it is one that nobody signs for.
    pub(super) fn of_path(method: &str, path: &str) -> Option<(Self, &'static str)> {
        Some(match (method, path) {
            ("POST", "/client/register") => (Self::SsoOidc, "RegisterClient"),
            ("POST", "/device_authorization") => (Self::SsoOidc, "StartDeviceAuthorization"),
            ("POST", "/token") => (Self::SsoOidc, "CreateToken"),
            ("GET", "/assignment/accounts") => (Self::Sso, "ListAccounts"),
            ("GET", "/assignment/roles") => (Self::Sso, "ListAccountRoles"),
            ("GET", "/federation/credentials") => (Self::Sso, "GetRoleCredentials"),
            ("POST", "/logout") => (Self::Sso, "Logout"),
            _ => return None,
        })
    }

    /// The service with this `Version` of the query protocols.
    pub(super) fn of_version(version: &str) -> Option<Self> {
        [Self::Ec2, Self::Iam, Self::Sts].into_iter().find(|service| service.version() == version)
    }

    pub(super) fn protocol(self) -> Protocol {
        match self {
            Self::Ec2 => Protocol::Ec2,
            Self::Iam | Self::Sts => Protocol::Query,
            Self::Ssm | Self::SsmMessages | Self::Kms | Self::InstanceConnect => Protocol::Json,
            Self::SsoOidc | Self::Sso => Protocol::Rest,
        }
    }

    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Ec2 => "2016-11-15",
            Self::Ssm => "2014-11-06",
            Self::SsmMessages => "2017-10-01",
            Self::Kms => "2014-11-01",
            Self::InstanceConnect => "2018-04-02",
            Self::Iam => "2010-05-08",
            Self::Sts => "2011-06-15",
            Self::SsoOidc | Self::Sso => "2019-06-10",
        }
    }

    /// The XML namespace of its answers.
    pub(super) fn namespace(self) -> &'static str {
        match self {
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            _ => "http://ec2.amazonaws.com/doc/2016-11-15/",
        }
    }

    /// Whether it may be signed for `us-east-1` even where that region does not exist: IAM, and STS by its old name.
    pub(super) fn is_global(self) -> bool {
        matches!(self, Self::Iam | Self::Sts)
    }
}
