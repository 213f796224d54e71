//! The choices from the provider's metadata, and their reasons.

use super::report::{Report, quoted};
use oidc_relying_party::{Diagnosis, ProviderMetadata, SecurityProfile, Switch, Usage};

pub(super) fn check(report: &mut Report, diagnosis: &Diagnosis) {
    let Ok(metadata) = &diagnosis.metadata else {
        return;
    };
    report.section("Choices from the metadata, and why");
    client_authentication(report, diagnosis, metadata);
    algorithms(report, diagnosis, metadata);
    pkce(report, diagnosis);
    pushed_requests(report, diagnosis, metadata);
    bound_tokens(report, diagnosis, metadata);
    profile(report, diagnosis);
    userinfo(report, diagnosis, metadata);
    iss_parameter(report, metadata);
    logout(report, diagnosis, metadata);
    logout_tokens(report, diagnosis, metadata);
    revocation(report, metadata);
}

/// A list of the metadata, for people.
fn listed(diagnosis: &Diagnosis, member: &str) -> String {
    match diagnosis.listed(member) {
        Some(values) => format!("the provider lists {}", quoted(&values.join(" "))),
        None => "the provider lists none".to_owned(),
    }
}

fn client_authentication(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    let listed = listed(diagnosis, "token_endpoint_auth_methods_supported");
    let negotiated = &metadata.client_authentication;
    report.ok("client authentication", format!("{negotiated}; {listed}"));
}

fn pushed_requests(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    let offered = diagnosis.document.contains_key("pushed_authorization_request_endpoint");
    let found = match (&metadata.pushed_authorization_request_endpoint, offered) {
        (Some(endpoint), _) => format!(
            "pushed first, to {}: the provider supports it",
            quoted(endpoint.as_str())
        ),
        (None, true) => "not pushed: BFF_PAR=off, although the provider supports it".to_owned(),
        (None, false) => "not pushed: the provider does not say that it supports it".to_owned(),
    };
    report.ok("authorization request", found);
}

fn bound_tokens(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    let listed = listed(diagnosis, "dpop_signing_alg_values_supported");
    let found = match (
        metadata.dpop,
        metadata.certificate_bound_access_tokens,
        diagnosis.registration.dpop,
    ) {
        (true, ..) => format!("bound to a key of the session (DPoP); {listed}"),
        (false, true, _) => "bound to the client's certificate: the provider's metadata says so".to_owned(),
        (false, false, Usage::Off) => {
            format!("bearer tokens: BFF_DPOP=off, or an API with the person's token does not support DPoP; {listed}")
        }
        (false, false, _) => format!("bearer tokens: DPoP needs ES256; {listed}"),
    };
    report.ok("access tokens", found);
}

fn profile(report: &mut Report, diagnosis: &Diagnosis) {
    match diagnosis.registration.security_profile {
        SecurityProfile::OpenIdConnect => {}
        SecurityProfile::Fapi2 => report.ok("profile", "FAPI 2.0 Security Profile: both sides meet it"),
    }
}

fn algorithms(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    let chosen: Vec<&str> = metadata.id_token_algorithms.iter().map(|one| one.name()).collect();
    let said = listed(diagnosis, "id_token_signing_alg_values_supported");
    let chosen = chosen.join(" ");
    if diagnosis.registration.id_token_algorithms.is_none() {
        let found = format!("{chosen}: listed by the provider and accepted by this server; {said}");
        return report.ok("ID Token algorithms", found);
    }
    let found = format!("{chosen}: BFF_ID_TOKEN_ALGORITHMS says so; {said}");
    let listed = diagnosis.listed("id_token_signing_alg_values_supported");
    let is_listed = |listed: Vec<&str>| {
        metadata
            .id_token_algorithms
            .iter()
            .all(|one| listed.contains(&one.name()))
    };
    if listed.is_none_or(is_listed) {
        report.ok("ID Token algorithms", found);
    } else {
        let mend = "check which algorithm the client is registered for, and remove BFF_ID_TOKEN_ALGORITHMS if in doubt";
        report.warning("ID Token algorithms", found, mend);
    }
}

fn pkce(report: &mut Report, diagnosis: &Diagnosis) {
    let methods = diagnosis.listed("code_challenge_methods_supported").unwrap_or_default();
    let why = if methods.contains(&"S256") {
        "the provider lists it"
    } else {
        "the provider does not list it, and BFF_PKCE_UNADVERTISED=on accepts that"
    };
    report.ok("PKCE", format!("S256: {why}"));
}

fn userinfo(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    let found = match (&metadata.userinfo_endpoint, diagnosis.registration.userinfo) {
        (Some(_), true) => "read at sign-in: the provider has it",
        (Some(_), false) => "not read: BFF_USERINFO=off",
        (None, _) => "not read: the provider has none",
    };
    report.ok("userinfo", found);
}

fn iss_parameter(report: &mut Report, metadata: &ProviderMetadata) {
    let found = if metadata.authorization_response_iss_parameter_supported {
        "demanded in every answer: the provider's metadata announces it"
    } else {
        "checked if it is there: the provider's metadata does not announce it"
    };
    report.ok("iss parameter", found);
}

fn logout(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    match &metadata.end_session_endpoint {
        Some(endpoint) => report.ok("sign-out", format!("here, then at {}", quoted(endpoint.as_str()))),
        None => report.note("sign-out", "here only: the provider has no end-session endpoint"),
    }
    let supported = (
        metadata.backchannel_logout_supported,
        metadata.frontchannel_logout_supported,
    );
    let members = ["backchannel_logout_supported", "frontchannel_logout_supported"];
    let is_silent = members.iter().all(|member| !diagnosis.document.contains_key(*member));
    let found = match supported {
        (true, _) => "over the back channel: register the address below",
        (false, true) => "over the front channel: register the address below",
        (false, false) if is_silent => {
            "unknown: the metadata names neither channel; if the provider has one, register the address below"
        }
        (false, false) => "none: the provider offers neither channel, so a session here goes on until its limits",
    };
    if supported == (false, false) {
        report.note("sign-out elsewhere", found);
    } else {
        report.ok("sign-out elsewhere", found);
    }
}

/// The report always has this line: the metadata of many providers that send logout tokens does not say so.
fn logout_tokens(report: &mut Report, diagnosis: &Diagnosis, metadata: &ProviderMetadata) {
    let lenient = "also without exp and with typ JWT, for ten minutes after iat";
    let found = match (metadata.lenient_logout_tokens, diagnosis.registration.lenient_logout_tokens) {
        (true, Switch::On) => format!("{lenient}: BFF_LOGOUT_TOKEN_LENIENT=on"),
        (true, _) => format!(
            "{lenient}, because the metadata looks like Keycloak, Hydra or authentik; BFF_LOGOUT_TOKEN_LENIENT=off refuses them"
        ),
        (false, _) => {
            "with exp, and with typ logout+jwt or none; BFF_LOGOUT_TOKEN_LENIENT=on accepts those of Hydra and older Keycloak"
                .to_owned()
        }
    };
    report.ok("logout tokens", found);
}

fn revocation(report: &mut Report, metadata: &ProviderMetadata) {
    match metadata.revocation_endpoint {
        Some(_) => report.ok(
            "revocation",
            "tokens of sessions that ended are revoked: the provider has an endpoint",
        ),
        None => report.note(
            "revocation",
            "none: the provider has no endpoint for it, so tokens live until they expire",
        ),
    }
}
