//! One change: made, looked at, taken back.

mod acls;
mod addresses;
mod agents;
mod connect_endpoints;
mod groups;
mod instances;
mod keys;
mod names;
mod outcome;
mod profiles;
mod roles;
mod routes;
mod serial;
mod service_endpoints;

pub(super) use self::outcome::{Found, Made};
use super::change::Change;
use crate::aws::{self, Cloud};
use crate::model::Region;

/// Whether the caller may make it, asked with `DryRun`; nothing is changed. False: nobody was asked.
pub(super) async fn may(cloud: &Cloud, region: &Region, change: &Change) -> Result<bool, aws::Error> {
    // What is not made yet nobody can be asked about.
    let is_coming = change.clone().ids_mut().iter().any(|id| id.step().is_some());
    if is_coming && !matches!(change, Change::CreateConnectEndpoint { .. } | Change::CreateServiceEndpoint { .. }) {
        return Ok(false);
    }
    let answered = match change {
        Change::OpenGroup(opening) => cloud.may_open_group(region, opening).await,
        Change::StartInstance { instance } => instances::may_start(cloud, region, instance).await,
        Change::OpenAcl(opening) => cloud.may_open_acl(region, opening).await,
        Change::EnableSerialConsole => cloud.may_enable_serial_console(region).await,
        Change::AllocateAddress { mark } => cloud.may_allocate_address(region, mark).await,
        Change::AddRoute { table, block, gateway } => cloud.may_add_route(region, table, *block, gateway).await,
        Change::CreateServiceEndpoint { vpc, service, subnet, .. } => {
            cloud.may_create_service_endpoint(region, (vpc, service, subnet)).await
        }
        Change::CreateGroup { vpc, name, .. } => cloud.may_create_group(region, vpc, name).await,
        Change::CreateConnectEndpoint { subnet, .. } => cloud.may_create_connect_endpoint(region, subnet).await,
        Change::EnableMetadata { instance, .. } => cloud.may_modify_metadata(region, instance).await,
        Change::NameEndpoint { endpoint } => cloud.may_name_endpoint(region, endpoint).await,
        // IAM and Systems Manager know no dry run, and neither do EC2's calls that attach a profile or change a VPC.
        Change::AttachPolicy { .. }
        | Change::CreateRole { .. }
        | Change::CreateProfile { .. }
        | Change::PutRole { .. }
        | Change::AttachProfile { .. }
        | Change::UpdateAgent { .. }
        | Change::AddKey { .. }
        | Change::SwitchVpcDnsOn { .. }
        // Of what is made before: the address, or the group, is none yet.
        | Change::AssociateAddress { .. }
        | Change::ShutGroupOut { .. } => return Ok(false),
    };
    answered.map(|()| true)
}

/// Whether what somebody else has made, and is counted on, is still there.
pub(super) async fn is_there(cloud: &Cloud, region: &Region, change: &Change) -> Result<bool, aws::Error> {
    match change {
        Change::AddKey { instance, user, line } => keys::is_there(cloud, region, keys::Entry { instance, user, line }).await,
        _ => Ok(true),
    }
}

/// Make it.
pub(super) async fn make(cloud: &Cloud, region: &Region, change: &Change) -> Result<Made, aws::Error> {
    match change {
        Change::OpenGroup(opening) => groups::make(cloud, region, opening).await,
        Change::StartInstance { instance } => instances::start(cloud, region, instance).await,
        Change::OpenAcl(opening) => acls::make(cloud, region, opening).await,
        Change::AttachPolicy { role, partition } => roles::attach(cloud, region, role, *partition).await,
        Change::EnableSerialConsole => serial::make(cloud, region).await,
        Change::UpdateAgent { instance, comment } => cloud.update_agent(region, instance, comment).await.map(Made::Done),
        Change::AddKey { instance, user, line } => keys::add(cloud, region, keys::Entry { instance, user, line }).await,
        Change::AllocateAddress { mark } => addresses::allocate(cloud, region, mark).await,
        Change::AssociateAddress { allocation, interface } => addresses::associate(cloud, region, allocation, interface).await,
        Change::AddRoute { table, block, gateway } => routes::add(cloud, region, (table, *block, gateway)).await,
        Change::CreateServiceEndpoint { vpc, service, subnet, group, token } => {
            service_endpoints::create(cloud, region, (vpc, service, subnet), (group, token)).await
        }
        Change::CreateGroup { vpc, name, description } => {
            connect_endpoints::create_group(cloud, region, vpc, (name, description)).await
        }
        Change::ShutGroupOut { group } => cloud.shut_group_out(region, group).await.map(|()| Made::Done(None)),
        Change::CreateConnectEndpoint { subnet, group, token } => {
            connect_endpoints::create(cloud, region, (subnet, group, token)).await
        }
        Change::CreateRole { role, partition, description } => {
            profiles::create_role(cloud, region, (role, *partition, description)).await
        }
        Change::CreateProfile { profile, .. } => profiles::create(cloud, region, profile).await,
        Change::PutRole { profile, role } => profiles::put_role(cloud, region, profile, role).await,
        Change::AttachProfile { instance, profile } => profiles::attach(cloud, region, instance, profile).await,
        Change::EnableMetadata { instance, .. } => instances::enable_metadata(cloud, region, instance).await,
        Change::SwitchVpcDnsOn { vpc, switch } => names::switch_on(cloud, region, vpc, *switch).await,
        Change::NameEndpoint { endpoint } => names::name(cloud, region, endpoint).await,
    }
}

