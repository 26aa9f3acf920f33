//! What no AWS file says of SSO sessions: those that were signed in to by their start URL, and the places that need no profile.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_config::profile::ProfileSet;

use super::name::regular;
use crate::model::{Region, SessionPlace};

/// SSO sessions that are known by name from elsewhere than the AWS files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedSessions(Arc<BTreeMap<String, (String, Region)>>);

impl NamedSessions {
    /// With one more.
    #[must_use]
    pub fn with(&self, name: &str, start_url: &str, region: &Region) -> Self {
        let mut sessions = (*self.0).clone();
        sessions.insert(name.to_owned(), (start_url.to_owned(), region.clone()));
        Self(Arc::new(sessions))
    }

    /// The sections of these sessions, but for those that `text` has.
    pub(super) fn sections_beside(&self, text: &str) -> String {
        let mut sections = String::new();
        for (name, (start_url, region)) in self.0.iter() {
            let heading = format!("[sso-session {}]", regular(name));
            // A start URL that would not stay in its line would be another one.
            if text.lines().any(|line| line == heading) || start_url.contains(|character: char| !character.is_ascii_graphic()) {
                continue;
            }
            sections.push_str(&format!("{heading}\nsso_region={region}\nsso_start_url={start_url}\n"));
        }
        sections
    }
}

/// Name, start URL and region.
impl FromIterator<(String, String, Region)> for NamedSessions {
    fn from_iter<I: IntoIterator<Item = (String, String, Region)>>(sessions: I) -> Self {
        Self(Arc::new(sessions.into_iter().map(|(name, start_url, region)| (name, (start_url, region))).collect()))
    }
}

/// The section that a profile of this name would have, if it is the place of a session and no profile. Its region is the session's.
pub(super) fn section_of(sections: &ProfileSet, selected: &str) -> Option<String> {
    if sections.get_profile(&regular(selected)).is_some() {
        return None;
    }
    let place: SessionPlace = selected.parse().ok()?;
    let region: Region = sections.sso_session(&regular(place.session()))?.get("sso_region")?.parse().ok()?;
    let (name, session, account, role) = (regular(selected), place.session(), place.account(), place.role());
    Some(format!("[profile {name}]\nregion={region}\nsso_account_id={account}\nsso_role_name={role}\nsso_session={session}\n"))
}
