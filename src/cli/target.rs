//! Which instance a TARGET is, among all there are.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::favourite::Meant;
use super::invocation::Invocation;
use super::sources::{Source, Sources};
use super::{Exit, Failure, listing};
use crate::aws::{self, Cloud};
use crate::model::{FactKinds, Instance, InstanceId, InvalidTarget, LookUp, Near, Region, Target, Untrusted, near, nearest};
use crate::terminal::Standard;
use crate::text::shell_word;

/// Most candidates that are told.
const MOST_CANDIDATES: usize = 50;
/// Most of those that may have been meant.
const MOST_NEAR: usize = 5;
/// How long somebody waits to be told what may have been meant.
const LONGEST_FOR_A_HINT: Duration = Duration::from_secs(5);

/// The instance that `typed` names, and the cloud that has it. Several: a question on a terminal, a failure elsewhere.
pub async fn find(invocation: &Invocation, typed: &str) -> Result<(Cloud, Instance), Failure> {
    found(invocation, typed, |candidates| candidates).await
}

/// As [`find`], of several the one that is nearest to `from`.
pub async fn find_from(invocation: &Invocation, typed: &str, from: &Instance) -> Result<(Cloud, Instance), Failure> {
    found(invocation, typed, |candidates| nearest(candidates, from)).await
}

async fn found(
    invocation: &Invocation,
    typed: &str,
    narrow: impl FnOnce(Vec<Arc<Instance>>) -> Vec<Arc<Instance>>,
) -> Result<(Cloud, Instance), Failure> {
    let target: Target = typed.parse().map_err(|error: InvalidTarget| Failure::target(&error, &invocation.text))?;
    let (target, sources) = match target {
        Target::Favourite(name) => match invocation.favourite(&name)? {
            Meant::Marked { id, region, profile } => there(invocation, id, region, profile).await?,
            Meant::Named(target) => (target, invocation.sources().await?),
        },
        Target::Last => last(invocation).await?,
        target => (target, invocation.sources().await?),
    };
    let (looked_up, unread) = look_up(invocation, &target, &sources).await?;
    let instance = match looked_up {
        LookUp::Found(instance) => Arc::unwrap_or_clone(instance),
        LookUp::Missing => return Err(missing(invocation, typed, &sources, &listed(&sources).await).because_of(unread)),
        LookUp::Ambiguous(candidates) => match narrow(candidates) {
            one if one.len() == 1 => one.into_iter().next().map(Arc::unwrap_or_clone).expect("there is one"),
            several => choose(invocation, typed, several)?,
        },
    };
    let cloud = sources.clouds().known(&instance.place).map_err(|error| invocation.failed(&error))?.clone();
    Ok((cloud, instance))
}

/// Every instance that one of several targets names: all that have a tag, of everything else the one.
pub async fn find_all(invocation: &Invocation, typed: &str, sources: &Sources) -> Result<Vec<Arc<Instance>>, Failure> {
    let target: Target = typed.parse().map_err(|error: InvalidTarget| Failure::target(&error, &invocation.text))?;
    let (target, sources) = match target {
        Target::Favourite(name) => match invocation.favourite(&name)? {
            Meant::Marked { id, region, .. } => (Target::Id(id), sources.in_region(&region)),
            Meant::Named(target) => (target, sources.clone()),
        },
        // It may be of another profile and region than the others.
        Target::Last => return Err(invocation.failure("exec-last", Exit::Usage, &[])),
        target => (target, sources.clone()),
    };
    let (looked_up, unread) = look_up(invocation, &target, &sources).await?;
    match looked_up {
        LookUp::Found(instance) => Ok(vec![instance]),
        LookUp::Ambiguous(instances) if target.is_of_tag(&instances) => Ok(instances),
        LookUp::Ambiguous(candidates) => choose(invocation, typed, candidates).map(|instance| vec![Arc::new(instance)]),
        LookUp::Missing => Err(missing(invocation, typed, &sources, &listed(&sources).await).because_of(unread)),
    }
}

/// With what to say of hybrid nodes that could not be read, if nothing was found without them.
async fn look_up(invocation: &Invocation, target: &Target, sources: &Sources) -> Result<(LookUp, Vec<String>), Failure> {
    let (mut rows, unread) = search(invocation, &Sought::AsTyped(target), sources).await?;
    if target.look_up(&rows) == LookUp::Missing
        && let Some(name) = target.name()
    {
        (rows, _) = search(invocation, &Sought::InAnyCase(name), sources).await?;
    }
    let unread = unread.map(|error| vec![invocation.text.say("target-nodes-unread"), error.what(&invocation.text)]);
    Ok((target.look_up(&rows), unread.unwrap_or_default()))
}

