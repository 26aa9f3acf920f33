//! What an earlier run was told, and what is kept for the next one.

use std::sync::Arc;

use jiff::SignedDuration;

use super::State;
use crate::columns::Tone;
use crate::config::Recalled;
use crate::model::{Generation, Place};
use crate::tui::effect::{Effect, Remembered};

/// How often the rows of a place are kept at most: a start may begin with what is so old.
const KEPT_EVERY: SignedDuration = SignedDuration::from_mins(5);

impl State {
    /// Rows of an earlier run stand there until AWS has answered.
    pub(super) fn on_recalled(&mut self, place: &Place, generation: Generation, recalled: Recalled) -> Vec<Effect> {
        if self.world.inventory.recall(place, generation, recalled.rows, recalled.told) {
            self.show_changes();
        }
        Vec::new()
    }

    pub(super) fn remark(&mut self, text: String) -> Vec<Effect> {
        self.world.note(text.clone());
        self.world.tell(text, Tone::Plain);
        Vec::new()
    }

    /// A place was listed whole: its rows are kept, if they have changed and were not kept just now.
    pub(super) fn keep_rows(&mut self, place: &Place) -> Vec<Effect> {
        let (now, changes) = (self.world.now, self.world.inventory.changes());
        let is_due = self.kept.get(place).is_none_or(|(at, before)| *before != changes && now.duration_since(*at) >= KEPT_EVERY);
        if !is_due {
            return Vec::new();
        }
        self.kept.insert(place.clone(), (now, changes));
        let rows = self.world.inventory.rows_of(place).map(Arc::clone).collect();
        vec![Effect::Remember(Remembered::Rows { place: place.clone(), rows, told: now })]
    }
}
