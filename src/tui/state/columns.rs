//! Which columns the table has.

use super::State;
use crate::columns::Column;
use crate::tui::effect::{Effect, Remembered};

impl State {
    /// Show these columns, now and at later starts. Those of the settings need not be remembered.
    pub(super) fn use_columns(&mut self, columns: Vec<Column>) -> Vec<Effect> {
        let kept = (columns != self.world.settings.ui.columns).then(|| columns.iter().map(Column::name).collect());
        self.world.columns = columns;
        vec![Effect::Remember(Remembered::Columns(kept))]
    }
}
