//! Reads what a fix needs to know and no finding tells, before it is shown.

use super::change::Change;
use super::consequence::Consequence;
use super::fix::Fix;
use crate::aws::{self, Cloud};
use crate::model::VpcDnsSwitch;

impl Fix {
    /// Whether something has to be read before it can be shown.
    pub fn needs_reading(&self) -> bool {
        self.changes.iter().any(|change| {
            matches!(change, Change::EnableMetadata { .. } | Change::CreateRole { .. } | Change::CreateServiceEndpoint { .. })
        })
    }
}

/// The fix as it would be carried out now. Nothing is changed.
pub async fn prepared(cloud: &Cloud, mut fix: Fix) -> Result<Fix, aws::Error> {
    let region = fix.place.region.clone();
    for change in &mut fix.changes {
        if let Change::EnableMetadata { instance, tokens_were } = change {
            *tokens_were = cloud.metadata_options(&region, instance).await?.tokens;
        }
    }
    let mut vpc_of_endpoints = None;
    for change in &mut fix.changes {
        if let Change::CreateServiceEndpoint { vpc, service, .. } = change {
            vpc_of_endpoints = Some(vpc.clone());
            // One that AWS does not list it refuses by its own words.
            *service = cloud.name_of_service(&region, service.as_str()).await?.unwrap_or_else(|| service.clone());
        }
    }
    if let Some(vpc) = vpc_of_endpoints {
        let mut off = Vec::new();
        for switch in [VpcDnsSwitch::Support, VpcDnsSwitch::Hostnames] {
            if !cloud.is_vpc_dns_on(&region, &vpc, switch).await? {
                off.push(Change::SwitchVpcDnsOn { vpc: vpc.clone(), switch });
            }
        }
        // What is made first keeps its number: later steps name it by that.
        fix.changes.splice(1..1, off);
    }
    if let Some(Change::CreateRole { partition, .. }) = fix.changes.first() {
        let policy = partition.core_policy();
        let said = match cloud.profiles_of_policy_alone(&region, &policy).await {
            Ok(names) => names.first().cloned().map(|own| {
                fix.changes.retain(|change| matches!(change, Change::AttachProfile { .. }));
                for change in &mut fix.changes {
                    if let Change::AttachProfile { profile, .. } = change {
                        *profile = own.clone();
                    }
                }
                Consequence::ProfileFits(own.to_string())
            }),
            // Another one does no harm; that nobody could look is said.
            Err(_) => Some(Consequence::ProfilesUnread),
        };
        let of_profile = fix.consequences.iter_mut().find(|own| matches!(own, Consequence::ProfileMade(_)));
        if let (Some(own), Some(said)) = (of_profile, said) {
            *own = said;
        }
    }
    Ok(fix)
}
