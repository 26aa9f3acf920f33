//! Carries a fix out, step by step, each written down before it is asked for and after it was answered.

use std::io;
use std::sync::Arc;

use jiff::Timestamp;

use super::authorized_keys::Refusal;
use super::change::Change;
use super::fix::Fix;
use super::journal::OpenRecord;
use super::perform::{self, Found, Made};
use super::record::{Step, StepState};
use crate::access::{self, ConnectOptions, Local, Reason};
use crate::aws::{self, Cloud, ask_for_everything};
use crate::model::{Instance, Region};

/// Why it did not come to its end. What was done until then is in the record.
#[derive(Debug, thiserror::Error)]
pub enum Halted {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] aws::Error),
    /// What is on the instance does not allow it.
    #[error("the instance does not allow it: {}", .0.why.word())]
    Instance(Refusal),
    /// The journal could not be written: nothing is asked that is not written down.
    #[error("the journal could not be written: {0}")]
    Journal(#[from] io::Error),
}

/// Whether the caller may make every change, as far as AWS tells without making it: of how many it was asked. Nothing is changed.
pub async fn may(cloud: &Cloud, fix: &Fix) -> Result<usize, aws::Error> {
    let mut asked = 0;
    for change in &fix.changes {
        asked += usize::from(perform::may(cloud, &fix.place.region, change).await?);
    }
    Ok(asked)
}

/// Make every change of the record, in order; the first that fails is the last. `told` hears each step when it is over.
pub async fn carry_out(
    cloud: &Cloud,
    region: &Region,
    open: &mut OpenRecord,
    told: &mut impl FnMut(&Step),
) -> Result<(), Halted> {
    for at in 0..open.record().steps.len() {
        let Some(change) = open.settle(at) else { break };
        open.note(at, StepState::Asked, None, now())?;
        let done = match perform::make(cloud, region, &change).await {
            Ok(Made::Lost(error)) => Ok(looked_up(cloud, region, &change, error).await),
            Err(error) if is_unclear(&error) => Ok(looked_up(cloud, region, &change, error).await),
            done => done,
        };
        match done {
            Ok(Made::Done(id)) => open.note(at, StepState::Done, id, now())?,
            Ok(Made::Refused(refusal)) => {
                open.note(at, StepState::Refused, None, now())?;
                return Err(Halted::Instance(refusal));
            }
            Ok(Made::WasThere) => open.note(at, StepState::WasThere, None, now())?,
            // Of a call that was not answered nobody knows: it stays as asked for.
            Ok(Made::Lost(error)) => return Err(error.into()),
            Err(error) => {
                open.note(at, StepState::Refused, None, now())?;
                return Err(error.into());
            }
        }
        open.record().steps.get(at).into_iter().for_each(&mut *told);
    }
    Ok(())
}

/// Whether AWS may have done what it did not answer.
fn is_unclear(error: &aws::Error) -> bool {
    matches!(
        error,
        aws::Error::Timeout { .. }
            | aws::Error::Unreachable { .. }
            | aws::Error::Proxy { .. }
            | aws::Error::Garbled { .. }
            | aws::Error::Certificate { .. }
    )
}

/// A change that may be there although its call was not answered.
async fn looked_up(cloud: &Cloud, region: &Region, change: &Change, error: aws::Error) -> Made {
    match perform::look(cloud, region, change, None).await {
        Ok(Found::AsMade(id)) => Made::Done(id),
        Ok(Found::Nothing | Found::Changed(_)) | Err(_) => Made::Lost(error),
    }
}

/// Ask for everything about the instance again: as it is now, and what is still said of what the fix mends.
pub async fn looked_again(
    cloud: &Cloud,
    fix: &Fix,
    options: &ConnectOptions,
    local: &Local,
) -> Result<(Instance, Option<Reason>), aws::Error> {
    let mut instance = cloud.describe(&fix.place.region, &fix.instance).await?;
    ask_for_everything(cloud, &mut instance).await;
    let ways = access::examined(&instance, options, local, Timestamp::now());
    let left = fix.left(&ways).cloned();
    Ok((instance, left))
}

/// The instances of the instance's VPC; `None`: nobody tells.
pub async fn rows_of_vpc(cloud: &Cloud, instance: &Instance) -> Option<Vec<Arc<Instance>>> {
    let rows = cloud.instances_of_vpc(&instance.place.region, instance.vpc.as_ref()?).await.ok()?;
    Some(rows.into_iter().map(Arc::new).collect())
}

pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}
