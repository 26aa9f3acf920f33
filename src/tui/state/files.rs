//! Two panes of files for the row under the cursor: this program once more, with the terminal.

use std::ffi::OsString;

use super::State;
use crate::tui::effect::Effect;
use crate::tui::own_run::{OwnOrder, OwnRun};

impl State {
    /// Lend the terminal to the panes. What they ask before they connect needs it, too.
    pub(super) fn open_files(&mut self) -> Vec<Effect> {
        let Some(instance) = self.world.current().map(|line| line.instance.clone()) else {
            return self.tell(self.world.say("no-row"));
        };
        self.keep_cursor();
        let own = &self.world.own;
        let mut arguments = vec![OsString::from(&own.program)];
        arguments.extend(own.flags.iter().cloned());
        let read_only = self.world.settings.read_only.then_some("--read-only");
        arguments.extend(read_only.map(OsString::from));
        let rest = ["--region", instance.place.region.as_str(), "files", "--", instance.id.as_str()];
        arguments.extend(rest.map(OsString::from));
        let run = OwnRun { shown: instance.shown(), place: (*instance.place).clone(), arguments };
        let name = self.world.say("files-name");
        // The credentials of the row's place, whichever profile they come from and whatever it took to get them.
        let order = OwnOrder { name, has_terminal: true, with_credentials: true, runs: vec![run] };
        vec![Effect::RunOwn { order: Box::new(order) }]
    }
}
