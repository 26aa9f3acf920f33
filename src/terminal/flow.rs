//! What the thread that writes to the terminal and everybody else tell each other.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use tokio::sync::Notify;

/// How far the writing is, and what of it is still wanted.
#[derive(Debug, Default)]
pub(super) struct Flow {
    written: AtomicU64,
    /// Pieces that are not written yet.
    waiting: AtomicUsize,
    is_idle: Notify,
    /// Nothing more of the remote's is to be written.
    is_cut: AtomicBool,
    /// Nothing more at all: the terminal may be somebody else's by now.
    is_given_up: AtomicBool,
    /// Something could not be written for another reason than that nobody reads any more.
    has_failed: AtomicBool,
}

impl Flow {
    /// A piece is to be written.
    pub(super) fn begun(&self) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
    }

    /// Bytes written until now.
    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Whether everything is written.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) == 0
    }

    /// Wait until everything is written. Safe to drop half-done.
    pub(super) async fn idle(&self) {
        loop {
            let idle = self.is_idle.notified();
            if self.is_idle() {
                return;
            }
            idle.await;
        }
    }

    /// Show nothing more of the remote's. Whether that was so before.
    pub(super) fn cut(&self) -> bool {
        self.is_cut.swap(true, Ordering::SeqCst)
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::SeqCst)
    }

    /// Write nothing more at all.
    pub(super) fn give_up(&self) {
        self.is_given_up.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up.load(Ordering::SeqCst)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::SeqCst)
    }

    /// A piece is written, or will not be.
    pub(super) fn done(&self) {
        let before = self.waiting.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |waiting| waiting.checked_sub(1));
        if matches!(before, Ok(1)) {
            self.is_idle.notify_waiters();
        }
    }

    /// So much of one is written.
    pub(super) fn wrote(&self, count: usize) {
        self.written.fetch_add(count as u64, Ordering::Relaxed);
    }

    /// A piece could not be written though somebody was there to take it.
    pub(super) fn fail(&self) {
        self.has_failed.store(true, Ordering::SeqCst);
    }

    /// Nothing is written any more, and nobody waits for it.
    pub(super) fn end(&self) {
        self.waiting.store(0, Ordering::SeqCst);
        self.is_idle.notify_waiters();
    }
}
