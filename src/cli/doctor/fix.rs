//! `doctor TARGET --fix ID`: what would be changed, a yes, the changes, and whether the rule that said no says so no more.

use std::io::Write;

use jiff::Timestamp;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::access::{ConnectOptions, KeyToAdd, Local, Ways, key_to_add, taker};
use crate::aws::Cloud;
use crate::cli::args::{Doctor, Form};
use crate::cli::fixes::{halted, journal, object, tell_step, told};
use crate::cli::invocation::Invocation;
use crate::cli::local;
use crate::cli::output::{SCHEMA, write_line, write_pretty};
use crate::cli::{Exit, Failure};
use crate::fixes::{self, Fix, FixId, Record, preview};
use crate::model::Instance;
use crate::text::joined;

/// What the doctor found.
pub(super) struct Found<'a> {
    pub cloud: &'a Cloud,
    pub instance: &'a Instance,
    pub ways: &'a Ways,
    pub options: &'a ConnectOptions,
    pub local: &'a Local,
}

impl Found<'_> {
    /// The key that the instance would be told to take.
    fn key(&self) -> Option<KeyToAdd> {
        key_to_add(self.instance, self.options, self.local)
    }

    /// Whether this was found.
    fn says(&self, code: &str) -> bool {
        self.ways.list.iter().flat_map(|way| &way.reasons).any(|reason| reason.code == code)
    }
}

/// Whether there is somebody who could say yes, before anything is asked of AWS.
pub(super) fn may_begin(invocation: &Invocation, asked: &Doctor) -> Result<(), Failure> {
    if !matches!(invocation.form(), Form::Table | Form::Wide | Form::Json | Form::Jsonl) {
        return Err(invocation.failure("doctor-form", Exit::Usage, &[]));
    }
    let command = [("command", format!("ec2dash doctor {} --fix {}", "TARGET", fix_word(asked)).into())];
    if !invocation.loaded.settings.may_mend() && !asked.dry_run {
        return Err(invocation.failure("fix-read-only", Exit::Usage, &command));
    }
    if !asked.yes && !asked.dry_run && !invocation.terminal.may_ask {
        return Err(invocation.failure("fix-no-yes", Exit::Usage, &command));
    }
    Ok(())
}

fn fix_word(asked: &Doctor) -> &'static str {
    asked.fix.map_or("ID", FixId::as_str)
}

/// Mend what this fix is for.
pub(super) async fn fix(
    invocation: &Invocation,
    id: FixId,
    asked: &Doctor,
    found: &Found<'_>,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let fix = offered(invocation, id, found).await?;
    let lines = preview::lines(&fix, &invocation.text);
    // The answer is the caller's to read, also where it is no.
    let may = fixes::may(found.cloud, &fix).await;
    if asked.dry_run {
        write_plan(invocation, &fix, &lines, out)?;
        let said = match may.map_err(|error| invocation.failed(&error))? {
            0 => "mend-untried",
            asked if asked < fix.changes.len() => "mend-may-partly",
            _ => "mend-may",
        };
        invocation.note(&invocation.text.say(said));
        return Ok(Exit::Done);
    }
    told(&lines);
    may.map_err(|error| invocation.failed(&error))?;
    confirm(invocation, asked.yes, &fix)?;
    let identity = found.cloud.identity().await.map_err(|error| invocation.failed(&error))?;
    let record = Record::of(&fix, &identity, false, Timestamp::now().as_second());
    let journal = journal(invocation)?;
    let mut open = journal.begin(record).map_err(|error| halted(invocation, &error.into(), None))?;
    let number = open.record().number;
    let carried = fixes::carry_out(found.cloud, &fix.place.region, &mut open, &mut |step| tell_step(invocation, step)).await;
    if let Err(error) = carried {
        return Err(halted(invocation, &error, open.record().standing().is_open().then_some(number)));
    }
    let is_mended = wait_until_mended(invocation, &fix, found).await?;
    write_end(invocation, &fix, open.record(), is_mended, out)?;
    Ok(if is_mended { Exit::Done } else { Exit::Failed })
}

