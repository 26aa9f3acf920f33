//! This computer as a place like the others: looked at again and again, and no older look takes the place of a newer one.

use super::State;
use crate::access::Local;
use crate::model::Generation;
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;
use crate::tui::looks::Scope;

impl State {
    /// Look at this computer again, now or as soon as the look under way is over.
    pub(super) fn look_around(&mut self, scope: Scope) -> Vec<Effect> {
        self.looks.again(scope, &self.world.local).map(Effect::LookLocally).into_iter().collect()
    }

    /// Look at this computer, then connect.
    pub(super) fn look_and_connect(&mut self, request: ConnectRequest) -> Vec<Effect> {
        let look = self.looks.at_once(&self.world.local);
        vec![Effect::LookAndConnect { look, request: Box::new(request) }]
    }

    /// Names of key pairs seen for the first time: is there a private key for them here?
    pub(super) fn look_for_new_keys(&mut self) -> Vec<Effect> {
        let names = self.world.inventory.take_new_key_names();
        if self.looks.add_key_names(&names) { self.look_around(Scope::NewKeys) } else { Vec::new() }
    }

    pub(super) fn on_local(&mut self, generation: Generation, local: Local) -> Vec<Effect> {
        if self.looks.take(generation) && self.world.local != local {
            self.world.local = local;
            self.world.rows.doubt();
            self.world.update_rows();
        }
        self.looks.next(&self.world.local).map(Effect::LookLocally).into_iter().collect()
    }
}
