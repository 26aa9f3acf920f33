//! A program behind an agent: a shell, or a command with or without a terminal.

use std::fs::File;
use std::io::{self, Seek as _};
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::Signal;
use tokio::process::Child;
use tokio_util::sync::CancellationToken;

use super::document::Streams;
use super::outlet::Outlet;
use super::pipe::{FromPipe, Pipe, PipeEvent, PipeId, Pipes, Source};
use super::plant::{MOST_AHEAD, Plant, Stage};
use super::words::words;
use crate::machine::{Account, Aside, Control, GREETING, Machine, Output, Program, ProgramRequest, What, plain, window};
use ec2dash_ssm::{AgentEvent, Size};

/// What the agent tells the shell its terminal is.
const TERM: &str = "xterm-256color";

/// Where a program runs.
pub(super) struct Place<'a> {
    pub(super) machine: &'a Machine,
    pub(super) instance: &'a str,
    pub(super) name: &'a str,
    pub(super) user: &'a str,
    /// How long the agent waits before it reads what the program says.
    pub(super) pause: Duration,
    /// The public host key of the instance, if it has an SSH server.
    pub(super) host_key: Option<&'a str>,
}

impl Place<'_> {
    /// The line with the folder of sshd's keys where this instance has it: it has no `/etc` of its own, and this computer's says nothing
    /// of it.
    fn at_home(&self, line: &str) -> io::Result<String> {
        const FOLDER: &str = "/etc/ssh/ssh_host_";
        if !line.contains(FOLDER) {
            return Ok(line.to_owned());
        }
        let folder = self.machine.homes.of(self.instance, "etc-ssh")?;
        if let Some(key) = self.host_key {
            std::fs::write(folder.join("ssh_host_ed25519_key.pub"), format!("{key} root@{}\n", plain(self.name)))?;
        }
        let name = folder.file_name().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
        Ok(line.replace(FOLDER, &format!("../{name}/ssh_host_")))
    }
}

/// A running program.
pub(super) struct Running {
    control: Arc<Control>,
    stop: CancellationToken,
    input: Option<PipeId>,
    outlets: Vec<Outlet>,
    waiting: Vec<u8>,
    status: Option<ExitStatus>,
    /// Both streams of a command whose streams are not separate: told when it has ended.
    gathered: Option<File>,
    tells_code: bool,
}

impl Running {
    /// A shell, or a command line on a terminal. `typed` is what the agent types into it.
    pub(super) fn on_terminal(place: &Place<'_>, what: What, typed: &str, pipes: &mut Pipes) -> io::Result<Self> {
        let greeting = if matches!(what, What::Shell) { GREETING } else { "" };
        let usual = window(Size::USUAL.columns.into(), Size::USUAL.rows.into(), 0, 0);
        let request = ProgramRequest { terminal: Some((TERM.to_owned(), usual)), what, ..ProgramRequest::default() };
        let mut running = Self::start(place, &request, pipes)?;
        running.waiting.extend_from_slice(typed.as_bytes());
        for outlet in &mut running.outlets {
            outlet.say(greeting.as_bytes());
        }
        Ok(running)
    }

    /// A command without terminal and input.
    pub(super) fn words(place: &Place<'_>, line: &str, streams: Option<&Streams>, pipes: &mut Pipes) -> io::Result<Self> {
        let mut words = words(&place.at_home(line)?).unwrap_or_default().into_iter();
        let program = words.next().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the command has no words"))?;
        let into = streams.is_none().then(|| place.machine.homes.nameless_file()).transpose()?;
        let request = ProgramRequest { what: What::Words(program, words.collect()), into, ..ProgramRequest::default() };
        let mut running = Self::start(place, &request, pipes)?;
        running.tells_code = streams.is_some();
        match streams {
            Some(streams) => {
                let prefixes = [(false, &streams.stdout_prefix), (true, &streams.stderr_prefix)];
                let outlets = std::mem::take(&mut running.outlets).into_iter().zip(prefixes);
                running.outlets = outlets
                    .map(|(outlet, (is_error, prefix))| Outlet::separate(outlet.id, outlet.pipe, is_error, prefix.clone()))
                    .collect();
            }
            None => running.gathered = request.into,
        }
        Ok(running)
    }

