//! Selected rows, and a command that runs on them.

use std::num::NonZeroUsize;

use super::State;
use crate::columns::Tone;
use crate::fleet::{Order, Update};
use crate::model::InstanceId;
use crate::model::Untrusted;
use crate::text::joined;
use crate::tui::command_run::{CommandRequest, CommandRun, sums};
use crate::tui::effect::Effect;
use crate::tui::overlays::Request;
use crate::tui::overlays::{CommandLine, Question, Results};

/// How many instances run a command at a time.
const AT_A_TIME: NonZeroUsize = NonZeroUsize::new(10).unwrap();

/// Lines of a command that a question shows; how many more there are is told in any case.
const LINES: usize = 8;

/// Instances that a question names; their number is told in any case.
const NAMED: usize = 5;

impl State {
    /// Select the row under the cursor, or no longer, and go on.
    pub(super) fn select(&mut self) -> Vec<Effect> {
        self.world.rows.toggle_mark();
        self.go_by(1)
    }

    /// Select all rows that are shown; if all are, none of them.
    pub(super) fn select_all(&mut self) -> Vec<Effect> {
        self.world.rows.mark_all();
        Vec::new()
    }

    /// The first time one end of a range, the second time the other.
    pub(super) fn select_range(&mut self) -> Vec<Effect> {
        if self.world.rows.mark_range() {
            return Vec::new();
        }
        let key = self.world.keymap.hint(crate::tui::action::Action::SelectRange);
        self.world.say_if_whole("select-range", [("key", &key)]).map_or_else(Vec::new, |said| self.tell(said))
    }

    /// Ask for a command for the selected rows, or the one under the cursor. While one runs, its results.
    pub(super) fn open_command(&mut self) -> Vec<Effect> {
        if self.world.command.as_ref().is_some_and(CommandRun::is_under_way) {
            return self.open(Results::default());
        }
        let mut ids: Vec<InstanceId> = self.world.rows.marked().map(|line| line.instance.id.clone()).collect();
        if ids.is_empty() {
            ids.extend(self.world.current().map(|line| line.instance.id.clone()));
        }
        if ids.is_empty() {
            return self.tell(self.world.say("no-row"));
        }
        if !self.world.settings.may_run_commands() {
            return self.tell(self.world.say("error-exec-read-only"));
        }
        self.keep_cursor();
        let earlier = self.earlier_commands.clone();
        self.open(CommandLine::new(ids, earlier))
    }

    /// Run a command, or ask what must be asked first.
    pub(super) fn run_command(&mut self, request: CommandRequest) -> Vec<Effect> {
        let targets: Vec<_> = request.ids.iter().filter_map(|id| self.world.inventory.row(id).cloned()).collect();
        if targets.is_empty() {
            return self.tell(self.world.say("instance-left"));
        }
        if !self.world.settings.may_run_commands() {
            return self.tell(self.world.say("error-exec-read-only"));
        }
        if !request.is_confirmed && targets.iter().any(|row| self.world.asks_before_connecting(row)) {
            return self.ask_to_run(request);
        }
        self.earlier_commands.add(&request.script);
        let order = Order { targets, script: request.script, parallel: AT_A_TIME, timeout: None, is_fail_fast: false };
        self.command_number += 1;
        let number = self.command_number;
        self.world.command = Some(CommandRun::new(number, &order, self.world.now));
        self.overlays.clear();
        self.overlays.push(Box::<Results>::default());
        vec![Effect::RunCommand { number, order: Box::new(order) }]
    }

    fn ask_to_run(&mut self, request: CommandRequest) -> Vec<Effect> {
        let account = self.world.here.identity.as_ref().map(|identity| identity.account.to_string()).unwrap_or_default();
        let label = self.world.account_settings().and_then(|account| account.label.clone()).unwrap_or_default();
        let whose = joined(" ", [account.as_str(), &label]);
        let place = self.world.say_if_whole("confirm-account", [("account", &whose)]).unwrap_or_default();
        let rows: Vec<_> = request.ids.iter().filter_map(|id| self.world.inventory.row(id)).collect();
        let mut regions: Vec<&str> = rows.iter().map(|row| row.place.region.as_str()).collect();
        regions.sort_unstable();
        regions.dedup();
        let names: Vec<String> = rows.iter().take(NAMED).map(|row| row.shown()).collect();
        let more = if rows.len() > NAMED { ", …" } else { "" };
        let mut lines = vec![
            self.world.text.say_with("command-confirm", &[("count", rows.len().into())]),
            format!("{}{more}", names.join(", ")),
            joined(" · ", [place.as_str(), &regions.join(", ")]),
        ];
        lines.extend(request.script.lines().take(LINES).map(|line| format!("$ {}", Untrusted::from(line).shown_in(70))));
        let more = request.script.lines().count().saturating_sub(LINES);
        if more > 0 {
            lines.push(self.world.text.say_with("command-more-lines", &[("count", more.into())]));
        }
        lines.push(self.world.say("command-confirm-question"));
        let title = self.world.say("command-confirm-title");
        self.ask(Question::new(title, lines, Request::RunCommand(CommandRequest { is_confirmed: true, ..request })).of_danger())
    }

    /// Something happened to a command.
    pub(super) fn on_command_update(&mut self, number: u64, update: Update) -> Vec<Effect> {
        let Some(run) = self.world.command.as_mut().filter(|run| run.number == number) else { return Vec::new() };
        let refused = match &update {
            Update::NotCancelled { error, .. } => Some(error.what(&self.world.text)),
            _ => None,
        };
        run.progress.take_in(update);
        // It can be asked for again.
        if let Some(what) = refused.filter(|_| std::mem::take(&mut run.is_stopping)) {
            let text = self.world.say_with("command-not-cancelled", [("what", &what)]);
            self.world.complain(text);
        }
        Vec::new()
    }

    /// Nothing more comes from a command: one line says how it ended.
    pub(super) fn on_command_end(&mut self, number: u64) -> Vec<Effect> {
        let now = self.world.now;
        let Some(run) = self.world.command.as_mut().filter(|run| run.number == number) else { return Vec::new() };
        run.ended = Some(now);
        let summary = run.progress.summary();
        let sums = sums(run, &self.world.text).join(" · ");
        let text = self.world.say_with("command-ended", [("sums", &sums)]);
        self.world.tell(text, if summary.succeeded == summary.total { Tone::Plain } else { Tone::Bad });
        Vec::new()
    }

    /// The user wants what runs to stop: cancel the command in the account.
    pub(super) fn stop_command(&mut self) -> Vec<Effect> {
        match self.world.command.as_mut().filter(|run| run.is_under_way() && !run.is_stopping) {
            Some(run) => {
                run.is_stopping = true;
                vec![Effect::StopCommand]
            }
            None => Vec::new(),
        }
    }

    /// What was written to a file, or why it was not.
    pub(super) fn on_written(&mut self, path: &str, result: Result<(), String>) -> Vec<Effect> {
        match result {
            Ok(()) => self.tell(self.world.say_with("output-written", [("path", path)])),
            Err(why) => {
                self.world.complain(self.world.say_with("output-unwritten", [("path", path), ("why", &why)]));
                Vec::new()
            }
        }
    }

    /// What a command does without us, if one would be left behind.
    pub(super) fn command_left_behind(&self) -> Option<String> {
        let run = self.world.command.as_ref().filter(|run| run.is_under_way())?;
        let summary = run.progress.summary();
        let open = summary.total - summary.ended();
        Some(self.world.text.say_with("command-quit", &[("count", open.into())]))
    }
}
