//! Session records in Redis, their remains, and the marks of used logins.

use super::keys::{ended_key, held_key, refresh_key, spent_key, tokens_key};
use super::script::{Script, bytes, seconds};
use super::{RedisStore, away, events};
use crate::metrics::StoreCommand;
use crate::store::{
    Change, Found, Left, Open, Remains, SealedTokens, SessionEvent, SessionEvents, Store, StoreError, Version,
};
use async_trait::async_trait;
use fred::bytes::Bytes;
use fred::interfaces::KeysInterface;
use fred::types::{Expiration, SetOptions};
use serde::Deserialize;
use serde::de::IgnoredAny;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::{SessionStore, session_store};

/// Keys: session. Arguments: the head of the seal that is to be there, the new record, its end, channel, message (or none).
/// The head is looked for in the record's bytes, where it stands as it is. A Redis user who may not publish there changes
/// the record all the same: the message is missed, and nothing is undone by a script that fails after it has written.
const REPLACE: Script = Script(
    "local record = redis.call('GET', KEYS[1])
if not record or not string.find(record, ARGV[1], 1, true) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EXAT', ARGV[3])
if ARGV[5] ~= '' then redis.pcall('PUBLISH', ARGV[4], ARGV[5]) end
return 1",
);

/// Keys: session, tokens, refresh, ended. Arguments: reason, how long that is kept, channel, place. Whether there was
/// something to end, its tokens, and the errors that kept Redis from storing the reason and from telling the other replicas.
///
/// `DEL` takes no memory, and Redis does not refuse later writes of the same script for lack of memory. Nothing after the
/// `DEL` makes the script fail: Redis undoes nothing.
const END: Script = Script(
    "local function failure(answer) return type(answer) == 'table' and answer.err or '' end
local tokens = redis.call('GET', KEYS[2]) or ''
if redis.call('DEL', KEYS[1], KEYS[2], KEYS[3]) == 0 then return {0, '', '', ''} end
local kept = redis.pcall('SET', KEYS[4], ARGV[1], 'EXAT', ARGV[2])
local told = redis.pcall('PUBLISH', ARGV[3], ARGV[4])
return {1, tokens, failure(kept), failure(told)}",
);

/// Keys: ended, tokens. 1 with why the session ended, 2 where only its tokens are left, 0.
const REMAINS: Script = Script(
    "local ended = redis.call('GET', KEYS[1])
if ended then return {1, ended} end
return {redis.call('EXISTS', KEYS[2]) * 2, ''}",
);

/// The one member of a record.
#[derive(Deserialize)]
struct Sealed<'a> {
    s: &'a str,
}