/// The instance last connected to, where it was then.
async fn last(invocation: &Invocation) -> Result<(Target, Sources), Failure> {
    let (state, finding) = invocation.memory.read();
    if let Some(finding) = finding {
        invocation.note(&finding.text(&invocation.text));
    }
    let nothing = || invocation.failure("no-last-target", Exit::NotFound, &[]);
    let last = state.last.ok_or_else(nothing)?;
    let (id, region) = last.parsed().ok_or_else(nothing)?;
    there(invocation, id, region, last.profile).await
}

/// An instance that is remembered, where it was then; profiles that are named now count more than the one of then.
async fn there(
    invocation: &Invocation,
    id: InstanceId,
    region: Region,
    profile: Option<String>,
) -> Result<(Target, Sources), Failure> {
    let global = &invocation.global;
    if (!global.profiles.is_empty() || global.places.is_some()) && invocation.profiles().await?.len() > 1 {
        return Ok((Target::Id(id), invocation.sources().await?.in_region(&region)));
    }
    let mut options = aws::Options { profile: invocation.profiles().await?.pop().flatten(), ..invocation.options() };
    if global.profiles.is_empty() && global.places.is_none() && profile.is_some() {
        options.profile = profile;
    }
    let cloud = invocation.open_with(options).await?;
    Ok((Target::Id(id), Sources::of(&cloud, [region])))
}

