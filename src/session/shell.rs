//! A session on the user's terminal: keys go there, output comes here, and a few keys are for us.

mod telling;

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant, SystemTime};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use super::absence::{Absence, Watch, watched};
use super::recording::{Heading, Recording};
use super::typed_line::TypedLine;
use super::{Hindrance, Incoming, LinkState, Reason, Session, SessionEnd, SignInNotice, SignInNotices};
use crate::model::Untrusted;
use crate::terminal::{
    Escape, Escapes, Keyboard, LeavingSignals, Pause, Pauses, RawTerminal, Screen, Size, Witness, can_pause, passed_on, size,
};
use crate::text::Catalogue;

/// Typed bytes that wait for the far side. So many, because nobody could end a dead session by `~.` if the keys before it were not
/// read; piped input has no such keys.
const MOST_TYPED: usize = 4 * 1024 * 1024;
const MOST_PIPED: usize = 64 * 1024;
const READ: usize = 16 * 1024;
/// Output that is written at once.
const WRITE: usize = 64 * 1024;
/// Whoever leaves a shell by a key is out of it within this time.
const LONGEST_LEAVE: Duration = Duration::from_secs(3);
const TICK: Duration = Duration::from_secs(1);
/// Columns of the kind of a terminal.
const LONGEST_TERM: usize = 60;
/// How a terminal says that no more comes.
const END_OF_INPUT: u8 = 0x04;

/// How a session on the terminal ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) ending: SessionEnd,
    /// The signal that was sent to us, if one ended it.
    pub(crate) told_by: Option<i32>,
    /// Whether everything that came was shown, unless its user left.
    pub(crate) is_whole: bool,
    /// Whether nothing was typed that may have ended it, or what was typed takes the target down.
    pub(crate) is_unasked: bool,
    /// Why not all of it is recorded.
    pub(crate) recorded: io::Result<()>,
}

/// How to show a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Manner<'a> {
    /// What the window's title calls it.
    pub(crate) name: &'a str,
    /// What a recording calls it.
    pub(crate) title: &'a str,
    pub(crate) text: &'a Catalogue,
    pub(crate) sets_title: bool,
    /// Where a new session is to begin if the target reboots: whom to ask whether it does.
    pub(crate) watch: Option<Watch<'a>>,
}

/// The size of the user's terminal, or the usual one.
pub(crate) fn own_size() -> ec2dash_ssm::Size {
    size().map_or(ec2dash_ssm::Size::USUAL, remote)
}

/// As the far side is told it.
fn remote(size: Size) -> ec2dash_ssm::Size {
    ec2dash_ssm::Size { columns: size.columns, rows: size.rows }
}

/// Show a session until it ends. The terminal is raw meanwhile, and afterwards as it was.
pub(crate) async fn show(
    session: &Session,
    manner: Manner<'_>,
    notices: SignInNotices,
    mut recording: Option<Recording>,
    signals: &mut LeavingSignals,
) -> io::Result<Outcome> {
    let stdin = io::stdin();
    let is_typed = stdin.is_terminal();
    let raw = if is_typed { Some(RawTerminal::enter()?) } else { None };
    let size = own_size();
    if let Some(recording) = &mut recording {
        recording.begin(&heading(manner.title, size), Instant::now());
    }
    let witness = recording.map(|recording| -> Box<dyn Witness> { Box::new(recording) });
    let (tell, absences) = mpsc::channel(1);
    let mut shell = Shell {
        session,
        manner,
        keyboard: Some(Keyboard::open(&stdin)?),
        is_typed,
        raw,
        pauses: Pauses::listen()?,
        screen: Screen::open(manner.sets_title && io::stdout().is_terminal(), witness)?,
        size: self::size(),
        escapes: Escapes::default(),
        last_piped: None,
        pending: Vec::new(),
        link: session.link(),
        lost: None,
        was_told: false,
        has_left: false,
        is_drained: false,
        hindrance: Hindrance::default(),
        notices,
        notice: None,
        absences,
        is_away: false,
        is_final: None,
        typed_line: TypedLine::new(),
    };
    let outcome = tokio::select! {
        biased;
        outcome = shell.run(signals) => outcome,
        never = watched(session, manner.watch, &tell) => match never {},
    };
    let has_left = shell.has_left;
    let takes_down = shell.typed_line.takes_down(Instant::now());
    if !io::stdout().is_terminal() {
        // It may take long until another program has read it all: Ctrl-C shall be a signal again.
        shell.raw = None;
    }
    let (given_up, mut told_late) = (async { Some(signals.next().await) }, None);
    let closed = shell.screen.close(async { told_late = given_up.await }).await;
    let (is_away, is_final) = (shell.is_away, shell.is_final);
    outcome.map(|(ending, told_by)| Outcome {
        is_unasked: takes_down || ending.quiet.is_some_and(|quiet| quiet >= LONGEST_LEAVE),
        ending: concluded(ending, is_away, is_final),
        told_by: told_by.or(told_late),
        is_whole: (closed.is_whole || has_left) && !closed.has_failed,
        recorded: closed.witnessed,
    })
}

