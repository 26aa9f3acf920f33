//! What is said while files are copied: a line that moves on a terminal, and a line for each file that there is something to say of.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::job::{Job, place};
use crate::cli::invocation::Invocation;
use crate::files::{Event, Meter, Rate, What, is_mark};
use crate::model::{Untrusted, display_width};
use crate::terminal::Standard;
use crate::text::size;

/// How often the line on the terminal changes.
pub const TICK: Duration = Duration::from_millis(200);
/// Things told of files that nobody has read yet.
pub const UNREAD: usize = 256;
/// An endpoint is said to be slow from here on.
const LARGE: u64 = 100_000_000;

/// Says it.
pub struct Teller<'a, 'o> {
    invocation: &'a Invocation,
    meter: Arc<Meter>,
    begun: Instant,
    rate: Rate,
    shows_progress: bool,
    has_line: bool,
    /// Whether it goes by an endpoint, and nobody has been told yet what that means.
    is_slow: bool,
    /// Where a list of what would be done goes.
    out: &'o mut dyn Write,
    /// Whether a file was not copied.
    pub has_failed: bool,
}

impl<'a, 'o> Teller<'a, 'o> {
    pub fn new(invocation: &'a Invocation, meter: &Arc<Meter>, is_slow: bool, out: &'o mut dyn Write) -> Self {
        let shows_progress = invocation.terminal.stderr && !invocation.global.quiet;
        Self {
            invocation,
            meter: Arc::clone(meter),
            begun: Instant::now(),
            rate: Rate::default(),
            shows_progress,
            has_line: false,
            is_slow,
            out,
            has_failed: false,
        }
    }

    /// Something about a file.
    pub fn tell(&mut self, job: &Job<'_>, event: &Event) {
        self.clear_line();
        let text = &self.invocation.text;
        let path = job.shown(event.side, &event.path);
        match &event.what {
            What::Failed(trouble) => {
                self.has_failed = true;
                // Not for `--quiet` to hide: without a stderr there is nobody to tell.
                let _ = writeln!(Standard::error(), "ec2dash: {path}: {}", trouble.words(text));
            }
            What::Special => self.invocation.note(&text.say_with("copy-special", &[("path", path.into())])),
            What::Sparse { taken, size: all } => {
                let values = [("path", path.into()), ("taken", size(*taken).into()), ("size", size(*all).into())];
                self.invocation.note(&text.say_with("copy-sparse", &values));
            }
            What::LeadsOut(to) => {
                let values = [("path", path.into()), ("to", to.shown_in(200).into())];
                self.invocation.note(&text.say_with("copy-leads-out", &values));
            }
            What::Resumed(bytes) => {
                let values = [("path", path.into()), ("size", size(*bytes).into())];
                self.invocation.note(&text.say_with("copy-resumed", &values));
            }
            // The words of a list that programs read are the same in every language. Who reads no more has left.
            What::WouldCopy => drop(writeln!(self.out, "copy {path}")),
            What::WouldRemove => drop(writeln!(self.out, "remove {path}")),
            What::Removes(count) => {
                self.invocation.note(&text.say_with("sync-removes", &[("count", (*count).into()), ("path", path.into())]));
            }
            What::NotRemoved(count) => {
                self.has_failed = true;
                let values = [("count", (*count).into()), ("path", path.into())];
                let _ = writeln!(Standard::error(), "ec2dash: {}", text.say_with("sync-not-removed", &values));
            }
        }
    }

    /// How far it is.
    pub fn progress(&mut self) {
        let tally = self.meter.tally();
        let text = &self.invocation.text;
        if self.is_slow && tally.bytes > LARGE {
            self.is_slow = false;
            self.clear_line();
            self.invocation.note(&self.invocation.text.say("copy-endpoint-slow"));
            return;
        }
        if !self.shows_progress {
            return;
        }
        let pace = self.rate.see(self.begun.elapsed(), tally.bytes_done, tally.bytes);
        let percent = (tally.bytes_done.saturating_mul(100)).checked_div(tally.bytes).unwrap_or(0).min(100);
        let values = [
            ("percent", percent.to_string().into()),
            ("done", size(tally.bytes_done).into()),
            ("all", size(tally.bytes).into()),
            ("rate", size(pace.rate).into()),
            ("files", tally.files_done.to_string().into()),
            ("of", tally.files.to_string().into()),
        ];
        let mut line = text.say_with("copy-progress", &values);
        if let Some(left) = pace.left {
            let left = text.span(i64::try_from(left.as_secs()).unwrap_or(i64::MAX));
            line = format!("{line} · {}", text.say_with("copy-left", &[("time", left.into())]));
        }
        let width = self.invocation.terminal.error_width().saturating_sub(1);
        let line = if display_width(&line) > width { Untrusted::from(line).shown_in(width) } else { line };
        let _ = write!(Standard::error(), "\r\x1b[K{line}").and_then(|()| Standard::error().flush());
        self.has_line = true;
    }

    /// A part stays for a later copy, or the mark of a folder that is not whole.
    pub fn kept(&mut self, job: &Job<'_>, part: &Path) {
        self.clear_line();
        let is_folder = part.file_name().is_some_and(is_mark);
        let (name, path) = if is_folder { ("folder", part.parent().unwrap_or(part)) } else { ("part", part) };
        // `sync` goes on by itself.
        let key = match is_folder {
            true => "copy-not-whole",
            false if job.mirror.is_some() => "copy-kept-by-sync",
            false => "copy-kept",
        };
        // Not for `--quiet` to hide: it is a file that nobody asked for.
        let sentence = self.invocation.text.say_with(key, &[(name, place(job.destination.target(), path).into())]);
        let _ = writeln!(Standard::error(), "ec2dash: {sentence}");
    }

    /// Nothing more comes: the last state stays on the terminal.
    pub fn end(&mut self) {
        if self.shows_progress && self.meter.tally().files > 0 {
            self.progress();
            let _ = writeln!(Standard::error());
            self.has_line = false;
        }
    }

    fn clear_line(&mut self) {
        if std::mem::take(&mut self.has_line) {
            let _ = write!(Standard::error(), "\r\x1b[K").and_then(|()| Standard::error().flush());
        }
    }
}
