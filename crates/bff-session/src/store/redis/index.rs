//! The index in Redis: a sorted set for each key, with the end of each session as its score, and beside it the time up to
//! which everything under the key is over. A list of all sessions is a sorted set too, with the ranks as scores.

use super::keys::{index_key, list_key, retired_key};
use super::script::{Script, seconds};
use super::{RedisStore, away, events};
use crate::metrics::StoreCommand;
use crate::store::{Change, Entered, Listing, Rank, SessionIndex, StoreError};
use async_trait::async_trait;
use fred::interfaces::{ClientLike, KeysInterface};
use fred::types::{ClusterHash, CustomCommand, FromValue, Value};
use time::OffsetDateTime;
use tower_sessions::session::Id;

/// Keys: index, retired. Arguments: member, its end, now (seconds), channel, event. How many there are, and the time. The set
/// lives as long as its last member. A value of another type is deleted (SES-08), because it must not keep a person from signing
/// in. `ZRANGE` counts, because Redis users with a list of single commands have no right to `ZCARD`.
const ENTER: Script = Script(
    "local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'zset' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('EXPIREAT', KEYS[1], redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2])
redis.pcall('PUBLISH', ARGV[4], ARGV[5])
return {#redis.call('ZRANGE', KEYS[1], 0, -1), redis.call('GET', KEYS[2]) or ''}",
);

/// Keys: index. Arguments: channel, event, members. How many of them left. `ZREM` takes no memory: an end goes through.
const LEAVE: Script = Script(
    "local left = redis.call('ZREM', KEYS[1], unpack(ARGV, 3))
if left > 0 then redis.pcall('PUBLISH', ARGV[1], ARGV[2]) end
return left",
);

/// Keys: retired. Arguments: up to when, kept until. `DEL` comes first, because a Redis whose memory is full refuses a
/// script's first write where that takes memory, and the later ones not: an end goes through.
const RETIRE: Script = Script(
    "local at = ARGV[1]
local before = redis.call('GET', KEYS[1])
if before and tonumber(before) > tonumber(at) then at = before end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], at, 'EXAT', ARGV[2])
return 1",
);

/// Keys: list, retired. Arguments: member, its rank, the rank below which sessions are over, kept until. The time up to which
/// the sessions of the list have been ended. A value of another type is deleted, as in `ENTER`.
const LIST: Script = Script(
    "local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'zset' and kind ~= 'none' then redis.call('DEL', KEYS[1]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('EXPIREAT', KEYS[1], ARGV[4])
return redis.call('GET', KEYS[2]) or ''",
);

