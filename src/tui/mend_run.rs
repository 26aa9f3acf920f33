//! Fixes that were carried out from the doctor's page, as the dashboard knows them.

use crate::access::{ConnectOptions, Local};
use crate::fixes::{Consequence, Fix};
use crate::model::{Instance, InstanceId};

/// A fix that is carried out, or was.
#[derive(Debug)]
pub struct MendRun {
    /// Tells its updates from those of another.
    pub number: u64,
    /// What is done.
    pub fix: Fix,
    /// Its number in the journal, once it is written down.
    pub record: Option<u32>,
    /// How far it is.
    pub stage: MendStage,
    /// What was said of it last, fit for a screen.
    pub said: String,
}

/// How far a fix is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MendStage {
    /// The changes are made.
    AtWork,
    /// They are made, and the check is asked again.
    Waiting,
    /// They are made, and the check is green, or was not in time.
    InForce,
    /// It did not come to its end; some of it may be there.
    Halted,
    /// It is taken back now.
    TakingBack,
    /// Nothing of it is there.
    Gone,
}

/// A fix to be carried out, and how the check is asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendOrder {
    /// What.
    pub fix: Fix,
    /// Whether it is taken back when the dashboard ends.
    pub until_exit: bool,
    /// How one gets into the instance.
    pub options: ConnectOptions,
    /// What this computer has.
    pub local: Local,
}

/// Something that happened to a fix.
#[derive(Debug, Clone, PartialEq)]
pub enum MendUpdate {
    /// It is written down under this number; what was done is in a sentence.
    Said(Option<u32>, String),
    /// The changes are made; the instance as it is now.
    Looked(Box<Instance>),
    /// Nothing more comes for now.
    Stands(MendStage, String),
}

impl MendStage {
    /// Whether something of it may be there to be taken back.
    pub fn is_left(self) -> bool {
        matches!(self, Self::Waiting | Self::InForce | Self::Halted)
    }

    /// Whether something is still under way.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::AtWork | Self::Waiting | Self::TakingBack)
    }
}

impl MendRun {
    /// A fix that is about to be carried out.
    pub fn new(number: u64, fix: Fix) -> Self {
        Self { number, fix, record: None, stage: MendStage::AtWork, said: String::new() }
    }

    /// Whether it is of this instance, and something of it is there or under way.
    pub fn is_shown_for(&self, id: &InstanceId) -> bool {
        self.fix.instance == *id && self.stage != MendStage::Gone
    }
}

/// The fix as the dashboard carries it out: what lets somebody in goes with the dashboard.
pub fn of_dashboard(mut fix: Fix) -> Fix {
    let lasts = if fix.is_for_this_computer() { Consequence::UntilExit } else { Consequence::UntilUndo };
    fix.consequences.push(lasts);
    fix
}
