//! `AllocateAddress`, `AssociateAddress`, `DisassociateAddress`, `ReleaseAddress` and `DescribeAddresses`.

use std::time::SystemTime;

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{Account, ElasticAddress, Instance};
use crate::id::derived_id;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::dry_run::refuse_dry;
use super::filter::Filters;

/// Addresses that an account may have in a region, if it asks for no more.
const MOST: usize = 5;

pub(super) fn allocate(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let own = asking.account.addresses.iter().filter(|own| own.region == asking.region);
    if own.count() >= MOST {
        return Err(Refusal::new(400, "AddressLimitExceeded", "The maximum number of addresses has been reached."));
    }
    refuse_dry(parameters)?;
    let number = asking.account.addresses.iter().map(|own| own.number).max().unwrap_or_default() + 1;
    let moment = asking.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_nanos().to_string();
    let tag = |part: &str| parameters.text(&format!("TagSpecification.1.Tag.1.{part}"));
    let made = ElasticAddress {
        allocation: derived_id("eipalloc-", &[&asking.account.id, &moment]),
        number,
        address: format!("198.18.0.{}", number % 254 + 1),
        region: asking.region.to_owned(),
        tag: tag("Key").zip(tag("Value")).map(|(key, value)| (key.to_owned(), value.to_owned())),
        interface: None,
    };
    let told = made.clone();
    edit(asking, |account| account.addresses.push(made));
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.text("publicIp", &told.address);
        xml.text("domain", "vpc");
        xml.text("allocationId", &told.allocation);
    }))
}

pub(super) fn associate(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let own = of_allocation(asking, parameters)?;
    let interface = parameters.required("NetworkInterfaceId")?;
    if own.interface.as_deref().is_some_and(|holder| holder != interface) {
        let message = format!("resource {} is already associated with associate-id {}", own.allocation, association(own));
        return Err(Refusal::new(400, "Resource.AlreadyAssociated", message));
    }
    let holder = asking.instances().find(|instance| first_interface(instance) == interface);
    let missing = || {
        Refusal::new(400, "InvalidNetworkInterfaceID.NotFound", format!("The networkInterface ID '{interface}' does not exist"))
    };
    let holder = holder.ok_or_else(missing)?;
    refuse_dry(parameters)?;
    let (allocation, address) = (own.allocation.clone(), own.address.clone());
    let mut id = String::new();
    asking.world.mend(|fleet| {
        if let Some(instance) = fleet.instance_mut(&holder.id) {
            (instance.public_ip, instance.elastic_ip) = (Some(address), true);
        }
        let all = fleet.account_mut(&asking.account.id).map(|account| &mut account.addresses);
        if let Some(own) = all.into_iter().flatten().find(|own| own.allocation == allocation) {
            own.interface = Some(interface.to_owned());
            id = association(own);
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.flag("return", true);
        xml.text("associationId", &id);
    }))
}

/// The address that it had before does not come back.
pub(super) fn disassociate(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("AssociationId")?;
    let own = asking.account.addresses.iter().find(|own| own.interface.is_some() && association(own) == id);
    let missing = || Refusal::new(400, "InvalidAssociationID.NotFound", format!("The association ID '{id}' does not exist"));
    let own = own.ok_or_else(missing)?;
    refuse_dry(parameters)?;
    let holder = asking.instances().find(|instance| Some(first_interface(instance)) == own.interface);
    asking.world.mend(|fleet| {
        if let Some(instance) = holder.and_then(|holder| fleet.instance_mut(&holder.id)) {
            (instance.public_ip, instance.elastic_ip) = (None, false);
        }
        let all = fleet.account_mut(&asking.account.id).map(|account| &mut account.addresses);
        all.into_iter().flatten().filter(|known| known.allocation == own.allocation).for_each(|known| known.interface = None);
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

pub(super) fn release(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let own = of_allocation(asking, parameters)?;
    if own.interface.is_some() {
        let message = format!("The address with allocation id '{}' cannot be released because it is associated", own.allocation);
        return Err(Refusal::new(400, "InvalidIPAddress.InUse", message));
    }
    refuse_dry(parameters)?;
    let gone = own.allocation.clone();
    edit(asking, |account| account.addresses.retain(|known| known.allocation != gone));
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["allocation-id", "network-interface-id", "tag:*"])?;
    let own = asking.account.addresses.iter().filter(|own| own.region == asking.region);
    let held = own.filter(|own| {
        filters.hold(|name| match name {
            "allocation-id" => vec![own.allocation.as_str()],
            "network-interface-id" => own.interface.as_deref().into_iter().collect(),
            _ => own.tag.iter().filter(|(key, _)| name == format!("tag:{key}")).map(|(_, value)| value.as_str()).collect(),
        })
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.items("addressesSet", held, write)))
}

fn write(xml: &mut Xml, own: &ElasticAddress) {
    xml.text("publicIp", &own.address);
    xml.text("allocationId", &own.allocation);
    xml.text("domain", "vpc");
    if let Some(interface) = &own.interface {
        xml.text("associationId", &association(own));
        xml.text("networkInterfaceId", interface);
    }
    xml.items("tagSet", &own.tag, |xml, (key, value)| {
        xml.text("key", key);
        xml.text("value", value);
    });
}

fn of_allocation<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a ElasticAddress, Refusal> {
    let id = parameters.required("AllocationId")?;
    let own = asking.account.addresses.iter().find(|own| own.region == asking.region && own.allocation == id);
    own.ok_or_else(|| Refusal::new(400, "InvalidAllocationID.NotFound", format!("The allocation ID '{id}' does not exist")))
}

fn association(own: &ElasticAddress) -> String {
    derived_id("eipassoc-", &[&own.allocation, own.interface.as_deref().unwrap_or_default()])
}

fn first_interface(instance: &Instance) -> String {
    derived_id("eni-", &[&instance.id])
}

fn edit(asking: &Asking<'_>, change: impl FnOnce(&mut Account)) {
    asking.world.mend(|fleet| {
        fleet.account_mut(&asking.account.id).map(change);
    });
}
