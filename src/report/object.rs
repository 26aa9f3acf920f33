//! The report as JSON.

use serde_json::{Value, json};

use super::facts::{Group, Lacks, Logging, Report, Row};
use crate::access::{Reason, fix};
use crate::text::Catalogue;

/// `{"from", "places", "at", "totals", "unreachable", "last_resort", "unknown", "down", "exposed", "keys", "agents", "logging"}`; foreign text is as it is.
pub fn object(report: &Report, from: &[String], text: &Catalogue) -> Value {
    let totals = &report.totals;
    let reached = totals.reached.iter().map(|(method, count)| (method.id().to_owned(), json!(count)));
    let groups = |groups: &[Group]| groups.iter().map(|group| group_object(group, text)).collect::<Vec<_>>();
    json!({
        "at": report.at.to_string(),
        "from": from,
        "places": report.places.iter().map(|place| place_object(place)).collect::<Vec<_>>(),
        "totals": {
            "all": totals.all,
            "reached": reached.collect::<serde_json::Map<_, _>>(),
            "last_resort": totals.last_resort,
            "unreachable": totals.unreachable,
            "unknown": totals.unknown,
            "down": totals.down,
        },
        "unreachable": groups(&report.unreachable),
        "last_resort": groups(&report.last_resort),
        "unknown": groups(&report.unknown),
        "down": groups(&report.down),
        "exposed": report.exposed.iter().map(|own| json!({"cause": cause(&own.reason, text), "instances": rows(&own.rows)})).collect::<Vec<_>>(),
        "keys": report.keys.iter().map(|key| json!({"key": key.name.raw(), "place": place_object(&key.place), "instances": rows(&key.rows)})).collect::<Vec<_>>(),
        "agents": report.agents.iter().map(|own| json!({"version": own.version.raw(), "lacks": lacks(own.lacks), "instances": rows(&own.rows)})).collect::<Vec<_>>(),
        "logging": report.logging.iter().map(|(place, logging)| json!({"place": place_object(place), "log": log(logging)})).collect::<Vec<_>>(),
    })
}

fn group_object(group: &Group, text: &Catalogue) -> Value {
    let told = group.causes.iter().map(|told| {
        let mut object = cause(&told.reason, text);
        object["methods"] = told.methods.iter().map(|method| method.id()).collect();
        object["is_same_for_all"] = told.is_same.into();
        object
    });
    json!({"causes": told.collect::<Vec<_>>(), "instances": rows(&group.rows)})
}

fn cause(reason: &Reason, text: &Catalogue) -> Value {
    json!({
        "rule": reason.rule,
        "code": reason.code,
        "text": reason.text(text),
        "fix": fix(reason.code).filter(|_| reason.has_remedy),
        "command": reason.remedy(text),
    })
}

fn rows(rows: &[Row]) -> Vec<Value> {
    let row = |row: &Row| {
        json!({
            "id": row.id.to_string(),
            "name": row.name.as_ref().map(|name| name.raw()),
            "profile": row.place.profile.as_ref().map(|profile| profile.raw()),
            "region": row.place.region.to_string(),
            "account": row.account.as_ref().map(ToString::to_string),
            "state": row.state.word(),
        })
    };
    rows.iter().map(row).collect()
}

fn place_object(place: &crate::model::Place) -> Value {
    json!({"profile": place.profile.as_ref().map(|profile| profile.raw()), "region": place.region.to_string()})
}

fn lacks(lacks: Lacks) -> &'static str {
    match lacks {
        Lacks::Sessions => "sessions",
        Lacks::Commands => "commands",
    }
}

fn log(logging: &Logging) -> Value {
    match logging {
        Logging::Kept { s3, cloudwatch } => json!({"s3": s3, "cloudwatch": cloudwatch}),
        Logging::Off => json!({"s3": false, "cloudwatch": false}),
        Logging::Unknown(_) => Value::Null,
    }
}
