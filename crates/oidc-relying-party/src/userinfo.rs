//! The userinfo request (OpenID Connect Core 1.0 §5.3).

use reqwest::{
    Method, StatusCode,
    header::{ACCEPT, HeaderMap, HeaderValue},
};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use url::Url;

use super::{
    AccessToken, Fault, IdTokenError, Inner, ProviderMetadata, RelyingParty, authentication, dpop,
    http::{DocumentError, HttpError, HttpResponse},
    id_token::{self, claims},
    jws::Jws,
    keys::{self, TokenOrigin},
    metrics::ProviderCall,
};

/// The media type of a signed answer (§5.3.2).
const SIGNED: &str = "application/jwt";

impl RelyingParty {
    /// Reads the claims about `subject` from the provider again.
    ///
    /// # Errors
    /// If the provider has no userinfo, does not answer, does not accept the token, or answers about another person.
    pub async fn userinfo(
        &self,
        access_token: &AccessToken,
        subject: &str,
    ) -> Result<Map<String, Value>, UserinfoError> {
        let (inner, metadata) = self.with_provider().await?;
        let endpoint = metadata.userinfo_endpoint.as_ref().ok_or(UserinfoError::NoEndpoint)?;
        let claims = read(&inner, &metadata, endpoint, access_token, subject).await?;
        Ok(authentication::merge(
            Map::from_iter([("sub".to_owned(), subject.into())]),
            claims,
        ))
    }
}

/// Reads the claims about `subject`: plain JSON, unless the client is registered for a signed answer, or a signed answer. A
/// provider may sign for every client alike.
pub(super) async fn read(
    inner: &Inner,
    metadata: &ProviderMetadata,
    userinfo_endpoint: &Url,
    access_token: &AccessToken,
    subject: &str,
) -> Result<Map<String, Value>, UserinfoError> {
    let signed = inner.registration.userinfo_signed;
    let (mut answer, has_nonce) = ask(inner, userinfo_endpoint, access_token).await?;
    if has_nonce && access_token.dpop_key.is_some() && dpop::wants_nonce(answer.status, &answer.headers) {
        (answer, _) = ask(inner, userinfo_endpoint, access_token).await?;
    }
    if answer.status == StatusCode::UNAUTHORIZED {
        return Err(UserinfoError::AccessToken);
    }
    let claims = if signed || answer.media_type == SIGNED {
        if answer.is_json() {
            return Err(UserinfoError::NotSigned);
        }
        verified(inner, metadata, answer.token(SIGNED)?).await?
    } else {
        answer.document()?
    };
    // §5.3.2: "the UserInfo Response values MUST NOT be used" otherwise.
    if claims.get("sub").and_then(Value::as_str) != Some(subject) {
        return Err(UserinfoError::Subject);
    }
    Ok(claims)
}

/// The claims of a signed answer (§5.3.4). It needs `iss` and `aud`, which plain JSON does not have (§5.3.2), so that no
/// other token of the provider's can stand in for it unnoticed.
async fn verified(
    inner: &Inner,
    metadata: &ProviderMetadata,
    token: &str,
) -> Result<Map<String, Value>, UserinfoError> {
    let limit = inner.registration.userinfo_limit;
    let jws = Jws::parse_within(token, limit).map_err(IdTokenError::Jws)?;
    if !matches!(
        jws.kind().map_err(IdTokenError::Jws)?.as_deref(),
        None | Some("jwt" | "jose")
    ) {
        return Err(IdTokenError::Kind.into());
    }
    let algorithm = id_token::algorithm(&jws, &metadata.id_token_algorithms)?;
    let read_keys = || keys::read(&inner.http, &metadata.jwks_uri);
    let verified = keys::verify(&inner.keys, &jws, algorithm, TokenOrigin::Issued, read_keys);
    verified.await.map_err(IdTokenError::from)?;
    let claims = jws.claims().map_err(IdTokenError::Jws)?;
    claims::check_issuer(&claims, &inner.registration)?;
    claims::check_audience(&claims, &inner.registration)?;
    // RFC 7519 §4.1.4: it need not have one.
    let latest = inner.clock.now() - inner.registration.leeway;
    let is_past = |expires: f64| expires <= (latest - OffsetDateTime::UNIX_EPOCH).as_seconds_f64();
    match claims.get("exp") {
        Some(expires) if claims::numeric_date(Some(expires)).is_none_or(is_past) => Err(IdTokenError::Expired.into()),
        _ => Ok(claims),
    }
}

