//! `fixes` and `undo`: what fixes of the doctor changed, and taking it back.

mod object;

use std::io::Write;

use serde_json::json;

use self::object::begun;
pub use self::object::object;
use super::args::{Form, Undo};
use super::invocation::Invocation;
use super::output::{SCHEMA, write_line, write_pretty};
use super::profiles::write_list;
use super::{Exit, Failure};
use crate::aws::{self, Cloud};
use crate::fixes::{Halted, Journal, NotOpened, NotTakenBack, OpenRecord, Record, Step, StepState, note_gone, take_back};
use crate::model::{Place, Untrusted};
use crate::terminal::Standard;

/// `ec2dash fixes`.
pub fn fixes(invocation: &Invocation, out: &mut dyn Write) -> Result<Exit, Failure> {
    let journal = journal(invocation)?;
    let all = journal.list().map_err(|error| unreadable(invocation, &error))?;
    let mut objects = Vec::new();
    for record in all {
        match record {
            Ok(record) => objects.push(object(&record, journal.is_busy(record.number))),
            Err(unread) => {
                let values = [("number", unread.number.to_string().into()), ("cause", shown(&unread.cause.to_string()).into())];
                invocation.note(&invocation.text.say_with("mend-record-unreadable", &values));
            }
        }
    }
    let keys = ["number", "standing", "fix", "instance", "name", "region", "begun", "by", "change"];
    write_list(invocation, out, "fixes", &keys, objects)
}

