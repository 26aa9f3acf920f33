//! The commands that were sent, and the tasks that run them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::ledger::{Command, Ledger};
use super::work::{Reach, Turns, work};
use crate::machine::Shells;

/// Programs that run at a time on this computer, whatever is asked for. More than a client asks for without being told to, or
/// its command would take more rounds than it does on instances of their own.
const AT_ONCE: usize = 32;

/// Commands, and the tasks that run them.
#[derive(Debug)]
pub(crate) struct Commands {
    pub(super) ledger: Ledger,
    shells: OnceLock<Shells>,
    everybody: Arc<Semaphore>,
    tasks: Mutex<JoinSet<()>>,
}

impl Default for Commands {
    fn default() -> Self {
        Self {
            ledger: Ledger::default(),
            shells: OnceLock::new(),
            everybody: Arc::new(Semaphore::new(AT_ONCE)),
            tasks: Mutex::default(),
        }
    }
}

impl Commands {
    /// From here commands run; before, nothing can be delivered.
    pub(crate) fn begin(&self, shells: Shells) {
        // Only the first of two would hold, and there is one.
        let _ = self.shells.set(shells);
    }

    pub(super) fn start(&self, command: &Arc<Command>, reaches: Vec<Reach>) {
        let turns =
            Turns { own: Arc::new(Semaphore::new(command.order.concurrency.1.max(1))), everybody: Arc::clone(&self.everybody) };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(ended) = tasks.try_join_next() {
            if let Err(error) = ended {
                tracing::error!("a simulated command: {error}");
            }
        }
        for (at, reach) in reaches.into_iter().enumerate() {
            tasks.spawn(work(Arc::clone(command), at, reach, turns.clone(), self.shells.get().cloned()));
        }
    }

    /// End what runs.
    pub(crate) fn cut(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }
}
