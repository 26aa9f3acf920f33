//! What a filter lets pass, and what it says of one it does not understand.

use std::sync::Arc;

use super::super::{Fact, InstanceState, Network, Place, ProfileName, Ssm, SsmStatus};
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::model::glob_fits;

/// A running Linux instance without anything special.
pub(crate) fn row(id: &str, name: &str) -> Arc<Instance> {
    let place = Place { profile: Some(ProfileName::new("prod-admin")), region: "ap-northeast-2".parse().unwrap() };
    Arc::new(Instance {
        account: Some("123456789012".parse().unwrap()),
        state: InstanceState::Running,
        tags: [("Name".into(), name.into()), ("aws:cloudformation:stack-name".into(), "web-stack".into())].into(),
        instance_type: Some("c6i.large".into()),
        az: Some("ap-northeast-2a".into()),
        private_ip: Some("10.0.0.1".parse().unwrap()),
        public_ip: Some("3.36.112.8".parse().unwrap()),
        ipv6: vec!["2001:db8::1".parse().unwrap()],
        image: Some("ami-0aa11bb22cc33dd44".into()),
        key_name: Some("team-prod".into()),
        vpc: Some("vpc-0aa1".into()),
        subnet: Some("subnet-0bb2".into()),
        security_groups: vec![super::super::SecurityGroup { id: "sg-0cc3".into(), name: "web".into() }],
        launched: Some("2026-10-11T02:03:04Z".parse().unwrap()),
        platform: Some("Linux/UNIX".into()),
        metadata_enabled: Some(true),
        // Nothing but instances.
        network: Fact::Known(Arc::new(Network { endpoints: Fact::Known(Vec::new()), ..Network::default() })),
        ..Instance::untold(id.parse().unwrap(), Arc::new(place))
    })
}

fn passes(filter: &str, row: &Instance) -> bool {
    filter.parse::<Filter>().unwrap().matches(row, "eic")
}

#[test]
fn a_word_with_a_line_break_fits_no_two_parts_of_a_row_together() {
    let row = row("i-0123456789abcdef0", "web");
    let filter = Filter::of_words(&["name\nweb".to_owned()], &SavedFilters::new()).unwrap();

    assert_eq!(filter.score_with(&row, "eic", &Haystack::of(&row)), None);
}

