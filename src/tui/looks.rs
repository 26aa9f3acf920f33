//! The looks at this computer, which is a place like the others: no older look takes the place of a newer one.

use std::collections::BTreeSet;

use crate::access::{Local, SshClient};
use crate::model::{Generation, Untrusted};

/// One look at this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Which look it is: a later one counts more.
    pub generation: Generation,
    /// Names of key pairs, for whose private keys to look.
    pub key_names: BTreeSet<String>,
    /// The `ssh` program, if it was asked for its version before.
    pub ssh: Option<SshClient>,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Keys for pairs seen for the first time.
    NewKeys,
    /// Keys, routes and programs.
    Everything,
}

/// What was looked at, and what is to be.
#[derive(Debug, Default)]
pub struct Looks {
    /// Names of key pairs seen so far.
    key_names: BTreeSet<String>,
    /// The look begun last.
    begun: Generation,
    /// The look that is shown.
    shown: Generation,
    /// The look that is under way, those that a connection waits for left aside.
    under_way: Option<Generation>,
    /// What is to be looked at when that one is over: it may have passed by what has changed since.
    next: Option<Scope>,
}

impl Looks {
    /// The look to begin now. While one is under way there is none: it comes when that one is over.
    pub fn again(&mut self, scope: Scope, shown: &Local) -> Option<Look> {
        if self.under_way.is_some() {
            self.next = self.next.max(Some(scope));
            return None;
        }
        let look = self.begin(scope, shown);
        self.under_way = Some(look.generation);
        Some(look)
    }

    /// A look at everything that waits for no other.
    pub fn at_once(&mut self, shown: &Local) -> Look {
        self.begin(Scope::Everything, shown)
    }

    /// Note the names of key pairs. Whether one of them is new.
    pub fn add_key_names(&mut self, names: &[Untrusted]) -> bool {
        let before = self.key_names.len();
        for name in names {
            if !self.key_names.contains(name.raw()) {
                self.key_names.insert(name.raw().to_owned());
            }
        }
        self.key_names.len() > before
    }

    /// A look is over. Whether it is newer than the one that is shown, and so to be shown now.
    pub fn take(&mut self, generation: Generation) -> bool {
        if self.under_way == Some(generation) {
            self.under_way = None;
        }
        let is_newer = generation > self.shown;
        self.shown = self.shown.max(generation);
        is_newer
    }

    /// The look that waited for the one that is over.
    pub fn next(&mut self, shown: &Local) -> Option<Look> {
        if self.under_way.is_some() {
            return None;
        }
        let scope = self.next.take()?;
        self.again(scope, shown)
    }

    fn begin(&mut self, scope: Scope, shown: &Local) -> Look {
        self.begun = Generation(self.begun.0 + 1);
        let was_seen = self.shown != Generation::default();
        let ssh = (scope == Scope::NewKeys && was_seen).then(|| shown.ssh.clone());
        Look { generation: self.begun, key_names: self.key_names.clone(), ssh }
    }
}
