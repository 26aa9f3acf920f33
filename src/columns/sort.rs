//! The order of rows by a column.

use std::cmp::Ordering;
use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization;

use super::{Column, View};
use crate::access::{Mark, mark};
use crate::model::{Fact, InstanceId, InstanceState, SsmStatus};

/// Where a row stands under one column: rows with nothing to compare come last, equal ones by name, then by id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    value: OrLast<Place>,
    name: OrLast<Natural>,
    id: InstanceId,
}

/// As `Option`, which puts `None` first; a row without a value belongs last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum OrLast<T> {
    There(T),
    Missing,
}

impl<T> From<Option<T>> for OrLast<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Self::There)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Rank(u8),
    Moment(i64),
    Address(IpAddr),
    Text(Natural),
}

/// A text in the order people expect: without case, numbers by their value (`web-2` before `web-10`), composed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Natural(Box<[u8]>);

impl Natural {
    fn of(text: &str) -> Self {
        let folded: String =
            if text.is_ascii() { text.to_ascii_lowercase() } else { text.nfc().collect::<String>().to_lowercase() };
        let mut key = Vec::with_capacity(folded.len() + 8);
        let mut rest = folded.as_bytes();
        while let Some(&first) = rest.first() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (run, others) = rest.split_at(digits.max(1));
            if digits == 0 {
                key.push(first);
            } else {
                let leading_zeros = run.iter().take_while(|digit| **digit == b'0').count();
                let significant = &run[leading_zeros..];
                // A number stands where digits stand, and the one with more digits is the larger one.
                key.push(b'0');
                key.push(u8::try_from(significant.len()).unwrap_or(u8::MAX));
                key.extend_from_slice(significant);
            }
            rest = others;
        }
        Self(key.into_boxed_slice())
    }
}

impl Column {
    /// The row's key under this column: cheaper than [`Self::compare`] where many rows are sorted.
    pub fn sort_key(&self, view: &View<'_>) -> SortKey {
        let row = view.instance;
        let text = |text: &str| (!text.is_empty()).then(|| Place::Text(Natural::of(text)));
        let value = match self {
            Self::State => Some(Place::Rank(state_rank(row.state))),
            Self::Ssm => ssm_rank(&row.ssm).map(Place::Rank),
            Self::Iam => Some(Place::Rank(iam_rank(row.iam().word()))),
            Self::Via => via_rank(view).map(Place::Rank),
            Self::PrivateIp => row.private_ip.map(IpAddr::V4).or(row.ipv6.first().copied().map(IpAddr::V6)).map(Place::Address),
            Self::PublicIp => row.public_ip.map(IpAddr::V4).map(Place::Address),
            Self::Ipv6 => row.ipv6.first().copied().map(IpAddr::V6).map(Place::Address),
            Self::Launched => row.launched.map(|launched| Place::Moment(launched.as_second())),
            // The longest up comes last, so that this is the reverse of the start.
            Self::Up => row
                .launched
                .filter(|_| row.state == InstanceState::Running)
                .map(|launched| Place::Moment(launched.as_second().saturating_neg())),
            column => text(column.value(view).raw()),
        };
        let name = row.name().map(|name| Natural::of(name.raw()));
        SortKey { value: value.into(), name: name.into(), id: row.id.clone() }
    }

    /// How two rows stand to each other under this column.
    pub fn compare(&self, a: &View<'_>, b: &View<'_>) -> Ordering {
        self.sort_key(a).cmp(&self.sort_key(b))
    }
}

fn state_rank(state: InstanceState) -> u8 {
    match state {
        InstanceState::Running => 0,
        InstanceState::Pending => 1,
        InstanceState::Stopping => 2,
        InstanceState::Stopped => 3,
        InstanceState::ShuttingDown => 4,
        InstanceState::Terminated => 5,
        InstanceState::Unknown => 6,
    }
}

fn ssm_rank(ssm: &Fact<crate::model::Ssm>) -> Option<u8> {
    match ssm {
        Fact::Known(ssm) | Fact::Kept(ssm, _) => Some(match ssm.status {
            SsmStatus::Online => 0,
            SsmStatus::Lost => 1,
            SsmStatus::Unmanaged => 2,
            SsmStatus::Unknown => 3,
        }),
        Fact::Hidden(_) => Some(3),
        Fact::Pending => None,
    }
}

