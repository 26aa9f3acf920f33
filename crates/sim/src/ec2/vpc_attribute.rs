//! `DescribeVpcAttribute`.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::Resolver;
use crate::query::Parameters;
use crate::refusal::Refusal;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let vpc = parameters.text("VpcId").unwrap_or_default();
    let own = &asking.account.vpcs;
    if !own.subnets.iter().any(|subnet| subnet.vpc == vpc && subnet.region == asking.region && subnet.owner.is_none()) {
        return Err(Refusal::new(400, "InvalidVpcID.NotFound", format!("The vpc ID '{vpc}' does not exist")));
    }
    let Resolver { support, hostnames } = own.resolvers.get(vpc).copied().unwrap_or(Resolver { support: true, hostnames: true });
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
