//! What asks a program to leave.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Once};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use tokio::signal::unix::{Signal, SignalKind, signal};

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
        let noted = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map(|signal| signal_hook::flag::register(signal, Arc::clone(&IS_ASKED)));
        outcome = noted.into_iter().try_for_each(|noted| noted.map(drop));
    });
    outcome
}

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT. While this lives they do not end the process.
#[derive(Debug)]
pub struct LeavingSignals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    quit: Signal,
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
        })
    }

    /// The number of the next one. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> i32 {
        let kind = tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt(),
            _ = self.terminate.recv() => SignalKind::terminate(),
            _ = self.hangup.recv() => SignalKind::hangup(),
            _ = self.quit.recv() => SignalKind::quit(),
        };
        kind.as_raw_value()
    }
}
