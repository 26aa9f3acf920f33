//! Ways in by an address: Instance Connect and OpenSSH.

use super::*;

#[test]
fn without_a_usable_ssh_both_ssh_ways_are_blocked() {
    for (ssh, reason) in
        [(SshClient::TooOld("7.4".into()), "ssh-too-old LOC-1 fail"), (SshClient::Foreign, "ssh-foreign LOC-1 fail")]
    {
        for method in [Method::Eic, Method::Ssh] {
            check(method, |f| f.local.ssh = ssh.clone(), Verdict::Blocked, &[reason]);
        }
        check(Method::Ssm, |f| f.local.ssh = ssh.clone(), Verdict::Likely, &[]);
    }
}

#[test]
fn where_there_is_no_ssh_the_built_in_client_goes_and_that_is_said() {
    for method in [Method::Eic, Method::Ssh] {
        check(method, |f| f.local.ssh = SshClient::Missing, Verdict::Likely, &["ssh-missing LOC-1 unknown"]);
    }
    check(Method::Ssm, |f| f.local.ssh = SshClient::Missing, Verdict::Likely, &[]);
}

#[test]
fn instance_connect_does_not_apply_without_a_public_address() {
    check(Method::Eic, only_private, Verdict::NotApplicable, &["no-public-address ADDR-1 fail"]);
    let no_ipv6_here = |f: &mut Facts| {
        f.instance.public_ip = None;
        f.local.has_ipv6 = Some(false);
    };
    check(Method::Eic, no_ipv6_here, Verdict::NotApplicable, &["address-ipv6-only ADDR-2 fail"]);
}

#[test]
fn ipv6_needs_ipv6_on_this_computer() {
    for (has_ipv6, verdict, reasons) in [
        (Some(true), Verdict::Likely, &[][..]),
        (None, Verdict::Unknown, &["address-ipv6-unseen ADDR-2 unknown"][..]),
        (Some(false), Verdict::Blocked, &["address-ipv6-only ADDR-2 fail"][..]),
    ] {
        let only_ipv6 = |f: &mut Facts| {
            f.instance.public_ip = None;
            f.instance.private_ip = None;
            f.local.has_ipv6 = has_ipv6;
        };
        check(Method::Ssh, only_ipv6, verdict, reasons);
    }
}

#[test]
fn a_private_address_needs_a_route() {
    let routed = |f: &mut Facts| f.local.routes = Some(vec!["10.0.0.0/16".parse().unwrap()]);

    check(Method::Ssh, only_private, Verdict::Unknown, &["address-private ADDR-4 unknown"]);
    check(
        Method::Ssh,
        |f| {
            only_private(f);
            routed(f)
        },
        Verdict::Likely,
        &[],
    );
    let set_in_general = |f: &mut Facts| f.options.address = AddressChoice::Private;
    check(Method::Eic, set_in_general, Verdict::Unknown, &["address-private ADDR-4 unknown"]);
    check(
        Method::Eic,
        |f| {
            set_in_general(f);
            routed(f)
        },
        Verdict::Likely,
        &[],
    );
}

#[test]
fn an_address_that_a_rule_or_flag_asks_for_counts_as_reachable() {
    let forced = |choice: AddressChoice| {
        move |f: &mut Facts| {
            f.options.address = choice;
            f.options.address_is_forced = true;
        }
    };

    check(Method::Eic, forced(AddressChoice::Private), Verdict::Likely, &[]);
    check(Method::Ssh, forced(AddressChoice::Ipv6), Verdict::Likely, &[]);
    check(Method::Eic, forced(AddressChoice::Fixed("127.0.0.1".parse().unwrap())), Verdict::Likely, &[]);
    let gone = |f: &mut Facts| {
        only_private(f);
        forced(AddressChoice::Public)(f);
    };
    check(Method::Eic, gone, Verdict::Blocked, &["no-public-address ADDR-1 fail"]);
}

#[test]
fn instance_connect_does_not_exist_for_windows_and_ssh_there_is_uncertain() {
    let windows = |f: &mut Facts| f.instance.os = Os::Windows;

    check(Method::Eic, windows, Verdict::NotApplicable, &["eic-not-for-windows EIC-1 fail"]);
    check(Method::Ssh, windows, Verdict::Unknown, &["ssh-windows SSH-9 unknown"]);
    let by_image = |f: &mut Facts| f.instance.image_name = image("Windows_Server-2022-English-Full-Base-2024.07.10");
    check(Method::Eic, by_image, Verdict::NotApplicable, &["eic-not-for-windows EIC-1 fail"]);
}

