use super::*;
use crate::tests::provider::{CODE, NONCE, pending};

const ISSUER: &str = "https://op.example";

fn both(iss: Option<&str>) -> [AuthorizationResponse; 2] {
    let iss = iss.map(str::to_owned);
    [
        AuthorizationResponse::Code {
            code: CODE.into(),
            iss: iss.clone(),
        },
        AuthorizationResponse::Error {
            error: AuthorizationErrorCode::AccessDenied,
            iss,
        },
    ]
}

async fn code(response: AuthorizationResponse, iss_required: bool) -> &'static str {
    match accept(ISSUER, pending(ISSUER), response, async { Ok(iss_required) }).await {
        Ok(_) => "accepted",
        Err(error) => error.code(),
    }
}

/// CB-05
#[tokio::test]
async fn another_iss_is_refused_on_success_and_error_alike() {
    for iss in [
        "https://evil.example",
        "https://op.example/",
        "https://OP.example",
        "https://op.example:443",
        "",
    ] {
        for response in both(Some(iss)) {
            for required in [false, true] {
                assert_eq!(
                    code(response.clone(), required).await,
                    "authorization_response_issuer",
                    "{iss}"
                );
            }
        }
    }
    for required in [false, true] {
        let [success, error] = both(Some(ISSUER));
        assert_eq!(code(success, required).await, "accepted");
        assert_eq!(code(error, required).await, "access_denied");
    }
}

/// CB-06
#[tokio::test]
async fn a_missing_iss_is_refused_where_the_provider_announces_it() {
    for response in both(None) {
        assert_eq!(code(response, true).await, "authorization_response_issuer_missing");
    }
    let [success, error] = both(None);
    assert_eq!(code(success, false).await, "accepted");
    assert_eq!(code(error, false).await, "access_denied");
}

/// SEC-05
#[tokio::test]
async fn a_login_that_began_at_another_issuer_is_refused() {
    for response in both(Some(ISSUER)) {
        let error = accept(ISSUER, pending("https://other.example"), response, async { Ok(false) })
            .await
            .expect_err("another issuer's login");
        assert_eq!(
            (error.code(), error.fault()),
            ("authorization_response_issuer", Fault::Person)
        );
    }
}

#[tokio::test]
async fn without_metadata_a_response_without_iss_has_to_wait() {
    for response in both(None) {
        let away = async { Err(DiscoveryError::Http(crate::HttpError::Timeout)) };
        let error = accept(ISSUER, pending(ISSUER), response, away)
            .await
            .expect_err("no metadata");
        assert_eq!((error.code(), error.fault()), ("provider_timeout", Fault::Unavailable));
    }
}

/// CB-07
#[tokio::test]
async fn provider_errors_are_mapped_to_whose_fault_they_are() {
    for (parameter, fault) in [
        ("access_denied", Fault::Person),
        ("login_required", Fault::Person),
        ("consent_required", Fault::Person),
        ("interaction_required", Fault::Person),
        ("temporarily_unavailable", Fault::Unavailable),
        ("server_error", Fault::Provider),
        ("invalid_request", Fault::Settings),
        ("invalid_scope", Fault::Settings),
        ("never_heard_of", Fault::Provider),
    ] {
        let error = AuthorizationErrorCode::from_parameter(parameter);
        let response = AuthorizationResponse::Error { error, iss: None };
        let refused = accept(ISSUER, pending(ISSUER), response, async { Ok(false) })
            .await
            .expect_err("a refusal");
        assert_eq!(refused.fault(), fault, "{parameter}");
    }
}

#[tokio::test]
async fn a_grant_carries_what_the_token_request_needs() {
    let [success, _] = both(None);
    let grant = accept(ISSUER, pending(ISSUER), success, async { Ok(false) })
        .await
        .expect("a grant");
    assert_eq!(grant.code(), CODE);
    assert_eq!(grant.nonce.expose_secret(), NONCE);
}
