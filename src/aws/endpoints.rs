//! Which address each service is reached at, and which addresses are refused.

use std::net::IpAddr;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;

use super::files::bad_files;
use super::{Environment, Error};
use crate::model::{Partition, Region, Untrusted};

/// The longest session name of a role has so many characters, as has the longest name of a user.
const LONGEST_NAME: usize = 64;

/// The services we call, ourselves or by the SDK's credential chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Ec2,
    Ssm,
    Iam,
    Sts,
    InstanceConnect,
    Kms,
    /// Where data channels are opened. Not one of the SDK's; named in its way.
    Messages,
    Sso,
    SsoOidc,
    SignIn,
}

impl Service {
    /// The SDK's service id, from which the names of variables (`AWS_ENDPOINT_URL_EC2`) and keys are made.
    fn id(self) -> &'static str {
        match self {
            Self::Ec2 => "EC2",
            Self::Ssm => "SSM",
            Self::Iam => "IAM",
            Self::Sts => "STS",
            Self::InstanceConnect => "EC2 Instance Connect",
            Self::Kms => "KMS",
            Self::Messages => "SSMMessages",
            Self::Sso => "SSO",
            Self::SsoOidc => "SSO OIDC",
            Self::SignIn => "Signin",
        }
    }

    /// AWS's own host for messages; the SDK finds the address by itself.
    fn host(self, region: &Region) -> String {
        let partition = Partition::of(region);
        let suffix = partition.suffix;
        match self {
            Self::Iam => partition.iam.to_owned(),
            Self::Ec2 => format!("ec2.{region}.{suffix}"),
            Self::Ssm => format!("ssm.{region}.{suffix}"),
            Self::Sts => format!("sts.{region}.{suffix}"),
            Self::InstanceConnect => format!("ec2-instance-connect.{region}.{suffix}"),
            Self::Kms => format!("kms.{region}.{suffix}"),
            Self::Messages => format!("ssmmessages.{region}.{suffix}"),
            Self::Sso => format!("portal.sso.{region}.{suffix}"),
            Self::SsoOidc => format!("oidc.{region}.{suffix}"),
            Self::SignIn => format!("{region}.signin.{suffix}"),
        }
    }
}

/// The resource by which a policy allows a caller's own sessions, read from the id of one of them: AWS begins it with the name of the
/// IAM user, or with the session name of an assumed role (docs/access-rules.md IAM-8).
pub fn own_sessions(region: &Region, session: &str) -> String {
    let name = session.rsplit_once('-').map_or("NAME", |(name, _)| name);
    format!("arn:{}:ssm:*:*:session/{}-*", Partition::of(region).id, Untrusted::from(name).shown_in(LONGEST_NAME))
}

/// An address that the user set in place of AWS's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// As the user wrote it.
    pub(super) url: String,
    /// Host and port.
    pub(super) host: String,
    /// Plain http to this computer: needs neither proxy nor certificates.
    pub(super) is_plain: bool,
}

/// The custom addresses of one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Endpoints {
    custom: Vec<(Service, Endpoint)>,
}

/// The services every profile uses.
const OURS: [Service; 7] =
    [Service::Ec2, Service::Ssm, Service::Iam, Service::Sts, Service::InstanceConnect, Service::Kms, Service::Messages];

