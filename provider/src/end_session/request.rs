//! The relying party's request (RP-Initiated Logout 1.0 §2).

use url::Url;

use crate::{
    calls::Call,
    id_token::{ProviderSession, session_of_hint},
    parameters::{Parameters, Repeated},
    state::ProviderState,
};

/// The relying party's request.
#[derive(Debug)]
pub(crate) struct EndSessionRequest<'a> {
    /// The session that a good `id_token_hint` names.
    pub(super) session: Option<ProviderSession>,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) post_logout_redirect_uri: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
}

impl<'a> EndSessionRequest<'a> {
    pub(super) fn read(provider: &ProviderState, call: &'a Call) -> Result<Self, String> {
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
        if client_id.is_some_and(|id| id != provider.settings.client.id) {
            return Err("The client_id is not registered here.".to_owned());
        }
        let post_logout_redirect_uri = get("post_logout_redirect_uri")?;
        if let Some(uri) = post_logout_redirect_uri {
            let registered = &provider.settings.client.post_logout_redirect_uris;
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

    pub(super) fn return_address(&self) -> Option<Url> {
        let uri = self.post_logout_redirect_uri?;
        let mut address = Url::parse(uri).expect("registered URIs are checked at start");
        if let Some(state) = self.state {
            address.query_pairs_mut().append_pair("state", state);
        }
        Some(address)
    }
}
