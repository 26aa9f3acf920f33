//! The terminal: taken, lent to a session, and always handed back as found.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};
use std::os::fd::AsFd;
use std::sync::Mutex;

use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{clipboard::CopyToClipboard, execute, queue};
use ratatui::Frame;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect, Size};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::terminal::{Event, Events};

/// What a terminal counts as that says it has no size.
const UNKNOWN_SIZE: Size = Size { width: 80, height: 24 };
/// Bytes of a frame that are collected before they are written.
const FRAME_BYTES: usize = 64 * 1024;
/// Turns off mouse and focus reports, the kitty keyboard stays as it was: what a session may have left on.
const SESSION_LEFTOVERS_OFF: &str = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l";
/// Remember the window's title, and bring it back.
const TITLE_PUSH: &str = "\x1b[22;0t";
const TITLE_POP: &str = "\x1b[23;0t";

/// How the terminal was found, while it is ours; empty while it is not. One for the process: a panic anywhere must find it.
static TAKEN: Mutex<Option<Found>> = Mutex::new(None);

/// How the terminal was before.
#[derive(Clone)]
struct Found {
    settings: Termios,
    sets_title: bool,
}

/// The terminal while the dashboard has it.
pub struct Terminal {
    screen: ratatui::Terminal<Screen>,
    events: Option<Events>,
    found: Found,
    title: String,
}

impl Terminal {
    /// Take the terminal: raw mode, alternate screen, pastes as one event.
    pub fn take(sets_title: bool) -> io::Result<Self> {
        let stdin = io::stdin();
        if !stdin.is_terminal() || !io::stdout().is_terminal() {
            return Err(io::Error::new(io::ErrorKind::NotConnected, "no terminal"));
        }
        let found = Found { settings: tcgetattr(stdin.as_fd())?, sets_title };
        enter(&found)?;
        let screen = Screen(CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::stdout())));
        let screen = ratatui::Terminal::new(screen).inspect_err(|_| give_back())?;
        let events = Events::open().inspect_err(|_| give_back())?;
        Ok(Self { screen, events: Some(events), found, title: String::new() })
    }

    /// The next key, paste or change of size; an error when the terminal is gone. Safe to drop half-done.
    pub async fn next_event(&mut self) -> io::Result<Event> {
        let events = match &mut self.events {
            Some(events) => events,
            none => none.insert(Events::open()?),
        };
        events.next().await
    }

    /// An event that is already here; it does not wait.
    pub fn ready_event(&mut self) -> Option<io::Result<Event>> {
        self.events.as_mut()?.ready()
    }

    /// Draw a frame; only cells that changed are written.
    pub fn draw<T: Default>(&mut self, picture: impl FnOnce(&mut Frame<'_>) -> T) -> io::Result<T> {
        let mut seen = T::default();
        if taken().is_none() {
            // A panic elsewhere has handed the terminal back: nothing of ours belongs on it any more.
            return Ok(seen);
        }
        self.screen.draw(|frame| seen = picture(frame))?;
        Ok(seen)
    }

    /// Write every cell again with the next frame.
    pub fn redraw(&mut self) -> io::Result<()> {
        // `clear` would ask the terminal for the cursor's place and wait for an answer that is taken for keys.
        let whole = Rect::from((Position::ORIGIN, self.screen.size()?));
        self.screen.resize(whole)
    }

    /// Set the window's title, if the settings want one. The text must be fit for a screen.
    pub fn set_title(&mut self, title: &str) -> io::Result<()> {
        if !self.found.sets_title || self.title == title {
            return Ok(());
        }
        title.clone_into(&mut self.title);
        let out = &mut self.screen.backend_mut().0;
        write!(out, "\x1b]0;{title}\x07")?;
        Write::flush(out)
    }

    /// Put a text on the clipboard by OSC 52. The terminal does not say whether it did.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(&mut self.screen.backend_mut().0, CopyToClipboard::to_clipboard_from(text))
    }

    /// Give the terminal to `session`, then take it back and draw everything again.
    pub async fn lend<T>(&mut self, session: impl Future<Output = T>) -> io::Result<T> {
        // It would eat the session's keys.
        self.events = None;
        self.screen.show_cursor()?;
        give_back();
        let outcome = session.await;
        self.take_back()?;
        Ok(outcome)
    }

    /// Give the terminal back until [`Self::take_back`].
    pub fn release(&mut self) -> io::Result<()> {
        self.events = None;
        self.screen.show_cursor()?;
        give_back();
        Ok(())
    }

    /// Take the terminal again and draw everything again, whatever somebody else left on it.
    pub fn take_back(&mut self) -> io::Result<()> {
        self.events = None;
        self.title.clear();
        enter(&self.found)?;
        self.redraw()?;
        let mut events = Events::open()?;
        // What was typed for somebody else, or before, is no command of ours.
        events.discard()?;
        self.events = Some(events);
        Ok(())
    }

    /// Whether nobody is at the other end any more.
    pub fn is_gone() -> bool {
        tcgetattr(io::stdin().as_fd()).is_err()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.events = None;
        give_back();
        // A panic elsewhere may have handed it back while a frame was being written, which hides the cursor.
        let _ = execute!(io::stdout(), Show);
    }
}

/// Make the terminal ours.
fn enter(found: &Found) -> io::Result<()> {
    // Noted first: a panic or a signal between the two lines must find it.
    *taken() = Some(found.clone());
    let mut raw = found.settings.clone();
    raw.make_raw();
    set(&raw)?;
    let mut out = io::stdout();
    if found.sets_title {
        out.write_all(TITLE_PUSH.as_bytes())?;
    }
    queue!(out, EnterAlternateScreen, EnableBracketedPaste, Hide)?;
    out.flush()
}

/// Hand the terminal back as found, if it is ours. Safe from any thread, and to call twice.
pub fn give_back() {
    let Some(found) = taken().take() else { return };
    let mut out = io::stdout();
    // Each fails only when the terminal is gone, and then there is nothing to hand back.
    let _ = queue!(out, DisableBracketedPaste);
    let _ = out.write_all(SESSION_LEFTOVERS_OFF.as_bytes());
    let _ = queue!(out, LeaveAlternateScreen, Show);
    if found.sets_title {
        let _ = out.write_all(TITLE_POP.as_bytes());
    }
    let _ = out.flush();
    let _ = set(&found.settings);
}

/// A signal in the middle must not leave the terminal half set.
fn set(settings: &Termios) -> io::Result<()> {
    let stdin = io::stdin();
    loop {
        match tcsetattr(stdin.as_fd(), OptionalActions::Now, settings) {
            Err(rustix::io::Errno::INTR) => {}
            other => return Ok(other?),
        }
    }
}

fn taken() -> std::sync::MutexGuard<'static, Option<Found>> {
    TAKEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Crossterm's backend, with a size where the terminal tells none.
struct Screen(CrosstermBackend<BufWriter<Stdout>>);

impl Backend for Screen {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        self.0.draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Asking the terminal waits for an answer that never comes: replies are swallowed. A full screen needs none.
        Ok(Position::ORIGIN)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.0.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        self.0.clear_region(clear_type)
    }

    fn size(&self) -> io::Result<Size> {
        let size = self.0.size()?;
        Ok(if size.width == 0 || size.height == 0 { UNKNOWN_SIZE } else { size })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}
