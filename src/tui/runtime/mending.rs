//! Carries out fixes, each written down first, and takes back at the end what was to last until then.

use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::kept::{Kept, unusable, why};
use super::{Report, Runtime};
use crate::access::Local;
use crate::aws::{self, Cloud};
use crate::fixes::{self, Fix, Halted, Journal, NotOpened, OpenRecord, Record, Step, StepState};
use crate::model::Place;
use crate::text::Catalogue;
use crate::tui::mend_run::{MendOrder, MendStage, MendUpdate};
use crate::tui::message::Message;

impl Runtime {
    /// Read what a fix needs to know before it is shown.
    pub(super) fn prepare_fix(&mut self, fix: Fix) {
        let cloud = self.clouds.of(&fix.place).cloned();
        let text = Arc::clone(&self.text);
        self.spawn(async move {
            let prepared = match cloud {
                Some(cloud) => fixes::prepared(&cloud, fix).await.map(Box::new).map_err(|error| of_call(&error, &text)),
                None => Err(text.say("no-credentials-yet")),
            };
            Some(Report::Message(Message::FixPrepared(prepared)))
        });
    }

    /// Make the changes, then ask the check again until it is green.
    pub(super) fn mend(&mut self, number: u64, order: MendOrder) {
        let cloud = self.clouds.of(&order.fix.place).cloned();
        let (text, state, kept) = (Arc::clone(&self.text), self.state.clone(), self.kept.clone());
        let out = self.out.clone();
        self.spawn(async move {
            let stands = |stage, said: String| Some(update(number, MendUpdate::Stands(stage, said)));
            let Some(cloud) = cloud else { return stands(MendStage::Gone, text.say("no-credentials-yet")) };
            let mut open = match begin(&cloud, state.as_deref(), &order).await {
                Ok(open) => open,
                Err(halted) => return stands(MendStage::Gone, said(&halted, &text)),
            };
            let record = open.record().number;
            let region = order.fix.place.region.clone();
            let mut lines = Vec::new();
            let carried = fixes::carry_out(&cloud, &region, &mut open, &mut |step| lines.push(shown(step, &text))).await;
            for line in lines {
                out.send(update(number, MendUpdate::Said(Some(record), line))).await.ok()?;
            }
            let is_left = open.record().standing().is_open();
            if order.until_exit && is_left {
                kept.all().await.insert(record, (cloud.clone(), region, open));
            } else {
                drop(open);
            }
            if let Err(halted) = carried {
                out.send(update(number, MendUpdate::Said(Some(record), String::new()))).await.ok()?;
                return stands(if is_left { MendStage::Halted } else { MendStage::Gone }, said(&halted, &text));
            }
            let added_keys = state.as_deref().map(|state| Journal::new(state).added_keys()).unwrap_or_default();
            let local = Local { added_keys, ..order.local.clone() };
            let begun = Instant::now();
            let is_green = loop {
                let looked = fixes::looked_again(&cloud, &order.fix, &order.options, &local).await;
                let is_green = matches!(looked, Ok((_, None)));
                if let Ok((instance, left)) = looked {
                    if let Some(left) = left {
                        out.send(update(number, MendUpdate::Said(Some(record), left.text(&text)))).await.ok()?;
                    }
                    out.send(update(number, MendUpdate::Looked(Box::new(instance)))).await.ok()?;
                }
                let pause = Fix::pause(begun.elapsed());
                if is_green || begun.elapsed() + pause > order.fix.longest_wait() {
                    break is_green;
                }
                sleep(pause).await;
            };
            let values = [
                ("rule", order.fix.rule.into()),
                ("method", order.fix.method.id().into()),
                ("seconds", order.fix.longest_wait().as_secs().to_string().into()),
            ];
            stands(MendStage::InForce, text.say_with(if is_green { "mend-mended" } else { "mend-not-yet" }, &values))
        });
    }

    /// Take a fix back: one that is kept, or one of the journal.
    pub(super) fn take_back(&mut self, number: u64, record: u32, place: &Place) {
        let cloud = self.clouds.of(place).cloned();
        let (text, state, kept) = (Arc::clone(&self.text), self.state.clone(), self.kept.clone());
        let region = place.region.clone();
        self.spawn(async move {
            let stands = |stage, said: String| Some(update(number, MendUpdate::Stands(stage, said)));
            let (Some(cloud), Some(state)) = (cloud, state) else {
                return stands(MendStage::InForce, text.say("no-credentials-yet"));
            };
            let held = kept.all().await.remove(&record);
            let is_kept = held.is_some();
            let opened = match held {
                Some((.., open)) => Ok(open),
                None => Journal::new(&state).open(record),
            };
            let mut open = match opened {
                Ok(open) => open,
                Err(error) => return stands(MendStage::InForce, not_opened(&error, record, &text)),
            };
            let taken = fixes::take_back(&cloud, &region, &mut open, &mut |_| ()).await;
            match taken {
                Ok(()) => stands(MendStage::Gone, text.say_with("undo-done", &[("number", record.to_string().into())])),
                Err(error) => {
                    if is_kept {
                        kept.all().await.insert(record, (cloud, region, open));
                    }
                    stands(MendStage::Halted, why(&error, &text))
                }
            }
        });
    }

    /// What is taken back at the end.
    pub fn kept(&self) -> Kept {
        self.kept.clone()
    }

    /// Tell of what a program that was killed has left.
    pub(super) fn look_for_orphans(&mut self) {
        let (text, state) = (Arc::clone(&self.text), self.state.clone());
        self.spawn(async move {
            let journal = Journal::new(&state?);
            let orphans = tokio::task::spawn_blocking(move || journal.orphans()).await.ok()?;
            let latest = orphans.first()?;
            let values = [("count", orphans.len().into()), ("number", latest.number.to_string().into())];
            Some(Report::Message(Message::Remark(text.say_with("mend-orphans", &values))))
        });
    }
}

/// Whether the caller may make the changes, and the record of them.
async fn begin(cloud: &Cloud, state: Option<&Path>, order: &MendOrder) -> Result<OpenRecord, Halted> {
    let state = state.ok_or_else(|| Halted::Journal(io::ErrorKind::NotFound.into()))?;
    fixes::may(cloud, &order.fix).await?;
    let identity = cloud.identity().await?;
    let record = Record::of(&order.fix, &identity, order.until_exit, Timestamp::now().as_second());
    Ok(Journal::new(state).begin(record)?)
}

fn update(number: u64, update: MendUpdate) -> Report {
    Report::Message(Message::Mend { number, update })
}

fn shown(step: &Step, text: &Catalogue) -> String {
    let word = if step.state == StepState::WasThere { "mend-step-was-there" } else { "mend-step-done" };
    text.say_with(word, &[("call", step.change.shown().into())])
}

fn said(halted: &Halted, text: &Catalogue) -> String {
    match halted {
        Halted::Call(error) => of_call(error, text),
        Halted::Journal(error) => unusable(error, text),
        Halted::Instance(refusal) => {
            let values = [("about", refusal.about.shown_in(200).into())];
            text.say_with(&format!("error-{}", refusal.code()), &values)
        }
    }
}

fn of_call(error: &aws::Error, text: &Catalogue) -> String {
    [Some(error.what(text)), error.next(text)].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn not_opened(error: &NotOpened, number: u32, text: &Catalogue) -> String {
    let values = [("number", number.to_string().into())];
    match error {
        NotOpened::Missing => text.say_with("error-undo-missing", &values),
        NotOpened::Busy => text.say_with("error-undo-busy", &values),
        NotOpened::Unreadable(error) => unusable(error, text),
    }
}
