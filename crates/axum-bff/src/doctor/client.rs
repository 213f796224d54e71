//! This client's registration at the provider, as far as it can be told from outside.

use super::report::{Report, cause};
use crate::config::PublicUrl;
use crate::paths;
use oidc_relying_party::{AuthorizationVerdict, CredentialsVerdict, Diagnosis, Fault, Probes, TokenRequestError};

pub(super) fn check(report: &mut Report, diagnosis: &Diagnosis, public_url: &PublicUrl) {
    report.section("This client at the provider");
    if let Some(probes) = &diagnosis.probes {
        credentials(report, diagnosis, probes);
        redirect_uri(report, diagnosis, probes);
    } else {
        report.note(
            "client",
            "not checked: the metadata cannot be used, so no request is sent to the provider",
        );
    }
    to_be_registered(report, diagnosis, public_url);
}

fn to_be_registered(report: &mut Report, diagnosis: &Diagnosis, public_url: &PublicUrl) {
    let registration = &diagnosis.registration;
    report.section("To be registered there, character by character");
    report.note("redirect URI", registration.redirect_uri.as_str());
    report.note("post-logout URI", registration.post_logout_redirect_uri.as_str());
    report.note(
        "back-channel logout",
        public_url.join(paths::BACKCHANNEL_LOGOUT).as_str(),
    );
    report.note(
        "front-channel logout",
        public_url.join(paths::FRONTCHANNEL_LOGOUT).as_str(),
    );
    if registration.credentials.keys.is_some() {
        report.note("public keys", public_url.join(paths::JWKS).as_str());
    }
}

fn credentials(report: &mut Report, diagnosis: &Diagnosis, probes: &Probes) {
    let name = "client credentials";
    let method = diagnosis
        .metadata
        .as_ref()
        .map_or("", |metadata| metadata.client_authentication.method.name());
    match (&probes.credentials, &probes.authorization) {
        (CredentialsVerdict::Accepted, _) => {
            report.ok(name, "accepted: the provider refuses a made-up code, and not the client");
        }
        (
            CredentialsVerdict::Refused,
            AuthorizationVerdict::Answered(_) | AuthorizationVerdict::AnsweredWithoutOfflineAccess,
        ) => report.wrong(
            name,
            format!("refused, sent with {method}; the client id itself is known (a hint)"),
            "check that BFF_CLIENT_SECRET is the client's present secret or BFF_CLIENT_KEY a key registered for it, and BFF_CLIENT_AUTHENTICATION its method",
        ),
        (CredentialsVerdict::Refused, AuthorizationVerdict::Refused(_) | AuthorizationVerdict::NotPushed(_)) => report.wrong(
            name,
            format!("refused, sent with {method}; the authorization request is refused too, so the client id may be unknown"),
            "check that BFF_CLIENT_ID and its credentials (BFF_CLIENT_SECRET, BFF_CLIENT_KEY) are those of a client of this provider",
        ),
        (CredentialsVerdict::Refused, _) => report.wrong(
            name,
            format!("refused, sent with {method}"),
            "check that BFF_CLIENT_ID, its credentials (BFF_CLIENT_SECRET, BFF_CLIENT_KEY) and BFF_CLIENT_AUTHENTICATION are the client's",
        ),
        (CredentialsVerdict::NotForThisGrant, _) => report.wrong(
            name,
            "the provider knows the client and does not let it use the authorization code grant",
            "allow the client the authorization code grant at the provider",
        ),
        (CredentialsVerdict::Unclear(TokenRequestError::Http(error)), _) => report.wrong(
            name,
            format!("the token endpoint does not answer: {}", cause(error)),
            "check that this machine reaches the token endpoint that the metadata names",
        ),
        (CredentialsVerdict::Unclear(error), _) => report.untold(
            name,
            format!("the token endpoint answers a made-up code in an unusual way ({})", error.code()),
        ),
    }
}

/// Only a hint: providers differ in the page that they show to a person who is not signed in.
fn redirect_uri(report: &mut Report, diagnosis: &Diagnosis, probes: &Probes) {
    let name = "redirect URI";
    let address = &diagnosis.registration.redirect_uri;
    let knows_client = matches!(probes.credentials, CredentialsVerdict::Accepted);
    match &probes.authorization {
        AuthorizationVerdict::AnsweredWithoutOfflineAccess => {
            report.ok(name, "the provider answers to it, so it is registered");
            report.untold(
                "offline_access",
                "the provider refuses it together with prompt=none, and accepts the request without it",
            );
        }
        AuthorizationVerdict::Answered(None) => report.ok(name, "the provider answers to it, so it is registered"),
        AuthorizationVerdict::Answered(Some(error)) => match error.fault() {
            Fault::Person => report.ok(
                name,
                format!("the provider answers to it ({}), so it is registered", error.name()),
            ),
            Fault::Settings => report.wrong(
                name,
                format!("registered, but the provider refuses the request: {}", error.name()),
                "check that the client may use the authorization code flow and the scopes of BFF_SCOPES",
            ),
            Fault::Provider | Fault::Unavailable => {
                report.untold(name, format!("the provider answers to it with {}", error.name()));
            }
        },
        AuthorizationVerdict::Refused(status @ (400 | 401 | 404)) if knows_client => report.wrong(
            name,
            format!("the provider shows a page with {status} instead of answering to it: most likely not registered (a hint)"),
            format!("register {address} as a redirect URI of the client, character by character"),
        ),
        AuthorizationVerdict::Refused(status @ (400 | 401 | 404)) => report.wrong(
            name,
            format!("the provider shows a page with {status} instead of answering: client id or redirect URI is unknown (a hint)"),
            format!("check that BFF_CLIENT_ID is right, and register {address} as its redirect URI"),
        ),
        AuthorizationVerdict::Refused(status) | AuthorizationVerdict::Unclear(status) => report.untold(
            name,
            format!("the provider answers the request with {status}, in an unusual way"),
        ),
        AuthorizationVerdict::NotPushed(error) => report.wrong(
            name,
            format!("the provider does not accept the pushed authorization request ({})", error.code()),
            format!("check that {address} is registered, and that the client may push requests; BFF_PAR=off does not push them"),
        ),
        AuthorizationVerdict::Away(error) => report.warning(
            name,
            format!("the authorization endpoint does not answer from here: {}", cause(error)),
            "check that browsers reach the authorization endpoint that the metadata names",
        ),
    }
}
