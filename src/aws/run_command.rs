//! SSM Run Command: a shell command on many instances, run by AWS's own engine for fleets.

use std::time::Duration;

use aws_sdk_ssm::types::{CommandFilter, CommandFilterKey, CommandInvocation};
use jiff::Timestamp;

use super::pages::{Next, Pages, endless};
use super::{Cloud, Error, call, documents};
use crate::model::{CommandText, InstanceId, Region, Untrusted};

/// Most instances that one call names.
pub const MOST_INSTANCES: usize = 50;
/// The least that a command may lie in wait for an agent.
const LEAST_DELIVERY: Duration = Duration::from_secs(30);
/// How long a command may run or wait if nobody says otherwise.
pub const USUAL_LIMIT: Duration = Duration::from_secs(3_600);
/// Most entries of a page.
const PAGE: i32 = 50;
/// Most characters that `GetCommandInvocation` tells of stdout and of stderr.
const STDOUT: usize = 24_000;
const STDERR: usize = 8_000;
/// From this length what a list tells may be cut (it is at 2,500, but the agent counts bytes).
const MAY_BE_CUT: usize = 2_400;
/// What the agent puts between stdout and stderr in a list.
const ERROR_TITLE: &str = "----------ERROR-------";
/// How the agent's notes of a cut end.
const CUT_NOTE: &str = "truncated--";

/// The id AWS gave a command: 36 letters, digits and dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommandId(String);

impl CommandId {
    /// The id as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(text: &str) -> Option<Self> {
        let is_one = text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        is_one.then(|| Self(text.to_owned()))
    }
}

impl std::str::FromStr for CommandId {
    type Err = NoCommandId;

    fn from_str(text: &str) -> Result<Self, NoCommandId> {
        Self::of(text).ok_or(NoCommandId)
    }
}

/// A text that is no command's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a command's id has 36 letters, digits and dashes")]
pub struct NoCommandId;

impl std::fmt::Display for CommandId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one `SendCommand` asks for. Its `Debug` keeps the script to itself.
pub struct Errand<'a> {
    /// At most [`MOST_INSTANCES`], each once.
    pub instances: &'a [InstanceId],
    /// What `/bin/sh` runs there, as root.
    pub script: &'a str,
    /// Tells this sending from every other: how it is found when AWS's answer was lost. At most 100 characters.
    pub comment: &'a str,
    /// How many instances may run it at a time.
    pub concurrency: usize,
    /// Whether no further instance begins after one failed.
    pub stops_at_failure: bool,
    /// How long it may run on an instance; `None`: AWS's own limit of an hour. It may lie in wait for an agent as long.
    pub timeout: Option<Duration>,
}

impl Errand<'_> {
    /// How long it may lie in wait for an agent, if not AWS's own hour.
    fn delivery(&self) -> Option<Duration> {
        self.timeout.map(delivery)
    }
}

/// How long a command that may run so long may lie in wait for an agent: AWS takes no less than half a minute.
pub fn delivery(timeout: Duration) -> Duration {
    timeout.max(LEAST_DELIVERY)
}

impl std::fmt::Debug for Errand<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Errand").field("instances", &self.instances.len()).finish_non_exhaustive()
    }
}

/// How a command stands on one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The instance.
    pub instance: InstanceId,
    /// How far it is.
    pub status: CommandStatus,
    /// The exit code, once it ran to an end.
    pub code: Option<i32>,
    /// How long it ran.
    pub lasted: Option<Duration>,
    /// stdout and stderr as the list tells them: together, and cut.
    pub output: Untrusted,
}

impl Invocation {
    /// Whether `output` is not simply all of stdout, so that [`Cloud::command_output`] knows more.
    pub fn has_more(&self) -> bool {
        self.output.raw().contains(ERROR_TITLE) || self.output.raw().len() >= MAY_BE_CUT
    }

    /// Each stream as far as the list tells it.
    pub fn streams(&self) -> CommandOutput {
        let all = self.output.raw();
        let may_be_cut = all.len() >= MAY_BE_CUT;
        let (stdout, stderr) = all.split_once(&format!("\n{ERROR_TITLE}\n")).unwrap_or((all, ""));
        let stream = |text: &str| CommandText { text: text.into(), is_cut: may_be_cut && !text.is_empty() };
        CommandOutput { stdout: stream(stdout), stderr: stream(stderr) }
    }
}

