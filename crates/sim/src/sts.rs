//! The STS API: who is calling, taking a role, and showing the code of an MFA device for it.

use std::time::Duration;

use super::answer::query_result;
use super::asking::{Asking, written_short};
use super::fault;
use super::fleet::{Account, Caller, Credentials, Permissions, Role};
use super::id::derived_iam_id;
use super::identity::random_session_credentials;
use super::mfa;
use super::query::Parameters;
use super::refusal::Refusal;
use super::service::Service;
use super::sessions::{Session, Standing};
use super::xml::Xml;

/// What a role gives for another one, at most; every role gives it.
const ONE_HOUR: u64 = 3_600;

/// The XML that answers the call.
pub(super) fn answer(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    match asking.action {
        "GetCallerIdentity" => Ok(query_result(Service::Sts, asking.action, asking.request_id, |xml| {
            xml.text("Arn", &asking.caller.arn);
            xml.text("UserId", &asking.caller.user_id);
            xml.text("Account", &asking.account.id);
        })),
        "AssumeRole" => assume_role(asking, parameters),
        "GetSessionToken" => get_session_token(asking, parameters),
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
    let seconds = duration(parameters, 3_600, 43_200)?;
    if !is_session_name(name) {
        return Err(unfit(name, "roleSessionName", "Member must satisfy regular expression pattern: [\\w+=,.@-]*"));
    }
    let denied = || Refusal::denied(Service::Sts, "sts:AssumeRole", &asking.caller.arn, arn);
    let (account, role) = role_of(asking, arn).ok_or_else(denied)?;
    if !role.trusts.iter().any(|trusted| fault::matches(trusted, &asking.caller.arn)) {
        return Err(denied());
    }
    let has_shown = shows_code(asking, parameters)? || asking.standing == Standing::SessionToken { with_mfa: true };
    if role.mfa.is_some() && !has_shown {
        return Err(denied());
    }
    if asking.standing == Standing::Role && seconds > ONE_HOUR {
        let message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
        return Err(Refusal::new(400, "ValidationError", message));
    }
    if Duration::from_secs(seconds) > role.longest.max(Duration::from_secs(ONE_HOUR)) {
        let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(Refusal::new(400, "ValidationError", message));
    }

    let caller = Caller {
        arn: format!("arn:aws:sts::{}:assumed-role/{}/{name}", account.id, role.name),
        user_id: format!("{}:{name}", derived_iam_id("AROA", &[&account.id, &role.name])),
    };
    let credentials = random_session_credentials(asking.now + Duration::from_secs(seconds));
    asking.world.sessions.add(Session {
        account: account.id.clone(),
        caller: caller.clone(),
        credentials: credentials.clone(),
        permissions: Permissions::everything(),
        standing: Standing::Role,
    });
    Ok(query_result(Service::Sts, asking.action, asking.request_id, |xml| {
        xml.within("AssumedRoleUser", |xml| {
            xml.text("AssumedRoleId", &caller.user_id);
            xml.text("Arn", &caller.arn);
        });
        write(xml, &credentials);
    }))
}

/// Only for whoever calls with keys of their own.
fn get_session_token(asking: &Asking<'_>, parameters: &Parameters) -> Result<Vec<u8>, Refusal> {
    let seconds = duration(parameters, 43_200, 129_600)?;
    if asking.standing != Standing::LongTerm {
        return Err(Refusal::new(403, "AccessDenied", "Cannot call GetSessionToken with session credentials"));
    }
    let with_mfa = shows_code(asking, parameters)?;
    let credentials = random_session_credentials(asking.now + Duration::from_secs(seconds));
    asking.world.sessions.add(Session {
        account: asking.account.id.clone(),
        caller: asking.caller.clone(),
        credentials: credentials.clone(),
        permissions: Permissions::everything(),
        standing: Standing::SessionToken { with_mfa },
    });
    Ok(query_result(Service::Sts, asking.action, asking.request_id, |xml| write(xml, &credentials)))
}

fn write(xml: &mut Xml, credentials: &Credentials) {
    xml.within("Credentials", |xml| {
        xml.text("AccessKeyId", &credentials.access_key);
        xml.text("SecretAccessKey", &credentials.secret);
        xml.text("SessionToken", credentials.session_token.as_deref().unwrap_or_default());
        xml.maybe("Expiration", credentials.expires.map(written_short).as_deref());
    });
}

fn role_of<'a>(asking: &Asking<'a>, arn: &str) -> Option<(&'a Account, &'a Role)> {
    asking.fleet.accounts.iter().find_map(|account| {
        let role = account.roles.iter().find(|role| account.arn(&format!("role/{}", role.name)) == arn)?;
        Some((account, role))
    })
}

/// Whether a code of the caller's own device is shown, which is used up by that.
fn shows_code(asking: &Asking<'_>, parameters: &Parameters) -> Result<bool, Refusal> {
    let (serial, code) = match (parameters.text("SerialNumber"), parameters.text("TokenCode")) {
        (None, None) => return Ok(false),
        (Some(serial), Some(code)) => (serial, code),
        _ => return Err(Refusal::new(400, "ValidationError", "Both SerialNumber and TokenCode are needed, or neither")),
    };
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(unfit(code, "tokenCode", "Member must satisfy regular expression pattern: [\\d]*, and have length 6"));
    }
    let is_own = asking.standing == Standing::LongTerm
        && mfa::owner(asking.fleet, serial).is_some_and(|owner| owner.id == asking.account.id);
    if !is_own {
        let message = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is \
                       valid and associated with this user.";
        return Err(Refusal::new(403, "AccessDenied", message));
    }
    if !asking.world.mfa.take(serial, code, asking.now) {
        let message = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
        return Err(Refusal::new(403, "AccessDenied", message));
    }
    Ok(true)
}

/// How long the credentials are to last, in seconds.
fn duration(parameters: &Parameters, usual: u64, most: u64) -> Result<u64, Refusal> {
    let asked = parameters.number("DurationSeconds")?.map_or(Some(usual), |seconds| seconds.try_into().ok());
    let seconds = asked.unwrap_or(u64::MAX);
    if !(900..=most).contains(&seconds) {
        let bound = format!("Member must have value between 900 and {most}");
        return Err(unfit(&seconds.to_string(), "durationSeconds", &bound));
    }
    Ok(seconds)
}

fn unfit(value: &str, field: &str, constraint: &str) -> Refusal {
    let message = format!("1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: {constraint}");
    Refusal::new(400, "ValidationError", message)
}

fn is_session_name(name: &str) -> bool {
    let well_formed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=64).contains(&name.len()) && name.bytes().all(well_formed)
}
