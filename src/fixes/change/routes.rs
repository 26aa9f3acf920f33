//! The calls that add a route to the internet, and take it away.

use ipnet::IpNet;

use crate::fixes::called::Called;
use crate::model::ResourceId;

pub(super) fn add(table: &ResourceId, block: IpNet, gateway: &ResourceId) -> Called {
    of_block(Called::new("ec2:CreateRoute", "aws ec2 create-route"), table, block, gateway).of("--gateway-id", gateway)
}

pub(super) fn delete(table: &ResourceId, block: IpNet, gateway: &ResourceId) -> Called {
    of_block(Called::new("ec2:DeleteRoute", "aws ec2 delete-route"), table, block, gateway)
}

fn of_block(called: Called, table: &ResourceId, block: IpNet, gateway: &ResourceId) -> Called {
    let option = if block.addr().is_ipv4() { "--destination-cidr-block" } else { "--destination-ipv6-cidr-block" };
    called.about(format!("{table} {block} {gateway}")).of("--route-table-id", table).with(option, &block.to_string())
}
