//! A line of a user's `authorized_keys`, by Run Command.

use std::slice;
use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use tokio::time::{Instant, sleep};

use super::outcome::{Found, Made};
use crate::access::Login;
use crate::aws::{self, Cloud, CommandId, CommandStatus, Errand as Command};
use crate::fixes::authorized_keys::{Answer, Errand, MadeFor, RefusalKind, answer, script};
use crate::fixes::key_line::KeyLine;
use crate::model::{InstanceId, Region, ResourceId, Untrusted};

const ACTION: &str = "ssm:SendCommand";
/// How long a script may lie in wait for its agent, or run.
const LONGEST: Duration = Duration::from_secs(60);
/// How long its end is waited for: AWS tells of a command that its agent never took a little later.
const PATIENCE: Duration = Duration::from_secs(150);
/// How often its end is asked for.
const PAUSE: Duration = Duration::from_millis(700);

/// Why a script told nothing.
enum Unheard {
    /// It was not sent, or no agent took it.
    NotSent(aws::Error),
    /// It was sent, or may have been.
    Sent(aws::Error),
}

impl From<Unheard> for aws::Error {
    fn from(unheard: Unheard) -> Self {
        let (Unheard::NotSent(error) | Unheard::Sent(error)) = unheard;
        error
    }
}

/// A line, and whose file it is or shall be in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) instance: &'a ResourceId,
    pub(super) user: &'a Login,
    pub(super) line: &'a KeyLine,
}

pub(super) async fn add(cloud: &Cloud, region: &Region, entry: Entry<'_>) -> Result<Made, aws::Error> {
    match run(cloud, region, entry, Errand::Add).await {
        Ok(Answer::Added(made)) => Ok(Made::Done(Some(<&str>::from(made).to_owned()))),
        Ok(Answer::WasThere) => Ok(Made::WasThere),
        Ok(Answer::Refused(refusal)) => Ok(Made::Refused(refusal)),
        Ok(other) => Ok(Made::Lost(unexpected(&other))),
        Err(Unheard::Sent(error)) => Ok(Made::Lost(error)),
        Err(Unheard::NotSent(error)) => Err(error),
    }
}

pub(super) async fn look(cloud: &Cloud, region: &Region, entry: Entry<'_>, made: Option<&str>) -> Result<Found, aws::Error> {
    let place = format!("{} ~{}/.ssh/authorized_keys", entry.instance, entry.user);
    Ok(match run(cloud, region, entry, Errand::Look).await? {
        Answer::There => Found::AsMade(Some(made.unwrap_or(MadeFor::Line.into()).to_owned())),
        Answer::Absent => Found::Nothing,
        // With the user their keys have gone.
        Answer::Refused(refusal) if refusal.why == RefusalKind::NoUser => Found::Nothing,
        // Of one that may never have been added another's line says nothing.
        Answer::Renamed if made.is_none() => Found::Nothing,
        Answer::Renamed => Found::Changed(format!("{place}: {} + ?", entry.line.public().algorithm())),
        Answer::Edited(now) => Found::Changed(format!("{place}: {}", now.shown_in(200))),
        Answer::Refused(refusal) => Found::Changed(format!("{place}: {} {}", refusal.why.word(), refusal.about.shown_in(120))),
        other => return Err(unexpected(&other)),
    })
}

/// Whether the key is let in by a line that somebody else has put there.
pub(super) async fn is_there(cloud: &Cloud, region: &Region, entry: Entry<'_>) -> Result<bool, aws::Error> {
    let answer = run(cloud, region, entry, Errand::Look).await?;
    let has_user = !matches!(&answer, Answer::Refused(refusal) if refusal.why == RefusalKind::NoUser);
    Ok(has_user && answer != Answer::Absent)
}

pub(super) async fn remove(cloud: &Cloud, region: &Region, entry: Entry<'_>, made: Option<&str>) -> Result<(), aws::Error> {
    let made = made.and_then(|made| made.parse().ok()).unwrap_or(MadeFor::Line);
    match run(cloud, region, entry, Errand::Remove(made)).await? {
        Answer::Removed => Ok(()),
        other => Err(unexpected(&other)),
    }
}

/// Send the script, and wait for its end.
async fn run(cloud: &Cloud, region: &Region, entry: Entry<'_>, errand: Errand) -> Result<Answer, Unheard> {
    let instance = entry.instance.as_str().parse::<InstanceId>();
    let instance = instance.map_err(|_| Unheard::NotSent(aws::Error::NoSuchInstance))?;
    let begun = Timestamp::now();
    let comment = format!("{} {} {}", entry.line.mark(), word(errand), begun.as_millisecond());
    let command = Command {
        instances: slice::from_ref(&instance),
        script: &script(entry.user, entry.line, errand),
        comment: &comment,
        concurrency: 1,
        stops_at_failure: true,
        timeout: Some(LONGEST),
    };
    let id = match cloud.send_command(region, &command).await {
        // A command that runs all the same is followed: another one beside it would find what it has not yet done.
        Err(error) if error.may_have_arrived() => {
            let since = begun.checked_sub(10.minutes()).unwrap_or(Timestamp::UNIX_EPOCH);
            let found = cloud.find_command(region, &comment, since).await;
            found.and_then(|id| id.ok_or(error)).map_err(Unheard::Sent)?
        }
        sent => sent.map_err(Unheard::NotSent)?,
    };
    end(cloud, region, &id).await
}

async fn end(cloud: &Cloud, region: &Region, id: &CommandId) -> Result<Answer, Unheard> {
    let begun = Instant::now();
    loop {
        let known = cloud.command_invocations(region, id).await.map_err(Unheard::Sent)?;
        if let Some(own) = known.first().filter(|own| own.status.is_final()) {
            let said = own.streams();
            let has_run = matches!(own.status, CommandStatus::Success | CommandStatus::Failed);
            let is_done = own.status == CommandStatus::Success;
            let told = has_run.then(|| answer(said.stdout.text.raw(), said.stderr.text.raw(), is_done)).flatten();
            let not_taken = || aws::Error::Service {
                action: ACTION,
                aws_code: format!("{:?}", own.status).into(),
                message: Untrusted::default(),
            };
            match own.status {
                // Never begun there: nothing has come of it.
                CommandStatus::Undeliverable | CommandStatus::Terminated => return Err(Unheard::NotSent(not_taken())),
                // An agent runs a command before it says that it has it.
                CommandStatus::DeliveryTimedOut => return Err(Unheard::Sent(not_taken())),
                _ => {}
            }
            return told.ok_or_else(|| {
                let cause = format!("{:?}: {}", own.status, said.stdout.text.shown_in(80)).into();
                Unheard::Sent(aws::Error::Garbled { action: ACTION, cause })
            });
        }
        if begun.elapsed() > PATIENCE {
            return Err(Unheard::Sent(aws::Error::Timeout { action: ACTION, after: PATIENCE }));
        }
        sleep(PAUSE).await;
    }
}

fn word(errand: Errand) -> &'static str {
    match errand {
        Errand::Add => "add",
        Errand::Look => "look",
        Errand::Remove(_) => "remove",
    }
}

/// Between two looks somebody was quicker, or something else speaks there.
fn unexpected(answer: &Answer) -> aws::Error {
    let cause = match answer {
        Answer::Refused(refusal) => format!("{} {}", refusal.why.word(), refusal.about.shown_in(80)),
        Answer::Edited(now) => format!("edited {}", now.shown_in(80)),
        other => format!("{other:?}"),
    };
    aws::Error::Garbled { action: ACTION, cause: cause.into() }
}
