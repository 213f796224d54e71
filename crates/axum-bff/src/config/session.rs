//! Sessions: their limits, their keys, and their store.

use super::{Source, redis_certificate, values};
use crate::shown::Shown;
use crate::trusted::Trusted;
use bff_session::Lifetime;
use bff_session::key_ring::KeyRing;
use bff_session::store::RedisSettings;
use fred::types::config::{Config, TlsConnector};
use oidc_relying_party::tls;
use rustls::ClientConfig;
use rustls::client::Resumption;
use std::sync::Arc;
use std::time::Duration;

/// The store of the sessions.
#[derive(Clone, Debug)]
pub enum StoreSettings {
    /// In this process: `memory:`.
    Memory,
    /// In Redis.
    Redis(Box<RedisSettings>),
}

/// Settings of sessions.
#[derive(Debug)]
pub struct SessionSection {
    /// `BFF_REDIS_URL`.
    pub store: StoreSettings,
    /// `BFF_REDIS_CA_FILE`, where the connections to Redis ask for it.
    pub(crate) redis_authorities: Option<Trusted>,
    /// `BFF_REDIS_CERTIFICATE_FILE` and `BFF_REDIS_KEY_FILE`, where the connections to Redis ask for it.
    pub(crate) redis_certificate: Option<Shown>,
    /// `BFF_SESSION_KEY`.
    pub keys: KeyRing,
    /// `BFF_SESSION_IDLE` and `BFF_SESSION_ABSOLUTE`.
    pub lifetime: Lifetime,
    /// `BFF_SESSIONS_EACH`.
    pub each: usize,
}

/// One person's sessions are read at once, so this bounds the cost of one sign-in or one page.
const EACH_LIMIT: usize = 10_000;

/// Connections to Redis that one replica holds. fred pipelines on each, so a few carry much.
const CONNECTIONS: usize = 4;

impl SessionSection {
    pub(super) fn read(source: &mut Source) -> Option<Self> {
        let timeout = source.duration("BFF_REDIS_TIMEOUT");
        let authorities = source.parsed("BFF_REDIS_CA_FILE", |path| {
            values::authorities(path).and_then(Trusted::new)
        });
        let certificate = redis_certificate::read(source).map(Shown::new);
        let store = store(
            source,
            timeout.unwrap_or_default(),
            authorities.as_ref(),
            certificate.as_ref(),
        );
        let keys = source.parsed("BFF_SESSION_KEY", |text| {
            KeyRing::parse(text).map_err(|error| error.to_string())
        });
        let each = source.number("BFF_SESSIONS_EACH", 1..=EACH_LIMIT);
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
            redis_authorities: authorities,
            redis_certificate: certificate,
            keys: keys?,
            lifetime,
            each: each?,
        })
    }
}

fn span(duration: Duration) -> Option<time::Duration> {
    time::Duration::try_from(duration).ok()
}

/// The fault of an address. fred's own message may repeat it, and it may hold a password.
const NO_ADDRESS: &str =
    "is no address of a Redis (redis:, rediss:, redis-sentinel:, redis-cluster:, redis+unix:) and not memory:";

const PLAINTEXT: &str = "reaches another machine without TLS, so sessions would travel unencrypted: \
     use rediss: (or rediss-sentinel:, rediss-cluster:), or set BFF_REDIS_PLAINTEXT=on if the network itself encrypts";

const NO_TLS: &str =
    "is set, and BFF_REDIS_URL reaches Redis without TLS, so that nobody asks for it: use rediss:, or remove it";

fn store(
    source: &mut Source,
    timeout: Duration,
    authorities: Option<&Trusted>,
    certificate: Option<&Shown>,
) -> Option<StoreSettings> {
    let plaintext = source.switch("BFF_REDIS_PLAINTEXT");
    let address = source.text("BFF_REDIS_URL")?;
    if address.trim() == "memory:" {
        return Some(StoreSettings::Memory);
    }
    // Read as if without TLS, because fred's own reading of `rediss:` loads the system's
    // certificates even if others are set.
    let (scheme, rest) = address.trim().split_once(':').unwrap_or_default();
    let encrypted = ["rediss", "rediss-sentinel", "rediss-cluster"].contains(&scheme);
    let known = encrypted || ["redis", "redis-sentinel", "redis-cluster", "redis+unix"].contains(&scheme);
    let plain = format!("{}:{rest}", scheme.replacen("rediss", "redis", 1));
    let Some(mut config) = Config::from_url(&plain).ok().filter(|_| known) else {
        source.error("BFF_REDIS_URL", NO_ADDRESS);
        return None;
    };
    if encrypted {
        match connector(authorities, certificate) {
            Ok(connector) => config.tls = Some(connector.into()),
            Err(problem) => source.error("BFF_REDIS_URL", problem),
        }
    } else if certificate.is_some() {
        source.error(redis_certificate::CERTIFICATE, NO_TLS);
    }
    let settings = RedisSettings {
        config,
        connections: CONNECTIONS,
        timeout,
    };
    if !encrypted && !plaintext? && !settings.stays_here() {
        source.error("BFF_REDIS_URL", PLAINTEXT);
    }
    Some(StoreSettings::Redis(Box::new(settings)))
}

/// TLS with these authorities, or with the system's, and with the certificate that Redis may ask for.
fn connector(authorities: Option<&Trusted>, certificate: Option<&Shown>) -> Result<TlsConnector, String> {
    let unreadable = |error: &dyn std::fmt::Display| format!("the system's certificates: {error}");
    let mut config = match authorities {
        Some(authorities) => ClientConfig::builder()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(authorities.clone()))
            .with_no_client_auth(),
        None if certificate.is_none() => {
            return TlsConnector::default_rustls().map_err(|error| unreadable(&error));
        }
        None => tls::config(None, None).map_err(|error| unreadable(&error))?,
    };
    if let Some(certificate) = certificate {
        config.client_auth_cert_resolver = Arc::new(certificate.clone());
    }
    // A resumed session is not verified again, so an authority that is gone would still count.
    config.resumption = Resumption::disabled();
    Ok(config.into())
}
