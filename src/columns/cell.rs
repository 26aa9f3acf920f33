//! What a cell says, at full width and at the width of a small screen, and in which tone.

use jiff::Timestamp;

use super::Column;
use crate::access::{Mark, Ways, mark};
use crate::model::{Denial, Fact, Iam, Instance, InstanceState, SsmStatus, Untrusted};
use crate::text::{Catalogue, short_age};

/// More than any cell shows: the screen cuts to the width it has.
const LONGEST: usize = 256;
/// What stands for "none".
const NONE: &str = "–";
/// What stands for "not answered yet".
const PENDING: &str = "…";
/// Columns that an address has room for.
const ADDRESS_WIDTH: usize = 15;

/// What a column looks at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The row.
    pub instance: &'a Instance,
    /// The ways into it.
    pub ways: &'a Ways,
    /// Now, for ages.
    pub now: Timestamp,
    /// The words.
    pub text: &'a Catalogue,
}

/// One cell, fit for a screen: marks in their Unicode form, foreign text behind its gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The full form.
    pub text: String,
    /// The form for a column at its least width.
    pub short: String,
    /// What it means.
    pub tone: Tone,
}

/// What a cell means, for the theme to colour. It never says more than the cell's mark and word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Just text.
    #[default]
    Plain,
    /// Works, running.
    Good,
    /// With a problem, changing.
    Problem,
    /// Fails.
    Bad,
    /// Not known.
    Unknown,
    /// None, stopped, gone.
    Faint,
}

impl Cell {
    fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Tone::Plain)
    }

    fn of(text: impl Into<String>, tone: Tone) -> Self {
        let text = text.into();
        Self { short: text.clone(), text, tone }
    }

    fn none() -> Self {
        Self::of(NONE, Tone::Faint)
    }

    fn pending() -> Self {
        Self::of(PENDING, Tone::Faint)
    }

    fn untrusted(value: Option<&Untrusted>) -> Self {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => Self::plain(value.shown_in(LONGEST)),
            None => Self::none(),
        }
    }
}

impl Column {
    /// The cell for one row.
    pub fn cell(&self, view: &View<'_>) -> Cell {
        let row = view.instance;
        match self {
            Self::Name => match row.name() {
                Some(name) => Cell::plain(name.shown_in(LONGEST)),
                None => Cell::of(row.id.as_str(), Tone::Faint),
            },
            Self::Id => Cell::plain(row.id.as_str()),
            Self::State => state(view),
            Self::PrivateIp => match (row.private_ip, row.ipv6.first()) {
                (Some(ip), _) => Cell::plain(ip.to_string()),
                (None, Some(ip)) => Cell::plain(cut_in_the_middle(&ip.to_string(), ADDRESS_WIDTH)),
                (None, None) => Cell::none(),
            },
            Self::PublicIp => row.public_ip.map_or_else(Cell::none, |ip| Cell::plain(ip.to_string())),
            Self::Ipv6 => ipv6(row),
            Self::Ssm => ssm(view),
            Self::Iam => iam(view),
            Self::Via => via(view.ways),
            Self::Profile => row.place.profile.as_ref().map_or_else(Cell::none, |profile| Cell::plain(profile.shown())),
            Self::Account => row.account.as_ref().map_or_else(Cell::none, |account| Cell::plain(account.as_str())),
            Self::Region => Cell::plain(row.place.region.as_str()),
            Self::Az => az(row),
            Self::InstanceType => Cell::untrusted(row.instance_type.as_ref()),
            Self::Up => up(view),
            Self::Platform => Cell::untrusted(row.platform.as_ref()),
            Self::Image => Cell::untrusted(row.image.as_ref()),
            Self::KeyName => Cell::untrusted(row.key_name.as_ref()),
            Self::Vpc => Cell::untrusted(row.vpc.as_ref()),
            Self::Subnet => Cell::untrusted(row.subnet.as_ref()),
            Self::SecurityGroups => security_groups(row),
            Self::Launched => row.launched.map_or_else(Cell::none, |launched| Cell::plain(seconds_of(launched))),
            Self::Tags => tags(row),
            Self::Methods => methods(view.ways),
            Self::Tag(key) => Cell::untrusted(tag(row, key)),
        }
    }

