//! Sends a command in waves and tells how far it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::ending::{CommandEnd, Outcome};
use super::order::{Order, Unsent, unsent};
use super::update::Update;
use super::wave::Wave;
use crate::aws::{Clouds, MOST_INSTANCES};
use crate::model::{InstanceId, Place};

/// How long a wave waits for a part worth its name; then any will do.
const PICKY: Duration = Duration::from_secs(3);

/// Run `order` to its end. When `stop` is cancelled nothing more is sent, what runs is cancelled in the account, and its end is
/// waited for. Dropped before, nothing is cancelled: the commands go on in the account.
pub async fn run(clouds: &Clouds, order: &Order, stop: &CancellationToken, updates: mpsc::Sender<Update>) {
    let mut waves = waves(order, &updates).await.into_iter().peekable();
    let share = Share::of(order);
    let script: Arc<str> = order.script.as_str().into();
    let mut under_way = JoinSet::new();
    let mut why_no_more = None;
    while !under_way.is_empty() || (waves.peek().is_some() && why_no_more.is_none()) {
        let next = waves.peek().map(|(_, instances)| instances.len()).filter(|_| why_no_more.is_none());
        tokio::select! {
            biased;
            () = stop.cancelled(), if why_no_more.is_none() => why_no_more = Some(Unsent::Stopped),
            Some(ended) = under_way.join_next() => {
                if order.is_fail_fast && matches!(ended, Ok(true)) {
                    why_no_more = Some(Unsent::FailFast);
                }
            }
            // Whether a wave failed is known when it is over, and not when it gives its part back.
            turns = share.turns(next), if !order.is_fail_fast || under_way.is_empty() => {
                let Some((place, instances)) = waves.next() else { continue };
                let cloud = match clouds.known(&place) {
                    Ok(cloud) => cloud.clone(),
                    Err(error) => {
                        for id in instances {
                            tell_unsent(&updates, id, Unsent::Refused(error.clone())).await;
                        }
                        continue;
                    }
                };
                let wave = Wave {
                    cloud,
                    region: place.region,
                    instances,
                    script: Arc::clone(&script),
                    turns,
                    timeout: order.timeout,
                    is_fail_fast: order.is_fail_fast,
                    stop: stop.clone(),
                    updates: updates.clone(),
                };
                under_way.spawn(wave.run());
            }
        }
    }
    let why = why_no_more.unwrap_or(Unsent::Stopped);
    for id in waves.flat_map(|(_, instances)| instances) {
        tell_unsent(&updates, id, why.clone()).await;
    }
}

/// How many instances may run it now. A wave takes its part when it is sent, and gives back what it can no longer fill: one that
/// hangs on a single instance does not hold back the others.
struct Share {
    free: Arc<Semaphore>,
    all: usize,
    /// A wave keeps its part to the end, so it does not gladly begin with less than this.
    least: usize,
}

impl Share {
    fn of(order: &Order) -> Self {
        // AWS stops at a failure within one command only: wave after wave, if that is wished.
        let most = if order.is_fail_fast { MOST_INSTANCES } else { Semaphore::MAX_PERMITS };
        let all = order.parallel.get().min(most);
        Self { free: Arc::new(Semaphore::new(all)), all, least: if order.is_fail_fast { all } else { all.div_ceil(2) } }
    }

    /// A part for a wave of so many instances; never, for none. Safe to drop half-done.
    async fn turns(&self, instances: Option<usize>) -> OwnedSemaphorePermit {
        let Some(instances) = instances else { return std::future::pending().await };
        let most = self.all.min(instances.min(MOST_INSTANCES));
        let least = self.least.min(most);
        let count = |turns: usize| u32::try_from(turns).unwrap_or(u32::MAX);
        let taken = match timeout(PICKY, Arc::clone(&self.free).acquire_many_owned(count(least))).await {
            Ok(taken) => taken,
            // Whoever holds the others may hold them for hours.
            Err(_) => Arc::clone(&self.free).acquire_owned().await,
        };
        let mut turns = taken.expect("the shares are never closed");
        let more = most.saturating_sub(turns.num_permits()).min(self.free.available_permits());
        if let Ok(more) = Arc::clone(&self.free).try_acquire_many_owned(count(more)) {
            turns.merge(more);
        }
        turns
    }
}

/// Who gets it, fifty at most of one place at a time. Those of whom it is known that they cannot are told at once.
async fn waves(order: &Order, updates: &mpsc::Sender<Update>) -> Vec<(Place, Vec<InstanceId>)> {
    let mut places: BTreeMap<&Place, Vec<InstanceId>> = BTreeMap::new();
    for instance in &order.targets {
        match unsent(instance) {
            Some(why) => tell_unsent(updates, instance.id.clone(), why).await,
            None => places.entry(&*instance.place).or_default().push(instance.id.clone()),
        }
    }
    let waves = places.into_iter().flat_map(|(place, instances)| {
        instances.chunks(MOST_INSTANCES).map(|wave| (place.clone(), wave.to_vec())).collect::<Vec<_>>()
    });
    waves.collect()
}

async fn tell_unsent(updates: &mpsc::Sender<Update>, id: InstanceId, why: Unsent) {
    // Nobody listens any more: we are leaving.
    let _ = updates.send(Update::Ended(id, Box::new(CommandEnd::without_running(Outcome::Unsent(why))))).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::row;

    #[tokio::test]
    async fn a_wave_begins_with_what_is_free_if_the_others_hold_theirs_for_long() {
        let order = Order {
            targets: vec![row("i-0aaaaaaaaaaaaaaa1", "web-1")],
            script: String::new(),
            parallel: 10.try_into().unwrap(),
            timeout: None,
            is_fail_fast: false,
        };
        let share = Share::of(&order);
        let mut all = share.turns(Some(50)).await;
        assert_eq!(all.num_permits(), 10);
        drop(all.split(3));

        let some = timeout(Duration::from_secs(10), share.turns(Some(50))).await.unwrap();

        assert_eq!(some.num_permits(), 3);
    }
}
