//! The page of an instance in AWS's console.

use super::State;
use crate::tui::effect::Effect;
use crate::tui::overlays::Explanation;

impl State {
    /// Open the page of the row under the cursor.
    pub(super) fn open_console(&mut self) -> Vec<Effect> {
        let Some(instance) = self.world.current().map(|line| std::sync::Arc::clone(&line.instance)) else {
            return self.tell(self.world.say("no-row"));
        };
        self.keep_cursor();
        let Some(link) = instance.console_link() else {
            return self.tell(self.world.say_with("link-unknown", [("region", instance.place.region.as_str())]));
        };
        self.tell(self.world.say_with("link-opening", [("name", &instance.shown())]));
        vec![Effect::OpenLink { link }]
    }

    /// It could not be opened: it is shown instead.
    pub(super) fn on_unopened(&mut self, link: String, why: String) -> Vec<Effect> {
        self.world.toast = None;
        let copies = self.world.say_if_whole(
            "link-copies",
            [
                ("menu", &self.world.keymap.hint(crate::tui::action::Action::Copy)),
                ("item", &self.world.keymap.hint(crate::tui::action::Action::CopyConsole)),
            ],
        );
        let title = self.world.say("link-title");
        let lines = [why, link].into_iter().chain(copies).collect();
        self.open(Explanation::new(title, lines))
    }
}
