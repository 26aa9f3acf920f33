//! By which of the two ways somebody signs in: with a code to compare, or with a browser that comes back by itself.

use super::sso_session::SsoSession;
use crate::aws::Environment;

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The browser comes back to this computer with a code.
    AuthorizationCode,
    /// The browser may be on any computer; a code is compared.
    DeviceCode,
}

/// What the user asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FlowWishes {
    /// No browser is to be opened.
    pub no_browser: bool,
    /// The device flow, whatever else would do.
    pub use_device_code: bool,
}

/// Variables that say: the browser of the person is not on this computer.
const ELSEWHERE: [&str; 6] = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "CI", "CODESPACES", "CLOUD_SHELL"];

/// The way for a session here. `in_container`: this is the inside of a container.
pub(super) fn chosen(environment: &Environment, session: &SsoSession, wishes: FlowWishes, in_container: bool) -> Flow {
    let has = |name: &str| environment.get(name).is_some();
    if session.name.is_none() || wishes.no_browser || wishes.use_device_code {
        return Flow::DeviceCode;
    }
    if has("BROWSER") {
        return Flow::AuthorizationCode;
    }
    let has_display = !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(has);
    if in_container || ELSEWHERE.into_iter().any(has) || !has_display {
        return Flow::DeviceCode;
    }
    Flow::AuthorizationCode
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_compared_wherever_the_browser_cannot_come_back() {
        let session = SsoSession::named("corp", "https://x/start", "eu-central-1".parse().unwrap());
        let legacy = SsoSession { name: None, ..session.clone() };
        let flow = |variables: &[(&str, &str)], wishes, in_container| {
            chosen(&Environment::new(variables.to_vec()), &session, wishes, in_container)
        };
        let display = ("DISPLAY", ":0");
        let none = FlowWishes::default();

        assert_eq!(flow(&[display], none, false), Flow::AuthorizationCode);
        assert_eq!(flow(&[("WSL_DISTRO_NAME", "Ubuntu")], none, false), Flow::AuthorizationCode);
        assert_eq!(flow(&[("BROWSER", "firefox"), ("SSH_TTY", "/dev/pts/0")], none, true), Flow::AuthorizationCode);
        assert_eq!(flow(&[display], none, true), Flow::DeviceCode);
        assert_eq!(flow(&[display], FlowWishes { no_browser: true, ..none }, false), Flow::DeviceCode);
        assert_eq!(flow(&[display], FlowWishes { use_device_code: true, ..none }, false), Flow::DeviceCode);
        for variable in ELSEWHERE {
            assert_eq!(flow(&[display, (variable, "x")], none, false), Flow::DeviceCode, "{variable}");
        }
        if cfg!(target_os = "linux") {
            assert_eq!(flow(&[], none, false), Flow::DeviceCode);
        }
        assert_eq!(chosen(&Environment::new([display]), &legacy, none, false), Flow::DeviceCode);
    }
}
