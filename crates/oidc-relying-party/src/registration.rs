//! This client as it is registered at the provider, and how strictly we hold the provider to the protocol.

mod registration_error;

pub use self::registration_error::RegistrationError;

use std::{borrow::Cow, time::Duration};

use reqwest::header::HeaderMap;
use rustls::RootCertStore;
use url::Url;

use super::{
    AssertionAlgorithm, AssertionAudience, ClientAuthentication, Credentials, IdTokenAlgorithm, OfflineAccess,
    PostLogoutParameter, SecurityProfile, Switch, Unmet, Usage, authorization_request, http::is_secure,
    security_profile,
};

/// The longest leeway: more would keep expired ID Tokens alive rather than make up for clocks that differ.
const LEEWAY_LIMIT: Duration = Duration::from_mins(10);

/// The scope that asks for a refresh token (Core 1.0 §11).
const OFFLINE_ACCESS: &str = "offline_access";

/// Adds headers to a request to the provider. A header that the protocol needs must not be among them: it would be replaced.
pub type FurtherHeaders = fn(&mut HeaderMap);

/// A registration at a provider, with the settings of the relying party that uses it.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own, and none depends on another"
)]
pub struct Registration {
    /// The Issuer Identifier, exactly as the provider writes it: it is compared character by character.
    pub issuer: String,
    /// The client identifier that the provider gave us.
    pub client_id: String,
    /// The secret, key or certificate that this client authenticates with.
    pub credentials: Credentials,
    /// Where the authorization response comes to. Registered at the provider.
    pub redirect_uri: Url,
    /// Where the provider sends the browser after a logout. Registered at the provider.
    pub post_logout_redirect_uri: Url,
    /// The scopes to ask for. `openid` is added when it is missing, because without it there is no ID Token.
    pub scopes: Vec<String>,
    /// How to authenticate at the token endpoint. `None`: the strongest that the metadata lists and the credentials allow.
    pub client_authentication: Option<ClientAuthentication>,
    /// Signs client assertions. `None`: an algorithm that the metadata lists and the key has, PS256 before RS256.
    pub assertion_algorithm: Option<AssertionAlgorithm>,
    /// The audience of client assertions.
    pub assertion_audience: AssertionAudience,
    /// The demands on both sides.
    pub security_profile: SecurityProfile,
    /// The algorithms that an ID Token may be signed with: these and no others. `None`: every algorithm that the provider's
    /// metadata lists, that exists here and that the profile allows.
    pub id_token_algorithms: Option<Vec<IdTokenAlgorithm>>,
    /// How far the provider's clock may differ from ours when times in an ID Token are judged. At most 10 minutes.
    pub leeway: Duration,
    /// Audiences that may stand in an ID Token beside our client identifier.
    pub trusted_audiences: Vec<String>,
    /// Whether userinfo is read at login, where the provider has it.
    pub userinfo: bool,
    /// Whether userinfo comes as a JWS, because the client is registered with `userinfo_signed_response_alg` (Core 1.0
    /// §5.3.2). Then plain JSON is refused. Otherwise either is read, and a JWS is verified.
    pub userinfo_signed: bool,
    /// How many bytes an answer of the userinfo endpoint may have. A picture may stand in it as a `data:` address. How
    /// much of it is kept has bounds of its own.
    pub userinfo_limit: usize,
    /// Whether to go on with a provider that does not advertise PKCE with S256. S256 is sent regardless.
    pub pkce_unadvertised: bool,
    /// Whether authorization requests are pushed to the provider first (RFC 9126).
    pub pushed_authorization_requests: Usage,
    /// Whether access tokens are bound to a key of ours (RFC 9449). Every API that gets one has to support that.
    pub dpop: Usage,
    /// Whether a logout token has to say `logout+jwt` in its `typ` (Back-Channel Logout 1.0 §2.4 recommends it to
    /// providers). Switched off, it may also say nothing, and `JWT` where logout tokens of the older form are taken; any
    /// other `typ` is refused regardless.
    pub logout_token_typ_required: bool,
    /// Whether logout tokens are taken without `exp`, and with the `typ` of every JWT. Their `iat` bounds them all the same.
    /// [`Switch::Auto`]: where the metadata have the addresses of a provider that sends such tokens.
    pub lenient_logout_tokens: Switch,
    /// Whether the provider's pages may sign people out here. [`Switch::Auto`]: where the metadata have
    /// `frontchannel_logout_supported`.
    pub frontchannel_logout: Switch,
    /// Whether consent is asked for when the scopes name `offline_access`. Core 1.0 §11 demands it; a provider that gives
    /// refresh tokens without spares its people the question.
    pub offline_access_prompt: bool,
    /// How a refresh token is asked for, where the scopes name `offline_access`.
    pub offline_access: OfflineAccess,
    /// Further parameters of the authorization request, names and values. None may be one of ours.
    pub authorization_parameters: Vec<(String, String)>,
    /// Where the browser signs out, in place of the metadata's endpoint: an address, or a path at the host of the
    /// authorization endpoint.
    pub end_session_endpoint: Option<String>,
    /// The parameter of the sign-out with the address that the provider sends the browser back to.
    pub post_logout_parameter: PostLogoutParameter,
    /// Whether `http` is accepted, and then for loopback addresses only. For development.
    pub http_loopback: bool,
    /// The authorities that may vouch for the provider's certificate, in place of the system's.
    pub authorities: Option<RootCertStore>,
    /// How long one request to the provider may take, from connecting to the last byte of the answer.
    pub http_timeout: Duration,
    /// Adds headers to each request to the provider, such as `traceparent` of the trace that the calling task belongs to (W3C
    /// Trace Context). It is called in the task that sends the request.
    pub further_headers: Option<FurtherHeaders>,
}

