//! `CreateNetworkAclEntry` and `DeleteNetworkAclEntry`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{AclEntry, NetworkAcl, Protocol};
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::dry_run::refuse_dry;

/// The highest number that is given.
const HIGHEST: usize = 32_766;

pub(super) fn create(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let acl = acl(asking, parameters)?;
    let (number, is_egress) = place(parameters)?;
    if has(acl, number, is_egress) {
        let message = format!("The network acl entry identified by {number} already exists.");
        return Err(Refusal::new(400, "NetworkAclEntryAlreadyExists", message));
    }
    let entry =
        AclEntry { number, is_egress, allows: allows(parameters)?, protocol: protocol(parameters)?, block: block(parameters)? };
    refuse_dry(parameters)?;
    edit(asking, &acl.id, |acl| {
        acl.entries.push(entry);
        acl.entries.sort_by_key(|entry| (entry.is_egress, entry.number));
    });
    Ok(done(asking))
}

pub(super) fn delete(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let acl = acl(asking, parameters)?;
    let (number, is_egress) = place(parameters)?;
    if !has(acl, number, is_egress) {
        let way = if is_egress { "egress" } else { "ingress" };
        let message = format!("The {way} entry with rule number {number} does not exist in network ACL '{}'", acl.id);
        return Err(Refusal::new(400, "InvalidNetworkAclEntry.NotFound", message));
    }
    refuse_dry(parameters)?;
    edit(asking, &acl.id, |acl| acl.entries.retain(|entry| (entry.number, entry.is_egress) != (number, is_egress)));
    Ok(done(asking))
}

fn done(asking: &Asking<'_>) -> Vec<u8> {
    ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true))
}

fn acl<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a NetworkAcl, Refusal> {
    let id = parameters.required("NetworkAclId")?;
    let found = asking.account.vpcs.acls.iter().find(|acl| acl.region == asking.region && acl.id == id);
    found.ok_or_else(|| Refusal::new(400, "InvalidNetworkAclID.NotFound", format!("The networkAcl ID '{id}' does not exist")))
}

fn place(parameters: &Parameters) -> Result<(u16, bool), Refusal> {
    let number = parameters.number("RuleNumber")?.filter(|number| (1..=HIGHEST).contains(number));
    let number = number.and_then(|number| u16::try_from(number).ok());
    let bad = || Refusal::new(400, "InvalidParameterValue", format!("Value for parameter ruleNumber is not in 1 to {HIGHEST}"));
    Ok((number.ok_or_else(bad)?, parameters.flag("Egress")))
}

fn has(acl: &NetworkAcl, number: u16, is_egress: bool) -> bool {
    acl.entries.iter().any(|entry| (entry.number, entry.is_egress) == (number, is_egress))
}

fn allows(parameters: &Parameters) -> Result<bool, Refusal> {
    match parameters.required("RuleAction")? {
        "allow" => Ok(true),
        "deny" => Ok(false),
        other => Err(Refusal::new(400, "InvalidParameterValue", format!("Value ({other}) for parameter ruleAction is invalid."))),
    }
}

fn protocol(parameters: &Parameters) -> Result<Protocol, Refusal> {
    let port = |name: &str| -> Result<u16, Refusal> {
        let port = parameters.number(name)?.and_then(|port| u16::try_from(port).ok());
        port.ok_or_else(|| Refusal::new(400, "MissingParameter", "The request must contain the parameter portRange"))
    };
    match parameters.required("Protocol")? {
        "-1" => Ok(Protocol::All),
        "6" => Ok(Protocol::Tcp(port("PortRange.From")?, port("PortRange.To")?)),
        "17" => Ok(Protocol::Udp(port("PortRange.From")?, port("PortRange.To")?)),
        other => Err(Refusal::new(400, "InvalidParameterValue", format!("Invalid value '{other}' for protocol."))),
    }
}

fn block(parameters: &Parameters) -> Result<ipnet::IpNet, Refusal> {
    let text = parameters.text("CidrBlock").or_else(|| parameters.text("Ipv6CidrBlock")).unwrap_or_default();
    text.parse().map_err(|_| Refusal::new(400, "InvalidParameterValue", format!("CIDR block {text} is malformed")))
}

fn edit(asking: &Asking<'_>, id: &str, change: impl FnOnce(&mut NetworkAcl)) {
    asking.world.mend(|fleet| {
        let acls = fleet.account_mut(&asking.account.id).map(|account| &mut account.vpcs.acls);
        acls.into_iter().flatten().find(|own| own.region == asking.region && own.id == id).map(change);
    });
}
