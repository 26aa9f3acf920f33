//! What stands at the other end of our three streams.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::args::ColorChoice;
use crate::config::Environment;
use crate::terminal::Standard;
use crate::tui::Look;

/// The streams of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Whether somebody types.
    pub stdin: bool,
    /// Whether somebody reads stdout.
    pub stdout: bool,
    /// Whether somebody reads stderr.
    pub stderr: bool,
    /// Whether questions are wanted (`--no-input`).
    pub may_ask: bool,
    /// Whether stdout is to be coloured.
    pub colour: bool,
    /// What the terminal can show.
    pub look: Look,
}

impl Terminal {
    /// What the streams and the environment say.
    pub fn of(environment: &Environment, choice: ColorChoice, no_input: bool) -> Self {
        let (stdin, stdout, stderr) = (io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal());
        let forced = match choice {
            ColorChoice::Auto => None,
            ColorChoice::Always => Some(true),
            ColorChoice::Never => Some(false),
        };
        let look = Look::of(|name| environment.get(name).cloned(), forced);
        let colour = look.colour && (stdout || forced == Some(true));
        Self { stdin, stdout, stderr, may_ask: stdin && !no_input, colour, look }
    }

    /// Columns of the terminal that shows stdout; `None` if it is none.
    pub fn width(self) -> Option<usize> {
        if !self.stdout {
            return None;
        }
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        // A terminal of no size (a serial line, `script`) counts as the usual one.
        Some(if size.ws_col == 0 { 80 } else { usize::from(size.ws_col) })
    }

    /// Columns of the terminal that shows stderr; the usual number where that cannot be told.
    pub fn error_width(self) -> usize {
        let size = rustix::termios::tcgetwinsize(io::stderr());
        size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0).unwrap_or(80)
    }

    /// Ask on stderr, and take one line of stdin; `None` at its end.
    pub fn ask(self, question: &str) -> Option<String> {
        let mut stderr = Standard::error();
        write!(stderr, "{question} ").and_then(|()| stderr.flush()).ok()?;
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(line.trim().to_owned()),
        }
    }
}
