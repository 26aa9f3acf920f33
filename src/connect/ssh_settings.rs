//! What OpenSSH makes of a plan's command line and of the user's ssh_config, before anything is connected to.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;

use super::{Blank, Plan, SshPlace, Step};
use crate::ssh::settings_of;

/// How long an address may take for a connection, in seconds, where nobody has said so: the system waits for two minutes and more, and of
/// lost packets the fifth has been sent by then.
const CONNECT_LIMIT: &str = "ConnectTimeout=20";

/// Its settings, one a line; none if no OpenSSH runs.
pub(super) async fn read_by_ssh(plan: &Plan) -> Option<io::Result<Vec<u8>>> {
    let exec = plan.steps.iter().find_map(|step| match step {
        Step::Exec { program, arguments } => Some((program, arguments)),
        _ => None,
    });
    let (program, arguments) = exec.filter(|_| !plan.is_built_in())?;
    // None of them has a say in it.
    let fill = |blank: Blank| {
        Some(vec![PathBuf::from(match blank {
            Blank::HostKeyChecking => "yes",
            Blank::HostKeyCommand => "none",
            Blank::UserAgent => "no",
            Blank::AgentSocket | Blank::PublicKey | Blank::KnownHosts => "/dev/null",
        })])
    };
    let arguments: Vec<_> = arguments.iter().filter_map(|argument| argument.filled(&fill)).collect();
    Some(settings_of(program, &arguments).await)
}

/// The option that limits how long ssh waits for an address; none where ssh goes another way, or the user has decided it.
pub(super) async fn connect_limit(plan: &Plan) -> Option<&'static OsStr> {
    let login = plan.login.as_ref()?;
    if !matches!(login.place, SshPlace::Address { .. }) || login.jump.is_some() {
        return None;
    }
    match read_by_ssh(plan).await {
        Some(Ok(settings)) if is_open(&settings) => Some(OsStr::new(CONNECT_LIMIT)),
        // It stands behind the user's own, which wins.
        None => Some(OsStr::new(CONNECT_LIMIT)),
        _ => None,
    }
}

/// Whether nothing limits it, and nobody has to be let in elsewhere first, who may have to type something there.
fn is_open(settings: &[u8]) -> bool {
    let has = |name: &[u8], none: &[u8]| {
        let of_line = |line: &[u8]| line.strip_prefix(name).is_some_and(|value| value != none);
        settings.split(|byte| *byte == b'\n').any(of_line)
    };
    // `ssh -G` names no ProxyCommand and no ProxyJump where there is none.
    !(has(b"connecttimeout ", b"none") || has(b"proxycommand ", b"none") || has(b"proxyjump ", b"none"))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::plan::tests::Making;
    use super::*;
    use crate::access::Method;

    async fn limit(method: Method, ssh_arguments: &[&str]) -> Option<&'static OsStr> {
        let mut making = Making::by(method);
        making.settings.use_ssh_config = false;
        making.extras.ssh_arguments = ssh_arguments.iter().map(OsString::from).collect();
        connect_limit(&making.plan().unwrap()).await
    }

    #[tokio::test]
    async fn an_address_is_waited_for_as_long_as_the_user_says_and_else_not_for_minutes() {
        let ours = Some(OsStr::new(CONNECT_LIMIT));
        for (method, arguments, expected) in [
            (Method::Ssh, &[][..], ours),
            (Method::Eic, &[], ours),
            (Method::Eic, &["-o", "ConnectTimeout=90"], None),
            // Who is asked for a password there takes the time that it takes.
            (Method::Eic, &["-J", "bastion.example"], None),
            (Method::Eic, &["-o", "ProxyCommand=nc %h %p"], None),
            (Method::Eic, &["-o", "ProxyCommand=none"], ours),
            // Our own proxy has its limits.
            (Method::SsmSsh, &[], None),
        ] {
            assert_eq!(limit(method, arguments).await, expected, "{method:?} {arguments:?}");
        }
    }
}
