//! What `doctor` found, as JSON.

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::offers::Offers;
use crate::access::{Reason, Way, fix, severity};
use crate::cli::output::SCHEMA;
use crate::cli::warnings::Warning;
use crate::columns::View;

/// `{"schema", "instance", "from", "best", "methods", "warnings"}`. A fix has `run` where this program carries it out.
pub fn of(view: &View<'_>, from: &[IpAddr], offers: &Offers, warnings: &[Warning]) -> Value {
    let methods: Vec<Value> = view.ways.list.iter().map(|way| method(way, view, offers)).collect();
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

fn method(way: &Way, view: &View<'_>, offers: &Offers) -> Value {
    let findings = way.reasons.iter().chain(&way.passes).map(|reason| finding(reason, view, offers.line(way, reason)));
    let findings: Vec<Value> = findings.collect();
    json!({"method": way.method.id(), "verdict": way.verdict.word(), "findings": findings})
}

fn finding(reason: &Reason, view: &View<'_>, run: Option<String>) -> Value {
    let text = view.text;
    let evidence: Map<String, Value> =
        reason.values.iter().map(|(name, value)| (name.replace('-', "_"), Value::from(value.as_str()))).collect();
    let (command, remark) = (reason.remedy(text), reason.remark(text));
    let fixes: Vec<Value> = if command.is_some() || remark.is_some() || run.is_some() {
        vec![json!({"id": fix(reason.code), "text": remark, "command": command, "run": run})]
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
