//! What decides how to get in, kept for when there are newer facts.

use jiff::Timestamp;

use super::{Choice, Extras, OwnProgram, Plan, Refusal, plan_after};
use crate::access::{self, ConnectOptions, Jump, Local, Ways};
use crate::config::{self, ConnectFlags};
use crate::model::Instance;

/// Settings, flags and this computer: with an instance they make a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Planner {
    /// Which way is wanted.
    pub choice: Choice,
    /// All settings.
    pub settings: config::Settings,
    /// What was asked for besides.
    pub flags: ConnectFlags,
    /// How to start this program once more.
    pub own: OwnProgram,
    /// How a login comes to its address.
    pub jump: Jump,
    /// What this computer has.
    pub local: Local,
}

impl Planner {
    /// How to get into `instance`, or why not.
    pub fn plan(&self, instance: &Instance, now: Timestamp) -> Result<Plan, Refusal> {
        let extras = Extras::of(&self.flags, self.own.clone());
        plan_after(instance, self.choice, &self.settings, &self.flags, &extras, self.jump.clone(), &self.local, now)
    }

    /// What is said of every way.
    pub fn ways(&self, instance: &Instance, now: Timestamp) -> Ways {
        let options = config::connect_options(&self.settings, instance, &self.flags);
        access::ways(instance, &ConnectOptions { jump: self.jump.clone(), ..options }, &self.local, now)
    }
}
