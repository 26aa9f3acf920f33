//! Commands and invocations as the API tells them.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::ledger::{Command, Invocation, Progress};
use super::status::{self, Status};

/// Most characters of what a list tells of both streams together.
const IN_A_LIST: usize = 2_500;
/// Most characters of each stream alone.
const STDOUT: usize = 24_000;
const STDERR: usize = 8_000;
/// What the agent puts where it leaves something out.
const CUT: &str = "\n---Output truncated---";
const ERROR_TITLE: &str = "\n----------ERROR-------\n";
const PLUGIN: &str = "aws:runShellScript";

/// As `SendCommand` and `ListCommands` tell it.
pub(super) fn command(command: &Command) -> Value {
    let statuses = command.statuses();
    let (status, details) = status::of_all(&statuses, command.order.errors.1);
    let count = |fits: fn(&Status) -> bool| statuses.iter().filter(|status| fits(status)).count();
    let named = command.order.targets.as_array().is_none_or(Vec::is_empty);
    json!({
        "CommandId": command.id,
        "DocumentName": command.order.document,
        "DocumentVersion": "$DEFAULT",
        "Comment": command.order.comment,
        "ExpiresAfter": seconds(command.requested + command.order.delivery + command.order.execution),
        "Parameters": command.order.parameters,
        "InstanceIds": if named { json!(command.order.instances) } else { json!([]) },
        "Targets": command.order.targets,
        "RequestedDateTime": seconds(command.requested),
        "Status": status,
        "StatusDetails": details,
        "OutputS3BucketName": "",
        "OutputS3KeyPrefix": "",
        "MaxConcurrency": command.order.concurrency.0,
        "MaxErrors": command.order.errors.0,
        "TargetCount": statuses.len(),
        "CompletedCount": count(|status| status.is_final()),
        "ErrorCount": count(|status| status.is_error()),
        "DeliveryTimedOutCount": count(|status| *status == Status::DeliveryTimedOut),
        "ServiceRole": "",
        "TimeoutSeconds": command.order.delivery.as_secs(),
    })
}

/// As `ListCommandInvocations` tells it, with what was said if `details` are asked for.
pub(super) fn invocation(command: &Command, invocation: &Invocation, details: bool) -> Value {
    let progress = invocation.progress();
    let (status, status_details) = progress.status.words();
    let mut plugins = Vec::new();
    if details {
        let (stdout, stderr) = streams(invocation, &progress);
        let mut plugin = json!({
            "Name": PLUGIN,
            "Status": status,
            "StatusDetails": status_details,
            "ResponseCode": progress.code,
            "Output": if progress.status.is_final() { in_a_list(&stdout, &stderr) } else { String::new() },
            "StandardOutputUrl": "",
            "StandardErrorUrl": "",
            "OutputS3BucketName": "",
            "OutputS3KeyPrefix": "",
        });
        for (name, time) in [("ResponseStartDateTime", progress.started), ("ResponseFinishDateTime", progress.ended)] {
            if let Some(time) = time {
                plugin[name] = seconds(time);
            }
        }
        plugins.push(plugin);
    }
    json!({
        "CommandId": command.id,
        "InstanceId": invocation.instance,
        "InstanceName": invocation.host,
        "Comment": command.order.comment,
        "DocumentName": command.order.document,
        "DocumentVersion": "$DEFAULT",
        "RequestedDateTime": seconds(command.requested),
        "Status": status,
        "StatusDetails": status_details,
        "StandardOutputUrl": "",
        "StandardErrorUrl": "",
        "CommandPlugins": plugins,
        "ServiceRole": "",
    })
}

/// As `GetCommandInvocation` tells it.
pub(super) fn whole(command: &Command, invocation: &Invocation) -> Value {
    let progress = invocation.progress();
    let (status, details) = progress.status.words();
    let (stdout, stderr) = if progress.status.is_final() { streams(invocation, &progress) } else { Default::default() };
    let elapsed = |from: SystemTime, to: SystemTime| to.duration_since(from).unwrap_or(Duration::ZERO).as_secs_f64();
    let elapsed = progress.started.zip(progress.ended).map(|(from, to)| format!("PT{:.3}S", elapsed(from, to)));
    json!({
        "CommandId": command.id,
        "InstanceId": invocation.instance,
        "Comment": command.order.comment,
        "DocumentName": command.order.document,
        "DocumentVersion": "$DEFAULT",
        "PluginName": PLUGIN,
        "ResponseCode": progress.code,
        "ExecutionStartDateTime": progress.started.map(written).unwrap_or_default(),
        "ExecutionElapsedTime": elapsed.unwrap_or_default(),
        "ExecutionEndDateTime": progress.ended.map(written).unwrap_or_default(),
        "Status": status,
        "StatusDetails": details,
        "StandardOutputContent": cut(&stdout, STDOUT, "--output truncated--"),
        "StandardOutputUrl": "",
        "StandardErrorContent": cut(&stderr, STDERR, "--output truncated--"),
        "StandardErrorUrl": "",
    })
}

/// Both streams, with what the agent adds to stderr.
fn streams(invocation: &Invocation, progress: &Progress) -> (String, String) {
    let (stdout, mut stderr) = invocation.said.so_far();
    if progress.status == Status::Failed {
        stderr.push_str(&format!("failed to run commands: exit status {}", progress.code));
    }
    (stdout, stderr)
}

/// stdout, then stderr under a title, each cut where both together are too long: the agent's `TruncateOutput`.
fn in_a_list(stdout: &str, stderr: &str) -> String {
    let title = if stderr.is_empty() { "" } else { ERROR_TITLE };
    let length = |text: &str| text.chars().count();
    let room = IN_A_LIST - length(title);
    if length(stdout) + length(stderr) < room {
        return format!("{stdout}{title}{stderr}");
    }
    let of_stderr = length(stderr).min((room / 2).max(room.saturating_sub(length(stdout))));
    let of_stdout = length(stdout).min(room - of_stderr);
    format!("{}{title}{}", cut(stdout, of_stdout, CUT), cut(stderr, of_stderr, CUT))
}

/// At most `most` characters, the last of them a note if something is left out.
fn cut(text: &str, most: usize, note: &str) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(note.chars().count())).collect();
    format!("{kept}{note}")
}

/// Seconds since 1970, as the JSON protocols write times.
fn seconds(time: SystemTime) -> Value {
    Value::from(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64())
}

fn written(time: SystemTime) -> String {
    Timestamp::try_from(time).map(|time| time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_tells_at_most_2500_characters_of_both_streams() {
        let long = "가".repeat(10_000);

        for (stdout, stderr) in [(long.as_str(), ""), ("", long.as_str()), (&long, &long), (&long, "no"), ("yes", &long)] {
            let told = in_a_list(stdout, stderr);

            assert!((2_400..=2_500).contains(&told.chars().count()), "{}", told.chars().count());
            assert!(told.contains(CUT));
            assert_eq!(told.contains(ERROR_TITLE), !stderr.is_empty());
        }
        assert_eq!(in_a_list("yes\n", "no\n"), "yes\n\n----------ERROR-------\nno\n");
    }
}
