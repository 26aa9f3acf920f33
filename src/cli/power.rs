//! `start`, `stop` and `reboot`: what would be done, a yes, and how far it is.

mod preview;
mod results;
mod targets;

use std::io::Write;
use std::pin::pin;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::args::Powering;
use super::invocation::Invocation;
use super::{Exit, Failure};
use crate::aws::{self, Cloud, Clouds};
use crate::model::{Instance, Power};
use crate::power::{self, Order, Outcome, Progress, Row, Stage, calls};
use crate::terminal::{LeavingSignals, Standard};
use crate::text::joined;
use preview::Preview;

/// Updates that may wait for us while we write.
const WAITING: usize = 64;

/// `ec2dash start|stop|reboot TARGET…`.
pub async fn power(invocation: &Invocation, power: Power, asked: &Powering, out: &mut dyn Write) -> Result<Exit, Failure> {
    let verb = [("command", power.word().into())];
    if !invocation.loaded.settings.may_change_power() && !asked.dry_run {
        return Err(invocation.failure("power-read-only", Exit::Usage, &verb));
    }
    if asked.wait && power.goal().is_none() {
        return Err(invocation.failure("power-no-end", Exit::Usage, &[]));
    }
    // Before anything is asked of AWS: nobody could say yes.
    if !asked.yes && !asked.dry_run && !invocation.terminal.may_ask {
        return Err(invocation.failure("power-no-yes", Exit::Usage, &verb));
    }
    let sources = invocation.sources().await?;
    let targets = targets::find(invocation, &sources, asked).await?;
    let clouds = sources.clouds();
    let disks = if power == Power::Stop { power::disks(&clouds, &targets).await } else { power::Disks::new() };
    let order = Order { power, targets, is_waiting: asked.wait };
    let preview = Preview { order: &order, calls: calls(power, &order.targets), disks: &disks };
    if asked.dry_run {
        let may = may(&clouds, &preview).await;
        preview.write(invocation, &may, out)?;
        return Ok(exit_of_permission(&may));
    }
    if !preview.calls.is_empty() {
        preview.tell(invocation);
        confirm(invocation, asked.yes, &order)?;
    }
    perform(invocation, &clouds, &order, out).await
}

/// Show what starting one instance is, before it is connected to, and wait for a yes.
pub fn may_start(invocation: &Invocation, instance: &Instance, yes: bool) -> Result<(), Failure> {
    let verb = [("command", Power::Start.word().into())];
    if !invocation.loaded.settings.may_change_power() {
        return Err(invocation.failure("power-read-only", Exit::Usage, &verb));
    }
    if !yes && !invocation.terminal.may_ask {
        return Err(invocation.failure("power-no-yes", Exit::Usage, &verb));
    }
    let order = alone(instance);
    let preview = Preview { order: &order, calls: calls(order.power, &order.targets), disks: &power::Disks::new() };
    preview.tell(invocation);
    confirm(invocation, yes, &order)
}

/// What `connect --start --dry-run` prints: the first step, without which there is no plan of the others.
pub async fn start_plan(
    invocation: &Invocation,
    cloud: &Cloud,
    instance: &Instance,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let order = alone(instance);
    let preview = Preview { order: &order, calls: calls(order.power, &order.targets), disks: &power::Disks::new() };
    let may = may(&Clouds::from(cloud), &preview).await;
    preview.write(invocation, &may, out)?;
    Ok(exit_of_permission(&may))
}

fn alone(instance: &Instance) -> Order {
    Order { power: Power::Start, targets: vec![Arc::new(instance.clone())], is_waiting: true }
}

/// Whether EC2 lets the caller do it, call by call.
async fn may(clouds: &Clouds, preview: &Preview<'_>) -> Vec<Result<(), aws::Error>> {
    let mut may = Vec::new();
    for call in &preview.calls {
        may.push(match clouds.known(&call.place) {
            Ok(cloud) => cloud.may_change_power(&call.place.region, call.power, &call.ids).await,
            Err(error) => Err(error),
        });
    }
    may
}

