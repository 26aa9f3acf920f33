//! A channel with our streams: what is typed or piped in goes there, what comes is written here, and a few keys are for us.

use std::io::{IsTerminal, stdin, stdout};
use std::pin::pin;

use russh::client::Msg;
use russh::{Channel, ChannelMsg, ChannelReadHalf};
use rustix::process::{Signal, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::ending::{NOBODY_READS, code_of, exit_code};
use crate::builtin_ssh::trouble::{FAILED, Trouble};
use crate::terminal::{Escape, Escapes, Keyboard, LeavingSignals, RawTerminal, Screen, can_pause, size};
use crate::text::Catalogue;

/// Pieces that wait for the host. So many of a terminal's, because nobody could end a dead session by `~.` if the keys before it were not
/// read; piped input has no such keys.
const MOST_TYPED: usize = 256;
const MOST_PIPED: usize = 4;
const READ: usize = 32 * 1024;

/// What kind of channel it is.
#[derive(Clone, Copy)]
pub(super) struct Streams<'a> {
    pub(super) has_terminal: bool,
    pub(super) reads_nothing: bool,
    /// Whether an exit code is told at the end.
    pub(super) is_session: bool,
    /// Told when the connection has ended.
    pub(super) gone: &'a CancellationToken,
}

impl Streams<'_> {
    /// Carry until the channel ends; the exit code.
    pub(super) async fn carry(
        self,
        channel: Channel<Msg>,
        signals: &mut LeavingSignals,
        text: &Catalogue,
    ) -> Result<u8, Trouble> {
        let local = |error: std::io::Error| Trouble::Local(format!("ssh: {error}"));
        let stdin = stdin();
        let raw = if self.has_terminal && stdin.is_terminal() { Some(RawTerminal::enter().map_err(local)?) } else { None };
        let keyboard = if self.reads_nothing { None } else { Some(Keyboard::open(&stdin).map_err(local)?) };
        let (typed, waiting) = mpsc::channel(if self.has_terminal { MOST_TYPED } else { MOST_PIPED });
        let mut carried = Carried {
            kind: self,
            keyboard,
            typed: (!self.reads_nothing).then_some(typed),
            raw,
            screen: Screen::open(false, None).map_err(local)?,
            escapes: Escapes::default(),
            code: None,
            text,
        };
        let done = carried.run(channel, waiting, signals).await;
        if !stdout().is_terminal() {
            // It may take long until another program has read it all: Ctrl-C shall be a signal again.
            carried.raw = None;
        }
        let given_up = async {
            signals.next().await;
        };
        let closed = carried.screen.close(given_up).await;
        match done {
            Ok(code) if closed.has_failed => Ok(code.max(1)),
            done => done,
        }
    }
}

struct Carried<'a> {
    kind: Streams<'a>,
    /// Gone at the end of the input.
    keyboard: Option<Keyboard>,
    typed: Option<mpsc::Sender<Vec<u8>>>,
    raw: Option<RawTerminal>,
    screen: Screen,
    escapes: Escapes,
    code: Option<u8>,
    text: &'a Catalogue,
}

