//! The provider's metadata (OpenID Connect Discovery 1.0 §3 and §4).
//!
//! Read at first use, so that the application starts while the provider is away, and judged as a whole when it is read: a
//! provider that we cannot work with safely is refused before anybody is sent there.

use serde_json::{Map, Value};
use std::sync::Arc;
use url::Url;

use super::{
    IdTokenAlgorithm, Registration, Usage,
    client_authentication::{Negotiated, Offered, negotiate},
    dpop,
    http::{HttpClient, is_secure},
    json,
    metrics::ProviderCall,
    security_profile,
};

pub use discovery_error::{DiscoveryError, NamedIssuer};

mod discovery_error;
mod older_logout_tokens;

/// Real documents have 2 to 10 KB.
pub(super) const SIZE_LIMIT: usize = 1024 * 1024;

/// The members of a provider's metadata that we use (Discovery 1.0 §3). All others are ignored.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is what one member of the document says"
)]
pub struct ProviderMetadata {
    /// The Issuer Identifier; the same as the registration's.
    pub issuer: String,
    /// Where the browser goes to sign in.
    pub authorization_endpoint: Url,
    /// The same with the parameters that are the same in each authorization request of ours. Each login asks for it, so
    /// it is put together here.
    pub(super) authorization_request: Url,
    /// Where a code is redeemed.
    pub token_endpoint: Url,
    /// Where the provider's signing keys are.
    pub jwks_uri: Url,
    /// Where claims are read with an access token.
    pub userinfo_endpoint: Option<Url>,
    /// Where the browser goes to sign out (RP-Initiated Logout 1.0 §2.1).
    pub end_session_endpoint: Option<Url>,
    /// Where tokens are revoked (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// Where authorization requests are pushed to (RFC 9126). `None`: they are not.
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// Whether access tokens are asked to be bound to a key (RFC 9449).
    pub dpop: bool,
    /// How we authenticate at the provider's endpoints, and why so.
    pub client_authentication: Negotiated,
    /// Whether access tokens may be bound to our certificate (RFC 8705 §3): the provider can do that, and we have one.
    pub certificate_bound_access_tokens: bool,
    /// The algorithms that may sign an ID Token. Not empty.
    pub id_token_algorithms: Vec<IdTokenAlgorithm>,
    /// The values of `prompt` that the provider knows, where it says so (Prompt Create 1.0 §4.1).
    pub prompt_values_supported: Option<Vec<String>>,
    /// Whether the provider sends logout tokens to clients that registered for them (Back-Channel Logout 1.0 §2.1).
    pub backchannel_logout_supported: bool,
    /// Whether logout tokens of the older form are taken from it.
    pub lenient_logout_tokens: bool,
    /// Whether the provider loads clients' logout addresses in the browser (Front-Channel Logout 1.0 §3).
    pub frontchannel_logout_supported: bool,
    /// The origins of the issuer and of the endpoints that a browser is sent to, each once, with spaces between. Asked
    /// for by every response, so they are put together here.
    pub origins: Arc<str>,
    /// Whether every authorization response carries `iss` (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: bool,
}

/// The metadata's address: the issuer without one trailing slash, and the well-known path (Discovery 1.0 §4).
pub(super) fn address(issuer: &str) -> Result<Url, url::ParseError> {
    let issuer = issuer.strip_suffix('/').unwrap_or(issuer);
    Url::parse(&format!("{issuer}/.well-known/openid-configuration"))
}

/// Reads and judges the metadata.
pub(super) async fn read(http: &HttpClient, registration: &Registration) -> Result<ProviderMetadata, DiscoveryError> {
    let address = address(&registration.issuer).map_err(|_| DiscoveryError::Issuer(NamedIssuer::of(None)))?;
    let request = || Ok::<_, DiscoveryError>(http.get(&address));
    let answer = http.exchange(ProviderCall::Metadata, SIZE_LIMIT, request).await?;
    let document = answer.document()?;
    judge(&document, registration)
}

pub(super) fn judge(
    document: &Map<String, Value>,
    registration: &Registration,
) -> Result<ProviderMetadata, DiscoveryError> {
    let metadata = usable(document, registration)?;
    security_profile::check(registration.security_profile, &metadata)?;
    Ok(metadata)
}