fn exit_of_permission(may: &[Result<(), aws::Error>]) -> Exit {
    let mut refused = may.iter().filter_map(|may| may.as_ref().err());
    match refused.next() {
        None => Exit::Done,
        Some(aws::Error::Denied { .. }) if refused.all(|error| matches!(error, aws::Error::Denied { .. })) => Exit::Denied,
        Some(_) => Exit::Failed,
    }
}

/// Nothing changes without a yes to what was shown.
fn confirm(invocation: &Invocation, yes: bool, order: &Order) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let names: Vec<String> = order.targets.iter().take(5).map(|instance| instance.shown()).collect();
    let values =
        [("command", order.power.word().into()), ("count", order.targets.len().into()), ("names", names.join(", ").into())];
    let answer = invocation.terminal.ask(&invocation.text.say_with("ask-power", &values)).unwrap_or_default();
    if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(invocation.failure("power-not-confirmed", Exit::Failed, &values))
}

async fn perform(invocation: &Invocation, clouds: &Clouds, order: &Order, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut signals = LeavingSignals::listen()?;
    let stop = CancellationToken::new();
    let (sender, mut updates) = mpsc::channel(WAITING);
    let mut run = pin!(power::run(clouds, order, &stop, sender));
    let mut progress = Progress::new(order);
    let mut told = None;
    let mut is_running = true;
    loop {
        let update = tokio::select! {
            update = updates.recv() => update,
            () = &mut run, if is_running => {
                is_running = false;
                continue;
            }
            number = signals.next() => {
                if told.replace(number).is_some() {
                    return Ok(Exit::of_signal(number));
                }
                stop.cancel();
                invocation.note(&invocation.text.say("power-leaving"));
                continue;
            }
        };
        let Some(update) = update else { break };
        if let power::Update::Trouble(Some(error)) = &update {
            invocation.note(&error.what(&invocation.text));
        }
        if let Some(row) = progress.take_in(update) {
            tell(invocation, row);
        }
    }
    results::write(invocation, &progress, out)?;
    tell_remedies(invocation, &progress);
    Ok(told.map_or_else(|| exit(&progress), Exit::of_signal))
}

/// One line for each state, for whoever watches; the results follow as data.
fn tell(invocation: &Invocation, row: &Row) {
    let Stage::Is(state) = row.stage else { return };
    if invocation.terminal.stderr {
        invocation.note(&joined(" ", [row.instance.shown().as_str(), state.word()]));
    }
}

/// What AWS refused and what to do about it, once for all that it refused alike.
fn tell_remedies(invocation: &Invocation, progress: &Progress) {
    let mut told: Vec<&aws::Error> = Vec::new();
    for error in progress.outcomes().filter_map(|(_, outcome)| outcome.error()) {
        if !told.contains(&error) {
            Failure::aws(error, &invocation.text).report(&mut Standard::error(), &invocation.text);
            told.push(error);
        }
    }
}

/// What one outcome comes to.
pub fn exit_of(outcome: &Outcome) -> Exit {
    match outcome {
        outcome if outcome.is_good() => Exit::Done,
        Outcome::Vanished => Exit::NotFound,
        Outcome::Refused(aws::Error::Denied { .. }) => Exit::Denied,
        Outcome::Refused(error) if error.lacks_credentials() => Exit::Credentials,
        _ => Exit::Failed,
    }
}

/// The worst of them; of one alone its own.
fn exit(progress: &Progress) -> Exit {
    let mut bad = progress.outcomes().map(|(_, outcome)| exit_of(outcome)).filter(|exit| *exit != Exit::Done);
    match bad.next() {
        None => Exit::Done,
        Some(first) if bad.all(|other| other == first) => first,
        Some(_) => Exit::Failed,
    }
}
