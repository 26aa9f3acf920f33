//! Who has the terminal, how it was found, and how it is handed back.

use std::io::{stderr, stdin, stdout};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rustix::termios::{OptionalActions, Termios, tcsetattr};

use super::descriptor::Descriptor;
use super::flow::Flow;

/// How long handing back may take. A terminal that takes nothing has its settings again behind that, and misses the rest.
const LONGEST: Duration = Duration::from_secs(1);
/// How long a terminal has to read what was written before, where that may be dropped for the words that hand it back.
const UNTIL_DROPPED: Duration = Duration::from_millis(600);
/// How long one line of ours may take.
const LINE: Duration = Duration::from_millis(250);
/// Ends a sequence that was begun, on every terminal.
const CANCEL: &[u8] = b"\x18";
/// How often it is tried to have the last word.
const AGAIN: Duration = Duration::from_millis(2);

/// Who has it now; nobody of ours when empty. One for the process: a panic anywhere must find it.
static HELD: Mutex<Option<Held>> = Mutex::new(None);
/// Whether the window's title is remembered by the terminal, to be brought back: noted when it is written.
static TITLE_IS_REMEMBERED: AtomicBool = AtomicBool::new(false);
/// Has the terminal remember the title of its window, and bring it back.
pub(super) const REMEMBER_TITLE: &str = "\x1b[22;2t";
pub(super) const BRING_TITLE_BACK: &str = "\x1b[23;2t";
/// Held by whoever writes to the terminal.
static WRITING: Mutex<()> = Mutex::new(());

/// How to hand it back.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Its settings, as found.
    pub(super) found: Termios,
    /// What ends everything that was begun on it.
    pub(super) words: Vec<u8>,
    /// What is still on its way to it.
    pub(super) flow: Option<Arc<Flow>>,
    /// Whether what was written and not read yet may be dropped: pictures may, a session's bytes may not.
    pub(super) may_drop: bool,
}

/// From now on it is to be handed back so.
pub(super) fn hold(held: Held) {
    *holder() = Some(held);
}

/// What is on its way from now on, if somebody has the terminal.
pub(super) fn attach(flow: &Arc<Flow>) {
    if let Some(held) = &mut *holder() {
        held.flow = Some(Arc::clone(flow));
    }
}

/// Nobody of ours has it any more. How it was held.
pub(super) fn let_go() -> Option<Held> {
    holder().take()
}

/// Hand the terminal back as found, if it is ours: within a second, whatever it takes. Safe from any thread, and to call twice.
pub fn give_back() {
    if let Some(held) = let_go() {
        hand_back(&held);
    }
}

/// Hand it back so.
pub(super) fn hand_back(held: &Held) {
    let until = Instant::now() + LONGEST;
    if let Some(flow) = &held.flow {
        flow.give_up();
    }
    if let Some(_writing) = writing_until(until) {
        let is_torn = held.flow.as_ref().is_some_and(|flow| !flow.is_idle());
        last_words(&ending(held, is_torn), held.may_drop, until);
    }
    set(&held.found);
}

/// All that ends what was begun on it, once.
fn ending(held: &Held, is_torn: bool) -> Vec<u8> {
    let title = if TITLE_IS_REMEMBERED.swap(false, Ordering::Relaxed) { BRING_TITLE_BACK } else { "" };
    [if is_torn { CANCEL } else { b"" }, title.as_bytes(), &held.words].concat()
}

/// These words of ours are written: what they had the terminal remember is to be brought back, whoever hands it back.
pub(super) fn note_title(words: &[u8]) {
    let has = |sequence: &str| words.windows(sequence.len()).any(|part| part == sequence.as_bytes());
    if has(REMEMBER_TITLE) {
        TITLE_IS_REMEMBERED.store(true, Ordering::Relaxed);
    } else if has(BRING_TITLE_BACK) {
        TITLE_IS_REMEMBERED.store(false, Ordering::Relaxed);
    }
}

/// The lock of whoever writes to the terminal.
pub(super) fn writing() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same, unless somebody else has it.
pub(super) fn writing_now() -> Option<MutexGuard<'static, ()>> {
    writing_until(Instant::now())
}

/// A line of ours on standard output, while nobody has the terminal. One that takes nothing misses it.
pub fn say(line: &str) {
    if let (Some(_writing), Ok(out)) = (writing_until(Instant::now() + LINE), Descriptor::open(stdout())) {
        // If the terminal is gone, there is nobody to tell.
        let _ = out.write_until(format!("{line}\n").as_bytes(), Instant::now() + LINE);
    }
}

/// As [`say`], on standard error.
pub fn complain(line: &str) {
    if let (Some(_writing), Ok(out)) = (writing_until(Instant::now() + LINE), Descriptor::open(stderr())) {
        // As above.
        let _ = out.write_until(format!("{line}\n").as_bytes(), Instant::now() + LINE);
    }
}

/// A signal in the middle must not leave the terminal half set.
pub(super) fn set(settings: &Termios) {
    // Any other failure means that the terminal is gone.
    while tcsetattr(stdin().as_fd(), OptionalActions::Now, settings) == Err(rustix::io::Errno::INTR) {}
}

fn last_words(words: &[u8], may_drop: bool, until: Instant) {
    let Ok(out) = Descriptor::open(stdout()) else { return };
    if !out.is_terminal() {
        return;
    }
    let first = if may_drop { Instant::now() + UNTIL_DROPPED } else { until };
    // It fails only when the terminal is gone, and then there is nothing to hand back.
    if matches!(out.write_until(words, first), Ok(false)) && may_drop {
        out.drop_unread();
        let _ = out.write_until(&[CANCEL, words].concat(), until);
    }
}

/// The lock, unless somebody is in the middle of a write that the terminal does not take.
fn writing_until(until: Instant) -> Option<MutexGuard<'static, ()>> {
    loop {
        match WRITING.try_lock() {
            Ok(writing) => return Some(writing),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= until => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(AGAIN),
        }
    }
}

fn holder() -> MutexGuard<'static, Option<Held>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_the_terminal_remembers_is_brought_back_once_by_whoever_hands_it_back() {
        let (pty, far_end) = pty_process::blocking::open().unwrap();
        let found = rustix::termios::tcgetattr(pty.as_fd()).unwrap();
        let held = Held { found, words: b"reset".to_vec(), flow: None, may_drop: true };
        drop(far_end);
        assert_eq!(ending(&held, false), b"reset");

        note_title(format!("line{REMEMBER_TITLE}\x1b]2;web-1: no answer\x07").as_bytes());
        note_title(b"\x1b]2;web-1: connection lost\x07");

        assert_eq!(ending(&held, true), [CANCEL, BRING_TITLE_BACK.as_bytes(), b"reset"].concat());
        assert_eq!(ending(&held, false), b"reset");
        note_title(REMEMBER_TITLE.as_bytes());
        note_title(BRING_TITLE_BACK.as_bytes());
        assert_eq!(ending(&held, false), b"reset");
    }
}
