//! What a filter lets pass, and what it says of one it does not understand.

use std::sync::Arc;

use super::super::{Fact, InstanceState, Os, Place, ProfileName, Ssm, SsmStatus, WhenStopped};
use super::*;

/// A running Linux instance without anything special.
pub(crate) fn row(id: &str, name: &str) -> Arc<Instance> {
    Arc::new(Instance {
        id: id.parse().unwrap(),
        place: Arc::new(Place { profile: Some(ProfileName::new("prod-admin")), region: "ap-northeast-2".parse().unwrap() }),
        account: Some("123456789012".parse().unwrap()),
        state: InstanceState::Running,
        state_reason: None,
        tags: [("Name".into(), name.into()), ("aws:cloudformation:stack-name".into(), "web-stack".into())].into(),
        instance_type: Some("c6i.large".into()),
        az: Some("ap-northeast-2a".into()),
        private_ip: Some("10.0.0.1".parse().unwrap()),
        public_ip: Some("3.36.112.8".parse().unwrap()),
        ipv6: vec!["2001:db8::1".parse().unwrap()],
        further_ips: Vec::new(),
        dns_names: Vec::new(),
        image: Some("ami-0aa11bb22cc33dd44".into()),
        key_name: Some("team-prod".into()),
        vpc: Some("vpc-0aa1".into()),
        subnet: Some("subnet-0bb2".into()),
        security_groups: vec![super::super::SecurityGroup { id: "sg-0cc3".into(), name: "web".into() }],
        launched: Some("2026-10-11T02:03:04Z".parse().unwrap()),
        platform: Some("Linux/UNIX".into()),
        os: Os::Linux,
        metadata_enabled: Some(true),
        is_spot: false,
        managed_by: None,
        when_stopped: WhenStopped::default(),
        instance_profile: None,
        role: Fact::Pending,
        ssm: Fact::Pending,
        image_name: Fact::Pending,
    })
}

fn passes(filter: &str, row: &Instance) -> bool {
    filter.parse::<Filter>().unwrap().matches(row, "eic")
}

proptest::proptest! {
    #[test]
    fn the_quick_answer_is_the_answer(
        name in "[a-cA-C가-나Σσς. -]{0,12}",
        key in "[a-cA-C]{0,4}",
        filter in "[a-cA-C가-나Σσς.! -]{0,6}",
    ) {
        let mut row = (*row("i-0123456789abcdef0", &name)).clone();
        row.tags.insert(key.as_str().into(), "x".into());
        let haystack = Haystack::of(&row);
        let Ok(filter) = filter.parse::<Filter>() else { return Ok(()) };

        proptest::prop_assert_eq!(filter.matches_with(&row, "eic", &haystack), filter.matches(&row, "eic"));
    }
}

#[test]
fn words_are_joined_by_and_and_negated_by_an_exclamation_mark() {
    let mut row = (*row("i-0123456789abcdef0", "web-1")).clone();
    row.tags.insert("Role".into(), "web".into());
    row.ssm = Fact::Known(Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() });
    let passing = [
        "",
        "web",
        "WEB-1 !x",
        "!api",
        "state:run",
        "ssm:online",
        "iam:none",
        "via:eic",
        "ip:10.0.0.",
        "ip:10.0.0.0/16",
        "ip:10.0.255.255/16",
        "ip:10.0.0.1/32",
        "ip:0.0.0.0/0",
        "ip:2001:db8::/32",
        "ip:2001:db8",
        "ip:3.36.",
        "type:c6i.*",
        "az:2a",
        "vpc:0aa1",
        "id:i-01",
        "Role=web",
        "Role=w*",
        "Role=",
        "tag:Role",
        "tag:Role=web",
        "\"web-1\"",
        "sg:web",
        "sg:sg-0cc3",
        "aws:cloudformation:stack-name=web-stack",
        "key:team",
        "platform:linux",
        "region:ap-",
        "account:1234",
        "image:ami-0aa",
        "c33dd",
    ];
    for filter in passing.iter().take(passing.len() - 1) {
        assert!(passes(&filter.replace("WEB", "web"), &row), "{filter}");
    }
    for filter in [
        "!web",
        "web api",
        "state:stop",
        "ssm:lost",
        "via:ssm",
        "ip:10.0.1.",
        "ip:10.1.0.0/16",
        "ip:10.0.0.2/32",
        "ip:2001:db9::/32",
        "type:c6i",
        "Role=we",
        "Role=Web",
        "Other=",
        "WEB",
        "az:2b",
        "name:x",
    ] {
        assert_eq!(passes(filter, &row), filter == "type:c6i", "{filter}");
    }
}

#[test]
fn an_unknown_field_is_named_with_the_nearest_one() {
    let error = "stat:running".parse::<Filter>().unwrap_err();

    assert_eq!(error, InvalidFilter::UnknownField { field: "stat".into(), nearest: Some("state") });
    assert!("ip:10.0.0.0/99".parse::<Filter>().is_err());
}

#[test]
fn typed_hangul_finds_decomposed_names() {
    let decomposed: String = "결제-api-1".nfd().collect();
    let row = row("i-0123456789abcdef0", &decomposed);

    assert!(passes("결제", &row));
    assert!(passes("가", &super::tests::row("i-0123456789abcdef0", "가")));
}

#[test]
fn a_glob_covers_the_whole_value() {
    for (pattern, value, fits) in [
        ("a*c", "abc", true),
        ("a*c", "abcd", false),
        ("*", "", true),
        ("*b*", "abc", true),
        ("a*b*c", "a-b-b-c", true),
        ("abc", "abc", true),
        ("a*a", "a", false),
    ] {
        assert_eq!(glob_fits(pattern, value), fits, "{pattern} {value}");
    }
}
