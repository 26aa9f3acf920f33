//! The login name of an instance: the wish, else what its image or its platform tells.

use super::images::{PlatformDetails, PlatformName, TABLE, dotted, entry};
use super::{ConnectOptions, Login};
use crate::model::{Instance, Os, Ssm, glob_fits};

/// Where a login name comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoginSource {
    /// A rule, a flag or the settings.
    Asked,
    /// The name of the image.
    Image,
    /// The platform that Systems Manager reports.
    Ssm,
    /// EC2's `PlatformDetails`.
    Platform,
    /// Nothing is known but the operating system.
    Guess,
}

impl LoginSource {
    /// The key of the words `(from the image)`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Asked => "user-asked",
            Self::Image => "user-from-image",
            Self::Ssm => "user-from-ssm",
            Self::Platform => "user-from-platform",
            Self::Guess => "user-guessed",
        }
    }
}

/// The login name to try first, and where it comes from.
pub fn login(instance: &Instance, options: &ConnectOptions) -> (Login, LoginSource) {
    ladder(instance, options).next().unwrap_or_else(|| (Login::ec2_user(), LoginSource::Guess))
}

/// Every login name worth trying, the best first, each once.
pub fn logins(instance: &Instance, options: &ConnectOptions) -> Vec<(Login, LoginSource)> {
    let mut candidates: Vec<(Login, LoginSource)> = Vec::new();
    for candidate in ladder(instance, options) {
        if !candidates.iter().any(|(login, _)| *login == candidate.0) {
            candidates.push(candidate);
        }
    }
    candidates
}

/// The login names that one kind of fact tells.
type Step = fn(&Instance) -> &'static [Login];

/// The steps of docs/access-rules.md 1.2.1 that name users, one after the other.
fn ladder<'a>(instance: &'a Instance, options: &'a ConnectOptions) -> impl Iterator<Item = (Login, LoginSource)> + 'a {
    let asked = options.user.iter().cloned().map(|login| (login, LoginSource::Asked));
    let steps: [(Step, LoginSource); 4] = [
        (by_image, LoginSource::Image),
        (by_ssm, LoginSource::Ssm),
        (by_platform, LoginSource::Platform),
        (by_system, LoginSource::Guess),
    ];
    let found =
        steps.into_iter().flat_map(move |(step, source)| step(instance).iter().cloned().map(move |login| (login, source)));
    asked.chain(found)
}

fn by_image(instance: &Instance) -> &'static [Login] {
    match instance.image_name.known() {
        Some(Some(image)) => entry(image).map(|entry| entry.users.as_slice()).unwrap_or_default(),
        _ => &[],
    }
}

fn by_ssm(instance: &Instance) -> &'static [Login] {
    let Some(Ssm { platform_name: Some(name), platform_version, .. }) = instance.ssm.known() else { return &[] };
    let name = name.raw().to_lowercase();
    let version = platform_version.as_ref().map(|version| dotted(version.raw())).unwrap_or_default();
    let fits = |platform: &&PlatformName| {
        platform.names.iter().any(|pattern| glob_fits(&pattern.0, &name))
            && platform.version_min.as_ref().is_none_or(|least| version >= dotted(least))
    };
    TABLE.platform_name.iter().find(fits).map(|platform| platform.users.as_slice()).unwrap_or_default()
}

fn by_platform(instance: &Instance) -> &'static [Login] {
    let Some(details) = &instance.platform else { return &[] };
    let fits = |platform: &&PlatformDetails| details.raw().starts_with(&platform.prefix);
    TABLE.platform_details.iter().find(fits).map(|platform| platform.users.as_slice()).unwrap_or_default()
}

fn by_system(instance: &Instance) -> &'static [Login] {
    match instance.os {
        Os::Linux => &TABLE.fallback.linux,
        Os::Windows => &TABLE.fallback.windows,
        Os::MacOs => &TABLE.fallback.macos,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, Image, SsmStatus, row};

    fn image(name: &str) -> Image {
        Image { name: name.into(), owner: None, owner_alias: None }
    }

    fn found(change: impl FnOnce(&mut Instance, &mut ConnectOptions)) -> (String, LoginSource) {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        let mut options = ConnectOptions::default();
        change(&mut instance, &mut options);
        let (login, source) = login(&instance, &options);
        (login.as_str().to_owned(), source)
    }

    fn platform(name: &str, version: &str) -> Fact<Ssm> {
        let ssm = Ssm { status: SsmStatus::Online, platform_name: Some(name.into()), ..Ssm::unmanaged() };
        Fact::Known(Ssm { platform_version: Some(version.into()), ..ssm })
    }

    #[test]
    fn the_login_is_the_wish_else_the_images_else_the_platforms_else_a_guess() {
        let debian = || Fact::Known(Some(image("debian-12-amd64-20240717-1811")));

        assert_eq!(found(|_, _| ()), ("ec2-user".into(), LoginSource::Guess));
        assert_eq!(found(|i, _| i.platform = Some("Ubuntu Pro".into())), ("ubuntu".into(), LoginSource::Platform));
        assert_eq!(found(|i, _| i.ssm = platform("rocky linux", "9")), ("rocky".into(), LoginSource::Ssm));
        assert_eq!(found(|i, _| i.ssm = platform("CentOS Stream", "9")), ("ec2-user".into(), LoginSource::Ssm));
        assert_eq!(found(|i, _| i.ssm = platform("CentOS Linux", "7.9")), ("centos".into(), LoginSource::Ssm));
        let both = |i: &mut Instance| {
            i.image_name = debian();
            i.ssm = platform("Ubuntu", "22.04");
        };
        assert_eq!(found(|i, _| both(i)), ("admin".into(), LoginSource::Image));
        assert_eq!(
            found(|i, w| {
                both(i);
                w.user = "deploy".parse().ok();
            }),
            ("deploy".into(), LoginSource::Asked)
        );
        assert_eq!(found(|i, _| i.os = Os::Windows), ("Administrator".into(), LoginSource::Guess));
        assert_eq!(found(|i, _| i.os = Os::MacOs), ("ec2-user".into(), LoginSource::Guess));
    }

    #[test]
    fn every_candidate_is_offered_once_and_the_best_first() {
        let mut instance = (*row("i-0123456789abcdef0", "web-1")).clone();
        instance.image_name = Fact::Known(Some(image("debian-12-amd64-20240717-1811")));

        let names: Vec<String> =
            logins(&instance, &ConnectOptions::default()).iter().map(|(login, _)| login.to_string()).collect();

        assert_eq!(names, ["admin", "debian", "root", "ec2-user", "ubuntu"]);
    }
}