proptest::proptest! {
    #[test]
    fn the_quick_answer_is_the_answer(
        name in "[a-cA-C가-나Σσς. -]{0,12}",
        key in "[a-cA-C]{0,4}",
        filter in "[a-cA-C가-나Σσς.!~|* -]{0,6}",
    ) {
        let mut row = (*row("i-0123456789abcdef0", &name)).clone();
        row.tags.insert(key.as_str().into(), "x".into());
        let haystack = Haystack::of(&row);
        let Ok(filter) = filter.parse::<Filter>() else { return Ok(()) };

        proptest::prop_assert_eq!(filter.score_with(&row, "eic", &haystack), filter.score(&row, "eic"));
    }

    #[test]
    fn a_filter_that_goes_on_passes_no_row_that_did_not_pass(
        name in "[a-cA-C가-나Σσς.-]{0,8}",
        typed in "[a-cA-C가-나Σσς.!~|*: -]{1,8}",
    ) {
        let row = row("i-0123456789abcdef0", &name);
        let lines: Vec<Filter> = typed.char_indices().map(|(at, c)| typed[..at + c.len_utf8()].parse().unwrap_or_default()).collect();
        for pair in lines.windows(2).filter(|pair| pair[1].narrows(&pair[0])) {
            proptest::prop_assert!(pair[0].matches(&row, "eic") || !pair[1].matches(&row, "eic"), "{:?}", pair);
        }
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

#[test]
fn a_bar_is_either_and_what_has_no_field_takes_that_before_it() {
    let mut row = (*row("i-0123456789abcdef0", "web-1")).clone();
    row.tags.insert("Role".into(), "web".into());
    row.tags.insert("note".into(), "a|b c".into());
    for filter in [
        "zz|web",
        "zz|web|api",
        "state:stopped|running",
        "state:stopped|name:web",
        "Role=zz|web",
        "Role=zz|w*",
        "zz|Role=web",
        "!zz|api",
        "zz|!api",
        "ip:10.9.0.0/16|10.0.0.0/16",
        "az:2c|2a",
        "tag:Owner|Role",
        "\"a|b c\"",
        "note=\"a|b c\"",
        "note=x|\"a|b c\"",
        "web|",
        "~xx|~wb1",
        "~xx|web",
    ] {
        assert!(passes(filter, &row), "{filter}");
    }
    for filter in ["zz|api", "state:stopped|stopping", "Role=zz|api", "!zz|web", "az:2b|2c", "Role=zz|Owner", "note=a|\"b c\""] {
        assert!(!passes(filter, &row), "{filter}");
    }
    for filter in ["|", "|web", "web||zz", "web | zz", "web| zz", "web |zz"] {
        assert_eq!(filter.parse::<Filter>(), Err(InvalidFilter::Bar), "{filter}");
    }
}

#[test]
fn letters_in_their_order_are_looked_for_in_the_name_and_the_best_has_the_most() {
    let score = |filter: &str, name: &str| filter.parse::<Filter>().unwrap().score(&row("i-0123456789abcdef0", name), "");
    for (filter, name, fits) in [
        ("~wbprd", "web-prod-1", true),
        ("~wbprd", "Web-Prod-1", true),
        ("~WP", "Web-Prod-1", true),
        ("~WP", "web-prod-1", false),
        ("~prdwb", "web-prod-1", false),
        ("~stack", "web-prod-1", false),
        ("~0123", "web-prod-1", false),
        ("~결1", "결제-api-1", true),
        ("~", "", false),
        ("!~wbprd", "web-prod-1", false),
        ("!~wbprd", "db-1", true),
    ] {
        assert_eq!(score(filter, name).is_some(), fits, "{filter} {name}");
    }
    assert!(score("~web", "web-1") > score("~web", "w-e-b-1"));
    assert!(score("~web", "web-1") > score("~web", "old-w3eb"));
    assert_eq!((score("web", "web-1"), score("!~x", "web-1")), (Some(0), Some(0)));
    let ranks = |filter: &str| filter.parse::<Filter>().unwrap().ranks();
    assert_eq!(["~web", "db|~web", "web", "!~web", "\"~web\""].map(ranks), [true, true, false, false, false]);
}

#[test]
fn letters_are_composed_before_they_are_looked_for() {
    let decomposed: String = "결제-api-1".nfd().collect();

    assert!(passes("~결a1", &row("i-0123456789abcdef0", &decomposed)));
    assert!(passes(&"~결a1".nfd().collect::<String>(), &row("i-0123456789abcdef0", "결제-api-1")));
    assert!(passes(&"name:결*".nfd().collect::<String>(), &row("i-0123456789abcdef0", &decomposed)));
}

#[test]
fn a_value_that_a_field_never_has_is_named_with_the_nearest_one() {
    let nearest = |filter: &str| match filter.parse::<Filter>() {
        Err(InvalidFilter::UnknownValue { nearest, .. }) => nearest,
        other => panic!("{filter}: {other:?}"),
    };
    for (filter, expected) in [
        ("state:runing", Some("running")),
        ("state:stoped", Some("stopped")),
        ("state:up", None),
        ("state:running|stoped", Some("stopped")),
        ("!ssm:onlin3", Some("online")),
        ("ssm:yes", None),
        ("iam:noSSM", Some("no_ssm")),
        ("iam:web-role", None),
        ("via:sms", Some("ssm")),
        ("state:*x", None),
        ("instance_state:runing", Some("running")),
    ] {
        assert_eq!(nearest(filter), expected, "{filter}");
    }
    for filter in ["state:r", "state:RUN", "state:*ing", "state:", "iam:no", "via:ssm-", "ssm:none", "state:\"running\""] {
        assert!(filter.parse::<Filter>().is_ok(), "{filter}");
    }
}

#[test]
fn other_names_of_a_field_are_the_field() {
    let row = row("i-0123456789abcdef0", "web-1");
    for (filter, same) in [
        ("instance_type:c6i.*", "type:c6i.*"),
        ("key_name:team", "key:team"),
        ("security_groups:sg-0cc3", "sg:sg-0cc3"),
        ("zone:2a", "az:2a"),
        ("vpc_id:vpc-0aa1", "vpc:vpc-0aa1"),
    ] {
        assert_eq!(filter.parse::<Filter>(), same.parse::<Filter>());
        assert!(passes(filter, &row), "{filter}");
    }
    assert!("instance_state:run".parse::<Filter>().unwrap().asks("state"));
}

fn saved(filters: &[(&str, &str)]) -> SavedFilters {
    filters.iter().map(|(name, line)| ((*name).to_owned(), (*line).to_owned())).collect()
}

#[test]
fn a_saved_filter_stands_for_its_words_and_may_use_others() {
    let saved = saved(&[("web", "name:web state:running"), ("ours", "@web|name:mysql !old"), ("letters", "~w1")]);
    let filter = |text: &str| Filter::parse(text, &saved).unwrap();
    let passes = |text: &str, name: &str| filter(text).matches(&row("i-0123456789abcdef0", name), "ssm");

    for (text, name, expected) in [
        ("@web", "web-1", true),
        ("@web", "mysql-1", false),
        ("!@web", "mysql-1", true),
        ("@web -1", "web-2", false),
        ("@ours", "mysql-1", true),
        ("@ours", "old-mysql-1", false),
        ("x|@web", "web-1", true),
        ("\"@web\"", "web-1", false),
    ] {
        assert_eq!(passes(text, name), expected, "{text} {name}");
    }
    assert!(filter("@letters").ranks() && filter("@ours").asks("state") && !filter("@ours").asks("ssm"));
    assert_eq!(saved.keys().find_map(|name| Filter::check(name, &saved)), None);
}

#[test]
fn what_is_wrong_with_a_saved_filter_is_said_of_the_one_it_is_in() {
    let saved = saved(&[
        ("a", "x @b"),
        ("b", "@a"),
        ("itself", "!@itself"),
        ("uses-a", "@a"),
        ("wrong", "stat:running"),
        ("uses-wrong", "@wrong"),
        ("misses", "@prod-wbe"),
        ("prod-web", "web"),
    ]);
    let check = |name: &str| Filter::check(name, &saved).map(|error| error.code());

    assert_eq!(
        ["a", "b", "itself", "uses-a"].map(check),
        [Some("filter-circle"), Some("filter-circle"), Some("filter-circle"), None]
    );
    assert_eq!(["wrong", "uses-wrong", "misses"].map(check), [Some("filter-field-near"), None, Some("filter-saved-near")]);
    let Err(InvalidFilter::UnknownSaved { nearest, .. }) = Filter::parse("@prod-wbe", &saved) else { panic!("saved?") };
    assert_eq!(nearest.as_deref(), Some("prod-web"));
    assert_eq!(Filter::parse("@web", &SavedFilters::new()).unwrap_err().code(), "filter-saved-none");
}

#[test]
fn filters_that_use_each_other_many_times_end() {
    let mut filters: Vec<(String, String)> = (0..60).map(|n| (format!("f{n}"), format!("@f{0} @f{0}", n + 1))).collect();
    filters.push(("f60".to_owned(), "x".to_owned()));
    let saved: SavedFilters = filters.into_iter().collect();

    assert_eq!(Filter::parse("@f0", &saved), Err(InvalidFilter::TooLong));
    assert_eq!(Filter::check("f0", &saved), Some(InvalidFilter::TooLong));
    assert!(Filter::parse("@f55", &saved).is_ok());
}

#[test]
fn a_word_that_a_shell_told_apart_is_one_word() {
    let row = row("i-0123456789abcdef0", "a b");
    let passes = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Filter::of_words(&words, &SavedFilters::new()).unwrap().matches(&row, "")
    };

    assert!(passes(&["Name=a b"]) && passes(&["name:a b", "state:running"]) && passes(&["\"a b\""]) && passes(&["x|a b"]));
    assert!(!passes(&["Name=b a"]) && !passes(&["b a"]));
    assert!(!"Name=a zz".parse::<Filter>().unwrap().matches(&super::tests::row("i-0123456789abcdef0", "a"), ""));
}

#[test]
fn in_quotes_a_star_is_a_star() {
    let row = row("i-0123456789abcdef0", "a*b");

    assert!(passes("name:\"a*b\"", &row) && passes("\"*\"", &row) && passes("name:a\"*\"*", &row));
    assert!(!passes("\"*\"", &super::tests::row("i-0123456789abcdef0", "ab")));
}
