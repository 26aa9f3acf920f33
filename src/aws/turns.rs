//! Calls that many tasks repeat take turns, so that AWS is not asked more often than it bears.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::model::Region;

/// From the beginning of one call to that of the next: two a second.
const APART: Duration = Duration::from_millis(500);

/// When each call may be made next, by region.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<(Region, &'static str), Instant>>);

impl Turns {
    /// Wait for a turn to call `action`; first come, first served. A turn that is given up is lost.
    pub(super) async fn turn(&self, region: &Region, action: &'static str) {
        let now = Instant::now();
        let at = {
            let mut next = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let next = next.entry((region.clone(), action)).or_insert(now);
            let at = (*next).max(now);
            *next = at + APART;
            at
        };
        if at > now {
            sleep_until(at).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_is_made_twice_a_second_and_others_do_not_wait_for_it() {
        use futures_util::FutureExt as _;

        let turns = Turns::default();
        let (one, other): (Region, Region) = ("us-east-1".parse().unwrap(), "eu-west-1".parse().unwrap());
        let begun = Instant::now();

        futures_util::future::join_all((0..4).map(|_| turns.turn(&one, "ssm:ListCommands"))).await;

        assert!(begun.elapsed() >= 3 * APART, "{:?}", begun.elapsed());
        assert!(turns.turn(&other, "ssm:ListCommands").now_or_never().is_some());
        assert!(turns.turn(&one, "ssm:ListCommandInvocations").now_or_never().is_some());
        assert!(turns.turn(&one, "ssm:ListCommands").now_or_never().is_none());
    }
}
