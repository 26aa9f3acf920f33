//! The calls that let a key in, and out again, by Run Command.

use crate::access::Login;
use crate::fixes::authorized_keys::{Errand, MadeFor, script};
use crate::fixes::called::Called;
use crate::fixes::key_line::KeyLine;
use crate::model::ResourceId;

pub(super) fn add(instance: &ResourceId, user: &Login, line: &KeyLine) -> Called {
    send(instance, user, line, Errand::Add).about(format!("{instance} AWS-RunShellScript: {} to {}", line.shown(), file(user)))
}

/// What was made for the line is known once it was made.
pub(super) fn remove(instance: &ResourceId, user: &Login, line: &KeyLine) -> Called {
    let called = send(instance, user, line, Errand::Remove(MadeFor::Line));
    called.about(format!("{instance} AWS-RunShellScript: {} out of {}", line.shown(), file(user)))
}

fn file(user: &Login) -> String {
    format!("~{user}/.ssh/authorized_keys")
}

fn send(instance: &ResourceId, user: &Login, line: &KeyLine, errand: Errand) -> Called {
    let script = script(user, line, errand);
    let parameters = serde_json::json!({ "commands": script.lines().collect::<Vec<_>>() });
    Called::new("ssm:SendCommand", "aws ssm send-command --document-name AWS-RunShellScript")
        .of("--instance-ids", instance)
        .with("--comment", line.mark())
        .with("--parameters", &parameters.to_string())
}
