//! An instance that is being started to be connected to.

use ratatui::layout::{Position, Rect};

use super::{Overlay, Reply, Request, centred};
use crate::power::Stage;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, wrapped};
use crate::tui::theme::Role;
use crate::tui::world::World;

const WIDEST: u16 = 70;

/// Waits for a run; closing it ends the waiting, and the instance goes on.
#[derive(Debug)]
pub struct Starting {
    number: u64,
    shown: String,
}

impl Starting {
    /// Waits for this run of an instance with this name.
    pub fn new(number: u64, shown: String) -> Self {
        Self { number, shown }
    }
}

impl Overlay for Starting {
    fn awaits_run(&self) -> Option<u64> {
        Some(self.number)
    }

    fn act(&mut self, action: Action, _: &World) -> Reply {
        match action {
            Action::Cancel | Action::Quit | Action::Back | Action::No => Reply::Close(vec![Request::StopStarting]),
            _ => Reply::Stay(Vec::new()),
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World) -> Option<Position> {
        let width = WIDEST.min(area.width);
        let then = wrapped(&world.say("power-starting-then"), width.saturating_sub(4));
        let area = centred(area, width, u16::try_from(then.len() + 3).unwrap_or(u16::MAX));
        let title = world.say_with("power-starting-title", [("name", &self.shown)]);
        let inner = canvas.frame(area, &title, "", &world.hint(Action::Cancel, "hint-stop-waiting"));
        let run = world.power.run(self.number);
        let seconds = run.map_or(0, |run| world.now.duration_since(run.began).as_secs().max(0)).to_string();
        let state = run.and_then(|run| run.progress.rows().first()).map_or("…", |row| match &row.stage {
            Stage::Waiting => "…",
            Stage::Is(state) => state.word(),
            Stage::Over(outcome) => outcome.state().map_or("…", |state| state.word()),
        });
        let of_instance = || world.say_with("start-state", [("name", &self.shown), ("state", state), ("seconds", &seconds)]);
        let awaited = world.power.awaited.as_ref().filter(|(number, _)| *number == self.number);
        let line = awaited.map_or_else(of_instance, |(_, said)| said.clone());
        canvas.put(inner.x, inner.y, inner.width, &line, canvas.role(Role::Text));
        for (y, line) in (inner.y + 1..inner.bottom()).zip(&then) {
            canvas.put(inner.x, y, inner.width, line, canvas.role(Role::Faint));
        }
        None
    }
}
