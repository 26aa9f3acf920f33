//! The calls that give an interface an Elastic IP address.

use crate::fixes::called::Called;
use crate::model::ResourceId;

/// The tag by which an address is found again.
pub(super) fn allocate(mark: &str) -> Called {
    Called::new("ec2:AllocateAddress", "aws ec2 allocate-address --domain vpc")
        .with("--tag-specifications", &format!("ResourceType=elastic-ip,Tags=[{{Key=ec2dash,Value=\"{mark}\"}}]"))
}

pub(super) fn release(mark: &str) -> Called {
    // Who types this reads its id first.
    let line = format!(
        "\"$(aws ec2 describe-addresses --filters 'Name=tag:ec2dash,Values={mark}' --query 'Addresses[0].AllocationId' --output text)\""
    );
    Called::new("ec2:ReleaseAddress", "aws ec2 release-address").quoted("--allocation-id", line)
}

pub(super) fn associate(allocation: &ResourceId, interface: &ResourceId) -> Called {
    Called::new("ec2:AssociateAddress", "aws ec2 associate-address")
        .about(format!("{allocation} {interface}"))
        .of("--allocation-id", allocation)
        .of("--network-interface-id", interface)
        .flag("--no-allow-reassociation")
}

pub(super) fn disassociate(allocation: &ResourceId, interface: &ResourceId) -> Called {
    let line = format!(
        "\"$(aws ec2 describe-addresses --filters Name=network-interface-id,Values={interface} --query \
         'Addresses[0].AssociationId' --output text)\""
    );
    Called::new("ec2:DisassociateAddress", "aws ec2 disassociate-address")
        .about(format!("{allocation} {interface}"))
        .quoted("--association-id", line)
}
