//! Notes in Redis: one hash for each person, `{<place>}:notes`, without an expiry; over the connections of the sessions.

use super::{Added, NoteId, NoteStore};
use async_trait::async_trait;
use bff_session::store::{Commands, RedisStore, Script, StoreError, away};
use fred::interfaces::{HashesInterface, KeysInterface};
use fred::types::Value;
use tower_sessions::session::Id;

/// Keys: notes. Arguments: id, the note, how many there may be.
const ADD: Script = Script(
    "local there = redis.call('HGET', KEYS[1], ARGV[1])
if there then return {'there', there} end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return {'full', ''} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return {'written', ''}",
);

/// Keys: notes. Arguments: id, the note.
const REPLACE: Script = Script(
    "if not redis.call('HGET', KEYS[1], ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1",
);

/// A store in Redis. Clones share their connections.
#[derive(Clone, Debug)]
pub struct RedisNotes {
    commands: Commands,
}

impl RedisNotes {
    /// Over the connections of this store of sessions.
    #[must_use]
    pub fn beside(sessions: &RedisStore) -> Self {
        Self {
            commands: sessions.commands().clone(),
        }
    }
}

fn key(place: &Id) -> String {
    format!("{{{place}}}:notes")
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec().into())
}

#[async_trait]
impl NoteStore for RedisNotes {
    async fn all(&self, place: &Id) -> Result<Vec<(NoteId, Vec<u8>)>, StoreError> {
        let stored: Vec<(String, Vec<u8>)> = self.commands.hgetall(key(place)).await.map_err(|error| away(&error))?;
        let notes = stored
            .into_iter()
            .filter_map(|(id, sealed)| Some((NoteId::parse(&id)?, sealed)));
        Ok(notes.collect())
    }

    async fn add(&self, place: &Id, id: NoteId, sealed: &[u8], at_most: usize) -> Result<Added, StoreError> {
        let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
        let arguments = vec![id.to_string().into(), bytes(sealed), at_most.into()];
        let (what, there): (String, Vec<u8>) = ADD.run(&self.commands, &[key(place)], arguments).await?;
        Ok(match what.as_str() {
            "written" => Added::Written,
            "there" => Added::There(there),
            _ => Added::Full,
        })
    }

    async fn replace(&self, place: &Id, id: NoteId, sealed: &[u8]) -> Result<bool, StoreError> {
        let arguments = vec![id.to_string().into(), bytes(sealed)];
        REPLACE.run(&self.commands, &[key(place)], arguments).await
    }

    async fn remove(&self, place: &Id, id: NoteId) -> Result<bool, StoreError> {
        let removed: i64 = self
            .commands
            .hdel(key(place), id.to_string())
            .await
            .map_err(|error| away(&error))?;
        Ok(removed > 0)
    }

    async fn erase(&self, place: &Id) -> Result<(), StoreError> {
        let erased = self.commands.del::<(), _>(key(place)).await;
        erased.map_err(|error| away(&error))
    }
}
