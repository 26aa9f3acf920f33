//! Sessions beside the dashboard, in panes, windows or tabs of what it runs in: this program once more for each selected row.

use std::ffi::{OsStr, OsString};
use std::sync::Arc;

use super::State;
use crate::columns::Tone;
use crate::model::Instance;
use crate::multiplexer::{Host, Manner, Nowhere};
use crate::text::Value;
use crate::tui::action::Action;
use crate::tui::effect::Effect;
use crate::tui::overlays::{Question, Request};
use crate::tui::pane_request::PaneRequest;

/// Most sessions that one key press opens: as many panes as a window shows of.
const MOST: usize = 20;
/// Most names that a question tells.
const NAMED: usize = 6;

impl State {
    /// Open sessions on the selected rows, or on the one under the cursor; several after a question.
    pub(super) fn ask_for_panes(&mut self) -> Vec<Effect> {
        let host = match self.pane_host() {
            Ok(host) => host,
            Err(nowhere) => return self.tell(self.nowhere(nowhere)),
        };
        let mut rows: Vec<_> = self.world.rows.marked().map(|line| line.instance.clone()).collect();
        if rows.is_empty() {
            rows.extend(self.world.current().map(|line| line.instance.clone()));
        }
        match rows.as_slice() {
            [] => return self.tell(self.world.say("no-row")),
            [_] => {}
            rows if rows.len() > MOST => {
                let values: [(&str, Value); 2] = [("count", rows.len().into()), ("most", MOST.into())];
                return self.tell(self.world.text.say_with("panes-too-many", &values));
            }
            _ => return self.ask_about_panes(&host, rows),
        }
        self.keep_cursor();
        let ids = rows.iter().map(|row| row.id.clone()).collect();
        self.open_panes(PaneRequest { ids, manner: Manner::Apart })
    }

    fn ask_about_panes(&mut self, host: &Host, rows: Vec<Arc<Instance>>) -> Vec<Effect> {
        let count = rows.len();
        let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
        let request = |manner| Request::OpenPanes(PaneRequest { ids: ids.clone(), manner });
        let values: [(&str, Value); 2] = [("count", count.into()), ("host", host.name().into())];
        let title = self.world.text.say_with("panes-title", &values);
        let mut lines: Vec<String> = rows.iter().take(NAMED).map(|row| row.shown()).collect();
        if count > NAMED {
            lines.push(self.world.text.say_with("panes-more", &[("count", (count - NAMED).into())]));
        }
        let question = Question::new(title, lines, request(Manner::Apart)).with_enter_as_yes();
        let question = if host.joins_typing() {
            question.with_other(Action::Together, "hint-together", request(Manner::TypedTogether))
        } else {
            question
        };
        self.keep_cursor();
        self.overlays.push(Box::new(question));
        Vec::new()
    }

    /// Open them.
    pub(super) fn open_panes(&mut self, request: PaneRequest) -> Vec<Effect> {
        let host = match self.pane_host() {
            Ok(host) => host,
            Err(nowhere) => return self.tell(self.nowhere(nowhere)),
        };
        let rows: Vec<_> = request.ids.iter().filter_map(|id| self.world.inventory.row(id).cloned()).collect();
        if rows.is_empty() {
            return self.tell(self.world.say("instance-left"));
        }
        let calls = rows.iter().map(|instance| self.own_call(instance, &["connect", "--hold"])).collect();
        let values: [(&str, Value); 2] = [("count", rows.len().into()), ("host", host.name().into())];
        let told = self.world.text.say_with("panes-opening", &values);
        self.world.tell(told, Tone::Plain);
        vec![Effect::OpenPanes { host, calls, manner: request.manner }]
    }

    fn pane_host(&self) -> Result<Host, Nowhere> {
        Host::find(self.world.settings.panes, |name| self.world.around.get(name).cloned())
    }

    fn nowhere(&self, nowhere: Nowhere) -> String {
        let wanted = match nowhere {
            Nowhere::Elsewhere(wanted) => wanted.word(),
            _ => "",
        };
        self.world.say_with(nowhere.key(), [("wanted", wanted)])
    }

    /// The arguments of this program for a command on an instance, by the profile and in the region that list it.
    pub(super) fn own_call(&self, instance: &Instance, command: &[impl AsRef<OsStr>]) -> Vec<OsString> {
        let mut arguments = self.world.own.flags.clone();
        let profile = instance.place.profile.as_ref().map(|profile| format!("--profile={}", profile.raw()));
        arguments.extend(profile.map(OsString::from));
        arguments.extend(["--region", instance.place.region.as_str()].map(OsString::from));
        arguments.extend(command.iter().map(|word| word.as_ref().to_owned()));
        arguments.extend(["--", instance.id.as_str()].map(OsString::from));
        arguments
    }
}
