//! Asks AWS for everything about one instance.

use super::{Report, Runtime};
use crate::aws;
use crate::model::Instance;
use crate::tui::message::Message;

impl Runtime {
    pub(super) fn examine(&mut self, mut instance: Instance) {
        let cloud = self.clouds.of(&instance.place).cloned();
        let text = std::sync::Arc::clone(&self.text);
        self.spawn(async move {
            let Some(cloud) = cloud else {
                return Some(Report::Message(Message::Failed(text.say("no-credentials-yet"))));
            };
            aws::ask_for_everything(&cloud, &mut instance).await;
            Some(Report::Message(Message::Examined(Box::new(instance))))
        });
    }
}
