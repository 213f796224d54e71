//! How a page calls its server functions: `#[server(prefix = "/_fn", client = leptos_bff::ParkingClient)]`.
//!
//! A change that somebody made is not lost because their session ended meanwhile: the call that was
//! refused waits, the person signs in again in another window, and the call is made once more.

use crate::fetch::{Answer, ask};
use crate::problem::Problem;
use crate::session::{Live, SessionState, live_of_this_tab};
use bff_contract::session::UNATTENDED;
use leptos::server_fn::client::Client;
use leptos::server_fn::client::browser::BrowserClient;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::request::browser::BrowserRequest;
use send_wrapper::SendWrapper;

/// Calls server functions, and updates the page's session state after each refused call.
///
/// With `PARKS`, a call that is refused because the session has ended waits, and is made once more as soon as the same person is
/// signed in again; until then it does not return. If somebody else signs in, it returns the first refusal.
///
/// With `IS_UNATTENDED` the call does not count as activity of the person.
#[derive(Clone, Copy, Debug)]
pub struct BffClient<const PARKS: bool, const IS_UNATTENDED: bool = false>;

/// For server functions that read.
pub type SessionClient = BffClient<false>;

/// For server functions that change something.
pub type ParkingClient = BffClient<true>;

/// For server functions that read, and that a page calls by itself, such as each time that something has changed elsewhere: an
/// open page must not keep the session from ending for lack of activity.
pub type UnattendedClient = BffClient<false, true>;

impl<const PARKS: bool, const IS_UNATTENDED: bool, E, I, O> Client<E, I, O> for BffClient<PARKS, IS_UNATTENDED>
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = Answer;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<Answer, E>> + Send {
        // Nothing ever leaves the one thread that a browser has here.
        SendWrapper::new(async move {
            call::<PARKS, IS_UNATTENDED>(&request)
                .await
                .map_err(|words| E::from_server_fn_error(ServerFnErrorErr::Request(words)))
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures::Stream<Item = Result<bytes::Bytes, bytes::Bytes>> + Send + 'static,
                impl futures::Sink<bytes::Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}

/// The answer; or in words why none came.
async fn call<const PARKS: bool, const IS_UNATTENDED: bool>(request: &BrowserRequest) -> Result<Answer, String> {
    let (address, method) = (request.url(), request.method().to_string());
    let content_type = request.headers().get("content-type").unwrap_or_default();
    let body = request.text().await.unwrap_or_default();
    let mut headers = vec![("accept", "application/json"), ("content-type", content_type.as_str())];
    if IS_UNATTENDED {
        headers.push((UNATTENDED, "1"));
    }
    let ask = || ask(&method, &address, &headers, &body);
    let live = live_of_this_tab();
    let person = live.and_then(Live::person);
    let answer = ask().await?;
    let (Some(live), Some(state)) = (live, state_after(&answer)) else {
        return Ok(answer);
    };
    let Some(person) = person.filter(|_| PARKS) else {
        live.learn(state);
        return Ok(answer);
    };
    live.wait(1);
    live.learn(state);
    let somebody = live.somebody().await;
    live.wait(-1);
    if somebody.as_deref() == Some(&person) {
        ask().await
    } else {
        Ok(answer)
    }
}

/// The session after a refusal, if the refusal says something about it.
fn state_after(answer: &Answer) -> Option<SessionState> {
    (answer.status >= 400).then(|| SessionState::after(&Problem::from(answer)))?
}
