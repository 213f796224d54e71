//! The refresh request (RFC 6749 §6, OpenID Connect Core 1.0 §12).
//!
//! An ID Token that comes with the answer is verified like a login's, and has to be about the same login (§12.2). Nothing
//! of an answer that fails this is used. Otherwise the maker of such an answer could swap the person under a
//! session.
//!
//! An ID Token that nobody can judge, because the key for its signature is not known or the two clocks differ, fails
//! nothing: it is set aside, as if the answer had none, which §12.2 allows. The answer holds the only refresh token that
//! works, so dropping it would end the session. Setting the ID Token aside gives an attacker nothing: an attacker who can
//! write into an answer of the token endpoint can leave the ID Token out as well. Its claims count against it all the
//! same: another `sub` ends the session, signed or not.

use std::{sync::atomic::Ordering, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    DpopKey, IdTokenError, Inner, JwsError, ProviderMetadata, RelyingParty, authentication,
    id_token::{Expectations, NonceRule, VerifiedIdToken, claims},
    jws::Jws,
    keys,
    token_request::{Binding, TokenRequest, TokenResponse},
};

use received::{Judged, Received, seconds};
pub use refresh_error::{RefreshError, RefreshVerdict};

mod received;
mod refresh_error;

/// The session whose tokens are to be renewed.
#[derive(Debug)]
pub struct RefreshRequest<'a> {
    /// The last refresh token that the provider gave.
    pub refresh_token: &'a SecretString,
    /// The last ID Token that was verified for the session, verbatim; it may have expired.
    pub id_token: &'a SecretString,
    /// The granted scopes, separated by spaces. They are not sent, so the request asks for the same ones (RFC 6749 §6), and
    /// they count as granted if the answer names no scope.
    pub scope: &'a str,
    /// The key that the access token is bound to, as [`DpopKey::secret`] gave it.
    pub dpop_key: Option<&'a SecretString>,
    /// The `auth_time` of the sign-in, in seconds since 1970, where `id_token` has a later one: as an earlier refresh gave
    /// it in [`RefreshedIdToken::authenticated_at`].
    pub authenticated_at: Option<i64>,
}

/// The new tokens. They replace the earlier ones, all at once.
#[derive(Debug)]
pub struct RefreshedTokens {
    /// For calls in the person's name.
    pub access_token: SecretString,
    /// `None`: the refresh token that was sent stays good and has to be kept.
    pub refresh_token: Option<SecretString>,
    /// The new ID Token, verified. `None`: the one before stays the last.
    pub id_token: Option<RefreshedIdToken>,
    /// Why the answer's ID Token was set aside, if it was: nobody can judge it, so nothing of it is used.
    pub set_aside: Option<IdTokenError>,
    /// When the access token expires, at most a day ahead. `None`: the provider did not say; that is never "for ever".
    pub expires_at: Option<OffsetDateTime>,
    /// The granted scopes, separated by spaces.
    pub scope: String,
    /// The key that the access token is bound to. `None`: it is a bearer token.
    pub dpop_key: Option<DpopKey>,
}

/// An ID Token that came with a refresh. It is issued by the rules of the one before it (§12.2), so a claim that it no longer
/// has no longer holds.
#[derive(Debug)]
pub struct RefreshedIdToken {
    /// The token as issued.
    pub token: SecretString,
    /// The provider's name for its own session. `None`: it says nothing of that.
    pub sid: Option<String>,
    /// Its claims. Values are the provider's text: escape them where they are shown.
    pub claims: Map<String, Value>,
    /// The claims about the person that the ID Token before it had and this one has not.
    pub withdrawn: Vec<String>,
    /// The `auth_time` of the sign-in, in seconds since 1970, where the token has a later one: to be kept for the next
    /// refresh.
    pub authenticated_at: Option<i64>,
}

impl RefreshedIdToken {
    fn new(
        token: SecretString,
        before: &Map<String, Value>,
        verified: VerifiedIdToken,
        authenticated_at: Option<i64>,
    ) -> Self {
        let mut claims = authentication::merge(verified.claims, Map::new());
        let said = claims.get("auth_time").and_then(|said| seconds(Some(said)));
        let later = authenticated_at.filter(|original| said.is_some_and(|said| said > *original));
        if let Some(original) = later {
            // The person has signed in anew for another application. The authentication of this session is as old as before.
            claims.insert("auth_time".to_owned(), original.into());
        }
        // Claims about the login stay true, whether they come again or not.
        let said_before = before.keys().filter(|name| authentication::is_about_the_person(name));
        let withdrawn = said_before.filter(|name| !claims.contains_key(*name));
        Self {
            token,
            sid: verified.sid,
            withdrawn: withdrawn.cloned().collect(),
            authenticated_at: later,
            claims,
        }
    }
}
/// How many times longer than other answers of the provider's the answer to a refresh may take. It holds the only refresh
/// token that works, and nobody has to wait for it: a provider that is slow costs no session.
const PATIENCE: u32 = 12;

