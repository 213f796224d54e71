//! An API of the settings, in the process of a test.

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A call that a [`FakeApi`] got. Its `Debug` output has no token.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// The method.
    pub method: Method,
    /// The path and the query, such as `/orders?lines=true`.
    pub target: String,
    /// The headers, but for `authorization` and `dpop`.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    authorization: Option<SecretString>,
}

impl ApiCall {
    /// The access token that the call came with (RFC 6750 §2.1, RFC 9449 §7.1).
    #[must_use]
    pub fn access_token(&self) -> Option<&str> {
        let credentials = self.authorization.as_ref()?.expose_secret();
        credentials.split_once(' ').map(|(_, token)| token)
    }

    /// A header, or an empty text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    async fn read(request: Request) -> Option<Self> {
        let (mut parts, body) = request.into_parts();
        parts.headers.remove("dpop");
        let authorization = parts.headers.remove(header::AUTHORIZATION);
        let authorization = authorization.as_ref().and_then(text).map(SecretString::from);
        Some(Self {
            method: parts.method,
            target: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.ok()?,
            authorization,
        })
    }
}

fn text(value: &HeaderValue) -> Option<String> {
    value.to_str().ok().map(str::to_owned)
}

type Answer = Arc<dyn Fn(&ApiCall) -> Response + Send + Sync>;

/// An API that answers as a test tells it, and remembers its calls. It listens on loopback until it is dropped.
///
/// The application calls it as any other, through the relay or with [`Api`](crate::Api): with the person's access token, within
/// the bounds of the settings.
///
/// ```
/// use axum::{Json, Router, http::StatusCode, routing::get};
/// use axum_bff::testing::{FakeApi, TestBff, Tokens};
/// use axum_bff::{ApplicationError, Bff, Builder, Session, error::Error};
/// use serde_json::{Value, json};
///
/// async fn total(session: Session) -> Result<Json<Value>, Error> {
///     let orders = session.api("orders")?;
///     Ok(Json(orders.get("/total").send().await?.error_for_status()?.json().await?))
/// }
///
/// async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
///     Ok((builder.build().await?, Router::new().route("/total", get(total))))
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let orders = FakeApi::start("orders", |_| Json(json!({"total": 7}))).await;
/// let bff = TestBff::start_with(application, &orders.settings()).await;
/// let mut ada = bff.signed_in_with(json!({}), &[], Tokens::new("the token of Ada")).await;
///
/// assert_eq!(ada.fetch("/total").await.json(), json!({"total": 7}));
/// let call = &orders.take_calls()[0];
/// assert_eq!((call.target.as_str(), call.access_token()), ("/total", Some("the token of Ada")));
///
/// orders.answer(|_| StatusCode::NOT_FOUND);
/// assert_eq!(ada.fetch("/total").await.json()["code"], "upstream_status");
/// # }
/// ```
pub struct FakeApi {
    settings: [(String, String); 2],
    answer: Arc<Mutex<Answer>>,
    calls: Arc<Mutex<Vec<ApiCall>>>,
    task: JoinHandle<()>,
}

impl fmt::Debug for FakeApi {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut formatter, calls) = (formatter.debug_struct("FakeApi"), lock(&self.calls));
        formatter.field("settings", &self.settings).field("calls", &*calls);
        formatter.finish_non_exhaustive()
    }
}

impl FakeApi {
    /// An API that calls get this answer from. Its name is in lower case with hyphens, as it stands in `/api/<name>`.
    ///
    /// # Panics
    ///
    /// If nothing can listen on loopback.
    pub async fn start<R: IntoResponse>(name: &str, answer: impl Fn(&ApiCall) -> R + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("an address");
        let answer = Arc::new(Mutex::new(into_answer(answer)));
        let calls = Arc::new(Mutex::new(Vec::new()));
        let (told, got) = (answer.clone(), calls.clone());
        let router = Router::new().fallback(async move |request: Request| {
            let Some(call) = ApiCall::read(request).await else {
                return StatusCode::BAD_REQUEST.into_response();
            };
            lock(&got).push(call.clone());
            let answer = lock(&told).clone();
            answer(&call)
        });
        let variable = format!("BFF_API_{}", name.to_uppercase().replace('-', "_"));
        Self {
            settings: [
                (format!("{variable}_HTTP"), "on".to_owned()),
                (variable, format!("http://{address}")),
            ],
            answer,
            calls,
            task: tokio::spawn(async move {
                let _ = axum::serve(listener, router).await;
            }),
        }
    }

    /// The settings that name it, for [`TestBff::start_with`](super::TestBff::start_with).
    #[must_use]
    pub fn settings(&self) -> [(&str, &str); 2] {
        self.settings
            .each_ref()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Calls get another answer from now on.
    pub fn answer<R: IntoResponse>(&self, answer: impl Fn(&ApiCall) -> R + Send + Sync + 'static) {
        *lock(&self.answer) = into_answer(answer);
    }

    /// The calls that it got since the last time.
    #[must_use]
    pub fn take_calls(&self) -> Vec<ApiCall> {
        std::mem::take(&mut *lock(&self.calls))
    }
}

impl Drop for FakeApi {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn into_answer<R: IntoResponse>(answer: impl Fn(&ApiCall) -> R + Send + Sync + 'static) -> Answer {
    Arc::new(move |call| answer(call).into_response())
}

/// A test that panicked with the lock has failed already.
fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
