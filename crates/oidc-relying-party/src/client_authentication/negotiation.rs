//! Which method of client authentication is used: the strongest that the provider lists and our credentials allow, unless
//! the settings pin one.

use std::fmt;

use super::{
    super::{AssertionAlgorithm, Registration, client_key::ClientKey},
    ClientAuthentication,
};

/// The metadata about client authentication at the token endpoint (Discovery 1.0 §3, RFC 8414 §2). `None`: absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offered<'a> {
    /// `token_endpoint_auth_methods_supported`.
    pub(crate) methods: Option<Vec<&'a str>>,
    /// `token_endpoint_auth_signing_alg_values_supported`.
    pub(crate) algorithms: Option<Vec<&'a str>>,
}

/// How we authenticate at this provider's endpoints, and why in this way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Negotiated {
    /// The method.
    pub method: ClientAuthentication,
    /// The algorithm of client assertions, where the method has them.
    pub algorithm: Option<AssertionAlgorithm>,
    /// Why it is this method.
    pub reason: NegotiationReason,
    /// The stronger methods, and why it is none of them.
    pub passed_over: Vec<(ClientAuthentication, PassedOver)>,
}

/// Why a method was chosen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NegotiationReason {
    /// The settings say so.
    Pinned,
    /// It is the strongest that the provider lists and our credentials allow.
    Strongest,
    /// The provider lists none, which means `client_secret_basic` (Discovery 1.0 §3).
    Default,
}

/// Why a method was not chosen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PassedOver {
    /// We lack the credential for it.
    NoCredential,
    /// The provider does not list it.
    NotListed,
    /// The provider lists no algorithm that the first of our keys signs with.
    NoAlgorithm,
    /// The profile forbids it.
    Profile,
}

impl fmt::Display for PassedOver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoCredential => "no credential for it is set",
            Self::NotListed => "the provider does not list it",
            Self::NoAlgorithm => "the provider lists no algorithm of the key that signs",
            Self::Profile => "the profile does not allow it",
        })
    }
}

impl fmt::Display for Negotiated {
    /// One line: the choice, its reason, and why no stronger method was chosen.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.method.name())?;
        if let Some(algorithm) = self.algorithm {
            write!(formatter, " with {}", algorithm.name())?;
        }
        formatter.write_str(match self.reason {
            NegotiationReason::Pinned => ": set",
            NegotiationReason::Strongest => ": the strongest that the provider lists and the credentials allow",
            NegotiationReason::Default => ": the provider lists no method, which means this one",
        })?;
        for (method, why) in &self.passed_over {
            write!(formatter, "; not {}: {why}", method.name())?;
        }
        Ok(())
    }
}

/// Chooses for this registration.
pub(crate) fn negotiate(offered: &Offered<'_>, registration: &Registration) -> Result<Negotiated, NegotiationError> {
    if let Some(pinned) = registration.client_authentication {
        let (reason, passed_over) = (NegotiationReason::Pinned, Vec::new());
        return match judge(pinned, offered, registration) {
            // A provider that lists nothing is taken at the operator's word.
            Err(PassedOver::NotListed) if offered.methods.is_none() => chosen(pinned, offered, registration),
            judged => judged,
        }
        .map(|algorithm| Negotiated {
            method: pinned,
            algorithm,
            reason,
            passed_over,
        })
        .map_err(|why| NegotiationError::Pinned(pinned, why));
    }
    let mut passed_over = Vec::new();
    for method in ClientAuthentication::ALL {
        match judge(method, offered, registration) {
            Ok(algorithm) => {
                let reason = match offered.methods {
                    Some(_) => NegotiationReason::Strongest,
                    None => NegotiationReason::Default,
                };
                return Ok(Negotiated {
                    method,
                    algorithm,
                    reason,
                    passed_over,
                });
            }
            Err(why) => passed_over.push((method, why)),
        }
    }
    Err(NegotiationError::Nothing)
}

/// Whether `method` can be used; with the algorithm, where it has one.
fn judge(
    method: ClientAuthentication,
    offered: &Offered<'_>,
    registration: &Registration,
) -> Result<Option<AssertionAlgorithm>, PassedOver> {
    let listed = match &offered.methods {
        Some(methods) => methods.contains(&method.name()),
        None => method == ClientAuthentication::ClientSecretBasic,
    };
    if !registration.security_profile.allows_method(method) {
        Err(PassedOver::Profile)
    } else if !method.has_credential(&registration.credentials) {
        Err(PassedOver::NoCredential)
    } else if listed {
        chosen(method, offered, registration)
    } else {
        Err(PassedOver::NotListed)
    }
}

fn chosen(
    method: ClientAuthentication,
    offered: &Offered<'_>,
    registration: &Registration,
) -> Result<Option<AssertionAlgorithm>, PassedOver> {
    match &registration.credentials.keys {
        Some(keys) if method == ClientAuthentication::PrivateKeyJwt => {
            let algorithm = algorithm(keys.signing(), offered, registration);
            algorithm.map(Some).ok_or(PassedOver::NoAlgorithm)
        }
        _ => Ok(None),
    }
}

/// The algorithms that the key has, the settings allow and the provider lists. A provider without a list has to know
/// RS256 (RFC 8414 §2), so an RSA key signs with that there; for another kind of key the operator has to know that it is
/// registered.
fn algorithm(key: &ClientKey, offered: &Offered<'_>, registration: &Registration) -> Option<AssertionAlgorithm> {
    let allowed = |algorithm: &&AssertionAlgorithm| {
        registration.assertion_algorithm.is_none_or(|it| it == **algorithm)
            && registration.security_profile.allows_assertion(**algorithm)
    };
    let mut usable = key.algorithms().iter().filter(allowed);
    match &offered.algorithms {
        Some(listed) => usable.find(|algorithm| listed.contains(&algorithm.name())),
        None => usable.next_back(),
    }
    .copied()
}

/// Why there is no way to authenticate at this provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NegotiationError {
    /// The method of the settings cannot be used.
    #[error("client authentication is set to {method}, but {why}", method = .0.name(), why = .1)]
    Pinned(ClientAuthentication, PassedOver),
    /// Nothing that the provider lists can be done with our credentials.
    #[error("the provider lists no method of client authentication that the credentials allow")]
    Nothing,
}

#[cfg(test)]
mod tests;
