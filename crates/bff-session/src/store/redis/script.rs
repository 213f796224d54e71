//! Steps that Redis runs as one (`EVAL`). All keys of one script lie in one hash slot, so that they work in a cluster.
//!
//! `EVAL` with the text rather than `EVALSHA`: Redis keeps the compiled script by its digest either way, and nothing has
//! to be loaded again after a restart or a failover. No page runs one; writes do.

use super::{Commands, away};
use crate::store::StoreError;
use fred::interfaces::ClientLike;
use fred::types::{ClusterHash, CustomCommand, FromValue, Value};
use time::OffsetDateTime;

/// The text of a script in Lua.
#[derive(Clone, Copy, Debug)]
pub struct Script(pub &'static str);

impl Script {
    /// Runs it on the server that has the slot of the first key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Away`] where Redis does not answer, refuses, or answers with another type than `T`.
    pub async fn run<T: FromValue>(
        &self,
        commands: &Commands,
        keys: &[String],
        arguments: Vec<Value>,
    ) -> Result<T, StoreError> {
        let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        let mut words: Vec<Value> = vec![self.0.into(), count.into()];
        words.extend(keys.iter().map(|key| Value::from(key.as_str())));
        words.extend(arguments);
        // The slot is that of the first key, the third word.
        let command = CustomCommand::new_static("EVAL", ClusterHash::Offset(2), false);
        commands.custom(command, words).await.map_err(|error| away(&error))
    }
}

pub(super) fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec().into())
}

pub(super) fn seconds(time: OffsetDateTime) -> Value {
    time.unix_timestamp().into()
}

pub(super) fn millis(time: OffsetDateTime) -> Value {
    i64::try_from(time.unix_timestamp_nanos() / 1_000_000)
        .unwrap_or(i64::MAX)
        .into()
}