/// The metadata in the document, if it can be used safely.
fn usable(document: &Map<String, Value>, registration: &Registration) -> Result<ProviderMetadata, DiscoveryError> {
    // Discovery 1.0 §4.3: a document that names another issuer would let that issuer's tokens in.
    let named = document.get("issuer").and_then(Value::as_str);
    if named != Some(registration.issuer.as_str()) {
        return Err(DiscoveryError::Issuer(NamedIssuer::of(named)));
    }
    let challenge_methods = strings(document, "code_challenge_methods_supported").unwrap_or_default();
    if !challenge_methods.contains(&"S256") && !registration.pkce_unadvertised {
        return Err(DiscoveryError::CodeChallengeMethod);
    }
    let offered = Offered {
        methods: strings(document, "token_endpoint_auth_methods_supported"),
        algorithms: strings(document, "token_endpoint_auth_signing_alg_values_supported"),
    };
    let client_authentication = negotiate(&offered, registration)?;
    let certificate_bound_access_tokens =
        flag(document, "tls_client_certificate_bound_access_tokens") && registration.credentials.certificate.is_some();
    let mutual_tls = client_authentication.method.is_mutual_tls() || certificate_bound_access_tokens;
    let endpoints = Endpoints {
        document,
        aliases: document
            .get("mtls_endpoint_aliases")
            .and_then(Value::as_object)
            .filter(|_| mutual_tls),
        http_loopback: registration.http_loopback,
    };
    let authorization_endpoint = endpoints.required("authorization_endpoint")?;
    let end_session_endpoint = match &registration.end_session_endpoint {
        Some(configured) => Some(endpoints.configured(&authorization_endpoint, configured)?),
        None => endpoints.optional("end_session_endpoint")?,
    };
    let issuer = Url::parse(&registration.issuer).map_err(|_| DiscoveryError::Issuer(NamedIssuer::of(named)))?;
    let visited = [&issuer, &authorization_endpoint];
    Ok(ProviderMetadata {
        issuer: registration.issuer.clone(),
        origins: origins(visited.into_iter().chain(&end_session_endpoint)),
        authorization_request: registration.authorization_request_at(&authorization_endpoint),
        authorization_endpoint,
        token_endpoint: endpoints.required("token_endpoint")?,
        jwks_uri: endpoints.required("jwks_uri")?,
        userinfo_endpoint: endpoints.optional("userinfo_endpoint")?,
        end_session_endpoint,
        revocation_endpoint: endpoints.optional("revocation_endpoint")?,
        pushed_authorization_request_endpoint: endpoints.pushed_authorization_request(
            registration
                .security_profile
                .usage(registration.pushed_authorization_requests),
        )?,
        dpop: dpop(document, registration.dpop)?,
        client_authentication,
        certificate_bound_access_tokens,
        id_token_algorithms: algorithms(document, registration)?,
        prompt_values_supported: strings(document, "prompt_values_supported")
            .map(|values| values.into_iter().map(str::to_owned).collect()),
        backchannel_logout_supported: flag(document, "backchannel_logout_supported"),
        lenient_logout_tokens: registration
            .lenient_logout_tokens
            .is_on(|| older_logout_tokens::are_suggested_by(document)),
        frontchannel_logout_supported: flag(document, "frontchannel_logout_supported"),
        authorization_response_iss_parameter_supported: flag(
            document,
            "authorization_response_iss_parameter_supported",
        ),
    })
}

fn origins<'a>(addresses: impl Iterator<Item = &'a Url>) -> Arc<str> {
    let mut origins: Vec<String> = Vec::new();
    for address in addresses {
        let origin = address.origin().ascii_serialization();
        if !origins.contains(&origin) {
            origins.push(origin);
        }
    }
    origins.join(" ").into()
}

/// The algorithms of the settings, for which the client is registered (Core 1.0 §3.1.3.7, 7): some providers list
/// fewer algorithms than they sign with. Without a setting, the provider's list. A provider without a list may use each.
fn algorithms(
    document: &Map<String, Value>,
    registration: &Registration,
) -> Result<Vec<IdTokenAlgorithm>, DiscoveryError> {
    if let Some(pinned) = &registration.id_token_algorithms {
        return Ok(pinned.clone());
    }
    let listed = strings(document, "id_token_signing_alg_values_supported");
    let fits = |algorithm: &IdTokenAlgorithm| {
        listed.as_ref().is_none_or(|listed| listed.contains(&algorithm.name()))
            && registration.security_profile.allows_id_token(*algorithm)
    };
    let accepted: Vec<_> = IdTokenAlgorithm::ALL.into_iter().filter(fits).collect();
    if accepted.is_empty() {
        Err(DiscoveryError::IdTokenAlgorithm)
    } else {
        Ok(accepted)
    }
}

