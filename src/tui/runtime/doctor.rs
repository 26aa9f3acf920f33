//! Asks AWS for everything about one instance.

use jiff::Timestamp;

use super::{Report, Runtime};
use crate::access::Login;
use crate::aws::Everything;
use crate::model::{AddressService, Instance};
use crate::probe::{self, Probe};
use crate::tui::message::Message;

impl Runtime {
    /// Ask the page, by the way out of the first place that is open.
    pub(super) fn find_address(&mut self, service: AddressService) {
        let (cloud, text) = (self.clouds.first().cloned(), std::sync::Arc::clone(&self.text));
        self.spawn(async move {
            let found = match cloud {
                Some(cloud) => cloud.own_address(&service).await.map_err(|error| error.what(&text)),
                None => Err(text.say("no-credentials-yet")),
            };
            Some(Report::Message(Message::AddressFound(found)))
        });
    }

    /// Make the tests that somebody said yes to. `number`: which asking it is; `known`: when the rest was told.
    pub(super) fn test_ways(
        &mut self,
        (number, known): (u64, Option<Timestamp>),
        mut instance: Instance,
        probes: Vec<Probe>,
        login: Login,
    ) {
        let (cloud, text) = (self.clouds.of(&instance.place).cloned(), std::sync::Arc::clone(&self.text));
        self.spawn(async move {
            let told = match cloud {
                Some(cloud) => {
                    probe::make(&cloud, &mut instance, &probes, login.as_str(), &text).await;
                    Some((Box::new(instance), known.unwrap_or_else(Timestamp::now)))
                }
                None => None,
            };
            Some(Report::Message(Message::Examined { number, told }))
        });
    }

    /// Ask for everything, and tell of it as it comes.
    pub(super) fn examine(&mut self, number: u64, instance: Instance, anew: bool) {
        let (cloud, out) = (self.clouds.of(&instance.place).cloned(), self.out.clone());
        self.spawn(async move {
            let Some(cloud) = cloud else { return Some(Report::Message(Message::Examined { number, told: None })) };
            let mut all = if anew { Everything::anew(&cloud, instance) } else { Everything::of(&cloud, instance) };
            while let Some(instance) = all.next().await {
                let instance = Box::new(instance.clone());
                out.send(Report::Message(Message::Told { number, instance })).await.ok()?;
            }
            let (instance, told) = all.into_parts();
            Some(Report::Message(Message::Examined { number, told: Some((Box::new(instance), told)) }))
        });
    }
}