/// The fix of this id, where a finding asks for it.
async fn offered(invocation: &Invocation, id: FixId, found: &Found<'_>) -> Result<Fix, Failure> {
    let rows = fixes::rows_of_vpc(found.cloud, found.instance).await;
    let all = fixes::offered(found.instance, found.ways, rows.as_deref(), found.key().as_ref(), Timestamp::now());
    let known = joined(", ", all.iter().map(|fix| fix.id.as_str()));
    let wanted = all.into_iter().find(|fix| fix.id == id);
    let wanted = wanted.ok_or_else(|| {
        let values = [("fix", id.as_str().into()), ("name", found.instance.shown().into()), ("fixes", known.clone().into())];
        let code = match id {
            FixId::OpenToMe | FixId::OpenToMe6 | FixId::OpenAclIn | FixId::OpenAclOut if found.local.sources.is_empty() => {
                "fix-address-unknown"
            }
            FixId::AddKey if taker(found.instance, found.options).is_some() && found.key().is_none() => "fix-no-key",
            FixId::InternetRoute if found.says("net-route-none") => "fix-route-taken",
            _ if known.is_empty() => "fix-none",
            _ => "fix-not-offered",
        };
        invocation.failure(code, Exit::Failed, &values)
    })?;
    fixes::prepared(found.cloud, wanted).await.map_err(|error| invocation.failed(&error))
}

/// Nothing changes without a yes to what was shown.
fn confirm(invocation: &Invocation, yes: bool, fix: &Fix) -> Result<(), Failure> {
    let answer = if yes { "y".to_owned() } else { invocation.terminal.ask(&invocation.text.say("ask-fix")).unwrap_or_default() };
    if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(invocation.failure("fix-not-confirmed", Exit::Failed, &[("fix", fix.id.as_str().into())]))
}

/// Ask again until the rule says so no more. What the doctor cannot read does not end the wait: the change is made.
async fn wait_until_mended(invocation: &Invocation, fix: &Fix, found: &Found<'_>) -> Result<bool, Failure> {
    let begun = Instant::now();
    let text = &invocation.text;
    let values = [("rule", fix.rule.into()), ("method", fix.method.id().into())];
    let mut is_told = false;
    let mut said = String::new();
    let local = Local { added_keys: local::added_keys(invocation), ..found.local.clone() };
    loop {
        let mut last = None;
        match fixes::looked_again(found.cloud, fix, found.options, &local).await {
            Ok((_, None)) => return Ok(true),
            Ok((_, Some(left))) => {
                if !std::mem::replace(&mut is_told, true) {
                    invocation.note(&text.say_with("mend-waiting", &values));
                }
                // How far it is, each once.
                let now = left.text(text);
                if now != said {
                    invocation.note(&format!("  {now}"));
                    said = now;
                }
            }
            Err(error) => last = Some(error),
        }
        let pause = Fix::pause(begun.elapsed());
        if begun.elapsed() + pause > fix.longest_wait() {
            return last.map_or(Ok(false), |error| Err(invocation.failed(&error)));
        }
        sleep(pause).await;
    }
}

fn write_plan(invocation: &Invocation, fix: &Fix, lines: &[String], out: &mut dyn Write) -> Result<(), Failure> {
    let text = &invocation.text;
    let calls: Vec<_> =
        fix.changes.iter().map(|change| json!({"action": change.forth().action, "call": change.shown()})).collect();
    let consequences: Vec<_> = fix.consequences.iter().map(|one| json!({"code": one.code(), "text": one.text(text)})).collect();
    let plan = json!({"schema": SCHEMA, "plan": {
        "fix": fix.id.as_str(), "text": fix.title(text), "instance": fix.instance.as_str(),
        "profile": fix.place.profile.as_ref().map(|profile| profile.raw()), "region": fix.place.region.as_str(),
        "calls": calls, "commands": fix.commands(), "consequences": consequences, "undo": fix.commands_back(),
    }});
    match invocation.form() {
        Form::Json => write_pretty(out, &plan)?,
        Form::Jsonl => write_line(out, &plan)?,
        _ => {
            for line in lines {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}

fn write_end(invocation: &Invocation, fix: &Fix, record: &Record, is_mended: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let values = [
        ("rule", fix.rule.into()),
        ("method", fix.method.id().into()),
        ("seconds", fix.longest_wait().as_secs().to_string().into()),
        ("number", record.number.to_string().into()),
    ];
    let end = json!({"schema": SCHEMA, "fix": object(record, false), "mended": is_mended});
    match invocation.form() {
        Form::Json => write_pretty(out, &end)?,
        Form::Jsonl => write_line(out, &end)?,
        _ => {
            let said = if is_mended { "mend-mended" } else { "mend-not-yet" };
            writeln!(out, "{}", invocation.text.say_with(said, &values))?;
            if record.standing().is_open() {
                writeln!(out, "{}", invocation.text.say_with("mend-undo-by", &values))?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