/// Whether tokens are bound: the provider has to take the algorithm of our proofs (RFC 9449 §5.1).
fn dpop(document: &Map<String, Value>, usage: Usage) -> Result<bool, DiscoveryError> {
    let listed = strings(document, "dpop_signing_alg_values_supported").unwrap_or_default();
    let offered = listed.contains(&dpop::ALGORITHM);
    match usage {
        Usage::Off => Ok(false),
        Usage::Auto => Ok(offered),
        Usage::Required if offered => Ok(true),
        Usage::Required => Err(DiscoveryError::Dpop),
    }
}

/// The endpoints at which the provider may want a certificate. Browsers never come there, so that it need not ask them for
/// one.
const WITH_ALIASES: [&str; 4] = [
    "token_endpoint",
    "revocation_endpoint",
    "userinfo_endpoint",
    "pushed_authorization_request_endpoint",
];

struct Endpoints<'a> {
    document: &'a Map<String, Value>,
    /// The endpoints for clients with a certificate (RFC 8705 §5), where we are one.
    aliases: Option<&'a Map<String, Value>>,
    http_loopback: bool,
}

impl Endpoints<'_> {
    fn required(&self, member: &'static str) -> Result<Url, DiscoveryError> {
        self.optional(member)?.ok_or(DiscoveryError::Endpoint(member))
    }

    /// An endpoint that is there has to be usable: one that would send a token in clear makes us refuse the document,
    /// because a provider with such an endpoint is set up wrongly or is not the provider.
    fn optional(&self, member: &'static str) -> Result<Option<Url>, DiscoveryError> {
        let aliases = self.aliases.filter(|_| WITH_ALIASES.contains(&member));
        let alias = aliases.and_then(|aliases| aliases.get(member));
        let alias = alias.filter(|address| json::says_something(address));
        match alias.or_else(|| self.document.get(member)) {
            None => Ok(None),
            Some(value) => value
                .as_str()
                .and_then(|address| Url::parse(address).ok())
                .filter(|address| is_secure(address, self.http_loopback))
                .map(Some)
                .ok_or(DiscoveryError::Endpoint(member)),
        }
    }

    /// The endpoint, if requests are to be pushed there (RFC 9126 §5).
    fn pushed_authorization_request(&self, usage: Usage) -> Result<Option<Url>, DiscoveryError> {
        const ENDPOINT: &str = "pushed_authorization_request_endpoint";
        let endpoint = self.optional(ENDPOINT)?;
        let demanded = flag(self.document, "require_pushed_authorization_requests");
        match usage {
            Usage::Off if demanded => Err(DiscoveryError::PushedAuthorizationRequests),
            Usage::Off => Ok(None),
            Usage::Auto if !demanded => Ok(endpoint),
            Usage::Auto | Usage::Required => endpoint.ok_or(DiscoveryError::Endpoint(ENDPOINT)).map(Some),
        }
    }

    /// An end-session endpoint of the settings: an address, or a path at the host of another endpoint.
    fn configured(&self, beside: &Url, configured: &str) -> Result<Url, DiscoveryError> {
        beside
            .join(configured)
            .ok()
            .filter(|address| is_secure(address, self.http_loopback))
            .ok_or(DiscoveryError::Endpoint("end_session_endpoint"))
    }
}

/// The strings of an array. A member of another type counts as absent: it is optional, and its default is defined. An
/// empty array counts as absent too: "Claims with zero elements MUST be omitted" (Discovery 1.0 §4.2).
pub(super) fn strings<'a>(document: &'a Map<String, Value>, member: &str) -> Option<Vec<&'a str>> {
    let array = document.get(member)?.as_array()?;
    (!array.is_empty()).then(|| array.iter().filter_map(Value::as_str).collect())
}

fn flag(document: &Map<String, Value>, member: &str) -> bool {
    document.get(member).and_then(Value::as_bool).unwrap_or(false)
}

#[cfg(test)]
mod tests;