/// Keys: list. Arguments: the highest rank, how many. Members and ranks in turn. Redis writes a score as it likes, with an
/// exponent too; here each is a whole number. A value of another type counts as an empty list (SES-08).
const LISTED: Script = Script(
    "if redis.call('TYPE', KEYS[1]).ok ~= 'zset' then return {} end
local found = redis.call('ZRANGE', KEYS[1], ARGV[1], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
for i = 2, #found, 2 do found[i] = string.format('%.0f', tonumber(found[i])) end
return found",
);

fn time(seconds: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(seconds.parse().ok()?).ok()
}

fn places(members: &[String]) -> Vec<Id> {
    members.iter().filter_map(|member| member.parse().ok()).collect()
}

/// So many leave with one command: Redis answers nobody else meanwhile.
const LEAVING: usize = 1000;

impl RedisStore {
    /// A command on one sorted set. Its first word is the key.
    async fn on_index<T: FromValue>(&self, command: &'static str, words: Vec<String>) -> Result<T, StoreError> {
        let command = CustomCommand::new_static(command, ClusterHash::FirstKey, false);
        self.commands.custom(command, words).await.map_err(|error| away(&error))
    }
}

#[async_trait]
impl SessionIndex for RedisStore {
    async fn enter(&self, key: &Id, member: &Id, until: OffsetDateTime) -> Result<Entered, StoreError> {
        let arguments = vec![
            member.to_string().into(),
            seconds(until),
            seconds(self.clock.now()),
            events::CHANGED.into(),
            events::message(key, Change::Listed).into(),
        ];
        let keys = [index_key(key), retired_key(key)];
        let entered = ENTER.run(&self.commands, &keys, arguments);
        let (count, retired): (usize, String) = self.measured.measure(StoreCommand::Enter, entered).await?;
        let retired = time(&retired);
        Ok(Entered { count, retired })
    }

    async fn members(&self, key: &Id) -> Result<Vec<Id>, StoreError> {
        let after = format!("({}", self.clock.now().unix_timestamp());
        let words = vec![index_key(key), after, "+inf".to_owned()];
        let read = self.on_index("ZRANGEBYSCORE", words);
        let members: Vec<String> = self.measured.measure(StoreCommand::Members, read).await?;
        Ok(places(&members))
    }

    async fn retired(&self, key: &Id) -> Result<Option<OffsetDateTime>, StoreError> {
        let read = self.commands.get(retired_key(key));
        let retired: Option<String> = self
            .measured
            .measure(StoreCommand::Retired, read)
            .await
            .map_err(|error| away(&error))?;
        Ok(retired.as_deref().and_then(time))
    }

    async fn retire(&self, key: &Id, at: OffsetDateTime, until: OffsetDateTime) -> Result<(), StoreError> {
        let arguments = vec![seconds(at), seconds(until)];
        let keys = [retired_key(key)];
        let retired = RETIRE.run::<i64>(&self.commands, &keys, arguments);
        self.measured.measure(StoreCommand::Retire, retired).await?;
        Ok(())
    }

    async fn leave(&self, key: &Id, members: &[Id]) -> Result<(), StoreError> {
        for members in members.chunks(LEAVING) {
            let told: [Value; 2] = [events::CHANGED.into(), events::message(key, Change::Listed).into()];
            let members = members.iter().map(|member| Value::from(member.to_string()));
            let arguments = told.into_iter().chain(members).collect();
            let keys = [index_key(key)];
            let left = LEAVE.run::<i64>(&self.commands, &keys, arguments);
            self.measured.measure(StoreCommand::Leave, left).await?;
        }
        Ok(())
    }

    async fn list(
        &self,
        list: &Id,
        entry: &Listing,
        over: Rank,
        until: OffsetDateTime,
    ) -> Result<Option<OffsetDateTime>, StoreError> {
        let arguments = vec![
            entry.member.to_string().into(),
            entry.rank.to_text().into(),
            over.to_text().into(),
            seconds(until),
        ];
        let keys = [list_key(list), retired_key(list)];
        let listed = LIST.run(&self.commands, &keys, arguments);
        let retired: String = self.measured.measure(StoreCommand::List, listed).await?;
        Ok(time(&retired))
    }

    async fn listed(&self, list: &Id, from: Rank, count: usize) -> Result<Vec<Listing>, StoreError> {
        let arguments = vec![from.to_text().into(), count.to_string().into()];
        let keys = [list_key(list)];
        let read = LISTED.run(&self.commands, &keys, arguments);
        let found: Vec<String> = self.measured.measure(StoreCommand::Listed, read).await?;
        let listing = |pair: &[String]| {
            Some(Listing {
                member: pair[0].parse().ok()?,
                rank: Rank::parse(&pair[1])?,
            })
        };
        Ok(found.chunks_exact(2).filter_map(listing).collect())
    }

    async fn unlist(&self, list: &Id, entries: &[Listing]) -> Result<(), StoreError> {
        for entries in entries.chunks(LEAVING) {
            let members = entries.iter().map(|entry| entry.member.to_string());
            let words = std::iter::once(list_key(list)).chain(members).collect();
            let left = self.on_index::<i64>("ZREM", words);
            self.measured.measure(StoreCommand::Unlist, left).await?;
        }
        Ok(())
    }
}
