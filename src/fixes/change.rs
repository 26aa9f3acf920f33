//! One call that changes something in an account, as data.

mod acls;
mod addresses;
mod agents;
mod connect_endpoints;
mod groups;
mod instances;
mod keys;
mod names;
mod partition;
mod profiles;
mod roles;
mod routes;
mod service_endpoints;

pub use self::partition::Partition;
pub(super) use self::profiles::trust;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::called::Called;
use super::key_line::KeyLine;
use crate::access::Login;
use crate::model::{
    AclOpening, GroupOpening, MetadataTokens, OpeningPeer, ResourceId, RoleName, ServiceName, VpcDnsSwitch, as_text,
};

/// A change: what is asked of AWS, and what is asked to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum Change {
    /// A rule is added to a security group.
    OpenGroup(GroupOpening),
    /// An instance is started.
    StartInstance {
        /// Which.
        instance: ResourceId,
    },
    /// An entry is added to a network ACL.
    OpenAcl(AclOpening),
    /// A managed policy is attached to a role.
    AttachPolicy {
        /// The role.
        role: RoleName,
        /// The partition that AWS's own policies are of: `aws`, `aws-cn`.
        partition: Partition,
    },
    /// The account's switch for serial consoles is turned on, in the region.
    EnableSerialConsole,
    /// The metadata service of an instance is turned on, and asks for tokens.
    EnableMetadata {
        /// The instance.
        instance: ResourceId,
        /// What it asked for before.
        tokens_were: MetadataTokens,
    },
    /// A role that instances may take is made, with no policy yet.
    CreateRole {
        /// Its name.
        role: RoleName,
        /// The partition it is in.
        partition: Partition,
        /// What stands beside it: by this it is found again.
        description: String,
    },
    /// An instance profile is made, without a role.
    CreateProfile {
        /// Its name.
        profile: RoleName,
        /// The instance that it is for.
        instance: ResourceId,
    },
    /// A role is put into an instance profile.
    PutRole {
        /// The instance profile.
        profile: RoleName,
        /// The role.
        role: RoleName,
    },
    /// An instance profile is attached to an instance that has none.
    AttachProfile {
        /// The instance.
        instance: ResourceId,
        /// The instance profile.
        profile: RoleName,
    },
    /// A security group is made.
    CreateGroup {
        /// Its VPC.
        vpc: ResourceId,
        /// Its name.
        name: String,
        /// What stands beside it: by this it is found again.
        description: String,
    },
    /// What a new group lets out is taken away from it.
    ShutGroupOut {
        /// The group.
        group: ResourceId,
    },
    /// An EC2 Instance Connect Endpoint is made.
    CreateConnectEndpoint {
        /// Its subnet.
        subnet: ResourceId,
        /// Its group.
        group: ResourceId,
        /// With this a call that is made once more makes no second one.
        token: String,
    },
    /// An Elastic IP address is allocated.
    AllocateAddress {
        /// The tag by which it is found again.
        mark: String,
    },
    /// An interface gets an Elastic IP address.
    AssociateAddress {
        /// The address.
        allocation: ResourceId,
        /// The interface.
        interface: ResourceId,
    },
    /// A route through the gateway of a VPC is added to a table.
    AddRoute {
        /// The table.
        table: ResourceId,
        /// Where it leads.
        #[serde(with = "as_text")]
        block: IpNet,
        /// Through what.
        gateway: ResourceId,
    },
    /// An endpoint of a service is made, to which the service's own name leads.
    CreateServiceEndpoint {
        /// Its VPC.
        vpc: ResourceId,
        /// The service.
        service: ServiceName,
        /// Its subnet.
        subnet: ResourceId,
        /// Its group.
        group: ResourceId,
        /// With this a call that is made once more makes no second one.
        token: String,
    },
    /// The agent of an instance is updated, by Run Command.
    UpdateAgent {
        /// The instance.
        instance: ResourceId,
        /// What stands beside the command: by this it is found again.
        comment: String,
    },
    /// A key is let in as a user of an instance, by Run Command.
    AddKey {
        /// The instance.
        instance: ResourceId,
        /// The user.
        user: Login,
        /// The line of the user's `authorized_keys`.
        line: KeyLine,
    },
    /// A switch of a VPC's resolver is turned on.
    SwitchVpcDnsOn {
        /// The VPC.
        vpc: ResourceId,
        /// Which.
        switch: VpcDnsSwitch,
    },
    /// The name of a service is made to lead to an endpoint.
    NameEndpoint {
        /// The endpoint.
        endpoint: ResourceId,
    },
}

