//! Sends a command in waves and tells how far it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::order::{Order, Unsent, unsent};
use super::progress::{Ending, Outcome};
use super::wave::Wave;
use crate::aws::{self, Cloud, CommandId, MOST_INSTANCES};
use crate::model::{InstanceId, Region};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// AWS took the command for these instances.
    Sent {
        /// The id AWS gave it.
        command: CommandId,
        /// Where.
        region: Region,
        /// For whom.
        instances: Vec<InstanceId>,
    },
    /// It runs there.
    Running(InstanceId),
    /// It is over there. Each instance of the order gets one, unless the run is dropped.
    Ended(InstanceId, Box<Ending>),
    /// AWS was asked to end what runs.
    Cancelling,
    /// AWS did not answer and is asked again; `None`: it answers again.
    Trouble(Option<aws::Error>),
}

/// Run `order` to its end. When `stop` is cancelled nothing more is sent, what runs is cancelled in the account, and its end is
/// waited for. Dropped before, nothing is cancelled: the commands go on in the account.
pub async fn run(cloud: &Cloud, order: &Order, stop: &CancellationToken, updates: mpsc::Sender<Update>) {
    let mut waves = waves(order, &updates).await.into_iter();
    // A wave keeps to its share by itself; several go at a time only if one cannot fill what is asked for.
    let at_once = order.parallel.get().div_ceil(MOST_INSTANCES);
    let concurrency = order.parallel.get().div_ceil(at_once);
    let script: Arc<str> = order.script.as_str().into();
    let mut under_way = JoinSet::new();
    let mut why_no_more = None;
    loop {
        while under_way.len() < at_once && why_no_more.is_none() {
            let Some((region, instances)) = waves.next() else { break };
            let wave = Wave {
                cloud: cloud.clone(),
                region,
                instances,
                script: Arc::clone(&script),
                concurrency,
                timeout: order.timeout,
                is_fail_fast: order.is_fail_fast,
                stop: stop.clone(),
                updates: updates.clone(),
            };
            under_way.spawn(wave.run());
        }
        tokio::select! {
            ended = under_way.join_next() => match ended {
                Some(Ok(has_failed)) if has_failed && order.is_fail_fast => why_no_more = Some(Unsent::FailFast),
                Some(_) => {}
                None => break,
            },
            () = stop.cancelled(), if why_no_more.is_none() => why_no_more = Some(Unsent::Stopped),
        }
    }
    let why = why_no_more.unwrap_or(Unsent::Stopped);
    for id in waves.flat_map(|(_, instances)| instances) {
        tell_unsent(&updates, id, why.clone()).await;
    }
}

/// Who gets it, fifty at most of one region at a time. Those of whom it is known that they cannot are told at once.
async fn waves(order: &Order, updates: &mpsc::Sender<Update>) -> Vec<(Region, Vec<InstanceId>)> {
    let mut regions: BTreeMap<&Region, Vec<InstanceId>> = BTreeMap::new();
    for instance in &order.targets {
        match unsent(instance) {
            Some(why) => tell_unsent(updates, instance.id.clone(), why).await,
            None => regions.entry(&instance.place.region).or_default().push(instance.id.clone()),
        }
    }
    let waves = regions.into_iter().flat_map(|(region, instances)| {
        instances.chunks(MOST_INSTANCES).map(|wave| (region.clone(), wave.to_vec())).collect::<Vec<_>>()
    });
    waves.collect()
}

async fn tell_unsent(updates: &mpsc::Sender<Update>, id: InstanceId, why: Unsent) {
    // Nobody listens any more: we are leaving.
    let _ = updates.send(Update::Ended(id, Box::new(Ending::without_running(Outcome::Unsent(why))))).await;
}
