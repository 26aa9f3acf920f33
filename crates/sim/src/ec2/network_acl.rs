//! `DescribeNetworkAcls`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{AclEntry, NetworkAcl, Protocol};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::Filters;
use super::listed::{self, Kind};

/// The numbers of the entries that end every ACL, of IPv4 and of IPv6.
const LAST: [i64; 2] = [32_767, 32_768];

const ACLS: Kind = Kind { word: "NetworkAclId", code: "InvalidNetworkAclID.NotFound", noun: "networkAcl", most: 1_000 };

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["network-acl-id", "vpc-id", "association.subnet-id", "default", "owner-id"])?;
    let own = asking.account.vpcs.acls.iter().filter(|acl| acl.region == asking.region).collect();
    let page = listed::page(
        asking,
        parameters,
        &ACLS,
        own,
        |acl| &acl.id,
        |acl| {
            filters.hold(|name| match name {
                "network-acl-id" => vec![acl.id.as_str()],
                "vpc-id" => vec![acl.vpc.as_str()],
                "association.subnet-id" => acl.subnets.iter().map(String::as_str).collect(),
                "default" => vec![if acl.is_default { "true" } else { "false" }],
                _ => vec![asking.account.id.as_str()],
            })
        },
    )?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("networkAclSet", page.items, |xml, acl| write(xml, acl, &asking.account.id));
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn write(xml: &mut Xml, acl: &NetworkAcl, owner: &str) {
    xml.text("networkAclId", &acl.id);
    xml.text("vpcId", &acl.vpc);
    xml.flag("default", acl.is_default);
    // AWS keeps no order in this list.
    xml.items("entrySet", ends(acl).chain(acl.entries.iter().rev().map(Entry::from)), |xml, entry| entry.write(xml));
    xml.items("associationSet", &acl.subnets, |xml, subnet| {
        xml.text("networkAclAssociationId", &derived_id("aclassoc-", &[&acl.id, subnet]));
        xml.text("networkAclId", &acl.id);
        xml.text("subnetId", subnet);
    });
    xml.within("tagSet", |_| {});
    xml.text("ownerId", owner);
}

/// An entry in the words of the answer.
struct Entry {
    number: i64,
    is_egress: bool,
    allows: bool,
    protocol: Protocol,
    block: String,
}

impl From<&AclEntry> for Entry {
    fn from(own: &AclEntry) -> Self {
        Self {
            number: own.number.into(),
            is_egress: own.is_egress,
            allows: own.allows,
            protocol: own.protocol,
            block: own.block.to_string(),
        }
    }
}

/// The entries that end an ACL: what no other matches is denied.
fn ends(acl: &NetworkAcl) -> impl Iterator<Item = Entry> {
    let has_v6 = acl.entries.iter().any(|entry| entry.block.addr().is_ipv6());
    let families = LAST.into_iter().zip(["0.0.0.0/0", "::/0"]).take(if has_v6 { 2 } else { 1 });
    families.flat_map(|(number, block)| {
        [false, true].map(|is_egress| Entry {
            number,
            is_egress,
            allows: false,
            protocol: Protocol::All,
            block: block.to_owned(),
        })
    })
}

impl Entry {
    fn write(&self, xml: &mut Xml) {
        xml.number("ruleNumber", self.number);
        let (number, ports) = match self.protocol {
            Protocol::All => ("-1", None),
            Protocol::Tcp(first, last) => ("6", Some((first, last))),
            Protocol::Udp(first, last) => ("17", Some((first, last))),
            Protocol::Icmp => ("1", None),
        };
        xml.text("protocol", number);
        xml.text("ruleAction", if self.allows { "allow" } else { "deny" });
        xml.flag("egress", self.is_egress);
        xml.text(if self.block.contains(':') { "ipv6CidrBlock" } else { "cidrBlock" }, &self.block);
        if let Some((first, last)) = ports {
            xml.within("portRange", |xml| {
                xml.number("from", first);
                xml.number("to", last);
            });
        }
    }
}
