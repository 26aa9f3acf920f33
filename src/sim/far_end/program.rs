//! A program behind an agent: a shell, or a command with or without a terminal.

use std::io;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::outlet::Outlet;
use super::pipe::{News, Pipe, PipeId, Pipes, Source, Told};
use super::plant::{MOST_AHEAD, Plant, Stage};
use crate::sim::machine::{Account, Control, GREETING, Machine, Output, Program, What, Wish, plain, window};
use crate::ssm::{AgentEvent, Size};

/// Who runs it.
const USER: &str = "ssm-user";
/// What the agent tells the shell its terminal is.
const TERM: &str = "xterm-256color";

/// Where a program runs.
pub(super) struct Place<'a> {
    pub(super) machine: &'a Machine,
    pub(super) instance: &'a str,
    pub(super) name: &'a str,
    /// How long the agent waits before it reads what the program says.
    pub(super) pause: Duration,
}

/// A running program.
pub(super) struct Running {
    control: Arc<Control>,
    stop: CancellationToken,
    input: Option<PipeId>,
    outlets: Vec<Outlet>,
    waiting: Vec<u8>,
    status: Option<ExitStatus>,
}

impl Running {
    /// A shell, or a command line on a terminal. `typed` is what the agent types into it.
    pub(super) fn on_terminal(place: &Place<'_>, what: What, typed: &str, pipes: &mut Pipes) -> io::Result<Self> {
        let greeting = if matches!(what, What::Shell) { GREETING } else { "" };
        let usual = window(Size::USUAL.columns.into(), Size::USUAL.rows.into(), 0, 0);
        let wish = Wish { terminal: Some((TERM.to_owned(), usual)), what, ..Wish::default() };
        let mut running = Self::start(place, &wish, pipes)?;
        running.waiting.extend_from_slice(typed.as_bytes());
        for outlet in &mut running.outlets {
            outlet.say(greeting.as_bytes());
        }
        Ok(running)
    }

    fn start(place: &Place<'_>, wish: &Wish, pipes: &mut Pipes) -> io::Result<Self> {
        let home = place.machine.homes.of(place.instance, USER)?;
        let host = plain(if place.name.is_empty() { place.instance } else { place.name });
        let account = Account { user: USER, home: &home, host: &host };
        let (input, output, mut child, control) = Program::start(wish, &account, &place.machine.processes)?.into_parts();
        let control = Arc::new(control);
        let (stop, exited) = (CancellationToken::new(), CancellationToken::new());
        let mut running = Self {
            control: Arc::clone(&control),
            stop: stop.clone(),
            input: None,
            outlets: Vec::new(),
            waiting: Vec::new(),
            status: None,
        };
        match output {
            Output::Terminal(terminal) => {
                let (id, pipe) = pipes.join(Source::Terminal(terminal, exited.clone()), input, place.pause);
                running.input = Some(id);
                running.outlets.push(Outlet::new(id, pipe));
            }
            Output::Pipes { .. } => return Err(io::Error::other("a program of a session has a terminal")),
        }
        pipes.spawn(|tell| async move {
            let status = tokio::select! {
                status = child.wait() => status,
                () = stop.cancelled() => {
                    control.end(&mut child).await;
                    child.wait().await
                }
            };
            control.watched.hang_up();
            exited.cancel();
            let status = status.unwrap_or_default();
            drop(tell.send(Told { pipe: 0, news: News::Exited(status) }).await);
        });
        Ok(running)
    }

    fn input(&mut self) -> Option<&mut Pipe> {
        let input = self.input?;
        self.outlets.iter_mut().find(|outlet| outlet.id == input).map(|outlet| &mut outlet.pipe)
    }
}

impl Plant for Running {
    fn wants_events(&self) -> bool {
        self.waiting.len() < MOST_AHEAD
    }

    fn event(&mut self, event: AgentEvent, stage: &mut Stage<'_>) {
        match event {
            AgentEvent::Input(bytes) if self.input.is_some() => self.waiting.extend_from_slice(&bytes),
            AgentEvent::Resized(Size { columns, rows }) => self.control.resize(window(columns.into(), rows.into(), 0, 0)),
            _ => {}
        }
        self.pump(stage);
    }

    fn hear(&mut self, told: Told, stage: &mut Stage<'_>) {
        if let News::Exited(status) = told.news {
            self.status = Some(status);
            // Nobody is there to take it.
            self.waiting.clear();
            self.input = None;
        } else if let Some(outlet) = self.outlets.iter_mut().find(|outlet| outlet.id == told.pipe) {
            outlet.hear(told.news);
        }
        self.pump(stage);
    }

    fn pump(&mut self, stage: &mut Stage<'_>) {
        if !self.waiting.is_empty() && self.input().is_some_and(|pipe| pipe.is_free()) {
            let bytes = std::mem::take(&mut self.waiting);
            if let Some(pipe) = self.input() {
                pipe.give(bytes);
            }
        }
        for outlet in &mut self.outlets {
            outlet.pump(stage.agent);
        }
        if self.status.is_some() && self.outlets.iter().all(Outlet::is_done) {
            stage.agent.finish("", stage.now);
        }
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && !self.outlets.iter().any(|outlet| outlet.pipe.is_busy())
    }

    fn stop(&mut self) {
        self.stop.cancel();
    }
}