/// What EC2 is asked for.
#[derive(Debug, Clone, Copy)]
enum Sought<'a> {
    AsTyped(&'a Target),
    InAnyCase(&'a Untrusted),
}

/// What every place has for a target, an instance that several profiles list once, and why hybrid nodes are not among it. A place that
/// cannot be asked counts only if no other has it.
async fn search(
    invocation: &Invocation,
    sought: &Sought<'_>,
    sources: &Sources,
) -> Result<(Vec<Arc<Instance>>, Option<aws::Error>), Failure> {
    let mut searches = JoinSet::new();
    for Source { cloud, region } in sources.list.clone() {
        match *sought {
            Sought::AsTyped(target) => {
                let target = target.clone();
                let is_hybrid = invocation.loaded.settings.hybrid;
                searches.spawn(async move {
                    if is_hybrid {
                        cloud.find_with_nodes(&region, &target).await
                    } else {
                        cloud.find(&region, &target).await.map(aws::Found::from)
                    }
                });
            }
            Sought::InAnyCase(name) => {
                let name = name.clone();
                searches.spawn(async move { cloud.find_in_any_case(&region, &name).await.map(aws::Found::from) });
            }
        }
    }
    let mut rows: Vec<Arc<Instance>> = Vec::new();
    let mut failure: Option<aws::Error> = sources.failures.first().map(|(_, error)| error.clone());
    let mut unread_nodes = None;
    while let Some(found) = searches.join_next().await {
        match found {
            Ok(Ok(found)) => {
                rows.extend(found.rows.into_iter().map(Arc::new));
                unread_nodes = unread_nodes.or(found.unread_nodes);
            }
            Ok(Err(error)) => failure = failure.or(Some(error)),
            // A search that was cut short found nothing.
            Err(_) => {}
        }
    }
    match failure {
        Some(error) if rows.is_empty() => Err(invocation.failed(&error)),
        _ => {
            // Of the profiles that list it the one that was named first.
            let rank =
                |row: &Instance| sources.list.iter().position(|source| source.cloud.profile() == row.place.profile.as_ref());
            rows.sort_by_cached_key(|row| (row.name().cloned(), row.id.clone(), rank(row)));
            rows.dedup_by(|one, other| one.id == other.id);
            Ok((rows, unread_nodes))
        }
    }
}

/// Whether an instance bears this as its name: else it is a tag.
pub async fn is_borne(invocation: &Invocation, target: &Target) -> Result<bool, Failure> {
    let sources = invocation.sources().await?;
    let (rows, _) = search(invocation, &Sought::AsTyped(target), &sources).await?;
    Ok(!target.is_of_tag(&rows))
}

/// What there is, as far as AWS tells in the time that somebody waits for a hint.
async fn listed(sources: &Sources) -> Vec<Arc<Instance>> {
    let mut rows = Vec::new();
    let gathered = listing::gather(sources, FactKinds { nodes: true, ..FactKinds::NONE }, |page| {
        rows.extend(page);
        Ok(())
    });
    // Without an answer there is no hint; that there is no such instance is known already.
    let _ = timeout(LONGEST_FOR_A_HINT, gathered).await;
    rows
}

/// That nothing has this name, and what may have been meant among what there is.
pub fn missing(invocation: &Invocation, typed: &str, sources: &Sources, rows: &[Arc<Instance>]) -> Failure {
    let places = sources.words(invocation);
    let shown = Untrusted::from(typed).shown_in(60);
    let values = [("target", shown.into()), ("regions", places.into())];
    let mut failure = invocation.failure("target-missing", Exit::NotFound, &values);
    let (key, lines, filter) = match near(typed, rows) {
        Near::Nothing => return failure,
        Near::PartOfName(rows) => ("target-near-part", rows.iter().map(named).collect::<Vec<_>>(), format!("name:{typed}")),
        Near::Alike(rows) => ("target-near-alike", rows.iter().map(named).collect(), String::new()),
        Near::StartOfId(rows) => {
            let line = |(start, row): &(String, Arc<Instance>)| format!("{start}  {}", named(row));
            ("target-near-start", rows.iter().map(line).collect(), format!("id:{}", typed.to_lowercase()))
        }
        Near::StartOfAddress(rows) => {
            ("target-near-address", rows.iter().map(named).collect(), format!("ip:{}", typed.trim_start_matches("ip:")))
        }
        Near::OtherValues { key, values } => {
            let line = |value: &Untrusted| shell_word(&format!("{}={}", key.shown_in(60), value.shown_in(60)));
            ("target-near-value", values.iter().map(line).collect(), format!("{}=", key.shown_in(60)))
        }
    };
    let more = lines.len().saturating_sub(MOST_NEAR);
    failure.why.push(invocation.text.say(key));
    failure.why.extend(lines.into_iter().take(MOST_NEAR).map(|line| format!("  {line}")));
    if more > 0 {
        failure.why.push(format!("  {}", invocation.text.say_with("target-near-more", &[("count", more.into())])));
    }
    let filter = shell_word(&Untrusted::from(filter).shown_in(80));
    let next = invocation.text.say_if_whole(&format!("{key}-next"), &[("filter", filter.into())]);
    failure.next.splice(0..1.min(failure.next.len()), next);
    failure
}

/// `web-1  i-0123456789abcdef0`, the name as a shell takes it.
fn named(row: &Arc<Instance>) -> String {
    match row.name() {
        Some(name) => format!("{}  {}", shell_word(&name.shown_in(60)), row.id),
        None => row.id.to_string(),
    }
}

/// Let the user choose, if somebody is there to ask.
pub fn choose(invocation: &Invocation, typed: &str, candidates: Vec<Arc<Instance>>) -> Result<Instance, Failure> {
    let mut lines: Vec<String> = {
        let first = candidates.first().map(|first| first.place.profile.clone());
        let are_of_several = candidates.iter().any(|candidate| Some(&candidate.place.profile) != first.as_ref());
        candidates.iter().take(MOST_CANDIDATES).map(|candidate| candidate_line(candidate, are_of_several)).collect()
    };
    if candidates.len() > MOST_CANDIDATES {
        lines.push(format!("… {}", candidates.len()));
    }
    let values = [("target", Untrusted::from(typed).shown_in(60).into()), ("count", candidates.len().to_string().into())];
    let mut failure = invocation.failure("target-ambiguous", Exit::NotFound, &values);
    if !invocation.terminal.may_ask {
        failure.why = lines;
        return Err(failure);
    }
    let mut stderr = Standard::error();
    let _ = writeln!(stderr, "{}", failure.what);
    for (number, line) in lines.iter().enumerate() {
        let _ = writeln!(stderr, "{:>3}  {line}", number + 1);
    }
    let answer = invocation.terminal.ask(&invocation.text.say("ask-which"));
    let chosen = answer.and_then(|answer| answer.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
    match chosen.and_then(|at| candidates.into_iter().nth(at)) {
        Some(instance) => Ok(Arc::unwrap_or_clone(instance)),
        None => Err(invocation.failure("nothing-chosen", Exit::NotFound, &[])),
    }
}

/// With the profile, where there are several.
fn candidate_line(candidate: &Instance, are_of_several: bool) -> String {
    let ip = candidate.private_ip.map(|ip| ip.to_string()).unwrap_or_default();
    let name = candidate.name().map(|name| name.shown_in(40)).unwrap_or_default();
    let place = if are_of_several { candidate.place.to_string() } else { candidate.place.region.to_string() };
    format!("{}  {name}  {}  {ip}  {place}", candidate.id, candidate.state.word())
}