/// How a session ended whose target was away, or that was ended for that.
fn concluded(ending: SessionEnd, is_away: bool, is_final: Option<Reason>) -> SessionEnd {
    let is_closed = matches!(ending.reason, Reason::Closed { .. });
    match is_final.or_else(|| (is_away && is_closed).then_some(Reason::Rebooted)) {
        Some(reason) => SessionEnd { reason, ..ending },
        None => ending,
    }
}

/// What a recording says of itself.
fn heading(title: &str, size: ec2dash_ssm::Size) -> Heading {
    let began = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let term = std::env::var("TERM").ok().map(|term| Untrusted::from(term).shown_in(LONGEST_TERM));
    Heading { size, began, title: title.to_owned(), term }
}

struct Shell<'a> {
    session: &'a Session,
    manner: Manner<'a>,
    /// Gone at the end of the input.
    keyboard: Option<Keyboard>,
    is_typed: bool,
    raw: Option<RawTerminal>,
    pauses: Pauses,
    screen: Screen,
    /// The last known size of the terminal.
    size: Option<Size>,
    escapes: Escapes,
    /// The last byte that was piped in, as it was typed there.
    last_piped: Option<u8>,
    pending: Vec<u8>,
    link: watch::Receiver<LinkState>,
    /// Since when the connection is lost, and whether a line said so.
    lost: Option<Instant>,
    was_told: bool,
    /// Its user does not want to see more.
    has_left: bool,
    /// Nothing more is to be shown.
    is_drained: bool,
    /// What a line said during this loss of credentials that are missing.
    hindrance: Hindrance,
    notices: SignInNotices,
    /// What waits until it does not stand in a program's picture.
    notice: Option<SignInNotice>,
    absences: mpsc::Receiver<Absence>,
    /// The target is away, or its absence is why this ends.
    is_away: bool,
    is_final: Option<Reason>,
    typed_line: TypedLine,
}

