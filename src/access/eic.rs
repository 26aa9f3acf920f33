//! SSH with a one-time key pushed by EC2 Instance Connect: its rules (EIC).

use std::sync::LazyLock;

use regex_lite::Regex;

use super::address::reachable;
use super::case::{Case, denial_values};
use super::finding::Finding;
use super::images::Package;
use super::users::login;
use super::{Method, general};
use crate::model::{Fact, Image, Os};

/// What `SendSSHPublicKey` takes as the name of a user, of what [`super::Login`] lets pass (access-rules 4.4).
static OS_USER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[A-Za-z_][A-Za-z0-9@._-]{0,30}[A-Za-z0-9$_-]?$").expect("the pattern of the service is well formed")
});

/// What is in the way of EC2 Instance Connect.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    [
        not_windows(case),
        general::running(case),
        general::self_managed(case),
        general::ssh_client(case),
        reachable(case, Method::Eic),
        metadata_on(case),
        package_present(case),
        user_taken(case),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// EIC-1: not Windows.
fn not_windows(case: &Case<'_>) -> Option<Finding> {
    let is_never = || matches!(&case.instance.image_name, Fact::Known(Some(image)) if Package::eic(image) == Package::Never);
    (case.instance.os == Os::Windows || is_never()).then(|| Finding::excludes("EIC-1", "eic-not-for-windows"))
}

/// EIC-3: the instance reads the pushed key from its metadata service.
fn metadata_on(case: &Case<'_>) -> Option<Finding> {
    match case.instance.metadata_enabled {
        Some(true) => None,
        Some(false) => Some(
            Finding::blocks("EIC-3", "eic-metadata-off")
                .with("id", case.instance.id.as_str())
                .with("place", case.place_flags())
                .with_remedy(),
        ),
        None => Some(Finding::unseen("EIC-3", "eic-metadata-unseen")),
    }
}

/// EIC-4: the image comes with the package. Never more than a hint: it may have been added or removed since.
fn package_present(case: &Case<'_>) -> Option<Finding> {
    match &case.instance.image_name {
        Fact::Pending => Some(Finding::unseen("EIC-4", "eic-package-pending")),
        Fact::Hidden(denial) => {
            let [action, why] = denial_values(denial);
            Some(Finding::unseen("EIC-4", "eic-image-unseen").with(action.0, action.1).with(why.0, why.1))
        }
        Fact::Known(None) => Some(Finding::unseen("EIC-4", "eic-package-unseen")),
        Fact::Known(Some(image)) => match Package::eic(image) {
            // `Never` is EIC-1's.
            Package::Present | Package::Never => None,
            Package::Unknown => Some(Finding::unseen("EIC-4", "eic-package-unseen")),
            Package::Absent => Some(with_install(Finding::warns("EIC-4", "eic-package-missing"), case, image)),
            Package::Unsupported => {
                Some(Finding::fails_softly("EIC-4", "eic-package-unsupported").with("image", image.name.shown_in(60)))
            }
        },
    }
}

fn with_install(finding: Finding, case: &Case<'_>, image: &Image) -> Finding {
    finding
        .with("image", image.name.shown_in(60))
        .with("id", case.instance.id.as_str())
        .with("place", case.place_flags())
        .with_remedy()
}

/// EIC-9: the service takes the name of the user.
fn user_taken(case: &Case<'_>) -> Option<Finding> {
    let (user, _) = login(case.instance, case.wishes);
    (!OS_USER.is_match(user.as_str())).then(|| Finding::blocks("EIC-9", "eic-user-not-taken").with("user", user.as_str()))
}
