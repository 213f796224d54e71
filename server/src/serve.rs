//! From settings to a server that answers, and to its end.

mod accept;
mod connection;
mod host;
mod open;
mod rest;

use crate::access_tokens::AccessTokens;
use crate::application::{Application, UselessRule};
use crate::config::{Config, Connections, StoreSettings};
use crate::event_streams::EventStreams;
use crate::notes::{MemoryNotes, NoteStore, Notes, RedisNotes};
use crate::rate::Rate;
use crate::relay::{self, Relay};
use crate::revocation::Revocations;
use crate::router::router;
use crate::state::{AppState, Parts};
use crate::static_files;
use crate::tasks::Tasks;
use axum::Router;
use bff_clock::{Clock, SystemClock};
use bff_session::Sessions;
use bff_session::store::{MemoryStore, RedisStore, Store};
use leptos::config::LeptosOptions;
use oidc_relying_party::{RegistrationError, RelyingParty};
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Why the server did not start, or ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The relying party does not accept its settings.
    #[error("the provider's settings: {0}")]
    Registration(#[from] RegistrationError),
    /// Rules of the access table reach nothing.
    #[error("the access table: {}", each(.0))]
    Access(Vec<UselessRule>),
    /// There is no client for the APIs.
    #[error("the client for the APIs: {0}")]
    Relay(#[from] relay::ClientError),
    /// The Redis client does not accept its settings.
    #[error("BFF_REDIS_URL: {0}")]
    Redis(fred::error::Error),
    /// The list of assets is not readable.
    #[error("{path}: {source}", path = path.display())]
    Assets {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// `BFF_LISTEN`.
        address: SocketAddr,
        /// Why not.
        source: std::io::Error,
    },
    /// The system lets nobody listen for the signals that end a server in good order.
    #[error("cannot listen for SIGINT and SIGTERM: {0}")]
    Signals(std::io::Error),
}

fn each(rules: &[UselessRule]) -> String {
    let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
    rules.join("; ")
}

/// A server that has its address and is about to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    connections: Connections,
    router: Router,
    redis: Option<RedisStore>,
    access_tokens: AccessTokens,
    tasks: Tasks,
    revocations: Revocations,
    relay: Relay,
    event_streams: EventStreams,
    grace: Duration,
}

impl Server {
    /// Puts everything together and takes the address. Neither the provider nor Redis has to be
    /// there yet.
    ///
    /// # Errors
    ///
    /// A [`ServeError`] that names the setting.
    pub async fn start(config: Config, application: Application) -> Result<Self, ServeError> {
        let address = config.http.listen;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| ServeError::Listen { address, source })?;
        let site = config.http.site.clone();
        let (connections, grace) = (config.http.connections, config.http.shutdown_grace);
        let (parts, redis) = parts(config, application, Arc::new(SystemClock)).await?;
        let state = AppState::from(parts);
        let relying_party = state.relying_party.clone();
        // Nobody waits for it, and no request of a stranger has to.
        tokio::spawn(async move { relying_party.read_in_advance().await });
        let router = router(&state, &site);
        Ok(Self {
            listener,
            connections,
            router,
            redis,
            access_tokens: state.access_tokens.clone(),
            tasks: state.tasks.clone(),
            revocations: state.revocations.clone(),
            relay: state.relay.clone(),
            event_streams: state.event_streams.clone(),
            grace,
        })
    }

    /// Answers until `end` is there, then lets requests under way finish for as long as the
    /// settings allow.
    pub async fn run(self, end: impl Future<Output = ()> + Send + 'static) {
        let (ending, ended) = tokio::sync::oneshot::channel();
        let (relay, event_streams) = (self.relay.clone(), self.event_streams.clone());
        let server = accept::serve(self.listener, self.router, self.connections, async move {
            end.await;
            tracing::info!(code = "shutdown", "no new requests; finishing those under way");
            relay.go_away();
            event_streams.go_away();
            let _ = ending.send(());
        });
        let too_late = async {
            if ended.await.is_ok() {
                tokio::time::sleep(self.grace).await;
            } else {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = server => {}
            () = too_late => tracing::warn!(code = "shutdown_cut", "requests under way were cut off"),
        }
        if tokio::time::timeout(self.grace, self.relay.streams_closed())
            .await
            .is_err()
        {
            tracing::warn!(code = "sockets_cut", "some WebSockets were cut off");
        }
        // Sign-ins and sign-outs whose browsers have gone.
        if tokio::time::timeout(self.grace, self.tasks.done()).await.is_err() {
            tracing::warn!(code = "tasks_cut", "some sign-ins or sign-outs were cut off");
        }
        // A refresh goes on when nobody waits for it any more: what it brings is the only refresh token that works.
        if tokio::time::timeout(self.grace, self.access_tokens.done())
            .await
            .is_err()
        {
            tracing::warn!(code = "refresh_cut", "some refreshes were cut off");
        }
        // The person who signed out last still has their tokens revoked.
        if tokio::time::timeout(self.grace, self.revocations.done()).await.is_err() {
            tracing::warn!(code = "revocation_cut", "some tokens were not revoked");
        }
        if let Some(redis) = self.redis {
            redis.close().await;
        }
    }
}

