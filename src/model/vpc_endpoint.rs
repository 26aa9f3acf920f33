//! A VPC endpoint, as `DescribeVpcEndpoints` says it: a door of the VPC to a service of AWS.

use super::{Region, Untrusted};

/// An endpoint as far as agents ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VpcEndpoint {
    /// The endpoint's id.
    pub id: Untrusted,
    /// The service's name: `com.amazonaws.eu-west-1.ssm`.
    pub service: Untrusted,
    /// Whether it has network interfaces in the VPC, and so addresses there.
    pub is_interface: bool,
    /// AWS's word for its state.
    pub state: Untrusted,
    /// Whether the VPC's own resolver is to give its addresses for the service's public name.
    pub has_private_dns: bool,
    /// The security groups of its interfaces, by id.
    pub groups: Vec<Untrusted>,
    /// The subnets that it has interfaces in, by id.
    pub subnets: Vec<Untrusted>,
    /// Whether its policy lets everybody do everything; `None`: AWS tells no policy.
    pub is_open: Option<bool>,
}

impl VpcEndpoint {
    /// Whether it carries packets. AWS writes the word in either case.
    pub fn is_available(&self) -> bool {
        self.state.raw().eq_ignore_ascii_case("available")
    }

    /// Whether it leads to this service of the region (`ssm`) by addresses of its own.
    pub fn leads_to(&self, service: &str, region: &Region) -> bool {
        self.is_interface && self.serves(service, region)
    }

    /// Whether it is for this service of the region, by addresses or by routes. In China names begin otherwise: the end decides.
    pub fn serves(&self, service: &str, region: &Region) -> bool {
        let before = self.service.raw().strip_suffix(service).and_then(|before| before.strip_suffix('.'));
        before.is_some_and(|before| before.ends_with(&format!(".{region}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_says_which_service_it_is() {
        let leads = |name: &str, service: &str, region: &str| {
            let own = VpcEndpoint { service: name.into(), is_interface: true, ..VpcEndpoint::default() };
            own.leads_to(service, &region.parse().unwrap())
        };

        assert!(leads("com.amazonaws.eu-west-1.ssm", "ssm", "eu-west-1"));
        assert!(leads("cn.com.amazonaws.cn-north-1.ssm", "ssm", "cn-north-1"));
        assert!(!leads("com.amazonaws.eu-west-1.ssmmessages", "ssm", "eu-west-1"));
        assert!(!leads("com.amazonaws.eu-west-1.ssm", "ssmmessages", "eu-west-1"));
        assert!(!leads("com.amazonaws.eu-west-1.ssm", "ssm", "us-west-1"));
        assert!(!leads("com.amazonaws.vpce.eu-west-1.vpce-svc-0ssm", "ssm", "eu-west-1"));
        assert!(
            !VpcEndpoint { service: "com.amazonaws.eu-west-1.s3".into(), ..VpcEndpoint::default() }
                .leads_to("s3", &"eu-west-1".parse().unwrap())
        );
    }
}
