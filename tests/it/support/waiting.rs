//! Waiting for what happens by itself.

use std::time::Duration;

/// Wait until it is so.
#[track_caller]
pub fn wait_for(is_so: impl Fn() -> bool) -> impl Future<Output = ()> {
    let at = std::panic::Location::caller();
    async move {
        for _ in 0..1_000 {
            if is_so() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it did not happen: {at}");
    }
}
