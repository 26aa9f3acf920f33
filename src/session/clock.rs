//! The clock that timers run on.

use std::time::Instant;

/// The moment, on the clock that timers run on.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
