//! What can be signed in to: a session of IAM Identity Center, as the AWS files or a person name it.

use aws_config::profile::{Profile as Section, ProfileSet};

use crate::aws::Error;
use crate::aws::files::{bad_files, regular, written};
use crate::model::{Region, Untrusted};

/// What is asked for where nobody names scopes: with less, a sign-in cannot be renewed.
const USUAL_SCOPE: &str = "sso:account:access";

/// A session of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SsoSession {
    /// Its name; a profile of the old form has none, and cannot be renewed.
    pub(super) name: Option<String>,
    /// As it was written: files are named after it.
    pub(super) start_url: String,
    pub(super) region: Region,
    pub(super) scopes: Vec<String>,
}

impl SsoSession {
    /// A session that a person names.
    pub(in crate::aws) fn named(name: &str, start_url: &str, region: Region) -> Self {
        let scopes = vec![USUAL_SCOPE.to_owned()];
        Self { name: Some(name.to_owned()), start_url: start_url.to_owned(), region, scopes }
    }

    /// The session of a profile whose credentials come from one.
    pub(in crate::aws) fn of_section(sections: &ProfileSet, own: &Section) -> Result<Self, Error> {
        let profile = || Untrusted::from(written(own.name()).as_ref()).shown_in(60);
        let Some(name) = own.get("sso_session") else {
            let missing = |key: &str| bad_files(format!("profile {} has no {key}", profile()));
            let start_url = own.get("sso_start_url").ok_or_else(|| missing("sso_start_url"))?;
            let region = own.get("sso_region").ok_or_else(|| missing("sso_region"))?;
            return Ok(Self { name: None, start_url: start_url.to_owned(), region: parsed(region)?, scopes: Vec::new() });
        };
        let shown = Untrusted::from(name).shown_in(60);
        let gone = || bad_files(format!("sso-session {shown}, which profile {} names, is not there", profile()));
        Self::of_name(sections, name)?.ok_or_else(gone)
    }

    /// The session that the AWS files call by this name; `None`: there is none.
    pub(in crate::aws) fn of_name(sections: &ProfileSet, name: &str) -> Result<Option<Self>, Error> {
        let shown = Untrusted::from(name).shown_in(60);
        let Some(session) = sections.sso_session(&regular(name)) else { return Ok(None) };
        let missing = |key: &str| bad_files(format!("sso-session {shown} has no {key}"));
        let start_url = session.get("sso_start_url").ok_or_else(|| missing("sso_start_url"))?;
        let region = session.get("sso_region").ok_or_else(|| missing("sso_region"))?;
        let scopes = session.get("sso_registration_scopes").unwrap_or(USUAL_SCOPE).split(',').map(str::trim);
        let scopes: Vec<String> = scopes.filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        Ok(Some(Self { scopes, ..Self::named(name, start_url, parsed(region)?) }))
    }

    /// What its token's file is named after.
    pub(super) fn key(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.start_url)
    }

    /// Its name, or its start URL.
    pub fn shown(&self) -> Untrusted {
        self.key().into()
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<Untrusted> {
        self.name.as_deref().map(Untrusted::from)
    }

    /// Where people begin.
    pub fn start_url(&self) -> Untrusted {
        self.start_url.as_str().into()
    }

    /// Where its services are.
    pub fn region(&self) -> &Region {
        &self.region
    }
}

/// An address is made of the region, so only a region may pass.
fn parsed(region: &str) -> Result<Region, Error> {
    region.parse().map_err(|_| bad_files(format!("sso_region is not a region: {}", Untrusted::from(region).shown_in(40))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::files::Files;
    use crate::aws::files::tests::home;

    async fn of(config: &str) -> Result<SsoSession, Error> {
        let home = home(config, "", &[]);
        let files = Files::read(&home.environment, "p").await.unwrap();
        SsoSession::of_section(&files.sections, files.sections.get_profile("p").unwrap())
    }

    #[tokio::test]
    async fn a_session_is_what_its_section_says_and_an_old_profile_is_one_without_a_name() {
        let session = "[sso-session c]\nsso_region = eu-central-1\nsso_start_url = https://x/start#/\nsso_registration_scopes = a, ,b:c\n[profile p]\nsso_session = c\n";
        let old = "[profile p]\nsso_region = eu-central-1\nsso_start_url = https://x/start\n";

        let named = of(session).await.unwrap();
        assert_eq!(
            (named.key(), named.start_url.as_str(), named.scopes.as_slice()),
            ("c", "https://x/start#/", &["a".to_owned(), "b:c".to_owned()][..])
        );
        let unnamed = of(old).await.unwrap();
        assert_eq!((unnamed.key(), unnamed.scopes.len()), ("https://x/start", 0));
        let usual = of(&session.replace("sso_registration_scopes", "other")).await.unwrap();
        assert_eq!(usual.scopes, [USUAL_SCOPE]);
        let repeated = of(&format!("{session}sso_region = eu-central-1\nsso_start_url = https://x/start#/\n")).await.unwrap();
        assert_eq!(repeated, named, "older programs want it repeated");
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        for (config, missing) in [
            ("[profile p]\nsso_session = c\n", "sso-session c, which profile p names"),
            ("[sso-session c]\nsso_region = us-east-1\n[profile p]\nsso_session = c\n", "sso-session c has no sso_start_url"),
            ("[profile p]\nsso_start_url = https://x\n", "profile p has no sso_region"),
            ("[profile p]\nsso_region = us-east-1\n", "profile p has no sso_start_url"),
            ("[profile p]\nsso_start_url = https://x\nsso_region = evil.com/\n", "not a region"),
        ] {
            let error = of(config).await.unwrap_err();
            assert!(error.to_string().contains(missing), "{config}: {error}");
        }
    }
}
