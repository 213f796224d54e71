//! Starting, driving and stopping a provider.

mod sessions;
mod start_error;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{Notify, oneshot},
    task::{self, JoinHandle},
    time::timeout,
};
use url::Url;

pub use self::start_error::StartError;
use crate::{
    authorization::{AuthorizationRefusal, AuthorizationRequest, code_response, error_response},
    browser_session::{BrowserSession, BrowserSessions},
    calls::{Call, Calls, Endpoint},
    connection::{Connection, CuttableListener},
    faults::{Fault, Faults},
    grants::Grants,
    keys::{self, Keys},
    outage::Outage,
    pushed_authorization_request::resolve,
    records::{Proofs, PushedRequests},
    role_changes::RoleChanges,
    router::router,
    settings::Settings,
    snapshot::Snapshot,
    state::{ProviderState, Shared},
};

/// How long [`Provider::stop`] waits for requests in flight.
const LONGEST_STOP: Duration = Duration::from_secs(1);

/// A provider that listens until it is stopped or dropped.
pub struct Provider {
    state: Shared,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Provider {
    /// Makes the keys, takes the port and answers from then on. Has to be called in a Tokio runtime.
    ///
    /// # Errors
    ///
    /// An address that is not loopback, an address that cannot be had, a registered URI that is no URL.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        Self::start_from(settings, None).await
    }

