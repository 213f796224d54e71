//! The lock around each record of the provider.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks also after a panic elsewhere: every record here is whole after each statement.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
