//! An instance that files go to and come from by a script in a command session, and the start of that script.

use crate::access::Method;
use crate::aws::Cloud;
use crate::cli::invocation::Invocation;
use crate::cli::{Exit, Failure, ended};
use crate::model::{Instance, Os, Untrusted};
use crate::session::SessionEnd;
use crate::session::archive::{Archive, Malformed, Said, Script};

/// An instance that files go to and come from by a command session: no way that runs ssh surely gets in.
pub struct BySession {
    /// The names it was called by.
    pub names: Vec<String>,
    pub cloud: Cloud,
    pub instance: Instance,
    pub method: Method,
}

impl BySession {
    /// Start a script there that has all it needs; with the umask there.
    pub async fn start(&self, invocation: &Invocation, script: Script) -> Result<(Archive, u32), Failure> {
        let Self { cloud, instance, method, .. } = self;
        if instance.os == Os::Windows {
            return Err(invocation.failure("copy-session-windows", Exit::NoWay, &[("target", instance.shown().into())]));
        }
        let reconnect = invocation.loaded.settings.connect.reconnect;
        let started = Archive::start(cloud, &instance.place.region, &instance.id, script, reconnect).await;
        let mut archive = match started {
            Ok(archive) => archive,
            Err(ending) => {
                let mut instance = instance.clone();
                let failure = ended::not_begun(invocation, cloud, &mut instance, Some(*method), &ending).await;
                return Err(Failure { exit: failure.exit.in_session(), ..failure });
            }
        };
        match self.said(invocation, &mut archive).await? {
            Said::Ready { umask, missing } if missing.is_empty() => Ok((archive, umask)),
            Said::Ready { missing, .. } => {
                let missing = Untrusted::from(missing.join(", ")).shown_in(100);
                let values = [("target", instance.shown().into()), ("missing", missing.into())];
                Err(invocation.failure("copy-session-tools", Exit::Session, &values))
            }
            _ => Err(self.garbled(invocation)),
        }
    }

    /// What the script says next. That it could not begin is said, too.
    pub async fn said(&self, invocation: &Invocation, archive: &mut Archive) -> Result<Said, Failure> {
        match archive.said().await {
            Ok(Some(said)) => Ok(said),
            Ok(None) => Err(self.over(invocation, &archive.session.ended().await)),
            Err(Malformed) => Err(self.garbled(invocation)),
        }
    }

    /// The session ended before its script had said all.
    pub fn over(&self, invocation: &Invocation, ending: &SessionEnd) -> Failure {
        let failure = ended::over(invocation, &self.instance, ending);
        let mut lost = invocation.failure("copy-session-lost", Exit::Session, &[]);
        lost.why = std::iter::once(failure.what).chain(failure.why).collect();
        lost.next.extend(failure.next);
        lost
    }

    /// What comes is not what the script says.
    pub fn garbled(&self, invocation: &Invocation) -> Failure {
        invocation.failure("copy-session-garbled", Exit::Session, &[("target", self.instance.shown().into())])
    }
}
