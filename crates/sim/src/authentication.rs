//! Who calls: the signature is checked, and the access key has an owner.

use std::time::SystemTime;

use super::api_call::ApiCall;
use super::fleet::{Account, Caller, Credentials, Fleet, Permissions};
use super::refusal::Refusal;
use super::request::Request;
use super::sessions::{Session, Sessions, Standing};
use super::signature::Flaw;

/// Who signed a request, and what they may do.
pub(super) struct Signer<'a> {
    pub(super) account: &'a Account,
    pub(super) caller: Caller,
    pub(super) permissions: Permissions,
    pub(super) standing: Standing,
}

/// Who signed the request, if the signature is good and the region may be used.
pub(super) fn authenticate<'a>(
    sessions: &Sessions,
    fleet: &'a Fleet,
    request: &Request,
    call: &ApiCall,
    now: SystemTime,
) -> Result<Signer<'a>, Refusal> {
    let service = call.service;
    let claim = call.claim.as_ref().ok_or_else(|| match request.header("authorization") {
        Some(_) => {
            Refusal::incomplete_signature(service, "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders'.")
        }
        None => Refusal::unsigned(service),
    })?;
    let (signer, credentials) =
        signer(fleet, sessions, &claim.access_key).ok_or_else(|| Refusal::unknown_credentials(service))?;
    if claim.security_token(request).as_deref() != credentials.session_token.as_deref() {
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
    Ok(signer)
}

/// Whose access key this is.
fn signer<'a>(fleet: &'a Fleet, sessions: &Sessions, access_key: &str) -> Option<(Signer<'a>, Credentials)> {
    let with_keys = |account: &&Account| account.has_keys && account.credentials.access_key == access_key;
    if let Some(account) = fleet.accounts.iter().find(with_keys) {
        let signer = Signer {
            account,
            caller: account.caller.clone(),
            permissions: Permissions::everything(),
            standing: Standing::LongTerm,
        };
        return Some((signer, account.credentials.clone()));
    }
    let session = sessions.of_key(access_key)?;
    let account = fleet.account(&session.account)?;
    let Session { caller, permissions, standing, credentials, .. } = session;
    Some((Signer { account, caller, permissions, standing }, credentials))
}
