//! Signing in by OpenID Connect: a program registers, shows a code or brings one back, and gets tokens.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::clients::{Client, Grant};
use super::redirect::Redirect;
use super::sign_ins::Tokens;
use super::start_url;
use super::visit::Visit;
use crate::json::Arguments;
use crate::refusal::Refusal;

/// `POST /client/register`.
pub(super) fn register(visit: &Visit<'_>) -> Result<Value, Refusal> {
    let arguments = arguments(visit)?;
    let metadata = |problem: &str| Refusal::new(400, "InvalidClientMetadataException", problem);
    let name = arguments.text("clientName").filter(|name| !name.is_empty()).ok_or_else(|| metadata("clientName is missing"))?;
    if arguments.text("clientType") != Some("public") {
        return Err(metadata("clientType must be public"));
    }
    if let Some(issuer) = arguments.text("issuerUrl") {
        check_start_url(visit, issuer)?;
    }
    let mut client = Client::new(name, visit.now + visit.ledger.rules.registration);
    client.scopes = arguments.texts("scopes")?.iter().map(|scope| (*scope).to_owned()).collect();
    client.grants = grants(&arguments.texts("grantTypes")?)?;
    let unusable = |text: &str| Refusal::new(400, "InvalidRedirectUriException", format!("{text} is not a valid redirect URI"));
    let read = |text: &&str| Redirect::read(text).ok_or_else(|| unusable(text));
    client.redirects = arguments.texts("redirectUris")?.iter().map(read).collect::<Result<_, _>>()?;
    if client.grants.contains(&Grant::AuthorizationCode) && client.redirects.is_empty() {
        return Err(metadata("redirectUris is missing"));
    }
    let answer = json!({
        "clientId": client.id,
        "clientSecret": client.secret,
        "clientIdIssuedAt": seconds(visit.now),
        "clientSecretExpiresAt": seconds(client.ends),
    });
    visit.ledger.register(client);
    Ok(answer)
}

/// `POST /device_authorization`.
pub(super) fn start_device_authorization(visit: &Visit<'_>) -> Result<Value, Refusal> {
    let arguments = arguments(visit)?;
    let client = proven(visit, &arguments)?;
    client.may(Grant::DeviceCode)?;
    check_start_url(visit, arguments.text("startUrl").unwrap_or_default())?;
    let code = visit.ledger.add_device_code(&client, visit.now);
    let page = format!("{}/device", visit.endpoint);
    Ok(json!({
        "deviceCode": code.device_code,
        "userCode": code.user_code,
        "verificationUri": page,
        "verificationUriComplete": format!("{page}?user_code={}", code.user_code),
        "expiresIn": whole_seconds(visit.ledger.rules.code),
        "interval": whole_seconds(visit.ledger.rules.interval),
    }))
}

/// `POST /token`.
pub(super) fn create_token(visit: &Visit<'_>) -> Result<Value, Refusal> {
    let arguments = arguments(visit)?;
    let client = proven(visit, &arguments)?;
    let unsupported = || Refusal::new(400, "UnsupportedGrantTypeException", "Unsupported grant type");
    let grant: Grant = arguments.text("grantType").and_then(|grant| grant.parse().ok()).ok_or_else(unsupported)?;
    client.may(grant)?;
    let needed = |name: &str| arguments.text(name).ok_or_else(|| invalid(&format!("{name} is missing")));
    let tokens = match grant {
        Grant::DeviceCode => visit.ledger.redeem_device_code(&client, needed("deviceCode")?, visit.now)?,
        Grant::AuthorizationCode => visit.ledger.redeem_authorization_code(
            &client,
            needed("code")?,
            needed("redirectUri")?,
            needed("codeVerifier")?,
            visit.now,
        )?,
        Grant::RefreshToken => visit.ledger.renew(&client, needed("refreshToken")?, visit.now)?,
    };
    let Tokens { access, lasts, refresh } = tokens;
    let mut answer = json!({ "accessToken": access, "tokenType": "Bearer", "expiresIn": whole_seconds(lasts) });
    if let Some(refresh) = refresh {
        answer["refreshToken"] = Value::from(refresh);
    }
    Ok(answer)
}

fn arguments(visit: &Visit<'_>) -> Result<Arguments, Refusal> {
    Arguments::read(&visit.input.body).map_err(|_| invalid("The request is not a JSON object"))
}

fn proven(visit: &Visit<'_>, arguments: &Arguments) -> Result<Client, Refusal> {
    visit.ledger.proven(arguments.text("clientId"), arguments.text("clientSecret"), visit.now)
}

fn check_start_url(visit: &Visit<'_>, written: &str) -> Result<(), Refusal> {
    start_url::is_of(written, visit.endpoint, visit.company).then_some(()).ok_or_else(|| invalid("Invalid start url provided"))
}

/// Without a word a program is one that shows codes.
fn grants(names: &[&str]) -> Result<Vec<Grant>, Refusal> {
    if names.is_empty() {
        return Ok(vec![Grant::DeviceCode, Grant::RefreshToken]);
    }
    let unsupported = |name: &str| Refusal::new(400, "UnsupportedGrantTypeException", format!("Unsupported grant type: {name}"));
    names.iter().map(|name| name.parse().map_err(|_| unsupported(name))).collect()
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(400, "InvalidRequestException", problem)
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Times are told in whole seconds, and none is told as nothing.
fn whole_seconds(time: Duration) -> u64 {
    time.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX)
}