    fn start(place: &Place<'_>, request: &ProgramRequest, pipes: &mut Pipes) -> io::Result<Self> {
        let home = place.machine.homes.of(place.instance, place.user)?;
        let host = plain(if place.name.is_empty() { place.instance } else { place.name });
        let account = Account { user: place.user, home: &home, host: &host };
        let (input, output, child, control) = Program::start(request, &account, &place.machine.processes)?.into_parts();
        let control = Arc::new(control);
        let (stop, exited) = (CancellationToken::new(), CancellationToken::new());
        let mut running = Self {
            control: Arc::clone(&control),
            stop: stop.clone(),
            input: None,
            outlets: Vec::new(),
            waiting: Vec::new(),
            status: None,
            gathered: None,
            tells_code: false,
        };
        let mut join = |source, sink| {
            let (id, pipe) = pipes.join(source, sink, place.pause);
            running.outlets.push(Outlet::of_text(id, pipe));
            id
        };
        let aside = match output {
            Output::Terminal(terminal) => {
                running.input = Some(join(Source::Terminal { terminal, exited: exited.clone(), close: stop.clone() }, input));
                None
            }
            Output::Pipes { stdout, stderr, aside } => {
                join(Source::Plain(stdout), None);
                join(Source::Plain(stderr), None);
                Some(aside)
            }
            Output::File { aside } => Some(aside),
        };
        pipes.spawn(|tell| async move {
            let status = watch(child, &control, aside, &stop).await;
            exited.cancel();
            drop(tell.send(FromPipe { pipe: 0, event: PipeEvent::Exited(status) }).await);
        });
        Ok(running)
    }

    /// Ctrl-C and Ctrl-\ are all that a command without input hears.
    fn interrupt(&self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                0x03 => self.control.watched.signal_leader(Signal::INT),
                0x1c => self.control.watched.signal_leader(Signal::QUIT),
                _ => {}
            }
        }
    }

    /// What was gathered by the end of the command is told like what a program says.
    fn tell_gathered(&mut self, pipes: &mut Pipes) {
        if self.status.is_some()
            && let Some(mut file) = self.gathered.take()
        {
            // A file of this computer that was just written: if it cannot be read, there is no output.
            let _ = file.rewind();
            let (id, pipe) = pipes.join(Source::Plain(Box::pin(tokio::fs::File::from_std(file))), None, Duration::ZERO);
            self.outlets.push(Outlet::of_text(id, pipe));
        }
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
            AgentEvent::Input(bytes) => self.interrupt(&bytes),
            AgentEvent::Resized(Size { columns, rows }) => self.control.resize(window(columns.into(), rows.into(), 0, 0)),
            _ => {}
        }
        self.pump(stage);
    }

    fn pipe_event(&mut self, from: FromPipe, stage: &mut Stage<'_>) {
        if let PipeEvent::Exited(status) = from.event {
            self.status = Some(status);
            // Nobody is there to take it.
            self.waiting.clear();
            self.input = None;
        } else if let Some(outlet) = self.outlets.iter_mut().find(|outlet| outlet.id == from.pipe) {
            outlet.pipe_event(from.event);
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
        self.tell_gathered(stage.pipes);
        for outlet in &mut self.outlets {
            outlet.pump(stage.agent);
        }
        if self.gathered.is_none()
            && self.outlets.iter().all(Outlet::is_done)
            && let Some(status) = self.status.take()
        {
            if self.tells_code {
                stage.agent.exit_code(code(status));
            }
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

/// Until it has ended, by itself or because it was told to.
async fn watch(mut child: Child, control: &Control, mut aside: Option<Aside>, stop: &CancellationToken) -> ExitStatus {
    let discarding = async {
        if let Some(aside) = &mut aside {
            aside.discard().await;
        }
        std::future::pending::<()>().await
    };
    let status = tokio::select! {
        status = child.wait() => status.ok(),
        () = stop.cancelled() => None,
        () = discarding => None,
    };
    let status = match status {
        Some(status) => status,
        None => {
            control.end(&mut child).await;
            child.wait().await.unwrap_or_default()
        }
    };
    control.watched.hang_up();
    status
}

/// As a shell says it.
fn code(status: ExitStatus) -> i64 {
    use std::os::unix::process::ExitStatusExt as _;

    i64::from(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default()))
}
