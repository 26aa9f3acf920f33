//! What is chosen by its name.

use super::State;
use crate::model::InstanceId;
use crate::tui::action::Action;
use crate::tui::effect::{Effect, Remembered};
use crate::tui::field::Field;
use crate::tui::overlays::Palette;

/// How many of what was done last are offered first.
pub const RECENT: usize = 20;

impl State {
    /// Offer everything that can be done.
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        let palette = Palette::new(&self.world);
        self.open(palette)
    }

    /// Do these one after the other, in the table or in the page that is open.
    pub(super) fn run_actions(&mut self, actions: Vec<Action>) -> Vec<Effect> {
        self.overlays.retain(|overlay| overlay.is_page() && actions.iter().all(|action| !action.is_for_table_alone()));
        actions.into_iter().flat_map(|action| self.act(action)).collect()
    }

    /// Offer this first the next time.
    pub(super) fn note_recent(&mut self, name: String) -> Vec<Effect> {
        let recent = &mut self.world.recent;
        recent.retain(|own| *own != name);
        recent.insert(0, name.clone());
        recent.truncate(RECENT);
        vec![Effect::Remember(Remembered::Recent(name))]
    }

    /// Filter by a line as if it had been typed.
    pub(super) fn filter_by(&mut self, line: &str) -> Vec<Effect> {
        self.overlays.clear();
        self.filter_field = Some(Field::holding(line));
        self.narrow();
        self.keep_filter()
    }

    /// Put the cursor on a row. What hides it is taken away.
    pub(super) fn go_to(&mut self, id: &InstanceId) -> Vec<Effect> {
        self.overlays.clear();
        self.world.rows.go_to_instance(id);
        if self.world.current().is_none_or(|line| line.instance.id != *id) {
            self.clear_filter();
            self.world.rows.show_only_favourites(false);
            self.world.rows.go_to_instance(id);
        }
        Vec::new()
    }
}
