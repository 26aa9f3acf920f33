//! The calls that make names lead to endpoints of a VPC.

use crate::fixes::called::Called;
use crate::model::{ResourceId, VpcDnsSwitch};

/// One of the two switches of the VPC's resolver.
pub(super) fn resolver(vpc: &ResourceId, switch: VpcDnsSwitch, is_on: bool) -> Called {
    let called = match (switch, is_on) {
        (VpcDnsSwitch::Support, true) => "aws ec2 modify-vpc-attribute --enable-dns-support",
        (VpcDnsSwitch::Support, false) => "aws ec2 modify-vpc-attribute --no-enable-dns-support",
        (VpcDnsSwitch::Hostnames, true) => "aws ec2 modify-vpc-attribute --enable-dns-hostnames",
        (VpcDnsSwitch::Hostnames, false) => "aws ec2 modify-vpc-attribute --no-enable-dns-hostnames",
    };
    Called::new("ec2:ModifyVpcAttribute", called).about(format!("{vpc} {}={is_on}", switch.word())).of("--vpc-id", vpc)
}

/// Whether the service's own name leads to an endpoint.
pub(super) fn of_endpoint(endpoint: &ResourceId, is_on: bool) -> Called {
    let option = if is_on { "--private-dns-enabled" } else { "--no-private-dns-enabled" };
    Called::new("ec2:ModifyVpcEndpoint", "aws ec2 modify-vpc-endpoint")
        .about(format!("{endpoint} PrivateDnsEnabled={is_on}"))
        .of("--vpc-endpoint-id", endpoint)
        .flag(option)
}
