//! What asks a program to leave.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Once};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Set for programs that are started by one that needs them when it is asked to leave: what is typed at the terminal, or sent to all of a
/// group of processes, is its own affair. It ends them by SIGHUP, or by the end of what they read.
pub const UNDISTURBED: &str = "EC2DASH_UNDISTURBED";

/// Whether somebody else hears what is typed, and ends us then.
fn is_undisturbed() -> bool {
    std::env::var_os(UNDISTURBED).is_some()
}

/// Whether one of them has come.
static IS_ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Whether we were asked to leave; by nobody, before somebody listens: then the system ends us.
pub(super) fn is_asked() -> bool {
    IS_ASKED.load(Ordering::Relaxed)
}

/// From now on the signals do not end the process, and who writes to a terminal that takes nothing hears of them.
pub fn note_leaving() -> io::Result<()> {
    static NOTED: Once = Once::new();
    let mut outcome = Ok(());
    NOTED.call_once(|| {
        let is_heard = |signal: &i32| !(is_undisturbed() && [SIGINT, SIGQUIT, SIGTERM].contains(signal));
        let heard = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].into_iter().filter(is_heard);
        let mut noted = heard.map(|signal| signal_hook::flag::register(signal, Arc::clone(&IS_ASKED)));
        outcome = noted.try_for_each(|noted| noted.map(drop));
    });
    outcome
}

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT. While this lives they do not end the process. Where we are [left alone](UNDISTURBED) none but SIGHUP
/// comes.
#[derive(Debug)]
pub struct LeavingSignals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
    hears_all: bool,
}

impl LeavingSignals {
    /// Listen from now on. Tokio keeps the handlers when this is dropped: the default action does not come back.
    pub fn listen() -> io::Result<Self> {
        note_leaving()?;
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            hears_all: !is_undisturbed(),
        })
    }

    /// The number of the next one. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv(), if self.hears_all => SignalKind::interrupt(),
            _ = self.terminate.recv(), if self.hears_all => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
            _ = self.quit.recv(), if self.hears_all => SignalKind::quit(),
        };
        kind.as_raw_value()
    }
}