    /// The bare value without marks, for CSV and TSV: AWS's own words, or nothing. Whoever writes it minds its characters.
    pub fn value(&self, view: &View<'_>) -> Untrusted {
        let row = view.instance;
        let text = |value: &Option<Untrusted>| value.clone().unwrap_or_default();
        let word = |word: &str| Untrusted::from(word);
        match self {
            Self::Name => row.name().cloned().unwrap_or_default(),
            Self::Id => word(row.id.as_str()),
            Self::State => word(row.state.word()),
            Self::PrivateIp => row.private_ip.map(|ip| ip.to_string()).unwrap_or_default().into(),
            Self::PublicIp => row.public_ip.map(|ip| ip.to_string()).unwrap_or_default().into(),
            Self::Ipv6 => joined(row.ipv6.iter().map(ToString::to_string)).into(),
            Self::Ssm => match &row.ssm {
                Fact::Known(ssm) | Fact::Kept(ssm, _) => word(ssm.status.word()),
                Fact::Hidden(_) | Fact::Pending => word("unknown"),
            },
            Self::Iam => word(row.iam().word()),
            Self::Via => word(view.ways.best.map(crate::access::Method::id).unwrap_or_default()),
            Self::Profile => row.place.profile.as_ref().map(|profile| word(profile.raw())).unwrap_or_default(),
            Self::Account => row.account.as_ref().map(|account| word(account.as_str())).unwrap_or_default(),
            Self::Region => word(row.place.region.as_str()),
            Self::Az => text(&row.az),
            Self::InstanceType => text(&row.instance_type),
            Self::Up => view.instance.up(view.now).map(|seconds| seconds.to_string()).unwrap_or_default().into(),
            Self::Platform => text(&row.platform),
            Self::Image => text(&row.image),
            Self::KeyName => text(&row.key_name),
            Self::Vpc => text(&row.vpc),
            Self::Subnet => text(&row.subnet),
            Self::SecurityGroups => joined(row.security_groups.iter().map(|group| group.id.raw().to_owned())).into(),
            Self::Launched => row.launched.map(seconds_of).unwrap_or_default().into(),
            Self::Tags => joined(row.tags.iter().map(|(key, value)| format!("{}={}", key.raw(), value.raw()))).into(),
            Self::Methods => {
                joined(view.ways.list.iter().map(|way| format!("{}={}", way.method.id(), way.verdict.word()))).into()
            }
            Self::Tag(key) => tag(row, key).cloned().unwrap_or_default(),
        }
    }
}

fn state(view: &View<'_>) -> Cell {
    let state = view.instance.state;
    let (symbol, tone) = match state {
        InstanceState::Running => ('●', Tone::Good),
        InstanceState::Stopped => ('○', Tone::Faint),
        InstanceState::Pending => ('◐', Tone::Problem),
        InstanceState::Stopping | InstanceState::ShuttingDown => ('◑', Tone::Problem),
        InstanceState::Terminated => ('×', Tone::Faint),
        InstanceState::Unknown => ('?', Tone::Unknown),
    };
    let word = view.text.say(&format!("state-{}", state.word()));
    let short = view.text.say(&format!("state-{}-short", state.word()));
    Cell { text: format!("{symbol} {word}"), short: format!("{symbol} {short}"), tone }
}

fn ipv6(row: &Instance) -> Cell {
    let Some(first) = row.ipv6.first() else { return Cell::none() };
    let short = cut_in_the_middle(&first.to_string(), ADDRESS_WIDTH);
    Cell { text: joined(row.ipv6.iter().map(ToString::to_string)), short, tone: Tone::Plain }
}

fn ssm(view: &View<'_>) -> Cell {
    let ssm = match &view.instance.ssm {
        Fact::Pending => return Cell::pending(),
        Fact::Hidden(denial) => return Cell::of(unknown(view, denial), Tone::Unknown),
        Fact::Known(ssm) | Fact::Kept(ssm, _) => ssm,
    };
    match ssm.status {
        SsmStatus::Online => Cell::of(format!("✓ {}", view.text.say("ssm-online")), Tone::Good),
        SsmStatus::Unknown => Cell::of(format!("? {}", view.text.say("ssm-unsaid")), Tone::Unknown),
        SsmStatus::Unmanaged => Cell::of(format!("– {}", view.text.say("ssm-none")), Tone::Faint),
        SsmStatus::Lost => {
            let lost = view.text.say("ssm-lost");
            match ssm.last_ping {
                Some(ping) => {
                    let age = short_age(view.now.as_second() - ping.as_second());
                    Cell { text: format!("✗ {lost} {age}"), short: format!("✗ {age}"), tone: Tone::Bad }
                }
                None => Cell::of(format!("✗ {lost}"), Tone::Bad),
            }
        }
    }
}

