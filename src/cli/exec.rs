//! `exec`: a command on one instance, or on many.

mod fleet;
mod results;
mod targets;
mod told;

use std::io::Write;

use super::args::Exec;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::model::Target;

/// `ec2dash exec TARGET… -- CMD…`.
pub async fn exec(invocation: &Invocation, asked: &Exec, out: &mut dyn Write) -> Result<Exit, Failure> {
    if is_for_one(invocation, asked) {
        // A session of its own: not by Run Command.
        return Err(invocation.failure("exec-one", Exit::Usage, &[]));
    }
    fleet::exec(invocation, asked, out).await
}

/// Whether one instance is named: by a target that can only mean one.
fn is_for_one(invocation: &Invocation, asked: &Exec) -> bool {
    let [target] = asked.targets.as_slice() else { return false };
    invocation.global.filter.is_none() && !matches!(target.parse(), Ok(Target::Tag(..)))
}