impl Change {
    /// The call that makes it.
    pub fn forth(&self) -> Called {
        match self {
            Self::OpenGroup(opening) => groups::forth(opening),
            Self::StartInstance { instance } => instances::start(instance),
            Self::OpenAcl(opening) => acls::forth(opening),
            Self::AttachPolicy { role, partition } => roles::attach(role, *partition),
            Self::EnableSerialConsole => Called::new("ec2:EnableSerialConsoleAccess", "aws ec2 enable-serial-console-access"),
            Self::CreateGroup { vpc, name, description } => connect_endpoints::create_group(vpc, name, description),
            Self::ShutGroupOut { group } => connect_endpoints::shut_out(group),
            Self::CreateConnectEndpoint { subnet, group, token } => connect_endpoints::create(subnet, group, token),
            Self::UpdateAgent { instance, comment } => agents::update(instance, comment),
            Self::AddKey { instance, user, line } => keys::add(instance, user, line),
            Self::AllocateAddress { mark } => addresses::allocate(mark),
            Self::AssociateAddress { allocation, interface } => addresses::associate(allocation, interface),
            Self::AddRoute { table, block, gateway } => routes::add(table, *block, gateway),
            Self::CreateServiceEndpoint { vpc, service, subnet, group, token } => {
                service_endpoints::create((vpc, service, subnet), group, token)
            }
            Self::CreateRole { role, partition, description } => profiles::create_role(role, *partition, description),
            Self::CreateProfile { profile, .. } => profiles::create(profile),
            Self::PutRole { profile, role } => profiles::put_role(profile, role),
            Self::AttachProfile { instance, profile } => profiles::attach(instance, profile),
            Self::EnableMetadata { instance, .. } => instances::metadata(instance, true, MetadataTokens::Required),
            Self::SwitchVpcDnsOn { vpc, switch } => names::resolver(vpc, *switch, true),
            Self::NameEndpoint { endpoint } => names::of_endpoint(endpoint, true),
        }
    }

    /// The call that takes it back; `None`: nothing does.
    pub fn back(&self) -> Option<Called> {
        Some(match self {
            Self::OpenGroup(opening) => groups::back(opening),
            Self::StartInstance { instance } => instances::stop(instance),
            Self::OpenAcl(opening) => acls::back(opening),
            Self::AttachPolicy { role, partition } => roles::detach(role, *partition),
            Self::EnableSerialConsole => Called::new("ec2:DisableSerialConsoleAccess", "aws ec2 disable-serial-console-access"),
            Self::CreateGroup { vpc, name, .. } => connect_endpoints::delete_group(vpc, name),
            // It goes with its group.
            Self::ShutGroupOut { .. } => return None,
            Self::CreateConnectEndpoint { subnet, group, .. } => connect_endpoints::delete(subnet, group),
            // An older version is not put back.
            Self::UpdateAgent { .. } => return None,
            Self::AddKey { instance, user, line } => keys::remove(instance, user, line),
            Self::AllocateAddress { mark } => addresses::release(mark),
            Self::AssociateAddress { allocation, interface } => addresses::disassociate(allocation, interface),
            Self::AddRoute { table, block, gateway } => routes::delete(table, *block, gateway),
            Self::CreateServiceEndpoint { vpc, service, .. } => service_endpoints::delete(vpc, service),
            Self::CreateRole { role, .. } => profiles::delete_role(role),
            Self::CreateProfile { profile, .. } => profiles::delete(profile),
            Self::PutRole { profile, role } => profiles::remove_role(profile, role),
            Self::AttachProfile { instance, profile } => profiles::detach(instance, profile),
            Self::EnableMetadata { instance, tokens_were } => instances::metadata(instance, false, *tokens_were),
            Self::SwitchVpcDnsOn { vpc, switch } => names::resolver(vpc, *switch, false),
            Self::NameEndpoint { endpoint } => names::of_endpoint(endpoint, false),
        })
    }

