//! A profile: demands on both sides that hold together, and are met as a whole or not at all.
//!
//! This module has the demands of the FAPI 2.0 Security Profile (Final, February 2025), §5.2.1, §5.3.3 and §5.4, on a
//! client, and those on the provider that a client can see. The settings are judged at start, those of APIs with them;
//! the provider when its metadata is read.

use super::{
    AssertionAlgorithm, AssertionAudience, ClientAuthentication, ClientKeys, IdTokenAlgorithm, ProviderMetadata,
    Registration, Usage,
};

/// The demands on both sides.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SecurityProfile {
    /// OpenID Connect Core 1.0 with the recommendations of RFC 9700: each protection where the provider offers it.
    #[default]
    OpenIdConnect,
    /// The FAPI 2.0 Security Profile: all of it, or no sign-in.
    Fapi2,
}

impl SecurityProfile {
    /// Whether a protection is demanded, where the setting leaves it open.
    pub(super) fn usage(self, set: Usage) -> Usage {
        match (self, set) {
            (Self::Fapi2, Usage::Auto) => Usage::Required,
            _ => set,
        }
    }

    /// Whether an access token that is bound to no key of ours will do.
    pub(super) fn allows_bearer(self, metadata: &ProviderMetadata) -> bool {
        self == Self::OpenIdConnect || metadata.certificate_bound_access_tokens
    }

    /// Whether a client assertion may be signed so (FAPI 2.0 §5.4.1).
    pub(super) fn allows_assertion(self, algorithm: AssertionAlgorithm) -> bool {
        use AssertionAlgorithm::{EdDsa, Es256, Ps256};
        self == Self::OpenIdConnect || matches!(algorithm, Ps256 | Es256 | EdDsa)
    }

    /// Whether an ID Token may be signed so (FAPI 2.0 §5.4.1). Keys of RSA under 2048 bits are refused in any profile,
    /// and there is no curve under 256.
    #[must_use]
    pub fn allows_id_token(self, algorithm: IdTokenAlgorithm) -> bool {
        use IdTokenAlgorithm::{EdDsa, Es256, Ps256};
        self == Self::OpenIdConnect || matches!(algorithm, Ps256 | Es256 | EdDsa)
    }

    /// Whether a client may authenticate so (FAPI 2.0 §5.3.3.1).
    pub(super) fn allows_method(self, method: ClientAuthentication) -> bool {
        self == Self::OpenIdConnect || method.is_mutual_tls() || method == ClientAuthentication::PrivateKeyJwt
    }
}

/// A demand of the FAPI 2.0 Security Profile that is not met.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Unmet {
    /// §5.2.1
    #[error("https everywhere")]
    Https,
    /// §5.3.3.1
    #[error("a client that proves itself with a key or a certificate, not with a secret")]
    Credentials,
    /// §5.3.3.1
    #[error("the issuer as the audience of client assertions")]
    AssertionAudience,
    /// §5.4.1
    #[error("PS256, ES256 or EdDSA for client assertions")]
    AssertionAlgorithm,
    /// §5.4.1
    #[error("PS256, ES256 or EdDSA for ID Tokens, and nothing else")]
    IdTokenAlgorithms,
    /// §5.3.3.2
    #[error("that the provider advertises PKCE with S256")]
    PkceUnadvertised,
    /// §5.3.3.2
    #[error("pushed authorization requests")]
    PushedAuthorizationRequests,
    /// §5.3.3.1: an address that somebody has written down may be another's by now, or from the start.
    #[error("that every address of the provider is from its metadata")]
    Metadata,
    /// §5.3.3.2: whether this response is our provider's.
    #[error("a provider that sends iss in authorization responses (authorization_response_iss_parameter_supported)")]
    Iss,
    /// §5.3.3.1: a token that was stolen is good for nobody else.
    #[error(
        "access tokens that are bound to this client: by DPoP (dpop_signing_alg_values_supported with ES256, and every \
         relayed API taking it), or by its certificate (tls_client_certificate_bound_access_tokens)"
    )]
    SenderConstrained,
}

/// Every demand of the profile that the settings do not meet.
pub(super) fn unmet(registration: &Registration) -> Vec<Unmet> {
    if registration.security_profile == SecurityProfile::OpenIdConnect {
        return Vec::new();
    }
    let profile = registration.security_profile;
    let credentials = &registration.credentials;
    let pinned = registration.client_authentication;
    let algorithm = registration.assertion_algorithm;
    let refused_id_tokens = |it: &IdTokenAlgorithm| !profile.allows_id_token(*it);
    let allowed = |keys: &ClientKeys| keys.sign_with().iter().any(|it| profile.allows_assertion(*it));
    // With a certificate, no assertion may be needed at all.
    let can_sign = credentials.certificate.is_some() || credentials.keys.as_ref().is_none_or(allowed);
    let demands = [
        (Unmet::Https, !registration.http_loopback),
        (
            Unmet::Credentials,
            (credentials.keys.is_some() || credentials.certificate.is_some())
                && pinned.is_none_or(|method| profile.allows_method(method)),
        ),
        (
            Unmet::AssertionAudience,
            registration.assertion_audience == AssertionAudience::Issuer,
        ),
        (
            Unmet::AssertionAlgorithm,
            algorithm.is_none_or(|algorithm| profile.allows_assertion(algorithm)) && can_sign,
        ),
        (
            Unmet::IdTokenAlgorithms,
            !registration.id_token_algorithms.iter().flatten().any(refused_id_tokens),
        ),
        (Unmet::PkceUnadvertised, !registration.pkce_unadvertised),
        (
            Unmet::PushedAuthorizationRequests,
            registration.pushed_authorization_requests != Usage::Off,
        ),
        (Unmet::Metadata, registration.end_session_endpoint.is_none()),
    ];
    demands
        .into_iter()
        .filter_map(|(demand, is_met)| (!is_met).then_some(demand))
        .collect()
}

/// Holds the provider against the profile, as far as the steps before have not: they leave out methods, algorithms and
/// ways to ask that it forbids.
pub(super) fn check(profile: SecurityProfile, metadata: &ProviderMetadata) -> Result<(), Unmet> {
    match profile {
        SecurityProfile::Fapi2 if !metadata.authorization_response_iss_parameter_supported => Err(Unmet::Iss),
        SecurityProfile::Fapi2 if !is_sender_constrained(metadata) => Err(Unmet::SenderConstrained),
        SecurityProfile::OpenIdConnect | SecurityProfile::Fapi2 => Ok(()),
    }
}

/// Whether the access tokens of this provider are bound to something that only we have.
fn is_sender_constrained(metadata: &ProviderMetadata) -> bool {
    metadata.certificate_bound_access_tokens || metadata.dpop
}

#[cfg(test)]
mod tests;
