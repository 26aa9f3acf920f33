//! SSH with a one-time key pushed by EC2 Instance Connect: its rules (EIC).

use crate::access::address::{AddressKind, Reach, address, reachable};
use crate::access::case::{Case, denial_values};
use crate::access::entry::{Channel, Client, Entry, KeySource};
use crate::access::finding::Finding;
use crate::access::images::Package;
use crate::access::users::login;
use crate::access::{Login, general};
use crate::model::{Direction, Fact, GroupRule, Os, Passage, Peer, SsmStatus, Untrusted, Whereabouts};
use crate::text::shell_word;

pub(super) static WAY: Entry = Entry {
    id: "eic",
    channel: Channel::Address,
    client: Client::Ssh(KeySource::Pushed),
    carries: &[],
    can_be_opened: true,
    may_be_best: true,
    findings: Some(findings),
    codes: &[
        "eic-console-alone",
        "eic-console-kept-out",
        "eic-local-zone",
        "eic-image-unseen",
        "eic-metadata-off",
        "eic-metadata-unseen",
        "eic-not-for-windows",
        "eic-package-missing",
        "eic-package-missing-unmanaged",
        "eic-package-pending",
        "eic-package-unseen",
        "eic-package-unsupported",
        "eic-user-not-taken",
    ],
    unchecked: &["unchecked-source", "unchecked-permissions"],
};

/// Most characters of a user's name that `SendSSHPublicKey` takes (docs/access-rules.md 4.4).
const LONGEST_USER: usize = 32;

