//! The document that a call names, with its parameters filled in.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::content::{Content, Limits};
use super::known;
use super::preferences::Preferences;
use super::work::{Document, Work};
use crate::asking::Asking;
use crate::json::Arguments;
use crate::refusal::Refusal;

/// The document that holds the account's preferences, and the shell that a call without a name gets.
const SHELL: &str = "SSM-SessionManagerRunShell";
const USUAL_IDLE: Duration = Duration::from_secs(20 * 60);
/// Who runs what runs in a session, unless the preferences say otherwise.
const USER: &str = "ssm-user";

/// The document a call names, with its parameters filled in.
pub(in crate::far_end) fn chosen(asking: &Asking<'_>, arguments: &Arguments) -> Result<Document, Refusal> {
    let account = asking.account;
    let preferences = account.session_preferences.clone().unwrap_or_default();
    let content = match arguments.text("DocumentName") {
        None => preferences.content(),
        Some(name) => find(asking, name).ok_or_else(|| missing(name))?,
    };
    let name = arguments.text("DocumentName").unwrap_or(SHELL);
    let content = Content::read(&content).map_err(|problem| Refusal::new(400, "InvalidDocument", problem))?;
    let parameters =
        content.fill(&arguments.lists("Parameters")?).map_err(|problem| Refusal::new(400, "InvalidParameters", problem))?;
    // The preferences themselves know parts of a minute, which their document cannot say.
    let limits = if name == SHELL { Limits::default() } else { content.limits() };
    Ok(Document {
        name: name.to_owned(),
        session_type: content.session_type().to_owned(),
        properties: content.port_properties(&parameters),
        work: work(&content, &parameters, &preferences),
        idle: limits.idle.or(preferences.idle).unwrap_or(USUAL_IDLE),
        longest: limits.longest.or(preferences.longest),
        // The agent never encrypts ports.
        key: content.key().or(preferences.kms_key).filter(|key| content.session_type() != "Port" && !key.is_empty()),
    })
}

fn work(content: &Content, parameters: &BTreeMap<String, String>, preferences: &Preferences) -> Work {
    let user = match &preferences.run_as {
        None => USER.to_owned(),
        Some(user) if user.is_empty() => return Work::Refused("please set the RunAs default user".to_owned()),
        Some(user) => user.clone(),
    };
    match content.session_type() {
        "Port" => {
            let properties = content.port_properties(parameters);
            match properties.get("portNumber").and_then(|port| port.parse().ok()) {
                Some(port) => Work::Port { host: properties.get("host").filter(|host| !host.is_empty()).cloned(), port },
                None => Work::Refused("Unable to start port session: the port is not a number".to_owned()),
            }
        }
        "InteractiveCommands" => Work::Line { user, line: content.command(parameters) },
        "NonInteractiveCommands" => Work::Words { user, line: content.command(parameters), streams: content.streams(parameters) },
        _ => Work::Shell { user, typed: preferences.shell_profile.clone() },
    }
}

/// The JSON of a document that this account has.
fn find(asking: &Asking<'_>, name: &str) -> Option<String> {
    let own = asking.account.documents.iter().find(|document| document.name == name).map(|document| document.content.clone());
    own.or_else(|| known::content(name).map(str::to_owned))
        .or_else(|| asking.account.session_preferences.as_ref().filter(|_| name == SHELL).map(Preferences::content))
}

/// `GetDocument`.
pub(in crate::far_end) fn get(asking: &Asking<'_>, arguments: &Arguments) -> Result<Value, Refusal> {
    let name = arguments.text("Name").unwrap_or_default();
    let content = find(asking, name).ok_or_else(|| missing(name))?;
    Ok(json!({
        "Name": name,
        "CreatedDate": asking.fleet.started.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
        "DocumentVersion": "1",
        "Status": "Active",
        "Content": content,
        "DocumentType": "Session",
        "DocumentFormat": "JSON",
    }))
}

fn missing(name: &str) -> Refusal {
    Refusal::new(400, "InvalidDocument", format!("Document with name {name} does not exist."))
}
