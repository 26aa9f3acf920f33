//! What the instances say, while they say it: their output, line by line, and how far they are.

use std::io::{self, Write};

use crate::aws::{CommandId, Error};
use crate::cli::args::Form;
use crate::cli::invocation::Invocation;
use crate::cli::output::write_line;
use crate::fleet::{Progress, Row};
use crate::model::{CommandText, Instance, Untrusted};
use crate::terminal::Standard;

use super::results;

/// Where output goes.
pub struct Teller<'i, 'o> {
    invocation: &'i Invocation,
    out: &'o mut dyn Write,
    with_prefix: bool,
    /// Whether a line of progress stands on the terminal.
    has_line: bool,
    shows_progress: bool,
    has_told_trouble: bool,
    /// Commands of which it was said that they are not cancelled.
    uncancelled: Vec<CommandId>,
    /// Whether it was said that some output could not be had.
    has_told_untold: bool,
    broken: Option<io::Error>,
}

impl<'i, 'o> Teller<'i, 'o> {
    pub fn new(invocation: &'i Invocation, out: &'o mut dyn Write, with_prefix: bool) -> Self {
        let shows_progress = invocation.terminal.stderr && !invocation.global.quiet;
        Self {
            invocation,
            out,
            with_prefix,
            has_line: false,
            shows_progress,
            has_told_trouble: false,
            uncancelled: Vec::new(),
            has_told_untold: false,
            broken: None,
        }
    }

    /// An instance has come to its end. Whether what it said could be written.
    pub fn ended(&mut self, row: &Row) -> bool {
        self.clear_line();
        let told = match self.invocation.form() {
            Form::Table | Form::Wide | Form::Ansible | Form::Cli | Form::Terraform | Form::Md | Form::Html => self.say(row),
            Form::Jsonl => write_line(self.out, &results::object(row, &self.invocation.text)),
            _ => Ok(()),
        };
        let told = told.and_then(|()| self.out.flush());
        if let Err(error) = told {
            self.broken.get_or_insert(error);
        }
        if let Some(error) = row.ending().and_then(|ending| ending.untold.as_ref())
            && !std::mem::replace(&mut self.has_told_untold, true)
        {
            self.warn(&self.invocation.text.say_with("exec-untold", &[("what", error.what(&self.invocation.text).into())]));
        }
        self.broken.is_none()
    }

    /// How far all are, on a terminal.
    pub fn progress(&mut self, progress: &Progress) {
        if !self.shows_progress {
            // Once, for whoever wonders in a log why nothing happens.
            if let Some(trouble) = progress.trouble.as_ref().filter(|_| !self.has_told_trouble) {
                self.has_told_trouble = true;
                let values = [("what", trouble.what(&self.invocation.text).into())];
                self.invocation.note(&self.invocation.text.say_with("exec-trouble", &values));
            }
            return;
        }
        let summary = progress.summary();
        let values = [
            ("ended", summary.ended().to_string().into()),
            ("total", summary.total.to_string().into()),
            ("running", summary.running.to_string().into()),
            ("failed", summary.failed.to_string().into()),
        ];
        let mut line = self.invocation.text.say_with("exec-progress", &values);
        if let Some(trouble) = &progress.trouble {
            line = format!("{line}  {}", trouble.what(&self.invocation.text));
        }
        let line = Untrusted::from(line).shown_in(self.invocation.terminal.width().unwrap_or(80).saturating_sub(1));
        let _ = write!(Standard::error(), "\r\x1b[K{line}").and_then(|()| Standard::error().flush());
        self.has_line = true;
    }

    /// Say something beside the data.
    pub fn note(&mut self, sentence: &str) {
        self.clear_line();
        self.invocation.note(sentence);
    }

    /// A command goes on although it should not: said once, also to the quiet.
    pub fn not_cancelled(&mut self, command: &CommandId, error: &Error) {
        if self.uncancelled.contains(command) {
            return;
        }
        self.uncancelled.push(command.clone());
        self.clear_line();
        let text = &self.invocation.text;
        let values = [("command", command.to_string().into()), ("what", error.what(text).into())];
        self.warn(&text.say_with("exec-not-cancelled", &values));
    }

    fn warn(&self, sentence: &str) {
        // Without a stderr there is nobody to tell.
        let _ = writeln!(Standard::error(), "{}: {sentence}", self.invocation.text.say("message-warning"));
    }

    /// Nothing more comes: what kept us from writing, if anything did.
    pub fn end(mut self) -> io::Result<()> {
        self.clear_line();
        self.broken.map_or(Ok(()), Err)
    }

    fn clear_line(&mut self) {
        if std::mem::take(&mut self.has_line) {
            let _ = write!(Standard::error(), "\r\x1b[K").and_then(|()| Standard::error().flush());
        }
    }

    fn say(&mut self, row: &Row) -> io::Result<()> {
        let Some(ending) = row.ending() else { return Ok(()) };
        let prefix = if self.with_prefix { before_lines(&row.instance) } else { String::new() };
        // Who reads both streams on one screen must see where one ends and the other begins.
        if !self.with_prefix && self.shows_progress && self.invocation.terminal.stdout && has_text(&ending.stdout, &ending.stderr)
        {
            writeln!(Standard::error(), "--- {}", row.instance.shown())?;
        }
        let cut_note = self.invocation.text.say("exec-cut");
        write_text(&mut *self.out, &ending.stdout, &prefix, &cut_note)?;
        self.out.flush()?;
        // Where stderr leads nowhere, the output still counts.
        let _ = write_text(&mut Standard::error(), &ending.stderr, &prefix, &cut_note);
        Ok(())
    }
}

/// What tells whose line it is: `web-1: `.
pub fn before_lines(instance: &Instance) -> String {
    let name = instance.name().map_or_else(|| instance.id.to_string(), |name| name.shown_in(40));
    format!("{name}: ")
}

fn has_text(stdout: &CommandText, stderr: &CommandText) -> bool {
    !stdout.text.is_empty() || !stderr.text.is_empty()
}

/// Foreign text, a line at a time through the gate: it moves no cursor and begins no line but its own.
fn write_text(out: &mut dyn Write, text: &CommandText, prefix: &str, cut_note: &str) -> io::Result<()> {
    for line in text.text.shown_lines() {
        writeln!(out, "{prefix}{line}")?;
    }
    if text.is_cut {
        writeln!(Standard::error(), "{prefix}{cut_note}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_does_not_write_over_the_prefix() {
        let mut out = Vec::new();
        let text = CommandText { text: "ok\rroot: \u{1b}]0;x\u{7}\nb\n".into(), is_cut: false };

        write_text(&mut out, &text, "web-1: ", "cut").unwrap();

        assert_eq!(String::from_utf8(out).unwrap(), "web-1: ok·root: ·]0;x·\nweb-1: b\n");
    }
}
