//! `DescribeVpcAttribute` and `ModifyVpcAttribute`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::Resolver;
use crate::query::Parameters;
use crate::refusal::Refusal;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let vpc = vpc(asking, parameters)?;
    let Resolver { support, hostnames } = resolver(asking, vpc);
    let (name, value) = match parameters.text("Attribute") {
        Some(name @ "enableDnsSupport") => (name, support),
        Some(name @ "enableDnsHostnames") => (name, hostnames),
        other => {
            let message = format!("Value ({}) for parameter attribute is invalid. Unknown attribute.", other.unwrap_or_default());
            return Err(Refusal::new(400, "InvalidParameterValue", message));
        }
    };
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.text("vpcId", vpc);
        xml.within(name, |xml| xml.flag("value", value));
    }))
}

/// One attribute a call, as AWS has it.
pub(super) fn modify(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let vpc = vpc(asking, parameters)?;
    let wanted = |name: &str| parameters.text(name).map(|value| value == "true");
    let mut now = resolver(asking, vpc);
    match (wanted("EnableDnsSupport.Value"), wanted("EnableDnsHostnames.Value")) {
        (Some(is_on), None) => now.support = is_on,
        (None, Some(is_on)) => now.hostnames = is_on,
        _ => {
            let message = "Fields for multiple attribute types specified, or for none";
            return Err(Refusal::new(400, "InvalidParameterCombination", message));
        }
    }
    asking.world.mend(|fleet| {
        if let Some(account) = fleet.account_mut(&asking.account.id) {
            account.vpcs.resolvers.insert(vpc.to_owned(), now);
        }
    });
    Ok(ec2_result(asking.action, asking.request_id, |xml| xml.flag("return", true)))
}

/// The VPC of the call, if it is the account's own.
fn vpc<'p>(asking: &Asking<'_>, parameters: &'p Parameters) -> Result<&'p str, Refusal> {
    let vpc = parameters.text("VpcId").unwrap_or_default();
    let subnets = &asking.account.vpcs.subnets;
    if subnets.iter().any(|subnet| subnet.vpc == vpc && subnet.region == asking.region && subnet.owner.is_none()) {
        return Ok(vpc);
    }
    Err(Refusal::new(400, "InvalidVpcID.NotFound", format!("The vpc ID '{vpc}' does not exist")))
}

fn resolver(asking: &Asking<'_>, vpc: &str) -> Resolver {
    asking.account.vpcs.resolvers.get(vpc).copied().unwrap_or(Resolver { support: true, hostnames: true })
}