impl Carried<'_> {
    async fn run(
        &mut self,
        channel: Channel<Msg>,
        mut waiting: mpsc::Receiver<Vec<u8>>,
        signals: &mut LeavingSignals,
    ) -> Result<u8, Trouble> {
        let local = |error: std::io::Error| Trouble::Local(format!("ssh: {error}"));
        let mut resized = signal(SignalKind::window_change()).map_err(local)?;
        let mut woken = signal(SignalKind::from_raw(Signal::CONT.as_raw())).map_err(local)?;
        let (mut incoming, outgoing) = channel.split();
        let mut sending = pin!(async {
            while let Some(bytes) = waiting.recv().await {
                outgoing.data_bytes(bytes).await?;
            }
            outgoing.eof().await
        });
        let other_size = Notify::new();
        // On its own: a host that takes nothing more is not waited for.
        let mut resizing = pin!(async {
            loop {
                other_size.notified().await;
                if let Some(size) = size() {
                    // Where the host is gone, it says so elsewhere.
                    let _ = outgoing.window_change(size.columns.into(), size.rows.into(), 0, 0).await;
                }
            }
        });
        let mut is_sending = true;
        let mut buffer = vec![0; READ];
        loop {
            tokio::select! {
                biased;
                _ = signals.next() => {
                    self.screen.cut();
                    return Ok(FAILED);
                }
                _ = resized.recv() => other_size.notify_one(),
                _ = woken.recv() => {
                    self.woken();
                    other_size.notify_one();
                }
                () = &mut resizing, if self.kind.has_terminal => {}
                read = typed(&mut self.keyboard, self.typed.as_ref(), &mut buffer) => {
                    let count = read.unwrap_or(0);
                    if !self.read(buffer.get(..count).unwrap_or_default()) {
                        self.screen.cut();
                        return Ok(FAILED);
                    }
                }
                // A host that takes nothing more may still say something.
                _ = &mut sending, if is_sending => is_sending = false,
                message = next(&self.screen, &mut incoming) => match message {
                    Ok(Some(message)) => self.show(message),
                    Ok(None) => return self.ended(),
                    // Nobody reads us any more.
                    Err(_) => return Ok(NOBODY_READS),
                },
            }
        }
    }

    /// What was typed or piped in; whether to go on.
    fn read(&mut self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            (self.keyboard, self.typed) = (None, None);
            // The terminal is gone: nobody is there to see the rest.
            return self.raw.is_none();
        }
        if !self.kind.has_terminal {
            self.send(bytes.to_vec());
            return true;
        }
        let (mut rest, mut out) = (bytes, Vec::new());
        while !rest.is_empty() {
            let (escape, looked_at) = self.escapes.filter(rest, &mut out);
            rest = rest.get(looked_at..).unwrap_or_default();
            match escape {
                Some(Escape::Quit) => return false,
                Some(Escape::Suspend) => self.suspend(),
                Some(Escape::Help) => self.help(),
                None => {}
            }
        }
        self.send(out);
        true
    }

    fn send(&mut self, bytes: Vec<u8>) {
        if let Some(typed) = self.typed.as_ref().filter(|_| !bytes.is_empty()) {
            // There is room: it was waited for, and nobody else sends.
            let _ = typed.try_send(bytes);
        }
    }

    /// Stop as OpenSSH does: whoever started us stops with us, so that the shell gets the terminal.
    fn suspend(&mut self) {
        if !can_pause() {
            return self.screen.line(&self.text.say("shell-no-job-control"));
        }
        if let Some(raw) = &mut self.raw {
            raw.leave();
        }
        // Not TSTP: that one may be caught.
        let _ = kill_process(getpid(), Signal::STOP);
        self.woken();
    }

    fn woken(&mut self) {
        if let Some(raw) = &mut self.raw {
            raw.again();
        }
    }

    fn help(&mut self) {
        let keys = ["shell-help", "shell-help-quit", "shell-help-suspend", "shell-help-help", "shell-help-tilde"];
        self.screen.line(&keys.map(|key| self.text.say(key)).join("\r\n"));
    }

    fn show(&mut self, message: ChannelMsg) {
        match message {
            ChannelMsg::Data { data } => self.screen.output(data.into()),
            ChannelMsg::ExtendedData { data, ext: 1 } => self.screen.error_output(data.into()),
            ChannelMsg::ExitStatus { exit_status } => self.code = Some(exit_code(exit_status)),
            ChannelMsg::ExitSignal { signal_name, .. } => self.code = Some(code_of(&signal_name)),
            ChannelMsg::Close => (self.keyboard, self.typed) = (None, None),
            _ => {}
        }
    }

    fn ended(&self) -> Result<u8, Trouble> {
        match self.code {
            Some(code) => Ok(code),
            None if self.kind.gone.is_cancelled() => Err(Trouble::Lost),
            None if self.kind.is_session => Ok(FAILED),
            None => Ok(0),
        }
    }
}

/// What was typed, when there is room for it on the way to the host; never, when there is nothing more to read.
async fn typed(
    keyboard: &mut Option<Keyboard>,
    typed: Option<&mpsc::Sender<Vec<u8>>>,
    buffer: &mut [u8],
) -> std::io::Result<usize> {
    match (keyboard, typed) {
        (Some(keyboard), Some(typed)) => {
            if typed.reserve().await.is_err() {
                return std::future::pending().await;
            }
            keyboard.read(buffer).await
        }
        _ => std::future::pending().await,
    }
}

/// What comes next, when there is room to show it.
async fn next(screen: &Screen, incoming: &mut ChannelReadHalf) -> std::io::Result<Option<ChannelMsg>> {
    screen.room().await?;
    Ok(incoming.wait().await)
}
