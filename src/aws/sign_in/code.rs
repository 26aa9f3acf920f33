//! Signing in with a browser of this computer, which comes back with a code (RFC 8252, 7636).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::callback::{Callback, Returned};
use super::identity_center::{IdentityCenter, Progress, SignInPage, Told, tell};
use super::link::query;
use super::oidc::CODE_GRANTS;
use super::pkce::Verifier;
use super::registration::Registration;
use super::token::Token;
use crate::aws::Error;

/// How long the browser is waited for.
const LONGEST: Duration = Duration::from_secs(600);
/// What a service says that does not know this way.
const NOT_THIS_WAY: [&str; 3] =
    ["InvalidRedirectUriException", "UnsupportedGrantTypeException", "InvalidClientMetadataException"];

/// The token of a new sign-in; `None`: it does not go this way here.
pub(super) async fn token(center: &IdentityCenter, page: &str, told: &mpsc::Sender<Told>) -> Result<Option<Token>, Error> {
    let Ok(callback) = Callback::open().await else { return Ok(None) };
    let registration = match center.registration(&CODE_GRANTS, false).await {
        Ok(registration) => registration,
        Err(refusal) if NOT_THIS_WAY.contains(&refusal.code.as_str()) => return Ok(None),
        Err(refusal) => return Err(refusal.into()),
    };
    let (verifier, state, redirect) = (Verifier::new(), Uuid::new_v4().to_string(), callback.redirect());
    let address = address(center, &registration, &redirect, &state, &verifier);
    let link = center.link(&address)?;
    let until = Timestamp::now().saturating_add(SignedDuration::try_from(LONGEST).unwrap_or_default()).unwrap_or(Timestamp::MAX);
    let open = SignInPage { page: link.clone(), link, code: None, until };
    if !tell(told, Progress::Open(Box::new(open))).await {
        return Ok(None);
    }
    let code = match timeout(LONGEST, callback.returned(&state, page)).await {
        Ok(Returned::Code(code)) => code,
        Ok(Returned::Refused(why)) if why == "access_denied" => return Err(Error::SignInRefused),
        Ok(Returned::Refused(why)) => {
            return Err(Error::Service { action: "sso-oauth:Authorize", aws_code: why.into(), message: "".into() });
        }
        Err(_) => return Err(Error::SignInTimedOut { after: LONGEST }),
    };
    let begun = Instant::now();
    match center.access.oidc.exchanged(center.session(), &registration, &code, verifier.secret(), &redirect).await {
        Ok(token) if token.access.is_empty() => {
            Err(Error::Garbled { action: "sso-oauth:CreateToken", cause: "no token in it".into() })
        }
        Ok(token) => Ok(Some(token)),
        Err(error) => {
            let refusal = center.refusal(&error, "sso-oauth:CreateToken", begun);
            Err(if refusal.code == "AccessDeniedException" { Error::SignInRefused } else { refusal.into() })
        }
    }
}

/// Where the browser is sent.
fn address(center: &IdentityCenter, registration: &Registration, redirect: &str, state: &str, verifier: &Verifier) -> String {
    let usual = format!("{}/authorize", center.access.oidc.base);
    let base = registration.authorization.as_deref().filter(|own| !own.is_empty()).unwrap_or(&usual);
    authorize(base, &registration.client_id, redirect, state, &center.session().scopes, &verifier.challenge())
}

fn authorize(base: &str, client: &str, redirect: &str, state: &str, scopes: &[String], challenge: &str) -> String {
    let scopes = scopes.join(" ");
    let query = query(&[
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", redirect),
        ("state", state),
        ("code_challenge_method", "S256"),
        ("scopes", &scopes),
        ("code_challenge", challenge),
    ]);
    format!("{base}?{query}")
}

#[cfg(test)]
mod tests {
    use super::super::token::tests::vectors;
    use super::*;

    #[test]
    fn the_address_is_the_one_that_the_aws_cli_opens() {
        let vectors = vectors().to_string();
        for scopes in [&["sso:account:access"][..], &["sso:account:access", "codecatalyst:read_write"]] {
            let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            let address = authorize(
                "https://oidc.eu-central-1.amazonaws.com/authorize",
                "EXAMPLE-client-id",
                "http://127.0.0.1:49152/oauth/callback",
                "6f1d1c0e-6a0b-4e55-9d2f-0d7f3b1c2a4e",
                &scopes,
                "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            );

            assert!(vectors.contains(&format!("\"{address}\"")), "{address}");
        }
    }
}