impl Endpoints {
    /// What the environment and the selected profile set, in the SDK's order. `chain` are the services that getting the
    /// credentials calls: the SDK's chain reads its addresses itself, so they must pass here before it is started.
    ///
    /// Plain http is refused unless it stays on this computer: keys and tokens would travel in the clear.
    pub(super) fn find(environment: &Environment, sections: &ProfileSet, chain: &[Service]) -> Result<Self, Error> {
        let env = environment.for_sdk();
        let common = EnvConfigValue::new().env("AWS_ENDPOINT_URL").profile("endpoint_url").load(&env, Some(sections));
        let of = |service: Service| {
            EnvConfigValue::new()
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .service_id(service.id())
                .load(&env, Some(sections))
                // The address for all services is one of their APIs; data channels go where `StartSession` says.
                .filter(|(url, _)| service != Service::Messages || common.as_ref().is_none_or(|(common, _)| common != url))
                .map(|(url, _)| endpoint(&url, variable(environment, service)).map(|endpoint| (service, endpoint)))
                .transpose()
        };
        // The chain's clients know no AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (aws-config 1.13, `ProviderConfig::client_config`).
        for service in chain {
            of(*service)?;
        }
        let ignored = EnvConfigValue::new()
            .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .profile("ignore_configured_endpoint_urls")
            .load(&env, Some(sections))
            .is_some_and(|(value, _)| value.eq_ignore_ascii_case("true"));
        let services = OURS.into_iter().chain(chain.iter().copied().filter(|service| !OURS.contains(service)));
        let mut custom = Vec::new();
        for service in services.filter(|service| !ignored || chain.contains(service)) {
            custom.extend(of(service)?);
        }
        Ok(Self { custom })
    }

    /// Whether any of our own calls goes elsewhere than to this computer.
    pub(super) fn leave_this_computer(&self) -> bool {
        OURS.into_iter().any(|service| service != Service::Messages && self.of(service).is_none_or(|own| !own.is_plain))
    }

    /// The custom address of a service.
    pub(super) fn of(&self, service: Service) -> Option<&Endpoint> {
        self.custom.iter().find(|(own, _)| *own == service).map(|(_, endpoint)| endpoint)
    }

    /// The address to warn of: EC2's, or any other.
    pub(super) fn first(&self) -> Option<&Endpoint> {
        self.custom.first().map(|(_, endpoint)| endpoint)
    }

    /// The host that calls of a service go to, for messages.
    pub(super) fn host(&self, service: Service, region: &Region) -> String {
        self.of(service).map_or_else(|| service.host(region), |endpoint| endpoint.host.clone())
    }
}

/// The variable that gives a service its address; `None`: the profile does.
fn variable(environment: &Environment, service: Service) -> Option<String> {
    let own = format!("AWS_ENDPOINT_URL_{}", service.id().to_uppercase().replace(' ', "_"));
    [own, "AWS_ENDPOINT_URL".to_owned()].into_iter().find(|name| environment.get(name).is_some())
}

fn endpoint(url: &str, variable: Option<String>) -> Result<Endpoint, Error> {
    let bad = || {
        let cause = format!("not an endpoint address: {}", Untrusted::from(url).shown_in(60));
        match variable.clone() {
            Some(variable) => Error::BadVariable { variable, cause: cause.into() },
            None => bad_files(cause),
        }
    };
    let uri: hyper::Uri = url.parse().map_err(|_| bad())?;
    let authority = uri.authority().ok_or_else(bad)?;
    // With a user name in it, an address can be read as another than it is.
    if authority.as_str().contains('@') {
        return Err(bad());
    }
    let host = authority.as_str().to_owned();
    match uri.scheme_str() {
        Some("https") => Ok(Endpoint { url: url.to_owned(), host, is_plain: false }),
        Some("http") if is_loopback(authority.host()) => Ok(Endpoint { url: url.to_owned(), host, is_plain: true }),
        Some("http") => Err(Error::PlainEndpoint { host }),
        _ => Err(bad()),
    }
}