/// How far a command is on one instance: AWS's `StatusDetails`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandStatus {
    /// Not begun there.
    Pending,
    /// Running.
    InProgress,
    /// Asked to end.
    Cancelling,
    /// Ended with exit code 0.
    Success,
    /// Ended otherwise.
    Failed,
    /// Ended because it ran too long.
    ExecutionTimedOut,
    /// Never begun: the agent did not take it in time.
    DeliveryTimedOut,
    /// Never begun: the instance cannot be reached.
    Undeliverable,
    /// Ended because somebody cancelled it.
    Cancelled,
    /// Never begun, because it had failed elsewhere.
    Terminated,
    /// A word that this version does not know.
    Other,
}

impl CommandStatus {
    /// Whether it stays so.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Pending | Self::InProgress | Self::Cancelling | Self::Other)
    }

    /// By AWS's words; the details tell more, if we know them.
    fn of(status: &str, details: &str) -> Self {
        let plain: String = details.chars().filter(char::is_ascii_alphanumeric).collect();
        match (plain.as_str(), status) {
            ("ExecutionTimedOut", _) => Self::ExecutionTimedOut,
            ("DeliveryTimedOut", _) => Self::DeliveryTimedOut,
            ("Undeliverable" | "InvalidPlatform" | "AccessDenied", _) => Self::Undeliverable,
            ("Terminated", _) => Self::Terminated,
            (_, "Success") => Self::Success,
            (_, "Failed") => Self::Failed,
            (_, "TimedOut") => Self::ExecutionTimedOut,
            (_, "Cancelled") => Self::Cancelled,
            (_, "Cancelling") => Self::Cancelling,
            (_, "InProgress") => Self::InProgress,
            (_, "Pending" | "Delayed") => Self::Pending,
            _ => Self::Other,
        }
    }
}

/// What a command said on one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommandOutput {
    /// Standard output.
    pub stdout: CommandText,
    /// Standard error.
    pub stderr: CommandText,
}

/// A stream of a command as AWS tells it, which may be the beginning of a longer one.
fn stream(told: Option<String>, most: usize) -> CommandText {
    let text = told.unwrap_or_default();
    let is_cut = text.trim_end_matches('-').ends_with(CUT_NOTE.trim_end_matches('-')) || text.chars().count() >= most;
    CommandText { text: text.into(), is_cut }
}

impl Cloud {
    /// Send a command. Asked once and never again: after any other error than a refusal it may have been sent
    /// ([`Error::may_have_arrived`]), and [`Cloud::find_command`] tells.
    pub async fn send_command(&self, region: &Region, errand: &Errand<'_>) -> Result<CommandId, Error> {
        const ACTION: &str = call::SEND_COMMAND.action;
        let asked = self.ask(region, call::SEND_COMMAND, |clients| {
            let ids = errand.instances.iter().map(ToString::to_string).collect();
            let limit = errand.timeout.map(|timeout| vec![timeout.as_secs().max(1).to_string()]);
            let call = clients
                .ssm
                .send_command()
                .document_name(documents::RUN_SHELL_SCRIPT)
                .set_instance_ids(Some(ids))
                .parameters("commands", vec![errand.script.to_owned()])
                .comment(errand.comment)
                .max_concurrency(errand.concurrency.clamp(1, MOST_INSTANCES).to_string())
                // Without this AWS stops at the first failure.
                .max_errors(if errand.stops_at_failure { "0" } else { "100%" })
                .set_timeout_seconds(errand.delivery().and_then(|delivery| delivery.as_secs().try_into().ok()));
            let call = match limit {
                Some(limit) => call.parameters("executionTimeout", limit),
                None => call,
            };
            call.customize().config_override(self.once()).send()
        });
        let told = asked.await?;
        let id = told.command.as_ref().and_then(|command| command.command_id()).and_then(CommandId::of);
        id.ok_or_else(|| Error::Garbled { action: ACTION, cause: "no command id in it".into() })
    }

