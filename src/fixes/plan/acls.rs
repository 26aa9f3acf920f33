//! Entries that are added to network ACLs, before the one that denies.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net};

use super::found::{Found, Plan};
use crate::fixes::change::Change;
use crate::fixes::consequence::Consequence;
use crate::fixes::fix::FixId;
use crate::model::{AclOpening, Direction, NetworkAcl, ResourceId};

/// The ports to which replies go.
const REPLIES: (u16, u16) = (1024, 65535);
/// The port of AWS's services.
const HTTPS: u16 = 443;
/// The highest number that an entry is given.
const HIGHEST: i32 = 32_766;

/// The port of the finding, for the address of the finding.
pub(super) fn inbound(found: &Found<'_>) -> Option<Plan> {
    let port = found.value("port")?;
    plan(FixId::OpenAclIn, vec![for_me(found, false, (port, port))?])
}

/// The replies to that address.
pub(super) fn replies(found: &Found<'_>) -> Option<Plan> {
    plan(FixId::OpenAclOut, vec![for_me(found, true, REPLIES)?])
}

/// What an agent sends to Systems Manager and the replies to it, as far as either is shut.
pub(super) fn agent(found: &Found<'_>) -> Option<Plan> {
    let id: ResourceId = found.value("acl-word")?;
    let acl = found.network()?.acls.known()?.iter().find(|own| own.id.raw() == id.as_str())?;
    let everywhere = IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0));
    let entry = |way, (first, last)| {
        let is_egress = way == Direction::Out;
        Some(AclOpening { acl: id.clone(), number: first_of_all(acl, is_egress)?, is_egress, first, last, block: everywhere })
    };
    let mut openings = Vec::new();
    if acl.is_shut(Direction::Out, HTTPS) {
        openings.push(entry(Direction::Out, (HTTPS, HTTPS))?);
    }
    if acl.are_shut(Direction::In, REPLIES.0..=REPLIES.1) {
        openings.push(entry(Direction::In, REPLIES)?);
    }
    plan(FixId::OpenAclAgent, openings)
}

fn for_me(found: &Found<'_>, is_egress: bool, (first, last): (u16, u16)) -> Option<AclOpening> {
    let address: IpAddr = found.value("ip")?;
    Some(AclOpening {
        acl: found.value("acl-word")?,
        number: found.value("free")?,
        is_egress,
        first,
        last,
        block: address.into(),
    })
}

/// A number before every other of that direction; `None`: there is none.
fn first_of_all(acl: &NetworkAcl, is_egress: bool) -> Option<i32> {
    let numbers = acl.entries.iter().filter(|entry| entry.is_egress == is_egress).map(|entry| entry.number);
    // With room before it for the next one.
    let before = numbers.min().unwrap_or(HIGHEST + 1).min(HIGHEST + 1) - 1;
    (before >= 1).then_some(before)
}

fn plan(id: FixId, openings: Vec<AclOpening>) -> Option<Plan> {
    let consequences = vec![Consequence::WholeSubnets(openings.first()?.acl.to_string())];
    Some(Plan { id, changes: openings.into_iter().map(Change::OpenAcl).collect(), consequences })
}
