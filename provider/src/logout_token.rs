//! Logout tokens (Back-Channel Logout 1.0 §2.4), right ones and others.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::{
    faults::SignatureFault,
    random::random_value,
    signature::{algorithm, named_key, sign},
    state::ProviderState,
};

/// How long the relying party may take to accept it, in seconds (§2.4 recommends two minutes at most).
const LIFETIME: u64 = 120;

/// The members of a logout token. Without changes all of them are right.
#[derive(Clone, Debug)]
pub struct LogoutTokenParts {
    /// The `typ` of the header; `None` leaves it out.
    pub typ: Option<&'static str>,
    /// Further members of the header, or others in place of `alg` and `kid`.
    pub header: Map<String, Value>,
    /// Claims in place of the usual ones or beside them; [`Value::Null`] leaves one out.
    pub claims: Map<String, Value>,
    /// The fault of the signature. Keys that [`SignatureFault::ShortKey`] and `EdDSA` sign with are published only
    /// while [`Fault::IdTokenSignature`](crate::Fault::IdTokenSignature) says the same.
    pub signature: Option<SignatureFault>,
}

impl LogoutTokenParts {
    /// For one session at the provider: `sid` without `sub`.
    #[must_use]
    pub fn of_session(sid: &str) -> Self {
        Self::of_nobody().with("sid", sid)
    }

    /// For all sessions of a person: `sub` without `sid`.
    #[must_use]
    pub fn of_subject(subject: &str) -> Self {
        Self::of_nobody().with("sub", subject)
    }

    /// Neither `sub` nor `sid`, which makes it invalid.
    #[must_use]
    pub fn of_nobody() -> Self {
        Self {
            typ: Some("logout+jwt"),
            header: Map::new(),
            claims: Map::new(),
            signature: None,
        }
    }

    /// This token with this value for the claim, in place of any other.
    #[must_use]
    pub fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(claim.to_owned(), value.into());
        self
    }

    /// The same without this claim.
    #[must_use]
    pub fn without(self, claim: &str) -> Self {
        self.with(claim, Value::Null)
    }

    /// This token with another `typ`, or none.
    #[must_use]
    pub fn typed(mut self, typ: Option<&'static str>) -> Self {
        self.typ = typ;
        self
    }

    /// This token with a further member in its header.
    #[must_use]
    pub fn headed(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.header.insert(member.to_owned(), value.into());
        self
    }

    /// This token with a bad signature.
    #[must_use]
    pub fn signed(mut self, fault: SignatureFault) -> Self {
        self.signature = Some(fault);
        self
    }
}

/// A logout token in compact serialisation.
pub(crate) fn logout_token(provider: &ProviderState, parts: &LogoutTokenParts) -> String {
    let fault = parts.signature.as_ref();
    let algorithm = algorithm(fault);
    let mut header = json!({ "alg": algorithm, "kid": named_key(provider, fault).kid() });
    if let Some(typ) = parts.typ {
        header["typ"] = json!(typ);
    }
    for (member, value) in &parts.header {
        header[member] = value.clone();
    }
    let mut claims = usual_claims(provider);
    claims.extend(parts.claims.clone());
    claims.retain(|_, value| !value.is_null());
    let signing_input = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string())
    );
    sign(provider, fault, &algorithm, &signing_input)
}

fn usual_claims(provider: &ProviderState) -> Map<String, Value> {
    let now = provider.clock.seconds();
    Map::from_iter([
        ("iss".to_owned(), json!(provider.issuer)),
        ("aud".to_owned(), json!(provider.settings.client.id)),
        ("iat".to_owned(), json!(now)),
        ("exp".to_owned(), json!(now + LIFETIME)),
        ("jti".to_owned(), json!(random_value())),
        (
            "events".to_owned(),
            json!({ "http://schemas.openid.net/event/backchannel-logout": {} }),
        ),
    ])
}
