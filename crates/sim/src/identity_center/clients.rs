//! The programs that have registered to sign somebody in.

use std::collections::VecDeque;
use std::time::SystemTime;

use super::redirect::Redirect;
use crate::identity::random_text;
use crate::refusal::Refusal;

/// The oldest go first: a program that registers in a loop must not grow us.
const MOST: usize = 1_000;
/// The scope that brings a refresh token.
pub(super) const ACCOUNT_ACCESS: &str = "sso:account:access";

/// How a program gets a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString)]
pub(super) enum Grant {
    /// Somebody approves a code that the program shows.
    #[strum(serialize = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
    /// The browser brings a code back.
    #[strum(serialize = "authorization_code")]
    AuthorizationCode,
    /// From an earlier sign-in.
    #[strum(serialize = "refresh_token")]
    RefreshToken,
}

/// A program that may ask for tokens.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: String,
    pub(super) secret: String,
    /// What it calls itself; anybody may have written it.
    pub(super) name: String,
    pub(super) grants: Vec<Grant>,
    pub(super) scopes: Vec<String>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) ends: SystemTime,
}

impl Client {
    /// One with a new id and secret.
    pub(super) fn new(name: &str, ends: SystemTime) -> Self {
        Self {
            id: random_text("sim-client-", 12),
            secret: random_text("sim-client-secret-", 40),
            name: name.to_owned(),
            grants: Vec::new(),
            scopes: Vec::new(),
            redirects: Vec::new(),
            ends,
        }
    }

    /// Refused if it did not register for this grant.
    pub(super) fn may(&self, grant: Grant) -> Result<(), Refusal> {
        let unauthorized =
            || Refusal::new(400, "UnauthorizedClientException", "The client is not registered for this grant type");
        self.grants.contains(&grant).then_some(()).ok_or_else(unauthorized)
    }

    /// Whether what it gets can be renewed.
    pub(super) fn renews(&self) -> bool {
        self.grants.contains(&Grant::RefreshToken) && self.scopes.iter().any(|scope| scope == ACCOUNT_ACCESS)
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Clients(VecDeque<Client>);

impl Clients {
    pub(super) fn add(&mut self, client: Client) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(client);
    }

    /// The client with this id, whoever asks.
    pub(super) fn find(&self, id: &str, now: SystemTime) -> Option<&Client> {
        self.0.iter().find(|client| client.id == id && client.ends > now)
    }

    /// The client that proves to be who it says.
    pub(super) fn proven(&self, id: Option<&str>, secret: Option<&str>, now: SystemTime) -> Result<&Client, Refusal> {
        let invalid = || Refusal::new(401, "InvalidClientException", "Invalid client provided");
        let client = self.find(id.ok_or_else(invalid)?, now).ok_or_else(invalid)?;
        (secret == Some(client.secret.as_str())).then_some(client).ok_or_else(invalid)
    }
}
