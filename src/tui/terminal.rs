//! The dashboard on the terminal: a picture each time the one before is written, lent to a session, and always handed back as found.

use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;
use ratatui::Frame;
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Rect, Size};
use rustix::termios::tcgetattr;

use crate::terminal::{Event, Events, FullScreen, give_back};

/// A terminal that pastes is not silent for so long.
const QUIET: Duration = Duration::from_millis(200);

/// What a terminal counts as that says it has no size.
const UNKNOWN_SIZE: Size = Size { width: 80, height: 24 };
/// Tell of clicks and the wheel, with places in digits; tell no longer.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";
/// Bytes for the clipboard that may wait for the next picture.
const MOST_WAITING: usize = 256 * 1024;

/// The terminal while the dashboard has it.
pub struct Terminal {
    screen: ratatui::Terminal<Screen>,
    own: FullScreen,
    events: Option<Events>,
    picture: Picture,
    sets_title: bool,
    title: String,
    uses_mouse: bool,
}

impl Terminal {
    /// Take the terminal: raw mode, alternate screen, pastes as one event.
    pub fn take(sets_title: bool) -> io::Result<Self> {
        let own = FullScreen::take(sets_title)?;
        let picture = Picture::default();
        let screen = ratatui::Terminal::new(Screen(CrosstermBackend::new(picture.clone())))?;
        Ok(Self { screen, own, events: Some(Events::open()?), picture, sets_title, title: String::new(), uses_mouse: false })
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

    /// Whether the last picture is written, so that another can be drawn.
    pub fn is_ready(&self) -> bool {
        self.own.is_ready()
    }

    /// Wait until it [is ready](Self::is_ready). Safe to drop half-done.
    pub fn ready(&self) -> impl Future<Output = ()> + use<> {
        self.own.ready()
    }

    /// Draw a frame; only cells that changed are written. Only when [ready](Self::is_ready): what changed is told against what is written.
    pub fn draw<T: Default>(&mut self, picture: impl FnOnce(&mut Frame<'_>) -> T) -> io::Result<T> {
        let mut seen = T::default();
        if !self.own.is_ours() {
            // A panic elsewhere has handed the terminal back: nothing of ours belongs on it any more.
            return Ok(seen);
        }
        self.screen.draw(|frame| seen = picture(frame))?;
        self.own.show(self.picture.take())?;
        Ok(seen)
    }

    /// Write every cell again with the next frame.
    pub fn redraw(&mut self) -> io::Result<()> {
        // `clear` would ask the terminal for the cursor's place and wait for an answer that is taken for keys.
        let whole = Rect::from((Position::ORIGIN, self.screen.size()?));
        self.screen.resize(whole)
    }

    /// Set the window's title with the next picture, if the settings want one. The text must be fit for a screen.
    pub fn set_title(&mut self, title: &str) -> io::Result<()> {
        if !self.sets_title || self.title == title {
            return Ok(());
        }
        title.clone_into(&mut self.title);
        write!(self.picture, "\x1b]0;{title}\x07")
    }

    /// Have the terminal tell of the mouse, or not, with the next picture. Giving the terminal back always ends it.
    pub fn use_mouse(&mut self, is_on: bool) -> io::Result<()> {
        if std::mem::replace(&mut self.uses_mouse, is_on) == is_on {
            return Ok(());
        }
        write!(self.picture, "{}", if is_on { MOUSE_ON } else { MOUSE_OFF })
    }

    /// Put a text on the clipboard by OSC 52, with the next picture. The terminal does not say whether it did.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        if self.picture.len() > MOST_WAITING {
            // A terminal that takes nothing gets the last one.
            self.picture.take();
            self.redraw()?;
        }
        queue!(self.picture, CopyToClipboard::to_clipboard_from(text))
    }

    /// Give the terminal to `session`, then take it back and draw everything again.
    pub async fn lend<T>(&mut self, session: impl Future<Output = T>) -> io::Result<T> {
        self.release().await;
        let outcome = session.await;
        self.take_back()?;
        if let Some(events) = &mut self.events {
            events.discard_until_quiet(QUIET).await?;
        }
        Ok(outcome)
    }

    /// Give the terminal back until [`Self::take_back`].
    pub async fn release(&mut self) {
        // They would eat the session's keys.
        self.events = None;
        self.picture.take();
        // It may take a moment, and must not keep our tasks.
        let _ = tokio::task::spawn_blocking(give_back).await;
    }

    /// Take the terminal again and draw everything again, whatever somebody else left on it.
    pub fn take_back(&mut self) -> io::Result<()> {
        self.title.clear();
        self.own.take_again()?;
        if self.uses_mouse {
            write!(self.picture, "{MOUSE_ON}")?;
        }
        self.redraw()?;
        if self.events.is_none() {
            let mut events = Events::open()?;
            // What was typed for somebody else, or before, is no command of ours.
            events.discard()?;
            self.events = Some(events);
        }
        Ok(())
    }

    /// Whether nobody is at the other end any more.
    pub fn is_gone() -> bool {
        tcgetattr(io::stdin().as_fd()).is_err()
    }
}

/// The bytes of a picture, until it is whole.
#[derive(Debug, Clone, Default)]
struct Picture(Arc<Mutex<Vec<u8>>>);

impl Picture {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Write for Picture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// It goes to the terminal as a whole.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Crossterm's backend, with a size where the terminal tells none.
struct Screen(CrosstermBackend<Picture>);

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
