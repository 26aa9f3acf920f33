//! The name of a session that a person gave no name, and the sessions of the AWS files by theirs.

use aws_config::profile::ProfileSet;

use super::sso_session::SsoSession;
use crate::aws::files::{regular, written};
use crate::aws::{Error, regions};
use crate::model::Region;

/// The region that a start URL tells: `https://ssoins-….portal.eu-central-1.app.aws`.
pub fn region_in_start_url(start_url: &str) -> Option<Region> {
    let host = start_url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    host.split('.').find(|label| regions::is_known(label))?.parse().ok()
}

/// The session of this start URL and region: by the name that is asked for, by the section of the AWS files that says the same, or by
/// the first label of the host.
pub(super) fn session(
    sections: &ProfileSet,
    start_url: &str,
    region: &Region,
    name: Option<&str>,
    host: &str,
) -> Result<SsoSession, Error> {
    let session = |name: &str| SsoSession::named(name, start_url, region.clone());
    let Some(name) = name else {
        let known = sections.sso_sessions().find(|known| is_of(sections, known, start_url, region));
        let name = known.map_or_else(|| of_host(host).into(), written);
        return free(sections, session(&name));
    };
    free(sections, session(name))
}

/// `corp` of `corp.awsapps.com`; of an address without labels, all but the port.
fn of_host(host: &str) -> &str {
    let named = host.rsplit_once(':').map_or(host, |(named, _)| named);
    if named.parse::<std::net::Ipv4Addr>().is_ok() { named } else { named.split('.').next().unwrap_or(named) }
}

/// A name stands for one session: two would share a file.
fn free(sections: &ProfileSet, session: SsoSession) -> Result<SsoSession, Error> {
    let name = session.name.clone().unwrap_or_default();
    let is_another =
        sections.sso_session(&regular(&name)).is_some() && !is_of(sections, &regular(&name), &session.start_url, &session.region);
    if is_another { Err(Error::SessionNameTaken { session: name.into() }) } else { Ok(session) }
}

fn is_of(sections: &ProfileSet, name: &str, start_url: &str, region: &Region) -> bool {
    let value = |key: &str| sections.sso_session(name).and_then(|known| known.get(key));
    value("sso_start_url") == Some(start_url) && value("sso_region") == Some(region.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::files::Files;
    use crate::aws::files::tests::home;

    #[test]
    fn newer_start_urls_tell_their_region() {
        let told = |url: &str| region_in_start_url(url).map(|region| region.to_string());

        assert_eq!(told("https://ssoins-1.portal.eu-central-1.app.aws").as_deref(), Some("eu-central-1"));
        assert_eq!(told("https://ssoins-1.us-east-1.portal.amazonaws.com/x").as_deref(), Some("us-east-1"));
        assert_eq!(told("https://corp.awsapps.com/start"), None);
        assert_eq!(told("http://ssoins-1.portal.eu-central-1.app.aws"), None);
    }

    #[tokio::test]
    async fn a_session_is_called_as_the_files_call_it_or_by_its_host() {
        let config = "[sso-session work]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-central-1\n[sso-session d-1]\nsso_start_url = https://other\nsso_region = us-east-1\n";
        let home = home(config, "", &[]);
        let sections = Files::read(&home.environment, "default").await.unwrap().sections;
        let named = |url: &str, region: &str, name: Option<&str>| {
            let host = url.trim_start_matches("https://").split('/').next().unwrap();
            session(&sections, url, &region.parse().unwrap(), name, host).map(|own| own.name.unwrap())
        };

        assert_eq!(named("https://corp.awsapps.com/start", "eu-central-1", None).unwrap(), "work");
        assert_eq!(named("https://corp.awsapps.com/start", "us-east-1", None).unwrap(), "corp");
        assert_eq!(named("https://corp.awsapps.com/start", "eu-central-1", Some("mine")).unwrap(), "mine");
        assert_eq!(named("https://d-2.awsapps.com/start", "us-east-1", None).unwrap(), "d-2");
        assert_eq!(named("https://127.0.0.1:4566/start", "us-east-1", None).unwrap(), "127.0.0.1");
        assert_eq!(named("https://localhost:4566/start", "us-east-1", None).unwrap(), "localhost");
        for (url, name) in [("https://d-1.awsapps.com/start", None), ("https://x.awsapps.com/start", Some("work"))] {
            assert!(matches!(named(url, "us-east-1", name), Err(Error::SessionNameTaken { .. })), "{url}");
        }
    }
}
