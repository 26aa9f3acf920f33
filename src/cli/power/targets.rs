//! The instances that are to be started, stopped or rebooted.

use std::sync::Arc;

use crate::cli::args::Powering;
use crate::cli::exec::targets;
use crate::cli::invocation::Invocation;
use crate::cli::sources::Sources;
use crate::cli::target;
use crate::cli::{Exit, Failure};
use crate::model::Instance;

/// All of them, each once, in the order of names. With a filter the whole list is read, and it must be whole.
pub async fn find(invocation: &Invocation, sources: &Sources, asked: &Powering) -> Result<Vec<Arc<Instance>>, Failure> {
    if !invocation.filter(&[])?.is_empty() {
        return targets::find(invocation, sources, &asked.targets).await;
    }
    if asked.targets.is_empty() {
        return Err(invocation.failure("power-nowhere", Exit::Usage, &[]));
    }
    let mut found = Vec::new();
    for typed in &asked.targets {
        found.extend(target::find_all(invocation, typed, sources).await?);
    }
    found.sort_by(|one, other| (one.name(), &one.id).cmp(&(other.name(), &other.id)));
    found.dedup_by(|one, other| one.id == other.id);
    Ok(found)
}
