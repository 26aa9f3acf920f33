//! `exec`: a command on one instance, or on many.

mod fleet;
mod one;
mod results;
pub(super) mod targets;
mod told;

use std::io::Write;

use super::args::Exec;
use super::invocation::Invocation;
use super::{Exit, Failure, target};
use crate::model::Target;

/// `ec2dash exec TARGET… -- CMD…`.
pub async fn exec(invocation: &Invocation, asked: &Exec, out: &mut dyn Write) -> Result<Exit, Failure> {
    if !invocation.loaded.settings.may_run_commands() && !asked.dry_run {
        return Err(invocation.failure("exec-read-only", Exit::Usage, &[]));
    }
    if let Some(target) = the_one(invocation, asked).await? {
        return one::exec(invocation, asked, target, out).await;
    }
    if !asked.how.is_left_to_us() {
        return Err(invocation.failure("exec-many-by-ssh", Exit::Usage, &[]));
    }
    fleet::exec(invocation, asked, out).await
}

/// The one instance that is named: by a target that can only mean one.
async fn the_one<'a>(invocation: &Invocation, asked: &'a Exec) -> Result<Option<&'a str>, Failure> {
    let [target] = asked.targets.as_slice() else { return Ok(None) };
    let is_one = !invocation.global.typed.filter
        && match target.parse() {
            Ok(Target::Tag(..)) => false,
            Ok(named @ Target::NameOrTag { .. }) => target::is_borne(invocation, &named).await?,
            _ => true,
        };
    Ok(is_one.then_some(target.as_str()))
}