impl RelyingParty {
    /// How long a caller should wait for the answer to a refresh: as long as for any other answer of the
    /// provider's. [`Self::refresh`] waits longer, so that a late answer is not lost.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.inner().registration.http_timeout
    }

    /// Whether the provider gave another refresh token at the last refresh of any session that this process has seen.
    /// Then a refresh token works once.
    #[must_use]
    pub fn rotates_refresh_tokens(&self) -> bool {
        self.inner().rotates.load(Ordering::Relaxed)
    }

    /// Asks for new tokens, once. A refresh token that was sent may be spent even if no answer came, so that no two
    /// requests with the same one may be under way.
    ///
    /// # Errors
    /// A [`RefreshError`], whose verdict decides whether the session goes on. No token of the answer is used then.
    pub async fn refresh(&self, request: RefreshRequest<'_>) -> Result<RefreshedTokens, RefreshError> {
        let (inner, metadata) = self.with_provider().await?;
        refresh(&inner, &metadata, request).await
    }
}

async fn refresh(
    inner: &Inner,
    metadata: &ProviderMetadata,
    request: RefreshRequest<'_>,
) -> Result<RefreshedTokens, RefreshError> {
    let before = claims_of(request.id_token).map_err(RefreshError::PreviousIdToken)?;
    // A refresh token is its issuer's business and nobody else's, also after the settings name another issuer.
    claims::check_issuer(&before, &inner.registration).map_err(|_| RefreshError::OtherIssuer)?;
    // Keys come first: an answer that cannot be verified is a refresh token lost.
    let read_keys = || keys::read(&inner.http, &metadata.jwks_uri);
    inner.keys.get(read_keys).await.map_err(IdTokenError::Keys)?;
    let parameters = [
        ("grant_type", "refresh_token"),
        ("refresh_token", request.refresh_token.expose_secret()),
    ];
    let now = inner.clock.now();
    // A refresh token of a client that authenticates is bound to no key (RFC 9449 §5): a session from before the settings
    // or the provider wanted one gets its key now.
    let stored = request.dpop_key.and_then(DpopKey::read);
    let dpop_key = metadata.dpop.then(|| stored.unwrap_or_else(DpopKey::generate));
    let patience = inner.registration.http_timeout.saturating_mul(PATIENCE);
    let token_request = TokenRequest::new(inner, metadata, &parameters, dpop_key.as_ref()).with_patience(patience);
    let document = token_request.send_once().await?;
    let binding = Binding::new(&inner.registration, metadata, dpop_key.as_ref());
    let response = TokenResponse::read(&document, request.scope, now, binding)?;
    let is_another = |new: &SecretString| new.expose_secret() != request.refresh_token.expose_secret();
    let rotated = response.refresh_token.as_ref().is_some_and(is_another);
    inner.rotates.store(rotated, Ordering::Relaxed);
    let expected = Expectations {
        // It is about the same authentication, which was checked at the sign-in.
        wanted: None,
        registration: &inner.registration,
        algorithms: &metadata.id_token_algorithms,
        nonce: NonceRule::AbsentOr(claims::text(&before, "nonce")),
        now: inner.clock.now(),
    };
    let (mut refreshed_id_token, mut set_aside) = (None, None);
    if let Some(id_token) = response.id_token {
        let received = Received {
            id_token: &id_token,
            access_token: &response.access_token,
            before: &before,
            authenticated_at: request.authenticated_at.or_else(|| seconds(before.get("auth_time"))),
        };
        match received.judged(inner, metadata, &expected).await? {
            Judged::Verified(verified) => {
                refreshed_id_token = Some(RefreshedIdToken::new(
                    received.id_token.clone(),
                    &before,
                    verified,
                    received.authenticated_at,
                ));
            }
            Judged::SetAside(why) => set_aside = Some(why),
        }
    }
    Ok(RefreshedTokens {
        access_token: response.access_token,
        refresh_token: response.refresh_token,
        id_token: refreshed_id_token,
        set_aside,
        expires_at: response.expires_at,
        scope: response.scope,
        dpop_key: response.dpop_key,
    })
}

/// The claims of an ID Token that was verified when it came and has been ours since.
fn claims_of(id_token: &SecretString) -> Result<Map<String, Value>, JwsError> {
    Jws::parse(id_token.expose_secret())?.claims()
}

#[cfg(test)]
mod tests;
