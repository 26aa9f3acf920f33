//! The rows that the user marks to have them first.

use super::State;
use crate::config::Favourite;
use crate::model::{ProfileName, Untrusted};
use crate::tui::effect::{Effect, Remembered};

impl State {
    /// Make the row under the cursor a favourite, or no longer.
    pub(super) fn toggle_favourite(&mut self) -> Vec<Effect> {
        let Some(instance) = self.world.current().map(|line| std::sync::Arc::clone(&line.instance)) else {
            return self.tell(self.world.say("no-row"));
        };
        let name = instance.shown();
        if self.world.rows.favourites().is_named(&instance) {
            return self.tell(self.world.say_with("favourite-of-config", [("name", &name)]));
        }
        self.keep_cursor();
        let is_marked = self.world.rows.toggle_favourite(&instance.id);
        let key = if is_marked { "favourite-added" } else { "favourite-removed" };
        self.tell(self.world.say_with(key, [("name", &name)]));
        let favourite = is_marked.then(|| Favourite {
            name: instance.name().map(Untrusted::raw).map(str::to_owned),
            region: instance.place.region.to_string(),
            profile: instance.place.profile.as_ref().map(ProfileName::raw).map(str::to_owned),
            ..Favourite::default()
        });
        vec![Effect::Remember(Remembered::Favourite { id: instance.id.clone(), favourite })]
    }

    /// Show only favourites, or all rows again.
    pub(super) fn toggle_only_favourites(&mut self) -> Vec<Effect> {
        let only = !self.world.rows.shows_only_favourites();
        self.world.rows.show_only_favourites(only);
        Vec::new()
    }
}
