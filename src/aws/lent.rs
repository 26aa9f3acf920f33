//! Credentials for a program that the user wants to have them: in its environment, and nowhere else.

use std::fmt;

use super::{Cloud, Error};

/// What a program needs to call AWS as we do. Its `Debug` says nothing.
pub struct LentCredentials(Vec<(&'static str, String)>);

impl LentCredentials {
    /// The variables.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl fmt::Debug for LentCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Cloud {
    /// The credentials in use, fresh enough to begin with.
    pub async fn lend_credentials(&self) -> Result<LentCredentials, Error> {
        let credentials = self.credentials().await?;
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id().to_owned()),
            ("AWS_SECRET_ACCESS_KEY", credentials.secret_access_key().to_owned()),
        ];
        variables.extend(credentials.session_token().map(|token| ("AWS_SESSION_TOKEN", token.to_owned())));
        Ok(LentCredentials(variables))
    }
}
