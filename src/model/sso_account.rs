//! An account that a sign-in gives, and its roles.

use super::{AccountId, Untrusted};

/// An account that an SSO session gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SsoAccount {
    /// Its number.
    pub id: AccountId,
    /// Its name, if the portal tells one.
    pub name: Option<Untrusted>,
    /// The names of its roles, once they were asked for.
    pub roles: Vec<String>,
}