impl Shell<'_> {
    /// How it ended, and by which signal, if one was sent to us.
    async fn run(&mut self, signals: &mut LeavingSignals) -> io::Result<(SessionEnd, Option<i32>)> {
        let mut resized = signal(SignalKind::window_change())?;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut told_by = None;
        let mut buffer = vec![0; READ];
        // The size may have changed while the session was being started.
        self.resize();
        loop {
            let most = if self.is_typed { MOST_TYPED } else { MOST_PIPED };
            let may_read = self.keyboard.is_some() && self.pending.len() < most;
            let is_worried = self.lost.is_some() || !matches!(*self.link.borrow(), LinkState::Up) || self.screen.is_unsettled();
            tokio::select! {
                biased;
                number = signals.next() => {
                    told_by = Some(number);
                    self.leave();
                }
                pause = self.pauses.next() => match pause {
                    Pause::Requested => self.suspend().await,
                    Pause::Over => self.woken(),
                },
                _ = resized.recv() => self.resize(),
                read = typed(&mut self.keyboard, &mut buffer), if may_read => self.typed(read, &buffer).await,
                changed = self.link.changed() => {
                    if changed.is_ok() {
                        self.link_changed();
                    }
                }
                sent = self.session.send_some(&self.pending), if !self.pending.is_empty() => match sent {
                    Ok(count) => drop(self.pending.drain(..count)),
                    Err(_) => self.pending.clear(),
                },
                incoming = next(&self.screen, self.session), if !self.is_drained => match incoming {
                    Ok(Some(incoming)) => self.show(incoming),
                    Ok(None) => self.is_drained = true,
                    // Nobody reads us any more.
                    Err(_) => self.leave(),
                },
                notice = self.notices.next(), if !self.is_drained => {
                    self.notice = Some(notice);
                    self.tell_notice();
                }
                Some(absence) = self.absences.recv(), if !self.is_drained => self.absent(absence),
                ending = self.session.ended(), if self.is_drained => return Ok((ending, told_by)),
                _ = tick.tick(), if is_worried => self.worry(),
            }
        }
    }

    /// Whatever waits for the far side waits in vain, and what came of it is not wanted any more.
    fn leave(&mut self) {
        self.has_left = true;
        self.is_drained = true;
        self.screen.cut();
        self.keyboard = None;
        self.pending.clear();
        self.session.end_at_once();
    }

    fn resize(&mut self) {
        if let Some(size) = size() {
            self.session.resize(remote(size));
            if self.size.replace(size) != Some(size) {
                self.screen.resized(size);
            }
        }
    }

    /// We were stopped, and somebody may have changed the terminal meanwhile.
    fn woken(&mut self) {
        if let Some(raw) = &mut self.raw {
            raw.again();
        }
        self.resize();
        self.session.redraw();
    }

    /// Something was typed or piped in.
    async fn typed(&mut self, read: io::Result<usize>, buffer: &[u8]) {
        let typed = match read {
            Ok(count @ 1..) => buffer.get(..count).unwrap_or_default(),
            // The terminal is gone: nobody is there to see the rest.
            Ok(0) | Err(_) if self.is_typed => return self.leave(),
            Ok(_) | Err(_) => {
                self.keyboard = None;
                // Behind the beginning of a line it would end no input, but that line.
                if self.last_piped.is_some_and(|last| last != b'\r') {
                    self.pending.push(b'\r');
                }
                return self.pending.push(END_OF_INPUT);
            }
        };
        if !self.is_typed {
            // A terminal wants a carriage return where a file has a line feed.
            self.pending.extend(typed.iter().map(|byte| if *byte == b'\n' { b'\r' } else { *byte }));
            self.last_piped = self.pending.last().copied();
            return;
        }
        passed_on(typed);
        let mut rest = typed;
        while !rest.is_empty() && self.keyboard.is_some() {
            let before = self.pending.len();
            let (escape, looked_at) = self.escapes.filter(rest, &mut self.pending);
            self.typed_line.note(self.pending.get(before..).unwrap_or_default(), Instant::now());
            rest = rest.get(looked_at..).unwrap_or_default();
            match escape {
                Some(Escape::Quit) => self.leave(),
                Some(Escape::Suspend) => self.suspend().await,
                Some(Escape::Help) => self.help(),
                None => {}
            }
        }
    }

    async fn suspend(&mut self) {
        if !can_pause() {
            return self.screen.line(&self.manner.text.say("shell-no-job-control"));
        }
        if let Some(raw) = &mut self.raw {
            raw.leave();
        }
        self.pauses.pause().await;
        self.woken();
    }

    fn help(&mut self) {
        let text = self.manner.text;
        let keys = ["shell-help", "shell-help-quit", "shell-help-suspend", "shell-help-help", "shell-help-tilde"];
        // In one: a line of its own has a line end on both sides.
        self.screen.line(&keys.map(|key| text.say(key)).join("\r\n"));
    }

    /// Show what came, with what came behind it.
    fn show(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Output(mut bytes) => {
                while bytes.len() < WRITE
                    && let Some(more) = self.session.next_output()
                {
                    bytes.extend(more);
                }
                self.screen.output(bytes);
            }
            Incoming::ErrorOutput(bytes) => self.screen.error_output(bytes),
            // A shell has neither.
            Incoming::ExitCode(_) | Incoming::ConnectRefused => {}
        }
        self.tell_notice();
    }
}

/// What was typed; never, when there is nothing more to read.
async fn typed(keyboard: &mut Option<Keyboard>, buffer: &mut [u8]) -> io::Result<usize> {
    match keyboard {
        Some(keyboard) => keyboard.read(buffer).await,
        None => std::future::pending().await,
    }
}

/// The next thing to show, when there is room for it.
async fn next(screen: &Screen, session: &Session) -> io::Result<Option<Incoming>> {
    screen.room().await?;
    Ok(session.next().await)
}
