//! How it went for each instance: a table for people, objects and records for programs.

use std::io::{self, Write};

use serde_json::{Value, json};

use crate::cli::args::Form;
use crate::cli::invocation::Invocation;
use crate::cli::output::{Cell, Delimited, SCHEMA, Table, write_line, write_pretty};
use crate::columns::Tone;
use crate::model::ProfileName;
use crate::power::{Outcome, Progress, Row, Stage};
use crate::text::Catalogue;

/// Columns of the CSV and TSV forms.
const COLUMNS: [&str; 7] = ["id", "name", "region", "previous", "state", "outcome", "reason"];

/// Write all results to stdout.
pub fn write(invocation: &Invocation, progress: &Progress, out: &mut dyn Write) -> io::Result<()> {
    let text = &invocation.text;
    let objects = || progress.rows().iter().map(|row| object(row, text));
    match invocation.form() {
        Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html => {
            invocation.write_table(table(progress, text), out)
        }
        Form::Json => {
            let good = progress.outcomes().filter(|(_, outcome)| outcome.is_good()).count();
            let total = progress.rows().len();
            write_pretty(
                out,
                &json!({
                    "schema": SCHEMA, "action": progress.power.word(), "results": objects().collect::<Vec<_>>(),
                    "summary": {"total": total, "succeeded": good, "failed": total - good},
                }),
            )
        }
        Form::Jsonl => objects().try_for_each(|object| write_line(out, &object)),
        Form::Csv => write_delimited(Delimited::Csv { raw: false }, objects(), out),
        Form::Tsv => write_delimited(Delimited::Tsv, objects(), out),
        Form::Ids => {
            let mut good = progress.outcomes().filter(|(_, outcome)| outcome.is_good());
            good.try_for_each(|(instance, _)| writeln!(out, "{}", instance.id))
        }
    }?;
    out.flush()
}

fn outcome(row: &Row) -> Option<&Outcome> {
    match &row.stage {
        Stage::Over(outcome) => Some(outcome),
        Stage::Waiting | Stage::Is(_) => None,
    }
}

fn table(progress: &Progress, text: &Catalogue) -> Table {
    let titles = ["name", "id", "state", "result"].map(|title| text.say(&format!("power-title-{title}")));
    let mut table = Table::new(titles.to_vec());
    for row in progress.rows() {
        let name = row.instance.name().map_or_else(|| Cell::plain("–"), Cell::foreign);
        let (result, tone, state) = match outcome(row) {
            None => (text.say("power-outcome-left"), Tone::Unknown, None),
            Some(outcome) => {
                let word = text.say(&format!("power-outcome-{}", outcome.word()));
                let said = outcome.reason(text).map_or_else(|| word.clone(), |why| format!("{word}: {why}"));
                let (mark, tone) = if outcome.is_good() { ("✓", Tone::Good) } else { ("✗", Tone::Bad) };
                (format!("{mark} {said}"), tone, outcome.state())
            }
        };
        let state = state.map_or("–", |state| state.word());
        table.push(vec![name, Cell::plain(row.instance.id.as_str()), Cell::plain(state), Cell::new(result, tone)]);
    }
    table
}

fn object(row: &Row, text: &Catalogue) -> Value {
    let instance = &row.instance;
    let outcome = outcome(row);
    let reason = outcome.and_then(|outcome| Some(json!({"code": outcome.code()?, "text": outcome.reason(text)?})));
    json!({
        "id": instance.id.as_str(),
        "name": instance.name().map(|name| name.raw()),
        "profile": instance.place.profile.as_ref().map(ProfileName::raw),
        "account": instance.account.as_ref().map(ToString::to_string),
        "region": instance.place.region.as_str(),
        "previous": instance.state.word(),
        "state": outcome.and_then(Outcome::state).map(|state| state.word()),
        "outcome": outcome.map(Outcome::word),
        "reason": reason,
    })
}

fn write_delimited(form: Delimited, objects: impl Iterator<Item = Value>, out: &mut dyn Write) -> io::Result<()> {
    form.write(out, &COLUMNS.map(str::to_owned))?;
    for object in objects {
        let cell = |column: &&str| match &object[*column] {
            Value::String(text) => text.clone(),
            Value::Object(reason) => reason.get("text").and_then(Value::as_str).unwrap_or_default().to_owned(),
            _ => String::new(),
        };
        form.write(out, &COLUMNS.iter().map(cell).collect::<Vec<_>>())?;
    }
    Ok(())
}
