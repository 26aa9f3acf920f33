//! What happens at the user's terminal, for a program that acts on keys: typed, pasted, resized.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until, timeout};

use super::keyboard::Keyboard;
use super::keys::{Keys, Typed};

/// Read at once: more than anybody types, so that only a paste comes in pieces.
const READ: usize = 16 * 1024;

/// Where the terminal's words are. One for the process: a reply or a paste may begin while a session has the keys and end when we have.
static KEYS: Mutex<Keys> = Mutex::new(Keys::new());

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Somebody typed or pasted.
    Typed(Typed),
    /// The terminal has another size.
    Resized,
}

/// Ctrl-C, as a byte.
const INTERRUPT: u8 = 3;

/// Hears what happens. Nothing is read unless somebody waits for it, so what is typed after this is dropped is for others.
#[derive(Debug)]
pub struct Events {
    keyboard: Keyboard,
    resized: Signal,
    buffer: Vec<u8>,
    /// When what came is taken for all that comes.
    due: Option<Instant>,
}

impl Events {
    /// Hear from now on, and what was typed before.
    pub fn open() -> io::Result<Self> {
        let keyboard = Keyboard::open(&io::stdin())?;
        let resized = signal(SignalKind::window_change())?;
        let mut events = Self { keyboard, resized, buffer: vec![0; READ], due: None };
        events.wait_for_more();
        Ok(events)
    }

    /// The next event; an error when the terminal is gone. Safe to drop half-done.
    pub async fn next(&mut self) -> io::Result<Event> {
        loop {
            if let Some(typed) = keys().next() {
                return Ok(Event::Typed(typed));
            }
            tokio::select! {
                biased;
                read = self.keyboard.read(&mut self.buffer) => self.took(read)?,
                _ = self.resized.recv() => return Ok(Event::Resized),
                () = sleep_until(self.due.unwrap_or_else(Instant::now)), if self.due.is_some() => {
                    keys().silence();
                    self.wait_for_more();
                }
            }
        }
    }

    /// One that is already here; it does not wait.
    pub fn ready(&mut self) -> Option<io::Result<Event>> {
        loop {
            if let Some(typed) = keys().next() {
                return Some(Ok(Event::Typed(typed)));
            }
            let read = self.keyboard.read_ready(&mut self.buffer)?;
            if let Err(error) = self.took(read) {
                return Some(Err(error));
            }
        }
    }

    /// What was typed until now was for somebody else.
    pub fn discard(&mut self) -> io::Result<()> {
        while let Some(read) = self.keyboard.read_ready(&mut self.buffer) {
            self.took(read)?;
            keys().forget();
        }
        keys().forget();
        self.wait_for_more();
        Ok(())
    }

    /// What is typed until nothing has come for `quiet` was for somebody else too: the rest of a paste is still on its way. A Ctrl-C of
    /// its own ends the wait.
    pub async fn discard_until_quiet(&mut self, quiet: Duration) -> io::Result<()> {
        while let Ok(read) = timeout(quiet, self.keyboard.read(&mut self.buffer)).await {
            let is_interrupt = matches!(read, Ok(1)) && self.buffer.first() == Some(&INTERRUPT);
            self.took(read)?;
            keys().forget();
            if is_interrupt {
                break;
            }
        }
        self.wait_for_more();
        Ok(())
    }

    fn took(&mut self, read: io::Result<usize>) -> io::Result<()> {
        let count = read?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        keys().feed(self.buffer.get(..count).unwrap_or_default());
        self.wait_for_more();
        Ok(())
    }

    fn wait_for_more(&mut self) {
        self.due = keys().patience().map(|patience| Instant::now() + patience);
    }
}

/// These bytes were typed for somebody else. Only where they leave the terminal's words counts.
pub fn passed_on(bytes: &[u8]) {
    let mut keys = keys();
    keys.feed(bytes);
    keys.forget();
}

fn keys() -> MutexGuard<'static, Keys> {
    KEYS.lock().unwrap_or_else(PoisonError::into_inner)
}
