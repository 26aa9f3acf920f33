//! Carrying out what the doctor's page offers, and taking it back.

use super::State;
use crate::access::Local;
use crate::columns::Tone;
use crate::fixes::{Consequence, Fix};
use crate::tui::effect::Effect;
use crate::tui::keymap::Page;
use crate::tui::mend_run::{MendOrder, MendRun, MendStage, MendUpdate};
use crate::tui::overlays::FixPreview;

/// So many fixes that are over are remembered for their page.
const MOST_OVER: usize = 20;

impl State {
    /// The user wants to see a fix of which something has to be read first.
    pub(super) fn prepare_fix(&mut self, fix: Box<Fix>) -> Vec<Effect> {
        let mut effects = self.tell(self.world.say("mend-reading"));
        effects.push(Effect::PrepareFix(fix));
        effects
    }

    /// It was read. Whoever has left the page meanwhile wants to see it no more.
    pub(super) fn on_prepared_fix(&mut self, prepared: Result<Box<Fix>, String>) -> Vec<Effect> {
        match prepared {
            Ok(fix) => {
                let is_page = self.overlays.last().is_some_and(|top| top.page() == Page::Details);
                if is_page && self.world.examination(&fix.instance).is_some() {
                    self.overlays.push(Box::new(FixPreview::new(*fix)));
                }
                Vec::new()
            }
            Err(why) => self.on_failure(why),
        }
    }

    /// The user has said yes.
    pub(super) fn mend(&mut self, fix: Fix) -> Vec<Effect> {
        if !self.world.settings.may_mend() {
            return self.tell(self.world.say("error-fix-read-only"));
        }
        let Some(instance) = self.world.examined(&fix.instance).cloned() else {
            return self.tell(self.world.say("instance-left"));
        };
        self.mend_number += 1;
        let number = self.mend_number;
        let order = MendOrder {
            until_exit: fix.consequences.contains(&Consequence::UntilExit),
            options: self.world.connect_options(&instance),
            local: Local { sources: self.world.source().into_iter().collect(), ..self.world.local.clone() },
            fix: fix.clone(),
        };
        while self.world.mends.len() >= MOST_OVER
            && let Some(over) = self.world.mends.iter().position(|run| run.stage == MendStage::Gone)
        {
            self.world.mends.remove(over);
        }
        self.world.mends.push(MendRun::new(number, fix));
        vec![Effect::Mend { number, order: Box::new(order) }]
    }

    /// The user wants it as it was.
    pub(super) fn take_back(&mut self, number: u64) -> Vec<Effect> {
        if !self.world.settings.may_mend() {
            return self.tell(self.world.say("error-undo-read-only"));
        }
        let Some(run) = self.world.mends.iter_mut().find(|run| run.number == number && run.stage.is_left()) else {
            return Vec::new();
        };
        let Some(record) = run.record else { return Vec::new() };
        run.stage = MendStage::TakingBack;
        vec![Effect::TakeBack { number, record, place: run.fix.place.clone() }]
    }

    /// Something happened to a fix. What is on the doctor's page follows it.
    pub(super) fn on_mend(&mut self, number: u64, update: MendUpdate) -> Vec<Effect> {
        let now = self.world.now;
        let Some(run) = self.world.mends.iter_mut().find(|run| run.number == number) else { return Vec::new() };
        match update {
            MendUpdate::Said(record, said) => {
                run.record = record.or(run.record);
                run.said = said;
            }
            MendUpdate::Looked(instance) => {
                if run.stage == MendStage::AtWork {
                    run.stage = MendStage::Waiting;
                }
                if let Some(own) = self.world.examination.as_mut().filter(|own| own.instance.id == instance.id) {
                    // An older asking that is still under way would tell of what was before.
                    own.number += 1;
                    (own.instance, own.told) = (instance.into(), Some(now));
                }
            }
            MendUpdate::Stands(stage, said) => {
                let is_bad = stage == MendStage::Halted;
                let id = run.fix.instance.clone();
                (run.stage, run.said) = (stage, said.clone());
                if is_bad {
                    self.world.complain(said);
                } else {
                    self.world.tell(said, Tone::Plain);
                }
                let mut effects = Vec::new();
                if stage == MendStage::Gone || is_bad {
                    effects.extend(self.examine(&id, true));
                }
                effects.extend(self.refresh_by_itself());
                // A key that was let in, or out, is this computer's to know.
                effects.extend(self.look_around());
                return effects;
            }
        }
        Vec::new()
    }
}
