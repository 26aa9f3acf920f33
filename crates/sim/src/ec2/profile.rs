//! `AssociateIamInstanceProfile`, `DisassociateIamInstanceProfile` and `DescribeIamInstanceProfileAssociations`.

use std::time::SystemTime;

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::Instance;
use crate::id::{derived_iam_id, derived_id};
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::Filters;
use super::instance::check_ids;
use super::paging::unknown_token;

/// Associations on a page, if nothing is said of it.
const PAGE: usize = 1_000;

pub(super) fn associate(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("InstanceId")?;
    check_ids(asking, &[id])?;
    let name = parameters.required("IamInstanceProfile.Name")?;
    let known = asking.account.instance_profiles.iter().find(|own| own.name == name);
    if known.is_none_or(|own| own.known_from.is_some_and(|from| SystemTime::now() < from)) {
        let message =
            format!("Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name");
        return Err(Refusal::new(400, "InvalidParameterValue", message));
    }
    let instance = asking.instances().find(|own| own.id == id);
    if instance.is_some_and(|own| own.instance_profile.is_some()) {
        let message = format!("There is an existing association for instance {id}");
        return Err(Refusal::new(400, "IncorrectState", message));
    }
    let mut made = None;
    asking.world.mend(|fleet| {
        if let Some(instance) = fleet.instance_mut(id) {
            instance.instance_profile = Some(name.to_owned());
            made = Some(instance.clone());
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.within("iamInstanceProfileAssociation", |xml| {
            made.iter().for_each(|own| write(xml, asking, own, "associating"));
        });
    }))
}

pub(super) fn disassociate(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let id = parameters.required("AssociationId")?;
    let own = asking.instances().find(|own| own.instance_profile.is_some() && association(own) == id);
    let Some(own) = own else {
        let message = format!("The association ID '{id}' does not exist");
        return Err(Refusal::new(400, "NoSuchAssociation", message));
    };
    asking.world.mend(|fleet| {
        if let Some(instance) = fleet.instance_mut(&own.id) {
            instance.instance_profile = None;
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.within("iamInstanceProfileAssociation", |xml| write(xml, asking, own, "disassociating"));
    }))
}

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["instance-id", "state"])?;
    let own = asking.instances().filter(|own| own.instance_profile.is_some());
    let held = own.filter(|own| filters.hold(|name| vec![if name == "state" { "associated" } else { own.id.as_str() }]));
    let size = parameters.number("MaxResults")?.unwrap_or(PAGE);
    let page = asking.paging.cut(held.collect(), size, parameters.text("NextToken")).map_err(unknown_token)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("iamInstanceProfileAssociationSet", page.items, |xml, own| write(xml, asking, own, "associated"));
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn association(instance: &Instance) -> String {
    derived_id("iip-assoc-", &[&instance.id, instance.instance_profile.as_deref().unwrap_or_default()])
}

fn write(xml: &mut Xml, asking: &Asking<'_>, instance: &Instance, state: &str) {
    let name = instance.instance_profile.as_deref().unwrap_or_default();
    xml.text("associationId", &association(instance));
    xml.text("instanceId", &instance.id);
    xml.within("iamInstanceProfile", |xml| {
        xml.text("arn", &asking.account.arn(&format!("instance-profile/{name}")));
        xml.text("id", &derived_iam_id("AIPA", &[&asking.account.id, name]));
    });
    xml.text("state", state);
}
