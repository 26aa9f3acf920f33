//! Asks for a session that is denied, and waits until it is decided.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Report, Runtime};
use crate::aws::{AccessRequest, Cloud};
use crate::config::Memory;
use crate::connect::{self, AccessEnd};
use crate::model::{AccessReason, Instance};
use crate::text::Catalogue;
use crate::tui::access_run::{AccessOffer, AccessUpdate};
use crate::tui::message::Message;

/// Columns of a request's id.
const ID: usize = 40;

impl Runtime {
    /// That a denied session on this instance may be asked for, and the request that was made before.
    pub fn access_offer(&self, instance: &Instance) -> AccessOffer {
        AccessOffer { request: known(&self.memory, instance).map(|request| request.id.shown_in(ID)) }
    }

    /// What a session on this instance is begun with, if that was granted: once.
    pub fn take_granted(&mut self, instance: &Instance) -> Option<Cloud> {
        self.granted.remove(&instance.id)
    }

    /// Make a request, or find the one that was made, and tell how it stands.
    pub(super) fn ask_for_access(&mut self, number: u64, instance: Instance, reason: Option<AccessReason>) {
        let (cloud, text, out) = (self.cloud_of(&instance.place).cloned(), Arc::clone(&self.text), self.out.clone());
        let memory = self.memory.clone();
        self.stop_awaiting_access();
        let task = self.spawn(async move {
            let Some(cloud) = cloud else { return Some(Report::Message(Message::Failed(text.say("no-credentials-yet")))) };
            let made = match reason {
                Some(reason) => made(&cloud, &memory, &instance, &reason).await,
                None => known(&memory, &instance).ok_or(AccessEnd::Expired),
            };
            let (request, decided) = match made {
                Ok(request) => {
                    let update = AccessUpdate::Waits { request: request.id.shown_in(ID) };
                    out.send(Report::Message(Message::Access { number, update })).await.ok()?;
                    let decided = connect::access_decided(&cloud, &request).await;
                    (Some(request), decided)
                }
                Err(end) => (None, Err(end)),
            };
            match decided {
                Ok(granted) => Some(Report::AccessGranted(number, instance.id, granted)),
                Err(end) => {
                    if let Some(request) = request.as_ref().filter(|_| end.is_final()) {
                        let _ = memory.change(|state| state.forget_access_request(&instance.id, request.id.raw()));
                    }
                    let lines = lines(&end, request.as_ref(), &instance, &text);
                    let update = AccessUpdate::Ended { lines, is_final: end.is_final() };
                    Some(Report::Message(Message::Access { number, update }))
                }
            }
        });
        self.awaited_access = Some(task);
    }

    /// Nobody waits any longer; the request stands.
    pub(super) fn stop_awaiting_access(&mut self) {
        if let Some(task) = self.awaited_access.take() {
            task.abort();
        }
    }
}

/// The request that an earlier run made for this instance.
fn known(memory: &Memory, instance: &Instance) -> Option<AccessRequest> {
    let (state, _) = memory.read();
    AccessRequest::known(&state.access_request(&instance.id, &instance.place)?.id, &instance.place.region)
}

/// Carried through to its being remembered, also when nobody waits any more: whoever decides is not asked twice.
async fn made(cloud: &Cloud, memory: &Memory, instance: &Instance, reason: &AccessReason) -> Result<AccessRequest, AccessEnd> {
    let (cloud, memory, instance, reason) = (cloud.clone(), memory.clone(), instance.clone(), reason.clone());
    let made = tokio::spawn(async move {
        let request = connect::ask_for_access(&cloud, &instance.place.region, &instance.id, &reason).await?;
        let made = Timestamp::now().as_second();
        if let Some(finding) =
            memory.change(|state| state.keep_access_request(&instance.id, &instance.place, request.id.raw(), made))
        {
            tracing::warn!("an access request is not remembered: {}", finding.code);
        }
        Ok(request)
    });
    made.await.unwrap_or(Err(AccessEnd::Undecided))
}

/// What, why, and what to do.
fn lines(end: &AccessEnd, request: Option<&AccessRequest>, instance: &Instance, text: &Catalogue) -> Vec<String> {
    let Some(code) = end.code() else {
        let AccessEnd::Aws(error) = end else { return Vec::new() };
        return std::iter::once(error.what(text)).chain(error.why(text)).chain(error.next(text)).collect();
    };
    let id = request.map(|request| request.id.shown_in(ID)).unwrap_or_default();
    let values = [("id", id.into()), ("target", instance.shown().into())];
    let parts = ["", "-why", "-next"].map(|part| format!("error-{code}{part}"));
    // To ask again is a key away here.
    let parts = parts.iter().filter(|key| matches!(end, AccessEnd::Impossible) || !key.ends_with("-next"));
    parts.filter(|key| text.has(key)).map(|key| text.say_with(key, &values)).collect()
}
