//! `BFF_PROFILE`, and its demands on the settings.

use super::Source;
use crate::relay::{ApiSettings, ApiToken};
use oidc_relying_party::{Registration, SecurityProfile, Unmet};

pub(super) fn read(source: &mut Source) -> Option<SecurityProfile> {
    if !source.is_set("BFF_PROFILE") {
        return Some(SecurityProfile::OpenIdConnect);
    }
    source.parsed("BFF_PROFILE", |text| match text {
        "fapi2" => Ok(SecurityProfile::Fapi2),
        _ => Err("is not fapi2".to_owned()),
    })
}

/// Notes everything that the registration leaves unmet.
pub(super) fn check(source: &mut Source, registration: &Registration) {
    for unmet in registration.unmet() {
        let problem = format!("is fapi2, which demands {unmet}: see {}", settings_of(unmet));
        source.error("BFF_PROFILE", problem);
    }
}

/// The setting that meets a demand.
fn settings_of(unmet: Unmet) -> &'static str {
    match unmet {
        Unmet::Https => "BFF_HTTP_LOOPBACK",
        Unmet::Credentials => "BFF_CLIENT_KEY, BFF_CLIENT_CERTIFICATE and BFF_CLIENT_AUTHENTICATION",
        Unmet::AssertionAudience => "BFF_CLIENT_ASSERTION_AUDIENCE",
        Unmet::AssertionAlgorithm => "BFF_CLIENT_ASSERTION_ALGORITHM",
        Unmet::IdTokenAlgorithms => "BFF_ID_TOKEN_ALGORITHMS",
        Unmet::PkceUnadvertised => "BFF_PKCE_UNADVERTISED",
        Unmet::PushedAuthorizationRequests => "BFF_PAR",
        Unmet::Metadata => "BFF_END_SESSION_ENDPOINT, which some of BFF_PROVIDER set",
        Unmet::Iss | Unmet::SenderConstrained => "what the provider offers",
    }
}

/// FAPI 2.0 §5.2.1 and §5.3.3.1, of the APIs that get a token: it travels in TLS, with the proof of its binding. An API
/// that gets none is no resource server.
pub(super) fn check_apis(source: &mut Source, profile: SecurityProfile, apis: &[ApiSettings]) {
    let with_token = apis.iter().filter(|api| api.token != ApiToken::None);
    for api in with_token.filter(|_| profile == SecurityProfile::Fapi2) {
        if api.url.scheme() != "https" {
            let problem = format!("is http, and BFF_PROFILE is fapi2, which demands {}", Unmet::Https);
            source.error(&api.variable(""), problem);
        }
        if !api.dpop && api.certificate.is_none() {
            let problem = "has to be on, or the same name with _CERTIFICATE: BFF_PROFILE is fapi2, which demands that an \
                           API can check that a token is bound to this client";
            source.error(&api.variable("_DPOP"), problem);
        }
    }
}
