//! Commands of the user's own on the selected rows, or on the one under the cursor.

use super::State;
use crate::access::login;
use crate::columns::Tone;
use crate::config::{OnRows, OwnCommand, Placeholder, Unfilled};
use crate::model::Instance;
use crate::tui::effect::Effect;
use crate::tui::key::Key;
use crate::tui::own_run::{OwnEnd, OwnOrder, OwnRun};

/// Most instances that one key press runs a command for.
const MOST: usize = 100;

impl State {
    /// Run a command of the settings, once for each row that it is for. One row that makes no arguments keeps all from running.
    pub(in crate::tui) fn run_own(&mut self, at: usize) -> Vec<Effect> {
        let Some(command) = self.world.settings.commands.get(at).cloned() else { return Vec::new() };
        let mut rows: Vec<_> = match command.rows {
            OnRows::Selected => self.world.rows.marked().map(|line| line.instance.clone()).collect(),
            OnRows::Cursor => Vec::new(),
        };
        if rows.is_empty() {
            rows.extend(self.world.current().map(|line| line.instance.clone()));
        }
        if rows.is_empty() {
            return self.tell(self.world.say("no-row"));
        }
        if rows.len() > MOST {
            let values = [("name", command.name.clone().into()), ("most", MOST.into())];
            return self.tell(self.world.text.say_with("own-too-many", &values));
        }
        self.keep_cursor();
        let mut runs = Vec::new();
        for instance in &rows {
            match command.arguments(&|placeholder| self.value(instance, placeholder)) {
                Ok(arguments) => {
                    runs.push(OwnRun { shown: instance.shown(), place: (*instance.place).clone(), arguments });
                }
                Err(unfilled) => return self.refuse_own(&command, instance, unfilled),
            }
        }
        let order = OwnOrder { name: command.name, has_terminal: command.terminal, with_credentials: command.credentials, runs };
        vec![Effect::RunOwn { order: Box::new(order) }]
    }

    /// The command of the user's own that this key runs.
    pub(super) fn own_command(&self, key: Key) -> Option<usize> {
        let keys = &self.world.keymap;
        keys.own_command(key).or_else(|| keys.own_command(key.on_latin_layout()))
    }

    fn refuse_own(&mut self, command: &OwnCommand, instance: &Instance, unfilled: Unfilled) -> Vec<Effect> {
        let shown = instance.shown();
        let values = [("name", command.name.as_str()), ("instance", shown.as_str()), ("value", unfilled.placeholder().word())];
        let text = self.world.say_with(unfilled.key(), values);
        self.world.complain(text);
        Vec::new()
    }

    /// What is known of an instance for an argument. Of its tags only the name.
    fn value(&self, instance: &Instance, placeholder: Placeholder) -> Option<String> {
        match placeholder {
            Placeholder::Id => Some(instance.id.to_string()),
            Placeholder::Name => instance.name().map(|name| name.raw().to_owned()),
            Placeholder::PrivateIp => instance.private_ip.map(|ip| ip.to_string()),
            Placeholder::PublicIp => instance.public_ip.map(|ip| ip.to_string()),
            Placeholder::Region => Some(instance.place.region.to_string()),
            Placeholder::Profile => instance.place.profile.as_ref().map(|profile| profile.raw().to_owned()),
            Placeholder::Account => instance.account.as_ref().map(ToString::to_string),
            Placeholder::User => Some(login(instance, &self.world.connect_options(instance)).0.to_string()),
        }
    }

    /// One of them is over: one line says how.
    pub(super) fn on_own_end(&mut self, end: &OwnEnd) -> Vec<Effect> {
        let (name, shown) = (("name", end.name.as_str()), ("instance", end.shown.as_str()));
        match &end.result {
            Ok((0, line)) if line.is_empty() => {
                let text = self.world.say_with("own-ended", [name, shown]);
                self.world.tell(text, Tone::Plain);
            }
            Ok((0, line)) => {
                let text = self.world.say_with("own-ended-saying", [name, shown, ("line", line.as_str())]);
                self.world.tell(text, Tone::Plain);
            }
            Ok((code, line)) => {
                let (code, line) = (code.to_string(), if line.is_empty() { "–" } else { line.as_str() });
                let text = self.world.say_with("own-failed", [name, shown, ("code", code.as_str()), ("line", line)]);
                self.world.complain(text);
            }
            Err(why) => {
                let text = self.world.say_with("own-not-run", [name, shown, ("why", why.as_str())]);
                self.world.complain(text);
            }
        }
        Vec::new()
    }
}
