//! Sessions: their limits, their keys, and where they are kept.

use super::Source;
use crate::key_ring::KeyRing;
use crate::session::Lifetime;
use crate::session::store::RedisSettings;
use std::time::Duration;

/// Where sessions are kept.
#[derive(Clone, Debug)]
pub enum StoreSettings {
    /// In this process: said outright as `memory:`.
    Memory,
    /// In Redis.
    Redis(Box<RedisSettings>),
}

/// Settings of sessions.
#[derive(Debug)]
pub struct SessionSection {
    /// `BFF_REDIS_URL`.
    pub store: StoreSettings,
    /// `BFF_SESSION_KEY`.
    pub keys: KeyRing,
    /// `BFF_SESSION_IDLE` and `BFF_SESSION_ABSOLUTE`.
    pub lifetime: Lifetime,
}

/// Connections to Redis that one replica holds. fred pipelines on each, so a few carry much.
const CONNECTIONS: usize = 4;

impl SessionSection {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let timeout = source.duration("BFF_REDIS_TIMEOUT");
        let store = source.parsed("BFF_REDIS_URL", |text| store(text, timeout.unwrap_or_default()));
        let keys = source.parsed("BFF_SESSION_KEY", |text| {
            KeyRing::parse(text).map_err(|error| error.to_string())
        });
        let idle = source.duration("BFF_SESSION_IDLE");
        let absolute = source.duration("BFF_SESSION_ABSOLUTE");
        let lifetime = Lifetime {
            idle: span(idle?)?,
            absolute: span(absolute?)?,
        };
        if lifetime.idle > lifetime.absolute {
            source.error("BFF_SESSION_IDLE", "is longer than BFF_SESSION_ABSOLUTE");
        }
        Some(Self {
            store: store?,
            keys: keys?,
            lifetime,
        })
    }
}

fn span(duration: Duration) -> Option<time::Duration> {
    time::Duration::try_from(duration).ok()
}

fn store(text: &str, timeout: Duration) -> Result<StoreSettings, String> {
    if text == "memory:" {
        return Ok(StoreSettings::Memory);
    }
    // fred's own message may repeat the address, and that may hold a password.
    let config = fred::types::config::Config::from_url(text).map_err(
        |_| "is no address of a Redis (redis:, rediss:, redis-sentinel:, redis-cluster:, redis+unix:) and not memory:",
    )?;
    Ok(StoreSettings::Redis(Box::new(RedisSettings {
        config,
        connections: CONNECTIONS,
        timeout,
    })))
}