fn iam(view: &View<'_>) -> Cell {
    let (symbol, words, tone) = match view.instance.iam() {
        Iam::None => ("–", view.text.say("iam-none"), Tone::Faint),
        Iam::Set { .. } => ("✓", view.text.say("iam-set"), Tone::Good),
        Iam::Ok { role, .. } => ("✓", role.shown_in(LONGEST), Tone::Good),
        Iam::NoSsm { .. } => ("!", view.text.say("iam-no-ssm"), Tone::Problem),
        Iam::NoRole { .. } => ("!", view.text.say("iam-no-role"), Tone::Problem),
        Iam::Unknown { denial, .. } => {
            return Cell { text: unknown(view, denial), short: "?".to_owned(), tone: Tone::Unknown };
        }
    };
    Cell { text: format!("{symbol} {words}"), short: symbol.to_owned(), tone }
}

/// `? denied`
fn unknown(view: &View<'_>, denial: &Denial) -> String {
    format!("? {}", view.text.say(&format!("denial-{}", denial.why.word())))
}

fn via(ways: &Ways) -> Cell {
    if ways.is_pending {
        return Cell::pending();
    }
    match ways.best.and_then(|best| ways.way(best)) {
        None => Cell::none(),
        Some(way) => match mark(way) {
            Mark::Works => Cell::of(way.method.id(), Tone::Good),
            Mark::Problem => Cell::of(way.method.id(), Tone::Problem),
            Mark::Unknown | Mark::Blocked | Mark::NotApplicable => Cell::of("?", Tone::Unknown),
        },
    }
}

/// `2a` of `ap-northeast-2a`: the region has its own column.
fn az(row: &Instance) -> Cell {
    let tail = |az: &Untrusted| Untrusted::from(az.raw().rsplit('-').next().unwrap_or_default());
    Cell::untrusted(row.az.as_ref().map(tail).as_ref())
}

fn up(view: &View<'_>) -> Cell {
    view.instance.up(view.now).map_or_else(Cell::none, |seconds| Cell::plain(short_age(seconds)))
}

fn security_groups(row: &Instance) -> Cell {
    if row.security_groups.is_empty() {
        return Cell::none();
    }
    Cell::plain(row.security_groups.iter().map(|group| group.name.shown_in(60)).collect::<Vec<_>>().join(", "))
}

fn tags(row: &Instance) -> Cell {
    let others = row.tags.iter().filter(|(key, _)| key.raw() != "Name");
    let shown: Vec<String> = others.map(|(key, value)| format!("{}={}", key.shown_in(60), value.shown_in(60))).collect();
    if shown.is_empty() { Cell::none() } else { Cell::plain(shown.join("  ")) }
}

fn methods(ways: &Ways) -> Cell {
    let marked: Vec<String> = ways.list.iter().map(|way| format!("{} {}", mark(way).symbol(), way.method.id())).collect();
    if marked.is_empty() { Cell::none() } else { Cell::plain(marked.join("  ")) }
}

fn tag<'a>(row: &'a Instance, key: &str) -> Option<&'a Untrusted> {
    row.tags.iter().find(|(own, _)| own.raw() == key || own.composed() == key).map(|(_, value)| value)
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(" ")
}

/// RFC 3339 in UTC, in whole seconds.
fn seconds_of(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

/// An address keeps its beginning (the network) and its end (the host).
fn cut_in_the_middle(address: &str, columns: usize) -> String {
    let length = address.chars().count();
    if length <= columns {
        return address.to_owned();
    }
    let end = columns.saturating_sub(1) / 2;
    let start = columns.saturating_sub(1) - end;
    let head: String = address.chars().take(start).collect();
    let tail: String = address.chars().skip(length - end).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests;
