//! Rows in groups, folded and unfolded.

use super::State;
use crate::columns::Column;
use crate::tui::action::Action;
use crate::tui::effect::Effect;

impl State {
    /// Put the rows in groups by the values of a column, or in none.
    pub(super) fn group_by(&mut self, column: Option<Column>) -> Vec<Effect> {
        self.keep_cursor();
        let text = std::sync::Arc::clone(&self.world.text);
        self.world.rows.group_by(column, self.world.now, &text);
        Vec::new()
    }

    /// What `h`, `l` and `Enter` do in groups. Whether they did it.
    pub(super) fn folds(&mut self, action: Action) -> bool {
        let rows = &mut self.world.rows;
        let head = rows.current_head().map(|group| group.is_folded);
        match (action, head) {
            (Action::Back, _) => rows.fold(true),
            (Action::Open, Some(true)) => rows.fold(false),
            // Into the group, whose rows are there already.
            (Action::Open, Some(false)) => {
                rows.go_to(rows.at() + 1);
                true
            }
            (Action::ConnectMenu, Some(is_folded)) => rows.fold(!is_folded),
            _ => false,
        }
    }
}
