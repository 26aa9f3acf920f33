//! What a call of `SendCommand` asks for, checked as AWS checks it.

use std::time::Duration;

use serde_json::Value;

use super::ledger::Order;
use crate::asking::Asking;
use crate::fleet::{Instance, State};
use crate::json::Arguments;
use crate::refusal::Refusal;

/// The documents there are: a script, and the agent's own update.
const SCRIPT: &str = "AWS-RunShellScript";
pub(super) const UPDATE: &str = "AWS-UpdateSSMAgent";
/// Most instances that one call names.
const MOST_INSTANCES: usize = 50;
/// How long a command may wait for its instance, by default and at least.
const DELIVERY: u64 = 3_600;
const LEAST_DELIVERY: u64 = 30;
/// How long a command may run, if nobody says otherwise.
const EXECUTION: u64 = 3_600;

/// The order of a call.
pub(super) fn read(asking: &Asking<'_>, arguments: &Arguments) -> Result<Order, Refusal> {
    let name = arguments.text("DocumentName").ok_or_else(|| invalid("Value null at 'documentName'"))?;
    let Some(document) = [SCRIPT, UPDATE].into_iter().find(|known| *known == name) else {
        return Err(Refusal::new(400, "InvalidDocument", format!("Document with name {name} does not exist.")));
    };
    let parameters = arguments.value("Parameters").cloned().unwrap_or(Value::Null);
    let script = if document == UPDATE { ":".to_owned() } else { script(&parameters)? };
    let comment = arguments.text("Comment").unwrap_or_default();
    if comment.chars().count() > 100 {
        return Err(invalid(
            "Value at 'comment' failed to satisfy constraint: Member must have length less than or equal to 100",
        ));
    }
    let delivery = arguments.number("TimeoutSeconds").unwrap_or(DELIVERY);
    if !(LEAST_DELIVERY..=2_592_000).contains(&delivery) {
        return Err(invalid(&format!(
            "Value '{delivery}' at 'timeoutSeconds' failed to satisfy constraint: Member must have value greater than or equal to {LEAST_DELIVERY}"
        )));
    }
    let execution = match one(&parameters, "executionTimeout") {
        None => EXECUTION,
        Some(text) => {
            let seconds = text.parse().ok().filter(|seconds| (1..=172_800).contains(seconds));
            seconds.ok_or_else(|| Refusal::new(400, "InvalidParameters", "executionTimeout is not valid"))?
        }
    };
    let instances = instances(asking, arguments)?;
    let count = instances.len();
    Ok(Order {
        document,
        targets: arguments.value("Targets").cloned().unwrap_or_else(|| Value::Array(Vec::new())),
        script,
        comment: comment.to_owned(),
        delivery: Duration::from_secs(delivery),
        execution: Duration::from_secs(execution),
        concurrency: share(arguments, "MaxConcurrency", "50", count)?,
        errors: share(arguments, "MaxErrors", "0", count)?,
        instances,
        parameters,
    })
}

fn invalid(problem: &str) -> Refusal {
    Refusal::new(400, "ValidationException", format!("1 validation error detected: {problem}"))
}

/// The lines of the script, with the directory it wants to be in.
fn script(parameters: &Value) -> Result<String, Refusal> {
    let known = ["commands", "workingDirectory", "executionTimeout"];
    let given = parameters.as_object().into_iter().flatten().map(|(name, _)| name);
    if let Some(name) = given.into_iter().find(|name| !known.contains(&name.as_str())) {
        return Err(Refusal::new(400, "InvalidParameters", format!("Parameter {name} is not defined in the document.")));
    }
    let lines: Vec<&str> =
        parameters.get("commands").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if lines.is_empty() {
        return Err(Refusal::new(400, "InvalidParameters", "Parameter commands is required."));
    }
    let script = lines.join("\n");
    Ok(match one(parameters, "workingDirectory").filter(|directory| !directory.is_empty()) {
        Some(directory) => format!("cd '{}' || exit 1\n{script}", directory.replace('\'', r"'\''")),
        None => script,
    })
}

fn one<'v>(parameters: &'v Value, name: &str) -> Option<&'v str> {
    parameters.get(name)?.as_array()?.first()?.as_str()
}

/// A number, or a share of `count`, of at least one where the text says so.
fn share(arguments: &Arguments, name: &str, usual: &str, count: usize) -> Result<(String, usize), Refusal> {
    let text = arguments.text(name).unwrap_or(usual);
    let wrong = || invalid(&format!("Value '{text}' at '{name}' failed to satisfy constraint"));
    let number: usize = text.strip_suffix('%').unwrap_or(text).parse().map_err(|_| wrong())?;
    let number = match text.ends_with('%') {
        true if number > 100 => return Err(wrong()),
        true => (count * number).div_ceil(100),
        false => number,
    };
    if name == "MaxConcurrency" && text == "0" {
        return Err(wrong());
    }
    Ok((text.to_owned(), number))
}

fn instances(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<String>, Refusal> {
    let named: Vec<&str> = texts(arguments.value("InstanceIds"));
    let targets = arguments.filters("Targets", "Key", "Values");
    if named.len() > MOST_INSTANCES {
        return Err(invalid(
            "Value at 'instanceIds' failed to satisfy constraint: Member must have length less than or equal to 50",
        ));
    }
    if named.is_empty() == targets.is_empty() {
        return Err(invalid("Either InstanceIds or Targets must be specified, and not both."));
    }
    if !targets.is_empty() {
        let fits = |instance: &&Instance| {
            targets.iter().all(|(key, values)| match key.strip_prefix("tag:") {
                Some(tag) => instance.tags.iter().any(|(own, value)| own == tag && values.contains(&value.as_str())),
                None => *key == "InstanceIds" && values.contains(&instance.id.as_str()),
            })
        };
        let managed = asking.nodes().filter(|instance| may_be_sent_to(instance));
        return Ok(managed.filter(fits).map(|instance| instance.id.clone()).collect());
    }
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = named.iter().find(|id| !seen.insert(**id)) {
        return Err(Refusal::new(400, "DuplicateInstanceId", format!("Instance id {twice} is duplicated.")));
    }
    let find = |id: &str| asking.nodes().find(|instance| instance.id == id);
    let wrong: Vec<&str> = named.iter().copied().filter(|id| !find(id).is_some_and(may_be_sent_to)).collect();
    if !wrong.is_empty() {
        let message = format!("Instances [[{}]] not in a valid state for account {}", wrong.join(", "), asking.account.id);
        return Err(Refusal::new(400, "InvalidInstanceId", message));
    }
    if named.iter().filter_map(|id| find(id)).any(Instance::is_windows) {
        return Err(Refusal::new(
            400,
            "UnsupportedPlatformType",
            "The document does not support the platform type of an instance.",
        ));
    }
    Ok(named.into_iter().map(str::to_owned).collect())
}

/// AWS takes a command for whatever is registered and not gone; whether it can be delivered shows later.
fn may_be_sent_to(instance: &Instance) -> bool {
    instance.agent.is_some() && !matches!(instance.state, State::ShuttingDown | State::Terminated)
}

pub(super) fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}
