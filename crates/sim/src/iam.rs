//! The IAM API: instance profiles, roles and what their policies allow.

mod simulation;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::query_result;
use super::asking::{Asking, written_short};
use super::fleet::Role;
use super::id::derived_iam_id;
use super::managed_policy;
use super::page::Page;
use super::query::Parameters;
use super::refusal::Refusal;
use super::service::Service;
use super::xml::Xml;

/// IAM sends policy documents percent-encoded (RFC 3986).
const DOCUMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const USUAL_PAGE: usize = 100;
const MOST_PER_PAGE: usize = 1000;

/// The XML that answers the call.
pub(super) fn answer(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "GetInstanceProfile" => get_instance_profile(asking, parameters),
        "ListAttachedRolePolicies" => list_attached_role_policies(asking, parameters),
        "ListRolePolicies" => list_role_policies(asking, parameters),
        "GetRolePolicy" => get_role_policy(asking, parameters),
        "AttachRolePolicy" => change_attached(asking, parameters, true),
        "DetachRolePolicy" => change_attached(asking, parameters, false),
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
    let name = parameters.required("InstanceProfileName")?;
    let account = asking.account;
    let profile = account.instance_profiles.iter().find(|profile| profile.name == name);
    let profile = profile.ok_or_else(|| no_such_entity(&format!("Instance Profile {name} cannot be found.")))?;
    let role = profile.role.as_ref().and_then(|name| account.roles.iter().find(|role| role.name == *name));
    Ok(result(asking, |xml| {
        xml.within("InstanceProfile", |xml| {
            xml.text("Path", "/");
            xml.text("InstanceProfileName", &profile.name);
            xml.text("InstanceProfileId", &derived_iam_id("AIPA", &[&account.id, &profile.name]));
            xml.text("Arn", &account.arn(&format!("instance-profile/{}", profile.name)));
            xml.text("CreateDate", &created(asking));
            xml.members("Roles", role, |xml, role| write_role(xml, asking, role));
        });
    }))
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
    asking.world.edit(|fleet| {
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

fn role<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a Role, Refusal> {
    let name = parameters.required("RoleName")?;
    let role = asking.account.roles.iter().find(|role| role.name == name);
    role.ok_or_else(|| no_such_entity(&format!("The role with name {name} cannot be found.")))
}

fn document<'a>(asking: &Asking<'a>, arn: &str) -> Result<&'a str, Refusal> {
    let own = asking.account.policies.iter().find(|policy| asking.account.arn(&format!("policy/{}", policy.name)) == arn);
    let document = own.map(|policy| policy.document.as_str()).or_else(|| managed_policy::document(arn));
    document.ok_or_else(|| no_such_entity(&format!("Policy {arn} was not found.")))
}

fn page<T>(asking: &Asking<'_>, parameters: &Parameters, items: Vec<T>) -> Result<Page<T>, Refusal> {
    let size = parameters.number("MaxItems")?.unwrap_or(USUAL_PAGE);
    if !(1..=MOST_PER_PAGE).contains(&size) {
        let message = format!(
            "1 validation error detected: Value '{size}' at 'maxItems' failed to satisfy constraint: Member must have \
             value between 1 and {MOST_PER_PAGE}"
        );
        return Err(Refusal::new(400, "ValidationError", message));
    }
    let marker = parameters.text("Marker");
    asking.paging.cut(items, size, marker).map_err(|_| Refusal::new(400, "ValidationError", "Invalid Marker."))
}

fn write_marker<T>(xml: &mut Xml, page: &Page<T>) {
    xml.flag("IsTruncated", page.next.is_some());
    xml.maybe("Marker", page.next.as_deref());
}

fn write_role(xml: &mut Xml, asking: &Asking<'_>, role: &Role) {
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    xml.text("Path", "/");
    xml.text("RoleName", &role.name);
    xml.text("RoleId", &derived_iam_id("AROA", &[&asking.account.id, &role.name]));
    xml.text("Arn", &asking.account.arn(&format!("role/{}", role.name)));
    xml.text("CreateDate", &created(asking));
    xml.text("AssumeRolePolicyDocument", &encoded(trust));
}

fn result(asking: &Asking<'_>, content: impl FnOnce(&mut Xml)) -> Vec<u8> {
    query_result(Service::Iam, asking.action, asking.request_id, content)
}

fn encoded(document: &str) -> String {
    utf8_percent_encode(document.trim(), DOCUMENT).to_string()
}

fn created(asking: &Asking<'_>) -> String {
    written_short(asking.fleet.started - std::time::Duration::from_secs(300 * 86_400))
}

fn no_such_entity(message: &str) -> Refusal {
    Refusal::new(404, "NoSuchEntity", message)
}