impl Registration {
    /// A registration with everything optional at its default: scope `openid`, every listed algorithm, 60 seconds leeway,
    /// userinfo read, PKCE demanded, requests pushed and tokens bound where the provider takes that, logout tokens
    /// without `typ` accepted, consent asked for with `offline_access`, `https` demanded, 10 seconds for a request.
    #[must_use]
    pub fn new(
        issuer: String,
        client_id: String,
        credentials: Credentials,
        redirect_uri: Url,
        post_logout_redirect_uri: Url,
    ) -> Self {
        Self {
            issuer,
            client_id,
            credentials,
            redirect_uri,
            post_logout_redirect_uri,
            scopes: vec!["openid".to_owned()],
            client_authentication: None,
            assertion_algorithm: None,
            assertion_audience: AssertionAudience::Issuer,
            security_profile: SecurityProfile::OpenIdConnect,
            id_token_algorithms: None,
            leeway: Duration::from_mins(1),
            trusted_audiences: Vec::new(),
            userinfo: true,
            userinfo_signed: false,
            userinfo_limit: 1024 * 1024,
            pkce_unadvertised: false,
            pushed_authorization_requests: Usage::Auto,
            dpop: Usage::Auto,
            logout_token_typ_required: false,
            lenient_logout_tokens: Switch::default(),
            frontchannel_logout: Switch::default(),
            offline_access_prompt: true,
            offline_access: OfflineAccess::default(),
            authorization_parameters: Vec::new(),
            end_session_endpoint: None,
            post_logout_parameter: PostLogoutParameter::default(),
            http_loopback: false,
            authorities: None,
            http_timeout: Duration::from_secs(10),
            further_headers: None,
        }
    }

    /// Whether a refresh token is wanted.
    pub(super) fn wants_offline_access(&self) -> bool {
        self.scopes.iter().any(|scope| scope == OFFLINE_ACCESS)
    }

    /// Whether the authorization request asks for a refresh token in words: by the scope, or by `access_type`.
    pub(super) fn asks_for_offline_access(&self) -> bool {
        self.wants_offline_access() && self.offline_access != OfflineAccess::Unasked
    }

