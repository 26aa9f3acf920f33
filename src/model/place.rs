//! Where a row was listed from: which profile, which account, which region.

use std::borrow::Cow;
use std::fmt;

use super::{AccountId, Region, SessionPlace, Untrusted, display_width};

/// Most columns of a name.
const LONGEST: usize = 64;
/// Most names in a sentence.
const NAMED: usize = 6;

/// The name of an AWS profile, as the user wrote it in their files. Foreign text on a screen, never in argv of anything but an AWS SDK.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProfileName(String);

impl ProfileName {
    /// Take a name as it stands.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name for the SDK and for JSON; for a screen use [`Self::shown`].
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The name as it may stand on a screen.
    pub fn shown(&self) -> String {
        Untrusted::from(self.0.as_str()).shown_in(LONGEST)
    }

    /// The same, made only where it is not as it is shown.
    pub fn shown_or_itself(&self) -> Cow<'_, str> {
        let is_shown_so = self.0.len() <= LONGEST && self.0.bytes().all(|byte| byte.is_ascii_graphic());
        if is_shown_so { self.0.as_str().into() } else { self.shown().into() }
    }

    /// The same where there is little room: of a place of an SSO session the role, for its account stands beside it.
    pub fn shown_short(&self) -> String {
        self.0.parse::<SessionPlace>().map_or_else(|_| self.shown(), |place| place.role().to_owned())
    }

    /// The columns of [`Self::shown`], at most: what is not shown as it is takes one as well.
    pub fn width(&self) -> usize {
        display_width(&self.0)
    }

    /// The columns of [`Self::shown_short`].
    pub fn short_width(&self) -> usize {
        SessionPlace::parts(&self.0).map_or_else(|| self.width(), |(.., role)| display_width(role))
    }

    /// The first few of some names, for a sentence. `None`: there are none.
    pub fn some_of<'a>(names: impl IntoIterator<Item = &'a Self>) -> Option<String> {
        let mut names = names.into_iter();
        let first: Vec<String> = names.by_ref().take(NAMED).map(Self::shown).collect();
        let rest = if names.next().is_some() { ", …" } else { "" };
        (!first.is_empty()).then(|| format!("{}{rest}", first.join(", ")))
    }
}

/// One profile in one region: what one listing covers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The profile whose credentials list the rows; `None` if they come from elsewhere (environment, container, metadata).
    pub profile: Option<ProfileName>,
    /// The region that is listed.
    pub region: Region,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.profile {
            Some(profile) => write!(f, "{} {}", profile.shown(), self.region),
            None => write!(f, "{}", self.region),
        }
    }
}

/// Who AWS says we are (`sts:GetCallerIdentity`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account: AccountId,
    /// The caller's ARN.
    pub arn: Untrusted,
    /// The caller's unique id.
    pub user_id: Untrusted,
}

impl Identity {
    /// `user jane`, `role ReadNothing`: the kind and name in the ARN, for sentences.
    pub fn principal(&self) -> Untrusted {
        let tail = self.arn.raw().splitn(6, ':').nth(5).unwrap_or_default();
        let mut parts = tail.split('/');
        let principal = match (parts.next(), parts.next()) {
            (Some("assumed-role"), Some(name)) => format!("role {name}"),
            (Some("user"), Some(_)) => format!("user {}", tail.rsplit('/').next().unwrap_or_default()),
            (Some("root"), None) => "the root user".to_owned(),
            _ => tail.to_owned(),
        };
        Untrusted::from(principal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_principal_is_the_kind_and_the_name() {
        let cases = [
            ("arn:aws:sts::123456789012:assumed-role/ReadNothing/jane", "role ReadNothing"),
            ("arn:aws:iam::123456789012:user/path/jane", "user jane"),
            ("arn:aws:iam::123456789012:root", "the root user"),
        ];
        for (arn, expected) in cases {
            let identity = Identity { account: "123456789012".parse().unwrap(), arn: arn.into(), user_id: "X".into() };

            assert_eq!(identity.principal().shown(), expected);
        }
    }
}