/// What is there of it now. `made`: the id that it got, if that was written down.
pub(super) async fn look(cloud: &Cloud, region: &Region, change: &Change, made: Option<&str>) -> Result<Found, aws::Error> {
    match change {
        Change::OpenGroup(opening) => groups::look(cloud, region, opening, made).await,
        Change::StartInstance { instance } => instances::is_up(cloud, region, instance).await,
        Change::OpenAcl(opening) => acls::look(cloud, region, opening).await,
        Change::AttachPolicy { role, partition } => roles::look(cloud, region, role, *partition).await,
        Change::EnableSerialConsole => Ok(Found::of(cloud.is_serial_console_on(region).await?)),
        Change::UpdateAgent { comment, .. } => agents::look(cloud, region, comment).await,
        Change::AddKey { instance, user, line } => keys::look(cloud, region, keys::Entry { instance, user, line }, made).await,
        Change::AllocateAddress { mark } => addresses::look_at_allocation(cloud, region, mark, made).await,
        Change::AssociateAddress { allocation, interface } => addresses::look(cloud, region, allocation, interface).await,
        Change::AddRoute { table, block, gateway } => routes::look(cloud, region, (table, *block, gateway)).await,
        Change::CreateServiceEndpoint { vpc, service, group, .. } => {
            service_endpoints::look(cloud, region, (vpc, service), group).await
        }
        Change::CreateGroup { vpc, name, description } => {
            connect_endpoints::look_at_group(cloud, region, vpc, (name, description)).await
        }
        // To take it away twice is to take it away.
        Change::ShutGroupOut { .. } => Ok(Found::Nothing),
        Change::CreateConnectEndpoint { subnet, group, .. } => connect_endpoints::look(cloud, region, subnet, group).await,
        Change::CreateRole { role, partition, description } => {
            profiles::look_at_role(cloud, region, (role, *partition, description)).await
        }
        Change::CreateProfile { profile, instance } => profiles::look(cloud, region, profile, instance).await,
        Change::PutRole { profile, role } => profiles::look_at_content(cloud, region, profile, role).await,
        Change::AttachProfile { instance, profile } => {
            profiles::look_at_association(cloud, region, (instance, profile), made).await
        }
        Change::EnableMetadata { instance, .. } => instances::look_at_metadata(cloud, region, instance).await,
        Change::SwitchVpcDnsOn { vpc, switch } => Ok(Found::of(cloud.is_vpc_dns_on(region, vpc, *switch).await?)),
        Change::NameEndpoint { endpoint } => names::look(cloud, region, endpoint).await,
    }
}

/// Take it back: what has this id.
pub(super) async fn take_away(cloud: &Cloud, region: &Region, change: &Change, made: Option<&str>) -> Result<(), aws::Error> {
    match change {
        Change::OpenGroup(opening) => {
            let Some(rule) = made else { return Ok(()) };
            cloud.close_group(region, &opening.group, opening.is_egress, rule).await
        }
        Change::StartInstance { instance } => instances::stop(cloud, region, instance).await,
        Change::OpenAcl(opening) => cloud.close_acl(region, opening).await,
        Change::AttachPolicy { role, partition } => cloud.detach_policy(region, role, &partition.core_policy()).await,
        Change::EnableSerialConsole => cloud.disable_serial_console(region).await,
        Change::AddKey { instance, user, line } => keys::remove(cloud, region, keys::Entry { instance, user, line }, made).await,
        Change::AllocateAddress { .. } => {
            let Some(allocation) = made else { return Ok(()) };
            addresses::release(cloud, region, allocation).await
        }
        Change::AssociateAddress { .. } => {
            let Some(association) = made else { return Ok(()) };
            cloud.disassociate_address(region, association).await
        }
        Change::AddRoute { table, block, .. } => cloud.delete_route(region, table, *block).await,
        Change::CreateServiceEndpoint { vpc, service, group, .. } => {
            let Some(endpoint) = made else { return Ok(()) };
            service_endpoints::delete(cloud, region, (vpc, service), (group, endpoint)).await
        }
        Change::CreateGroup { .. } => {
            let Some(group) = made else { return Ok(()) };
            cloud.delete_group(region, group).await
        }
        Change::ShutGroupOut { .. } | Change::UpdateAgent { .. } => Ok(()),
        Change::CreateConnectEndpoint { subnet, group, .. } => {
            let Some(endpoint) = made else { return Ok(()) };
            connect_endpoints::delete(cloud, region, (subnet, group), endpoint).await
        }
        Change::CreateRole { role, .. } => cloud.delete_role(region, role).await,
        Change::CreateProfile { profile, .. } => cloud.delete_profile(region, profile).await,
        Change::PutRole { profile, role } => cloud.remove_role(region, profile, role).await,
        Change::AttachProfile { .. } => {
            let Some(association) = made else { return Ok(()) };
            cloud.detach_profile(region, association).await
        }
        Change::EnableMetadata { instance, tokens_were } => cloud.modify_metadata(region, instance, *tokens_were, false).await,
        Change::SwitchVpcDnsOn { vpc, switch } => cloud.switch_vpc_dns(region, vpc, *switch, false).await,
        Change::NameEndpoint { endpoint } => cloud.name_endpoint(region, endpoint, false).await,
    }
}