pub(super) fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::super::files::Files;
    use super::super::files::tests::home;
    use super::*;

    async fn find(config: &str, variables: &[(&str, &str)], chain: &[Service]) -> Result<Endpoints, Error> {
        let home = home(config, "", variables);
        let files = Files::read(&home.environment, "p").await.unwrap();
        Endpoints::find(&home.environment, &files.sections, chain)
    }

    fn url(endpoints: &Endpoints, service: Service) -> Option<&str> {
        endpoints.of(service).map(|endpoint| endpoint.url.as_str())
    }

    #[test]
    fn a_callers_own_sessions_are_named_as_a_policy_does() {
        let of = |region: &str, session: &str| own_sessions(&region.parse().unwrap(), session);

        assert_eq!(of("us-east-1", "jane-0a1b2c3d4e5f6g7h8"), "arn:aws:ssm:*:*:session/jane-*");
        assert_eq!(of("cn-north-1", "ji-woo@corp-abc"), "arn:aws-cn:ssm:*:*:session/ji-woo@corp-*");
        assert_eq!(of("us-isob-east-1", "jane-0"), "arn:aws-iso-b:ssm:*:*:session/jane-*");
        assert_eq!(of("eusc-de-east-1", ""), "arn:aws-eusc:ssm:*:*:session/NAME-*");
    }

    #[tokio::test]
    async fn a_services_own_variable_beats_the_common_one_and_both_beat_the_profile() {
        let config = "[profile p]\nendpoint_url = https://profile\nservices = s\n[services s]\nssm =\n  endpoint_url = https://ssm.profile\n";

        let endpoints = find(config, &[], &[]).await.unwrap();
        assert_eq!(url(&endpoints, Service::Ec2), Some("https://profile"));
        assert_eq!(url(&endpoints, Service::Ssm), Some("https://ssm.profile"));

        let endpoints = find(config, &[("AWS_ENDPOINT_URL", "https://env")], &[]).await.unwrap();
        assert_eq!(url(&endpoints, Service::Ssm), Some("https://env"));

        let own = [("AWS_ENDPOINT_URL", "https://env"), ("AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT", "https://eic")];
        let endpoints = find(config, &own, &[]).await.unwrap();
        assert_eq!(url(&endpoints, Service::InstanceConnect), Some("https://eic"));
        assert_eq!(url(&endpoints, Service::Iam), Some("https://env"));
    }

    #[tokio::test]
    async fn custom_addresses_can_be_ignored_but_not_those_the_credential_chain_would_use() {
        let ignoring = [("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), ("AWS_ENDPOINT_URL", "http://attacker.example")];

        assert_eq!(find("", &ignoring, &[]).await, Ok(Endpoints::default()));
        assert!(matches!(find("", &ignoring, &[Service::Sso]).await, Err(Error::PlainEndpoint { .. })));
    }

    #[tokio::test]
    async fn plain_http_stays_on_this_computer() {
        for good in
            ["http://127.0.0.1:4566", "http://localhost:4566/", "http://[::1]:80", "https://vpce.example", "http://127.9.9.9"]
        {
            assert!(find("", &[("AWS_ENDPOINT_URL", good)], &[]).await.is_ok(), "{good}");
        }
        for plain in ["http://attacker", "http://10.0.0.1:80", "http://localhost.evil.example", "http://127.0.0.1.evil.example"] {
            for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"] {
                assert!(matches!(find("", &[(variable, plain)], &[]).await, Err(Error::PlainEndpoint { .. })), "{plain}");
            }
        }
        for bad in ["127.0.0.1:4566", "ftp://127.0.0.1", "http://", "http://127.0.0.1@evil.example", "javascript:alert(1)"] {
            for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2_INSTANCE_CONNECT"] {
                let refused = find("", &[(name, bad)], &[]).await;
                assert!(matches!(&refused, Err(Error::BadVariable { variable, .. }) if variable == name), "{bad}: {refused:?}");
            }
            let config = format!("[profile p]\nendpoint_url = {bad}\n");
            assert!(matches!(find(&config, &[], &[]).await, Err(Error::BadFiles { .. })), "{bad}");
        }
    }

    #[test]
    fn the_host_in_a_message_is_the_partitions() {
        let host = |region: &str, service| Endpoints::default().host(service, &region.parse().unwrap());

        assert_eq!(host("ap-northeast-2", Service::Ec2), "ec2.ap-northeast-2.amazonaws.com");
        assert_eq!(host("cn-north-1", Service::Ssm), "ssm.cn-north-1.amazonaws.com.cn");
        assert_eq!(host("us-gov-west-1", Service::Iam), "iam.us-gov.amazonaws.com");
        assert_eq!(host("us-iso-east-1", Service::Ec2), "ec2.us-iso-east-1.c2s.ic.gov");
    }
}
