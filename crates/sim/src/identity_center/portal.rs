//! The portal: which accounts and roles there are for who is signed in, and the credentials of a role.

use std::time::SystemTime;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::visit::Visit;
use crate::fleet::{Assignment, Caller};
use crate::id::derived_iam_id;
use crate::identity::random_session_credentials;
use crate::refusal::Refusal;
use crate::service::Service;
use crate::sessions::Session;

const MOST_PER_PAGE: usize = 100;

/// `GET /assignment/accounts`.
pub(super) fn list_accounts(visit: &Visit<'_>) -> Result<Value, Refusal> {
    check(visit)?;
    listed(visit, "accountList", visit.company.assignments.iter().collect(), |assignment| {
        let mut row = json!({ "accountId": assignment.account });
        let facts = [("accountName", &assignment.name), ("emailAddress", &assignment.email)];
        for (name, value) in facts {
            if let Some(value) = value {
                row[name] = Value::from(value.as_str());
            }
        }
        row
    })
}

/// `GET /assignment/roles`.
pub(super) fn list_account_roles(visit: &Visit<'_>) -> Result<Value, Refusal> {
    check(visit)?;
    let assignment = assignment(visit, needed(visit, "account_id")?)?;
    listed(
        visit,
        "roleList",
        assignment.roles.iter().collect(),
        |role| json!({ "roleName": role, "accountId": assignment.account }),
    )
}

/// `GET /federation/credentials`.
pub(super) fn role_credentials(visit: &Visit<'_>) -> Result<Value, Refusal> {
    check(visit)?;
    let role = needed(visit, "role_name")?;
    let assignment = assignment(visit, needed(visit, "account_id")?)?;
    let account = visit.fleet.account(&assignment.account).filter(|_| !assignment.is_gone).ok_or_else(no_access)?;
    let set = visit.company.permission_sets.iter().find(|set| set.name == role && assignment.roles.contains(&set.name));
    let set = set.ok_or_else(no_access)?;

    let iam_role = format!("AWSReservedSSO_{role}_{}", suffix(&account.id, role));
    let user = &visit.company.user;
    let caller = Caller {
        arn: format!("arn:aws:sts::{}:assumed-role/{iam_role}/{user}", account.id),
        user_id: format!("{}:{user}", derived_iam_id("AROA", &[&account.id, &iam_role])),
    };
    let credentials = random_session_credentials(visit.now + visit.ledger.rules.credentials);
    let expiration = credentials.expires.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
    let answer = json!({ "roleCredentials": {
        "accessKeyId": credentials.access_key,
        "secretAccessKey": credentials.secret,
        "sessionToken": credentials.session_token,
        "expiration": u64::try_from(expiration.as_millis()).unwrap_or(u64::MAX),
    }});
    visit.sessions.add(Session { account: account.id.clone(), caller, credentials, permissions: set.permissions.clone() });
    Ok(answer)
}

/// `POST /logout`.
pub(super) fn log_out(visit: &Visit<'_>) -> Result<Value, Refusal> {
    check(visit)?;
    visit.ledger.sign_out(visit.input.bearer.as_deref().unwrap_or_default());
    Ok(json!({}))
}

/// Refused if there are too many calls, or the token is not a good one.
fn check(visit: &Visit<'_>) -> Result<(), Refusal> {
    if !visit.ledger.admits() {
        return Err(Refusal::throttled(Service::Sso));
    }
    let is_signed_in = visit.input.bearer.as_deref().is_some_and(|token| visit.ledger.is_signed_in(token, visit.now));
    is_signed_in.then_some(()).ok_or_else(|| Refusal::unknown_credentials(Service::Sso))
}

fn assignment<'a>(visit: &Visit<'a>, account: &str) -> Result<&'a Assignment, Refusal> {
    visit.company.assignments.iter().find(|assignment| assignment.account == account).ok_or_else(no_access)
}

fn needed<'a>(visit: &Visit<'a>, name: &str) -> Result<&'a str, Refusal> {
    visit.input.parameters.text(name).ok_or_else(|| invalid(&format!("{name} is missing")))
}

/// One page of a list.
fn listed<T>(visit: &Visit<'_>, list: &str, items: Vec<T>, row: impl Fn(T) -> Value) -> Result<Value, Refusal> {
    let parameters = &visit.input.parameters;
    let size = parameters.number("max_result").map_err(|_| invalid("max_result is not a number"))?.unwrap_or(MOST_PER_PAGE);
    if !(1..=MOST_PER_PAGE).contains(&size) {
        return Err(invalid("max_result must be from 1 to 100"));
    }
    let page = visit.paging.cut(items, size, parameters.text("next_token")).map_err(|_| invalid("Invalid next token"))?;
    let mut answer = json!({ list: page.items.into_iter().map(row).collect::<Vec<_>>() });
    if let Some(next) = page.next {
        answer["nextToken"] = Value::from(next);
    }
    Ok(answer)
}

/// The role is not assigned, there is no such account, or no such role: the portal does not tell which.
fn no_access() -> Refusal {
    Refusal::denied(Service::Sso, "", "", "")
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(400, "InvalidRequestException", problem)
}

/// Sixteen hexadecimal digits, which AWS puts behind the name of a permission set.
fn suffix(account: &str, role: &str) -> String {
    let digest = Sha256::digest(format!("{account}\0{role}").as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
