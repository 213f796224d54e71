//! Faults of the HTTP exchange. They replace the endpoint's answer.

use std::{convert::Infallible, io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::stream;
use tokio::time::sleep;

use super::{Answer, Fault, Faults};
use crate::{
    calls::{Call, Endpoint},
    connection::Connection,
    lock::lock,
    state::Shared,
};

/// Applies the faults of the endpoint that the request is for, and the outage that the desk began.
pub(crate) async fn transport(State(provider): State<Shared>, request: Request, next: Next) -> Response {
    let call = request.extensions().get::<Call>();
    let endpoint = call.map_or(Endpoint::Other, |call| call.endpoint);
    let connection = request.extensions().get::<ConnectInfo<Connection>>().cloned();
    let faults = &provider.faults;
    faults.wait(endpoint).await;
    let is_away = endpoint.is_for_servers() && provider.outage.seconds_left(provider.clock.seconds()) > 0;
    let hangs_up = is_away || faults.has(|fault| matches!(fault, Fault::HangUp(at) if *at == endpoint));
    let response = if hangs_up {
        StatusCode::SERVICE_UNAVAILABLE.into_response()
    } else if faults.has(|fault| matches!(fault, Fault::EndlessBody(at) if *at == endpoint)) {
        endless(&provider, endpoint)
    } else if let Some(answer) = faults.answer(endpoint) {
        answer.into_response()
    } else {
        next.run(request).await
    };
    let cut = faults.has(|fault| matches!(fault, Fault::Cut(at) if *at == endpoint));
    if let (true, Some(ConnectInfo(connection))) = (cut || hangs_up, connection) {
        connection.cut();
    }
    faults.distort(endpoint, response).await
}

impl Faults {
    /// Sits out delays; a heal ends them.
    async fn wait(&self, endpoint: Endpoint) {
        let delay = self.every(|fault| match fault {
            Fault::Delay(at, delay) if *at == endpoint => Some(*delay),
            _ => None,
        });
        let delay: Duration = delay.into_iter().sum();
        if !delay.is_zero() {
            let delayed = |fault: &Fault| matches!(fault, Fault::Delay(at, _) if *at == endpoint);
            tokio::select! {
                () = sleep(delay) => {}
                () = self.until_without(delayed) => {}
            }
        }
        self.until_without(|fault| matches!(fault, Fault::Hang(at) if *at == endpoint))
            .await;
    }

    async fn until_without(&self, is_wanted: impl Fn(&Fault) -> bool) {
        let mut changes = self.changes.subscribe();
        // The sender is in `self`, so the channel cannot close meanwhile.
        let _ = changes.wait_for(|()| !self.has(&is_wanted)).await;
    }

    fn answer(&self, endpoint: Endpoint) -> Option<Answer> {
        self.last(|fault| match fault {
            Fault::Answer(at, answer) if *at == endpoint => Some(answer.clone()),
            Fault::Redirect(at, location) if *at == endpoint => {
                Some(Answer::empty(302).with_header("location", location))
            }
            _ => None,
        })
    }

    /// Changes the endpoint's own answer.
    async fn distort(&self, endpoint: Endpoint, mut response: Response) -> Response {
        let injected = lock(&self.injected).clone();
        for fault in injected {
            match fault {
                Fault::Status(at, status) if at == endpoint => {
                    let status = StatusCode::from_u16(status);
                    *response.status_mut() = status.expect("Fault::Status has an HTTP status");
                }
                Fault::ContentType(at, content_type) if at == endpoint => {
                    let content_type = HeaderValue::from_static(content_type);
                    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
                }
                Fault::ByteOrderMark(at) if at == endpoint => response = marked(response).await,
                Fault::HalfBody(at) if at == endpoint => response = half(response).await,
                Fault::SlowBody(at, pause) if at == endpoint => {
                    response = slow(response, pause).await;
                }
                _ => {}
            }
        }
        response
    }
}

/// Announces the whole body, sends half of it and breaks off.
async fn half(response: Response) -> Response {
    let (mut parts, body) = take(response).await;
    let half = body.slice(..body.len() / 2);
    let chunks = stream::unfold(Some(half), |half| async {
        let Some(half) = half else {
            // Lets the first half go out before the connection breaks.
            sleep(Duration::from_millis(20)).await;
            return Some((Err(io::Error::other("half a body")), None));
        };
        Some((Ok(half), None))
    });
    let length = HeaderValue::from(body.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    Response::from_parts(parts, Body::from_stream(chunks))
}

async fn marked(response: Response) -> Response {
    let (mut parts, body) = take(response).await;
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from([b"\xef\xbb\xbf", &body[..]].concat()))
}

async fn slow(response: Response, pause: Duration) -> Response {
    let (parts, body) = take(response).await;
    let bytes = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let byte = rest.split_to(1);
        Some((Ok::<_, Infallible>(byte), rest))
    });
    Response::from_parts(parts, Body::from_stream(bytes))
}

async fn take(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await;
    (parts, body.expect("the provider's own bodies are in memory"))
}

/// White space is a prefix of any JSON text, so that a parser waits for more. A heal ends it.
fn endless(provider: &Shared, endpoint: Endpoint) -> Response {
    const CHUNK: Bytes = Bytes::from_static(&[b' '; 16 * 1024]);
    let provider = provider.clone();
    let chunks = stream::unfold(provider, move |provider| async move {
        let is_on = |fault: &Fault| matches!(fault, Fault::EndlessBody(at) if *at == endpoint);
        let on = provider.faults.has(is_on);
        on.then_some((Ok::<_, Infallible>(CHUNK), provider))
    });
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, Body::from_stream(chunks)).into_response()
}
