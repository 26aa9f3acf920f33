//! What `doctor` found, as JSON.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use crate::access::{Reason, Way, fix, severity};
use crate::cli::output::SCHEMA;
use crate::cli::warnings::Warning;
use crate::columns::View;

/// `{"schema", "instance", "from", "best", "methods", "warnings"}`.
pub fn of(view: &View<'_>, from: &[IpAddr], warnings: &[Warning]) -> Value {
    let methods: Vec<Value> = view.ways.list.iter().map(|way| method(way, view)).collect();
    let warnings: Vec<Value> = warnings.iter().map(Warning::object).collect();
    json!({
        "schema": SCHEMA,
        "instance": view.object(),
        "from": from.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "best": view.ways.called_best().map(|best| best.id()),
        "methods": methods,
        "warnings": warnings,
    })
}

fn method(way: &Way, view: &View<'_>) -> Value {
    let findings: Vec<Value> = way.reasons.iter().chain(&way.passes).map(|reason| finding(reason, view)).collect();
    json!({"method": way.method.id(), "verdict": way.verdict.word(), "findings": findings})
}

fn finding(reason: &Reason, view: &View<'_>) -> Value {
    let text = view.text;
    let evidence: Map<String, Value> =
        reason.values.iter().map(|(name, value)| (name.replace('-', "_"), Value::from(value.as_str()))).collect();
    let (command, remark) = (reason.remedy(text), reason.remark(text));
    let fixes: Vec<Value> = if command.is_some() || remark.is_some() {
        vec![json!({"id": fix(reason.code), "text": remark, "command": command})]
    } else {
        Vec::new()
    };
    json!({
        "rule": reason.rule,
        "severity": severity(reason.rule).map(|severity| severity.letter()),
        "outcome": reason.outcome.word(),
        "code": reason.code,
        "text": reason.text(text),
        "evidence": evidence,
        "fixes": fixes,
    })
}
