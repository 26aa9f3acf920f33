//! A record of a fix as data.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fixes::Record;

/// A record as data.
pub fn object(record: &Record, is_busy: bool) -> Value {
    let standing = if is_busy { "at-work" } else { record.standing().word() };
    let steps: Vec<Value> = record
        .steps
        .iter()
        .map(|step| {
            json!({
                "action": step.change.forth().action, "call": step.change.shown(), "state": step.state,
                "made": step.made, "at": time(step.at),
            })
        })
        .collect();
    let change = record.steps.first().map(|step| step.change.shown());
    let more = record.steps.len().saturating_sub(1);
    let change = change.map(|first| if more == 0 { first } else { format!("{first} (+{more})") });
    json!({
        "number": record.number, "standing": standing, "fix": record.fix, "instance": record.instance, "name": record.name,
        "profile": record.profile, "account": record.by.account, "region": record.region, "begun": begun(record),
        "by": record.by.arn, "until_exit": record.until_exit, "change": change, "steps": steps,
    })
}

/// When it was begun.
pub(super) fn begun(record: &Record) -> String {
    time(record.begun).unwrap_or_default()
}

fn time(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
