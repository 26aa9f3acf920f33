//! Locks of maps that are whole at every moment.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic elsewhere does not spoil what is behind these locks.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