/// What is in the way of EC2 Instance Connect.
pub(super) fn findings(case: &Case<'_>) -> Vec<Finding> {
    let package = package(case);
    [
        not_windows(case, &package),
        general::of_ec2(case),
        general::running(case),
        general::self_managed(case),
        general::ssh_client(case),
        reachable(case, Reach::Internet),
        outside_local_zones(case),
        metadata_on(case),
        package_present(case, &package),
        user_taken(case),
        console(case),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the image tells of the package.
pub(super) fn package(case: &Case<'_>) -> Fact<Package> {
    case.instance.image_name.as_ref().map(|image| image.as_ref().map_or(Package::Unknown, Package::eic))
}

/// EIC-1: not Windows.
fn not_windows(case: &Case<'_>, package: &Fact<Package>) -> Option<Finding> {
    let is_windows = case.instance.os == Os::Windows || package.known() == Some(&Package::Never);
    is_windows.then(|| Finding::excludes("EIC-1", "eic-not-for-windows"))
}

/// EIC-2: AWS does not document it for Local Zones. Their names go on where those of other zones end: `us-west-2-lax-1a`.
fn outside_local_zones(case: &Case<'_>) -> Option<Finding> {
    let zone = case.instance.az.as_ref()?;
    let rest = zone.raw().strip_prefix(case.instance.place.region.as_str())?;
    let is_local = rest.starts_with('-') && !rest.starts_with("-wl");
    is_local.then(|| Finding::warns("EIC-2", "eic-local-zone").with("zone", zone.shown_in(40)))
}

/// EIC-3: the instance reads the pushed key from its metadata service.
pub(super) fn metadata_on(case: &Case<'_>) -> Option<Finding> {
    match case.instance.metadata_enabled {
        Some(true) => case.passes("EIC-3", "eic-metadata-on"),
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
pub(super) fn package_present(case: &Case<'_>, package: &Fact<Package>) -> Option<Finding> {
    let is_managed = case.instance.ssm.known().is_some_and(|ssm| ssm.status == SsmStatus::Online);
    match package {
        Fact::Pending => Some(Finding::unseen("EIC-4", "eic-package-pending")),
        Fact::Hidden(denial) => {
            let [action, why] = denial_values(denial);
            Some(Finding::unseen("EIC-4", "eic-image-unseen").with(action.0, action.1).with(why.0, why.1))
        }
        // `Never` is EIC-1's.
        Fact::Known(Package::Never) | Fact::Kept(Package::Never, _) => None,
        Fact::Known(Package::Present) | Fact::Kept(Package::Present, _) => {
            case.told(|| Finding::seems("EIC-4", "eic-package-in-image").with("image", image_shown(case)))
        }
        Fact::Known(Package::Unknown) | Fact::Kept(Package::Unknown, _) => Some(Finding::unseen("EIC-4", "eic-package-unseen")),
        Fact::Known(Package::Absent) | Fact::Kept(Package::Absent, _) => Some(
            // Systems Manager installs it only where it has an agent.
            Finding::warns("EIC-4", if is_managed { "eic-package-missing" } else { "eic-package-missing-unmanaged" })
                .with("image", image_shown(case))
                .with("id", case.instance.id.as_str())
                .with("place", case.place_flags())
                .with_remedy(),
        ),
        Fact::Known(Package::Unsupported) | Fact::Kept(Package::Unsupported, _) => {
            Some(Finding::fails_softly("EIC-4", "eic-package-unsupported").with("image", image_shown(case)))
        }
    }
}

fn image_shown(case: &Case<'_>) -> String {
    match case.instance.image_name.known() {
        Some(Some(image)) => image.name.shown_in(60),
        _ => String::new(),
    }
}

/// EIC-9: the service takes the name of the user.
fn user_taken(case: &Case<'_>) -> Option<Finding> {
    let (user, _) = login(case.instance, case.options);
    if is_taken(&user) {
        return case.passes("EIC-9", "eic-user-taken").map(|finding| finding.with("user", user.as_str()));
    }
    Some(Finding::blocks("EIC-9", "eic-user-not-taken").with("user", user.as_str()))
}

/// EIC-7, EIC-8: whether the browser client of AWS's console is let in, and that this is nothing to anybody else. Looked at only where
/// groups name lists.
fn console(case: &Case<'_>) -> Option<Finding> {
    let network = case.instance.network.known()?;
    let lists = network.console_lists.known().filter(|_| case.tells_all && case.is_up())?;
    let (address, AddressKind::Public) = address(case.instance, case.options, case.local)? else { return None };
    let (groups, port) = (case.instance.groups_at(address), case.options.port);
    let rules = network.rules_of(&groups, Direction::In)?;
    let names_it = |rule: &&GroupRule| rule.ports.hold(port) && rule.prefix_lists.iter().any(|list| lists.contains(list));
    let passage = |at: Whereabouts| network.passage(&groups, Direction::In, port, Peer { address: at, groups: &[] });
    let finding = if rules.iter().any(names_it) {
        match case.local.source_of(address).map(|source| passage(Whereabouts::At(source))) {
            Some(Passage::Closed) => Finding::notes("EIC-8", "eic-console-alone"),
            _ => case.passes("EIC-7", "eic-console-let-in")?,
        }
    } else if passage(Whereabouts::Anywhere) == Passage::Open {
        case.passes("EIC-7", "eic-console-let-in")?
    } else {
        let id = |id: Option<&Untrusted>| shell_word(&id.map(|id| id.shown_in(60)).unwrap_or_default());
        let permission =
            format!("IpProtocol=tcp,FromPort={port},ToPort={port},PrefixListIds=[{{PrefixListId={}}}]", id(lists.first()));
        let finding = Finding::notes("EIC-7", "eic-console-kept-out").with("permission", shell_word(&permission));
        finding.with("group", id(groups.first())).with("place", case.place_flags()).with_remedy()
    };
    Some(finding.with("groups", groups.iter().map(|id| id.shown_in(40)).collect::<Vec<_>>().join(", ")))
}

/// What the service's pattern adds to what a [`Login`] is already.
pub(super) fn is_taken(user: &Login) -> bool {
    let user = user.as_str();
    let may_end_so = !user.ends_with('.') || user.starts_with(|first: char| first.is_ascii_digit());
    user.len() < LONGEST_USER || (user.len() == LONGEST_USER && may_end_so)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_taken_are_those_of_the_services_pattern() {
        let letter = regex_lite::Regex::new(r"^[A-Za-z_][A-Za-z0-9@._-]{0,30}[A-Za-z0-9$_-]?$").unwrap();
        let digit = regex_lite::Regex::new(r"^[0-9]{1,32}[A-Za-z@._-][A-Za-z0-9@._-]*[A-Za-z0-9$_-]?$").unwrap();
        let is_match = |user: &str| letter.is_match(user) || ((2..=32).contains(&user.len()) && digit.is_match(user));
        let starts = ["x", "1", "12a"];
        for (length, start) in (1..=33).flat_map(|length| starts.map(|start| (length, start))) {
            for last in ["a", "9", ".", "-", "_", "$", "a$"] {
                let Ok(user) = format!("{start}{}{last}", "x".repeat(length - 1)).parse::<Login>() else { continue };

                assert_eq!(is_taken(&user), is_match(user.as_str()), "{user}");
            }
        }
    }
}
