//! What holds, and the rules of which no other test speaks.

use super::*;
use crate::model::AddressType;

fn with_profile(f: &mut Facts) {
    f.instance.instance_profile = Some("web-profile".into());
}

#[test]
fn what_holds_is_told_by_its_rule() {
    for (method, finding) in [
        (Method::Eic, "ssh-here LOC-1 pass"),
        (Method::Eic, "address-public ADDR-1 pass"),
        (Method::Eic, "eic-user-taken EIC-9 pass"),
        (Method::Eic, "eic-package-in-image EIC-4 pass?"),
        (Method::Eice, "eice-ready EICE-2 pass"),
        (Method::Eice, "eice-outbound-open EICE-5 pass"),
        (Method::Ssh, "ssh-key-found SSH-2 pass"),
    ] {
        says(|_| (), method, finding);
    }
    let by_ipv6 = |f: &mut Facts| (f.instance.public_ip, f.local.has_ipv6) = (None, Some(true));
    says(by_ipv6, Method::Eic, "address-ipv6 ADDR-2 pass");
    let routed = |f: &mut Facts| {
        (f.options.address, f.local.routes) = (AddressChoice::Private, Some(vec!["10.0.0.0/8".parse().unwrap()]));
    };
    says(routed, Method::Ssh, "address-routed LOC-9 pass");
    let granted = |f: &mut Facts| {
        with_profile(f);
        f.instance.role = role(Grant::Sessions);
    };
    says(granted, Method::Ssm, "ssm-role-grants SSM-9 pass");
}

#[test]
fn what_no_other_test_speaks_of_is_found_by_its_rule() {
    let nowhere = |f: &mut Facts| (f.instance.public_ip, f.instance.private_ip, f.instance.ipv6) = (None, None, vec![]);
    says(nowhere, Method::Eice, "no-address EICE-3 fail");
    let endpoint_with = |change: fn(&mut Endpoint)| {
        move |f: &mut Facts| f.instance.network = network(vec![endpoint(&f.instance, change)], &["tcp"], &["tcp"])
    };
    says(endpoint_with(|own| own.owner = "999999999999".parse().ok()), Method::Eice, "eice-not-yours EICE-11 fail");
    says(endpoint_with(|own| own.address_type = AddressType::Ipv6), Method::Eice, "eice-family EICE-3 fail");
    let old_type = |f: &mut Facts| {
        f.instance.instance_type = Some("m1.small".into());
        f.instance.network = network(vec![endpoint(&f.instance, |own| own.keeps_client_ip = true)], &["tcp"], &["tcp"]);
    };
    says(old_type, Method::Eice, "eice-client-ip-limits EICE-8 fail");
    let keeping = |f: &mut Facts| {
        f.instance.network = network(vec![endpoint(&f.instance, |own| own.keeps_client_ip = true)], &["tcp"], &["tcp"]);
    };
    says(keeping, Method::Eice, "eice-group-open EICE-7 pass");
    says(|_| (), Method::Rdp, "rdp-not-windows RDP-1 fail");
    says(|f| f.instance.state = InstanceState::Pending, Method::Serial, "serial-not-running SER-3 fail");
    let other_families = |f: &mut Facts| (f.options.address, f.instance.private_ip) = (AddressChoice::Private, None);
    says(other_families, Method::Ssh, "no-private-address ADDR-7 fail");
    says(|f| f.instance.os = Os::Windows, Method::SsmSsh, "ssh-windows SSHSSM-4 unknown");
    let versionless = |f: &mut Facts| f.instance.ssm = Fact::Known(Ssm { status: SsmStatus::Online, ..Ssm::unmanaged() });
    says(versionless, Method::Ssm, "ssm-agent-version-unseen SSM-5 unknown");
    let unseen = |f: &mut Facts| {
        with_profile(f);
        f.instance.role = denied("iam:GetInstanceProfile");
    };
    says(unseen, Method::Ssm, "ssm-role-unseen SSM-9 unknown");
    says(unregistered, Method::Ssm, "ssm-guest SSM-30 warn");
    let other_key = |f: &mut Facts| {
        let public = |last: &str| {
            let line = format!("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF15MG0QIRDhfd6/gyV1lVkTCBtnPLs1CPvdQmLk27I{last}");
            PublicKey::from_line(&line)
        };
        let path = "/home/jane/.ssh/team-prod.pem".into();
        f.local.keys = Keyring::of(KeyFile { path, public: public("C"), ..KeyFile::default() });
        f.instance.key_pair = Fact::Known(Some(KeyPair { public: public("D"), fingerprint: None }.into()));
    };
    says(other_key, Method::Ssh, "ssh-key-other SSH-3 warn");
}
