//! The EC2 API: which action answers how.

mod acl_entry;
mod address;
mod console;
mod dry_run;
mod endpoint;
mod endpoint_making;
mod filter;
mod group_rules;
mod image;
mod instance;
mod instance_status;
mod instance_type;
mod internet_gateway;
mod key_pair;
mod listed;
mod metadata;
mod nat_gateway;
mod network_acl;
mod own_groups;
mod paging;
mod password;
mod power;
mod prefix_list;
mod profile;
mod region;
mod route;
mod route_table;
mod security_group;
mod serial;
mod service_endpoint;
mod subnet;
mod vpc_attribute;
mod vpc_endpoint;
mod vpc_peering;

use super::asking::Asking;
use super::query::Parameters;
use super::refusal::Refusal;
use super::service::Service;

/// The XML that answers the call.
pub(super) fn answer(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "DescribeInstances" => instance::describe(asking, parameters),
        "DescribeInstanceStatus" => instance_status::describe(asking, parameters),
        "DescribeInstanceTypes" => instance_type::describe(asking, parameters),
        "StartInstances" => power::start(asking, parameters),
        "StopInstances" => power::stop(asking, parameters),
        "RebootInstances" => power::reboot(asking, parameters),
        "DescribeInstanceImageMetadata" => image::describe_of_instances(asking, parameters),
        "DescribeImages" => image::describe(asking, parameters),
        "DescribeRegions" => region::describe(asking, parameters),
        "DescribeInstanceConnectEndpoints" => endpoint::describe(asking, parameters),
        "DescribeSecurityGroups" => security_group::describe(asking, parameters),
        "DescribeSecurityGroupRules" => group_rules::describe(asking, parameters),
        "AuthorizeSecurityGroupIngress" | "AuthorizeSecurityGroupEgress" => group_rules::authorize(asking, parameters),
        "RevokeSecurityGroupIngress" | "RevokeSecurityGroupEgress" => group_rules::revoke(asking, parameters),
        "DescribeNetworkAcls" => network_acl::describe(asking, parameters),
        "DescribeRouteTables" => route_table::describe(asking, parameters),
        "DescribeInternetGateways" => internet_gateway::describe(asking, parameters),
        "DescribeNatGateways" => nat_gateway::describe(asking, parameters),
        "ModifyInstanceMetadataOptions" => metadata::modify(asking, parameters),
        "ModifyVpcAttribute" => vpc_attribute::modify(asking, parameters),
        "ModifyVpcEndpoint" => vpc_endpoint::modify(asking, parameters),
        "AssociateIamInstanceProfile" => profile::associate(asking, parameters),
        "DisassociateIamInstanceProfile" => profile::disassociate(asking, parameters),
        "DescribeIamInstanceProfileAssociations" => profile::describe(asking, parameters),
        "CreateSecurityGroup" => own_groups::create(asking, parameters),
        "DeleteSecurityGroup" => own_groups::delete(asking, parameters),
        "CreateInstanceConnectEndpoint" => endpoint_making::create(asking, parameters),
        "DeleteInstanceConnectEndpoint" => endpoint_making::delete(asking, parameters),
        "AllocateAddress" => address::allocate(asking, parameters),
        "AssociateAddress" => address::associate(asking, parameters),
        "DisassociateAddress" => address::disassociate(asking, parameters),
        "ReleaseAddress" => address::release(asking, parameters),
        "DescribeAddresses" => address::describe(asking, parameters),
        "CreateRoute" => route::create(asking, parameters),
        "DeleteRoute" => route::delete(asking, parameters),
        "CreateVpcEndpoint" => service_endpoint::create(asking, parameters),
        "DeleteVpcEndpoints" => service_endpoint::delete(asking, parameters),
        "DescribeVpcEndpointServices" => service_endpoint::services(asking, parameters),
        "DescribeVpcAttribute" => vpc_attribute::describe(asking, parameters),
        "DescribeVpcPeeringConnections" => vpc_peering::describe(asking, parameters),
        "DescribeManagedPrefixLists" => prefix_list::describe(asking, parameters),
        "DescribeVpcEndpoints" => vpc_endpoint::describe(asking, parameters),
        "DescribeSubnets" => subnet::describe(asking, parameters),
        "GetManagedPrefixListEntries" => prefix_list::entries(asking, parameters),
        "GetConsoleOutput" => console::output(asking, parameters),
        "CreateNetworkAclEntry" => acl_entry::create(asking, parameters),
        "DeleteNetworkAclEntry" => acl_entry::delete(asking, parameters),
        "EnableSerialConsoleAccess" => serial::switch(asking, parameters, true),
        "DisableSerialConsoleAccess" => serial::switch(asking, parameters, false),
        "GetSerialConsoleAccessStatus" => serial::access_status(asking),
        "GetPasswordData" => password::data(asking, parameters),
        "DescribeKeyPairs" => key_pair::describe(asking, parameters),
        other => Err(Refusal::unknown_action(Service::Ec2, other)),
    }
}
