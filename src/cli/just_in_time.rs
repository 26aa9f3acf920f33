//! Just-in-time node access: where a session is denied, asking for it with a reason, and waiting for what is decided.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::invocation::Invocation;
use super::signals::Guarded;
use super::{Exit, Failure};
use crate::aws::{AccessReason, AccessRequest, AccessStanding, Cloud, Error};
use crate::connect::Plan;
use crate::terminal::{Keyboard, Standard};

/// Pauses before looking again: a policy that approves by itself does so at once.
const FIRST_PAUSES: [u64; 4] = [1, 2, 3, 5];
const PAUSE: Duration = Duration::from_secs(10);
/// A person who has not decided by now is asked more seldom.
const IN_A_HURRY: Duration = Duration::from_secs(2 * 60);
const LATER_PAUSE: Duration = Duration::from_secs(30);
/// Bytes of an answer.
const LONGEST_LINE: usize = 4 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(30 * 60);

/// Whether a denied session is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Asks<'a> {
    /// It is not.
    Never,
    /// It is, with this reason, or with one that somebody types.
    With(Option<&'a AccessReason>),
}

/// A way to AWS that may begin the session; `denied` where nobody asks for one, or nobody here can grant it.
pub async fn granted(
    invocation: &Invocation,
    plan: &Plan,
    cloud: &Cloud,
    asks: Asks<'_>,
    denied: Failure,
) -> Result<Cloud, Failure> {
    let Asks::With(given) = asks else { return Err(denied) };
    if plan.method.runs_ssh() {
        return Err(denied);
    }
    let typed = match given {
        Some(_) => None,
        None if invocation.terminal.may_ask => {
            denied.report(&mut Standard::error(), &invocation.text);
            // It was told by now.
            let given_up = || Failure { code: "", what: String::new(), why: Vec::new(), next: Vec::new(), exit: denied.exit };
            Some(reason(invocation).await.ok_or_else(given_up)?)
        }
        None => return Err(denied),
    };
    let Some(reason) = given.or(typed.as_ref()) else { return Err(denied) };
    let region = &plan.target.place.region;
    let request = match cloud.request_access(region, &plan.target.id, reason).await {
        Ok(request) => request,
        Err(Error::Service { aws_code, .. }) if aws_code.raw() == "ResourceNotFoundException" => {
            let values = [("target", plan.target.shown().into())];
            return Err(invocation.failure("access-request-impossible", Exit::Denied, &values));
        }
        Err(error) => return Err(invocation.failed(&error)),
    };
    let id = [("id", request.id.shown_in(40).into())];
    invocation.note(&invocation.text.say_with("access-request-waits", &id));
    let granted = decided(invocation, cloud, &request).await?;
    invocation.note(&invocation.text.say_with("access-request-approved", &id));
    Ok(granted)
}

/// Why a session is wanted, from whoever sits there.
async fn reason(invocation: &Invocation) -> Option<AccessReason> {
    let text = &invocation.text;
    loop {
        eprint(&text.say("ask-access-reason"))?;
        let answer = typed_line().await.filter(|answer| !answer.is_empty())?;
        match answer.parse() {
            Ok(reason) => return Some(reason),
            Err(_) => invocation.note(&text.say("ask-access-reason-length")),
        }
    }
}

fn eprint(question: &str) -> Option<()> {
    let mut stderr = Standard::error();
    write!(stderr, "{question} ").and_then(|()| stderr.flush()).ok()
}

/// A line of the terminal, read so that a signal ends the waiting.
async fn typed_line() -> Option<String> {
    let mut keyboard = Keyboard::open(&io::stdin()).ok()?;
    let (mut line, mut buffer) = (Vec::new(), [0; 1024]);
    while !line.ends_with(b"\n") && line.len() < LONGEST_LINE {
        match keyboard.read(&mut buffer).await {
            Ok(count @ 1..) => line.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Ok(0) | Err(_) => return None,
        }
    }
    Some(String::from_utf8_lossy(&line).trim().to_owned())
}

/// Wait until somebody, or a policy, has decided.
async fn decided(invocation: &Invocation, cloud: &Cloud, request: &AccessRequest) -> Result<Cloud, Failure> {
    let begun = Instant::now();
    let mut first = FIRST_PAUSES.into_iter().map(Duration::from_secs);
    let ended = |code| invocation.failure(code, Exit::Denied, &[("id", request.id.shown_in(40).into())]);
    loop {
        match cloud.access_standing(request).await {
            Ok(AccessStanding::Approved(access)) => {
                return cloud.with_access(&access).await.map_err(|error| invocation.failed(&error));
            }
            Ok(AccessStanding::Rejected) => return Err(ended("access-request-rejected")),
            Ok(AccessStanding::Revoked) => return Err(ended("access-request-revoked")),
            Ok(AccessStanding::Expired) => return Err(ended("access-request-expired")),
            // The request stands; what keeps us from seeing it may pass.
            Err(error) if !may_pass(&error) => return Err(invocation.failed(&error)),
            Ok(AccessStanding::Pending) | Err(_) => {}
        }
        if begun.elapsed() >= LONGEST_WAIT {
            return Err(ended("access-request-pending"));
        }
        let usual = if begun.elapsed() < IN_A_HURRY { PAUSE } else { LATER_PAUSE };
        tokio::time::sleep(first.next().unwrap_or(usual)).await;
    }
}

fn may_pass(error: &Error) -> bool {
    matches!(error, Error::Throttled { .. } | Error::Timeout { .. } | Error::Unreachable { .. } | Error::Proxy { .. })
}

/// A signal ended the waiting; the request stands.
pub fn left<T>(invocation: &Invocation, told: &Guarded<T>) -> Exit {
    invocation.note(&invocation.text.say("access-request-left"));
    match told {
        Guarded::Told(number) => Exit::of_signal(*number),
        Guarded::Done(_) => Exit::Denied,
    }
}
