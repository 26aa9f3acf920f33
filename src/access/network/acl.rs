//! What the network ACL of the interface's subnet lets through: NET-6 on the way in, NET-7 for the reply.

use super::path::{Path, word};
use crate::access::finding::Finding;
use crate::model::{AclEntry, AclPassage, Direction, Fact, NetworkAcl};

/// The ports to which replies may go: those that a NAT on the way may use.
const REPLIES: std::ops::RangeInclusive<u16> = 1024..=65535;

/// What is said of the ACL.
pub(super) fn findings(path: &Path<'_>) -> Vec<Finding> {
    let acls = match &path.network.acls {
        Fact::Known(acls) | Fact::Kept(acls, _) => acls,
        Fact::Pending => return path.case.told(|| Finding::unseen("NET-6", "net-acls-pending")).into_iter().collect(),
        Fact::Hidden(denial) => return path.refused("NET-6", "net-acls-unseen", denial, false).into_iter().collect(),
    };
    let Some(subnet) = &path.interface.subnet else { return Vec::new() };
    // A shared subnet's ACL is told to its owner alone.
    let Some(acl) = acls.iter().find(|acl| acl.subnets.contains(subnet)) else { return Vec::new() };
    [inbound(path, acl), replies(path, acl)].into_iter().flatten().collect()
}

/// NET-6: the packet comes in.
fn inbound(path: &Path<'_>, acl: &NetworkAcl) -> Option<Finding> {
    let port = path.case.options.port;
    if acl.is_shut(Direction::In, port) {
        return Some(path.said(Finding::blocks("NET-6", "net-acl-shut").with("acl", acl.id.shown_in(40))));
    }
    let source = path.source.filter(|_| path.is_public)?;
    match acl.passes(Direction::In, port..=port, source) {
        AclPassage::All => path.case.passes("NET-6", "net-acl-open").map(|finding| finding.with("acl", acl.id.shown_in(40))),
        AclPassage::Some(_, entry) | AclPassage::None(entry) => {
            Some(denied(path, Finding::blocks("NET-6", "net-acl-in"), acl, entry).with_remedy())
        }
    }
}

/// NET-7: its reply goes out.
fn replies(path: &Path<'_>, acl: &NetworkAcl) -> Option<Finding> {
    let source = path.source.filter(|_| path.is_public)?;
    match acl.passes(Direction::Out, REPLIES, source) {
        AclPassage::All => path.case.passes("NET-7", "net-acl-replies").map(|finding| finding.with("acl", acl.id.shown_in(40))),
        AclPassage::Some(port, entry) => {
            let partly = Finding::warns("NET-7", "net-acl-out-partly").with("first", port.to_string());
            Some(denied(path, partly, acl, entry).with_remedy())
        }
        AclPassage::None(entry) => Some(denied(path, Finding::blocks("NET-7", "net-acl-out"), acl, entry).with_remedy()),
    }
}

/// The number of the entry that ends every ACL.
const LAST: i32 = 32767;

fn denied(path: &Path<'_>, finding: Finding, acl: &NetworkAcl, entry: Option<&AclEntry>) -> Finding {
    let number = entry.map_or(LAST, |entry| entry.number);
    path.said(finding)
        .with("acl", acl.id.shown_in(40))
        .with("acl-word", word(&acl.id))
        .with("rule", if number >= LAST { "*".to_owned() } else { number.to_string() })
        .with("free", free_before(acl, entry).to_string())
}

/// A number that no entry of that direction has, before the one that denies.
fn free_before(acl: &NetworkAcl, entry: Option<&AclEntry>) -> i32 {
    let end = entry.map_or(LAST, |entry| entry.number);
    let is_egress = entry.is_some_and(|entry| entry.is_egress);
    let is_taken = |number: i32| acl.entries.iter().any(|own| own.is_egress == is_egress && own.number == number);
    (1..end.min(LAST)).rev().find(|number| !is_taken(*number)).unwrap_or(1)
}
