//! Asks AWS for the host keys of an instance that was rebuilt, and keeps them.

use std::time::SystemTime;

use super::{Report, Runtime};
use crate::connect::{NewHostKeys, NoNewHostKeys};
use crate::model::{Instance, InstanceId, Untrusted};
use crate::ssh::KnownHosts;
use crate::tui::message::Message;

impl Runtime {
    pub(super) fn ask_host_keys(&mut self, instance: Instance) {
        let cloud = self.clouds.of(&instance.place).cloned();
        let (text, state) = (std::sync::Arc::clone(&self.text), self.state.clone());
        self.spawn(async move {
            let (Some(cloud), Some(state)) = (cloud, state) else {
                return Some(Report::Message(Message::Failed(text.say("no-credentials-yet"))));
            };
            let told = NewHostKeys::ask(&cloud, &instance, &KnownHosts::new(&state)).await;
            let result = told.map_err(|none: NoNewHostKeys| none.lines(&instance, &text));
            Some(Report::HostKeysTold(instance.id.clone(), instance.shown(), result))
        });
    }

    /// What was told waits here for a yes.
    pub(super) fn host_keys_told(&mut self, id: InstanceId, shown: String, result: Result<NewHostKeys, Vec<String>>) -> Message {
        let result = result.map(|told| {
            let lines = told.lines(&self.text);
            self.new_host_keys.insert(id.clone(), told);
            lines
        });
        Message::HostKeysTold { id, shown, result }
    }

    /// Written to its end, whatever else happens.
    pub(super) fn take_host_keys(&mut self, id: &InstanceId) {
        let Some(keys) = self.new_host_keys.remove(id) else { return };
        let (text, state) = (std::sync::Arc::clone(&self.text), self.state.clone());
        let Some(hosts) = state.as_deref().map(KnownHosts::new) else { return };
        let path = Untrusted::from(hosts.path().to_string_lossy().into_owned()).shown_in(200);
        let id = keys.id.to_string();
        let writing = self.writes.spawn_blocking(move || keys.take(&hosts, SystemTime::now()));
        self.spawn(async move {
            let said = match writing.await.ok()? {
                Ok(()) => Message::Remark(text.say_with("note-host-keys-replaced", &[("id", id.into())])),
                Err(error) => {
                    let cause = Untrusted::from(error.to_string()).shown_in(200);
                    let values = [("path", path.into()), ("cause", cause.into())];
                    Message::Failed(text.say_with("error-known-hosts-unwritten", &values))
                }
            };
            Some(Report::Message(said))
        });
    }
}
