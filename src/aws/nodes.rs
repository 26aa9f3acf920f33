//! Hybrid nodes (`mi-…`): rows that Systems Manager tells, and EC2 does not know.

use std::net::Ipv4Addr;
use std::sync::Arc;

use aws_sdk_ssm::types::{InstanceInformation, InstanceInformationStringFilter, InstanceProperty, PlatformType};

use super::pages::{Next, Pages, endless};
use super::{Cloud, Error, call, translate};
use crate::model::{Fact, Instance, InstanceId, InstanceState, Os, Place, Region, Ssm, Untrusted};

/// Largest page of `DescribeInstanceInformation`.
pub(super) const PAGE: i32 = 50;

impl Cloud {
    /// All hybrid nodes of a region, asked for alone.
    pub async fn nodes(&self, region: &Region) -> Result<Vec<Instance>, Error> {
        self.nodes_by(region, "ResourceType", "ManagedInstance").await
    }

    /// One hybrid node as it is now.
    pub(super) async fn node(&self, region: &Region, id: &InstanceId) -> Result<Instance, Error> {
        let found = self.nodes_by(region, "InstanceIds", id.as_str()).await;
        let is_unknown =
            |error: &Error| matches!(error, Error::Service { aws_code, .. } if aws_code.raw() == "InvalidInstanceId");
        match found {
            Ok(nodes) => nodes.into_iter().find(|node| node.id == *id).ok_or(Error::NoSuchInstance),
            Err(error) if is_unknown(&error) => Err(Error::NoSuchInstance),
            Err(error) => Err(error),
        }
    }

    /// Systems Manager names no account: whose a node is, the profile tells.
    pub(super) fn owned(&self, node: Instance) -> Instance {
        Instance { account: self.account(), ..node }
    }

    async fn nodes_by(&self, region: &Region, key: &str, value: &str) -> Result<Vec<Instance>, Error> {
        let place = self.place(region);
        let mut pages = Pages::default();
        let (mut nodes, mut token) = (Vec::new(), None);
        loop {
            let asked = self.ask(region, call::DESCRIBE_INSTANCE_INFORMATION, |clients| {
                let only = InstanceInformationStringFilter::builder().key(key).values(value).build();
                let only = only.ok().map(|only| vec![only]);
                clients
                    .ssm
                    .describe_instance_information()
                    .max_results(PAGE)
                    .set_filters(only)
                    .set_next_token(token.take())
                    .send()
            });
            let told = asked.await?;
            let page = told.instance_information_list.unwrap_or_default();
            let next = pages.after(told.next_token, page.is_empty());
            nodes.extend(page.into_iter().filter_map(|told| of_information(told, &place).node()).map(|node| self.owned(node)));
            match next {
                Next::Page(next) => token = Some(next),
                Next::Done => return Ok(nodes),
                Next::Broken => return Err(endless(call::DESCRIBE_INSTANCE_INFORMATION.action)),
            }
        }
    }
}

/// What a registration is of.
pub(super) enum Registered {
    /// An EC2 instance, whose row comes from EC2.
    Instance(InstanceId, Ssm),
    /// A hybrid node: this is its row.
    Node(Box<Instance>),
    /// Nothing with a usable id.
    Nothing,
}

impl Registered {
    fn node(self) -> Option<Instance> {
        match self {
            Self::Node(node) => Some(*node),
            Self::Instance(..) | Self::Nothing => None,
        }
    }
}

/// The same fields of two types of the SDK.
macro_rules! about {
    ($told:ident) => {
        About {
            name: $told.name.clone(),
            computer: $told.computer_name.clone(),
            ip: $told.ip_address.clone(),
            platform: $told.platform_type.clone(),
        }
    };
}

/// A registration by `DescribeInstanceProperties`.
pub(super) fn of_property(told: InstanceProperty, place: &Arc<Place>) -> Registered {
    let about = about!(told);
    registered(translate::property(told), about, place)
}

