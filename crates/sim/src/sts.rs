//! The STS API: who is calling, and taking a role.

use std::time::Duration;

use super::answer::query_result;
use super::asking::{Asking, written_short};
use super::fault;
use super::fleet::{Account, Caller, Permissions, Role};
use super::id::derived_iam_id;
use super::identity::random_session_credentials;
use super::query::Parameters;
use super::refusal::Refusal;
use super::service::Service;
use super::sessions::Session;

/// The XML that answers the call.
pub(super) fn answer(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "GetCallerIdentity" => Ok(query_result(Service::Sts, asking.action, asking.request_id, |xml| {
            xml.text("Arn", &asking.caller.arn);
            xml.text("UserId", &asking.caller.user_id);
            xml.text("Account", &asking.account.id);
        })),
        "AssumeRole" => assume_role(asking, parameters),
        other => Err(Refusal::unknown_action(Service::Sts, other)),
    }
}

/// What a call is about, for the text of a denial.
pub(super) fn resource(parameters: &Parameters) -> String {
    parameters.text("RoleArn").unwrap_or("*").to_owned()
}

fn assume_role(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let arn = parameters.required("RoleArn")?;
    let name = parameters.required("RoleSessionName")?;
    let seconds = parameters.number("DurationSeconds")?.unwrap_or(3600);
    if !is_session_name(name) {
        let message = format!(
            "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member \
             must satisfy regular expression pattern: [\\w+=,.@-]*"
        );
        return Err(Refusal::new(400, "ValidationError", message));
    }
    if !(900..=43_200).contains(&seconds) {
        let message = format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member \
             must have value between 900 and 43200"
        );
        return Err(Refusal::new(400, "ValidationError", message));
    }
    let denied = || Refusal::denied(Service::Sts, "sts:AssumeRole", &asking.caller.arn, arn);
    let (account, role) = role_of(asking, arn).ok_or_else(denied)?;
    if !role.trusts.iter().any(|trusted| fault::matches(trusted, &asking.caller.arn)) {
        return Err(denied());
    }
    check_mfa(role, parameters, denied)?;

    let caller = Caller {
        arn: format!("arn:aws:sts::{}:assumed-role/{}/{name}", account.id, role.name),
        user_id: format!("{}:{name}", derived_iam_id("AROA", &[&account.id, &role.name])),
    };
    let expires = asking.now + Duration::from_secs(u64::try_from(seconds).unwrap_or(3600));
    let credentials = random_session_credentials(expires);
    asking.world.sessions.add(Session {
        account: account.id.clone(),
        caller: caller.clone(),
        credentials: credentials.clone(),
        permissions: Permissions::everything(),
    });
    Ok(query_result(Service::Sts, asking.action, asking.request_id, |xml| {
        xml.within("AssumedRoleUser", |xml| {
            xml.text("AssumedRoleId", &caller.user_id);
            xml.text("Arn", &caller.arn);
        });
        xml.within("Credentials", |xml| {
            xml.text("AccessKeyId", &credentials.access_key);
            xml.text("SecretAccessKey", &credentials.secret);
            xml.text("SessionToken", credentials.session_token.as_deref().unwrap_or_default());
            xml.text("Expiration", &written_short(expires));
        });
    }))
}

fn role_of<'a>(asking: &Asking<'a>, arn: &str) -> Option<(&'a Account, &'a Role)> {
    asking.fleet.accounts.iter().find_map(|account| {
        let role = account.roles.iter().find(|role| account.arn(&format!("role/{}", role.name)) == arn)?;
        Some((account, role))
    })
}

/// Any six digits are a right code, but for `000000`.
fn check_mfa(role: &Role, parameters: &Parameters, denied: impl Fn() -> Refusal) -> Result<(), Refusal> {
    let Some(device) = &role.mfa else {
        return Ok(());
    };
    let (Some(serial), Some(code)) = (parameters.text("SerialNumber"), parameters.text("TokenCode")) else {
        return Err(denied());
    };
    let is_code = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()) && code != "000000";
    if serial == device && is_code {
        return Ok(());
    }
    let message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    Err(Refusal::new(403, "AccessDenied", message))
}

fn is_session_name(name: &str) -> bool {
    let well_formed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=64).contains(&name.len()) && name.bytes().all(well_formed)
}
