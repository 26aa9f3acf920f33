//! Starting a shell of Session Manager: the chosen one, else the account's own.

use crate::access::SessionShell;
use crate::aws::{self, Cloud, SessionRequest, documents};
use crate::model::{InstanceId, Untrusted};
use crate::session::{Reason, Session, SessionEnd, SessionOptions};

/// A session that has begun.
pub(super) struct Started {
    pub(super) session: Session,
    /// Why it is not the chosen shell.
    pub(super) denied: Option<ShellDenied>,
}

/// The document that runs a chosen shell may not be used.
pub(super) struct ShellDenied {
    pub(super) action: &'static str,
    pub(super) message: Untrusted,
}

/// What to ask of `StartSession` for a shell.
pub(super) fn requested(target: &InstanceId, shell: &SessionShell) -> SessionRequest {
    let own = SessionRequest::shell(target.clone());
    match shell.command() {
        None => own,
        Some(line) => SessionRequest {
            document: Some(documents::INTERACTIVE),
            parameters: [("command", vec![line.as_str().to_owned()])].into(),
            ..own
        },
    }
}

/// The session, with the account's own shell where the chosen one is denied.
pub(super) async fn started(cloud: &Cloud, options: SessionOptions) -> Result<Started, Box<SessionEnd>> {
    let own = SessionRequest::shell(options.request.target.clone());
    let denied = match Session::start(cloud, options.clone()).await {
        Ok(session) => return Ok(Started { session, denied: None }),
        Err(ending) if options.request != own => match ending.reason {
            Reason::NotStarted(aws::Error::Denied { action, message }) => ShellDenied { action, message },
            _ => return Err(ending),
        },
        Err(ending) => return Err(ending),
    };
    let session = Session::start(cloud, SessionOptions { request: own, ..options }).await?;
    Ok(Started { session, denied: Some(denied) })
}
