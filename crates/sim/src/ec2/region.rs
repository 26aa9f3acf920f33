//! `DescribeRegions`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::{OptIn, Region};
use crate::query::Parameters;
use crate::refusal::Refusal;

use super::filter::Filters;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let filters = Filters::read(parameters, &["region-name", "endpoint", "opt-in-status"])?;
    let names = parameters.list("RegionName");
    let all = parameters.flag("AllRegions");
    if let Some(name) = names.iter().find(|name| asking.fleet.regions.iter().all(|region| region.name != **name)) {
        return Err(Refusal::new(400, "InvalidParameterValue", format!("Invalid region provided: [{name}]")));
    }
    let regions: Vec<&Region> = asking
        .fleet
        .regions
        .iter()
        .filter(|region| all || region.opt_in != OptIn::NotOptedIn)
        .filter(|region| names.is_empty() || names.contains(&region.name.as_str()))
        .filter(|region| {
            let endpoint = endpoint(region);
            filters.hold(|name| match name {
                "region-name" => vec![region.name.as_str()],
                "opt-in-status" => vec![region.opt_in.word()],
                _ => vec![endpoint.as_str()],
            })
        })
        .collect();
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("regionInfo", regions, |xml, region| {
            xml.text("regionName", &region.name);
            xml.text("regionEndpoint", &endpoint(region));
            xml.text("optInStatus", region.opt_in.word());
        });
    }))
}

fn endpoint(region: &Region) -> String {
    format!("ec2.{}.amazonaws.com", region.name)
}
