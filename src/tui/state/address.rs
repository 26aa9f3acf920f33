//! Finding this computer's address as AWS sees it, after a yes to the page that is asked.

use std::net::IpAddr;

use super::State;
use crate::tui::effect::Effect;

impl State {
    /// The user has said yes.
    pub(super) fn find_address(&mut self) -> Vec<Effect> {
        let service = self.world.settings.doctor.address_service.clone();
        let mut effects = self.tell(self.world.say_with("address-asking", [("service", &service.to_string())]));
        effects.push(Effect::FindAddress { service });
        effects
    }

    /// The page has told, or not.
    pub(super) fn on_address(&mut self, found: Result<IpAddr, String>) -> Vec<Effect> {
        match found {
            Ok(address) => {
                self.world.found_source = Some(address);
                self.tell(self.world.say_with("address-found", [("address", &address.to_string())]))
            }
            Err(why) => self.on_failure(why),
        }
    }
}
