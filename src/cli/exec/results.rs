//! The results of all instances: a table for people, objects and lines for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::args::Form;
use crate::cli::invocation::Invocation;
use crate::cli::output::{Cell, Delimited, SCHEMA, Table, write_pretty};
use crate::columns::Tone;
use crate::fleet::{CommandEnd, Outcome, Progress, Row};
use crate::model::{ProfileName, Untrusted};
use crate::terminal::Standard;
use crate::text::Catalogue;

/// Columns of the CSV and TSV forms.
const COLUMNS: [&str; 11] =
    ["id", "name", "region", "status", "exit_code", "seconds", "stdout", "stdout_cut", "stderr", "stderr_cut", "reason"];

/// Write all results: the table to stderr, everything else to stdout. Lines of JSON were written as they came.
pub fn write(invocation: &Invocation, progress: &Progress, out: &mut dyn Write) -> io::Result<()> {
    match invocation.form() {
        Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html
            if invocation.global.quiet =>
        {
            Ok(())
        }
        Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html => {
            write_table(invocation, progress)
        }
        Form::Json => write_pretty(out, &all(progress, &invocation.text)),
        Form::Jsonl => Ok(()),
        Form::Csv => write_delimited(Delimited::Csv { raw: false }, progress, &invocation.text, out),
        Form::Tsv => write_delimited(Delimited::Tsv, progress, &invocation.text, out),
        Form::Ids => {
            let mut succeeded = progress.rows().iter().filter(|row| row.ending().is_some_and(is_success));
            succeeded.try_for_each(|row| writeln!(out, "{}", row.instance.id))
        }
    }?;
    out.flush()
}

fn is_success(ending: &CommandEnd) -> bool {
    ending.outcome == Outcome::Success
}

fn all(progress: &Progress, text: &Catalogue) -> Value {
    let summary = progress.summary();
    let commands = progress.commands.iter().map(|(region, id)| json!({"id": id.as_str(), "region": region.as_str()}));
    json!({
        "schema": SCHEMA,
        "commands": commands.collect::<Vec<_>>(),
        "results": progress.rows().iter().map(|row| object(row, text)).collect::<Vec<_>>(),
        "summary": {
            "total": summary.total, "succeeded": summary.succeeded, "failed": summary.failed, "not_done": summary.not_done,
            "not_sent": summary.not_sent, "cancelled": summary.cancelled,
        },
    })
}

/// One instance.
pub fn object(row: &Row, text: &Catalogue) -> Value {
    let instance = &row.instance;
    let ending = row.ending();
    let outcome = ending.map(|ending| &ending.outcome);
    let reason = outcome.and_then(|outcome| Some(json!({"code": code(outcome), "text": outcome.reason(text)?})));
    json!({
        "id": instance.id.as_str(),
        "name": instance.name().map(|name| name.raw()),
        "profile": instance.place.profile.as_ref().map(ProfileName::raw),
        "account": instance.account.as_ref().map(ToString::to_string),
        "region": instance.place.region.as_str(),
        "command_id": row.command.as_ref().map(|command| command.as_str()),
        "status": outcome.map_or("unknown", Outcome::word),
        "exit_code": ending.and_then(|ending| ending.code),
        "seconds": ending.and_then(|ending| ending.lasted).map(|lasted| lasted.as_secs_f64()),
        "stdout": ending.map(|ending| ending.stdout.text.raw()),
        "stdout_cut": ending.is_some_and(|ending| ending.stdout.is_cut),
        "stderr": ending.map(|ending| ending.stderr.text.raw()),
        "stderr_cut": ending.is_some_and(|ending| ending.stderr.is_cut),
        "untold": ending.and_then(|ending| ending.untold.as_ref()).map(|error| json!({"code": error.code(), "text": error.what(text)})),
        "reason": reason,
    })
}

fn code(outcome: &Outcome) -> String {
    outcome.code().map_or_else(|| outcome.word().replace('_', "-"), str::to_owned)
}

fn write_table(invocation: &Invocation, progress: &Progress) -> io::Result<()> {
    let text = &invocation.text;
    let titles = ["name", "id", "status", "exit", "time", "says"].map(|title| text.say(&format!("exec-title-{title}")));
    let mut table = Table::new(titles.to_vec());
    for row in progress.rows() {
        table.push(cells(row, text));
    }
    let draws_unicode = invocation.terminal.look.draws_unicode(&invocation.loaded.settings.ui);
    let table = if draws_unicode { table } else { table.in_ascii() };
    let width = invocation.terminal.stderr.then(|| invocation.terminal.width().unwrap_or(120));
    let has_colour = invocation.terminal.stderr && invocation.terminal.colour;
    table.write(&mut Standard::error(), width, has_colour)
}

fn cells(row: &Row, text: &Catalogue) -> Vec<Cell> {
    let name = row.instance.name().map(|name| name.shown_in(32)).unwrap_or_default();
    let Some(ending) = row.ending() else {
        return vec![Cell::plain(name), Cell::plain(row.instance.id.as_str()), Cell::new(text.say("fleet-sent"), Tone::Unknown)];
    };
    let (mark, tone) = mark(&ending.outcome);
    let says = ending.outcome.reason(text).unwrap_or_else(|| first_line(ending));
    vec![
        Cell::plain(name),
        Cell::plain(row.instance.id.as_str()),
        Cell::new(format!("{mark} {}", text.say(&format!("fleet-{}", ending.outcome.word().replace('_', "-")))), tone),
        Cell::plain(ending.code.map(|code| code.to_string()).unwrap_or_default()),
        Cell::plain(ending.lasted.map(|lasted| format!("{:.1} s", lasted.as_secs_f64())).unwrap_or_default()),
        Cell::plain(Untrusted::from(says).shown_lines().next().unwrap_or_default()),
    ]
}

/// The first line with something in it: of stderr where it failed.
fn first_line(ending: &CommandEnd) -> String {
    let (first, second) = match is_success(ending) {
        true => (&ending.stdout, &ending.stderr),
        false => (&ending.stderr, &ending.stdout),
    };
    let mut lines = first.text.raw().lines().chain(second.text.raw().lines());
    let line = lines.find(|line| !line.trim().is_empty()).unwrap_or_default();
    // A line may have a megabyte, and a cell has sixty columns.
    line.chars().take(400).collect()
}

fn mark(outcome: &Outcome) -> (&'static str, Tone) {
    match outcome {
        Outcome::Success => ("✓", Tone::Good),
        Outcome::Unknown(_) => ("?", Tone::Unknown),
        Outcome::Cancelled | Outcome::Terminated | Outcome::Unsent(_) => ("–", Tone::Faint),
        _ => ("✗", Tone::Bad),
    }
}

fn write_delimited(form: Delimited, progress: &Progress, text: &Catalogue, out: &mut dyn Write) -> io::Result<()> {
    form.write(out, &COLUMNS.map(str::to_owned))?;
    for row in progress.rows() {
        let object = object(row, text);
        let cell = |column: &&str| match &object[*column] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Object(reason) => reason.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
            other => other.to_string(),
        };
        form.write(out, &COLUMNS.iter().map(cell).collect::<Vec<_>>())?;
    }
    Ok(())
}
