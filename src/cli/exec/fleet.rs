//! A command on many instances, through SSM Run Command.

use std::io::Write;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::told::Teller;
use super::{results, targets};
use crate::aws::{Clouds, MOST_INSTANCES, documents};
use crate::cli::args::{Exec, Form};
use crate::cli::invocation::Invocation;
use crate::cli::output::{SCHEMA, write_line, write_pretty};
use crate::cli::{Exit, Failure};
use crate::fleet::{self, Order, Outcome, Progress, Row, Update, unsent};
use crate::model::{Instance, Untrusted};
use crate::terminal::LeavingSignals;
use crate::text::joined;

/// Updates that may wait for us while we write.
const WAITING: usize = 64;

/// `ec2dash exec` on more than one instance.
pub async fn exec(invocation: &Invocation, asked: &Exec, out: &mut dyn Write) -> Result<Exit, Failure> {
    let sources = invocation.sources().await?;
    let order = Order {
        targets: targets::find(invocation, &sources, &asked.targets).await?,
        script: fleet::script(&asked.command),
        parallel: asked.parallel,
        timeout: asked.timeout.map(Duration::from_secs),
        is_fail_fast: asked.fail_fast,
    };
    if asked.dry_run {
        write_plan(invocation, &order, out)?;
        return Ok(Exit::Done);
    }
    let count = order.targets.len();
    invocation.note(&invocation.text.say_with("exec-by-run-command", &[("count", count.into())]));
    confirm(invocation, asked, &order.targets)?;
    tracing::info!("a command on {} instances by Run Command", order.targets.len());
    perform(invocation, asked, &sources.clouds(), &order, out).await
}

async fn perform(
    invocation: &Invocation,
    asked: &Exec,
    clouds: &Clouds,
    order: &Order,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let mut signals = LeavingSignals::listen()?;
    let stop = CancellationToken::new();
    let (sender, mut updates) = mpsc::channel(WAITING);
    let mut run = pin!(fleet::run(clouds, order, &stop, sender));
    let mut progress = Progress::new(order);
    // Who hears several must know who speaks.
    let with_prefix = asked.prefix || (order.targets.len() > 1 && !asked.no_prefix);
    let mut teller = Teller::new(invocation, out, with_prefix);
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
                    // What it has told and we have not heard may be the very command that goes on.
                    while let Ok(update) = updates.try_recv() {
                        progress.take_in(update);
                    }
                    leave(invocation, &mut teller, &progress);
                    return Ok(Exit::of_signal(number));
                }
                stop.cancel();
                teller.note(&invocation.text.say_with("exec-cancelling", &[("commands", commands(&progress).into())]));
                continue;
            }
        };
        let Some(update) = update else { break };
        if let Update::NotCancelled { command, error } = &update {
            teller.not_cancelled(command, error);
        }
        // Nobody reads our output any more: nobody wants more of it.
        if progress.take_in(update).is_some_and(|row| !teller.ended(row)) {
            stop.cancel();
        }
        teller.progress(&progress);
    }
    // What ran where is told even if the output could not be written.
    let written = teller.end();
    results::write(invocation, &progress, out)?;
    written?;
    if let Some(number) = told {
        say_what_was_cancelled(invocation, &progress);
        return Ok(Exit::of_signal(number));
    }
    let summary = progress.summary();
    Ok(if summary.succeeded == summary.total { Exit::Done } else { Exit::Failed })
}

/// Go without waiting: what still runs is named, so that it can be looked up.
fn leave(invocation: &Invocation, teller: &mut Teller<'_, '_>, progress: &Progress) {
    let key = if progress.open_commands().is_empty() { "exec-left-nothing" } else { "exec-left" };
    teller.note(&invocation.text.say_with(key, &[("commands", commands(progress).into())]));
    for (region, comment) in &progress.sending {
        let values = [("comment", comment.clone().into()), ("region", region.to_string().into())];
        teller.note(&invocation.text.say_with("exec-left-sending", &values));
    }
}

