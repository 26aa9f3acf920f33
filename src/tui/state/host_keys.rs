//! A host that shows another key than the one kept of its instance, and the way on: what AWS tells now, after a yes to both.

use super::State;
use crate::model::InstanceId;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Explanation, Question, Request};

impl State {
    /// Why nothing was talked to; with the way on, where the instance is still in the list.
    pub(super) fn explain_other_host_key(&mut self, id: &InstanceId, lines: Vec<String>) {
        self.world.note(lines.join(" "));
        let explanation = Explanation::new(self.world.say("session-failed-title"), lines);
        let is_listed = self.world.inventory.row(id).is_some();
        self.overlays.push(Box::new(if is_listed { explanation.of_other_host_key(id.clone()) } else { explanation }));
    }

    pub(super) fn ask_host_keys(&mut self, id: &InstanceId) -> Vec<Effect> {
        let Some(instance) = self.world.inventory.row(id).cloned() else {
            return self.tell(self.world.say("instance-left"));
        };
        let mut effects = self.tell(self.world.say_with("host-keys-asked", [("name", &instance.shown())]));
        effects.push(Effect::AskHostKeys(Box::new((*instance).clone())));
        effects
    }

    pub(super) fn on_host_keys_told(
        &mut self,
        id: InstanceId,
        shown: String,
        result: Result<Vec<String>, Vec<String>>,
    ) -> Vec<Effect> {
        let told = match result {
            Ok(told) => told,
            Err(why) => return self.explain("host-keys-title", why),
        };
        let lines = std::iter::once(shown).chain(told).chain([self.world.say("host-keys-question")]).collect();
        let now = self.world.now;
        let question = Question::new(self.world.say("host-keys-title"), lines, Request::TakeHostKeys(id));
        self.ask(question.of_danger().unasked(now))
    }
}
