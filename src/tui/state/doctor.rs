//! Examining one instance: what a list does not ask for is asked now, and what was found is shown as it stands.

use std::sync::Arc;

use super::State;
use crate::model::{Instance, InstanceId};
use crate::tui::effect::Effect;
use crate::tui::overlays::Doctor;
use crate::tui::world::Examination;

impl State {
    pub(super) fn open_doctor(&mut self) -> Vec<Effect> {
        let Some(id) = self.world.current().map(|line| line.instance.id.clone()) else {
            return self.tell(self.world.say("no-row"));
        };
        self.keep_cursor();
        self.world.examination = None;
        self.overlays.push(Box::new(Doctor::new(id.clone())));
        let mut effects = self.look_around();
        effects.extend(self.examine(&id));
        effects
    }

    /// Ask for everything about an instance; what was found before stands until then.
    pub(super) fn examine(&mut self, id: &InstanceId) -> Vec<Effect> {
        let instance = self.world.inventory.row(id).cloned();
        instance.map(|instance| Effect::Examine(Box::new((*instance).clone()))).into_iter().collect()
    }

    pub(super) fn on_examined(&mut self, instance: Instance) -> Vec<Effect> {
        let told = self.world.now;
        self.world.examination = Some(Examination { instance: Arc::new(instance), told });
        Vec::new()
    }
}