    /// The ids of what it is about that an earlier step may make.
    pub(super) fn ids_mut(&mut self) -> Vec<&mut ResourceId> {
        match self {
            Self::OpenGroup(opening) => {
                let peer = match &mut opening.peer {
                    OpeningPeer::Group(id) => Some(id),
                    OpeningPeer::Block(_) => None,
                };
                std::iter::once(&mut opening.group).chain(peer).collect()
            }
            Self::ShutGroupOut { group }
            | Self::CreateConnectEndpoint { group, .. }
            | Self::CreateServiceEndpoint { group, .. } => vec![group],
            Self::AssociateAddress { allocation, .. } => vec![allocation],
            Self::CreateGroup { .. }
            | Self::AllocateAddress { .. }
            | Self::UpdateAgent { .. }
            | Self::AddKey { .. }
            | Self::AddRoute { .. }
            | Self::StartInstance { .. }
            | Self::OpenAcl(_)
            | Self::AttachPolicy { .. }
            | Self::EnableSerialConsole
            | Self::EnableMetadata { .. }
            | Self::CreateRole { .. }
            | Self::CreateProfile { .. }
            | Self::PutRole { .. }
            | Self::AttachProfile { .. }
            | Self::SwitchVpcDnsOn { .. }
            | Self::NameEndpoint { .. } => Vec::new(),
        }
    }

