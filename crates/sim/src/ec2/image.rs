//! `DescribeImages`, and `DescribeInstanceImageMetadata`, which also knows images that are gone.

use crate::answer::ec2_result;
use crate::asking::{Asking, written};
use crate::fleet::{Image, Instance};
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

use super::filter::Filters;
use super::instance::{chosen, zone_id};
use super::paging::unknown_token;

const MOST_PER_PAGE: usize = 1000;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(
        parameters,
        &["image-id", "name", "owner-id", "owner-alias", "architecture", "state", "is-public", "platform"],
    )?;
    let ids = parameters.list("ImageId");
    let here = |image: &&Image| image.region == asking.region && !image.is_deregistered;
    for id in &ids {
        if !id.starts_with("ami-") {
            return Err(Refusal::new(400, "InvalidAMIID.Malformed", format!("Invalid id: \"{id}\" (expecting \"ami-...\")")));
        }
        if !asking.fleet.images.iter().filter(here).any(|image| image.id == **id) {
            let message = format!("The image id '[{id}]' does not exist");
            return Err(Refusal::new(400, "InvalidAMIID.NotFound", message));
        }
    }
    let images: Vec<&Image> = asking
        .fleet
        .images
        .iter()
        .filter(here)
        .filter(|image| ids.is_empty() || ids.contains(&image.id.as_str()))
        .filter(|image| filters.hold(|name| values(image, name)))
        .collect();
    let size = match parameters.number("MaxResults")? {
        Some(size) => asking.page_size(size, 5, MOST_PER_PAGE)?,
        None => usize::MAX,
    };
    let page = asking.paging.cut(images, size, parameters.text("NextToken")).map_err(unknown_token)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("imagesSet", page.items, write_image);
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

pub(super) fn describe_of_instances(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let chosen = chosen(asking, parameters, &parameters.list("InstanceId"))?;
    let size = asking.page_size(parameters.number("MaxResults")?.unwrap_or(MOST_PER_PAGE), 1, MOST_PER_PAGE)?;
    let page = asking.paging.cut(chosen, size, parameters.text("NextToken")).map_err(unknown_token)?;
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("instanceImageMetadataSet", page.items, |xml, instance| {
            write_metadata(xml, asking, instance);
        });
        xml.maybe("nextToken", page.next.as_deref());
    }))
}

fn values<'a>(image: &'a Image, name: &str) -> Vec<&'a str> {
    match name {
        "image-id" => vec![&image.id],
        "name" => vec![&image.name],
        "owner-id" => vec![&image.owner],
        "owner-alias" => image.alias.as_deref().into_iter().collect(),
        "architecture" => vec![&image.architecture],
        "state" => vec!["available"],
        "is-public" => vec![if image.alias.is_some() { "true" } else { "false" }],
        "platform" => image.platform_details.starts_with("Windows").then_some("windows").into_iter().collect(),
        _ => Vec::new(),
    }
}

fn write_image(xml: &mut Xml, image: &Image) {
    xml.text("imageId", &image.id);
    xml.text("imageLocation", &format!("{}/{}", image.alias.as_ref().unwrap_or(&image.owner), image.name));
    xml.text("imageState", "available");
    xml.text("imageOwnerId", &image.owner);
    xml.maybe("imageOwnerAlias", image.alias.as_deref());
    xml.text("creationDate", &written(image.created));
    xml.flag("isPublic", image.alias.is_some());
    xml.text("architecture", &image.architecture);
    xml.text("imageType", "machine");
    xml.maybe("platform", image.platform_details.starts_with("Windows").then_some("windows"));
    xml.text("platformDetails", &image.platform_details);
    xml.text("name", &image.name);
    xml.text("rootDeviceType", "ebs");
    xml.text("virtualizationType", "hvm");
    xml.text("hypervisor", "xen");
}

fn write_metadata(xml: &mut Xml, asking: &Asking<'_>, instance: &Instance) {
    let (code, state) = instance.state.code();
    xml.text("instanceId", &instance.id);
    xml.text("instanceType", &instance.instance_type);
    xml.text("launchTime", &written(instance.launched));
    xml.text("availabilityZone", &instance.zone);
    xml.text("zoneId", &zone_id(instance));
    xml.within("instanceState", |xml| {
        xml.number("code", code);
        xml.text("name", state);
    });
    xml.text("instanceOwnerId", &asking.account.id);
    xml.items("tagSet", &instance.tags, |xml, (key, value)| {
        xml.text("key", key);
        xml.text("value", value);
    });
    xml.within("imageMetadata", |xml| {
        xml.text("imageId", &instance.image);
        let Some(image) = asking.fleet.image(&instance.image) else {
            return;
        };
        xml.text("name", &image.name);
        xml.text("imageOwnerId", &image.owner);
        xml.text("imageState", if image.is_deregistered { "deregistered" } else { "available" });
        xml.maybe("imageOwnerAlias", image.alias.as_deref());
        xml.text("creationDate", &written(image.created));
        xml.flag("isPublic", image.alias.is_some());
    });
    xml.within("operator", |xml| {
        xml.flag("managed", instance.operator.is_some());
        xml.maybe("principal", instance.operator.as_deref());
    });
}
