//! Roles and instance profiles that are made and taken away, and which there are.

use std::time::{Duration, SystemTime};

use super::telling::{created, document, no_such_entity, page, result, role, write_marker, write_role};
use crate::asking::Asking;
use crate::fleet::{Account, InstanceProfile, Role};
use crate::id::derived_iam_id;
use crate::query::Parameters;
use crate::refusal::Refusal;
use crate::xml::Xml;

/// How long EC2 does not know a profile that was made; the real one takes about ten times as long.
const UNKNOWN_TO_EC2: Duration = Duration::from_secs(1);
const LONGEST_SESSION: Duration = Duration::from_secs(3_600);

pub(super) fn create_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let name = parameters.required("RoleName")?;
    let trust = parameters.required("AssumeRolePolicyDocument")?;
    if serde_json::from_str::<serde_json::Value>(trust).is_err() {
        return Err(Refusal::new(400, "MalformedPolicyDocument", "This policy contains invalid Json"));
    }
    if asking.account.roles.iter().any(|own| own.name == name) {
        return Err(exists(&format!("Role with name {name} already exists.")));
    }
    let made = Role {
        name: name.to_owned(),
        description: parameters.text("Description").map(str::to_owned),
        attached: Vec::new(),
        inline: Vec::new(),
        trusts: Vec::new(),
        mfa: None,
        longest: LONGEST_SESSION,
        profile: None,
    };
    let answer = result(asking, |xml| xml.within("Role", |xml| write_role(xml, asking, &made)));
    edit(asking, |account| account.roles.push(made));
    Ok(answer)
}

pub(super) fn delete_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    if !role.attached.is_empty() || !role.inline.is_empty() {
        return Err(conflict("Cannot delete entity, must detach all policies first."));
    }
    if asking.account.instance_profiles.iter().any(|profile| profile.role.as_ref() == Some(&role.name)) {
        return Err(conflict("Cannot delete entity, must remove roles from instance profile first."));
    }
    edit(asking, |account| account.roles.retain(|own| own.name != role.name));
    Ok(result(asking, |_| {}))
}

pub(super) fn create_profile(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let name = parameters.required("InstanceProfileName")?;
    if asking.account.instance_profiles.iter().any(|own| own.name == name) {
        return Err(exists(&format!("Instance Profile {name} already exists.")));
    }
    let made = InstanceProfile { name: name.to_owned(), role: None, known_from: Some(SystemTime::now() + UNKNOWN_TO_EC2) };
    let answer = result(asking, |xml| xml.within("InstanceProfile", |xml| write_profile(xml, asking, &made)));
    edit(asking, |account| account.instance_profiles.push(made));
    Ok(answer)
}

pub(super) fn delete_profile(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let profile = profile(asking, parameters)?;
    if profile.role.is_some() {
        return Err(conflict("Cannot delete entity, must remove roles from instance profile first."));
    }
    edit(asking, |account| account.instance_profiles.retain(|own| own.name != profile.name));
    Ok(result(asking, |_| {}))
}

pub(super) fn put_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let (profile, role) = (profile(asking, parameters)?, role(asking, parameters)?);
    if profile.role.is_some() {
        return Err(Refusal::new(409, "LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"));
    }
    edit_profile(asking, &profile.name, |own| own.role = Some(role.name.clone()));
    Ok(result(asking, |_| {}))
}

pub(super) fn remove_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let (profile, role) = (profile(asking, parameters)?, role(asking, parameters)?);
    if profile.role.as_ref() != Some(&role.name) {
        return Err(no_such_entity(&format!("Role {} in the instance profile cannot be found.", role.name)));
    }
    edit_profile(asking, &profile.name, |own| own.role = None);
    Ok(result(asking, |_| {}))
}

pub(super) fn entities_for_policy(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let arn = parameters.required("PolicyArn")?;
    document(asking, arn)?;
    let own = asking.account.roles.iter().filter(|role| role.attached.iter().any(|known| known == arn)).collect();
    let page = page(asking, parameters, own)?;
    Ok(result(asking, |xml| {
        xml.within("PolicyGroups", |_| {});
        xml.within("PolicyUsers", |_| {});
        xml.members("PolicyRoles", &page.items, |xml, role| {
            xml.text("RoleName", &role.name);
            xml.text("RoleId", &derived_iam_id("AROA", &[&asking.account.id, &role.name]));
        });
        write_marker(xml, &page);
    }))
}

pub(super) fn profiles_for_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let role = role(asking, parameters)?;
    let own = asking.account.instance_profiles.iter().filter(|profile| profile.role.as_ref() == Some(&role.name)).collect();
    let page = page(asking, parameters, own)?;
    Ok(result(asking, |xml| {
        xml.members("InstanceProfiles", &page.items, |xml, profile| write_profile(xml, asking, profile));
        write_marker(xml, &page);
    }))
}

pub(super) fn profile<'a>(asking: &Asking<'a>, parameters: &Parameters) -> Result<&'a InstanceProfile, Refusal> {
    let name = parameters.required("InstanceProfileName")?;
    let found = asking.account.instance_profiles.iter().find(|profile| profile.name == name);
    found.ok_or_else(|| no_such_entity(&format!("Instance Profile {name} cannot be found.")))
}

pub(super) fn write_profile(xml: &mut Xml, asking: &Asking<'_>, profile: &InstanceProfile) {
    let account = asking.account;
    let role = profile.role.as_ref().and_then(|name| account.roles.iter().find(|role| role.name == *name));
    xml.text("Path", "/");
    xml.text("InstanceProfileName", &profile.name);
    xml.text("InstanceProfileId", &derived_iam_id("AIPA", &[&account.id, &profile.name]));
    xml.text("Arn", &account.arn(&format!("instance-profile/{}", profile.name)));
    xml.text("CreateDate", &created(asking));
    xml.members("Roles", role, |xml, role| write_role(xml, asking, role));
}

fn edit_profile(asking: &Asking<'_>, name: &str, change: impl FnOnce(&mut InstanceProfile)) {
    edit(asking, |account| {
        account.instance_profiles.iter_mut().find(|own| own.name == name).map(change);
    });
}

fn edit(asking: &Asking<'_>, change: impl FnOnce(&mut Account)) {
    asking.world.mend(|fleet| {
        fleet.account_mut(&asking.account.id).map(change);
    });
}

fn exists(message: &str) -> Refusal {
    Refusal::new(409, "EntityAlreadyExists", message)
}

fn conflict(message: &str) -> Refusal {
    Refusal::new(409, "DeleteConflict", message)
}
