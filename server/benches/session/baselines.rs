//! What this server is compared with. Each is this program again, started with a role.
//!
//! | role | what it is |
//! |---|---|
//! | `plain` | an axum route for each recorded answer, which returns that and does nothing else |
//! | `naive` | tower-sessions' middleware on tower-sessions-redis-store, and a route that returns what the session holds |
//! | `page` | the same pages without sign-in: the session's state is a constant |
//! | `upstream` | an API, which has its answer ready |
//! | `proxy` | a reverse proxy before that API, without sign-in |

use super::{reverse_proxy, upstream};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Extension, Router};
use fred::interfaces::ClientLike;
use fred::types::Builder;
use fred::types::config::Config;
use leptos::config::LeptosOptions;
use leptos::context::provide_context;
use leptos::nonce::Nonce;
use leptos::prelude::IntoAny;
use leptos_axum::LeptosRoutes;
use leptos_bff::Words;
use leptos_bff::assets::Assets;
use leptos_bff::session::SessionState;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::{Session, SessionManagerLayer};
use tower_sessions_redis_store::RedisStore;

/// The variables that tell a process its role, its address, and what it is to answer.
pub(crate) const ROLE: &str = "BENCH_ROLE";
pub(crate) const LISTEN: &str = "BENCH_LISTEN";
pub(crate) const ANSWERS: &str = "BENCH_ANSWERS";
pub(crate) const REDIS: &str = "BENCH_REDIS";
pub(crate) const UPSTREAM: &str = "BENCH_UPSTREAM";

/// An answer of this server, as it was recorded.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is set"))
}

fn recorded() -> Vec<Recorded> {
    let text = std::fs::read_to_string(variable(ANSWERS)).expect("a file");
    serde_json::from_str(&text).expect("the answers")
}

/// The state of the session, as `GET /auth/session` answered it.
fn session_answer() -> Recorded {
    let mut all = recorded().into_iter();
    all.find(|answer| answer.path == "/auth/session")
        .expect("it was recorded")
}

/// Serves as this role until the process is ended.
pub(crate) async fn serve(role: &str) {
    let router = match role {
        "plain" => plain(),
        "naive" => naive().await,
        "page" => page(),
        "upstream" => upstream::upstream(),
        "proxy" => reverse_proxy::proxy(variable(UPSTREAM)),
        other => panic!("there is no role {other}"),
    };
    let listener = tokio::net::TcpListener::bind(variable(LISTEN)).await.expect("a port");
    let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
    axum::serve(listener, router).await.expect("serves");
}

fn plain() -> Router {
    let mut router = Router::new();
    for answer in recorded() {
        let headers: HeaderMap = answer
            .headers
            .iter()
            .map(|(name, value)| {
                let name: HeaderName = name.parse().expect("a name");
                (name, HeaderValue::from_str(value).expect("a value"))
            })
            .collect();
        let status = StatusCode::from_u16(answer.status).expect("a status");
        let body = Bytes::from(answer.body);
        let path = answer.path.split('?').next().unwrap_or_default().to_owned();
        router = router.route(
            &path,
            get(async move || -> Response { (status, headers.clone(), body.clone()).into_response() }),
        );
    }
    router
}

/// The member of the naive session.
const MEMBER: &str = "state";

async fn naive() -> Router {
    let config = Config::from_url(&variable(REDIS)).expect("an address");
    let pool = Builder::from_config(config).build_pool(4).expect("a pool");
    pool.init().await.expect("redis-server answers");
    let state: Value = serde_json::from_str(&session_answer().body).expect("JSON");
    let begin = async |State(state): State<Value>, Extension(session): Extension<Session>| {
        session.insert(MEMBER, state).await.expect("kept");
    };
    let read = async |Extension(session): Extension<Session>| match session.get::<Value>(MEMBER).await {
        Ok(Some(state)) => Json(state).into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    };
    Router::new()
        .route("/begin", get(begin))
        .route("/auth/session", get(read))
        .layer(SessionManagerLayer::new(RedisStore::new(pool)))
        .with_state(state)
}

fn page() -> Router {
    let state: SessionState = serde_json::from_str(&session_answer().body).expect("a session's state");
    let context = move || {
        provide_context(state.clone());
        provide_context(Assets::default());
        provide_context(Nonce::new());
    };
    let options = LeptosOptions::builder().output_name("frontend").build();
    Router::new()
        .leptos_routes_with_context(&options, leptos_axum::generate_route_list(app::App), context, || {
            leptos_bff::shell(Assets::default(), Words::ENGLISH, ().into_any(), app::App().into_any()).into_any()
        })
        .with_state(options)
}
