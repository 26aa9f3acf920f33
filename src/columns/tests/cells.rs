//! Tables of cells: full form, short form, tone.

use std::sync::Arc;

use super::*;
use crate::access::{ConnectOptions, Local, Method, Reason, Verdict, Way, Ways};
use crate::model::{
    Denial, Fact, Grant, Instance, InstanceState, Place, ProfileRole, Ssm, SsmStatus, Untrusted, Why, display_width, row,
};
use crate::text::Catalogue;

const NOW: &str = "2026-11-21T10:00:00Z";

fn instance() -> Instance {
    (*row("i-0123456789abcdef0", "web-1")).clone()
}

fn cell_with(column: &Column, instance: &Instance, ways: &Ways) -> (String, String, Tone) {
    let text = Catalogue::english();
    let cell = column.cell(&View { instance, ways, now: NOW.parse().unwrap(), text: &text });
    (cell.text, cell.short, cell.tone)
}

#[track_caller]
fn check(column: Column, change: impl FnOnce(&mut Instance), text: &str, short: &str, tone: Tone) {
    let mut instance = instance();
    change(&mut instance);

    assert_eq!(cell_with(&column, &instance, &Ways::default()), (text.into(), short.into(), tone));
}

#[track_caller]
fn same(column: Column, change: impl FnOnce(&mut Instance), text: &str, tone: Tone) {
    check(column, change, text, text, tone);
}

fn denied<T>(why: Why) -> Fact<T> {
    Fact::Hidden(Denial { why, action: "x:Y", message: None })
}

#[test]
fn every_column_of_a_plain_row() {
    let rows: Vec<String> = Column::all()
        .map(|column| {
            let (text, short, tone) = cell_with(&column, &instance(), &Ways::default());
            format!("{:<15} {text:<38} {short:<38} {tone:?}", column.name()).trim_end().to_owned()
        })
        .collect();

    let expected = "\
name            web-1                                  web-1                                  Plain
id              i-0123456789abcdef0                    i-0123456789abcdef0                    Plain
state           ● running                              ● run                                  Good
private_ip      10.0.0.1                               10.0.0.1                               Plain
public_ip       3.36.112.8                             3.36.112.8                             Plain
ssm             …                                      …                                      Faint
iam             – none                                 –                                      Faint
via             –                                      –                                      Faint
region          ap-northeast-2                         ap-northeast-2                         Plain
account         123456789012                           123456789012                           Plain
instance_type   c6i.large                              c6i.large                              Plain
az              2a                                     2a                                     Plain
up              41d                                    41d                                    Plain
platform        Linux/UNIX                             Linux/UNIX                             Plain
key_name        team-prod                              team-prod                              Plain
vpc             vpc-0aa1                               vpc-0aa1                               Plain
subnet          subnet-0bb2                            subnet-0bb2                            Plain
image           ami-0aa11bb22cc33dd44                  ami-0aa11bb22cc33dd44                  Plain
launched        2026-10-11T02:03:04Z                   2026-10-11T02:03:04Z                   Plain
security_groups web                                    web                                    Plain
ipv6            2001:db8::1                            2001:db8::1                            Plain
profile         prod-admin                             prod-admin                             Plain
tags            aws:cloudformation:stack-name=web-stack aws:cloudformation:stack-name=web-stack Plain
methods         –                                      –                                      Faint";
    assert_eq!(rows.join("\n"), expected);
}

#[test]
fn states() {
    for (state, text, short, tone) in [
        (InstanceState::Running, "● running", "● run", Tone::Good),
        (InstanceState::Stopped, "○ stopped", "○ stop", Tone::Faint),
        (InstanceState::Pending, "◐ pending", "◐ start", Tone::Problem),
        (InstanceState::Stopping, "◑ stopping", "◑ halt", Tone::Problem),
        (InstanceState::ShuttingDown, "◑ shutting-down", "◑ shut", Tone::Problem),
        (InstanceState::Terminated, "× gone", "× gone", Tone::Faint),
        (InstanceState::Unknown, "? unknown", "? ?", Tone::Unknown),
    ] {
        check(column("state"), |i| i.state = state, text, short, tone);
    }
}

#[test]
fn a_row_without_a_name_shows_its_id_faintly() {
    same(column("name"), |i| i.tags = Default::default(), "i-0123456789abcdef0", Tone::Faint);
}

