//! Takes a fix back, as far as it came, and nothing that somebody else has changed meanwhile.

use std::io;

use super::journal::OpenRecord;
use super::perform::{self, Found};
use super::record::{Step, StepState};
use super::runner::now;
use crate::aws::{self, Cloud};
use crate::model::Region;

/// Why it was not taken back. What was until then is in the record.
#[derive(Debug, thiserror::Error)]
pub enum NotTakenBack {
    /// Somebody has changed what was made: each as it is now, for a screen. Nothing was taken back.
    #[error("somebody else has changed it: {}", .0.join(", "))]
    Changed(Vec<String>),
    /// A call failed.
    #[error(transparent)]
    Call(#[from] aws::Error),
    /// The journal could not be written: nothing is asked that is not written down.
    #[error("the journal could not be written: {0}")]
    Journal(#[from] io::Error),
}

/// Note of what was there before the fix and was counted on since whether it has gone; `told` hears that. Nothing is changed.
pub async fn note_gone(
    cloud: &Cloud,
    region: &Region,
    open: &mut OpenRecord,
    told: &mut impl FnMut(&Step),
) -> Result<(), NotTakenBack> {
    for at in 0..open.record().steps.len() {
        let Some(step) = open.record().steps.get(at).filter(|step| step.is_counted_on()) else { continue };
        if !perform::is_there(cloud, region, &step.change).await? {
            open.note(at, StepState::Gone, None, now())?;
            open.record().steps.get(at).into_iter().for_each(&mut *told);
        }
    }
    Ok(())
}

/// Take back every change that was made or may have been, the last one first. `told` hears each step when it is over.
pub async fn take_back(
    cloud: &Cloud,
    region: &Region,
    open: &mut OpenRecord,
    told: &mut impl FnMut(&Step),
) -> Result<(), NotTakenBack> {
    let mut there = Vec::new();
    let mut changed = Vec::new();
    for (at, step) in open.record().steps.iter().enumerate().rev() {
        let may_be_there = matches!(step.state, StepState::Asked | StepState::Done | StepState::AskedBack);
        if !may_be_there || step.change.back().is_none() {
            continue;
        }
        match perform::look(cloud, region, &step.change, step.made.as_deref()).await? {
            Found::Changed(what) => changed.push(what),
            found => there.push((at, step.change.clone(), found)),
        }
    }
    if !changed.is_empty() {
        return Err(NotTakenBack::Changed(changed));
    }
    for (at, change, found) in there {
        if let Found::AsMade(id) = found {
            open.note(at, StepState::AskedBack, id.clone(), now())?;
            perform::take_away(cloud, region, &change, id.as_deref()).await?;
            open.note(at, StepState::TakenBack, None, now())?;
        } else {
            open.note(at, StepState::Gone, None, now())?;
        }
        open.record().steps.get(at).into_iter().for_each(&mut *told);
    }
    Ok(())
}
