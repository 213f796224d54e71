//! RP-initiated logout (RP-Initiated Logout 1.0 §2, §3).

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    calls::Call,
    id_token::sid_of_hint,
    pages,
    parameters::{Parameters, Repeated},
    state::{ProviderState, Shared},
};

/// What the relying party asks for.
#[derive(Debug)]
pub(crate) struct EndSessionRequest<'a> {
    /// The session that a good `id_token_hint` names.
    sid: Option<String>,
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
    if request.sid.is_some() {
        return end(&provider, &call, &request);
    }
    let answer = (call.method == "POST").then(|| call.parameter("confirm"));
    match answer.flatten() {
        // Only the provider's own page confirms; another site could sign people out otherwise.
        Some(_) if matches!(call.header("sec-fetch-site"), Some(site) if site != "same-origin") => {
            StatusCode::FORBIDDEN.into_response()
        }
        Some("yes") => end(&provider, &call, &request),
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
        let sid = hint.and_then(|hint| sid_of_hint(provider, hint));
        if hint.is_some() && sid.is_none() {
            return Err("The id_token_hint is not an ID Token of this provider.".to_owned());
        }
        let client_id = get("client_id")?;
        if client_id.is_some_and(|id| id != provider.client.id) {
            return Err("The client_id is not registered here.".to_owned());
        }
        let post_logout_redirect_uri = get("post_logout_redirect_uri")?;
        if let Some(uri) = post_logout_redirect_uri {
            let registered = &provider.client.post_logout_redirect_uris;
            if !registered.iter().any(|known| known == uri) {
                return Err("The post_logout_redirect_uri is not registered here.".to_owned());
            }
            if sid.is_none() && client_id.is_none() {
                return Err("A post_logout_redirect_uri needs an id_token_hint or a client_id.".to_owned());
            }
        }
        Ok(Self {
            sid,
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

fn end(provider: &ProviderState, call: &Call, request: &EndSessionRequest<'_>) -> Response {
    let set_cookie = provider.browser_sessions.end(call, request.sid.as_deref());
    match request.return_address() {
        Some(address) => pages::see_other(&address, set_cookie),
        None => pages::signed_out(set_cookie),
    }
}
