//! SSH servers that are away for a while: their instances reboot, or went off.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Of each instance that has a server of its own, until when it takes nobody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outages(Arc<HashMap<String, Line>>);

/// The line of one server.
#[derive(Clone, Debug)]
pub(super) struct Line(watch::Sender<Option<Instant>>);

impl Outages {
    pub(super) fn of(lines: HashMap<String, Line>) -> Self {
        Self(Arc::new(lines))
    }

    /// All connections to it end, and for so long it takes none.
    pub(crate) fn begin(&self, instance: &str, lasting: Duration) {
        if let Some(line) = self.0.get(instance) {
            line.0.send_replace(Some(Instant::now() + lasting));
        }
    }
}

impl Line {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(super) fn is_cut(&self) -> bool {
        self.0.borrow().is_some_and(|until| Instant::now() < until)
    }

    /// The next cut; the listener tells of each once.
    pub(super) fn cuts(&self) -> watch::Receiver<Option<Instant>> {
        self.0.subscribe()
    }
}