fn iam_rank(word: &str) -> u8 {
    ["ok", "set", "no_ssm", "no_role", "none"].iter().position(|known| *known == word).map_or(u8::MAX, |at| at as u8)
}

fn via_rank(view: &View<'_>) -> Option<u8> {
    let way = view.ways.best.and_then(|best| view.ways.way(best))?;
    Some(if mark(way) == Mark::Unknown { u8::MAX } else { way.method as u8 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Method, Ways};
    use crate::model::{Instance, Ssm, row};
    use crate::text::Catalogue;

    /// Names in the order of a column.
    fn sorted(column: &Column, rows: &[Instance]) -> Vec<String> {
        let text = Catalogue::english();
        let ways = Ways::default();
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        let mut rows: Vec<&Instance> = rows.iter().collect();
        let view = |instance| View { instance, ways: &ways, now, text: &text };
        rows.sort_by(|a, b| column.compare(&view(a), &view(b)));
        rows.iter().map(|row| row.name().map_or_else(|| row.id.to_string(), |name| name.shown())).collect()
    }

    fn named(names: &[&str]) -> Vec<Instance> {
        let named = |(at, name): (usize, &&str)| (*row(&format!("i-0000000000000000{at:x}"), name)).clone();
        names.iter().enumerate().map(named).collect()
    }

    #[test]
    fn names_sort_without_case_with_numbers_by_value_and_rows_without_one_last() {
        let rows = named(&["web-10", "", "Web-2", "api", "web-2", "web-010", "결제-2", "결제-10", "web", "1a"]);

        let order = sorted(&Column::Name, &rows);

        let expected = ["1a", "api", "web", "Web-2", "web-2", "web-10", "web-010", "결제-2", "결제-10", "i-00000000000000001"];
        assert_eq!(order, expected);
    }

    #[test]
    fn decomposed_hangul_sorts_with_the_composed() {
        let decomposed: String = "결제-1".nfd().collect();
        let rows = named(&["결제-2", &decomposed, "결"]);

        assert_eq!(sorted(&Column::Name, &rows), ["결", "결제-1", "결제-2"]);
    }

    #[test]
    fn addresses_sort_by_value_and_rows_without_one_come_last() {
        let mut rows = named(&["a", "b", "c"]);
        rows[0].public_ip = "10.0.0.10".parse().ok();
        rows[1].public_ip = None;
        rows[2].public_ip = "9.0.0.2".parse().ok();

        assert_eq!(sorted(&Column::PublicIp, &rows), ["c", "a", "b"]);
    }

    #[test]
    fn states_and_registrations_sort_by_how_good_they_are() {
        let mut rows = named(&["stopped", "running", "lost", "pending"]);
        rows[0].state = InstanceState::Stopped;
        rows[3].state = InstanceState::Pending;
        assert_eq!(sorted(&Column::State, &rows), ["lost", "running", "pending", "stopped"]);

        let ssm = |status| Fact::Known(Ssm { status, ..Ssm::unmanaged() });
        rows[0].ssm = ssm(SsmStatus::Unmanaged);
        rows[1].ssm = ssm(SsmStatus::Online);
        rows[2].ssm = ssm(SsmStatus::Lost);
        assert_eq!(sorted(&Column::Ssm, &rows), ["running", "lost", "stopped", "pending"]);
    }

    #[test]
    fn starts_sort_by_time() {
        let mut rows = named(&["new", "old", "none"]);
        rows[0].launched = "2026-11-20T00:00:00Z".parse().ok();
        rows[1].launched = "2024-01-01T00:00:00Z".parse().ok();
        rows[2].launched = None;

        assert_eq!(sorted(&Column::Launched, &rows), ["old", "new", "none"]);
        assert_eq!(sorted(&Column::Up, &rows), ["new", "old", "none"]);
    }

    #[test]
    fn a_key_compares_as_the_column_does() {
        let text = Catalogue::english();
        let rows = named(&["web-10", "web-2"]);
        let ways = Ways { best: Some(Method::Eic), ..Ways::default() };
        let view = |at: usize| View { instance: &rows[at], ways: &ways, now: jiff::Timestamp::UNIX_EPOCH, text: &text };
        for column in Column::ALL {
            assert_eq!(column.sort_key(&view(0)).cmp(&column.sort_key(&view(1))), column.compare(&view(0), &view(1)));
        }
    }
}
