//! The ID Token that comes with a refresh, held against the one before it.

use std::collections::BTreeSet;

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::RefreshError;
use crate::{
    IdTokenError, Inner, ProviderMetadata,
    id_token::{self, Expectations, VerifiedIdToken, claims},
    keys,
};

/// The ID Token of an answer, its access token, and the claims of the ID Token before it.
pub(super) struct Received<'a> {
    pub(super) id_token: &'a SecretString,
    pub(super) access_token: &'a SecretString,
    pub(super) before: &'a Map<String, Value>,
    /// When the person authenticated for this session.
    pub(super) authenticated_at: Option<i64>,
}

/// The judgement of an ID Token that came with a refresh.
pub(super) enum Judged {
    Verified(VerifiedIdToken),
    /// Nobody can judge it, for this reason.
    SetAside(IdTokenError),
}

impl Received<'_> {
    /// Judges the ID Token. If its times do not fit our clock but fit the clock of the provider's answers, then one of
    /// the two clocks is wrong, and the session is not: the ID Token is set aside.
    pub(super) async fn judged(
        &self,
        inner: &Inner,
        metadata: &ProviderMetadata,
        expected: &Expectations<'_>,
    ) -> Result<Judged, RefreshError> {
        let error = match self.judged_by(inner, metadata, expected).await {
            Err(RefreshError::IdToken(error)) if error.is_about_time() => error,
            outcome => return outcome,
        };
        let Some(offset) = inner.http.clock.offset() else {
            return Err(error.into());
        };
        match self.judged_by(inner, metadata, &expected.by_clock(offset)).await {
            Ok(_) => Ok(Judged::SetAside(IdTokenError::ClocksDiffer(
                offset.ahead.whole_seconds(),
            ))),
            Err(_) => Err(error.into()),
        }
    }

    async fn judged_by(
        &self,
        inner: &Inner,
        metadata: &ProviderMetadata,
        expected: &Expectations<'_>,
    ) -> Result<Judged, RefreshError> {
        let read_keys = || keys::read(&inner.http, &metadata.jwks_uri);
        match id_token::verify(self.id_token, self.access_token, expected, &inner.keys, read_keys).await {
            Ok(verified) => {
                self.check_same_login(&verified)?;
                Ok(Judged::Verified(verified))
            }
            Err(error) if error.is_about_unknown_keys() => {
                self.check_same_login(&id_token::unverified(self.id_token, expected)?)?;
                Ok(Judged::SetAside(error))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// §12.2: the same person, the same audience, no `azp` that was not there, and the time of the original authentication.
    /// That the issuer is the same is known already, because both are the configured one.
    ///
    /// A later `auth_time` is no other login: a provider with one session for several applications tells when the person
    /// last signed in for any of them. It makes nothing of this session younger.
    fn check_same_login(&self, after: &VerifiedIdToken) -> Result<(), RefreshError> {
        if claims::text(self.before, "sub") != Some(after.subject.as_str()) {
            return Err(RefreshError::Subject);
        }
        let audience = |claims| claims::audiences(claims).map(BTreeSet::from_iter);
        if audience(self.before) != audience(&after.claims) {
            return Err(RefreshError::Audience);
        }
        let has_party = |claims: &Map<String, Value>| claims::text(claims, "azp").is_some_and(|azp| !azp.is_empty());
        if has_party(&after.claims) && !has_party(self.before) {
            return Err(RefreshError::AuthorizedParty);
        }
        match (self.authenticated_at, after.claims.get("auth_time")) {
            (Some(original), Some(said)) if seconds(Some(said)).is_none_or(|said| said < original) => {
                Err(RefreshError::AuthTime)
            }
            _ => Ok(()),
        }
    }
}

/// Whole seconds since 1970.
pub(super) fn seconds(date: Option<&Value>) -> Option<i64> {
    let date = claims::numeric_date(date)?;
    Some(time::Duration::saturating_seconds_f64(date).whole_seconds())
}