/// `ec2dash undo NUMBER`.
pub async fn undo(invocation: &Invocation, asked: &Undo, out: &mut dyn Write) -> Result<Exit, Failure> {
    let values = [("number", asked.number.to_string().into())];
    if !invocation.loaded.settings.may_mend() {
        return Err(invocation.failure("undo-read-only", Exit::Usage, &values));
    }
    if !asked.yes && !invocation.terminal.may_ask {
        return Err(invocation.failure("undo-no-yes", Exit::Usage, &values));
    }
    let mut open = journal(invocation)?.open(asked.number).map_err(|error| match error {
        NotOpened::Missing => invocation.failure("undo-missing", Exit::NotFound, &values),
        NotOpened::Busy => invocation.failure("undo-busy", Exit::Failed, &values),
        NotOpened::Unreadable(error) => unreadable(invocation, &error),
    })?;
    let is_open = open.record().standing().is_open();
    let counted_on = open.record().counted_on();
    if !is_open && counted_on == 0 {
        return Err(invocation.failure("undo-nothing", Exit::Failed, &values));
    }
    let place = open.record().place().ok_or_else(|| unreadable(invocation, &std::io::ErrorKind::InvalidData.into()))?;
    told(&preview(open.record(), invocation));
    let cloud = cloud_of(invocation, open.record(), &place).await?;
    let mut tell = |step: &Step| tell_step(invocation, step);
    // Of what somebody else has made nothing is taken back: it is only looked at.
    let ended = if is_open {
        confirm(invocation, asked.yes)?;
        take_back(&cloud, &place.region, &mut open, &mut tell).await
    } else {
        note_gone(&cloud, &place.region, &mut open, &mut tell).await
    };
    if let Err(error) = ended {
        return Err(not_taken_back(invocation, error, &open));
    }
    if !is_open && open.record().counted_on() == counted_on {
        return Err(invocation.failure("undo-nothing", Exit::Failed, &values));
    }
    let end = json!({"schema": SCHEMA, "fix": object(open.record(), false)});
    match invocation.form() {
        Form::Json => write_pretty(out, &end)?,
        Form::Jsonl => write_line(out, &end)?,
        _ => writeln!(out, "{}", invocation.text.say_with("undo-done", &values))?,
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// Nothing is taken back without a yes to what was shown.
fn confirm(invocation: &Invocation, yes: bool) -> Result<(), Failure> {
    let answer = if yes { "y".to_owned() } else { invocation.terminal.ask(&invocation.text.say("ask-undo")).unwrap_or_default() };
    if matches!(answer.to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(invocation.failure("undo-not-confirmed", Exit::Failed, &[]))
}

/// What would be taken back, the last change first.
fn preview(record: &Record, invocation: &Invocation) -> Vec<String> {
    let text = &invocation.text;
    let values = [
        ("number", record.number.to_string().into()),
        ("fix", shown(&record.fix).into()),
        ("instance", record.shown_instance().into()),
        ("by", shown(&record.by.arn).into()),
        ("begun", begun(record).into()),
    ];
    let mut lines = vec![text.say_with("undo-what", &values)];
    let made = |step: &&Step| matches!(step.state, StepState::Done | StepState::Asked | StepState::AskedBack);
    for step in record.steps.iter().rev().filter(made) {
        let Some(back) = step.change.shown_back() else { continue };
        lines.push(format!("  {back}  ({})", shown(&record.region)));
        if step.state != StepState::Done {
            lines.push(format!("    ? {}", text.say("undo-looked-up")));
        }
    }
    lines
}

/// The cloud that the fix was made in, by the profile that is named, else by the same one; of the same account, or nothing is taken back.
async fn cloud_of(invocation: &Invocation, record: &Record, place: &Place) -> Result<Cloud, Failure> {
    let named = invocation.global.profiles.as_slice();
    let profile = match (invocation.global.typed.profile, named) {
        (true, [one]) => Some(one.clone()),
        (true, _) => None,
        (false, _) => place.profile.as_ref().map(|profile| profile.raw().to_owned()),
    };
    let cloud = match profile {
        Some(profile) => {
            let (profile, region) = (Some(profile), Some(place.region.clone()));
            invocation.open_with(aws::Options { profile, region, ..invocation.options() }).await?
        }
        None => invocation.open().await?,
    };
    let identity = cloud.identity().await.map_err(|error| invocation.failed(&error))?;
    if identity.account.as_str() != record.by.account {
        let values = [("account", shown(&record.by.account).into()), ("own", identity.account.to_string().into())];
        return Err(invocation.failure("undo-other-account", Exit::Failed, &values));
    }
    Ok(cloud)
}

fn not_taken_back(invocation: &Invocation, error: NotTakenBack, open: &OpenRecord) -> Failure {
    match error {
        NotTakenBack::Changed(what) => {
            let values = [("number", open.record().number.to_string().into())];
            invocation.failure("undo-changed", Exit::Failed, &values).because_of(what)
        }
        NotTakenBack::Call(error) => invocation.failed(&error),
        NotTakenBack::Journal(error) => halted(invocation, &Halted::Journal(error), None),
    }
}

/// A fix that did not come to its end; `left`: the number under which what was done can be taken back.
pub fn halted(invocation: &Invocation, error: &Halted, left: Option<u32>) -> Failure {
    let mut failure = match error {
        Halted::Call(error) => invocation.failed(error),
        Halted::Instance(refusal) => {
            let values = [("about", refusal.about.shown_in(200).into())];
            invocation.failure(refusal.code(), Exit::Failed, &values)
        }
        Halted::Journal(error) => invocation.failure("fix-journal", Exit::Failed, &[("cause", shown(&error.to_string()).into())]),
    };
    if let Some(number) = left {
        failure.next.insert(0, invocation.text.say_with("mend-half-done", &[("number", number.to_string().into())]));
    }
    failure
}

/// The journal of this computer's user.
pub fn journal(invocation: &Invocation) -> Result<Journal, Failure> {
    let state = invocation.directories.state.as_deref();
    Ok(Journal::new(state.ok_or_else(|| invocation.failure("no-home", Exit::Failed, &[]))?))
}

/// One line for each step, for whoever watches.
pub fn tell_step(invocation: &Invocation, step: &Step) {
    let word = match step.state {
        StepState::Done => "done",
        StepState::WasThere => "was-there",
        StepState::TakenBack => "taken-back",
        StepState::Gone => "gone",
        StepState::Planned | StepState::Asked | StepState::AskedBack | StepState::Refused => return,
    };
    let back = step.change.shown_back().filter(|_| step.state == StepState::TakenBack);
    let shown = back.unwrap_or_else(|| step.change.shown());
    invocation.note(&invocation.text.say_with(&format!("mend-step-{word}"), &[("call", shown.into())]));
}

/// Lines on stderr, before a question. Without a stderr there is nobody to tell.
pub fn told(lines: &[String]) {
    for line in lines {
        let _ = writeln!(Standard::error(), "{line}");
    }
}

fn unreadable(invocation: &Invocation, error: &std::io::Error) -> Failure {
    invocation.failure("fix-journal", Exit::Failed, &[("cause", shown(&error.to_string()).into())])
}

fn shown(text: &str) -> String {
    Untrusted::from(text).shown_in(200)
}