#[test]
fn instance_connect_needs_the_metadata_service() {
    check(Method::Eic, |f| f.instance.metadata_enabled = Some(false), Verdict::Blocked, &["eic-metadata-off EIC-3 fail"]);
    check(Method::Eic, |f| f.instance.metadata_enabled = None, Verdict::Likely, &["eic-metadata-unseen EIC-3 unknown"]);
}

#[test]
fn the_package_is_a_hint_and_never_blocks() {
    for (name, reasons) in [
        (denied("ec2:DescribeImages"), &["eic-image-unseen EIC-4 unknown"][..]),
        (Fact::Pending, &["eic-package-pending EIC-4 unknown"][..]),
        (Fact::Known(None), &["eic-package-unseen EIC-4 unknown"][..]),
        (image("our-golden-image"), &["eic-package-unseen EIC-4 unknown"][..]),
        (image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3"), &["eic-package-missing EIC-4 warn"][..]),
        (image("amzn-ami-hvm-2018.03.0.20230404.0-x86_64-gp2"), &["eic-package-unsupported EIC-4 fail"][..]),
    ] {
        check(Method::Eic, |f| f.instance.image_name = name.clone(), Verdict::Likely, reasons);
    }
}

#[test]
fn systems_manager_is_to_install_the_package_only_where_it_has_an_agent() {
    let missing = |f: &mut Facts| f.instance.image_name = image("RHEL-9.4.0_HVM-20240605-x86_64-82-Hourly2-GP3");
    let unmanaged = |f: &mut Facts| {
        missing(f);
        f.instance.ssm = Fact::Known(crate::model::Ssm::unmanaged());
    };

    check(Method::Eic, unmanaged, Verdict::Likely, &["eic-package-missing-unmanaged EIC-4 warn"]);
}

#[test]
fn instance_connect_takes_names_of_32_characters() {
    let named = |name: String| move |f: &mut Facts| f.options.user = Some(name.parse().unwrap());

    check(Method::Eic, named("a".repeat(32)), Verdict::Likely, &[]);
    check(Method::Eic, named(format!("{}$", "a".repeat(32))), Verdict::Blocked, &["eic-user-not-taken EIC-9 fail"]);
}

#[test]
fn a_key_pair_needs_its_private_key_here() {
    let elsewhere = |f: &mut Facts| f.local.keys = Default::default();
    check(Method::Ssh, elsewhere, Verdict::Unknown, &["ssh-key-not-found SSH-2 unknown"]);
    let without = |f: &mut Facts| f.instance.key_name = None;
    check(Method::Ssh, without, Verdict::Unknown, &["ssh-key-not-set SSH-2 unknown", "ssh-no-key-pair SSH-1 warn"]);
}

#[test]
fn a_key_that_openssh_cannot_use_is_told() {
    for (problem, verdict, reason) in [
        (KeyProblem::Missing, Verdict::Unknown, "ssh-key-missing SSH-2 unknown"),
        (KeyProblem::Unreadable, Verdict::Blocked, "ssh-key-unreadable SSH-5 fail"),
        (KeyProblem::TooOpen, Verdict::Blocked, "ssh-key-too-open SSH-5 fail"),
        (KeyProblem::Putty, Verdict::Unknown, "ssh-key-putty SSH-6 unknown"),
        (KeyProblem::LineEnds, Verdict::Unknown, "ssh-key-line-ends SSH-6 unknown"),
        (KeyProblem::Public, Verdict::Unknown, "ssh-key-public SSH-6 unknown"),
    ] {
        let asked = |f: &mut Facts| {
            let path = PathBuf::from("/keys/x");
            f.options.key = Some(path.clone());
            f.local.keys = Keyring::of(KeyFile { path, problem: Some(problem), ..KeyFile::default() });
        };
        check(Method::Ssh, asked, verdict, &[reason]);
    }
}

#[test]
fn a_jump_host_that_nobody_looked_up_leaves_the_ways_to_an_address_open_and_no_other() {
    let with_jump = |f: &mut Facts| f.options.jump = Jump::Named("bastion".to_owned());
    check(Method::Eic, with_jump, Verdict::Unknown, &["jump-unread BAST-1 unknown"]);
    check(Method::Ssh, with_jump, Verdict::Unknown, &["jump-unread BAST-1 unknown"]);

    let mut facts = facts();
    with_jump(&mut facts);
    facts.options.order = vec![Method::Eic, Method::Ssm];
    assert_eq!((facts.ways().best, facts.said(Method::Ssm).0), (Some(Method::Ssm), Verdict::Likely));
}
