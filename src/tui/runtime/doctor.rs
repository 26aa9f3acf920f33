//! Asks AWS for everything about one instance.

use super::{Report, Runtime};
use crate::aws;
use crate::model::Instance;
use crate::tui::message::Message;

impl Runtime {
    pub(super) fn examine(&mut self, number: u64, mut instance: Instance) {
        let cloud = self.clouds.of(&instance.place).cloned();
        self.spawn(async move {
            let told = match cloud {
                Some(cloud) => {
                    aws::ask_for_everything(&cloud, &mut instance).await;
                    Some(Box::new(instance))
                }
                None => None,
            };
            Some(Report::Message(Message::Examined { number, instance: told }))
        });
    }
}
