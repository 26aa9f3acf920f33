//! A command that runs on many instances, as the dashboard knows it.

use jiff::Timestamp;

use super::age::grouped;
use crate::columns::Tone;
use crate::fleet::{Order, Outcome, Progress, Row, Stage};
use crate::model::{InstanceId, Untrusted};
use crate::text::Catalogue;

/// A command on many instances: under way, or the last one.
#[derive(Debug)]
pub struct CommandRun {
    /// Tells its updates from those of another.
    pub number: u64,
    /// The command as it was typed.
    pub script: String,
    /// How far it is.
    pub progress: Progress,
    /// When it was sent.
    pub began: Timestamp,
    /// When nothing more was to come.
    pub ended: Option<Timestamp>,
    /// Whether the user asked for its end.
    pub is_stopping: bool,
}

/// A command asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRequest {
    /// Where.
    pub ids: Vec<InstanceId>,
    /// What, as typed: a command line for `/bin/sh`.
    pub script: String,
    /// Whether the question of a dangerous account was answered.
    pub is_confirmed: bool,
}

impl CommandRun {
    /// A command that is about to be sent.
    pub fn new(number: u64, order: &Order, now: Timestamp) -> Self {
        Self { number, script: order.script.clone(), progress: Progress::new(order), began: now, ended: None, is_stopping: false }
    }

    /// The command in one line of a screen.
    pub fn shown(&self) -> String {
        in_a_line(&self.script, 60)
    }

    /// Whether something may still come.
    pub fn is_under_way(&self) -> bool {
        self.ended.is_none()
    }
}

/// A command of one line or several in one line of a screen: the first, and how many follow.
pub fn in_a_line(script: &str, room: usize) -> String {
    let mut lines = script.lines();
    let first = Untrusted::from(lines.next().unwrap_or_default()).shown_in(room);
    match lines.count() {
        0 => first,
        more => format!("{first} (+{more})"),
    }
}

/// How a command has done, or does so far: `3 of 5 · 1 of 5 failed · 7 not sent`. The numbers add up to all.
pub fn sums(run: &CommandRun, text: &Catalogue) -> Vec<String> {
    let summary = run.progress.summary();
    let meant = grouped(summary.meant());
    let of = |key: &str, count: usize| {
        (count > 0).then(|| text.say_with(key, &[("count", grouped(count).into()), ("total", meant.clone().into())]))
    };
    let done = summary.ended() - summary.not_sent;
    let first = if run.is_under_way() {
        Some(text.say_with("title-count", &[("shown", grouped(done).into()), ("total", meant.clone().into())]))
    } else {
        of("command-succeeded", summary.succeeded)
    };
    let parts = [
        first,
        of(if run.is_under_way() { "command-failing" } else { "command-failed" }, summary.failed),
        of("command-cancelled", summary.cancelled),
        of("command-unreached", summary.unreached()),
        // Nothing more comes of these.
        of("command-left-open", if run.is_under_way() { 0 } else { summary.total - summary.ended() }),
        of("command-unsent", summary.not_sent),
    ];
    parts.into_iter().flatten().collect()
}

/// Where a row stands among the results: what went wrong first, then what goes on, what went well, and what never began.
pub fn rank(row: &Row) -> u8 {
    match &row.stage {
        Stage::Waiting | Stage::Sent | Stage::Running => 1,
        Stage::Ended(ending) => match &ending.outcome {
            Outcome::Success => 2,
            Outcome::Cancelled | Outcome::Unsent(_) => 3,
            _ => 0,
        },
    }
}

/// All that an instance said, under a line that names it: for a file, or for the clipboard.
pub fn output(row: &Row, text: &Catalogue) -> String {
    let (_, word, _) = standing(row, text);
    let code = row.ending().and_then(|ending| ending.code).map(|code| format!(" {code}")).unwrap_or_default();
    let mut all = format!("# {}  {word}{code}\n", row.instance.shown());
    let Some(ending) = row.ending() else { return all };
    if let Some(reason) = ending.outcome.reason(text) {
        all.push_str(&format!("# {reason}\n"));
    }
    for (name, said) in [("stdout", &ending.stdout), ("stderr", &ending.stderr)] {
        if said.text.is_empty() && !said.is_cut {
            continue;
        }
        all.push_str(&format!("## {name}\n"));
        for line in said.text.shown_lines() {
            all.push_str(&line);
            all.push('\n');
        }
        if said.is_cut {
            all.push_str(&format!("{}\n", text.say("command-cut")));
        }
    }
    all
}

/// The mark, the word and the tone of how far a row is.
pub fn standing(row: &Row, text: &Catalogue) -> (&'static str, String, Tone) {
    let (mark, word, tone) = match &row.stage {
        Stage::Waiting => ("…", "waiting", Tone::Faint),
        Stage::Sent => ("…", "sent", Tone::Faint),
        Stage::Running => ("◐", "running", Tone::Problem),
        Stage::Ended(ending) => match &ending.outcome {
            Outcome::Success => ("✓", "success", Tone::Good),
            Outcome::Unknown(_) => ("?", "unknown", Tone::Unknown),
            outcome @ (Outcome::Cancelled | Outcome::Terminated | Outcome::Unsent(_)) => ("–", outcome.word(), Tone::Faint),
            outcome => ("✗", outcome.word(), Tone::Bad),
        },
    };
    (mark, text.say(&format!("fleet-{}", word.replace('_', "-"))), tone)
}
