//! The authorization response: its issuer (RFC 9207), and errors.

use super::refused;
use crate::rejection::{MARK, Reached, Refusal, is_rejected};
use crate::world::World;
use axum::http::StatusCode;
use provider::Fault;
use url::Url;

/// The same response, with this issuer as its `iss`.
fn with_iss(callback: &str, issuer: &str) -> String {
    let mut address = Url::parse(callback).expect("an address");
    let others: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    let others = others.into_iter().filter(|(name, _)| name != "iss");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("iss", issuer)
        .finish();
    address.set_query(Some(&query));
    address.into()
}

/// CB-05, CB-06
#[tokio::test]
async fn an_answer_of_another_issuer_or_of_none_is_refused() {
    let world = World::start().await;
    let issuer = world.provider.issuer().to_owned();
    let other = "authorization_response_issuer";
    let cases = [
        (Some(format!("https://{MARK}.example")), other),
        (Some(format!("{issuer}/")), other),
        (Some(issuer.to_uppercase()), other),
        (Some(String::new()), other),
        (None, "authorization_response_issuer_missing"),
    ];
    let responses = [
        Fault::AuthorizationExtraParameter("session_state", "x".to_owned()),
        Fault::AuthorizationError("access_denied", MARK.to_owned()),
    ];
    for (iss, code) in cases {
        for response in &responses {
            let mut browser = world.signed_in("alice").await;
            world.inject(response.clone());
            world.inject(match iss.clone() {
                Some(iss) => Fault::AuthorizationParameter("iss", iss),
                None => Fault::AuthorizationWithoutParameter("iss"),
            });
            let callback = browser.callback_address(&world.provider, "bob", "/").await;
            let status = refused(&world, &mut browser, &callback, code).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{iss:?} {response:?}");
            world.provider.heal();
            if callback.contains("code=") {
                let answer = browser.open(&with_iss(&callback, &issuer)).await;
                assert_eq!(
                    answer.location(),
                    Some("/"),
                    "the provider's own response still finishes the login"
                );
            }
        }
    }
}

/// CB-06
///
/// Where the metadata do not announce `iss`, it may be missing. Where it is there, it has to be the issuer.
#[tokio::test]
async fn iss_may_be_missing_where_it_is_not_announced() {
    let world = World::start().await;
    world.inject(Fault::MetadataWithoutMember(
        "authorization_response_iss_parameter_supported",
    ));
    world.signed_in("alice").await;
    world.inject(Fault::AuthorizationWithoutParameter("iss"));
    let mut browser = world.signed_in("alice").await;
    let callback = browser.callback_address(&world.provider, "bob", "/").await;
    let callback = format!("{callback}&iss=https://evil.example");
    refused(&world, &mut browser, &callback, "authorization_response_issuer").await;
}

/// CB-07, CB-08
#[tokio::test]
async fn an_error_of_the_provider_is_said_in_our_words() {
    let world = World::start().await;
    // The provider's error, the code in the log, the code on the page, and the page's status.
    let cases = [
        ("access_denied", "access_denied", "access_denied", 400),
        ("login_required", "login_required", "login_required", 400),
        ("consent_required", "consent_required", "consent_required", 400),
        (
            "temporarily_unavailable",
            "temporarily_unavailable",
            "temporarily_unavailable",
            400,
        ),
        ("server_error", "server_error", "provider_error", 400),
        ("hostile-7c1e", "unknown_error", "provider_error", 400),
        (
            "unauthorized_client",
            "unauthorized_client",
            "client_misconfigured",
            400,
        ),
        ("invalid_request", "invalid_request", "client_misconfigured", 400),
    ];
    for description in [
        format!("<script>{MARK}</script>\r\nX-Header: y"),
        MARK.repeat(700),
        format!("{MARK}\u{0}\u{2028}\u{e9}"),
    ] {
        for (code, logged, told, status) in cases {
            let mut browser = world.signed_in("alice").await;
            world.inject(Fault::AuthorizationError(code, description.clone()));
            let uri = format!("javascript:alert('{MARK}')");
            world.inject(Fault::AuthorizationExtraParameter("error_uri", uri));
            let callback = browser.callback_address(&world.provider, "bob", "/").await;
            let refusal = Refusal {
                name: code,
                code: logged,
                reached: Reached::Nothing,
            };
            let page = is_rejected(&world, &mut browser, &callback, refusal).await;
            assert_eq!(page.status.as_u16(), status, "{code}");
            assert!(
                page.text().contains(told) && !page.text().contains("javascript:"),
                "{code}"
            );
            world.provider.heal();
        }
    }
}

/// CB-09
#[tokio::test]
async fn a_forged_error_signs_nobody_out_and_ends_no_login() {
    let world = World::start().await;
    let mut browser = world.signed_in("alice").await;
    let pending = browser.callback_address(&world.provider, "bob", "/profile").await;
    for (forged, code) in [
        ("/auth/callback?error=access_denied", "callback_state_missing"),
        ("/auth/callback?error=access_denied&state=x", "login_unknown"),
        ("/auth/callback?error=hostile-7c1e&state=hostile-7c1e", "login_unknown"),
    ] {
        refused(&world, &mut browser, forged, code).await;
    }
    assert_eq!(browser.open(&pending).await.location(), Some("/profile"));
}
