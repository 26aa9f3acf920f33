//! What this run holds open, said to the other ec2dash processes of this user.

use jiff::Timestamp;

use super::invocation::Invocation;
use crate::here::{Registered, Registry, next_number, own_terminal};
use crate::model::{Running, RunningKind, Untrusted};

/// Say it as long as the answer lives. Where that cannot be said, nobody knows.
pub fn hold(
    invocation: &Invocation,
    kind: RunningKind,
    target: Untrusted,
    method: &str,
    from: Option<String>,
) -> Option<Registered> {
    let running = Running {
        process: std::process::id(),
        number: next_number(),
        kind,
        target,
        method: method.into(),
        from: from.unwrap_or_else(own_terminal).into(),
        began: Timestamp::now(),
        is_of_dashboard: false,
    };
    Registry::new(invocation.directories.state.as_deref()).register(&running)
}
