//! This computer as a place like the others: looked at again and again, and no older look takes the place of a newer one.

use std::collections::BTreeSet;

use super::State;
use crate::access::Local;
use crate::model::Generation;
use crate::tui::effect::{Effect, Look};
use crate::tui::wish::Request;

/// The looks at this computer.
#[derive(Debug, Default)]
pub(super) struct Looks {
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

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// Keys for pairs seen for the first time.
    NewKeys,
    /// Keys, routes and programs.
    Everything,
}

impl State {
    /// Look at this computer again, now or as soon as the look under way is over.
    pub(super) fn look_around(&mut self, scope: Scope) -> Vec<Effect> {
        if self.looks.under_way.is_some() {
            self.looks.next = self.looks.next.max(Some(scope));
            return Vec::new();
        }
        let look = self.next_look(scope);
        self.looks.under_way = Some(look.generation);
        vec![Effect::LookLocally(look)]
    }

    /// Look at this computer, then connect.
    pub(super) fn look_and_connect(&mut self, request: Request) -> Vec<Effect> {
        let look = self.next_look(Scope::Everything);
        vec![Effect::LookAndConnect { look, request: Box::new(request) }]
    }

    /// Names of key pairs seen for the first time: is there a private key for them here?
    pub(super) fn look_for_new_keys(&mut self) -> Vec<Effect> {
        let before = self.looks.key_names.len();
        for row in self.world.inventory.rows() {
            if let Some(name) = row.key_name.as_ref().filter(|name| !self.looks.key_names.contains(name.raw())) {
                self.looks.key_names.insert(name.raw().to_owned());
            }
        }
        if self.looks.key_names.len() == before { Vec::new() } else { self.look_around(Scope::NewKeys) }
    }

    pub(super) fn hear_local(&mut self, generation: Generation, local: Local) -> Vec<Effect> {
        if self.looks.under_way == Some(generation) {
            self.looks.under_way = None;
        }
        if generation > self.looks.shown {
            self.looks.shown = generation;
            if self.world.local != local {
                self.world.local = local;
                self.world.rows.doubt();
                self.world.update_rows();
            }
        }
        if self.looks.under_way.is_some() {
            return Vec::new();
        }
        self.looks.next.take().map(|scope| self.look_around(scope)).unwrap_or_default()
    }

    fn next_look(&mut self, scope: Scope) -> Look {
        self.looks.begun = Generation(self.looks.begun.0 + 1);
        let was_seen = self.looks.shown != Generation::default();
        let ssh = (scope == Scope::NewKeys && was_seen).then(|| self.world.local.ssh.clone());
        Look { generation: self.looks.begun, key_names: self.looks.key_names.clone(), ssh }
    }
}
