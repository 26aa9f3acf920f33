//! Waits for the way into an instance that was just started.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::{Report, Runtime};
use crate::connect::{self, ConnectEvent, Planner};
use crate::model::Instance;
use crate::text::Catalogue;
use crate::tui::message::Message;
use crate::tui::trouble::{Trouble, TroubleKind};

impl Runtime {
    /// Tell how far it is, and then how to get in.
    pub(super) fn await_way(&mut self, number: u64, instance: Instance, planner: Planner) {
        let (cloud, text, out) = (self.cloud_of(&instance.place).cloned(), Arc::clone(&self.text), self.out.clone());
        let task = self.spawn(async move {
            let mut on_event = |event: ConnectEvent| {
                // The next one comes a second later.
                let _ = out.try_send(Report::Message(Message::WayAwaited { number, said: event.words(&instance, &text) }));
            };
            let result = match cloud {
                Some(cloud) => {
                    let plan = connect::plan_when_up(&cloud, &instance, &planner, &mut on_event).await;
                    plan.map(Box::new).map_err(|error| session_trouble(&error, &instance, &text))
                }
                None => Err(no_credentials(&text)),
            };
            Some(Report::Message(Message::WayOpen { number, id: instance.id, result }))
        });
        self.stop_awaiting_way();
        self.awaited_way = Some(task);
    }

    /// Nobody waits any longer.
    pub(super) fn stop_awaiting_way(&mut self) {
        if let Some(task) = self.awaited_way.take() {
            task.abort();
        }
    }
}

/// The place's credentials are still being asked for.
fn no_credentials(text: &Catalogue) -> Trouble {
    let (code, what) = ("no-credentials-yet", text.say("no-credentials-yet"));
    Trouble { code, what, why: None, next: None, kind: TroubleKind::Other, device: None, retry_in: Duration::ZERO }
}

/// What kept a session from beginning.
pub fn session_trouble(error: &connect::Error, instance: &Instance, text: &Catalogue) -> Trouble {
    let what = error.why(instance, Timestamp::now(), text).join("\n");
    let next = error.next(instance, text).join("\n");
    let next = Some(next).filter(|next| !next.is_empty());
    let what = text.say_with("session-not-started", &[("what", what.into())]);
    Trouble { code: error.code(), what, why: None, next, kind: TroubleKind::Other, device: None, retry_in: Duration::ZERO }
}
