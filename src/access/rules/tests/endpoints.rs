//! The rules of EC2 Instance Connect Endpoints.

use super::*;

/// Changes under which every rule of endpoints speaks at least once.
pub(super) fn all_kinds_of_networks() -> Vec<Change> {
    let with = |change: fn(&mut Endpoint)| -> Change {
        Box::new(move |f| f.instance.network = network(vec![endpoint(&f.instance, change)], &["tcp"], &["tcp"]))
    };
    let groups = |ingress: &'static [&'static str], egress: &'static [&'static str]| -> Change {
        Box::new(move |f| f.instance.network = network(vec![endpoint(&f.instance, |_| ())], ingress, egress))
    };
    vec![
        Box::new(|f| f.instance.network = Fact::Pending),
        Box::new(|f| f.instance.network = denied("ec2:DescribeInstanceConnectEndpoints")),
        Box::new(|f| {
            let denial = Denial { why: Why::Throttled, action: "ec2:DescribeInstanceConnectEndpoints", message: None };
            f.instance.network = Fact::Hidden(denial).over(&f.instance.network, NOW.parse().unwrap());
        }),
        Box::new(|f| f.instance.network = network(Vec::new(), &[], &[])),
        Box::new(|f| f.options.endpoint = "eice-elsewhere".parse().ok()),
        with(|own| own.state = EndpointState::from_word("delete-in-progress")),
        with(|own| own.state = EndpointState::from_word("create-in-progress")),
        with(|own| own.state = EndpointState::from_word("a-word-of-tomorrow")),
        with(|own| own.address_type = crate::model::AddressType::Ipv6),
        with(|own| own.owner = "999999999999".parse().ok()),
        with(|own| own.keeps_client_ip = true),
        Box::new(|f| {
            f.instance.instance_type = Some("m1.small".into());
            f.instance.network = network(vec![endpoint(&f.instance, |own| own.keeps_client_ip = true)], &["tcp"], &["tcp"]);
        }),
        Box::new(|f| {
            f.instance.network = network(vec![endpoint(&f.instance, |own| own.keeps_client_ip = true)], &["inside"], &["tcp"]);
        }),
        Box::new(|f| f.options.port = 2222),
        groups(&["tcp"], &[]),
        groups(&["tcp"], &["list"]),
        groups(&[], &["tcp"]),
        groups(&["inside"], &["inside"]),
        Box::new(|f| f.instance.network = groups_are(&f.instance, Fact::Pending)),
        Box::new(|f| f.instance.network = groups_are(&f.instance, denied("ec2:DescribeSecurityGroups"))),
    ]
}

fn groups_are(
    instance: &Instance,
    groups: Fact<std::collections::BTreeMap<crate::model::Untrusted, GroupRules>>,
) -> Fact<Arc<Network>> {
    Fact::Known(Arc::new(Network { endpoints: Fact::Known(vec![endpoint(instance, |_| ())]), groups, ..Network::default() }))
}

#[test]
fn an_endpoint_that_the_groups_let_through_is_a_way_in() {
    check(Method::Eice, |_| (), Verdict::Likely, &[]);
    check(Method::Eice, only_private, Verdict::Likely, &[]);
    // By address: nobody reads where in its subnet the endpoint is.
    let by_block = |f: &mut Facts| f.instance.network = network(vec![endpoint(&f.instance, |_| ())], &["inside"], &["inside"]);
    check(Method::Eice, by_block, Verdict::Unknown, &["eice-group-unclear EICE-6 unknown"]);
}

#[test]
fn what_the_groups_do_not_let_through_blocks_it() {
    let groups = |ingress: &'static [&'static str], egress: &'static [&'static str]| {
        move |f: &mut Facts| f.instance.network = network(vec![endpoint(&f.instance, |_| ())], ingress, egress)
    };

    check(Method::Eice, groups(&[], &["tcp"]), Verdict::Blocked, &["eice-group-closed EICE-6 fail"]);
    check(Method::Eice, groups(&["tcp"], &[]), Verdict::Blocked, &["eice-outbound-closed EICE-5 fail"]);
    check(Method::Eice, groups(&["tcp"], &["list"]), Verdict::Unknown, &["eice-outbound-unclear EICE-5 unknown"]);
    let keeps = |f: &mut Facts| {
        f.instance.network = network(vec![endpoint(&f.instance, |own| own.keeps_client_ip = true)], &["inside"], &["tcp"]);
    };
    check(Method::Eice, keeps, Verdict::Unknown, &["eice-client-ip EICE-7 unknown"]);
}

