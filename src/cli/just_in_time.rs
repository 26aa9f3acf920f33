//! Just-in-time node access: where a session is denied, asking for it with a reason, and waiting for what is decided.

use std::io::{self, Write};

use jiff::Timestamp;

use super::invocation::Invocation;
use super::signals::Guarded;
use super::{Exit, Failure};
use crate::aws::{AccessRequest, Cloud};
use crate::connect::{self, AccessEnd, Plan};
use crate::model::AccessReason;
use crate::terminal::{Keyboard, Standard};

/// Columns of a request's id.
const ID: usize = 40;
/// Bytes of an answer.
const LONGEST_LINE: usize = 4 * 1024;

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
    if let Some(known) = known(invocation, plan) {
        invocation.note(&invocation.text.say_with("access-request-found", &[("id", known.id.shown_in(ID).into())]));
        match connect::access_decided(cloud, &known).await {
            Err(end) if end.is_final() => {
                forget(invocation, plan, &known);
                invocation.note(&invocation.text.say("access-request-over"));
            }
            decided => return told(invocation, plan, Some(&known), decided),
        }
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
    let target = &plan.target;
    let made = connect::ask_for_access(cloud, &target.place.region, &target.id, reason).await;
    let request = made.map_err(|end| failure(invocation, plan, None, &end))?;
    let kept = invocation.memory.change(|state| {
        state.keep_access_request(&target.id, &target.place, request.id.raw(), Timestamp::now().as_second());
    });
    if let Some(finding) = kept {
        invocation.note(&finding.text(&invocation.text));
    }
    invocation.note(&invocation.text.say_with("access-request-waits", &[("id", request.id.shown_in(ID).into())]));
    let decided = connect::access_decided(cloud, &request).await;
    if decided.as_ref().is_err_and(AccessEnd::is_final) {
        forget(invocation, plan, &request);
    }
    told(invocation, plan, Some(&request), decided)
}

/// The request that an earlier run made for this instance.
fn known(invocation: &Invocation, plan: &Plan) -> Option<AccessRequest> {
    let (state, _) = invocation.memory.read();
    let known = state.access_request(&plan.target.id, &plan.target.place)?;
    AccessRequest::known(&known.id, &plan.target.place.region)
}

/// What is forgotten is asked for anew: that it could not be written down is said when the next one is kept.
fn forget(invocation: &Invocation, plan: &Plan, request: &AccessRequest) {
    let _ = invocation.memory.change(|state| state.forget_access_request(&plan.target.id, request.id.raw()));
}

fn told(
    invocation: &Invocation,
    plan: &Plan,
    request: Option<&AccessRequest>,
    decided: Result<Cloud, AccessEnd>,
) -> Result<Cloud, Failure> {
    let granted = decided.map_err(|end| failure(invocation, plan, request, &end))?;
    let id = request.map(|request| request.id.shown_in(ID)).unwrap_or_default();
    invocation.note(&invocation.text.say_with("access-request-approved", &[("id", id.into())]));
    Ok(granted)
}

fn failure(invocation: &Invocation, plan: &Plan, request: Option<&AccessRequest>, end: &AccessEnd) -> Failure {
    let id = request.map(|request| request.id.shown_in(ID)).unwrap_or_default();
    match (end.code(), end) {
        (_, AccessEnd::Aws(error)) => invocation.failed(error),
        (code, _) => {
            let values = [("id", id.into()), ("target", plan.target.shown().into())];
            invocation.failure(code.unwrap_or_default(), Exit::Denied, &values)
        }
    }
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

/// A signal ended the waiting; the request stands.
pub fn left<T>(invocation: &Invocation, told: &Guarded<T>) -> Exit {
    invocation.note(&invocation.text.say("access-request-left"));
    match told {
        Guarded::Told(number) => Exit::of_signal(*number),
        Guarded::Done(_) => Exit::Denied,
    }
}
