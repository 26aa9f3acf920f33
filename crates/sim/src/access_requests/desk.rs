//! The calls of Systems Manager that ask for a session and fetch what was granted.

use std::time::SystemTime;

use serde_json::{Value, json};

use super::ledger::Asked;
use crate::asking::Asking;
use crate::json::Arguments;
use crate::refusal::Refusal;

/// Whether this call is answered here.
pub(crate) fn knows(action: &str) -> bool {
    matches!(action, "StartAccessRequest" | "GetAccessToken")
}

/// The JSON that answers the call.
pub(crate) fn answer(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let answer = match asking.action {
        "StartAccessRequest" => start(asking, arguments),
        _ => token(asking, arguments),
    };
    Ok(answer?.to_string().into_bytes())
}

fn start(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let feature = asking.account.just_in_time.as_ref().ok_or_else(|| not_found("Just-in-time node access is not enabled"))?;
    let reason = arguments.text("Reason").unwrap_or_default();
    if !(1..=256).contains(&reason.chars().count()) {
        return Err(invalid("Reason must have length between 1 and 256"));
    }
    let targets = arguments.filters("Targets", "Key", "Values");
    if targets.is_empty() || targets.len() > 5 {
        return Err(invalid("Targets must have from 1 to 5 entries"));
    }
    if let Some((key, _)) = targets.iter().find(|(key, _)| *key != "InstanceIds") {
        return Err(invalid(&format!("{key} is not a valid target key")));
    }
    let instances: Vec<String> = targets.into_iter().flat_map(|(_, values)| values).map(str::to_owned).collect();
    if instances.is_empty() || instances.len() > 50 {
        return Err(invalid("Values must have from 1 to 50 entries"));
    }
    let is_known = |id: &String| asking.nodes().any(|node| node.id == *id && node.agent.is_some());
    if let Some(unknown) = instances.iter().find(|id| !is_known(id)) {
        return Err(not_found(&format!("{unknown} is not a managed node")));
    }
    let id = asking.world.access_requests.add(Asked {
        account: asking.account.id.clone(),
        region: asking.region.to_owned(),
        caller: asking.caller.clone(),
        reason: reason.to_owned(),
        instances,
        approved_at: feature.approved_after.map(|wait| asking.now + wait),
    });
    Ok(json!({ "AccessRequestId": id }))
}

fn token(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let id = arguments.text("AccessRequestId").ok_or_else(|| invalid("AccessRequestId is missing"))?;
    let world = asking.world;
    let is_own = |asked: &Asked| asked.account == asking.account.id && asked.region == asking.region;
    let lasts = world.identity_center.credentials_last();
    let found = world.access_requests.outcome(id, is_own, asking.caller, &world.sessions, lasts, asking.now)?;
    let (status, granted) = found.ok_or_else(|| not_found("The access request was not found"))?;
    let mut answer = json!({ "AccessRequestStatus": <&str>::from(status) });
    if let Some(keys) = granted {
        let ends = keys.expires.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
        answer["Credentials"] = json!({
            "AccessKeyId": keys.access_key,
            "SecretAccessKey": keys.secret,
            "SessionToken": keys.session_token,
            "ExpirationTime": ends.as_secs_f64(),
        });
    }
    Ok(answer)
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(400, "ValidationException", problem)
}

fn not_found(what: &str) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", what)
}
