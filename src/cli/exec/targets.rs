//! The instances that the targets and the filter of `exec` mean together.

use std::sync::Arc;

use jiff::Timestamp;

use crate::access;
use crate::aws::fills;
use crate::cli::invocation::Invocation;
use crate::cli::listing::{self, Gaps};
use crate::cli::local;
use crate::cli::sources::Sources;
use crate::cli::target;
use crate::cli::warnings;
use crate::cli::{Exit, Failure};
use crate::config::{self, ConnectFlags};
use crate::model::{FactKind, FactKinds, Filter, Instance, InstanceState, InvalidTarget, LookUp, Target, Why};

/// All of them, each once, in the order of names. A list that lacks a region is no list to run something on.
pub async fn find(invocation: &Invocation, sources: &Sources, typed: &[String]) -> Result<Vec<Arc<Instance>>, Failure> {
    let filter = invocation.filter(&[])?;
    let targets = parsed(invocation, typed)?;
    if targets.is_empty() && filter.is_empty() {
        return Err(invocation.failure("exec-nowhere", Exit::Usage, &[]));
    }
    let rows = rows(invocation, sources, &filter).await?;
    let mut found = if targets.is_empty() { rows.clone() } else { Vec::new() };
    for (typed, target) in &targets {
        found.extend(meant(invocation, typed, target, &rows, sources)?);
    }
    found.sort_by(|one, other| (one.name(), &one.id).cmp(&(other.name(), &other.id)));
    found.dedup_by(|one, other| one.id == other.id);
    if found.is_empty() {
        return Err(invocation.failure("exec-nothing-matches", Exit::NotFound, &[]));
    }
    Ok(found)
}

fn parsed<'a>(invocation: &Invocation, typed: &'a [String]) -> Result<Vec<(&'a str, Target)>, Failure> {
    let parse = |typed: &'a String| {
        let target: Target = typed.parse().map_err(|error: InvalidTarget| Failure::target(&error, &invocation.text))?;
        match target {
            Target::Favourite(name) => Ok((typed.as_str(), invocation.favourite(&name)?.target())),
            // It may be of another profile and region than the others.
            Target::Last => Err(invocation.failure("exec-last", Exit::Usage, &[])),
            target => Ok((typed.as_str(), target)),
        }
    };
    typed.iter().map(parse).collect()
}

/// The rows that the filter lets pass, with what Systems Manager says of them.
async fn rows(invocation: &Invocation, sources: &Sources, filter: &Filter) -> Result<Vec<Arc<Instance>>, Failure> {
    let by_way = filter.asks("via");
    let nodes = invocation.loaded.settings.hybrid;
    let kinds = FactKinds {
        ssm: true,
        role: by_way || filter.asks("iam"),
        image: by_way || filter.asks("image"),
        network: by_way,
        paths: by_way && invocation.loaded.settings.doctor.network,
        key_pair: by_way,
        nodes,
    };
    let mut rows: Vec<Arc<Instance>> = Vec::new();
    let gaps = listing::gather(sources, kinds, |page| {
        rows.extend(page);
        Ok(())
    })
    .await?;
    if let Some(missing) = gaps.failures.first() {
        let mut failure = invocation.failed(&missing.error);
        let place = warnings::place(missing.profile.as_ref().filter(|_| sources.is_merged()), missing.region.as_ref());
        failure.why.push(invocation.text.say_with("exec-region-missing", &[("region", place.into())]));
        return Err(failure);
    }
    refuse_what_is_not_known(invocation, filter, &gaps)?;
    rows.retain(|row| !matches!(row.state, InstanceState::Terminated | InstanceState::ShuttingDown));
    if filter.is_empty() {
        return Ok(rows);
    }
    let local = if by_way { Some(local::look(invocation, None).await) } else { None };
    let via = |row: &Instance| {
        let options = config::connect_options(&invocation.loaded.settings, row, &ConnectFlags::default());
        let ways = local.as_ref().map(|local| access::ways(row, &options, local, Timestamp::now()));
        ways.and_then(|ways| ways.best).map(access::Method::id).unwrap_or_default()
    };
    rows.retain(|row| filter.matches(row, via(row)));
    Ok(rows)
}

/// A list that may lack instances, or a word of the filter that nobody could answer, says nothing of where a command may run.
fn refuse_what_is_not_known(invocation: &Invocation, filter: &Filter, gaps: &Gaps) -> Result<(), Failure> {
    if let Some((place, odd)) = gaps.oddities.first() {
        let values = [("action", odd.action.into()), ("region", place.region.to_string().into())];
        return Err(invocation.failure("exec-list-incomplete", Exit::Failed, &values));
    }
    // Without its paths a way in is judged all the same.
    let asked = |kind: FactKind| kind != FactKind::Paths && (filter.asks("via") || filter.asks(field(kind)));
    let hidden = gaps.denials.values().find_map(|denial| Some((denial, fills(denial.action).filter(|kind| asked(*kind))?)));
    let Some((denial, kind)) = hidden else { return Ok(()) };
    let exit = if denial.why == Why::AccessDenied { Exit::Denied } else { Exit::Failed };
    let values = [("action", denial.action.into()), ("field", field(kind).into())];
    Err(invocation.failure("exec-fact-unknown", exit, &values))
}

/// The field of the filter that asks about it.
fn field(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Ssm => "ssm",
        FactKind::Role => "iam",
        FactKind::Image => "image",
        FactKind::Network | FactKind::Paths => "via",
        FactKind::KeyPair => "via",
    }
}

/// All that have the tag; of everything else the one.
fn meant(
    invocation: &Invocation,
    typed: &str,
    target: &Target,
    rows: &[Arc<Instance>],
    sources: &Sources,
) -> Result<Vec<Arc<Instance>>, Failure> {
    match target.look_up(rows) {
        LookUp::Found(row) => Ok(vec![row]),
        LookUp::Ambiguous(rows) if target.is_of_tag(&rows) => Ok(rows),
        LookUp::Ambiguous(rows) => target::choose(invocation, typed, rows).map(|row| vec![Arc::new(row)]),
        LookUp::Missing => Err(target::missing(invocation, typed, sources, rows)),
    }
}
