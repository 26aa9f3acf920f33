//! The service that gives tokens: one call each, and what comes of it.

use aws_config::SdkConfig;
use aws_sdk_ssooidc as ssooidc;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::retry::RetryConfig;
use jiff::{SignedDuration, Timestamp};
use ssooidc::operation::create_token::{CreateTokenError, CreateTokenOutput};
use ssooidc::operation::register_client::RegisterClientError;
use ssooidc::operation::start_device_authorization::{StartDeviceAuthorizationError, StartDeviceAuthorizationOutput};

use super::registration::Registration;
use super::sso_session::SsoSession;
use super::token::{Renewal, Token};
use crate::aws::size::Size;

/// Larger than any answer of this service.
pub(super) const LARGEST_ANSWER: usize = 4 << 20;
const CLIENT: &str = "ec2dash";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const AUTHORIZATION_CODE: &str = "authorization_code";
const REFRESH_TOKEN: &str = "refresh_token";

/// What a registration for the authorization code is for; the device flow names none.
pub(super) const CODE_GRANTS: [&str; 2] = [AUTHORIZATION_CODE, REFRESH_TOKEN];
/// Where the browser comes back to, as it is registered: without the port, which is another each time.
pub(super) const REDIRECT: &str = "http://127.0.0.1/oauth/callback";

/// How a call for a token failed.
pub(super) type TokenRefusal = SdkError<CreateTokenError, HttpResponse>;

/// The sign-in service of one region.
#[derive(Debug, Clone)]
pub(super) struct Oidc {
    client: ssooidc::Client,
    /// For messages.
    pub(super) host: String,
    /// Where its pages are.
    pub(super) base: String,
}

impl Oidc {
    pub(super) fn new(config: &SdkConfig, host: String) -> Self {
        let base = config.endpoint_url().map_or_else(|| format!("https://{host}"), |url| url.trim_end_matches('/').to_owned());
        let config = ssooidc::config::Builder::from(config).interceptor(Size { most: LARGEST_ANSWER }).build();
        Self { client: ssooidc::Client::from_conf(config), host, base }
    }

    /// Make ourselves known, for the device flow or for the code of this issuer.
    pub(super) async fn register(
        &self,
        session: &SsoSession,
        grants: &[&str],
        issuer: &str,
    ) -> Result<Registration, SdkError<RegisterClientError, HttpResponse>> {
        tracing::debug!(action = "sso-oauth:RegisterClient", region = session.region.as_str(), "call");
        let mut request = self.client.register_client().client_name(CLIENT).client_type("public");
        if !session.scopes.is_empty() {
            request = request.set_scopes(Some(session.scopes.clone()));
        }
        if !grants.is_empty() {
            request = request.set_grant_types(Some(grants.iter().map(|grant| (*grant).to_owned()).collect()));
            request = request.redirect_uris(REDIRECT).issuer_url(issuer);
        }
        let answer = request.send().await?;
        let expires = Timestamp::from_second(answer.client_secret_expires_at).unwrap_or(Timestamp::MAX);
        let (id, secret) = (answer.client_id.unwrap_or_default(), answer.client_secret.unwrap_or_default());
        Ok(Registration::new(id, secret, expires, session, grants, answer.authorization_endpoint))
    }

    /// Begin the device flow.
    pub(super) async fn start(
        &self,
        session: &SsoSession,
        start_url: &str,
        registration: &Registration,
    ) -> Result<StartDeviceAuthorizationOutput, SdkError<StartDeviceAuthorizationError, HttpResponse>> {
        tracing::debug!(action = "sso-oauth:StartDeviceAuthorization", region = session.region.as_str(), "call");
        let request = self.client.start_device_authorization().client_id(&registration.client_id);
        request.client_secret(registration.client_secret.as_str()).start_url(start_url).send().await
    }

    /// Whether the code was confirmed by now.
    pub(super) async fn confirmed(
        &self,
        session: &SsoSession,
        registration: &Registration,
        device_code: &str,
    ) -> Result<Token, TokenRefusal> {
        tracing::debug!(action = "sso-oauth:CreateToken", "call");
        let request = self.client.create_token().grant_type(DEVICE_CODE).device_code(device_code);
        let request = request.client_id(&registration.client_id).client_secret(registration.client_secret.as_str());
        // Each answer that is none says how long to wait: that is the caller's to do.
        let answer = request.customize().config_override(once()).send().await?;
        Ok(first(session, registration, answer))
    }

    /// The token for a code, which is good for one call.
    pub(super) async fn exchanged(
        &self,
        session: &SsoSession,
        registration: &Registration,
        code: &str,
        verifier: &str,
        redirect: &str,
    ) -> Result<Token, TokenRefusal> {
        tracing::debug!(action = "sso-oauth:CreateToken", "call");
        let request = self.client.create_token().grant_type(AUTHORIZATION_CODE).code(code).code_verifier(verifier);
        let request = request.redirect_uri(redirect).client_id(&registration.client_id);
        let request = request.client_secret(registration.client_secret.as_str());
        let answer = request.customize().config_override(once()).send().await?;
        Ok(first(session, registration, answer))
    }

    /// The same sign-in with a newer token.
    pub(super) async fn renewed(&self, token: &Token, renewal: &Renewal) -> Result<Token, TokenRefusal> {
        tracing::debug!(action = "sso-oauth:CreateToken", "renewal");
        let request = self.client.create_token().grant_type(REFRESH_TOKEN).refresh_token(renewal.refresh.as_str());
        let request = request.client_id(&renewal.client_id).client_secret(renewal.client_secret.as_str());
        let answer = request.send().await?;
        let expires = end(&answer);
        Ok(token.renewed(answer.access_token.unwrap_or_default(), expires, answer.refresh_token))
    }
}

fn once() -> ssooidc::config::Builder {
    ssooidc::config::Builder::new().retry_config(RetryConfig::standard().with_max_attempts(1))
}

/// The token of a new sign-in. It carries the client that it was given to, so that every tool can renew it.
fn first(session: &SsoSession, registration: &Registration, answer: CreateTokenOutput) -> Token {
    let expires = end(&answer);
    let renewal = answer.refresh_token.map(|refresh| Renewal {
        refresh: refresh.into(),
        client_id: registration.client_id.clone(),
        client_secret: registration.client_secret.clone(),
        client_expires: registration.expires,
    });
    Token::new(session, answer.access_token.unwrap_or_default(), expires, renewal)
}

fn end(answer: &CreateTokenOutput) -> Timestamp {
    Timestamp::now().saturating_add(SignedDuration::from_secs(answer.expires_in.into())).unwrap_or(Timestamp::MAX)
}
