//! The doctor says what it cannot find out, and reports nothing as a fault that is none.

use super::Clinic;
use provider::{Answer, Endpoint, Fault};
use serde_json::json;

/// Asserts that the doctor does not print "Sign-in can work", and that the last line names what it could not find out.
async fn cannot_tell(clinic: &Clinic, changes: &[(&str, &str)], names: &str) {
    let (status, printed) = clinic.examine(changes).await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(!printed.contains("Sign-in can work"), "{printed}");
    assert!(
        printed.ends_with(&format!(" until somebody signs in: {names}.\n")),
        "{printed}"
    );
}

#[tokio::test]
async fn an_open_question_is_named_in_the_last_line() {
    let clinic = Clinic::open().await;
    let page = Answer::new(200, "text/html", "<h1>Sign in</h1>");
    clinic
        .provider
        .inject(Fault::Answer(Endpoint::Token, Answer::error(400, "invalid_request")));
    cannot_tell(&clinic, &[], "client credentials").await;
    clinic.provider.inject(Fault::Answer(Endpoint::Authorization, page));
    cannot_tell(&clinic, &[], "client credentials, redirect URI").await;
}

#[tokio::test]
async fn a_provider_that_refuses_offline_access_without_consent_is_not_called_wrong() {
    let clinic = Clinic::open().await;
    let scopes = [("BFF_SCOPES", "openid offline_access")];
    clinic.provider.inject(Fault::OfflineAccessNeedsConsent);
    cannot_tell(&clinic, &scopes, "offline_access").await;
    let (_, printed) = clinic.examine(&scopes).await;
    assert!(printed.contains("so it is registered"), "{printed}");
    clinic.provider.heal();
    // A scope that the provider refuses in any case is still reported.
    let refused = Fault::AuthorizationError("invalid_scope", "no".to_owned());
    clinic.provider.inject(refused);
    clinic
        .is_wrong(&scopes, "redirect URI", "invalid_scope", "BFF_SCOPES")
        .await;
}

#[tokio::test]
async fn a_refusal_with_any_4xx_is_read() {
    let clinic = Clinic::open().await;
    for status in [400, 401, 403, 404, 422] {
        let refused = Answer::error(status, "invalid_client");
        clinic.provider.inject(Fault::Answer(Endpoint::Token, refused));
        let mend = "BFF_CLIENT_SECRET";
        clinic.is_wrong(&[], "client credentials", "refused", mend).await;
        clinic.provider.heal();
    }
    // 429 means that the provider is busy, so it is no refusal.
    let busy = Answer::error(429, "invalid_client");
    clinic.provider.inject(Fault::Answer(Endpoint::Token, busy));
    cannot_tell(&clinic, &[], "client credentials").await;
}

#[tokio::test]
async fn metadata_that_are_silent_about_sign_out_elsewhere_do_not_say_that_there_is_none() {
    let clinic = Clinic::open().await;
    let members = ["backchannel_logout_supported", "frontchannel_logout_supported"];
    let neither = "the provider offers neither channel";
    for member in members {
        clinic.provider.inject(Fault::MetadataMember(member, json!(false)));
    }
    let (_, printed) = clinic.examine(&[]).await;
    assert!(printed.contains(neither), "{printed}");
    for member in members {
        clinic.provider.inject(Fault::MetadataWithoutMember(member));
    }
    let (_, printed) = clinic.examine(&[]).await;
    assert!(!printed.contains(neither), "{printed}");
    assert!(printed.contains("the metadata names neither channel"), "{printed}");
}

/// LO-14, LO-18
#[tokio::test]
async fn the_form_of_logout_tokens_is_said_with_its_setting() {
    let clinic = Clinic::open().await;
    let (_, printed) = clinic.examine(&[]).await;
    assert!(
        printed.contains("BFF_LOGOUT_TOKEN_LENIENT=on accepts those of Hydra"),
        "{printed}"
    );
    let (_, printed) = clinic.examine(&[("BFF_LOGOUT_TOKEN_LENIENT", "on")]).await;
    assert!(printed.contains("also without exp and with typ JWT"), "{printed}");
    let address = format!("{}/realms/a/protocol/openid-connect/logout", clinic.provider.issuer());
    clinic
        .provider
        .inject(Fault::MetadataMember("end_session_endpoint", json!(address)));
    let (_, printed) = clinic.examine(&[]).await;
    assert!(
        printed.contains("BFF_LOGOUT_TOKEN_LENIENT=off refuses them"),
        "{printed}"
    );
}

#[tokio::test]
async fn http_on_a_port_that_was_asked_for_https_is_named() {
    let clinic = Clinic::open().await;
    let https = clinic.provider.issuer().replace("http:", "https:");
    let found = "speaks no TLS on that port";
    clinic
        .is_wrong(&[("BFF_ISSUER", &https)], "discovery", found, "https")
        .await;
    // The doctor reports the same for an endpoint that the metadata names.
    let endpoints = [
        ("jwks_uri", "/jwks", "keys", "jwks_uri"),
        ("token_endpoint", "/token", "client credentials", "token endpoint"),
    ];
    for (member, path, name, mend) in endpoints {
        let address = Fault::MetadataMember(member, json!(format!("{https}{path}")));
        clinic.provider.inject(address);
        clinic
            .is_wrong(&[], name, "the provider's port speaks no TLS", mend)
            .await;
        clinic.provider.heal();
    }
}
