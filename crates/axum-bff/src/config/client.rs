//! This client's credentials, and their use.

use super::Source;
use oidc_relying_party::{
    AssertionAlgorithm, AssertionAudience, ClientAuthentication, ClientCertificate, ClientKeys, Credentials,
};
use secrecy::SecretString;

/// The settings of client authentication.
pub(super) struct Client {
    pub(super) credentials: Credentials,
    pub(super) authentication: Option<ClientAuthentication>,
    pub(super) assertion_algorithm: Option<AssertionAlgorithm>,
    pub(super) assertion_audience: AssertionAudience,
}

const NO_CREDENTIAL: &str =
    "is missing, and so are BFF_CLIENT_KEY and BFF_CLIENT_CERTIFICATE: a client has to authenticate with one of them";

pub(super) fn read(source: &mut Source) -> Option<Client> {
    let credentials = Credentials {
        secret: source.text("BFF_CLIENT_SECRET").map(SecretString::from),
        keys: source.parsed("BFF_CLIENT_KEY", |pem| {
            ClientKeys::from_pem(pem).map_err(|error| error.to_string())
        }),
        certificate: certificate(source),
    };
    let named = ["BFF_CLIENT_SECRET", "BFF_CLIENT_KEY", "BFF_CLIENT_CERTIFICATE"];
    // A broken one has been reported already.
    if !named
        .into_iter()
        .any(|name| source.is_set(name) || source.is_wrong(name))
    {
        source.error("BFF_CLIENT_SECRET", NO_CREDENTIAL);
    }
    let authentication = source.parsed("BFF_CLIENT_AUTHENTICATION", |text| {
        let method: ClientAuthentication = text.parse().map_err(|error| format!("{error}"))?;
        if method.has_credential(&credentials) {
            Ok(method)
        } else {
            Err(format!("is {text}, and {} is missing", needs(method)))
        }
    });
    let assertion_algorithm = source.parsed("BFF_CLIENT_ASSERTION_ALGORITHM", |text| {
        let algorithm = text.parse().map_err(|error| format!("is {error}"))?;
        let can = |keys: &ClientKeys| keys.sign_with().contains(&algorithm);
        if credentials.keys.as_ref().is_some_and(can) {
            Ok(algorithm)
        } else {
            Err("does not fit the first key of BFF_CLIENT_KEY".to_owned())
        }
    });
    let audiences = [
        ("issuer", AssertionAudience::Issuer),
        ("token_endpoint", AssertionAudience::TokenEndpoint),
        ("endpoint", AssertionAudience::Endpoint),
    ];
    let assertion_audience = source.choice("BFF_CLIENT_ASSERTION_AUDIENCE", &audiences);
    Some(Client {
        credentials,
        authentication,
        assertion_algorithm,
        assertion_audience: assertion_audience?,
    })
}

/// A key of its own, and not one of `BFF_CLIENT_KEY`: that one is published and replaced on its own, without an authority.
fn certificate(source: &mut Source) -> Option<ClientCertificate> {
    let key = source.text("BFF_CLIENT_CERTIFICATE_KEY");
    if key.is_some() && !source.is_set("BFF_CLIENT_CERTIFICATE") && !source.is_wrong("BFF_CLIENT_CERTIFICATE") {
        source.error(
            "BFF_CLIENT_CERTIFICATE_KEY",
            "is set, and BFF_CLIENT_CERTIFICATE is missing",
        );
    }
    if key.is_none() && source.is_wrong("BFF_CLIENT_CERTIFICATE_KEY") {
        return None;
    }
    source.parsed("BFF_CLIENT_CERTIFICATE", |chain| {
        let key = key
            .as_deref()
            .ok_or("is set, and BFF_CLIENT_CERTIFICATE_KEY is missing")?;
        ClientCertificate::from_pem(chain, key).map_err(|error| error.to_string())
    })
}

fn needs(method: ClientAuthentication) -> &'static str {
    match method {
        ClientAuthentication::TlsClientAuth | ClientAuthentication::SelfSignedTlsClientAuth => "BFF_CLIENT_CERTIFICATE",
        ClientAuthentication::PrivateKeyJwt => "BFF_CLIENT_KEY",
        ClientAuthentication::ClientSecretBasic | ClientAuthentication::ClientSecretPost => "BFF_CLIENT_SECRET",
    }
}