#[test]
fn an_ipv6_address_is_cut_in_the_middle() {
    let only_ipv6 = |i: &mut Instance| {
        i.private_ip = None;
        i.ipv6 = vec!["2001:db8:1234:5678:9abc:def0:1234:5678".parse().unwrap()];
    };

    same(column("private_ip"), only_ipv6, "2001:db…34:5678", Tone::Plain);
    check(column("ipv6"), only_ipv6, "2001:db8:1234:5678:9abc:def0:1234:5678", "2001:db…34:5678", Tone::Plain);
}

#[test]
fn what_there_is_none_of_is_a_dash() {
    same(column("public_ip"), |i| i.public_ip = None, "–", Tone::Faint);
    same(column("private_ip"), |i| (i.private_ip, i.ipv6) = (None, vec![]), "–", Tone::Faint);
    same(column("key_name"), |i| i.key_name = None, "–", Tone::Faint);
    same(column("up"), |i| i.state = InstanceState::Stopped, "–", Tone::Faint);
    same(Column::Tag("env".into()), |_| (), "–", Tone::Faint);
}

#[test]
fn registrations() {
    let ssm = |status, ping: &str| {
        let ssm = Ssm { status, last_ping: ping.parse().ok(), ..Ssm::unmanaged() };
        move |i: &mut Instance| i.ssm = Fact::Known(ssm)
    };

    same(column("ssm"), ssm(SsmStatus::Online, NOW), "✓ online", Tone::Good);
    check(column("ssm"), ssm(SsmStatus::Lost, "2026-11-19T09:00:00Z"), "✗ lost 2d", "✗ 2d", Tone::Bad);
    check(column("ssm"), ssm(SsmStatus::Lost, "2026-11-21T09:58:30Z"), "✗ lost 1m", "✗ 1m", Tone::Bad);
    same(column("ssm"), ssm(SsmStatus::Lost, ""), "✗ lost", Tone::Bad);
    same(column("ssm"), ssm(SsmStatus::Unmanaged, ""), "– none", Tone::Faint);
    same(column("ssm"), |i| i.ssm = denied(Why::AccessDenied), "? denied", Tone::Unknown);
    same(column("ssm"), |i| i.ssm = denied(Why::Throttled), "? busy", Tone::Unknown);
    same(column("ssm"), |i| i.ssm = Fact::Pending, "…", Tone::Faint);
}

#[test]
fn profiles_and_roles() {
    let with = |role: Fact<ProfileRole>| {
        move |i: &mut Instance| {
            i.instance_profile = Some("web-profile".into());
            i.role = role;
        }
    };
    let role = |grant| Fact::Known(ProfileRole { role: Some("web-role".into()), grant, has_retired_policy: false });

    check(column("iam"), with(Fact::Pending), "✓ set", "✓", Tone::Good);
    check(column("iam"), with(role(Fact::Known(Grant::Sessions))), "✓ web-role", "✓", Tone::Good);
    check(column("iam"), with(role(Fact::Known(Grant::Lacks(vec!["a:B"])))), "! no SSM", "!", Tone::Problem);
    let empty = Fact::Known(ProfileRole { role: None, grant: Fact::Pending, has_retired_policy: false });
    check(column("iam"), with(empty), "! no role", "!", Tone::Problem);
    check(column("iam"), with(denied(Why::AccessDenied)), "? denied", "?", Tone::Unknown);
    check(column("iam"), with(role(denied(Why::Undecided))), "? unsure", "?", Tone::Unknown);
    check(column("iam"), |_| (), "– none", "–", Tone::Faint);
}

fn ways(best: Option<Method>, verdict: Verdict, reasons: Vec<Reason>) -> Ways {
    Ways { list: vec![Way::new(Method::Eic, verdict, reasons)], best, is_pending: false }
}

#[test]
fn the_best_way_in_is_shown_by_how_sure_it_is() {
    let warning = Reason { code: "x", rule: "X-1", outcome: crate::access::Outcome::Warn, values: vec![], has_remedy: false };
    let via = |ways: &Ways| cell_with(&column("via"), &instance(), ways);

    assert_eq!(via(&ways(Some(Method::Eic), Verdict::Likely, vec![])), ("eic".into(), "eic".into(), Tone::Plain));
    assert_eq!(via(&ways(Some(Method::Eic), Verdict::Likely, vec![warning])), ("eic!".into(), "eic!".into(), Tone::Problem));
    assert_eq!(via(&ways(Some(Method::Eic), Verdict::Unknown, vec![])), ("?".into(), "?".into(), Tone::Unknown));
    assert_eq!(via(&ways(None, Verdict::Blocked, vec![])), ("–".into(), "–".into(), Tone::Faint));
    let pending = Ways { is_pending: true, ..ways(Some(Method::Eic), Verdict::Likely, vec![]) };
    assert_eq!(via(&pending), ("…".into(), "…".into(), Tone::Faint));
}

