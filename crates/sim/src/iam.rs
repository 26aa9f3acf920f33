//! The IAM API: instance profiles, roles and what their policies allow.

mod making;
mod simulation;
mod telling;

use self::telling::{created, document, encoded, no_such_entity, page, result, role, write_marker, write_role};
use super::asking::Asking;
use super::id::derived_iam_id;
use super::query::Parameters;
use super::refusal::Refusal;
use super::service::Service;

/// The XML that answers the call.
pub(super) fn answer(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "GetInstanceProfile" => get_instance_profile(asking, parameters),
        "ListAttachedRolePolicies" => list_attached_role_policies(asking, parameters),
        "ListRolePolicies" => list_role_policies(asking, parameters),
        "GetRolePolicy" => get_role_policy(asking, parameters),
        "AttachRolePolicy" => change_attached(asking, parameters, true),
        "DetachRolePolicy" => change_attached(asking, parameters, false),
        "CreateRole" => making::create_role(asking, parameters),
        "DeleteRole" => making::delete_role(asking, parameters),
        "CreateInstanceProfile" => making::create_profile(asking, parameters),
        "DeleteInstanceProfile" => making::delete_profile(asking, parameters),
        "AddRoleToInstanceProfile" => making::put_role(asking, parameters),
        "RemoveRoleFromInstanceProfile" => making::remove_role(asking, parameters),
        "ListEntitiesForPolicy" => making::entities_for_policy(asking, parameters),
        "ListInstanceProfilesForRole" => making::profiles_for_role(asking, parameters),
        "GetPolicy" => get_policy(asking, parameters),
        "GetPolicyVersion" => get_policy_version(asking, parameters),
        "GetRole" => get_role(asking, parameters),
        "GetUser" => get_user(asking, parameters),
        "SimulatePrincipalPolicy" => simulation::answer(asking, parameters),
        other => Err(Refusal::unknown_action(Service::Iam, other)),
    }
}

/// What a call of IAM is about, for the text of a denial.
pub(super) fn resource(account: &str, parameters: &Parameters) -> String {
    if let Some(profile) = parameters.text("InstanceProfileName") {
        return format!("instance profile {profile}");
    }
    if let Some(role) = parameters.text("RoleName") {
        return format!("role {role}");
    }
    if let Some(policy) = parameters.text("PolicyArn") {
        return format!("policy {policy}");
    }
    format!("arn:aws:iam::{account}:*")
}

fn get_instance_profile(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let profile = making::profile(asking, parameters)?;
    Ok(result(asking, |xml| xml.within("InstanceProfile", |xml| making::write_profile(xml, asking, profile))))
}

fn list_attached_role_policies(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    let page = page(asking, parameters, role.attached.iter().collect())?;
    Ok(result(asking, |xml| {
        xml.members("AttachedPolicies", &page.items, |xml, arn| {
            xml.text("PolicyName", arn.rsplit('/').next().unwrap_or(arn));
            xml.text("PolicyArn", arn);
        });
        write_marker(xml, &page);
    }))
}

/// Attaching what is attached is done already; detaching what is not is refused.
fn change_attached(asking: &Asking<'_>, parameters: &Parameters, is_attached: bool) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    let arn = parameters.required("PolicyArn")?;
    document(asking, arn)?;
    if !is_attached && !role.attached.iter().any(|known| known == arn) {
        return Err(no_such_entity(&format!("Policy {arn} was not found.")));
    }
    asking.world.mend(|fleet| {
        let roles = fleet.account_mut(&asking.account.id).map(|account| &mut account.roles);
        if let Some(own) = roles.into_iter().flatten().find(|own| own.name == role.name) {
            own.attached.retain(|known| known != arn);
            own.attached.extend(is_attached.then(|| arn.to_owned()));
        }
    });
    Ok(result(asking, |_| {}))
}

fn list_role_policies(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    let page = page(asking, parameters, role.inline.iter().collect())?;
    Ok(result(asking, |xml| {
        xml.members("PolicyNames", &page.items, |xml, (name, _)| xml.plain(name));
        write_marker(xml, &page);
    }))
}

fn get_role_policy(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    let name = parameters.required("PolicyName")?;
    let found = role.inline.iter().find(|(known, _)| known == name);
    let (_, document) = found.ok_or_else(|| no_such_entity(&format!("The role policy with name {name} cannot be found.")))?;
    Ok(result(asking, |xml| {
        xml.text("RoleName", &role.name);
        xml.text("PolicyName", name);
        xml.text("PolicyDocument", &encoded(document));
    }))
}

fn get_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    Ok(result(asking, |xml| xml.within("Role", |xml| write_role(xml, asking, role))))
}

/// Nobody is known but whoever calls.
fn get_user(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let name = parameters.required("UserName")?;
    let arn = asking.caller.arn.as_str();
    if !arn.ends_with(&format!("user/{name}")) {
        return Err(no_such_entity(&format!("The user with name {name} cannot be found.")));
    }
    Ok(result(asking, |xml| {
        xml.within("User", |xml| {
            xml.text("Path", "/");
            xml.text("UserName", name);
            xml.text("UserId", &asking.caller.user_id);
            xml.text("Arn", arn);
            xml.text("CreateDate", &created(asking));
        });
    }))
}

fn get_policy(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let arn = parameters.required("PolicyArn")?;
    document(asking, arn)?;
    let attached = asking.account.roles.iter().filter(|role| role.attached.iter().any(|known| known == arn)).count();
    Ok(result(asking, |xml| {
        xml.within("Policy", |xml| {
            xml.text("PolicyName", arn.rsplit('/').next().unwrap_or(arn));
            xml.text("PolicyId", &derived_iam_id("ANPA", &[arn]));
            xml.text("Arn", arn);
            xml.text("Path", if arn.contains("/service-role/") { "/service-role/" } else { "/" });
            xml.text("DefaultVersionId", "v1");
            xml.text("AttachmentCount", &attached.to_string());
            xml.number("PermissionsBoundaryUsageCount", 0);
            xml.flag("IsAttachable", true);
            xml.text("CreateDate", &created(asking));
            xml.text("UpdateDate", &created(asking));
        });
    }))
}

fn get_policy_version(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let arn = parameters.required("PolicyArn")?;
    let version = parameters.required("VersionId")?;
    let document = document(asking, arn)?;
    if version != "v1" {
        let message = format!("Policy {arn} version {version} does not exist or is not attachable.");
        return Err(no_such_entity(&message));
    }
    Ok(result(asking, |xml| {
        xml.within("PolicyVersion", |xml| {
            xml.text("Document", &encoded(document));
            xml.text("VersionId", version);
            xml.flag("IsDefaultVersion", true);
            xml.text("CreateDate", &created(asking));
        });
    }))
}
