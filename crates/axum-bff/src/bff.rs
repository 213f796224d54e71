//! The backend-for-frontend: put together from settings, taken apart by handlers ([`axum::extract::FromRef`]).
//!
//! A router clones its state many times a request, so the whole of it is behind one pointer.

use crate::access_tokens::AccessTokens;
use crate::audit;
use crate::bounds::Bounds;
use crate::checks::Checks;
use crate::claims::ClaimsPolicy;
use crate::client_address::TrustedProxies;
use crate::config::{Connections, Listen, PublicUrl, SettingsAtStart};
use crate::cookies::CookieNames;
use crate::event_streams::EventStreams;
use crate::events::{EventContext, EventKind, Events, Person};
use crate::hooks::Hooks;
use crate::metrics::Metrics;
use crate::page_policy::PagePolicy;
use crate::problem_page::ProblemPage;
use crate::rate::Rate;
use crate::relay::Relay;
use crate::reload::Reload;
use crate::revocation::Revocations;
use crate::server_certificate::ServerCertificate;
use crate::shown::Shown;
use crate::tasks::Tasks;
use crate::trusted::Trusted;
use axum::Router;
use axum::extract::FromRef;
use axum::http::{StatusCode, request};
use axum::response::Response;
use bff_clock::Clock;
use bff_contract::access::{Access, Rule};
use bff_contract::paths::Paths;
use bff_contract::problem::Problem;
use bff_contract::session::SessionState;
use bff_session::Sessions;
use bff_session::key_ring::KeyRing;
use bff_session::store::RedisStore;
use oidc_relying_party::RelyingParty;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Signs people in, keeps their sessions and tokens, and guards the routes of an application. Clones share everything.
#[derive(Clone, Debug)]
pub struct Bff(Arc<Components>);

impl From<Components> for Bff {
    fn from(parts: Components) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Bff {
    type Target = Components;

    fn deref(&self) -> &Components {
        &self.0
    }
}

impl Bff {
    /// The folder with the front end's files (`BFF_SITE`).
    #[must_use]
    pub fn site(&self) -> &Path {
        &self.http.site
    }

    /// The Redis that keeps the sessions, if there is one, for an application's own data beside them.
    #[must_use]
    pub fn redis(&self) -> Option<&RedisStore> {
        self.redis.as_ref()
    }

    /// The keys that seal an application's own data beside the sessions
    /// ([`Purpose::Application`](bff_session::key_ring::Purpose::Application)).
    #[must_use]
    pub fn key_ring(&self) -> &Arc<KeyRing> {
        &self.keys
    }

    /// The name that this person has in records of the audit with `BFF_AUDIT_SUBJECT=pseudonym`: to find them, and to delete
    /// them. It changes with the first key of `BFF_SESSION_KEY`.
    #[must_use]
    pub fn audit_pseudonym(&self, person: &Person) -> String {
        audit::pseudonym(&self.keys, person)
    }

    /// Tells of the start and of its settings.
    pub(crate) fn tell_of_start(&self) {
        let settings = self.at_start.names.clone();
        let digest = audit::settings_digest(&self.keys, &self.at_start);
        self.events
            .tell(EventKind::Started { settings, digest }, EventContext::default());
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The problem page, at the requested address.
    pub(crate) async fn problem_page(
        &self,
        mut asked: request::Parts,
        problem: Problem,
        session: Arc<SessionState>,
    ) -> Response {
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        asked.extensions.insert(problem);
        asked.extensions.insert(session);
        asked.extensions.insert(self.public_url.clone());
        asked.extensions.insert(self.clone());
        self.problem_page.render(asked, status).await
    }
}

/// The parts of a [`Bff`].
#[derive(Debug)]
pub struct Components {
    /// The rules of the application's paths.
    pub access: Access,
    /// Who may administer sessions over HTTP. None: nobody, and the API is not there.
    pub(crate) administration: Option<Rule>,
    /// The functions of the checks that rules ask.
    pub(crate) checks: Checks,
    /// The pages that signing in and out leads to.
    pub paths: Paths,
    /// The answer to a person whose request failed.
    pub(crate) problem_page: ProblemPage,
    /// The OpenID Connect protocol.
    pub relying_party: RelyingParty,
    /// The sessions.
    pub sessions: Sessions,
    /// The store of the sessions, if it is Redis.
    pub(crate) redis: Option<RedisStore>,
    /// The open streams of session events.
    pub event_streams: EventStreams,
    /// How often the front channel may be asked for sessions that are not there.
    pub(crate) frontchannel_logouts: Rate,
    /// How often pages may say that they have failed.
    pub(crate) page_failures: Rate,
    /// How often logins may be answered with a code that the provider has not given.
    pub(crate) callbacks: Rate,
    /// The access tokens of the sessions.
    pub access_tokens: AccessTokens,
    /// The tokens that wait to be revoked.
    pub revocations: Revocations,
    /// The tasks that go on although the browser that asked for them has gone.
    pub tasks: Tasks,
    /// The APIs.
    pub relay: Relay,
    /// The names of the APIs that code calls ([`Builder::calls`](crate::Builder::calls)).
    pub(crate) calls: Vec<&'static str>,
    /// The keys that seal pending logins.
    pub keys: Arc<KeyRing>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The origin under which browsers find this application.
    pub public_url: Arc<PublicUrl>,
    /// The names of the cookies.
    pub cookies: CookieNames,
    /// The proxies in front of this server.
    pub trusted_proxies: Arc<TrustedProxies>,
    /// The hooks of the application.
    pub(crate) hooks: Hooks,
    /// The stream of events.
    pub events: Events,
    /// The recorder of the metrics.
    pub(crate) metrics: Metrics,
    /// The settings that are set.
    pub(crate) at_start: SettingsAtStart,
    /// Which claims pages see.
    pub claims: Arc<ClaimsPolicy>,
    /// The routes that other machines call.
    pub(crate) for_machines: Router,
    /// The bounds of requests to the routes.
    pub(crate) bounds: Bounds,
    /// The authorities for Redis, if settings name some.
    pub(crate) redis_authorities: Option<Trusted>,
    /// The certificate for Redis, if settings name one.
    pub(crate) redis_certificate: Option<Shown>,
    /// The settings in use, to read them again.
    pub(crate) reload: Reload,
    /// How requests are taken.
    pub(crate) http: Listening,
}

/// How requests are accepted, and the folder of static files.
#[derive(Debug)]
pub(crate) struct Listening {
    pub(crate) listen: Listen,
    pub(crate) certificate: Option<ServerCertificate>,
    /// `BFF_METRICS_LISTEN`.
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) connections: Connections,
    pub(crate) grace: Duration,
    pub(crate) site: PathBuf,
    pub(crate) page_policy: PagePolicy,
}

/// Lets a handler take this part by its type.
macro_rules! part {
    ($($part:ident: $kind:ty),+) => {$(
        impl FromRef<Bff> for $kind {
            fn from_ref(bff: &Bff) -> Self {
                bff.$part.clone()
            }
        }
    )+};
}

part! {
    relying_party: RelyingParty,
    sessions: Sessions,
    keys: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
    public_url: Arc<PublicUrl>
}
