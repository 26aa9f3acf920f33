//! The mouse, where the user has switched it on.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use jiff::SignedDuration;

use super::State;
use crate::columns::Tone;
use crate::tui::action::Action;
use crate::tui::effect::Effect;

/// Two clicks on one row within this time open it.
const TWICE_WITHIN: SignedDuration = SignedDuration::from_millis(400);
/// Lines that one step of the wheel goes.
const STEP: isize = 3;

impl State {
    /// Switch it on or off.
    pub(super) fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.world.mouse = !self.world.mouse;
        let key = if self.world.mouse { "mouse-on" } else { "mouse-off" };
        self.world.tell(self.world.say(key), Tone::Plain);
        vec![Effect::UseMouse(self.world.mouse)]
    }

    /// Something was done with it.
    pub fn point(&mut self, event: MouseEvent) -> Vec<Effect> {
        if !self.world.mouse {
            // A report that a session asked for and left behind.
            return Vec::new();
        }
        match event.kind {
            MouseEventKind::ScrollUp => self.roll(Action::Up, -STEP),
            MouseEventKind::ScrollDown => self.roll(Action::Down, STEP),
            MouseEventKind::Down(MouseButton::Left) => self.click(event.column, event.row),
            _ => Vec::new(),
        }
    }

    fn roll(&mut self, action: Action, rows: isize) -> Vec<Effect> {
        if self.overlays.is_empty() {
            return self.go_by(rows);
        }
        (0..STEP).flat_map(|_| self.act(action)).collect()
    }

    fn click(&mut self, column: u16, row: u16) -> Vec<Effect> {
        let last = self.clicked.take();
        if let Some(card) = self.overlays.last_mut() {
            if !card.is_card() {
                return Vec::new();
            }
            let closing = card.act(Action::Cancel, &self.world);
            return self.take(closing);
        }
        if row == self.seen.heads_at {
            let is_in = |x: u16, width: u16| (x..x.saturating_add(width)).contains(&column);
            let head = self.seen.heads.iter().find(|head| is_in(head.x, head.width)).map(|head| head.column.clone());
            return head.map(|column| self.sort_by(column)).unwrap_or_default();
        }
        let Some(line) = row.checked_sub(self.seen.heads_at + 1).map(usize::from).filter(|line| *line < self.seen.rows) else {
            return Vec::new();
        };
        let at = self.seen.top + line;
        if self.seen.heads.is_empty() || at >= self.world.rows.len() {
            return Vec::new();
        }
        let mut effects = if self.filter_field.is_some() { self.keep_filter() } else { Vec::new() };
        self.world.rows.go_to(at);
        let now = self.world.now;
        if last.is_some_and(|(when, where_it_was)| where_it_was == at && now.duration_since(when) <= TWICE_WITHIN) {
            effects.extend(self.act(Action::ConnectMenu));
        } else {
            self.clicked = Some((now, at));
        }
        effects
    }
}
