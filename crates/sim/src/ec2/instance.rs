//! `DescribeInstances`.

use crate::answer::ec2_result;
use crate::asking::{Asking, written};
use crate::fleet::{Account, Instance, Interface, SecurityGroup, State};
use crate::id::{derived_iam_id, derived_id};
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::{Filters, OF_INSTANCE, instance_values};
use super::paging::unknown_token;

const MOST_PER_PAGE: usize = 1000;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let ids = parameters.list("InstanceId");
    let size = parameters.number("MaxResults")?;
    if size.is_some() && !ids.is_empty() {
        let message = "The parameter instancesSet cannot be used with the parameter maxResults";
        return Err(Refusal::new(400, "InvalidParameterCombination", message));
    }
    let chosen = chosen(asking, parameters, &ids)?;
    let page = match (size, parameters.text("NextToken")) {
        (None, None) => asking.paging.cut(chosen, usize::MAX, None),
        (size, token) => {
            let size = asking.page_size(size.unwrap_or(MOST_PER_PAGE), 5, MOST_PER_PAGE)?;
            asking.paging.cut(chosen, size, token)
        }
    }
    .map_err(unknown_token)?;

    let reservations = page.items.chunk_by(|a, b| a.reservation == b.reservation);
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("reservationSet", reservations, |xml, instances| {
            write_reservation(xml, asking.account, instances);
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

/// The instances that ids and filters leave, in the order of the fleet.
pub(super) fn chosen<'a>(asking: &Asking<'a>, parameters: &Parameters, ids: &[&str]) -> Result<Vec<&'a Instance>, Refusal> {
    check_ids(asking, ids)?;
    let filters = Filters::read(parameters, OF_INSTANCE)?;
    let owner = asking.account.id.as_str();
    let hold = |instance: &Instance| {
        let arn = instance.instance_profile.as_ref().map(|name| profile_arn(asking.account, name));
        let code = instance.state.code().0.to_string();
        let (private_dns_name, public_dns_name) = (instance.private_name().unwrap_or_default(), public_name(instance));
        filters.hold(|name| match name {
            "iam-instance-profile.arn" => arn.as_deref().into_iter().collect(),
            "instance-state-code" => vec![code.as_str()],
            "private-dns-name" => vec![private_dns_name.as_str()],
            "dns-name" => public_dns_name.as_deref().into_iter().collect(),
            _ => instance_values(instance, owner, name),
        })
    };
    let named = |instance: &Instance| ids.is_empty() || ids.contains(&instance.id.as_str());
    Ok(asking.instances().filter(|instance| named(instance) && hold(instance)).collect())
}

