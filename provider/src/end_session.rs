//! RP-initiated logout (RP-Initiated Logout 1.0 §2, §3), and telling the client of it: over the back channel at once, over
//! the front channel on the way back.

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    back_channel,
    calls::Call,
    id_token::{ProviderSession, session_of_hint},
    pages,
    parameters::{Parameters, Repeated},
    state::{ProviderState, Shared},
};

/// What the relying party asks for.
#[derive(Debug)]
pub(crate) struct EndSessionRequest<'a> {
    /// The session that a good `id_token_hint` names.
    session: Option<ProviderSession>,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) post_logout_redirect_uri: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
}

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

impl<'a> EndSessionRequest<'a> {
    fn read(provider: &ProviderState, call: &'a Call) -> Result<Self, String> {
        let parameters = Parameters(call.message());
        let get = |name| {
            let value = parameters.get(name);
            value.map_err(|repeated: Repeated| repeated.to_string())
        };
        let hint = get("id_token_hint")?;
        let session = hint.and_then(|hint| session_of_hint(provider, hint));
        if hint.is_some() && session.is_none() {
            return Err("The id_token_hint is not an ID Token of this provider.".to_owned());
        }
        let client_id = get("client_id")?;
        if client_id.is_some_and(|id| id != provider.client.id) {
            return Err("The client_id is not registered here.".to_owned());
        }
        let post_logout_redirect_uri = get("post_logout_redirect_uri")?;
        if let Some(uri) = post_logout_redirect_uri {
            let registered = &provider.client.post_logout_redirect_uris;
            let is_at = |known: &String| match known.strip_suffix('*') {
                Some(below) => uri.starts_with(below),
                None => known == uri,
            };
            if !registered.iter().any(is_at) {
                return Err("The post_logout_redirect_uri is not registered here.".to_owned());
            }
            if session.is_none() && client_id.is_none() {
                return Err("A post_logout_redirect_uri needs an id_token_hint or a client_id.".to_owned());
            }
        }
        Ok(Self {
            session,
            client_id,
            post_logout_redirect_uri,
            state: get("state")?,
        })
    }

    fn return_address(&self) -> Option<Url> {
        let uri = self.post_logout_redirect_uri?;
        let mut address = Url::parse(uri).expect("registered URIs are checked at start");
        if let Some(state) = self.state {
            address.query_pairs_mut().append_pair("state", state);
        }
        Some(address)
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

/// What the browser loads so that the client hears of it (Front-Channel Logout 1.0 §2).
fn front_channel_addresses(provider: &ProviderState, ended: &[ProviderSession]) -> Vec<Url> {
    let Some(uri) = &provider.client.frontchannel_logout_uri else {
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
