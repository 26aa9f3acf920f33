//! What the simulated instances are made of: homes, processes and programs of this computer.

mod home;
mod processes;
mod program;
mod shells;
mod system;
mod terminal;

use std::io;
use std::path::Path;
use std::sync::Arc;

pub(super) use home::{Homes, plain};
pub(super) use processes::Processes;
pub(super) use program::{Account, Aside, Control, GRACE, Input, Output, Program, ProgramRequest, What, is_welcome, window};
pub(super) use shells::{Said, Script, Shells};
pub(super) use terminal::read_terminal;

/// What every way into an instance says about its shell.
pub(super) const GREETING: &str =
    "ec2dash demo: this is /bin/sh of this computer, in a temporary home. Nothing here is on AWS.\r\n";

/// What all simulated instances share; clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    pub(super) homes: Arc<Homes>,
    pub(super) processes: Processes,
}

impl Machine {
    /// With homes in a private temporary directory of their own.
    pub(super) fn temporary() -> io::Result<Self> {
        Ok(Self { homes: Arc::new(Homes::temporary()?), processes: Processes::default() })
    }

    /// With homes in the new directory `homes`.
    pub(super) fn create(homes: &Path) -> io::Result<Self> {
        Ok(Self { homes: Arc::new(Homes::create(homes)?), processes: Processes::default() })
    }

    /// End every program and remove every home.
    pub(super) fn clear(&self) {
        self.processes.kill();
        self.homes.remove();
    }
}
