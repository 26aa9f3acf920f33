//! A denied session is asked for: with a reason, waited for, and begun when it is granted.

use jiff::Timestamp;

use super::State;
use crate::columns::Tone;
use crate::model::{AccessReason, InstanceId};
use crate::tui::access_run::{AccessOffer, AccessRun, AccessUpdate};
use crate::tui::connect_request::ConnectRequest;
use crate::tui::effect::Effect;
use crate::tui::overlays::{AwaitingAccess, Picker};

impl State {
    /// Ask with a reason; without one the request is waited for that was made before.
    pub(super) fn ask_for_access(&mut self, id: InstanceId, reason: Option<AccessReason>) -> Vec<Effect> {
        let denied = self.refused_ways.iter().rev().find(|refused| refused.id == id && refused.offer.is_some());
        let Some(method) = denied.map(|refused| refused.method) else {
            return self.tell(self.world.say("access-not-denied"));
        };
        let Some(instance) = self.world.inventory.row(&id).cloned() else {
            return self.tell(self.world.say("instance-left"));
        };
        self.access_number += 1;
        let (number, shown) = (self.access_number, instance.shown());
        self.world.access = Some(AccessRun { number, id, method, shown, request: None, began: self.world.now });
        self.overlays.clear();
        self.overlays.push(Box::new(AwaitingAccess));
        vec![Effect::AskForAccess { number, instance: Box::new((*instance).clone()), reason }]
    }

    /// The waiting ends, and not the request: back to the ways in.
    pub(super) fn stop_awaiting_access(&mut self) -> Vec<Effect> {
        if let Some(run) = self.world.access.take() {
            if run.request.is_some() {
                let left = self.world.say("access-request-left");
                self.world.tell(left, Tone::Plain);
            }
            self.offer_again(&run, run.request.clone());
        }
        vec![Effect::StopAwaitingAccess]
    }

    pub(super) fn on_access(&mut self, number: u64, update: AccessUpdate) -> Vec<Effect> {
        let Some(run) = self.world.access.as_mut().filter(|run| run.number == number) else { return Vec::new() };
        match update {
            AccessUpdate::Waits { request } => {
                run.request = Some(request);
                Vec::new()
            }
            AccessUpdate::Granted => {
                let (id, method) = (run.id.clone(), run.method);
                self.world.access = None;
                self.overlays.clear();
                // What is dangerous was asked before the session was denied.
                let request = ConnectRequest {
                    method: Some(method),
                    is_tried_anyway: true,
                    is_confirmed: true,
                    ..ConnectRequest::best(id)
                };
                self.look_and_connect(request)
            }
            AccessUpdate::Ended { lines, is_final } => {
                let Some(run) = self.world.access.take() else { return Vec::new() };
                self.overlays.clear();
                self.offer_again(&run, run.request.clone().filter(|_| !is_final));
                self.explain("access-ended-title", lines)
            }
        }
    }

    /// The ways in once more, with the offer as it is now.
    fn offer_again(&mut self, run: &AccessRun, request: Option<String>) {
        for refused in self.refused_ways.iter_mut().filter(|refused| refused.id == run.id && refused.offer.is_some()) {
            refused.offer = Some(AccessOffer { request: request.clone() });
        }
        self.overlays.push(Box::new(Picker::new(run.id.clone(), &self.world).after_refusals(self.refused_ways.clone())));
    }

    /// When the time that is shown of a request is another one.
    pub(super) fn next_of_access(&self) -> Option<Timestamp> {
        self.world.access.as_ref().map(|run| run.next_change(self.world.now))
    }
}
