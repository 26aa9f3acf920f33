//! Signals that end the dashboard, stop it, or wake it.

use std::io;

use crate::terminal::{LeavingSignals, Pause, Pauses, can_pause};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End, by the signal of this number.
    End(i32),
    /// Stop until woken.
    Stop,
    /// We were stopped behind our back, and woken.
    Woken,
}

/// Everything we listen to.
pub struct Signals {
    leaving: LeavingSignals,
    pauses: Pauses,
}

impl Signals {
    /// Listen from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self { leaving: LeavingSignals::listen()?, pauses: Pauses::listen()? })
    }

    /// The next one. Safe to drop half-done: a signal stays noted in its stream.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            number = self.leaving.next() => Signal::End(number),
            pause = self.pauses.next() => match pause {
                Pause::Requested => Signal::Stop,
                Pause::Over => Signal::Woken,
            },
        }
    }

    /// The number of the next one that ends us, while the terminal is not ours: a stop is done at once. Safe to drop half-done.
    pub async fn ending(&mut self) -> i32 {
        loop {
            match self.next().await {
                Signal::End(number) => return number,
                Signal::Stop if can_pause() => self.pauses.pause().await,
                Signal::Stop | Signal::Woken => {}
            }
        }
    }

    /// Stop; returns when we were woken.
    pub async fn stop(&mut self) {
        self.pauses.pause().await;
    }
}
