//! SSM Run Command: commands sent to instances, run by this computer's `/bin/sh`.

mod commands;
mod ledger;
mod order;
mod status;
mod told;
mod work;

use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::asking::Asking;
use super::fleet::{Fleet, Instance, Ping, State};
use super::json::Arguments;
use super::refusal::Refusal;
pub(super) use commands::Commands;
use ledger::{Command, Invocation};
use order::texts;
use work::Reach;

/// The version of an agent that was updated.
const LATEST_AGENT: &str = "3.3.1611.0";
/// Most entries of a page.
const PAGE: u64 = 50;

/// Whether an action is one of these.
pub(super) fn knows(action: &str) -> bool {
    matches!(action, "SendCommand" | "ListCommands" | "ListCommandInvocations" | "GetCommandInvocation" | "CancelCommand")
}

/// The JSON that answers the call.
pub(super) fn answer(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let answer = match asking.action {
        "SendCommand" => send(asking, arguments)?,
        "ListCommands" => list_commands(asking, arguments)?,
        "ListCommandInvocations" => list_invocations(asking, arguments)?,
        "GetCommandInvocation" => get_invocation(asking, arguments)?,
        _ => cancel(asking, arguments)?,
    };
    Ok(answer.to_string().into_bytes())
}

fn send(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let order = order::read(asking, arguments)?;
    let instances: Vec<&Instance> =
        order.instances.iter().filter_map(|id| asking.nodes().find(|instance| instance.id == *id)).collect();
    let reaches = instances.iter().map(|instance| reach(instance)).collect();
    let invocation = |instance: &&Instance| {
        Invocation::new(instance.id.clone(), instance.computer_name(), asking.fleet.user(instance).into_iter().collect())
    };
    let invocations = instances.iter().map(invocation).collect();
    let command = Arc::new(Command {
        id: Uuid::new_v4().to_string(),
        account: asking.account.id.clone(),
        region: asking.region.to_owned(),
        order,
        requested: SystemTime::now(),
        invocations,
    });
    if command.order.document == order::UPDATE {
        asking.world.edit(|fleet| update_agents(fleet, &command.order.instances));
    }
    asking.world.commands.ledger.add(Arc::clone(&command));
    let told = told::command(&command);
    asking.world.commands.start(&command, reaches);
    Ok(json!({ "Command": told }))
}

/// Those that are heard are of the latest version from now on.
fn update_agents(fleet: &mut Fleet, ids: &[String]) {
    for id in ids {
        let agent = fleet.instance_mut(id).and_then(|instance| instance.agent.as_mut());
        if let Some(agent) = agent.filter(|agent| matches!(agent.ping, Ping::Online(_))) {
            LATEST_AGENT.clone_into(&mut agent.version);
        }
    }
}

fn reach(instance: &Instance) -> Reach {
    match (instance.state, instance.agent.as_ref().map(|agent| agent.ping)) {
        (State::Running, Some(Ping::Online(_))) => Reach::Online,
        (State::Running, Some(Ping::Lost(_))) => Reach::Silent,
        _ => Reach::Off,
    }
}

fn list_commands(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let found: Vec<Value> = commands(asking, arguments)?.iter().map(|command| told::command(command)).collect();
    page(asking, arguments, "Commands", filtered(found, arguments)?)
}

fn list_invocations(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let details = arguments.value("Details").and_then(Value::as_bool).unwrap_or(false);
    let instance = arguments.text("InstanceId");
    let mut found = Vec::new();
    for command in commands(asking, arguments)? {
        let own = command.invocations.iter().filter(|invocation| instance.is_none_or(|id| id == invocation.instance));
        found.extend(own.map(|invocation| told::invocation(&command, invocation, details)));
    }
    page(asking, arguments, "CommandInvocations", filtered(found, arguments)?)
}

fn get_invocation(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let command = the_command(asking, arguments)?;
    let id = arguments.text("InstanceId").unwrap_or_default();
    if arguments.text("PluginName").is_some_and(|name| name != "aws:runShellScript" && name != "runShellScript") {
        return Err(Refusal::new(400, "InvalidPluginName", ""));
    }
    let invocation = command.invocations.iter().find(|invocation| invocation.instance == id);
    match invocation {
        Some(invocation) => Ok(told::whole(&command, invocation)),
        None => Err(Refusal::new(400, "InvocationDoesNotExist", "")),
    }
}

fn cancel(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let command = the_command(asking, arguments)?;
    let named = texts(arguments.value("InstanceIds"));
    for invocation in command.invocations.iter().filter(|own| named.is_empty() || named.contains(&own.instance.as_str())) {
        invocation.cancel();
    }
    Ok(json!({}))
}

/// Those that a list asks for.
fn commands(asking: &Asking<'_>, arguments: &Arguments) -> Result<Vec<Arc<Command>>, Refusal> {
    if arguments.text("CommandId").is_some() {
        return the_command(asking, arguments).map(|command| vec![command]);
    }
    let all = asking.world.commands.ledger.of(&asking.account.id, asking.region);
    let instance = arguments.text("InstanceId");
    let concerns = |command: &Arc<Command>| instance.is_none_or(|id| command.invocations.iter().any(|own| own.instance == id));
    Ok(all.into_iter().filter(concerns).collect())
}

fn the_command(asking: &Asking<'_>, arguments: &Arguments) -> Result<Arc<Command>, Refusal> {
    let id = arguments.text("CommandId").unwrap_or_default();
    if id.chars().count() != 36 {
        let message =
            "1 validation error detected: Value at 'commandId' failed to satisfy constraint: Member must have length 36";
        return Err(Refusal::new(400, "ValidationException", message));
    }
    let all = asking.world.commands.ledger.of(&asking.account.id, asking.region);
    all.into_iter().find(|command| command.id == id).ok_or_else(|| Refusal::new(400, "InvalidCommandId", ""))
}

fn filtered(found: Vec<Value>, arguments: &Arguments) -> Result<Vec<Value>, Refusal> {
    let filters: Vec<(&str, &str)> = arguments
        .value("Filters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|filter| Some((filter.get("key")?.as_str()?, filter.get("value")?.as_str()?)))
        .collect();
    for (key, _) in &filters {
        if !["Status", "DocumentName", "InvokedAfter", "InvokedBefore"].contains(key) {
            return Err(Refusal::new(400, "InvalidFilterKey", format!("{key} is not a valid filter key.")));
        }
    }
    let asked = |row: &Value| row["RequestedDateTime"].as_f64().unwrap_or_default();
    let at = |text: &str| text.parse::<Timestamp>().map(|time| time.as_millisecond() as f64 / 1_000.0).unwrap_or_default();
    let fits = |row: &Value| {
        filters.iter().all(|(key, value)| match *key {
            "InvokedAfter" => asked(row) > at(value),
            "InvokedBefore" => asked(row) < at(value),
            name => row[name].as_str() == Some(value),
        })
    };
    Ok(found.into_iter().filter(fits).collect())
}

fn page(asking: &Asking<'_>, arguments: &Arguments, list: &str, found: Vec<Value>) -> Result<Value, Refusal> {
    let size = arguments.number("MaxResults").unwrap_or(PAGE);
    if !(1..=PAGE).contains(&size) {
        let message = format!("1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint");
        return Err(Refusal::new(400, "ValidationException", message));
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let page = asking
        .paging
        .cut(found, size, arguments.text("NextToken"))
        .map_err(|_| Refusal::new(400, "InvalidNextToken", "The specified token is not valid."))?;
    let mut answer = json!({ list: page.items });
    if let Some(next) = page.next {
        answer["NextToken"] = Value::from(next);
    }
    Ok(answer)
}
