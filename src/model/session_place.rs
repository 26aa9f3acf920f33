//! A role that a signed-in SSO session gives in an account, as the name of a place that no profile describes.

use std::fmt;
use std::str::FromStr;

use super::AccountId;

/// The longest name of a permission set.
const LONGEST_ROLE: usize = 32;

/// `corp/444455556666/ReadOnly`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionPlace {
    session: String,
    account: AccountId,
    role: String,
}

/// A text is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not SESSION/ACCOUNT/ROLE")]
pub struct NoSessionPlace;

impl SessionPlace {
    /// The place of a role. `None`: AWS gives no role such a name, or the session's name cannot stand in a file.
    pub fn new(session: &str, account: AccountId, role: &str) -> Option<Self> {
        let fits = is_session(session) && is_role(role);
        fits.then(|| Self { session: session.to_owned(), account, role: role.to_owned() })
    }

    /// The session's name.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's name: that of its permission set.
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The three parts of a name or of a pattern of names, whatever they hold. `None`: it has fewer.
    pub fn parts(text: &str) -> Option<(&str, &str, &str)> {
        let mut parts = text.rsplitn(3, '/');
        let (role, account, session) = (parts.next()?, parts.next()?, parts.next()?);
        Some((session, account, role))
    }
}

/// A session's name that means the same in every reader of the file.
fn is_session(name: &str) -> bool {
    let is_odd = |character: char| character.is_control() || matches!(character, '#' | ';');
    !name.is_empty() && name.trim() == name && !name.contains(is_odd)
}

fn is_role(name: &str) -> bool {
    let is_taken = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (1..=LONGEST_ROLE).contains(&name.len()) && name.bytes().all(is_taken)
}

impl FromStr for SessionPlace {
    type Err = NoSessionPlace;

    fn from_str(text: &str) -> Result<Self, NoSessionPlace> {
        let (session, account, role) = Self::parts(text).ok_or(NoSessionPlace)?;
        Self::new(session, account.parse().map_err(|_| NoSessionPlace)?, role).ok_or(NoSessionPlace)
    }
}

impl fmt::Display for SessionPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.session, self.account, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_of_a_session_is_read_as_it_is_written() {
        for name in ["corp/444455556666/ReadOnly", "a/b/444455556666/x", "팀-운영/444455556666/Power_User@1"] {
            let place: SessionPlace = name.parse().unwrap();
            assert_eq!(place.to_string(), name);
        }
        let deep: SessionPlace = "a/b/444455556666/x".parse().unwrap();
        assert_eq!((deep.session(), deep.role()), ("a/b", "x"));
    }

    #[test]
    fn what_could_leave_its_line_or_its_field_is_no_place() {
        for name in [
            "",
            "corp",
            "corp/444455556666",
            "corp/444455556666/",
            "/444455556666/ReadOnly",
            "corp/44445555666/ReadOnly",
            "corp/444455556666/Read Only",
            "corp/444455556666/a]b",
            "corp/444455556666/a\nb",
            "co\nrp/444455556666/ReadOnly",
            "corp #x/444455556666/ReadOnly",
            " corp/444455556666/ReadOnly",
            "corp/444455556666/abcdefghijklmnopqrstuvwxyzabcdefg",
        ] {
            assert_eq!(name.parse::<SessionPlace>(), Err(NoSessionPlace), "{name:?}");
        }
    }
}
