//! The loop of plain mode: lines and answers into the state, its effects into the world, then what is new as sentences.

use super::*;
use crate::terminal::{Lines, Standard};
use crate::tui::action::Action;
use crate::tui::plain::Plain;
use std::collections::VecDeque;
use std::io::{IsTerminal as _, Write as _};

/// Talk until the user leaves or the input ends. The terminal stays as it is; a session that is opened has it meanwhile.
pub async fn run(start: Start, beginning: &str) -> Result<Finish, Error> {
    let signals = Signals::listen()?;
    panic::install(start.directories.state.clone(), Arc::clone(&start.text));
    let mut lines = Lines::of_input()?;
    let (runtime, answers) = runtime(&start);
    let theme = Theme::new(&start.loaded.settings.ui, &Look { unicode: true, ..start.environment });
    let (directories, is_demo) = (start.directories.clone(), start.is_demo);
    let mut state = state(start);
    let plain = Plain::new(theme, &mut state);
    let mut first = vec![beginning.to_owned()];
    first.extend(is_demo.then(|| state.world.say("demo-mark")));
    let is_asked = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let mut talk = Talk { signals, runtime, state, plain, directories, is_asked, has_prompt: false };
    talk.print(&first);
    let finish = talk.until_the_end(&mut lines, answers).await;
    let _ = tokio::time::timeout(UNTIL_WRITTEN, talk.runtime.written()).await;
    if talk.runtime.has_tunnels() {
        leaving::end_tunnels(&mut talk.runtime, &mut talk.signals, &talk.state.world.text).await;
    }
    finish
}

/// Everything the loop holds.
struct Talk {
    signals: Signals,
    runtime: Runtime,
    state: State,
    plain: Plain,
    directories: Directories,
    /// Whether somebody sits at the other end of both streams.
    is_asked: bool,
    /// Whether the last thing written is a prompt.
    has_prompt: bool,
}

/// What woke the loop.
enum Woken {
    Signal(Signal),
    Line(io::Result<Option<String>>),
    Report(Box<Report>),
    Task(Result<(), tokio::task::JoinError>),
    Time,
}

impl Talk {
    async fn until_the_end(&mut self, lines: &mut Lines, mut answers: Receiver<Report>) -> Result<Finish, Error> {
        let effects = self.state.begin(false);
        if let Some(finish) = self.perform(effects, &mut answers).await {
            return Ok(finish);
        }
        loop {
            self.prompt();
            let woken = self.wait(lines, &mut answers).await;
            self.state.set_now(Timestamp::now());
            let effects = match woken {
                Woken::Signal(Signal::End(number)) => {
                    let is_interrupt = number == rustix::process::Signal::INT.as_raw();
                    if !(is_interrupt && self.is_asked) {
                        return Ok(Finish::Signal(number));
                    }
                    self.has_prompt = false;
                    self.print(&[]);
                    self.state.act(Action::Interrupt)
                }
                Woken::Signal(Signal::Stop) => {
                    self.signals.stop().await;
                    self.has_prompt = false;
                    Vec::new()
                }
                Woken::Signal(Signal::Woken) => Vec::new(),
                Woken::Line(Ok(Some(line))) => {
                    // What was typed has ended the line of the prompt.
                    self.has_prompt = false;
                    self.plain.take(&line, &mut self.state)
                }
                Woken::Line(Ok(None)) => return Ok(Finish::Quit),
                Woken::Line(Err(_)) => return Ok(Finish::Signal(HANG_UP)),
                Woken::Report(answer) => {
                    let message = self.runtime.translate(*answer);
                    self.state.handle(message)
                }
                Woken::Task(Ok(())) => continue,
                // The hook has said everything; the process ends as after any panic.
                Woken::Task(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                Woken::Time => self.state.tick(),
            };
            if let Some(finish) = self.perform(effects, &mut answers).await {
                return Ok(finish);
            }
            let held = self.plain.take_held(&mut self.state);
            if let Some(finish) = self.perform(held, &mut answers).await {
                return Ok(finish);
            }
            let told = self.plain.tell(&self.state);
            self.print(&told);
        }
    }

    async fn wait(&mut self, lines: &mut Lines, answers: &mut Receiver<Report>) -> Woken {
        let now = Timestamp::now();
        let due = [self.state.wake(), self.plain.wake()].into_iter().flatten().min();
        let until = due.map_or(LOOK_FOR_TERMINAL, |due| Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO));
        // A pipe holds all lines at once: each waits until what it may be about is there.
        let may_read = self.is_asked || !self.plain.is_busy(&self.state);
        tokio::select! {
            biased;
            signal = self.signals.next() => Woken::Signal(signal),
            Some(answer) = answers.recv() => Woken::Report(Box::new(answer)),
            ended = self.runtime.ended() => Woken::Task(ended),
            line = lines.next(), if may_read => Woken::Line(line),
            () = sleep(until), if due.is_some() => Woken::Time,
        }
    }

    /// Do what the state asks for, and what it asks for in answer. The end, if that is what it asks.
    async fn perform(&mut self, effects: Vec<Effect>, answers: &mut Receiver<Report>) -> Option<Finish> {
        let mut queue: VecDeque<Effect> = effects.into();
        while let Some(effect) = queue.pop_front() {
            match effect {
                Effect::Quit => return Some(Finish::Quit),
                Effect::SeeDemo => return Some(Finish::Demo),
                Effect::Redraw | Effect::TakeLooks => {}
                Effect::Suspend if can_pause() => self.signals.stop().await,
                Effect::Suspend => {
                    let why = self.state.world.say("no-shell");
                    queue.extend(self.state.handle(Message::Failed(why)));
                }
                // A clipboard is reached by escape sequences, which are not for a screen reader: it hears the text.
                Effect::Copy { text } => {
                    self.state.world.toast = None;
                    self.print(&[text]);
                }
                Effect::LookAndConnect { look, mends, request } => {
                    let looked = tokio::time::timeout(LOOKING, self.runtime.mend_and_look(mends, look)).await;
                    if let Some(message) = looked.ok().flatten() {
                        queue.extend(self.state.handle(message));
                    }
                    queue.extend(self.state.handle(Message::LookedAround(request)));
                }
                Effect::Connect { plan } => {
                    let (message, finish) = self.connect(*plan, answers).await;
                    if finish.is_some() {
                        return finish;
                    }
                    queue.extend(self.state.handle(message));
                }
                other => self.runtime.perform(other),
            }
        }
        None
    }

    /// A session on the terminal as it is.
    async fn connect(&mut self, plan: Plan, answers: &mut Receiver<Report>) -> (Message, Option<Finish>) {
        let Self { signals, runtime, state, directories, .. } = self;
        let (text, target) = (Arc::clone(&state.world.text), plan.target.clone());
        let outcome = Session { signals, runtime, state, directories }.run(plan, answers).await;
        self.state.set_now(Timestamp::now());
        outcome.told(&target, &text)
    }

    /// Write lines; what was told while a prompt stands begins on a line of its own.
    fn print(&mut self, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let before = if std::mem::take(&mut self.has_prompt) { "\n" } else { "" };
        let text: String = lines.iter().flat_map(|told| told.lines()).map(|line| format!("{line}\n")).collect();
        // Nobody reads any more: the end of the input says so next.
        let _ = Standard::output().write_all(format!("{before}{text}").as_bytes());
        let _ = std::io::stdout().flush();
    }

    fn prompt(&mut self) {
        if self.is_asked && !self.has_prompt {
            self.has_prompt = true;
            let _ = Standard::output().write_all(b"> ");
        }
    }
}
