//! Groups, counts, and names that mean to be markup.

use std::sync::Arc;

use jiff::Timestamp;

use super::*;
use crate::access::{Method, Outcome, Reason, Verdict, Way, Ways};
use crate::model::{Instance, InstanceState, Place, Tags, Untrusted};
use crate::text::Catalogue;

fn place() -> Arc<Place> {
    Arc::new(Place { profile: None, region: "eu-west-1".parse().unwrap() })
}

fn instance(number: u8, name: &str) -> Instance {
    let mut own = Instance::untold(format!("i-0123456789abcde{number:02x}").parse().unwrap(), place());
    own.state = InstanceState::Running;
    own.tags = [("Name".into(), Untrusted::from(name))].into_iter().collect::<Tags>();
    own
}

fn silent(seconds: &str) -> Reason {
    let values = vec![("seconds", seconds.to_owned())];
    Reason { code: "ssm-agent-silent", rule: "SSM-2", outcome: Outcome::Fail, values, has_remedy: false }
}

fn closed(group: &str) -> Reason {
    let values = vec![("port", "22".to_owned()), ("groups", group.to_owned()), ("id", group.len().to_string())];
    Reason { code: "net-group-shut", rule: "NET-1", outcome: Outcome::Fail, values, has_remedy: false }
}

fn blocked(method: Method, reason: Reason) -> Way {
    Way::new(method, Verdict::Blocked, vec![reason])
}

fn ways(list: Vec<Way>, best: Option<Method>) -> Ways {
    Ways { list, best, is_pending: false }
}

fn reported(gatherer: Gatherer) -> Report {
    gatherer.report(Timestamp::from_second(1_800_000_000).unwrap(), vec![(place(), Logging::Off)])
}

#[test]
fn those_with_the_same_in_their_way_are_one_group_whatever_their_own_numbers() {
    let mut gatherer = Gatherer::default();
    for (number, (age, group)) in [("60", "sg-a"), ("7200", "sg-a"), ("60", "sg-b")].into_iter().enumerate() {
        let list =
            vec![blocked(Method::Ssm, silent(age)), blocked(Method::Eic, closed(group)), blocked(Method::Ssh, closed(group))];
        gatherer.take(&instance(u8::try_from(number).unwrap(), "web"), &ways(list, None));
    }

    let report = reported(gatherer);

    let sizes: Vec<usize> = report.unreachable.iter().map(|group| group.rows.len()).collect();
    assert_eq!(sizes, [2, 1]);
    assert_eq!((report.totals.all, report.totals.unreachable), (3, 3));
    let [agent, network] = report.unreachable[0].causes.as_slice() else { panic!("{report:?}") };
    assert_eq!((agent.methods.as_slice(), agent.is_same), ([Method::Ssm].as_slice(), false));
    assert_eq!((network.methods.as_slice(), network.is_same), ([Method::Eic, Method::Ssh].as_slice(), true));
}

#[test]
fn what_is_not_known_is_not_called_blocked_and_what_is_down_is_apart() {
    let mut gatherer = Gatherer::default();
    let unseen = Reason { outcome: Outcome::Unknown, ..silent("60") };
    let unknown = || vec![Way::new(Method::Ssm, Verdict::Unknown, vec![unseen.clone()]), blocked(Method::Eic, closed("sg-a"))];
    gatherer.take(&instance(1, "web"), &ways(unknown(), Some(Method::Ssm)));
    let stopped = Instance { state: InstanceState::Stopped, ..instance(2, "batch") };
    gatherer.take(&stopped, &ways(vec![blocked(Method::Ssm, silent("1"))], None));
    gatherer.take(&instance(3, "in"), &ways(vec![Way::new(Method::Ssm, Verdict::Works, Vec::new())], Some(Method::Ssm)));

    let report = reported(gatherer);
    let totals = report.totals;

    assert_eq!((totals.unknown, totals.unreachable, totals.down), (1, 0, 1));
    let causes: Vec<_> = report.unknown[0].causes.iter().map(|told| told.methods.clone()).collect();
    assert_eq!(causes, [[Method::Ssm], [Method::Eic]], "what is blocked may be what is easier to mend");
    assert_eq!(totals.reached, [(Method::Ssm, 1)]);
}

#[test]
fn a_key_that_many_have_and_a_port_that_is_open_are_found_once_for_each() {
    let mut gatherer = Gatherer::default();
    let open = Reason {
        code: "net-open-to-all",
        rule: "NET-4",
        outcome: Outcome::Warn,
        values: vec![("port", "22".to_owned()), ("groups", "sg-a".to_owned())],
        has_remedy: false,
    };
    for number in 0..5 {
        let own = Instance { key_name: Some("team".into()), ..instance(number, "web") };
        let list = [Method::Eic, Method::Ssh].map(|method| Way::new(method, Verdict::Likely, vec![open.clone()]));
        gatherer.take(&own, &ways(list.to_vec(), Some(Method::Eic)));
    }
    let alone = Instance { key_name: Some("own".into()), ..instance(9, "web") };
    gatherer.take(&alone, &ways(Vec::new(), None));

    let report = reported(gatherer);

    assert_eq!(report.exposed.iter().map(|own| own.rows.len()).collect::<Vec<_>>(), [5]);
    assert_eq!(report.keys.iter().map(|key| (key.name.raw(), key.rows.len())).collect::<Vec<_>>(), [("team", 5)]);
}

/// A name is no markup in any form, and loads nothing.
#[test]
fn a_name_is_text_in_every_form() {
    let hostile =
        "</td><script src=http://x.test/a.js></script>|`*_[x](http://x.test)\u{1b}[31m\u{202e}\n# head <img src=x>&amp;";
    let mut gatherer = Gatherer::default();
    let own = Instance { key_name: Some(hostile.into()), ..instance(1, hostile) };
    gatherer.take(&own, &ways(vec![blocked(Method::Ssm, silent("60"))], None));
    let report = reported(gatherer);
    let text = Catalogue::english();
    let page = page(&report, &[], vec![Untrusted::from(hostile).shown()], &text);

    let html = html(&page, "en");
    let markdown = markdown(&page);
    let plain = plain(&page, |count| count.to_string());

    assert!(!html.contains("<script") && !html.contains("<img") && html.contains("&lt;script"), "{html}");
    assert!(html.contains("default-src 'none'"));
    for line in markdown.lines().filter(|line| line.contains("script")) {
        // What a backslash stands before is text; what is left must be none of what Markdown reads.
        let (mut bare, mut all) = (String::new(), line.chars());
        while let Some(character) = all.next() {
            if character == '\\' { all.next().map(drop).unwrap_or_default() } else { bare.push(character) }
        }
        assert!(!bare.contains(['<', '`', '*', '_', '[', ']']) && !bare.contains("http://"), "{line}");
        let bars = line.replace("\\|", "").matches('|').count();
        assert!(bars == 0 || bars == 5, "{line}");
    }
    for form in [&html, &markdown, &plain] {
        assert!(!form.contains(['\u{1b}', '\u{202e}']), "{form:?}");
    }
    assert!(!plain.contains("\n# head"));
    assert_eq!(super::object(&report, &[], &text)["unreachable"][0]["instances"][0]["name"], hostile);
}
