//! RP-initiated logout (RP-Initiated Logout 1.0 §2, §3), and telling the client of it: over the back channel at once, over
//! the front channel on the way back.

pub(crate) mod request;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use url::Url;

use self::request::EndSessionRequest;
use crate::{
    back_channel,
    calls::Call,
    id_token::ProviderSession,
    pages,
    state::{ProviderState, Shared},
};

/// `GET` or `POST /end-session`. A person is asked only if no ID Token proves that the relying party knows them.
pub(crate) async fn end_session(State(provider): State<Shared>, Extension(call): Extension<Call>) -> Response {
    let request = match EndSessionRequest::read(&provider, &call) {
        Ok(request) => request,
        Err(reason) => return pages::bad_request(&reason),
    };
    if request.session.is_some() {
        return end(&provider, &call, &request).await;
    }
    let answer = (call.method == "POST").then(|| call.parameter("confirm"));
    match answer.flatten() {
        // Only the provider's own page confirms; another site could sign people out otherwise.
        Some(_) if matches!(call.header("sec-fetch-site"), Some(site) if site != "same-origin") => {
            StatusCode::FORBIDDEN.into_response()
        }
        Some("yes") => end(&provider, &call, &request).await,
        Some(_) => pages::still_signed_in(),
        None => pages::confirm_sign_out(&provider, &request),
    }
}

async fn end(provider: &ProviderState, call: &Call, request: &EndSessionRequest<'_>) -> Response {
    let hinted = request.session.as_ref();
    let (own, set_cookie) = provider
        .browser_sessions
        .end(call, hinted.map(|session| session.sid.as_str()));
    let own = own.map(|session| ProviderSession {
        subject: provider.subject(&session.username).to_owned(),
        sid: session.sid,
    });
    let mut ended: Vec<ProviderSession> = own.into_iter().chain(hinted.cloned()).collect();
    ended.dedup();
    for session in &ended {
        back_channel::announce(provider, session).await;
    }
    let frames = front_channel_addresses(provider, &ended);
    match request.return_address() {
        Some(address) if frames.is_empty() => pages::see_other(&address, set_cookie),
        address => pages::signed_out(set_cookie, &frames, address.as_ref()),
    }
}

/// The addresses that the browser loads to tell the client (Front-Channel Logout 1.0 §2).
fn front_channel_addresses(provider: &ProviderState, ended: &[ProviderSession]) -> Vec<Url> {
    let Some(uri) = &provider.settings.client.frontchannel_logout_uri else {
        return Vec::new();
    };
    let address = |session: &ProviderSession| {
        let mut address = Url::parse(uri).expect("registered URIs are checked at start");
        address
            .query_pairs_mut()
            .append_pair("iss", &provider.issuer)
            .append_pair("sid", &session.sid);
        address
    };
    ended.iter().map(address).collect()
}