    /// The command that was sent with this comment after `since`, if AWS knows one.
    pub async fn find_command(&self, region: &Region, comment: &str, since: Timestamp) -> Result<Option<CommandId>, Error> {
        const ACTION: &str = call::LIST_COMMANDS.action;
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            let asked = self.ask(region, call::LIST_COMMANDS, |clients| {
                let since = since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                let after = CommandFilter::builder().key(CommandFilterKey::InvokedAfter).value(since).build();
                let filters = after.ok().map(|after| vec![after]);
                clients.ssm.list_commands().set_filters(filters).max_results(PAGE).set_next_token(token.take()).send()
            });
            let told = asked.await?;
            let commands = told.commands.unwrap_or_default();
            let found = commands.iter().find(|command| command.comment() == Some(comment));
            if let Some(id) = found.and_then(|command| command.command_id()).and_then(CommandId::of) {
                return Ok(Some(id));
            }
            match pages.after(told.next_token, commands.is_empty()) {
                Next::Page(next) => token = Some(next),
                Next::Done => return Ok(None),
                Next::Broken => return Err(endless(ACTION)),
            }
        }
    }

    /// How a command stands on each of its instances. AWS may not know of some in the first seconds.
    pub async fn command_invocations(&self, region: &Region, command: &CommandId) -> Result<Vec<Invocation>, Error> {
        const ACTION: &str = call::LIST_COMMAND_INVOCATIONS.action;
        let mut all = Vec::new();
        let mut pages = Pages::default();
        let mut token = None;
        loop {
            // Many commands are followed at once, each page by page.
            let asked = self.ask(region, call::LIST_COMMAND_INVOCATIONS, |clients| {
                let call = clients.ssm.list_command_invocations().command_id(command.as_str()).details(true);
                call.max_results(PAGE).set_next_token(token.take()).send()
            });
            let told = asked.await?;
            let page = told.command_invocations.unwrap_or_default();
            let is_empty = page.is_empty();
            all.extend(page.into_iter().filter_map(invocation));
            match pages.after(told.next_token, is_empty) {
                Next::Page(next) => token = Some(next),
                Next::Done => return Ok(all),
                Next::Broken => return Err(endless(ACTION)),
            }
        }
    }

    /// What an ended command said on one instance, each stream by itself.
    pub async fn command_output(
        &self,
        region: &Region,
        command: &CommandId,
        instance: &InstanceId,
    ) -> Result<CommandOutput, Error> {
        let asked = self.ask(region, call::GET_COMMAND_INVOCATION, |clients| {
            clients.ssm.get_command_invocation().command_id(command.as_str()).instance_id(instance.as_str()).send()
        });
        let told = asked.await?;
        Ok(CommandOutput {
            stdout: stream(told.standard_output_content, STDOUT),
            stderr: stream(told.standard_error_content, STDERR),
        })
    }

    /// Ask AWS to end a command everywhere. That it has ended shows in [`Cloud::command_invocations`].
    pub async fn cancel_command(&self, region: &Region, command: &CommandId) -> Result<(), Error> {
        let asked =
            self.ask(region, call::CANCEL_COMMAND, |clients| clients.ssm.cancel_command().command_id(command.as_str()).send());
        asked.await.map(|_| ())
    }
}

impl Error {
    /// Whether what was asked may have been done all the same: the answer is missing, not the request.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Garbled { .. } => true,
            Self::Unreachable { cause, .. } => !matches!(cause.raw(), "connection refused" | "name not found"),
            Self::Service { aws_code, .. } => {
                matches!(aws_code.raw(), "InternalServerError" | "InternalFailure" | "ServiceUnavailable" | "InternalError")
            }
            _ => false,
        }
    }

    /// Whether asking again later may help.
    pub fn passes_by_itself(&self) -> bool {
        super::backoff::passes_by_itself(self)
    }
}

