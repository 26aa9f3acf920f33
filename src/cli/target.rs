//! Which instance a TARGET is, among all there are.

use std::io::Write as _;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::favourite::Meant;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::aws::{self, Cloud};
use crate::model::{Instance, InstanceId, InvalidTarget, LookUp, Region, Target, Untrusted};
use crate::terminal::Standard;

/// Most candidates that are told.
const MOST_CANDIDATES: usize = 50;

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
        LookUp::Missing => Err(missing(invocation, typed, &regions)),
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
    match target {
        Target::Favourite(_) => return Err(Failure::not_in_this_version("@name", &invocation.text)),
        // It may be of another profile and region than the others.
        Target::Last => return Err(invocation.failure("exec-last", Exit::Usage, &[])),
        _ => {}
    }
    match (look_up(invocation, cloud, &target, regions).await?, &target) {
        (LookUp::Found(instance), _) => Ok(vec![instance]),
        (LookUp::Ambiguous(instances), Target::Tag(..)) => Ok(instances),
        (LookUp::Ambiguous(candidates), _) => choose(invocation, typed, candidates).map(|instance| vec![Arc::new(instance)]),
        (LookUp::Missing, _) => Err(missing(invocation, typed, regions)),
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
                searches.spawn(async move { cloud.find(&region, &target).await });
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

/// That nothing has this name.
pub fn missing(invocation: &Invocation, typed: &str, regions: &[Region]) -> Failure {
    let places = regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", ");
    let shown = Untrusted::from(typed).shown_in(60);
    invocation.failure("target-missing", Exit::NotFound, &[("target", shown.into()), ("regions", places.into())])
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