#[test]
fn the_ways_in_of_a_row_in_one_cell() {
    let instance = instance();
    let ways = crate::access::ways(&instance, &ConnectOptions::default(), &Local::default(), NOW.parse().unwrap());

    assert_eq!(cell_with(&column("methods"), &instance, &ways).0, "? ssm  ? ssm-ssh  ✗ eice  ✓ eic  ? ssh  ? serial  – rdp");
}

#[test]
fn foreign_text_passes_the_gate_in_every_column() {
    let hostile = "\u{1b}]52;c;x\u{7}\n\u{202e}결제".repeat(2_000);
    let mut instance = instance();
    let text = || Some(Untrusted::from(hostile.as_str()));
    instance.tags = [("Name".into(), hostile.as_str().into()), (hostile.as_str().into(), hostile.as_str().into())].into();
    instance.instance_type = text();
    instance.az = text();
    instance.platform = text();
    instance.image = text();
    instance.key_name = text();
    instance.vpc = text();
    instance.subnet = text();
    instance.security_groups[0].name = hostile.as_str().into();
    instance.instance_profile = text();
    instance.role = Fact::Known(ProfileRole { role: text(), grant: Fact::Known(Grant::Sessions), has_retired_policy: false });
    instance.place = Arc::new(Place { profile: Some(crate::model::ProfileName::new(&*hostile)), ..(*instance.place).clone() });
    for column in Column::all().chain([Column::Tag(hostile.clone())]) {
        let (text, short, _) = cell_with(&column, &instance, &Ways::default());
        for shown in [&text, &short] {
            assert_eq!(Untrusted::from(shown.as_str()).shown(), *shown, "{column:?}");
            assert!(display_width(shown) <= LONGEST + 2, "{column:?}");
        }
    }
}

#[test]
fn values_for_other_programs_are_awss_own_words() {
    let text = Catalogue::english();
    let mut instance = instance();
    instance.state = InstanceState::ShuttingDown;
    let ways = ways(Some(Method::Eic), Verdict::Likely, vec![]);
    let view = View { instance: &instance, ways: &ways, now: NOW.parse().unwrap(), text: &text };
    for (column, value) in [
        (column("state"), "shutting-down"),
        (column("ssm"), "unknown"),
        (column("iam"), "none"),
        (column("via"), "eic"),
        (column("az"), "ap-northeast-2a"),
        (column("launched"), "2026-10-11T02:03:04Z"),
        (column("security_groups"), "sg-0cc3"),
        (column("methods"), "eic=likely"),
        (column("up"), ""),
        (Column::Tag("env".into()), ""),
    ] {
        assert_eq!(column.value(&view).raw(), value, "{column:?}");
    }
}

#[test]
fn an_instance_launched_ahead_of_our_clock_is_up_for_no_time_in_every_form() {
    let text = Catalogue::english();
    let mut instance = instance();
    instance.launched = "2099-01-01T00:00:00Z".parse().ok();
    let ways = Ways::default();
    let view = View { instance: &instance, ways: &ways, now: NOW.parse().unwrap(), text: &text };

    assert_eq!(column("up").cell(&view).text, "0s");
    assert_eq!(column("up").value(&view).raw(), "0");
    assert_eq!(view.object_of(&[column("up")])["up"], 0);
}

#[test]
fn the_short_form_fits_the_least_width() {
    let mut instance = instance();
    instance.ssm =
        Fact::Known(Ssm { status: SsmStatus::Lost, last_ping: "2025-01-01T00:00:00Z".parse().ok(), ..Ssm::unmanaged() });
    for column in [column("state"), column("ssm"), column("iam"), column("via"), column("private_ip"), column("az"), column("up")]
    {
        let (text, short, _) = cell_with(&column, &instance, &Ways::default());

        assert!(display_width(&short) <= column.width().min, "{column:?}: {short}");
        assert!(display_width(&text) <= column.width().max + 2, "{column:?}: {text}");
    }
}
