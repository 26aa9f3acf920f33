//! The program in a pseudo-terminal, seen through a terminal emulator.

use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use pty_process::blocking::{Command, Pty, open};

/// How long a test waits for text before it fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// As fast as it comes.
const AT_ONCE: u64 = u64::MAX;
/// Nothing ever again.
const CLOSED: u64 = u64::MAX - 1;

/// A running program, its screen and its keyboard.
pub struct Terminal {
    pty: Arc<Pty>,
    child: std::process::Child,
    screen: Arc<Mutex<vt100::Parser>>,
    raw: Arc<Mutex<Vec<u8>>>,
    reader: Option<JoinHandle<()>>,
    /// Bytes that are read in a second.
    pace: Arc<AtomicU64>,
    before: rustix::termios::Termios,
}

impl Terminal {
    /// Start `program` with `arguments` in a terminal of `columns` by `rows`, with exactly this environment.
    pub fn start(program: &Path, arguments: &[&str], environment: &[(String, String)], (columns, rows): (u16, u16)) -> Self {
        let (pty, pts) = open().expect("a pseudo-terminal");
        pty.resize(pty_process::Size::new(rows, columns)).expect("a size");
        let before = rustix::termios::tcgetattr(pty.as_fd()).expect("terminal settings");
        let mut command = Command::new(program);
        command = command.args(arguments).env_clear();
        for (name, value) in environment {
            command = command.env(name, value);
        }
        let child = command.spawn(pts).expect("the program starts");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 0)));
        let raw = Arc::new(Mutex::new(Vec::new()));
        let pty = Arc::new(pty);
        let pace = Arc::new(AtomicU64::new(AT_ONCE));
        let reader = std::thread::spawn({
            let (pty, screen, raw, pace) = (pty.clone(), screen.clone(), raw.clone(), pace.clone());
            move || read_all(&pty, &screen, &raw, &pace)
        });
        Self { pty, child, screen, raw, reader: Some(reader), pace, before }
    }

    /// From now on the terminal takes so many bytes a second.
    pub fn take(&self, bytes_a_second: u64) {
        self.pace.store(bytes_a_second, Ordering::SeqCst);
    }

    /// From now on the terminal takes everything again.
    pub fn take_all(&self) {
        self.take(AT_ONCE);
    }

    /// From now on it takes nothing; returns when the program has written all that there was room for.
    #[track_caller]
    pub fn take_nothing(&self, make_it_write: impl Fn()) {
        self.take(0);
        let deadline = Instant::now() + PATIENCE;
        // What is in the terminal's own buffer; the system holds more behind it.
        while rustix::io::ioctl_fionread(&*self.pty).expect("the terminal is there") < 4_095 {
            assert!(Instant::now() < deadline, "the terminal is not full");
            make_it_write();
            std::thread::sleep(Duration::from_millis(20));
        }
        (0..30).for_each(|_| make_it_write());
    }

    /// Type these bytes.
    pub fn type_text(&self, text: &str) {
        (&*self.pty).write_all(text.as_bytes()).expect("the terminal takes keys");
    }

    /// Wait until the program has read every key that was typed.
    #[track_caller]
    pub fn wait_until_keys_are_read(&self) {
        let path = rustix::pty::ptsname(&*self.pty, Vec::new()).expect("a pty has a name");
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NOCTTY;
        let other_end = rustix::fs::open(path.as_c_str(), flags, rustix::fs::Mode::empty()).expect("the program's end is open");
        let deadline = Instant::now() + PATIENCE;
        while rustix::io::ioctl_fionread(&other_end).expect("the terminal is there") > 0 {
            assert!(Instant::now() < deadline, "keys are not read");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Wait until the screen shows `text`; the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Wait until the screen is as wanted; the screen.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_there: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let shown = self.shown();
            if is_there(&shown) {
                return shown;
            }
            let state = || std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
            assert!(
                Instant::now() < deadline,
                "waited {PATIENCE:?} for {what}; the screen is\n{shown}\nthe program:\n{}",
                state().unwrap_or_else(|error| error.to_string())
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The screen as text.
    pub fn shown(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Every byte the program wrote.
    pub fn raw(&self) -> Vec<u8> {
        self.raw.lock().unwrap().clone()
    }

    /// Wait until what the program has written is as wanted.
    #[track_caller]
    pub fn wait_for_raw(&self, what: &str, is_there: impl Fn(&[u8]) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(&self.raw.lock().unwrap()) {
            assert!(Instant::now() < deadline, "waited {PATIENCE:?} for {what}; the screen is\n{}", self.shown());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Wait until everything is read that was written before the program's end.
    #[track_caller]
    pub fn wait_for_the_rest(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.reader.as_ref().is_some_and(|reader| !reader.is_finished()) {
            assert!(Instant::now() < deadline, "somebody still has the terminal");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Close the terminal under the program, and wait for its end.
    #[track_caller]
    pub fn close(mut self) -> ExitStatus {
        self.take(0);
        // The reader may wait for something to read, and looks again behind it.
        self.type_text("\x0c");
        self.pace.store(CLOSED, Ordering::SeqCst);
        let _ = self.reader.take().map(JoinHandle::join);
        let Self { pty, child, .. } = &mut self;
        let (other, _) = open().expect("a pseudo-terminal");
        drop(std::mem::replace(pty, Arc::new(other)));
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = child.try_wait().expect("the program can be waited for") {
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Change the size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.screen.lock().unwrap().screen_mut().set_size(cells(rows), cells(columns));
        self.pty.resize(pty_process::Size::new(rows, columns)).expect("a size");
    }

    /// Change the size, and let the screen stay as it is: what is drawn meanwhile is nobody's business.
    pub fn resize_behind_the_screen(&self, columns: u16, rows: u16) {
        self.pty.resize(pty_process::Size::new(rows, columns)).expect("a size");
    }

    /// Change the size, and forget what was drawn for another one: the program draws everything again.
    pub fn clear_and_resize(&self, columns: u16, rows: u16) {
        {
            let mut parser = self.screen.lock().unwrap();
            parser.process(b"\x1b[2J");
        }
        self.resize(columns, rows);
    }

    /// Wait until the program writes something more, or for so long.
    pub fn wait_for_more(&self, longest: Duration) {
        let (before, deadline) = (self.raw.lock().unwrap().len(), Instant::now() + longest);
        while self.raw.lock().unwrap().len() == before && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Wait until every key is a byte for the program: it has the terminal raw.
    #[track_caller]
    pub fn wait_until_raw(&self) {
        let deadline = Instant::now() + PATIENCE;
        let is_cooked = || {
            let settings = rustix::termios::tcgetattr(self.pty.as_fd()).expect("terminal settings");
            settings.local_modes.contains(rustix::termios::LocalModes::ICANON)
        };
        while is_cooked() {
            assert!(Instant::now() < deadline, "the terminal is not raw; the screen is\n{}", self.shown());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The program's process id.
    pub fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    /// Send a signal to the program.
    pub fn kill(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("the program runs");
    }

    /// Wait for the program's end, then check that the terminal is as it was found.
    #[track_caller]
    pub fn end(mut self) -> ExitStatus {
        let status = self.wait();
        self.assert_as_found();
        status
    }

    /// Wait for the program's end, and for what it wrote last.
    #[track_caller]
    pub fn wait(&mut self) -> ExitStatus {
        self.wait_for_end(PATIENCE)
    }

    /// The same, for one that takes longer.
    #[track_caller]
    pub fn wait_for_end(&mut self, longest: Duration) -> ExitStatus {
        let deadline = Instant::now() + longest;
        loop {
            if let Some(status) = self.child.try_wait().expect("the program can be waited for") {
                // The reader ends when nobody has the terminal any more; who still has it does not hold us for long.
                let until = Instant::now() + Duration::from_secs(1);
                while self.pace.load(Ordering::SeqCst) == AT_ONCE
                    && self.reader.as_ref().is_some_and(|reader| !reader.is_finished())
                    && Instant::now() < until
                {
                    std::thread::sleep(Duration::from_millis(5));
                }
                return status;
            }
            assert!(Instant::now() < deadline, "the program does not end; the screen is\n{}", self.shown());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The terminal oracle: settings as before, alternate screen left, cursor shown, every mode off.
    #[track_caller]
    pub fn assert_as_found(&self) {
        let after = rustix::termios::tcgetattr(self.pty.as_fd()).expect("terminal settings");
        assert_eq!(format!("{:?}", self.before), format!("{after:?}"), "terminal settings changed");
        let parser = self.screen.lock().unwrap();
        let screen = parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is still on");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.application_cursor() && !screen.application_keypad(), "the keys are still an application's");
        // The emulator does not know the kitty protocol; what was asked for last counts.
        let raw = self.raw.lock().unwrap();
        let last = |words: &[u8]| raw.windows(words.len()).rposition(|window| window == words);
        let (pushed, reset) = (last(b"\x1b[>1u"), last(b"\x1b[=0;1u"));
        assert!(pushed <= reset, "the kitty protocol's keys are still on");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is still on");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The reader ends with EIO once the last process has closed the terminal; a stray one must not hang the test.
        if self.reader.as_ref().is_some_and(JoinHandle::is_finished) {
            let _ = self.reader.take().map(JoinHandle::join);
        }
    }
}

/// The emulator has no room for a terminal without cells.
fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap_or(NonZero::<u16>::MIN)
}

fn read_all(pty: &Pty, screen: &Mutex<vt100::Parser>, raw: &Mutex<Vec<u8>>, pace: &AtomicU64) {
    let mut buffer = [0; 16 * 1024];
    let mut pty = pty;
    loop {
        let most = match pace.load(Ordering::SeqCst) {
            AT_ONCE => buffer.len(),
            CLOSED => return,
            a_second => {
                std::thread::sleep(Duration::from_millis(50));
                usize::try_from(a_second / 20).unwrap()
            }
        };
        if most == 0 {
            continue;
        }
        match pty.read(&mut buffer[..most]) {
            Ok(0) | Err(_) => return,
            Ok(count) => {
                let bytes = &buffer[..count];
                screen.lock().unwrap().process(bytes);
                raw.lock().unwrap().extend_from_slice(bytes);
            }
        }
    }
}
