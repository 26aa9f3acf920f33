//! Plans for a computer without OpenSSH: the same command line, for the built-in client.

use std::ffi::OsString;

use super::*;
use crate::access::SshClient;
use crate::builtin_ssh::arguments::{BUILT_IN, Call};

impl Making {
    fn without_openssh(mut self) -> Self {
        self.local.ssh = SshClient::Missing;
        self
    }
}

#[test]
fn every_plan_is_one_that_the_built_in_client_understands() {
    for method in [Method::Eic, Method::Ssh, Method::SsmSsh] {
        for host_keys in [HostKeys::Verify, HostKeys::Strict, HostKeys::AcceptNew] {
            for options in [&["-N", "-o", "ExitOnForwardFailure=yes", "-L", "localhost:80:db:80"][..], &["-T", "-s"], &[]] {
                let mut making = Making::by(method).without_openssh();
                making.settings.host_keys = host_keys;
                making.settings.use_ssh_config = false;
                making.extras.ssh_arguments = options.iter().map(OsString::from).collect();
                making.extras.is_quiet = true;

                let argv = making.argv();

                assert_eq!(argv[..2], ["ec2dash", BUILT_IN]);
                let call = Call::read(argv[2..].iter().map(OsString::from).collect()).unwrap();
                assert_eq!((call.alias.as_deref(), call.is_quiet), (Some(ID), true));
                assert_eq!(call.user, "ec2-user");
                assert!(!call.known_hosts.is_empty() && call.agent.is_some() && call.identity.is_some(), "{call:?}");
                assert_eq!(call.proxy.is_some(), method == Method::SsmSsh);
            }
        }
    }
}

#[test]
fn it_reads_no_private_key_which_is_opened_here_and_served() {
    let plan = Making::by(Method::Ssh).without_openssh().plan().unwrap();

    assert!(plan.is_built_in());
    assert!(plan.steps.iter().any(|step| matches!(step, Step::OpenKey { .. })), "{:?}", plan.steps);
    assert!(!Making::by(Method::Ssh).plan().unwrap().is_built_in());
}

#[test]
fn a_key_that_others_may_read_is_opened_no_more_than_openssh_would() {
    for method in [Method::Ssh, Method::SsmSsh] {
        let mut making = Making::by(method);
        making.choice = Choice::Method { method, anyway: true };
        let file = KeyFile { path: "/k/team-prod".into(), problem: Some(KeyProblem::TooOpen), ..KeyFile::default() };
        making.options.key = Some(file.path.clone());
        making.local.keys = Keyring::new(Vec::new(), Vec::new(), [file]).into();
        // There ssh refuses it, in its own words.
        assert!(making.plan().is_ok(), "{method:?}");

        let refusal = making.without_openssh().refused();

        assert_eq!(refusal.why(&Catalogue::english()), ["others may read /k/team-prod, so ssh refuses it"], "{method:?}");
        assert!(matches!(refusal, Refusal::Blocked { may_try: false, .. }), "{refusal:?}");
    }
}

#[test]
fn what_only_openssh_does_is_refused_by_name() {
    for (options, named) in [(&["-v"][..], "-v"), (&["-R", "80:x:80"], "-R"), (&["-o", "Ciphers=x"], "-o Ciphers=x")] {
        let mut making = Making::by(Method::Eic).without_openssh();
        making.extras.ssh_arguments = options.iter().map(OsString::from).collect();

        let refusal = making.refused();

        assert_eq!((refusal.code(), refusal.why(&Catalogue::english())[0].contains(named)), ("needs-openssh", true), "{named}");
    }
    let mut making = Making::by(Method::Eic).without_openssh();
    making.extras.client = SshProgram::Sftp { path: None };
    assert_eq!(making.refused().code(), "needs-openssh");
    making.extras.client = SshProgram::Ssh;
    assert!(making.plan().is_ok());
}