/// The parts of the application's state from its settings.
///
/// # Errors
///
/// A [`ServeError`] that names the setting.
pub async fn parts(
    config: Config,
    application: Application,
    clock: Arc<dyn Clock>,
) -> Result<(Parts, Option<RedisStore>), ServeError> {
    let apis: Vec<&str> = config.apis.iter().map(|api| api.name.as_str()).collect();
    let useless = application.useless_rules(&apis);
    if !useless.is_empty() {
        return Err(ServeError::Access(useless));
    }
    let (store, notes, redis): (Arc<dyn Store>, Arc<dyn NoteStore>, _) = match &config.session.store {
        StoreSettings::Memory => (
            Arc::new(MemoryStore::new(clock.clone())),
            Arc::new(MemoryNotes::default()),
            None,
        ),
        StoreSettings::Redis(settings) => {
            let redis = RedisStore::connect(settings, clock.clone())
                .await
                .map_err(ServeError::Redis)?;
            (
                Arc::new(redis.clone()),
                Arc::new(RedisNotes::beside(&redis)),
                Some(redis),
            )
        }
    };
    let path = config.http.site.join("assets.json");
    let assets = static_files::assets(&config.http.site).map_err(|source| ServeError::Assets { path, source })?;
    let keys = Arc::new(config.session.keys);
    let sessions =
        Sessions::new(store, keys.clone(), config.session.lifetime, clock.clone()).with_at_most(config.session.each);
    let relying_party = RelyingParty::new(config.registration, clock.clone())?;
    let revocations = Revocations::new(&relying_party);
    let claims = Arc::new(config.claims.with_rules_of(application.access().table()));
    let parts = Parts {
        application,
        access_tokens: AccessTokens::new(
            sessions.clone(),
            relying_party.clone(),
            revocations.clone(),
            claims.clone(),
            clock.clone(),
        ),
        relying_party,
        revocations,
        tasks: Tasks::default(),
        relay: Relay::new(config.apis, sessions.clone())?,
        event_streams: EventStreams::default(),
        frontchannel_logouts: Rate::of_strangers(clock.clone()),
        callbacks: Rate::of_strangers(clock.clone()),
        page_failures: Rate::of_strangers(clock.clone()),
        notes: Notes::new(notes, keys.clone(), clock.clone()),
        sessions,
        keys,
        clock,
        public_url: Arc::new(config.http.public_url),
        trusted_proxies: Arc::new(config.http.trusted_proxies),
        claims,
        assets: Arc::new(assets),
        leptos: LeptosOptions::builder().output_name("frontend").build(),
    };
    Ok((parts, redis))
}
