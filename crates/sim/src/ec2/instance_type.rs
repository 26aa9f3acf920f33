//! `DescribeInstanceTypes`, as far as disks of the host and its hypervisor go.

use crate::answer::ec2_result;
use crate::asking::Asking;
use crate::fleet::is_nitro;
use crate::query::Parameters;
use crate::refusal::Refusal;

pub(super) fn describe(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let types = parameters.list("InstanceType");
    if types.is_empty() {
        // Nobody here lists all of the hundreds that there are.
        return Err(Refusal::new(400, "InvalidParameterValue", "The simulated cloud tells only of types that are named."));
    }
    if let Some(odd) = types.iter().find(|kind| !kind.contains('.')) {
        return Err(Refusal::new(
            400,
            "InvalidInstanceType",
            format!("The following supplied instance types do not exist: [{odd}]"),
        ));
    }
    Ok(ec2_result(asking.action, asking.request_id, |xml| {
        xml.items("instanceTypeSet", types, |xml, kind| {
            xml.text("instanceType", kind);
            xml.flag("instanceStorageSupported", has_disks(kind));
            xml.flag("bareMetal", kind.ends_with(".metal"));
            if !kind.ends_with(".metal") {
                xml.text("hypervisor", if is_nitro(kind) { "nitro" } else { "xen" });
            }
        });
    }))
}

/// Families whose hosts have disks of their own: `m5d`, `c6gdn`, `i3`, `d3`.
fn has_disks(kind: &str) -> bool {
    let family = kind.split('.').next().unwrap_or_default();
    let behind_the_number = family.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    behind_the_number.contains('d') || family.starts_with('i') || family.starts_with('d')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_of_the_host_are_told_by_the_family() {
        assert!(["m5d.large", "c6gdn.xlarge", "i3.large", "d3.xlarge"].iter().all(|kind| has_disks(kind)));
        assert!(["m6i.large", "t3.micro", "r6g.large"].iter().all(|kind| !has_disks(kind)));
    }
}
