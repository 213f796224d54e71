//! From settings to a backend-for-frontend.

mod hooks;

use crate::access_tokens::{AccessTokens, OnRefresh};
use crate::bff::{Bff, Components, Listening};
use crate::checks::{Checks, UnmetChecks};
use crate::config::{Config, StoreSettings};
use crate::event_streams::EventStreams;
use crate::events::{EventHook, Events};
use crate::hooks::Hooks;
use crate::problem_page::ProblemPage;
use crate::rate::Rate;
use crate::relay::{self, ApiName, CallError, Relay, TokenSource};
use crate::revocation::Revocations;
use crate::tasks::Tasks;
use axum::handler::Handler;
use bff_clock::{Clock, SystemClock};
use bff_contract::access::Table;
use bff_contract::paths::Paths;
use bff_session::Sessions;
use bff_session::store::{MemoryStore, RedisStore, Store};
use oidc_relying_party::{RegistrationError, RelyingParty};
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Why there is no backend-for-frontend.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// [`Builder::settings`] was not called.
    #[error("there are no settings")]
    NoSettings,
    /// The relying party does not accept its settings.
    #[error("the provider's settings: {0}")]
    Registration(#[from] RegistrationError),
    /// `BFF_PUBLIC_URL` has a path, and nobody has called [`Builder::works_below_a_path`].
    #[error(
        "BFF_PUBLIC_URL has the path {0}, and this application does not say that it works below one \
         (Builder::works_below_a_path); give it an origin of its own, without a path"
    )]
    Path(String),
    /// [`Builder::calls`] names an API that the settings do not name.
    #[error("the code calls an API: {0}")]
    UnknownApi(CallError),
    /// A rule asks a check that has no function ([`Builder::check`]), or a function answers a check that no rule asks.
    #[error("the access table: {0}")]
    Checks(UnmetChecks),
    /// There is no client for the APIs.
    #[error("the client for the APIs: {0}")]
    Relay(#[from] relay::ClientError),
    /// The Redis client does not accept its settings.
    #[error("BFF_REDIS_URL: {0}")]
    Redis(fred::error::Error),
}

/// Puts a [`Bff`] together.
///
/// ```no_run
/// use axum_bff::{Bff, access, access::Table, config::Config};
///
/// const TABLE: Table = access! {
///     "/" => Public,
///     "/staff/{*rest}" => Role("staff"),
/// };
///
/// # async fn build() -> Result<(), Box<dyn std::error::Error>> {
/// let bff = Bff::builder().settings(Config::from_environment()?).access(TABLE).build().await?;
/// # Ok(()) }
/// ```
#[must_use = "a builder builds nothing by itself"]
pub struct Builder {
    config: Option<Box<Config>>,
    access: Table,
    paths: Paths,
    problem_page: ProblemPage,
    clock: Arc<dyn Clock>,
    /// The APIs that code calls.
    calls: Vec<&'static str>,
    checks: Checks,
    hooks: Hooks,
    event_hook: Option<EventHook>,
    memory: Option<MemoryStore>,
    works_below_a_path: bool,
    change: Option<Change>,
}

type Change = Box<dyn FnOnce(&mut Components) + Send>;

impl fmt::Debug for Builder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Builder")
            .field("config", &self.config)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            config: None,
            access: Table::new(&[]),
            paths: Paths::DEFAULT,
            problem_page: ProblemPage::default(),
            clock: Arc::new(SystemClock),
            calls: Vec::new(),
            checks: Checks::default(),
            hooks: Hooks::default(),
            event_hook: None,
            memory: None,
            works_below_a_path: false,
            change: None,
        }
    }
}

impl Bff {
    /// Begins to put one together.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Builder {
    /// The settings.
    pub fn settings(mut self, config: Config) -> Self {
        self.config = Some(Box::new(config));
        self
    }

    /// The folder with the front end's files (`BFF_SITE`). Empty before [`Builder::settings`].
    #[must_use]
    pub fn site(&self) -> &Path {
        self.config.as_ref().map_or(Path::new(""), |config| &config.http.site)
    }

    /// The rules of the application's paths. A path without a rule needs a session.
    pub fn access(mut self, table: Table) -> Self {
        self.access = table;
        self
    }