/// A registration by `DescribeInstanceInformation`.
pub(super) fn of_information(told: InstanceInformation, place: &Arc<Place>) -> Registered {
    let about = about!(told);
    registered(translate::information(told), about, place)
}

/// What is told of a hybrid node besides its registration.
struct About {
    name: Option<String>,
    computer: Option<String>,
    ip: Option<String>,
    platform: Option<PlatformType>,
}

fn registered(told: Option<(InstanceId, Ssm)>, about: About, place: &Arc<Place>) -> Registered {
    match told {
        None => Registered::Nothing,
        Some((id, ssm)) if id.is_hybrid() => Registered::Node(Box::new(row(id, ssm, about, place))),
        Some((id, ssm)) => Registered::Instance(id, ssm),
    }
}

/// Its name is that of the activation, else what the computer calls itself.
fn row(id: InstanceId, ssm: Ssm, about: About, place: &Arc<Place>) -> Instance {
    let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty()).map(Untrusted::from);
    let computer = given(about.computer);
    let name = given(about.name).or_else(|| computer.clone());
    let words = [&ssm.platform_name, &ssm.platform_version].into_iter().flatten().map(Untrusted::raw);
    let platform = words.collect::<Vec<_>>().join(" ");
    Instance {
        state: InstanceState::Hybrid,
        tags: name.into_iter().map(|name| ("Name".into(), name)).collect(),
        private_ip: about.ip.and_then(|ip| ip.parse::<Ipv4Addr>().ok()),
        dns_names: computer.into_iter().collect(),
        platform: (!platform.is_empty()).then(|| platform.into()),
        os: match about.platform {
            Some(PlatformType::Windows) => Os::Windows,
            Some(PlatformType::Macos) => Os::MacOs,
            _ => Os::Linux,
        },
        ssm: Fact::Known(ssm),
        image_name: Fact::Known(None),
        ..Instance::untold(id, Arc::clone(place))
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ssm::types::PingStatus;

    use super::*;
    use crate::model::SsmStatus;

    fn place() -> Arc<Place> {
        Arc::new(Place { profile: None, region: "eu-central-1".parse().unwrap() })
    }

    #[test]
    fn a_node_is_a_row_with_what_systems_manager_tells_by_either_call() {
        let property = InstanceProperty::builder()
            .instance_id("mi-0123456789abcdef0")
            .name("press-4")
            .computer_name("press4.plant.example")
            .ip_address("192.168.7.4")
            .ping_status(PingStatus::Online)
            .platform_type(PlatformType::Windows)
            .platform_name("Windows Server")
            .platform_version("2022")
            .build();
        let information = InstanceInformation::builder()
            .instance_id("mi-0123456789abcdef0")
            .name("press-4")
            .computer_name("press4.plant.example")
            .ip_address("192.168.7.4")
            .ping_status(PingStatus::Online)
            .platform_type(PlatformType::Windows)
            .platform_name("Windows Server")
            .platform_version("2022")
            .build();

        let node = of_property(property, &place()).node().unwrap();

        assert_eq!(of_information(information, &place()).node().unwrap(), node);
        assert_eq!(node.name().map(Untrusted::raw), Some("press-4"));
        assert_eq!((node.state, node.os), (InstanceState::Hybrid, Os::Windows));
        assert_eq!(node.ssm.known().map(|ssm| ssm.status), Some(SsmStatus::Online));
        assert_eq!(node.addresses().map(|ip| ip.to_string()).collect::<Vec<_>>(), ["192.168.7.4"]);
        assert_eq!(node.platform.as_ref().map(Untrusted::raw), Some("Windows Server 2022"));
    }

    #[test]
    fn one_without_a_name_is_called_what_the_computer_calls_itself() {
        let told = InstanceProperty::builder().instance_id("mi-0123456789abcdef0").name(" ").computer_name("press4").build();

        let node = of_property(told, &place()).node().unwrap();

        assert_eq!(node.name().map(Untrusted::raw), Some("press4"));
        assert!(of_property(InstanceProperty::builder().instance_id("i-0123456789abcdef0").build(), &place()).node().is_none());
    }
}
