//! Signing out at providers without an end session endpoint, or with an unusual one.

use super::signs_in;
use crate::world::World;
use provider::{Endpoint, Fault};

/// LO-06
#[tokio::test]
async fn without_an_end_session_endpoint_the_sign_out_is_ours_only() {
    let world = World::start().await;
    for fault in [
        Fault::MetadataWithoutMember("end_session_endpoint"),
        Fault::MetadataMember("end_session_endpoint", serde_json::Value::Null),
    ] {
        let mut browser = signs_in(&world, "no endpoint", &vec![], vec![fault]).await;
        let out = browser.submit("/auth/logout").await;
        assert_eq!(out.location(), Some("/signed-out?provider=none"));
        world.provider.heal();
    }
}

/// LO-05
///
/// The browser sends a GET, because some providers accept nothing else. The query of the endpoint's address is kept.
#[tokio::test]
async fn an_end_session_endpoint_may_take_get_only_and_have_a_query() {
    let world = World::start().await;
    let address = format!("{}/end-session?tenant=a%20b", world.provider.issuer());
    let fault = Fault::MetadataMember("end_session_endpoint", address.into());
    let mut browser = signs_in(&world, "a query", &vec![], vec![fault]).await;
    let out = browser.submit("/auth/logout").await;
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    let client = client.tls_backend_preconfigured(no_tls()).build().expect("a client");
    let answer = client.get(out.leads_to().expect("an address")).send().await;
    let answer = answer.expect("the provider answers");
    assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap_or_default());
    let back = answer.headers()["location"].to_str().expect("ASCII");
    assert!(back.starts_with("https://app.example.com/signed-out?state="), "{back}");
    let calls = world.provider.calls_to(Endpoint::EndSession);
    assert_eq!(
        (calls[0].method.as_str(), calls[0].parameter("tenant")),
        ("GET", Some("a b"))
    );
}

/// The machine may have no list of authorities, and then the client cannot be built. This test uses no TLS, so an empty
/// list is enough.
fn no_tls() -> rustls::ClientConfig {
    rustls::ClientConfig::builder()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
