//! The authorization request (OpenID Connect Core 1.0 §3.1.2.1, with PKCE as in RFC 7636).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    DiscoveryError, DpopKey, Fault, Inner, OfflineAccess, ProviderMetadata, PushedAuthorizationRequestError,
    Registration, RelyingParty, pushed_authorization_request,
};

pub use parameters::{AuthenticationWanted, AuthorizationParameters, PersonHint, Prompt};

mod parameters;

const ID_TOKEN_HINT: &str = "id_token_hint";

/// Names of parameters that are ours to set, or that would have the provider read others than ours: no setting adds one.
const RESERVED: [&str; 21] = [
    "response_type",
    "response_mode",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "prompt",
    "max_age",
    "acr_values",
    "request",
    "request_uri",
    "dpop_jkt",
    "registration",
];

/// Whether a parameter is none that a setting may add.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

impl RelyingParty {
    /// The address to send the browser to. Asks the provider first where requests are pushed (RFC 9126).
    ///
    /// # Errors
    /// If there is no metadata, or the provider does not take the pushed request.
    pub async fn authorization_request(
        &self,
        parameters: AuthorizationParameters,
    ) -> Result<Url, AuthorizationRequestError> {
        let (inner, metadata) = self.with_provider().await?;
        address(&inner, &metadata, &parameters).await
    }
}

/// The address to send the browser to. It holds nothing that depends on the browser's request, and where requests are
/// pushed, it holds the client's id and the reference to the request, and nothing else (RFC 9126 §4).
pub(super) async fn address(
    inner: &Inner,
    metadata: &ProviderMetadata,
    parameters: &AuthorizationParameters,
) -> Result<Url, AuthorizationRequestError> {
    let request = Request::of(&inner.registration, metadata, parameters);
    match &metadata.pushed_authorization_request_endpoint {
        Some(endpoint) => request.push(inner, endpoint).await,
        None => Ok(request.added_to(metadata.authorization_request.clone())),
    }
}

/// The same for a client that asks for something else than ours.
pub(super) async fn address_for(
    inner: &Inner,
    metadata: &ProviderMetadata,
    registration: &Registration,
    parameters: &AuthorizationParameters,
) -> Result<Url, AuthorizationRequestError> {
    let request = Request::of(registration, metadata, parameters);
    match &metadata.pushed_authorization_request_endpoint {
        Some(endpoint) => request.push(inner, endpoint).await,
        None => Ok(request.added_to(registration.authorization_request_at(&metadata.authorization_endpoint))),
    }
}

/// One request, with the values of its own parameters in the form of the protocol.
struct Request<'a> {
    registration: &'a Registration,
    metadata: &'a ProviderMetadata,
    parameters: &'a AuthorizationParameters,
    code_challenge: String,
    prompt: Option<String>,
    max_age: Option<String>,
    acr_values: String,
}

impl<'a> Request<'a> {
    fn of(
        registration: &'a Registration,
        metadata: &'a ProviderMetadata,
        parameters: &'a AuthorizationParameters,
    ) -> Self {
        Self {
            registration,
            metadata,
            parameters,
            code_challenge: code_challenge(&parameters.code_verifier),
            prompt: prompt(registration, metadata, parameters.prompt),
            max_age: parameters.wanted.max_age.map(|seconds| seconds.to_string()),
            acr_values: parameters.wanted.acr_values.join(" "),
        }
    }

    /// The parameters that no other request has with these values.
    fn own(&self) -> Vec<(&str, &str)> {
        let mut pairs = vec![
            ("state", self.parameters.state.as_str()),
            ("nonce", self.parameters.nonce.expose_secret()),
            ("code_challenge", &self.code_challenge),
        ];
        pairs.extend(self.prompt.as_deref().map(|prompt| ("prompt", prompt)));
        pairs.extend(self.max_age.as_deref().map(|max_age| ("max_age", max_age)));
        if !self.acr_values.is_empty() {
            pairs.push(("acr_values", &self.acr_values));
        }
        // RFC 9449 §10: the code is worth nothing without the key either.
        let dpop_jkt = self.parameters.dpop_key.as_ref().map(DpopKey::thumbprint);
        pairs.extend(dpop_jkt.map(|thumbprint| ("dpop_jkt", thumbprint)));
        pairs
    }

    /// A parameter that stands there twice is refused (Core 1.0 §3.1.2.1): a setting may have one of this name.
    fn hint(&self) -> Option<(&'static str, &str)> {
        let further = &self.registration.authorization_parameters;
        let hint = self.parameters.expected.as_ref().map(PersonHint::pair);
        hint.filter(|(hint, _)| further.iter().all(|(name, _)| name != hint))
    }

    async fn push(&self, inner: &Inner, endpoint: &Url) -> Result<Url, AuthorizationRequestError> {
        let same = self.registration.same_in_each_authorization_request();
        let mut pairs: Vec<(&str, &str)> = same.iter().map(|(name, value)| (*name, &**value)).collect();
        pairs.extend(self.own());
        pairs.extend(self.hint());
        let request_uri = pushed_authorization_request::push(inner, self.metadata, endpoint, &pairs).await?;
        let reference = [
            ("client_id", self.registration.client_id.as_str()),
            ("request_uri", &request_uri),
        ];
        let mut address = self.metadata.authorization_endpoint.clone();
        address.query_pairs_mut().extend_pairs(reference);
        Ok(address)
    }

    /// The whole address. `address` has the parameters that are the same in each request. A token goes into no address.
    fn added_to(&self, mut address: Url) -> Url {
        let hint = self.hint().filter(|(name, _)| *name != ID_TOKEN_HINT);
        address.query_pairs_mut().extend_pairs(self.own()).extend_pairs(hint);
        address
    }
}

/// The value of `prompt`: the caller's, and consent where `offline_access` needs it (Core 1.0 §11). `none` stands
/// alone.
fn prompt(registration: &Registration, metadata: &ProviderMetadata, wanted: Option<Prompt>) -> Option<String> {
    let known = |prompt: Prompt| {
        let values = metadata.prompt_values_supported.as_ref();
        values.is_none_or(|values| values.iter().any(|value| value == prompt.name()))
    };
    let consent = registration.offline_access_prompt
        && registration.wants_offline_access()
        && registration.offline_access != OfflineAccess::Unasked
        && known(Prompt::Consent);
    match wanted {
        Some(alone @ (Prompt::None | Prompt::Consent)) => Some(alone.name().to_owned()),
        Some(other) if consent => Some(format!("{} {}", other.name(), Prompt::Consent.name())),
        Some(other) => Some(other.name().to_owned()),
        None => consent.then(|| Prompt::Consent.name().to_owned()),
    }
}

/// RFC 7636 §4.2: `BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))`.
fn code_challenge(code_verifier: &SecretString) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(code_verifier.expose_secret()))
}

/// Why there is no address to send the browser to.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuthorizationRequestError {
    /// There is no metadata.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request was to be pushed first, and was not taken.
    #[error(transparent)]
    Pushed(#[from] PushedAuthorizationRequestError),
}

impl AuthorizationRequestError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Pushed(error) => error.code(),
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Discovery(error) => error.fault(),
            Self::Pushed(error) => error.fault(),
        }
    }
}

#[cfg(test)]
mod tests;