    /// The same, with the state of an earlier process: its key, its tokens, and its sign-ins.
    ///
    /// # Errors
    ///
    /// As [`Provider::start`].
    pub async fn start_from(settings: Settings, snapshot: Option<Snapshot>) -> Result<Self, StartError> {
        if !settings.listen.ip().is_loopback() {
            return Err(StartError::NotLoopback(settings.listen));
        }
        for uri in settings.client.uris() {
            Url::parse(uri).map_err(|_| StartError::Uri(uri.clone()))?;
        }
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|error| StartError::from_bind(settings.listen, error))?;
        let address = listener
            .local_addr()
            .map_err(|error| StartError::from_bind(settings.listen, error))?;
        let origin = settings.origin.clone().unwrap_or_else(|| format!("http://{address}"));
        let (keys, grants, browser_sessions) = match snapshot {
            Some(left) => (
                left.keys,
                left.grants.into(),
                BrowserSessions::restored(left.browser_sessions),
            ),
            None => (Keys::default(), Grants::default(), BrowserSessions::default()),
        };
        let state = Arc::new(ProviderState {
            issuer: format!("{origin}{}", settings.issuer_path),
            clock: settings.clock.clone(),
            settings,
            pushed_requests: PushedRequests::default(),
            role_changes: RoleChanges::default(),
            outage: Outage::default(),
            proofs: Proofs::default(),
            keys,
            grants,
            assertions: Mutex::default(),
            browser_sessions,
            logout_answers: Mutex::default(),
            calls: Calls::default(),
            faults: Faults::none(),
            answered: Arc::default(),
        });
        make_keys(&state).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router(Arc::clone(&state)).into_make_service_with_connect_info::<Connection>();
        let serving = tokio::spawn(async move {
            let server =
                axum::serve(CuttableListener(listener), service).with_graceful_shutdown(async { drop(stopped.await) });
            // Accepting never ends by itself, and errors of one connection stay with it.
            drop(server.await);
        });
        Ok(Self { state, stop, serving })
    }

    /// The issuer identifier: `http://127.0.0.1:4000`, or the origin of the settings, and the path of the settings.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.state.issuer
    }

    /// The state for the next process ([`Snapshot::read`]). It holds tokens and a private key.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        Snapshot::of(&self.state)
    }

    /// [`Provider::snapshot`] as a function, for a task that calls it after each answer.
    pub fn snapshots(&self) -> impl Fn() -> Vec<u8> + Send + 'static {
        let state = Arc::clone(&self.state);
        move || Snapshot::of(&state)
    }

    /// Notified after each answer, which may have changed [`Provider::snapshot`]. One task may wait for it.
    #[must_use]
    pub fn answered(&self) -> Arc<Notify> {
        Arc::clone(&self.state.answered)
    }

    /// Has one more thing go wrong from now on.
    pub fn inject(&self, fault: Fault) {
        self.state.faults.inject(fault);
    }

    /// Ends all faults; hanging answers go on.
    pub fn heal(&self) {
        self.state.faults.heal();
    }

    /// Every request so far, oldest first. Of requests that take more than 64 MiB together, the oldest are left out.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls.all()
    }

    /// The requests to one endpoint so far, oldest first.
    #[must_use]
    pub fn calls_to(&self, endpoint: Endpoint) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.endpoint == endpoint);
        calls
    }

    /// Starts the record anew.
    pub fn forget_calls(&self) {
        self.state.calls.forget();
    }

    /// From now on another key signs. The JWK Set shows it, and the one before it. Takes a moment the first time.
    pub fn rotate_keys(&self) {
        self.state.keys.rotate();
    }

    /// The public JWK that [`SignatureFault::OtherKey`](crate::SignatureFault::OtherKey) signs with, for a `jwk` header or
    /// a JWK Set elsewhere. This provider does not publish it.
    #[must_use]
    pub fn foreign_key(&self) -> Value {
        keys::foreign().jwk()
    }

    /// Everything secret that this provider gave out: the client secret, codes, access, refresh and ID Tokens. A test
    /// searches for them wherever they must not be. Nonces and code verifiers come from the relying party: see
    /// [`Self::calls`].
    #[must_use]
    pub fn issued_secrets(&self) -> Vec<String> {
        let mut secrets = vec![self.state.settings.client.secret.clone()];
        secrets.extend(self.state.grants.issued());
        secrets
    }

    /// Where the browser is sent after that person signed in there: the callback address with `code`, `state` and `iss`,
    /// or with `error` if the request or an injected fault wants that. Stands for a browser without a session at the
    /// provider. No HTTP request is made, but the call is recorded. Faults of the HTTP exchange do not apply.
    ///
    /// # Panics
    ///
    /// If the address is no URL, the person does not exist, or the request is one that gets an error page in place of a
    /// redirect.
    #[expect(
        clippy::unused_async,
        reason = "stands for an exchange; callers should not depend on its being local"
    )]
    pub async fn authorize(&self, authorization_url: &str, username: &str) -> Url {
        let url = Url::parse(authorization_url).expect("the authorization URL is a URL");
        let provider = &*self.state;
        let person = provider.person(username).expect("the person has an account");
        let call = Call::of_browser(&url);
        provider.calls.add(call.clone());
        let pairs =
            resolve(provider, call.message()).unwrap_or_else(|reason| panic!("no redirect, but a page: {reason}"));
        let request = match AuthorizationRequest::read(provider, &pairs) {
            Ok(request) => request,
            Err(AuthorizationRefusal::Page(reason)) => panic!("no redirect, but a page: {reason}"),
            Err(AuthorizationRefusal::Response {
                target,
                error,
                description,
            }) => return error_response(provider, &target, error, &description),
        };
        if let Some((error, description)) = provider.faults.authorization_error() {
            return error_response(provider, &request.target, error, &description);
        }
        let session = BrowserSession::new(&person.username, provider.clock.seconds());
        code_response(provider, &request, &session)
    }

    /// Ends all faults, lets requests in flight finish for at most a second and frees the port.
    pub async fn stop(self) {
        self.heal();
        // The receiver is in the task that is waited for.
        let _ = self.stop.send(());
        let mut serving = self.serving;
        if timeout(LONGEST_STOP, &mut serving).await.is_err() {
            serving.abort();
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Provider({})", self.issuer())
    }
}

/// Before the first request and off the runtime's threads: it takes a good part of a second.
async fn make_keys(state: &Shared) {
    let state = Arc::clone(state);
    let made = task::spawn_blocking(move || drop(state.keys.current())).await;
    made.expect("making a key does not panic");
}