pub(super) fn check_ids(asking: &Asking<'_>, ids: &[&str]) -> Result<(), Refusal> {
    let well_formed = |id: &str| {
        id.strip_prefix("i-")
            .is_some_and(|hex| matches!(hex.len(), 8 | 17) && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    };
    if let Some(id) = ids.iter().find(|id| !well_formed(id)) {
        return Err(Refusal::new(400, "InvalidInstanceID.Malformed", format!("Invalid id: \"{id}\"")));
    }
    let missing: Vec<&str> = ids.iter().copied().filter(|id| !asking.instances().any(|instance| instance.id == **id)).collect();
    match missing.as_slice() {
        [] => Ok(()),
        [id] => Err(Refusal::new(400, "InvalidInstanceID.NotFound", format!("The instance ID '{id}' does not exist"))),
        several => {
            let message = format!("The instance IDs '{}' do not exist", several.join(", "));
            Err(Refusal::new(400, "InvalidInstanceID.NotFound", message))
        }
    }
}

fn profile_arn(account: &Account, name: &str) -> String {
    account.arn(&format!("instance-profile/{name}"))
}

fn write_reservation(xml: &mut Xml, account: &Account, instances: &[&Instance]) {
    xml.text("reservationId", instances.first().map_or("", |instance| &instance.reservation));
    xml.text("ownerId", &account.id);
    xml.within("groupSet", |_| {});
    xml.items("instancesSet", instances.iter().enumerate(), |xml, (index, instance)| {
        write_instance(xml, account, instance, index);
    });
}

fn write_instance(xml: &mut Xml, account: &Account, instance: &Instance, index: usize) {
    let (code, state) = instance.state.code();
    xml.text("instanceId", &instance.id);
    xml.text("imageId", &instance.image);
    xml.within("instanceState", |xml| {
        xml.number("code", code);
        xml.text("name", state);
    });
    xml.text("privateDnsName", &instance.private_name().unwrap_or_default());
    xml.text("dnsName", &public_name(instance).unwrap_or_default());
    xml.text("reason", &instance.transition_reason);
    xml.maybe("keyName", instance.key_name.as_deref());
    xml.text("amiLaunchIndex", &index.to_string());
    xml.within("productCodes", |_| {});
    xml.text("instanceType", &instance.instance_type);
    xml.text("launchTime", &written(instance.launched));
    xml.within("placement", |xml| {
        xml.text("availabilityZone", &instance.zone);
        xml.text("availabilityZoneId", &zone_id(instance));
        xml.text("groupName", "");
        xml.text("tenancy", if instance.architecture.ends_with("_mac") { "host" } else { "default" });
    });
    xml.maybe("platform", instance.is_windows().then_some("windows"));
    xml.within("monitoring", |xml| xml.text("state", "disabled"));
    if !instance.is_gone() {
        xml.maybe("subnetId", instance.subnet.as_deref());
        xml.maybe("vpcId", instance.vpc.as_deref());
        xml.maybe("privateIpAddress", instance.private_ip.as_deref());
        xml.maybe("ipAddress", instance.public_ip.as_deref());
        xml.maybe("ipv6Address", instance.ipv6.first().map(String::as_str));
        xml.flag("sourceDestCheck", true);
    }
    write_groups(xml, &instance.security_groups);
    if let Some((code, message)) = &instance.state_reason {
        xml.within("stateReason", |xml| {
            xml.text("code", code);
            xml.text("message", message);
        });
    }
    xml.text("architecture", &instance.architecture);
    xml.text("rootDeviceType", "ebs");
    xml.text("rootDeviceName", if instance.is_windows() { "/dev/sda1" } else { "/dev/xvda" });
    write_volume(xml, instance);
    xml.maybe("instanceLifecycle", instance.lifecycle.as_deref());
    if instance.lifecycle.as_deref() == Some("spot") {
        xml.text("spotInstanceRequestId", &derived_id("sir-", &[&instance.id])[..12]);
    }
    xml.text("virtualizationType", "hvm");
    xml.text("clientToken", "");
    if !instance.tags.is_empty() {
        xml.items("tagSet", &instance.tags, |xml, (key, value)| {
            xml.text("key", key);
            xml.text("value", value);
        });
    }
    xml.text("hypervisor", "xen");
    if instance.is_gone() {
        xml.within("networkInterfaceSet", |_| {});
    } else {
        // AWS keeps no order in this list.
        let all = instance.further_interfaces.iter().enumerate().rev().map(Some).chain([None]);
        xml.items("networkInterfaceSet", all, |xml, further| match further {
            Some((number, further)) => write_further_interface(xml, account, instance, number + 1, further),
            None => write_interface(xml, account, instance),
        });
    }
    if let Some(profile) = &instance.instance_profile {
        xml.within("iamInstanceProfile", |xml| {
            xml.text("arn", &profile_arn(account, profile));
            xml.text("id", &derived_iam_id("AIPA", &[&account.id, profile]));
        });
    }
    xml.flag("ebsOptimized", false);
    xml.flag("enaSupport", true);
    xml.within("cpuOptions", |xml| {
        xml.number("coreCount", 1);
        xml.number("threadsPerCore", 2);
    });
    xml.within("capacityReservationSpecification", |xml| xml.text("capacityReservationPreference", "open"));
    xml.within("hibernationOptions", |xml| xml.flag("configured", instance.hibernates));
    write_metadata_options(xml, instance);
    xml.within("enclaveOptions", |xml| xml.flag("enabled", false));
    xml.text("platformDetails", &instance.platform_details);
    xml.text("usageOperation", if instance.is_windows() { "RunInstances:0002" } else { "RunInstances" });
    xml.text("usageOperationUpdateTime", &written(instance.launched));
    xml.within("maintenanceOptions", |xml| xml.text("autoRecovery", "default"));
    write_operator(xml, instance);
}

fn write_groups(xml: &mut Xml, groups: &[SecurityGroup]) {
    xml.items("groupSet", groups, |xml, group| {
        xml.text("groupId", &group.id);
        xml.text("groupName", &group.name);
    });
}

fn write_volume(xml: &mut Xml, instance: &Instance) {
    if instance.is_gone() {
        return xml.within("blockDeviceMapping", |_| {});
    }
    xml.items("blockDeviceMapping", [()], |xml, ()| {
        xml.text("deviceName", if instance.is_windows() { "/dev/sda1" } else { "/dev/xvda" });
        xml.within("ebs", |xml| {
            xml.text("volumeId", &derived_id("vol-", &[&instance.id]));
            xml.text("status", "attached");
            xml.text("attachTime", &written(instance.launched));
            xml.flag("deleteOnTermination", true);
        });
    });
}

fn write_interface(xml: &mut Xml, account: &Account, instance: &Instance) {
    let association = |xml: &mut Xml| {
        if let Some(public) = &instance.public_ip {
            xml.within("association", |xml| {
                xml.text("publicIp", public);
                xml.text("publicDnsName", &public_name(instance).unwrap_or_default());
                xml.text("ipOwnerId", if instance.elastic_ip { &account.id } else { "amazon" });
            });
        }
    };
    xml.text("networkInterfaceId", &derived_id("eni-", &[&instance.id]));
    xml.maybe("subnetId", instance.subnet.as_deref());
    xml.maybe("vpcId", instance.vpc.as_deref());
    xml.text("description", "");
    xml.text("ownerId", &account.id);
    xml.text("status", "in-use");
    xml.text("macAddress", &mac_address(instance));
    xml.maybe("privateIpAddress", instance.private_ip.as_deref());
    xml.text("privateDnsName", &instance.private_name().unwrap_or_default());
    xml.flag("sourceDestCheck", true);
    write_groups(xml, &instance.security_groups);
    xml.within("attachment", |xml| {
        xml.text("attachmentId", &derived_id("eni-attach-", &[&instance.id]));
        xml.number("deviceIndex", 0);
        xml.text("status", "attached");
        xml.text("attachTime", &written(instance.launched));
        xml.flag("deleteOnTermination", true);
        xml.number("networkCardIndex", 0);
    });
    association(xml);
    xml.items("privateIpAddressesSet", &instance.private_ip, |xml, address| {
        xml.text("privateIpAddress", address);
        xml.text("privateDnsName", &instance.private_name().unwrap_or_default());
        xml.flag("primary", true);
        association(xml);
    });
    xml.items("ipv6AddressesSet", instance.ipv6.iter().enumerate(), |xml, (index, address)| {
        xml.text("ipv6Address", address);
        xml.flag("isPrimaryIpv6", index == 0);
    });
    xml.text("interfaceType", "interface");
    write_operator(xml, instance);
}

fn write_further_interface(xml: &mut Xml, account: &Account, instance: &Instance, device_index: usize, own: &Interface) {
    let association = |xml: &mut Xml| {
        if let Some(public) = &own.public_ip {
            xml.within("association", |xml| {
                xml.text("publicIp", public);
                xml.text("publicDnsName", &public_name_of(public, instance));
                xml.text("ipOwnerId", &account.id);
            });
        }
    };
    let number = device_index.to_string();
    xml.text("networkInterfaceId", &derived_id("eni-", &[&instance.id, &number]));
    xml.maybe("subnetId", own.subnet.as_deref().or(instance.subnet.as_deref()));
    xml.maybe("vpcId", instance.vpc.as_deref());
    xml.text("ownerId", &account.id);
    xml.text("status", "in-use");
    xml.text("privateIpAddress", &own.private_ip);
    write_groups(xml, own.security_groups.as_deref().unwrap_or(&instance.security_groups));
    xml.within("attachment", |xml| {
        xml.text("attachmentId", &derived_id("eni-attach-", &[&instance.id, &number]));
        xml.text("deviceIndex", &number);
        xml.text("status", "attached");
    });
    association(xml);
    xml.items("privateIpAddressesSet", [()], |xml, ()| {
        xml.text("privateIpAddress", &own.private_ip);
        xml.flag("primary", true);
        association(xml);
    });
    xml.text("interfaceType", "interface");
}

fn write_metadata_options(xml: &mut Xml, instance: &Instance) {
    let state = if instance.state == State::Pending { "pending" } else { "applied" };
    xml.within("metadataOptions", |xml| {
        xml.text("state", state);
        xml.text("httpTokens", if instance.asks_metadata_tokens { "required" } else { "optional" });
        xml.number("httpPutResponseHopLimit", 2);
        xml.text("httpEndpoint", if instance.has_metadata { "enabled" } else { "disabled" });
        xml.text("httpProtocolIpv6", "disabled");
        xml.text("instanceMetadataTags", "disabled");
    });
}

fn write_operator(xml: &mut Xml, instance: &Instance) {
    xml.within("operator", |xml| {
        xml.flag("managed", instance.operator.is_some());
        xml.maybe("principal", instance.operator.as_deref());
    });
}

fn public_name(instance: &Instance) -> Option<String> {
    let address = instance.public_ip.as_ref().filter(|_| !instance.is_gone())?;
    Some(public_name_of(address, instance))
}

fn public_name_of(address: &str, instance: &Instance) -> String {
    format!("ec2-{}.{}.compute.amazonaws.com", address.replace('.', "-"), instance.region)
}

/// `apne2-az1`: the region shortened as AWS does it, and the zone as a number.
pub(super) fn zone_id(instance: &Instance) -> String {
    let mut parts = instance.region.split('-');
    let area = parts.next().unwrap_or_default();
    let direction = parts.next().unwrap_or_default();
    let number = parts.next().unwrap_or_default();
    let short: String = ["north", "south", "central", "east", "west"]
        .into_iter()
        .filter(|word| direction.contains(word))
        .filter_map(|word| word.get(..1))
        .collect();
    let zone = instance.zone.bytes().last().map_or(0, |letter| letter.wrapping_sub(b'a')) % 26;
    format!("{area}{short}{number}-az{}", zone + 1)
}

fn mac_address(instance: &Instance) -> String {
    let id = derived_id("", &[&instance.id]);
    let pairs: Vec<&str> = (1..6).filter_map(|pair| id.get(pair * 2..pair * 2 + 2)).collect();
    format!("02:{}", pairs.join(":"))
}