#[test]
fn what_may_not_be_read_is_no_blocker() {
    let denied_list = |f: &mut Facts| f.instance.network = denied("ec2:DescribeInstanceConnectEndpoints");
    check(Method::Eice, denied_list, Verdict::Unknown, &["eice-unseen EICE-1 unknown"]);
    let denied_groups = |f: &mut Facts| f.instance.network = groups_are(&f.instance, denied("ec2:DescribeSecurityGroups"));
    check(Method::Eice, denied_groups, Verdict::Unknown, &["eice-groups-unseen EICE-6 unknown"]);
    let of_another_vpc = |f: &mut Facts| {
        let peered = endpoint(&f.instance, |own| own.vpc = Some("vpc-peered".into()));
        f.options.endpoint = Some(peered.id.clone());
        f.instance.network = network(vec![peered], &[], &[]);
    };
    check(Method::Eice, of_another_vpc, Verdict::Likely, &[]);
}

#[test]
fn without_a_usable_endpoint_there_is_no_way() {
    let without = |f: &mut Facts| f.instance.network = network(Vec::new(), &[], &[]);
    check(Method::Eice, without, Verdict::Blocked, &["eice-no-endpoint EICE-1 fail"]);
    let in_state = |word: &'static str| {
        move |f: &mut Facts| {
            let state = |own: &mut Endpoint| own.state = EndpointState::from_word(word);
            f.instance.network = network(vec![endpoint(&f.instance, state)], &["tcp"], &["tcp"]);
        }
    };
    check(Method::Eice, in_state("create-failed"), Verdict::Blocked, &["eice-unusable EICE-2 fail"]);
    check(Method::Eice, in_state("create-in-progress"), Verdict::Unknown, &["eice-coming EICE-2 unknown"]);
    check(Method::Eice, in_state("update-failed"), Verdict::Likely, &[]);
    check(
        Method::Eice,
        |f| f.options.port = 2222,
        Verdict::Blocked,
        &["eice-port EICE-4 fail", "eice-outbound-closed EICE-5 fail", "eice-group-closed EICE-6 fail"],
    );
}

#[test]
fn every_endpoint_that_is_of_no_use_is_named_with_its_state_and_why() {
    let mut facts = facts();
    let failed = endpoint(&facts.instance, |own| {
        own.state = EndpointState::from_word("create-failed");
        own.state_message = Some("no free addresses\u{1b}[2J".into());
    });
    let going = Endpoint {
        id: "eice-2".parse().unwrap(),
        state: EndpointState::from_word("delete-failed"),
        state_message: None,
        ..failed.clone()
    };
    facts.instance.network = network(vec![failed, going], &[], &[]);

    let ways = facts.ways();

    let text = ways.way(Method::Eice).unwrap().reasons[0].text(&Catalogue::english());
    assert_eq!(text, "no endpoint can be used: eice-0d1e2f3a (create-failed: no free addresses·[2J), eice-2 (delete-failed)");
}

#[test]
fn a_key_is_as_needed_as_through_session_manager() {
    let no_key = |f: &mut Facts| {
        f.local.keys = Default::default();
        f.instance.metadata_enabled = Some(false);
    };
    check(Method::Eice, no_key, Verdict::Blocked, &["eic-metadata-off EIC-3 fail"]);
    let own_key = |f: &mut Facts| f.instance.metadata_enabled = Some(false);
    check(Method::Eice, own_key, Verdict::Likely, &[]);
    check(Method::Eice, |f| f.instance.os = Os::Windows, Verdict::Unknown, &["eice-windows EICE-1 unknown"]);
}

#[test]
fn it_is_pending_while_the_endpoint_may_be_the_best() {
    let mut facts = facts();
    facts.instance.network = Fact::Pending;
    assert!(!facts.ways().is_pending, "ssm stays the best");

    unregistered(&mut facts);
    assert!(facts.ways().is_pending, "eice would come before eic");

    facts.options.order = vec![Method::Ssh];
    assert!(!facts.ways().is_pending, "ssh stays the best");
}
