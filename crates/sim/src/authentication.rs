//! Who calls: the signature is checked, and the access key has an owner.

use std::time::SystemTime;

use super::api_call::ApiCall;
use super::fleet::{Account, Caller, Credentials, Fleet};
use super::refusal::Refusal;
use super::request::Request;
use super::sessions::Sessions;
use super::signature::Flaw;

/// Who signed the request, if the signature is good and the region may be used.
pub(super) fn authenticate<'a>(
    sessions: &Sessions,
    fleet: &'a Fleet,
    request: &Request,
    call: &ApiCall,
    now: SystemTime,
) -> Result<(&'a Account, Caller), Refusal> {
    let service = call.service;
    let claim = call.claim.as_ref().ok_or_else(|| match request.header("authorization") {
        Some(_) => {
            Refusal::incomplete_signature(service, "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders'.")
        }
        None => Refusal::unsigned(service),
    })?;
    let (account, caller, credentials) =
        caller(fleet, sessions, &claim.access_key).ok_or_else(|| Refusal::unknown_credentials(service))?;
    if request.header("x-amz-security-token") != credentials.session_token.as_deref() {
        return Err(Refusal::unknown_credentials(service));
    }
    claim.check(request, &credentials.secret, now).map_err(|flaw| match flaw {
        Flaw::Incomplete(problem) => Refusal::incomplete_signature(service, problem),
        Flaw::Time(problem) => Refusal::wrong_time(service, problem),
        Flaw::Mismatch => Refusal::wrong_signature(service),
    })?;
    if credentials.expires.is_some_and(|expires| expires <= now) {
        return Err(Refusal::expired_token(service));
    }
    let is_enabled = fleet.is_enabled(&claim.region) || (service.is_global() && claim.region == "us-east-1");
    if !is_enabled {
        return Err(Refusal::unknown_credentials(service));
    }
    Ok((account, caller))
}

/// Whose access key this is.
fn caller<'a>(fleet: &'a Fleet, sessions: &Sessions, access_key: &str) -> Option<(&'a Account, Caller, Credentials)> {
    if let Some(account) = fleet.accounts.iter().find(|account| account.credentials.access_key == access_key) {
        return Some((account, account.caller.clone(), account.credentials.clone()));
    }
    let session = sessions.of_key(access_key)?;
    Some((fleet.account(&session.account)?, session.caller, session.credentials))
}
