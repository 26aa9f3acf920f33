//! Examining one instance: what a list does not ask for is asked now, and what was found is shown as it stands.

use std::sync::Arc;

use jiff::Timestamp;

use super::State;
use crate::access::login;
use crate::model::{Instance, InstanceId};
use crate::probe::probes;
use crate::tui::effect::Effect;
use crate::tui::overlays::Doctor;
use crate::tui::world::Examination;

impl State {
    pub(super) fn open_doctor(&mut self) -> Vec<Effect> {
        match self.world.current().map(|line| line.instance.id.clone()) {
            Some(id) => self.open_doctor_of(id),
            None => self.tell(self.world.say("no-row")),
        }
    }

    /// The same of an instance that need not be under the cursor: one of which a way in has just failed.
    pub(super) fn open_doctor_of(&mut self, id: InstanceId) -> Vec<Effect> {
        self.keep_cursor();
        self.overlays.push(Box::new(Doctor::new(id.clone())));
        let mut effects = self.look_around();
        effects.extend(self.examine(&id, false));
        effects
    }

    /// Ask for everything about an instance; what was found before stands until then. An answer to an older question counts for nothing.
    /// `anew`: what was told of its VPC before counts for nothing either.
    pub(super) fn examine(&mut self, id: &InstanceId, anew: bool) -> Vec<Effect> {
        let Some(instance) = self.world.inventory.row(id).cloned() else { return Vec::new() };
        let number = self.world.examination.as_ref().map_or(0, |own| own.number) + 1;
        let asked = Box::new((*instance).clone());
        self.world.examination = Some(Examination { number, instance, told: None });
        vec![Effect::Examine { number, instance: asked, anew }]
    }

    /// Make the tests of which the question told. One that is not examined yet has none.
    pub(super) fn test_ways(&mut self, id: &InstanceId) -> Vec<Effect> {
        let Some(instance) = self.world.examined(id).cloned() else { return Vec::new() };
        let (options, number) =
            (self.world.connect_options(&instance), self.world.examination.as_ref().map_or(0, |own| own.number) + 1);
        let probes = probes(&instance, &options, &self.world.local);
        let told = self.world.examination(id);
        let (login, _) = login(&instance, &options);
        let asked = Box::new(instance.clone());
        self.world.examination = Some(Examination { number, instance: Arc::new(instance), told: None });
        vec![Effect::TestWays { number, instance: asked, probes, told, login }]
    }

    /// More was told of it, and the rest is still to come.
    pub(super) fn on_told(&mut self, number: u64, instance: Box<Instance>) -> Vec<Effect> {
        if let Some(own) = self.world.examination.as_mut().filter(|own| own.number == number && own.told.is_none()) {
            own.instance = Arc::from(instance);
        }
        Vec::new()
    }

    pub(super) fn on_examined(&mut self, number: u64, told: Option<(Box<Instance>, Timestamp)>) -> Vec<Effect> {
        let Some(own) = self.world.examination.as_mut().filter(|own| own.number == number) else { return Vec::new() };
        let Some((instance, told)) = told else {
            return self.tell(self.world.say("no-credentials-yet"));
        };
        (own.instance, own.told) = (Arc::from(instance), Some(told));
        Vec::new()
    }
}
