//! Tells an operator before the first sign-in whether the provider and this client's registration fit each other,
//! and if not, why. It gives facts; the caller gives advice.
//!
//! The provider is asked at most four times: for its metadata, its keys, a token for a made-up code, and an
//! authorization without a person (`prompt=none`). None of it changes anything there.

use secrecy::SecretString;
use serde_json::{Map, Value};
use time::Duration;

use super::{
    DiscoveryError, IdTokenAlgorithm, Inner, NamedIssuer, ProviderMetadata, Registration, RelyingParty, Usage, metadata,
};

pub use authorization::AuthorizationVerdict;
pub use credentials::CredentialsVerdict;
pub use issuer::IssuerDifference;
pub use key_set::KeySetSummary;

mod authorization;
mod credentials;
mod issuer;
mod key_set;

/// The facts that were found.
#[derive(Debug)]
pub struct Diagnosis {
    /// The registration that was tried, without its secret in `Debug`.
    pub registration: Registration,
    /// Where the metadata was looked for.
    pub metadata_address: String,
    /// The metadata as the provider published it; empty where there is none.
    pub document: Map<String, Value>,
    /// The metadata as we would use it, or all that is wrong with it.
    pub metadata: Result<ProviderMetadata, Vec<DiscoveryError>>,
    /// How the issuer that the metadata names differs from the configured one. Empty where it does not, and where the
    /// metadata names none.
    pub issuer_differences: Vec<IssuerDifference>,
    /// How far the provider's clock is ahead of ours, to about a second; negative where it is behind. None where its
    /// answer has no `Date`.
    pub clock_offset: Option<Duration>,
    /// The provider's answers to further requests. They are sent only where the metadata can be used: our secret goes to
    /// no endpoint of a document that is not believed.
    pub probes: Option<Probes>,
}

/// The provider's answers to further requests.
#[derive(Debug)]
pub struct Probes {
    /// Its keys.
    pub keys: Result<KeySetSummary, super::KeysError>,
    /// To our client identifier and secret.
    pub credentials: CredentialsVerdict,
    /// To our client identifier and redirect URI.
    pub authorization: AuthorizationVerdict,
}

impl Diagnosis {
    /// The issuer that the metadata names.
    #[must_use]
    pub fn named_issuer(&self) -> Option<&str> {
        self.document.get("issuer").and_then(Value::as_str)
    }

    /// The strings of a list in the metadata; None where it has no such list.
    #[must_use]
    pub fn listed(&self, member: &str) -> Option<Vec<&str>> {
        metadata::strings(&self.document, member)
    }
}
impl RelyingParty {
    /// Looks at the provider as an operator would: at its metadata, its keys and its clock, and at its answers to our
    /// client identifier, secret and redirect URI. Nothing that is kept is used or changed, and nobody is signed in.
    pub async fn diagnose(&self) -> Diagnosis {
        diagnose(&self.inner()).await
    }
}

async fn diagnose(inner: &Inner) -> Diagnosis {
    let mut diagnosis = Diagnosis {
        registration: inner.registration.clone(),
        metadata_address: String::new(),
        document: Map::new(),
        metadata: Err(Vec::new()),
        issuer_differences: Vec::new(),
        clock_offset: None,
        probes: None,
    };
    let read = async {
        let address =
            metadata::address(&inner.registration.issuer).map_err(|_| DiscoveryError::Issuer(NamedIssuer::of(None)))?;
        diagnosis.metadata_address = address.to_string();
        let request = inner.http.get(&address);
        let answer = inner.http.send(request, metadata::SIZE_LIMIT).await?;
        diagnosis.clock_offset = answer.clock_offset.map(|offset| offset.ahead);
        Ok(answer.document()?)
    };
    match read.await {
        Ok(document) => diagnosis.document = document,
        Err(error) => {
            diagnosis.metadata = Err(vec![error]);
            return diagnosis;
        }
    }
    if let Some(named) = diagnosis.named_issuer() {
        diagnosis.issuer_differences = issuer::differences(&inner.registration.issuer, named);
    }
    diagnosis.metadata = judge(&diagnosis.document, &inner.registration);
    if let Ok(metadata) = &diagnosis.metadata {
        diagnosis.probes = Some(Probes {
            keys: key_set::read(inner, metadata).await,
            credentials: credentials::probe(inner, metadata).await,
            authorization: authorization::probe(inner, metadata).await,
        });
    }
    diagnosis
}

/// The metadata, or everything that is wrong with it rather than the first thing: each is set right as far as that goes,
/// and then the document is judged again.
fn judge(document: &Map<String, Value>, registration: &Registration) -> Result<ProviderMetadata, Vec<DiscoveryError>> {
    let (mut document, mut supposed) = (document.clone(), registration.clone());
    let mut problems: Vec<DiscoveryError> = Vec::new();
    loop {
        let problem = match metadata::judge(&document, &supposed) {
            Ok(metadata) if problems.is_empty() => return Ok(metadata),
            Ok(_) => return Err(problems),
            Err(problem) => problem,
        };
        if problems.iter().any(|known| known.code() == problem.code()) {
            return Err(problems);
        }
        set_right(&problem, &mut document, &mut supposed);
        problems.push(problem);
    }
}

/// Pretends that the problem is solved, to find the next one. Some problems stay, and are found again.
fn set_right(problem: &DiscoveryError, document: &mut Map<String, Value>, supposed: &mut Registration) {
    match problem {
        DiscoveryError::Issuer(_) => {
            document.insert("issuer".to_owned(), supposed.issuer.as_str().into());
        }
        DiscoveryError::CodeChallengeMethod => supposed.pkce_unadvertised = true,
        DiscoveryError::IdTokenAlgorithm => supposed.id_token_algorithms = Some(IdTokenAlgorithm::ALL.to_vec()),
        DiscoveryError::ClientAuthentication(_) => {
            document.remove("token_endpoint_auth_methods_supported");
            supposed.client_authentication = None;
            supposed.credentials = SecretString::from("supposed").into();
        }
        DiscoveryError::PushedAuthorizationRequests => supposed.pushed_authorization_requests = Usage::Auto,
        _ => {}
    }
}

#[cfg(test)]
mod tests;