    /// The pages that signing in and out leads to. [`Paths::signed_out`] is the post-logout address at the provider, under
    /// `BFF_PUBLIC_URL`.
    pub fn paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// The answer to a person whose request failed, in place of a plain page. The request's extensions hold the
    /// [`Problem`](bff_contract::problem::Problem) and an `Arc<SessionState>`; the status is set after the handler.
    pub fn problem_page<H: Handler<T, ()> + Sync, T: 'static>(mut self, page: H) -> Self {
        self.problem_page = ProblemPage::new(page);
        self
    }

    /// The code calls this API ([`Api`](crate::Api)). Settings without it stop the start, where otherwise the first call would
    /// fail.
    ///
    /// ```
    /// # struct Orders;
    /// # impl axum_bff::ApiName for Orders { const NAME: &'static str = "orders"; }
    /// let builder = axum_bff::Bff::builder().calls::<Orders>();
    /// ```
    pub fn calls<N: ApiName>(mut self) -> Self {
        self.calls.push(N::NAME);
        self
    }

    /// The application works below a path: `BFF_PUBLIC_URL` may be `https://example.com/shop`, and no longer an origin alone.
    ///
    /// The proxy in front keeps the path (nginx: `location /shop/ { proxy_pass http://bff; }`). [`Bff::router`] takes it away,
    /// so that routes, the access table and [`Paths`] name none of it, and puts it before each `Location` that is a path.
    /// `return_to` is a path as browsers see it. What the application writes into its pages and scripts is its own: addresses
    /// there are relative, or begin with [`PublicUrl::path`](crate::config::PublicUrl::path).
    ///
    /// Without this a path stops the start. Pages of `leptos-bff` do not work below one.
    pub fn works_below_a_path(mut self) -> Self {
        self.works_below_a_path = true;
        self
    }

    /// Another clock than the system's: for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The store where the settings want one in memory.
    #[cfg(any(feature = "dev", test))]
    pub(crate) fn memory(mut self, store: Option<MemoryStore>) -> Self {
        self.memory = store;
        self
    }

    /// Changes parts before anything answers with them: for tests.
    #[doc(hidden)]
    pub fn change(mut self, change: impl FnOnce(&mut Components) + Send + 'static) -> Self {
        self.change = Some(Box::new(change));
        self
    }

    /// Puts everything together. Neither the provider nor Redis has to be there yet.
    ///
    /// # Errors
    ///
    /// A [`BuildError`], which names the setting.
    pub async fn build(mut self) -> Result<Bff, BuildError> {
        let change = self.change.take();
        let mut parts = Box::pin(self.parts()).await?;
        if let Some(change) = change {
            change(&mut parts);
        }
        Ok(Bff::from(parts))
    }

    async fn parts(self) -> Result<Components, BuildError> {
        let access = self.access.access();
        let checks = self.checks.of_table(&access).map_err(BuildError::Checks)?;
        let (config, clock) = (*self.config.ok_or(BuildError::NoSettings)?, self.clock);
        let path = config.http.public_url.path();
        if !path.is_empty() && !self.works_below_a_path {
            return Err(BuildError::Path(path.to_owned()));
        }
        let (store, redis) = store(&config.session.store, self.memory, &clock).await?;
        let keys = Arc::new(config.session.keys);
        let events = Events::new(self.event_hook, clock.clone());
        let mut sessions = Sessions::new(store, keys.clone(), config.session.lifetime, clock.clone())
            .with_at_most(config.session.each);
        if events.are_heard() {
            let events = events.clone();
            sessions = sessions.with_observer(move |observed| events.observe(observed));
        }
        let mut registration = config.registration;
        registration.post_logout_redirect_uri = config.http.public_url.join(self.paths.signed_out);
        let relying_party = RelyingParty::new(registration, clock.clone())?;
        let revocations = Revocations::new(&relying_party);
        let claims = Arc::new(config.claims.with_rules_of(self.access));
        let access_tokens = AccessTokens::new(
            sessions.clone(),
            relying_party.clone(),
            OnRefresh {
                claims: claims.clone(),
                hooks: self.hooks.clone(),
                revocations: revocations.clone(),
                events: events.clone(),
            },
            clock.clone(),
        );
        let tokens = TokenSource {
            access_tokens: access_tokens.clone(),
            relying_party: relying_party.clone(),
            clock: clock.clone(),
        };
        let relay = Relay::new(config.apis, sessions.clone(), tokens)?;
        for name in self.calls {
            relay.named(name).map_err(BuildError::UnknownApi)?;
        }
        Ok(Components {
            access,
            checks,
            paths: self.paths,
            problem_page: self.problem_page,
            access_tokens,
            relying_party,
            redis,
            revocations,
            tasks: Tasks::default(),
            relay,
            event_streams: EventStreams::default(),
            frontchannel_logouts: Rate::of_strangers(clock.clone()),
            callbacks: Rate::of_strangers(clock.clone()),
            page_failures: Rate::of_strangers(clock.clone()),
            sessions,
            keys,
            clock,
            public_url: Arc::new(config.http.public_url),
            cookies: config.http.cookies,
            trusted_proxies: Arc::new(config.http.trusted_proxies),
            hooks: self.hooks,
            events,
            claims,
            http: Listening {
                address: config.http.listen,
                connections: config.http.connections,
                grace: config.http.shutdown_grace,
                site: config.http.site,
                page_sources: config.http.page_sources,
            },
        })
    }
}

async fn store(
    settings: &StoreSettings,
    memory: Option<MemoryStore>,
    clock: &Arc<dyn Clock>,
) -> Result<(Arc<dyn Store>, Option<RedisStore>), BuildError> {
    match settings {
        StoreSettings::Memory => {
            let memory = memory.unwrap_or_else(|| MemoryStore::new(clock.clone()));
            Ok((Arc::new(memory), None))
        }
        StoreSettings::Redis(settings) => {
            let redis = RedisStore::connect(settings, clock.clone()).await;
            let redis = redis.map_err(BuildError::Redis)?;
            Ok((Arc::new(redis.clone()), Some(redis)))
        }
    }
}
