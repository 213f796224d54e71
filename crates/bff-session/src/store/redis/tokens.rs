//! Token records in Redis: a string with the sealed tokens, and a hash beside it while a refresh is under way.

use super::keys::{refresh_key, tokens_key};
use super::script::{Script, bytes, millis};
use super::{RedisStore, away, events};
use crate::metrics::StoreCommand;
use crate::store::tokens::GRACE;
use crate::store::{Change, Lease, RefreshFinish, RefreshStart, SealedTokens, StoreError, TokenStore};
use async_trait::async_trait;
use fred::interfaces::KeysInterface;
use fred::types::{Expiration, SetOptions};
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// Keys: tokens, refresh. Arguments: version, holder, now, end of the lease, grace (milliseconds).
const BEGIN: Script = Script(
    "local version = redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if version == '' then return 'gone' end
if version ~= ARGV[1] then return 'changed' end
local refresh = redis.call('HMGET', KEYS[2], 'holder', 'until', 'doubted')
if not refresh[1] then
  redis.call('HSET', KEYS[2], 'holder', ARGV[2], 'until', ARGV[4])
  redis.call('PEXPIRE', KEYS[2], redis.call('PTTL', KEYS[1]))
  return 'begun'
end
local now = tonumber(ARGV[3])
if tonumber(refresh[2]) > now then return 'busy' end
if not refresh[3] then
  redis.call('HSET', KEYS[2], 'doubted', ARGV[3])
  return 'busy'
end
if now - tonumber(refresh[3]) < tonumber(ARGV[5]) then return 'busy' end
return 'broken off'",
);

/// Keys: refresh. Arguments: holder, end of the lease.
const RENEW: Script = Script(
    "if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[2])
redis.call('HDEL', KEYS[1], 'doubted')
return 1",
);

/// Keys: tokens, refresh. Arguments: version, holder, the new record, channel, message. A failover may have lost the note of
/// the refresh; the version alone then decides. The new record may stand there already: Redis carried out the first
/// attempt, and its answer was lost.
const FINISH: Script = Script(
    "local version = redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if version == '' then return 'gone' end
if version == string.sub(ARGV[3], 1, #ARGV[1]) then return 'kept' end
if version ~= ARGV[1] then return 'overtaken' end
local holder = redis.call('HGET', KEYS[2], 'holder')
if holder and holder ~= ARGV[2] then return 'overtaken' end
redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL')
redis.call('DEL', KEYS[2])
redis.pcall('PUBLISH', ARGV[4], ARGV[5])
return 'kept'",
);

/// Keys: refresh. Arguments: holder.
const ABANDON: Script = Script(
    "if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1",
);

#[async_trait]
impl TokenStore for RedisStore {
    async fn create_tokens(&self, place: &Id, tokens: &SealedTokens, until: OffsetDateTime) -> Result<(), StoreError> {
        let expire = Some(Expiration::EXAT(until.unix_timestamp()));
        let stored = self
            .commands
            .set(tokens_key(place), bytes(&tokens.0), expire, Some(SetOptions::NX), false);
        let created: Option<String> = self
            .measured
            .measure(StoreCommand::CreateTokens, stored)
            .await
            .map_err(|error| away(&error))?;
        created.map(|_| ()).ok_or(StoreError::PlaceTaken)
    }

    async fn tokens(&self, place: &Id) -> Result<Option<SealedTokens>, StoreError> {
        let read = self.commands.get(tokens_key(place));
        let stored: Option<Vec<u8>> = self
            .measured
            .measure(StoreCommand::Tokens, read)
            .await
            .map_err(|error| away(&error))?;
        Ok(stored.map(SealedTokens))
    }

    async fn begin_refresh(&self, place: &Id, tokens: &SealedTokens, lease: Lease) -> Result<RefreshStart, StoreError> {
        let arguments = vec![
            bytes(tokens.version()),
            bytes(&lease.holder),
            millis(lease.now),
            millis(lease.until),
            i64::try_from(GRACE.whole_milliseconds()).unwrap_or(i64::MAX).into(),
        ];
        let keys = [tokens_key(place), refresh_key(place)];
        let begun = BEGIN.run(&self.commands, &keys, arguments);
        let answer: String = self.measured.measure(StoreCommand::BeginRefresh, begun).await?;
        Ok(match answer.as_str() {
            "begun" => RefreshStart::Begun,
            "busy" => RefreshStart::Busy,
            "changed" => RefreshStart::Changed,
            "broken off" => RefreshStart::BrokenOff,
            _ => RefreshStart::Gone,
        })
    }

    async fn renew_lease(&self, place: &Id, lease: Lease) -> Result<bool, StoreError> {
        let arguments = vec![bytes(&lease.holder), millis(lease.until)];
        let keys = [refresh_key(place)];
        let renewed = RENEW.run(&self.commands, &keys, arguments);
        self.measured.measure(StoreCommand::RenewLease, renewed).await
    }

    async fn finish_refresh(
        &self,
        place: &Id,
        holder: [u8; 16],
        before: &SealedTokens,
        after: &SealedTokens,
    ) -> Result<RefreshFinish, StoreError> {
        let arguments = vec![
            bytes(before.version()),
            bytes(&holder),
            bytes(&after.0),
            events::CHANGED.into(),
            events::message(place, Change::Refreshed).into(),
        ];
        let keys = [tokens_key(place), refresh_key(place)];
        let finished = FINISH.run(&self.commands, &keys, arguments);
        let answer: String = self.measured.measure(StoreCommand::FinishRefresh, finished).await?;
        Ok(match answer.as_str() {
            "kept" => RefreshFinish::Kept,
            "overtaken" => RefreshFinish::Overtaken,
            _ => RefreshFinish::Gone,
        })
    }

    async fn abandon_refresh(&self, place: &Id, holder: [u8; 16]) -> Result<(), StoreError> {
        let keys = [refresh_key(place)];
        let abandoned = ABANDON.run::<bool>(&self.commands, &keys, vec![bytes(&holder)]);
        self.measured.measure(StoreCommand::AbandonRefresh, abandoned).await?;
        Ok(())
    }
}