/// The seal in a record, as tower-sessions-redis-store writes one: the place, the members, the end. Each signed-in request
/// reads one, so that nothing of it is copied.
fn seal_in(record: &[u8]) -> Result<&str, rmp_serde::decode::Error> {
    let (_, sealed, _): (IgnoredAny, Sealed<'_>, IgnoredAny) = rmp_serde::from_slice(record)?;
    Ok(sealed.s)
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let created = self.records.create(record);
        self.measured.measure(StoreCommand::Create, created).await
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.records.save(record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.records.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.records.delete(id).await
    }
}

#[async_trait]
impl Store for RedisStore {
    async fn read(&self, place: &Id, open: Open<'_>) -> session_store::Result<Found> {
        let read = self.commands.get(place.to_string());
        let record: Option<Bytes> = self
            .measured
            .measure(StoreCommand::Read, read)
            .await
            .map_err(|error| session_store::Error::Backend(error.to_string()))?;
        let Some(record) = record else {
            return Ok(Found::Absent);
        };
        let seal = seal_in(&record).map_err(|error| session_store::Error::Decode(error.to_string()))?;
        Ok(open(place, seal).map_or(Found::Unreadable, Found::Live))
    }

    async fn replace(&self, before: &Version, after: &Record, change: Option<Change>) -> Result<bool, StoreError> {
        // The form in which tower-sessions-redis-store reads it.
        let record = rmp_serde::to_vec(after)
            .map_err(|error| StoreError::Away(session_store::Error::Encode(error.to_string())))?;
        let message = change.map(|change| events::message(&before.place, change));
        let arguments = vec![
            before.head().into(),
            bytes(&record),
            seconds(after.expiry_date),
            events::CHANGED.into(),
            message.unwrap_or_default().into(),
        ];
        let keys = [before.place.to_string()];
        let replaced = REPLACE.run(&self.commands, &keys, arguments);
        self.measured.measure(StoreCommand::Replace, replaced).await
    }

    async fn end(&self, place: &Id, reason: &str, until: OffsetDateTime) -> Result<Option<Left>, StoreError> {
        let keys = [
            place.to_string(),
            tokens_key(place),
            refresh_key(place),
            ended_key(place),
        ];
        let arguments = vec![
            reason.into(),
            seconds(until),
            events::ENDED.into(),
            place.to_string().into(),
        ];
        let ended = END.run(&self.commands, &keys, arguments);
        let ended = self.measured.measure(StoreCommand::End, ended).await?;
        let (lived, tokens, unkept, untold): (bool, Vec<u8>, String, String) = ended;
        if !unkept.is_empty() {
            tracing::warn!(
                code = "session_end_unexplained",
                cause = unkept,
                "the reason for the end of a session was not stored"
            );
        }
        if !untold.is_empty() {
            tracing::warn!(
                code = "session_end_untold",
                cause = untold,
                "the end of a session was not announced to the other replicas: their open streams notice it later"
            );
        }
        // Here at once, there when Redis has passed it on.
        self.events.tell(*place, SessionEvent::Ended);
        let tokens = Some(tokens).filter(|tokens| !tokens.is_empty());
        Ok(lived.then(|| Left {
            tokens: tokens.map(SealedTokens),
        }))
    }

    async fn remains(&self, place: &Id) -> Result<Remains, StoreError> {
        let keys = [ended_key(place), tokens_key(place)];
        let remains = REMAINS.run(&self.commands, &keys, Vec::new());
        let (kind, reason): (i64, String) = self.measured.measure(StoreCommand::Remains, remains).await?;
        Ok(match kind {
            1 => Remains::Ended(reason),
            2 => Remains::Tokens,
            _ => Remains::Nothing,
        })
    }

    async fn forget_end(&self, place: &Id) -> Result<(), StoreError> {
        let forgotten = self.commands.del::<(), _>(ended_key(place));
        let forgotten = self.measured.measure(StoreCommand::Remains, forgotten).await;
        forgotten.map_err(|error| away(&error))
    }

    async fn spend(&self, place: &Id, until: OffsetDateTime) -> Result<bool, StoreError> {
        let expire = Some(Expiration::EXAT(until.unix_timestamp()));
        let marked = self
            .commands
            .set(spent_key(place), "", expire, Some(SetOptions::NX), false);
        let first: Option<String> = self
            .measured
            .measure(StoreCommand::Spend, marked)
            .await
            .map_err(|error| away(&error))?;
        Ok(first.is_some())
    }

    async fn is_spent(&self, place: &Id) -> Result<bool, StoreError> {
        let exists = self.commands.exists(spent_key(place));
        let found: i64 = self
            .measured
            .measure(StoreCommand::IsSpent, exists)
            .await
            .map_err(|error| away(&error))?;
        Ok(found > 0)
    }

    async fn hold(&self, browser: &Id, session: &Id, until: OffsetDateTime) -> Result<Option<Id>, StoreError> {
        let expire = Some(Expiration::EXAT(until.unix_timestamp()));
        let noted = self
            .commands
            .set(held_key(browser), session.to_string(), expire, None, true);
        let before: Option<String> = self
            .measured
            .measure(StoreCommand::Hold, noted)
            .await
            .map_err(|error| away(&error))?;
        Ok(before.and_then(|before| before.parse().ok()))
    }

    async fn readiness(&self) -> Result<(), StoreError> {
        self.readiness.of(&self.commands, &self.measured).await
    }

    fn events(&self) -> &SessionEvents {
        &self.events
    }

    fn hears(&self) -> bool {
        self.hearing.is_so() && self.readiness.tells()
    }
}