/// Asks once. Also says whether a nonce for the next time came with the answer.
async fn ask(inner: &Inner, endpoint: &Url, access_token: &AccessToken) -> Result<(HttpResponse, bool), UserinfoError> {
    let signed = inner.registration.userinfo_signed;
    let accept = HeaderValue::from_static(if signed { SIGNED } else { "application/json" });
    let request = || {
        let mut headers = HeaderMap::from_iter([(ACCEPT, accept.clone())]);
        inner
            .dpop
            .authorize(access_token, (&Method::GET, endpoint), &mut headers)
            .map_err(|_| UserinfoError::AccessToken)?;
        Ok::<_, UserinfoError>(inner.http.get(endpoint).headers(headers))
    };
    let limit = inner.registration.userinfo_limit;
    let answer = inner
        .http
        .exchange(ProviderCall::Userinfo, limit, request)
        .await
        .map_err(|error| match error {
            UserinfoError::Http(HttpError::TooLarge) => UserinfoError::TooLarge(limit),
            error => error,
        })?;
    let has_nonce = inner.dpop.learn(endpoint, &answer.headers);
    Ok((answer, has_nonce))
}

/// Why there is nothing from userinfo.
#[derive(Clone, Debug, thiserror::Error)]
pub enum UserinfoError {
    /// No answer.
    #[error("the userinfo endpoint did not answer")]
    Http(#[from] HttpError),
    /// An answer of more bytes than this.
    #[error("the userinfo answer has more than {0} bytes, which is BFF_USERINFO_LIMIT")]
    TooLarge(usize),
    /// Plain JSON, where the client is registered for a signed answer.
    #[error("the userinfo answer is not signed; BFF_USERINFO_SIGNED=off accepts plain JSON")]
    NotSigned,
    /// An answer that is not the claims document.
    #[error("the userinfo answer is not a usable document")]
    Document(#[from] DocumentError),
    /// A check of a signed answer fails that ID Tokens undergo as well: form, kind, algorithm, signature, `iss`, `aud`.
    #[error("the signed userinfo answer fails a check that also applies to ID Tokens")]
    Signed(#[from] IdTokenError),
    /// The provider does not accept the access token: expired or revoked.
    #[error("the userinfo endpoint does not accept the access token")]
    AccessToken,
    /// The claims are about another person.
    #[error("the userinfo answer's sub is not the ID Token's")]
    Subject,
    /// The provider has no userinfo endpoint.
    #[error("the provider has no userinfo endpoint")]
    NoEndpoint,
    /// The provider's metadata is not there.
    #[error(transparent)]
    Discovery(#[from] super::DiscoveryError),
}

impl UserinfoError {
    /// A stable name for logs and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Http(error) => error.code(),
            Self::TooLarge(_) => HttpError::TooLarge.code(),
            Self::Document(DocumentError::Status(_)) => "userinfo_status",
            Self::NotSigned | Self::Document(DocumentError::MediaType(_)) => "userinfo_media_type",
            Self::Document(DocumentError::Encoded | DocumentError::NotAnObject) => "userinfo_malformed",
            Self::Signed(error) => signed_code(error),
            Self::AccessToken => "userinfo_access_token",
            Self::Subject => "userinfo_subject",
            Self::NoEndpoint => "userinfo_no_endpoint",
            Self::Discovery(error) => error.code(),
        }
    }

    /// The party at fault.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Http(error) => error.fault(),
            Self::Document(error) => error.fault(),
            Self::Discovery(error) => error.fault(),
            Self::Signed(error) => error.fault(),
            Self::TooLarge(_) | Self::NotSigned | Self::AccessToken | Self::Subject | Self::NoEndpoint => {
                Fault::Provider
            }
        }
    }
}

fn signed_code(error: &IdTokenError) -> &'static str {
    match error {
        IdTokenError::Kind => "userinfo_typ",
        IdTokenError::Algorithm(_) => "userinfo_algorithm",
        IdTokenError::UnknownKey => "userinfo_unknown_key",
        IdTokenError::UnreadableKey => "userinfo_unreadable_key",
        IdTokenError::Signature | IdTokenError::NoKeyFits => "userinfo_signature",
        IdTokenError::Issuer => "userinfo_issuer",
        IdTokenError::Audience => "userinfo_audience",
        IdTokenError::UntrustedAudience => "userinfo_untrusted_audience",
        IdTokenError::Expired => "userinfo_expired",
        IdTokenError::AuthorizedParty => "userinfo_authorized_party",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests;
