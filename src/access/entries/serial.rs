//! The serial console: its rules (SER). It needs neither the network nor sshd.

use crate::access::case::{Case, denial_values};
use crate::access::entry::{Channel, Client, Entry};
use crate::access::finding::Finding;
use crate::access::general;
use crate::model::{Fact, InstanceState, SerialSwitch};

pub(super) static WAY: Entry = Entry {
    id: "serial",
    channel: Channel::SerialConsole,
    client: Client::Own,
    carries: &[],
    can_be_opened: true,
    may_be_best: false,
    findings: Some(findings),
    codes: &[
        "serial-no-host",
        "serial-not-running",
        "serial-off",
        "serial-off-by-policy",
        "serial-password",
        "serial-type",
        "serial-type-unseen",
        "serial-unasked",
        "serial-unseen",
        "serial-zone",
    ],
    unchecked: &["unchecked-permissions"],
};

/// What is in the way of the serial console.
fn findings(case: &Case<'_>) -> Vec<Finding> {
    let standing = [general::of_ec2(case), general::running(case), running(case), general::ssh_client(case)];
    // What the account and the type say matters once it runs.
    let own = [served(case), switched_on(case), of_type(case), password(case)];
    let own = own.into_iter().flatten().filter(|_| case.is_up());
    standing.into_iter().flatten().chain(own).collect()
}

/// SER-3: one that is starting is refused, too.
fn running(case: &Case<'_>) -> Option<Finding> {
    (case.instance.state == InstanceState::Pending).then(|| Finding::blocks("SER-3", "serial-not-running"))
}

/// SER-4: it is known where and by which key the region's consoles are served; there are none in Wavelength Zones.
fn served(case: &Case<'_>) -> Option<Finding> {
    let zone = case.instance.az.as_ref().map(|zone| zone.shown_in(40)).unwrap_or_default();
    if zone.contains("-wl1-") {
        return Some(Finding::blocks("SER-4", "serial-zone").with("zone", zone));
    }
    let region = &case.instance.place.region;
    case.options.serial.is_none().then(|| Finding::withholds("SER-4", "serial-no-host").with("region", region.as_str()))
}

/// SER-1: the account lets serial consoles be used in the region.
fn switched_on(case: &Case<'_>) -> Option<Finding> {
    let region = |finding: Finding| finding.with("region", case.instance.place.region.as_str());
    match &case.instance.serial.switch {
        Fact::Known(SerialSwitch::On) | Fact::Kept(SerialSwitch::On, _) => None,
        Fact::Known(SerialSwitch::Off) | Fact::Kept(SerialSwitch::Off, _) => {
            Some(region(Finding::blocks("SER-1", "serial-off")).with("place", case.place_flags()).with_remedy())
        }
        Fact::Known(SerialSwitch::OffByPolicy) | Fact::Kept(SerialSwitch::OffByPolicy, _) => {
            Some(region(Finding::blocks("SER-1", "serial-off-by-policy")))
        }
        Fact::Pending => Some(Finding::withholds("SER-1", "serial-unasked")),
        Fact::Hidden(denial) => {
            let [action, why] = denial_values(denial);
            Some(Finding::withholds("SER-1", "serial-unseen").with(action.0, action.1).with(why.0, why.1))
        }
    }
}

/// SER-2: the type has a serial console.
fn of_type(case: &Case<'_>) -> Option<Finding> {
    match &case.instance.serial.of_type {
        Fact::Known(Some(true)) | Fact::Kept(Some(true), _) => None,
        Fact::Known(Some(false)) | Fact::Kept(Some(false), _) => {
            let kind = case.instance.instance_type.as_ref().map(|kind| kind.shown_in(40)).unwrap_or_default();
            Some(Finding::blocks("SER-2", "serial-type").with("type", kind))
        }
        // SER-1 says that it was not asked.
        Fact::Pending => None,
        Fact::Known(None) | Fact::Kept(None, _) => Some(Finding::withholds("SER-2", "serial-type-unseen")),
        Fact::Hidden(denial) => {
            let [action, why] = denial_values(denial);
            Some(Finding::withholds("SER-2", "serial-unseen").with(action.0, action.1).with(why.0, why.1))
        }
    }
}

/// SER-6: somebody can log in there. Not visible from outside.
fn password(case: &Case<'_>) -> Option<Finding> {
    Some(Finding::unseen("SER-6", "serial-password")).filter(|_| !case.instance.id.is_hybrid())
}
