//! Which instance a TARGET is, among all there are.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::favourite::Meant;
use super::invocation::Invocation;
use super::{Exit, Failure, listing};
use crate::aws::{self, Cloud};
use crate::model::{FactKinds, Instance, InstanceId, InvalidTarget, LookUp, Near, Region, Target, Untrusted, near};
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
    let target: Target = typed.parse().map_err(|error: InvalidTarget| Failure::target(&error, &invocation.text))?;
    let (cloud, target, regions) = match target {
        Target::Favourite(name) => match invocation.favourite(&name)? {
            Meant::Marked { id, region, profile } => there(invocation, id, region, profile).await?,
            Meant::Named(target) => {
                let cloud = invocation.open().await?;
                let regions = invocation.regions(&cloud).await?;
                (cloud, target, regions)
            }
        },
        Target::Last => last(invocation).await?,
        target => {
            let cloud = invocation.open().await?;
            let regions = invocation.regions(&cloud).await?;
            (cloud, target, regions)
        }
    };
    match look_up(invocation, &cloud, &target, &regions).await? {
        LookUp::Found(instance) => Ok((cloud, Arc::unwrap_or_clone(instance))),
        LookUp::Missing => Err(missing(invocation, typed, &regions, &listed(&cloud, &regions).await)),
        LookUp::Ambiguous(candidates) => choose(invocation, typed, candidates).map(|instance| (cloud, instance)),
    }
}

/// Every instance that one of several targets names: all that have a tag, of everything else the one.
pub async fn find_all(
    invocation: &Invocation,
    cloud: &Cloud,
    typed: &str,
    regions: &[Region],
) -> Result<Vec<Arc<Instance>>, Failure> {
    let target: Target = typed.parse().map_err(|error: InvalidTarget| Failure::target(&error, &invocation.text))?;
    let (target, regions) = match target {
        Target::Favourite(name) => match invocation.favourite(&name)? {
            Meant::Marked { id, region, .. } => (Target::Id(id), vec![region]),
            Meant::Named(target) => (target, regions.to_vec()),
        },
        // It may be of another profile and region than the others.
        Target::Last => return Err(invocation.failure("exec-last", Exit::Usage, &[])),
        target => (target, regions.to_vec()),
    };
    match look_up(invocation, cloud, &target, &regions).await? {
        LookUp::Found(instance) => Ok(vec![instance]),
        LookUp::Ambiguous(instances) if target.is_of_tag(&instances) => Ok(instances),
        LookUp::Ambiguous(candidates) => choose(invocation, typed, candidates).map(|instance| vec![Arc::new(instance)]),
        LookUp::Missing => Err(missing(invocation, typed, &regions, &listed(cloud, &regions).await)),
    }
}

async fn look_up(invocation: &Invocation, cloud: &Cloud, target: &Target, regions: &[Region]) -> Result<LookUp, Failure> {
    let mut rows = search(invocation, cloud, &Sought::AsTyped(target), regions).await?;
    if target.look_up(&rows) == LookUp::Missing
        && let Some(name) = target.name()
    {
        rows = search(invocation, cloud, &Sought::InAnyCase(name), regions).await?;
    }
    Ok(target.look_up(&rows))
}

/// The instance last connected to, where it was then.
async fn last(invocation: &Invocation) -> Result<(Cloud, Target, Vec<Region>), Failure> {
    let (state, finding) = invocation.memory.read();
    if let Some(finding) = finding {
        invocation.note(&finding.text(&invocation.text));
    }
    let nothing = || invocation.failure("no-last-target", Exit::NotFound, &[]);
    let last = state.last.ok_or_else(nothing)?;
    let (id, region) = last.parsed().ok_or_else(nothing)?;
    there(invocation, id, region, last.profile).await
}

/// An instance that is remembered, where it was then; a profile that is named now counts more than the one of then.
async fn there(
    invocation: &Invocation,
    id: InstanceId,
    region: Region,
    profile: Option<String>,
) -> Result<(Cloud, Target, Vec<Region>), Failure> {
    let mut options = invocation.options();
    if invocation.global.profile.is_none() && profile.is_some() {
        options.profile = profile;
    }
    let cloud = invocation.open_with(options).await?;
    Ok((cloud, Target::Id(id), vec![region]))
}

/// What EC2 is asked for.
#[derive(Debug, Clone, Copy)]
enum Sought<'a> {
    AsTyped(&'a Target),
    InAnyCase(&'a Untrusted),
}

/// What every region has for a target. A region that cannot be asked counts only if no other has it.
async fn search(
    invocation: &Invocation,
    cloud: &Cloud,
    sought: &Sought<'_>,
    regions: &[Region],
) -> Result<Vec<Arc<Instance>>, Failure> {
    let mut searches = JoinSet::new();
    for region in regions {
        let (cloud, region) = (cloud.clone(), region.clone());
        match *sought {
            Sought::AsTyped(target) => {
                let target = target.clone();
                let is_hybrid = invocation.loaded.settings.hybrid;
                searches.spawn(async move {
                    if is_hybrid { cloud.find_with_nodes(&region, &target).await } else { cloud.find(&region, &target).await }
                });
            }
            Sought::InAnyCase(name) => {
                let name = name.clone();
                searches.spawn(async move { cloud.find_in_any_case(&region, &name).await });
            }
        }
    }
    let mut rows = Vec::new();
    let mut failure: Option<aws::Error> = None;
    while let Some(found) = searches.join_next().await {
        match found {
            Ok(Ok(instances)) => rows.extend(instances.into_iter().map(Arc::new)),
            Ok(Err(error)) => failure = failure.or(Some(error)),
            // A search that was cut short found nothing.
            Err(_) => {}
        }
    }
    match failure {
        Some(error) if rows.is_empty() => Err(invocation.failed(&error)),
        _ => {
            rows.sort_by(|one, other| (one.name(), &one.id).cmp(&(other.name(), &other.id)));
            Ok(rows)
        }
    }
}

/// Whether an instance bears this as its name: else it is a tag.
pub async fn is_borne(invocation: &Invocation, target: &Target) -> Result<bool, Failure> {
    let cloud = invocation.open().await?;
    let regions = invocation.regions(&cloud).await?;
    let rows = search(invocation, &cloud, &Sought::AsTyped(target), &regions).await?;
    Ok(!target.is_of_tag(&rows))
}

/// What there is, as far as AWS tells in the time that somebody waits for a hint.
async fn listed(cloud: &Cloud, regions: &[Region]) -> Vec<Arc<Instance>> {
    let mut rows = Vec::new();
    let gathered = listing::gather(cloud, regions, FactKinds { nodes: true, ..FactKinds::NONE }, |page| {
        rows.extend(page);
        Ok(())
    });
    // Without an answer there is no hint; that there is no such instance is known already.
    let _ = timeout(LONGEST_FOR_A_HINT, gathered).await;
    rows
}

/// That nothing has this name, and what may have been meant among what there is.
pub fn missing(invocation: &Invocation, typed: &str, regions: &[Region], rows: &[Arc<Instance>]) -> Failure {
    let places = regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", ");
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
    let mut lines: Vec<String> = candidates.iter().take(MOST_CANDIDATES).map(|candidate| candidate_line(candidate)).collect();
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

fn candidate_line(candidate: &Instance) -> String {
    let ip = candidate.private_ip.map(|ip| ip.to_string()).unwrap_or_default();
    let name = candidate.name().map(|name| name.shown_in(40)).unwrap_or_default();
    format!("{}  {name}  {}  {ip}  {}", candidate.id, candidate.state.word(), candidate.place.region)
}
