//! From settings to a backend-for-frontend.

mod administration;
mod build_error;
mod components;
mod hooks;
pub use build_error::BuildError;

use crate::bff::{Bff, Components};
use crate::bounds::Bounds;
use crate::checks::Checks;
use crate::config::Config;
use crate::events::EventHook;
use crate::hooks::Hooks;
use crate::problem_page::ProblemPage;
use crate::relay::ApiName;
use axum::Router;
use axum::handler::Handler;
use bff_clock::{Clock, SystemClock};
use bff_contract::access::{Rule, Table};
use bff_contract::paths::Paths;
use bff_session::store::MemoryStore;
pub(crate) use components::say_risks;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Puts a [`Bff`] together.
///
/// ```no_run
/// use axum_bff::{Bff, access, access::Table, config::Config};
///
/// const TABLE: Table = access! {
///     "/" => Public,
///     "/staff" | "/staff/{*rest}" => Role("staff"),
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
    administration: Option<Rule>,
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
    for_machines: Router,
    bounds: Bounds,
    is_looked_at: bool,
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
            administration: None,
            paths: Paths::DEFAULT,
            problem_page: ProblemPage::default(),
            clock: Arc::new(SystemClock),
            calls: Vec::new(),
            checks: Checks::default(),
            hooks: Hooks::default(),
            event_hook: None,
            memory: None,
            works_below_a_path: false,
            for_machines: Router::new(),
            bounds: Bounds::default(),
            is_looked_at: false,
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

    /// The address at which browsers reach the application (`BFF_PUBLIC_URL`), without a slash at its end: for an address that has to be
    /// whole, such as that of a picture for other sites. Empty before [`Builder::settings`].
    #[must_use]
    pub fn public_url(&self) -> String {
        let config = self.config.as_ref();
        config.map_or_else(String::new, |config| config.http.public_url.to_string())
    }

    /// The rules of the application's paths. A path without a rule needs a session.
    pub fn access(mut self, table: Table) -> Self {
        self.access = table;
        self
    }

    /// The pages that a sign-in or a sign-out leads to. [`Paths::signed_out`] is the post-logout address at the provider, under
    /// `BFF_PUBLIC_URL`. The server does not start without a route for [`Paths::signed_out`] and [`Paths::after_sign_in`].
    pub fn paths(mut self, paths: Paths) -> Self {
        self.paths = paths;
        self
    }

    /// The page for a person whose request failed, in place of a plain page. The request's extensions hold the
    /// [`Problem`](bff_contract::problem::Problem) and an `Arc<SessionState>`; the status is set after the handler.
    pub fn problem_page<H: Handler<T, ()> + Sync, T: 'static>(mut self, page: H) -> Self {
        self.problem_page = ProblemPage::new(page);
        self
    }

    /// The code calls this API ([`Api`](crate::Api)). If the settings do not name it, the server does not start. Otherwise the
    /// first call would fail.
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
    /// The proxy in front keeps the path (nginx: `location /shop/ { proxy_pass http://bff; }`). [`Bff::router`] takes it
    /// away, so that routes, the access table and [`Paths`] name none of it, and puts it before each `Location` that is a
    /// path. `return_to` is a path as browsers see it. The application answers for the addresses in its pages and
    /// scripts: they are relative, or begin with [`PublicUrl::path`](crate::config::PublicUrl::path). Pages of `leptos-bff` take
    /// `Router`, `A`, `ActionForm` and `href` from there.
    ///
    /// Without this a path stops the start.
    pub fn works_below_a_path(mut self) -> Self {
        self.works_below_a_path = true;
        self
    }

    /// Routes that other machines call, such as a webhook. Another machine is no page of this origin, and has no session. So
    /// these routes are outside of [`Bff::layer`](crate::Bff::layer): they have no session, no origin check and no access
    /// rule. They are logged. The handler authenticates its caller, such as by a signature over the body, and reads no
    /// cookie.
    ///
    /// The answer begins within `BFF_ANSWER_TIMEOUT`, the body of the request included, or it is 503. An extractor of axum takes
    /// a body of 2 MiB at most ([`DefaultBodyLimit`](axum::extract::DefaultBodyLimit)). A fallback of `routes` counts for nothing: an
    /// unknown path is one of the application.
    ///
    /// ```
    /// use axum::{Router, http::HeaderMap, http::StatusCode, routing::post};
    ///
    /// async fn payment_arrived(headers: HeaderMap, body: String) -> StatusCode {
    ///     # fn is_signed(_: Option<&axum::http::HeaderValue>, _: &str) -> bool { true }
    ///     if is_signed(headers.get("x-signature"), &body) { StatusCode::NO_CONTENT } else { StatusCode::FORBIDDEN }
    /// }
    ///
    /// let webhooks = Router::new().route("/webhooks/payments", post(payment_arrived));
    /// let builder = axum_bff::Bff::builder().for_machines(webhooks);
    /// ```
    pub fn for_machines(mut self, routes: Router) -> Self {
        self.for_machines = routes;
        self
    }

    /// The largest body, in bytes, that the routes at this path take. Without it a body may have 64 KiB, and is read whole before
    /// the handler. With it the handler reads the body as it arrives, so that an upload can go on to a disk. A longer body is
    /// 413 if an extractor of axum reads it; a handler that reads it by itself meets an error.
    ///
    /// `path` is written as in the access table: `/orders/{id}`, `/files/{*rest}`. If several match, the one that was given
    /// first counts. One that matches no route stops the start. A server function has its path in `ServerFn::PATH`.
    ///
    /// axum's own [`DefaultBodyLimit`](axum::extract::DefaultBodyLimit) on a route can lower the bound further. It cannot raise
    /// it, because a server function and a handler of a plain body would then have no bound.
    ///
    /// ```
    /// use axum_bff::Bff;
    ///
    /// let builder = Bff::builder().body_limit("/photos", 5 * 1024 * 1024);
    /// ```
    pub fn body_limit(mut self, path: &'static str, bytes: usize) -> Self {
        self.bounds.bodies.push((path, bytes));
        self
    }

    /// How long an answer of the routes at this path may take to begin, in place of `BFF_ANSWER_TIMEOUT`. An upload has to
    /// arrive within it. After that the answer is 503. The body of an answer, such as a stream, has no such bound.
    ///
    /// `path` as in [`Builder::body_limit`], also of a route of [`Builder::for_machines`].
    ///
    /// ```
    /// use axum_bff::Bff;
    /// use std::time::Duration;
    ///
    /// let builder = Bff::builder().answer_timeout("/reports/{year}", Duration::from_mins(5));
    /// ```
    pub fn answer_timeout(mut self, path: &'static str, longest: Duration) -> Self {
        self.bounds.answers.push((path, longest));
        self
    }

    /// The application is looked at and serves nobody: its settings are not the real ones, so it is not refused for an API or a
    /// claim that they lack.
    pub(crate) fn looked_at(mut self) -> Self {
        self.is_looked_at = true;
        self
    }

    /// Another clock than the system's: for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The store, if the settings want one in memory.
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
        let mut components = Box::pin(self.components()).await?;
        if let Some(change) = change {
            change(&mut components);
        }
        Ok(Bff::from(components))
    }
}
