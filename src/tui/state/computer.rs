//! This computer as a place like the others: looked at again and again, and no older look takes the place of a newer one.

use std::path::PathBuf;

use super::State;
use crate::access::Local;
use crate::model::Generation;
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;

impl State {
    /// Look at this computer again, now or as soon as the look under way is over.
    pub(super) fn look_around(&mut self) -> Vec<Effect> {
        self.looks.again().map(Effect::LookLocally).into_iter().collect()
    }

    /// Look at this computer, then connect.
    pub(super) fn look_and_connect(&mut self, request: ConnectRequest) -> Vec<Effect> {
        vec![Effect::LookAndConnect { look: self.looks.at_once(), mends: None, request: Box::new(request) }]
    }

    /// The same, with a key file that is made the user's alone first.
    pub(super) fn mend_and_connect(&mut self, path: PathBuf, request: ConnectRequest) -> Vec<Effect> {
        vec![Effect::LookAndConnect { look: self.looks.at_once(), mends: Some(path), request: Box::new(request) }]
    }

    pub(super) fn on_local(&mut self, generation: Generation, local: Local) -> Vec<Effect> {
        if self.looks.take(generation) && self.world.local != local {
            self.world.local = local;
            self.world.rows.doubt();
            self.world.update_rows();
        }
        self.looks.next().map(Effect::LookLocally).into_iter().collect()
    }
}