    /// The same registration, by which no refresh token is asked for.
    pub(super) fn without_offline_access(&self) -> Self {
        let mut without = self.clone();
        without.scopes.retain(|scope| scope != OFFLINE_ACCESS);
        without
    }

    /// The scope parameter of the authorization request: `openid` first, then the others in their order. Without
    /// `offline_access` where the provider wants that said otherwise.
    pub(super) fn scope(&self) -> String {
        let as_scope = self.offline_access == OfflineAccess::Scope;
        let others = self
            .scopes
            .iter()
            .map(String::as_str)
            .filter(|scope| *scope != "openid" && (as_scope || *scope != OFFLINE_ACCESS));
        std::iter::once("openid").chain(others).collect::<Vec<_>>().join(" ")
    }

    /// The parameters that are the same in each authorization request of this client, in their order.
    pub(super) fn same_in_each_authorization_request(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut pairs: Vec<(&str, Cow<'_, str>)> = vec![
            ("response_type", "code".into()),
            ("client_id", self.client_id.as_str().into()),
            ("redirect_uri", self.redirect_uri.as_str().into()),
            ("scope", self.scope().into()),
            ("code_challenge_method", "S256".into()),
        ];
        if self.wants_offline_access() && self.offline_access == OfflineAccess::AccessType {
            pairs.push(("access_type", "offline".into()));
        }
        let further = self.authorization_parameters.iter();
        pairs.extend(further.map(|(name, value)| (name.as_str(), value.as_str().into())));
        pairs
    }

    /// The address of an authorization request, as far as it is the same in each.
    pub(super) fn authorization_request_at(&self, authorization_endpoint: &Url) -> Url {
        let mut address = authorization_endpoint.clone();
        let pairs = self.same_in_each_authorization_request();
        address.query_pairs_mut().extend_pairs(pairs);
        address
    }

    /// Every demand of the profile that is not met.
    #[must_use]
    pub fn unmet(&self) -> Vec<Unmet> {
        security_profile::unmet(self)
    }

    /// Refuses settings that no provider could be used with safely.
    pub(super) fn check(&self) -> Result<Url, RegistrationError> {
        let issuer = Url::parse(&self.issuer).map_err(|_| RegistrationError::Issuer)?;
        // An Issuer Identifier has no query and no fragment (Discovery 1.0 §2).
        if issuer.query().is_some() || !is_secure(&issuer, self.http_loopback) {
            return Err(RegistrationError::Issuer);
        }
        let pinned = self.client_authentication;
        if self.client_id.is_empty()
            || self.credentials.is_empty()
            || pinned.is_some_and(|method| !method.has_credential(&self.credentials))
        {
            return Err(RegistrationError::Credentials);
        }
        if !is_secure(&self.redirect_uri, self.http_loopback)
            || !is_secure(&self.post_logout_redirect_uri, self.http_loopback)
        {
            return Err(RegistrationError::RedirectUri);
        }
        if !self.scopes.iter().all(|scope| is_scope_token(scope)) {
            return Err(RegistrationError::Scope);
        }
        let mut names = self.authorization_parameters.iter().map(|(name, _)| name.as_str());
        if names.any(|name| name.is_empty() || authorization_request::is_reserved(name)) {
            return Err(RegistrationError::AuthorizationParameters);
        }
        if self.id_token_algorithms.as_ref().is_some_and(Vec::is_empty) {
            return Err(RegistrationError::Algorithms);
        }
        if self.leeway > LEEWAY_LIMIT || self.http_timeout.is_zero() {
            return Err(RegistrationError::Durations);
        }
        match self.unmet().first() {
            Some(unmet) => Err(RegistrationError::Profile(*unmet)),
            None => Ok(issuer),
        }
    }
}

/// RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
fn is_scope_token(scope: &str) -> bool {
    !scope.is_empty()
        && scope
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

#[cfg(test)]
mod tests;