    /// Where the answer of its call says the id of what it makes, as the AWS CLI's `--query` names it, if later steps may need that.
    pub fn id_told(&self) -> Option<&'static str> {
        match self {
            Self::CreateGroup { .. } => Some("GroupId"),
            Self::AllocateAddress { .. } => Some("AllocationId"),
            _ => None,
        }
    }

    /// The call in one line: `ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 203.0.113.9/32`.
    pub fn shown(&self) -> String {
        self.forth().shown()
    }

    /// The call that takes it back, in one line.
    pub fn shown_back(&self) -> Option<String> {
        self.back().map(|call| call.shown())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(is_egress: bool, peer: OpeningPeer) -> Change {
        let description = "ec2dash 2026-11-30T04:00:00Z".to_owned();
        Change::OpenGroup(GroupOpening { group: "sg-0a".parse().unwrap(), is_egress, port: 22, peer, description })
    }

    fn acl_opening() -> AclOpening {
        let block = "203.0.113.9/32".parse().unwrap();
        AclOpening { acl: "acl-0a".parse().unwrap(), number: 89, is_egress: false, first: 22, last: 22, block }
    }

    fn policy() -> Change {
        Change::AttachPolicy { role: "web-role".parse().unwrap(), partition: Partition::China }
    }

    fn line(change: &Change) -> String {
        change.forth().command()
    }

    fn line_back(change: &Change) -> String {
        change.back().unwrap().command()
    }

    #[test]
    fn a_change_is_a_call_a_command_and_a_command_back() {
        let (v4, v6) = ("203.0.113.9/32".parse().unwrap(), "2001:db8::9/128".parse().unwrap());
        for (change, shown, permission) in [
            (
                opening(false, OpeningPeer::Block(v4)),
                "ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 203.0.113.9/32",
                "IpRanges=[{CidrIp=203.0.113.9/32",
            ),
            (
                opening(false, OpeningPeer::Block(v6)),
                "ec2:AuthorizeSecurityGroupIngress sg-0a tcp 22 from 2001:db8::9/128",
                "Ipv6Ranges=[{CidrIpv6=2001:db8::9/128",
            ),
            (
                opening(true, OpeningPeer::Group("sg-0b".parse().unwrap())),
                "ec2:AuthorizeSecurityGroupEgress sg-0a tcp 22 to sg-0b",
                "UserIdGroupPairs=[{GroupId=sg-0b",
            ),
        ] {
            assert_eq!(change.shown(), shown);
            let expected =
                format!("'IpProtocol=tcp,FromPort=22,ToPort=22,{permission},Description=\"ec2dash 2026-11-30T04:00:00Z\"}}]'");
            assert!(line(&change).ends_with(&format!("--group-id sg-0a --ip-permissions {expected}")), "{}", line(&change));
            assert_eq!(line(&change).replace("authorize", "revoke"), line_back(&change));
            assert_eq!(change.shown_back().unwrap(), shown.replace("Authorize", "Revoke"));
        }
        let coming = opening(false, OpeningPeer::Group(ResourceId::of_step(1)));
        assert!(line(&coming).contains(r#"[{GroupId='"$step_1"',Description="ec2dash"#), "{}", line(&coming));
        let acl = Change::OpenAcl(acl_opening());
        assert_eq!(acl.shown(), "ec2:CreateNetworkAclEntry acl-0a 89 allow tcp 22 from 203.0.113.9/32");
        assert_eq!(
            line(&acl),
            "aws ec2 create-network-acl-entry --network-acl-id acl-0a --ingress --rule-number 89 --protocol tcp --port-range \
             From=22,To=22 --cidr-block 203.0.113.9/32 --rule-action allow"
        );
        assert_eq!(line_back(&acl), "aws ec2 delete-network-acl-entry --network-acl-id acl-0a --ingress --rule-number 89");
        assert_eq!(Change::EnableSerialConsole.shown_back().unwrap(), "ec2:DisableSerialConsoleAccess");
        assert_eq!(
            line(&policy()),
            "aws iam attach-role-policy --role-name web-role --policy-arn arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore"
        );
        let start = Change::StartInstance { instance: "i-0123456789abcdef0".parse().unwrap() };
        assert_eq!(start.shown(), "ec2:StartInstances i-0123456789abcdef0");
        assert_eq!(start.shown_back().unwrap(), "ec2:StopInstances i-0123456789abcdef0");
        assert_eq!(line_back(&start), "aws ec2 stop-instances --instance-ids i-0123456789abcdef0");
    }

    #[test]
    fn names_and_metadata_are_put_back_as_they_were() {
        let metadata =
            Change::EnableMetadata { instance: "i-0123456789abcdef0".parse().unwrap(), tokens_were: MetadataTokens::Optional };
        assert_eq!(
            line(&metadata),
            "aws ec2 modify-instance-metadata-options --instance-id i-0123456789abcdef0 --http-endpoint enabled --http-tokens required"
        );
        assert!(line_back(&metadata).ends_with("--http-endpoint disabled --http-tokens optional"));
        let dns = Change::SwitchVpcDnsOn { vpc: "vpc-0a".parse().unwrap(), switch: VpcDnsSwitch::Hostnames };
        assert_eq!(dns.shown(), "ec2:ModifyVpcAttribute vpc-0a enableDnsHostnames=true");
        assert_eq!(line(&dns), "aws ec2 modify-vpc-attribute --enable-dns-hostnames --vpc-id vpc-0a");
        assert_eq!(line_back(&dns), "aws ec2 modify-vpc-attribute --no-enable-dns-hostnames --vpc-id vpc-0a");
        let name = Change::NameEndpoint { endpoint: "vpce-0a".parse().unwrap() };
        assert_eq!(line(&name), "aws ec2 modify-vpc-endpoint --vpc-endpoint-id vpce-0a --private-dns-enabled");
        assert!(line_back(&name).ends_with("--no-private-dns-enabled"));
    }

    #[test]
    fn a_change_is_written_and_read_back() {
        for change in [
            opening(false, OpeningPeer::Block("203.0.113.9/32".parse().unwrap())),
            opening(true, OpeningPeer::Group("sg-0b".parse().unwrap())),
            Change::StartInstance { instance: "i-0123456789abcdef0".parse().unwrap() },
            Change::OpenAcl(acl_opening()),
            policy(),
            Change::EnableSerialConsole,
        ] {
            let written = serde_json::to_string(&change).unwrap();
            assert_eq!(serde_json::from_str::<Change>(&written).unwrap(), change, "{written}");
        }
    }
}
