//! The calls that make an endpoint of a service, and take it away.

use crate::fixes::called::Called;
use crate::model::{ResourceId, ServiceName};

pub(super) fn create(
    (vpc, service, subnet): (&ResourceId, &ServiceName, &ResourceId),
    group: &ResourceId,
    token: &str,
) -> Called {
    Called::new("ec2:CreateVpcEndpoint", "aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface")
        .about(format!("{vpc} {service} {subnet}"))
        .of("--vpc-id", vpc)
        .with("--service-name", service.as_str())
        .of("--subnet-ids", subnet)
        .of("--security-group-ids", group)
        .flag("--private-dns-enabled")
        .with("--client-token", token)
}

pub(super) fn delete(vpc: &ResourceId, service: &ServiceName) -> Called {
    // Who types this reads its id first.
    let line = format!(
        "\"$(aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values={vpc} Name=service-name,Values={service} --query \
         'VpcEndpoints[0].VpcEndpointId' --output text)\""
    );
    Called::new("ec2:DeleteVpcEndpoints", "aws ec2 delete-vpc-endpoints")
        .about(format!("{vpc} {service}"))
        .quoted("--vpc-endpoint-ids", line)
}
