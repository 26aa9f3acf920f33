//! Rows in the order of each column.

use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::access::{Method, Ways};
use crate::model::{Fact, Instance, InstanceState, Ssm, SsmStatus, row};
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

    let order = sorted(&column("name"), &rows);

    let expected = ["1a", "api", "web", "Web-2", "web-2", "web-10", "web-010", "결제-2", "결제-10", "i-00000000000000001"];
    assert_eq!(order, expected);
}

#[test]
fn decomposed_hangul_sorts_with_the_composed() {
    let decomposed: String = "결제-1".nfd().collect();
    let rows = named(&["결제-2", &decomposed, "결"]);

    assert_eq!(sorted(&column("name"), &rows), ["결", "결제-1", "결제-2"]);
}

#[test]
fn addresses_sort_by_value_and_rows_without_one_come_last() {
    let mut rows = named(&["a", "b", "c"]);
    rows[0].public_ip = "10.0.0.10".parse().ok();
    rows[1].public_ip = None;
    rows[2].public_ip = "9.0.0.2".parse().ok();

    assert_eq!(sorted(&column("public_ip"), &rows), ["c", "a", "b"]);
}

#[test]
fn states_and_registrations_sort_by_how_good_they_are() {
    let mut rows = named(&["stopped", "running", "lost", "pending"]);
    rows[0].state = InstanceState::Stopped;
    rows[3].state = InstanceState::Pending;
    assert_eq!(sorted(&column("state"), &rows), ["lost", "running", "pending", "stopped"]);

    let ssm = |status| Fact::Known(Ssm { status, ..Ssm::unmanaged() });
    rows[0].ssm = ssm(SsmStatus::Unmanaged);
    rows[1].ssm = ssm(SsmStatus::Online);
    rows[2].ssm = ssm(SsmStatus::Lost);
    assert_eq!(sorted(&column("ssm"), &rows), ["running", "lost", "stopped", "pending"]);
}

#[test]
fn starts_sort_by_time() {
    let mut rows = named(&["new", "old", "none"]);
    rows[0].launched = "2026-11-20T00:00:00Z".parse().ok();
    rows[1].launched = "2024-01-01T00:00:00Z".parse().ok();
    rows[2].launched = None;

    assert_eq!(sorted(&column("launched"), &rows), ["old", "new", "none"]);
    assert_eq!(sorted(&column("up"), &rows), ["new", "old", "none"]);
}

#[test]
fn a_key_compares_as_the_column_does() {
    let text = Catalogue::english();
    let rows = named(&["web-10", "web-2"]);
    let ways = Ways { best: Some(Method::Eic), ..Ways::default() };
    let view = |at: usize| View { instance: &rows[at], ways: &ways, now: jiff::Timestamp::UNIX_EPOCH, text: &text };
    for column in Column::all() {
        assert_eq!(column.sort_key(&view(0)).cmp(&column.sort_key(&view(1))), column.compare(&view(0), &view(1)));
    }
}
