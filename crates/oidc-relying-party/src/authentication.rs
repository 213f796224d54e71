//! The result of a successful login.

use secrecy::SecretString;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::{
    DpopKey, Redemption,
    id_token::{VerifiedIdToken, claims::numeric_date},
};

/// Claims about the ID Token, the login or its proof. Userinfo has no say in them, whether the ID Token has them or not.
const PROTOCOL_CLAIMS: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "sid",
    "cnf",
    "events",
];

/// Members that are no claims about anybody: they served their purpose when the ID Token was verified, or they would have
/// us call addresses of the provider's choosing with tokens of its choosing (distributed claims, Core 1.0 §5.6.2).
const NOT_KEPT: [&str; 6] = ["nonce", "at_hash", "c_hash", "s_hash", "_claim_names", "_claim_sources"];

/// The tokens of a login. The formats of access token and refresh token are the provider's own business.
#[derive(Clone, Debug)]
pub struct TokenSet {
    /// For calls in the person's name.
    pub access_token: SecretString,
    /// The ID Token as issued, for `id_token_hint` only. It is no credential for calls.
    pub id_token: SecretString,
    /// For new access tokens, where the provider gave one.
    pub refresh_token: Option<SecretString>,
    /// When the access token expires, at most a day ahead. `None`: the provider did not say; that is never "for ever".
    pub expires_at: Option<OffsetDateTime>,
    /// The granted scopes, separated by spaces. They may be fewer than the request's.
    pub scope: String,
    /// The key that the access token is bound to. `None`: it is a bearer token.
    pub dpop_key: Option<DpopKey>,
}

/// A person who has signed in: the ID Token is verified in full and userinfo, if it was read, is about the same subject.
/// Redeeming a grant is the only way to one.
#[derive(Debug)]
pub struct Authentication {
    issuer: String,
    subject: String,
    sid: Option<String>,
    claims: Map<String, Value>,
    only_in_id_token: Vec<String>,
    tokens: TokenSet,
    redemption: Redemption,
}

impl Authentication {
    pub(super) fn new(
        issuer: String,
        id_token: VerifiedIdToken,
        userinfo: Option<Map<String, Value>>,
        tokens: TokenSet,
        redemption: Redemption,
    ) -> Self {
        let VerifiedIdToken {
            subject, sid, claims, ..
        } = id_token;
        let userinfo = userinfo.unwrap_or_default();
        let is_unique = |name: &&String| !is_about_the_person(name) || !userinfo.contains_key(*name);
        let only_in_id_token = claims.keys().filter(is_unique).cloned().collect();
        Self {
            issuer,
            subject,
            sid,
            claims: merge(claims, userinfo),
            only_in_id_token,
            tokens,
            redemption,
        }
    }

    /// The issuer. With the subject it names the person; nothing else does (Core 1.0 §5.7).
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The subject: 1 to 255 ASCII characters, unique at the issuer and never reassigned.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The provider's name for its own session, which a logout token may refer to.
    #[must_use]
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// When the ID Token was issued, by the provider's clock: a logout token that is older is not about this login.
    #[must_use]
    pub fn issued_at(&self) -> OffsetDateTime {
        let seconds = self.claims.get("iat").and_then(Value::as_f64).unwrap_or_default();
        OffsetDateTime::UNIX_EPOCH.saturating_add(time::Duration::seconds_f64(seconds))
    }

    /// When the person authenticated (`auth_time`), by the provider's clock. Absent where it did not say so in a form that
    /// can be read; with `max_age` it has.
    #[must_use]
    pub fn authenticated_at(&self) -> Option<OffsetDateTime> {
        let seconds = numeric_date(self.claims.get("auth_time"))?;
        Some(OffsetDateTime::UNIX_EPOCH.saturating_add(time::Duration::saturating_seconds_f64(seconds)))
    }

    /// In which way the person authenticated (`acr`, Core 1.0 §2), if the provider said so.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.claims.get("acr")?.as_str()
    }

    /// The ID Token's claims and those that userinfo adds. Values are the provider's text: escape them where they are shown.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The names of the claims that the ID Token told and userinfo did not. They stay when a later userinfo does not tell
    /// them either.
    #[must_use]
    pub fn only_in_id_token(&self) -> &[String] {
        &self.only_in_id_token
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(&self) -> &TokenSet {
        &self.tokens
    }

    /// How the grant was redeemed.
    #[must_use]
    pub fn redemption(&self) -> Redemption {
        self.redemption
    }

    /// Takes it apart into claims and tokens.
    #[must_use]
    pub fn into_claims_and_tokens(self) -> (Map<String, Value>, TokenSet) {
        (self.claims, self.tokens)
    }
}

/// Userinfo adds the claims that the ID Token lacks. If both have a claim, the ID Token's counts, because it is signed.
pub(super) fn merge(mut claims: Map<String, Value>, userinfo: Map<String, Value>) -> Map<String, Value> {
    for (name, value) in userinfo {
        if is_about_the_person(&name) {
            claims.entry(name).or_insert(value);
        }
    }
    claims.retain(|name, _| !NOT_KEPT.contains(&name.as_str()));
    claims
}

/// Whether a claim is about the person rather than about the ID Token, the login or its proof.
pub(super) fn is_about_the_person(name: &str) -> bool {
    !PROTOCOL_CLAIMS.contains(&name) && !NOT_KEPT.contains(&name)
}

#[cfg(test)]
mod tests;