fn say_what_was_cancelled(invocation: &Invocation, progress: &Progress) {
    let is_cancelled = |row: &&Row| row.ending().is_some_and(|ending| ending.outcome == Outcome::Cancelled);
    let count = progress.rows().iter().filter(is_cancelled).count();
    invocation.note(&invocation.text.say_with("exec-cancelled", &[("count", count.into())]));
}

/// The ids of the commands that are open.
fn commands(progress: &Progress) -> String {
    let ids: Vec<String> = progress.open_commands().iter().map(|(region, id)| format!("{id} ({region})")).collect();
    if ids.is_empty() { "–".to_owned() } else { ids.join(", ") }
}

/// An account marked `confirm` gets nothing without a yes that saw how many instances it is.
fn confirm(invocation: &Invocation, asked: &Exec, targets: &[Arc<Instance>]) -> Result<(), Failure> {
    let settings = &invocation.loaded.settings;
    let marked = |instance: &&Arc<Instance>| settings.asking_account(instance.account.as_ref()).is_some();
    let Some(first) = targets.iter().find(marked).filter(|_| !asked.yes) else { return Ok(()) };
    let account = first.account.as_ref();
    let label = settings.asking_account(account).and_then(|account| account.label.as_ref());
    let names: Vec<String> = targets.iter().filter(marked).take(5).map(|instance| instance.shown()).collect();
    let label = label.map(|label| format!("({})", Untrusted::from(label.as_str()).shown_in(20))).unwrap_or_default();
    let account = account.map(ToString::to_string).unwrap_or_default();
    let values = [
        ("count", targets.iter().filter(marked).count().to_string().into()),
        ("names", names.join(", ").into()),
        ("account", joined(" ", [account.as_str(), &label]).into()),
    ];
    if invocation.terminal.may_ask {
        let answer = invocation.terminal.ask(&invocation.text.say_with("ask-exec", &values)).unwrap_or_default();
        if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
            return Ok(());
        }
    }
    Err(invocation.failure("exec-not-confirmed", Exit::Failed, &values))
}

/// What would be sent, and to whom not.
fn write_plan(invocation: &Invocation, order: &Order, out: &mut dyn Write) -> Result<(), Failure> {
    let (sent, not): (Vec<&Arc<Instance>>, Vec<&Arc<Instance>>) =
        order.targets.iter().partition(|instance| unsent(instance).is_none());
    let why = |instance: &Instance| unsent(instance).map(Outcome::Unsent);
    let text = &invocation.text;
    match invocation.form() {
        Form::Json | Form::Jsonl => {
            let id = |instance: &&Arc<Instance>| Value::from(instance.id.as_str());
            let left_out = not
                .iter()
                .map(|instance| json!({"id": instance.id.as_str(), "reason": why(instance).and_then(|why| why.code())}));
            let plan = json!({"schema": SCHEMA, "plan": {
                "call": "ssm:SendCommand", "document": documents::RUN_SHELL_SCRIPT, "script": order.script,
                "parallel": order.parallel.get(), "instances": sent.iter().map(id).collect::<Vec<_>>(),
                "not_sent": left_out.collect::<Vec<_>>(),
            }});
            match invocation.form() {
                Form::Json => write_pretty(out, &plan)?,
                _ => write_line(out, &plan)?,
            }
        }
        _ => {
            let values = [
                ("count", sent.len().to_string().into()),
                ("calls", sent.len().div_ceil(MOST_INSTANCES).to_string().into()),
                ("parallel", order.parallel.to_string().into()),
                ("script", Untrusted::from(order.script.as_str()).shown_in(2_000).into()),
            ];
            writeln!(out, "{}", text.say_with("exec-plan", &values))?;
            for instance in sent {
                writeln!(out, "  {}  {}", instance.shown(), instance.place.region)?;
            }
            for instance in not {
                let why = why(instance).and_then(|why| why.reason(text)).unwrap_or_default();
                writeln!(out, "  {}  {}: {why}", instance.shown(), text.say("fleet-not-sent"))?;
            }
        }
    }
    Ok(())
}