fn invocation(told: CommandInvocation) -> Option<Invocation> {
    let instance = told.instance_id.as_deref()?.parse().ok()?;
    let details = told.status_details.as_deref().unwrap_or_default();
    let status = CommandStatus::of(told.status.as_ref().map_or("", |status| status.as_str()), details);
    let plugin = told.command_plugins.unwrap_or_default().into_iter().next();
    let has_run = matches!(status, CommandStatus::Success | CommandStatus::Failed);
    let code = plugin.as_ref().map(|plugin| plugin.response_code).filter(|_| has_run);
    let seconds = |time: &aws_smithy_types::DateTime| time.as_secs_f64();
    let lasted = plugin.as_ref().and_then(|plugin| {
        let (from, to) = (plugin.response_start_date_time.as_ref()?, plugin.response_finish_date_time.as_ref()?);
        Duration::try_from_secs_f64(seconds(to) - seconds(from)).ok()
    });
    let output = plugin.and_then(|plugin| plugin.output).unwrap_or_default().into();
    Some(Invocation { instance, status, code, lasted, output })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_details_decide_where_they_tell_more() {
        for (status, details, expected) in [
            ("Success", "Success", CommandStatus::Success),
            ("TimedOut", "DeliveryTimedOut", CommandStatus::DeliveryTimedOut),
            ("TimedOut", "Delivery Timed Out", CommandStatus::DeliveryTimedOut),
            ("TimedOut", "", CommandStatus::ExecutionTimedOut),
            ("Failed", "Undeliverable", CommandStatus::Undeliverable),
            ("Cancelled", "Terminated", CommandStatus::Terminated),
            ("Delayed", "Delayed", CommandStatus::Pending),
            ("Pending", "Pending", CommandStatus::Pending),
            ("Pondering", "Pondering", CommandStatus::Other),
            ("", "", CommandStatus::Other),
            ("Failed", "SomethingNew", CommandStatus::Failed),
        ] {
            assert_eq!(CommandStatus::of(status, details), expected, "{status} {details}");
        }
    }

    #[test]
    fn what_a_list_tells_is_taken_apart_at_the_title_of_stderr() {
        let told = |output: &str| {
            let instance = "i-0aaaaaaaaaaaaaaa1".parse().unwrap();
            let streams =
                Invocation { instance, status: CommandStatus::Failed, code: None, lasted: None, output: output.into() }.streams();
            let part = |text: &CommandText| (text.text.raw().to_owned(), text.is_cut);
            (part(&streams.stdout), part(&streams.stderr))
        };
        let long = "x".repeat(MAY_BE_CUT);

        assert_eq!(told("out\n\n----------ERROR-------\nerr\n"), (("out\n".into(), false), ("err\n".into(), false)));
        assert_eq!(told("out\n"), (("out\n".into(), false), (String::new(), false)));
        assert_eq!(told(&format!("{long}\n----------ERROR-------\nno")), ((long.clone(), true), ("no".into(), true)));
    }

    #[test]
    fn a_command_waits_no_longer_for_its_agent_than_it_may_run_and_never_less_than_aws_takes() {
        assert_eq!(delivery(Duration::from_secs(1)), Duration::from_secs(30));
        assert_eq!(delivery(Duration::from_secs(90)), Duration::from_secs(90));
    }

    #[test]
    fn a_stream_of_full_length_or_with_the_agents_note_is_cut() {
        let cut = |text: String| stream(Some(text), STDOUT).is_cut;

        assert!(cut("x".repeat(STDOUT)));
        assert!(cut("가\n--output truncated--".to_owned()));
        assert!(cut("x\n---Output truncated---".to_owned()));
        assert!(!cut("x".repeat(STDOUT - 1)));
        assert!(!cut(String::new()));
    }

    #[test]
    fn a_refusal_was_not_done_and_a_lost_answer_may_have_been() {
        const ACTION: &str = "ssm:SendCommand";
        let cause = |cause: &str| Error::Unreachable { host: "h".to_owned(), cause: cause.into() };

        assert!(Error::Timeout { action: ACTION, after: Duration::ZERO }.may_have_arrived());
        assert!(cause("connection reset").may_have_arrived());
        assert!(!cause("connection refused").may_have_arrived());
        assert!(!Error::Throttled { action: ACTION }.may_have_arrived());
        assert!(!Error::Denied { action: ACTION, message: "no".into() }.may_have_arrived());
    }

    #[test]
    fn a_command_id_is_nothing_else() {
        assert!(CommandId::of("0123abcd-0123-4567-89ab-0123456789ab").is_some());
        assert!(CommandId::of("0123abcd-0123-4567-89ab-0123456789a\u{1b}").is_none());
    }
}
