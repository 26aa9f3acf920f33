//! An EC2 Instance Connect Endpoint and what `DescribeInstanceConnectEndpoints` says of it.

use std::net::IpAddr;

use super::{AccountId, EndpointId, Untrusted};

/// An endpoint of one VPC: a door for SSH and RDP to private addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The endpoint's id.
    pub id: EndpointId,
    /// Its host name, as AWS says it. To be checked before anything is sent there.
    pub dns_name: Untrusted,
    /// Its host name for FIPS, if it has one.
    pub fips_dns_name: Option<Untrusted>,
    /// Whether tunnels can be opened.
    pub state: EndpointState,
    /// Why it is in that state, in AWS's words.
    pub state_message: Option<Untrusted>,
    /// The VPC it is in.
    pub vpc: Option<Untrusted>,
    /// The subnet it is in.
    pub subnet: Option<Untrusted>,
    /// The availability zone it is in.
    pub az: Option<Untrusted>,
    /// Its security groups, by id.
    pub security_groups: Vec<Untrusted>,
    /// Whether an instance sees the client's address (`PreserveClientIp`) and not the endpoint's.
    pub keeps_client_ip: bool,
    /// Which addresses it leads to.
    pub address_type: AddressType,
    /// The account it belongs to.
    pub owner: Option<AccountId>,
}

impl Endpoint {
    /// `eice-0d1e2f3a4b5c6d7e8 (create-failed: no more addresses)`: how a sentence names one that is of no use.
    pub fn shown(&self) -> String {
        match &self.state_message {
            Some(message) => format!("{} ({}: {})", self.id, self.state.shown(), message.shown_in(120)),
            None => format!("{} ({})", self.id, self.state.shown()),
        }
    }
}

/// What an endpoint's state means for tunnels (docs/access-rules.md EICE-2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointState {
    /// Tunnels can be opened: `create-complete`, and every `update-…`, in which the old settings hold.
    Usable(&'static str),
    /// It is being made, which takes some minutes.
    Coming,
    /// Making it failed, or it is going.
    Unusable(&'static str),
    /// A word this version does not know.
    Unknown(Untrusted),
}

impl EndpointState {
    /// The state for AWS's word.
    pub fn from_word(word: &str) -> Self {
        const USABLE: [&str; 4] = ["create-complete", "update-complete", "update-in-progress", "update-failed"];
        const UNUSABLE: [&str; 4] = ["create-failed", "delete-in-progress", "delete-complete", "delete-failed"];
        let among = |words: &'static [&'static str]| words.iter().copied().find(|known| *known == word);
        match (among(&USABLE), among(&UNUSABLE)) {
            (Some(word), _) => Self::Usable(word),
            (None, Some(word)) => Self::Unusable(word),
            (None, None) if word == "create-in-progress" => Self::Coming,
            (None, None) => Self::Unknown(word.into()),
        }
    }

    /// AWS's word, fit for a screen.
    pub fn shown(&self) -> String {
        match self {
            Self::Usable(word) | Self::Unusable(word) => (*word).to_owned(),
            Self::Coming => "create-in-progress".to_owned(),
            Self::Unknown(word) => word.shown_in(40),
        }
    }

    /// Whether a tunnel may be tried: a word that this version does not know is no reason not to.
    pub fn may_carry(&self) -> bool {
        matches!(self, Self::Usable(_) | Self::Unknown(_))
    }
}

/// `IpAddressType`: which addresses an endpoint leads to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AddressType {
    /// IPv4 alone, also where AWS does not say.
    #[default]
    Ipv4,
    /// IPv6 alone.
    Ipv6,
    /// Both.
    DualStack,
}

impl AddressType {
    /// The type for AWS's word.
    pub fn from_word(word: &str) -> Self {
        match word {
            "ipv6" => Self::Ipv6,
            "dualstack" => Self::DualStack,
            _ => Self::Ipv4,
        }
    }

    /// AWS's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::DualStack => "dualstack",
        }
    }

    /// Whether it leads to this address.
    pub fn leads_to(self, address: IpAddr) -> bool {
        match self {
            Self::Ipv4 => address.is_ipv4(),
            Self::Ipv6 => address.is_ipv6(),
            Self::DualStack => true,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// One for tests: usable, in `vpc-1` and `subnet-a`, and changed by `change`.
    pub(crate) fn endpoint(id: &str, change: impl FnOnce(&mut Endpoint)) -> Endpoint {
        let mut endpoint = Endpoint {
            id: id.parse().expect("the id of a test"),
            dns_name: format!("{id}.0123abcd.ec2-instance-connect-endpoint.us-west-2.amazonaws.com").into(),
            fips_dns_name: None,
            state: EndpointState::from_word("create-complete"),
            state_message: None,
            vpc: Some("vpc-1".into()),
            subnet: Some("subnet-a".into()),
            az: Some("us-west-2a".into()),
            security_groups: vec!["sg-eice".into()],
            keeps_client_ip: false,
            address_type: AddressType::Ipv4,
            owner: None,
        };
        change(&mut endpoint);
        endpoint
    }

    #[test]
    fn every_state_that_the_api_knows_carries_or_does_not() {
        let carries = [
            ("create-in-progress", false),
            ("create-complete", true),
            ("create-failed", false),
            ("delete-in-progress", false),
            ("delete-complete", false),
            ("delete-failed", false),
            ("update-in-progress", true),
            ("update-complete", true),
            ("update-failed", true),
            ("a-word-of-tomorrow", true),
        ];
        for (word, may_carry) in carries {
            let state = EndpointState::from_word(word);

            assert_eq!((state.may_carry(), state.shown()), (may_carry, word.to_owned()));
        }
    }

    #[test]
    fn an_address_of_another_family_is_not_led_to() {
        let (v4, v6): (IpAddr, IpAddr) = ("10.0.1.25".parse().unwrap(), "2001:db8::1".parse().unwrap());
        let leads = |word| [v4, v6].map(|address| AddressType::from_word(word).leads_to(address));

        assert_eq!(leads("ipv4"), [true, false]);
        assert_eq!(leads(""), [true, false], "old answers do not say");
        assert_eq!(leads("ipv6"), [false, true]);
        assert_eq!(leads("dualstack"), [true, true]);
    }
}
