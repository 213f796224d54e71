//! Mutual TLS with the provider (RFC 8705). A server in front of the provider's endpoints refuses clients without a
//! certificate.

use crate::redis::certificates::authority;
use crate::tls_front::{Authority, Front, fingerprint, issued};
use crate::world::World;
use provider::{Authentication, Endpoint, Fault, PushedAuthorizationRequests};
use rcgen::ExtendedKeyUsagePurpose;
use serde_json::json;
use std::sync::atomic::Ordering;
use tempfile::TempDir;

/// A world whose relying party has a certificate that `clients` issued, and trusts servers with a certificate that
/// `servers` issued. The text is the fingerprint of the relying party's certificate.
async fn world(clients: &Authority, servers: &Authority, pushing: &str) -> (World, TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, servers.pem()).expect("written");
    let (chain, key) = issued(clients, "client", ExtendedKeyUsagePurpose::ClientAuth);
    let settings = [
        ("BFF_CLIENT_SECRET", ""),
        ("BFF_CLIENT_CERTIFICATE", &*chain),
        ("BFF_CLIENT_CERTIFICATE_KEY", &*key.serialize_pem()),
        ("BFF_PROVIDER_CA_FILE", ca.to_str().expect("UTF-8")),
        ("BFF_SCOPES", crate::world::REFRESHING),
        ("BFF_PAR", pushing),
    ];
    let world = World::start_at(&settings, |it| {
        it.client.authentication = Authentication::TlsClientAuth;
        it.pushed_authorization_requests = PushedAuthorizationRequests::Offered;
    })
    .await;
    (world, folder, fingerprint(&chain))
}

fn with_aliases(world: &World, front: &Front) {
    let alias = |path: &str| format!("{}{path}", front.url);
    let aliases = json!({
        "token_endpoint": alias("/token"), "userinfo_endpoint": alias("/userinfo"), "revocation_endpoint": alias("/revoke"),
        "pushed_authorization_request_endpoint": alias("/par"),
    });
    world.inject(Fault::MetadataMember("mtls_endpoint_aliases", aliases));
}

/// TOK-02, TOK-03, oidcc-client-test-mtls-endpoint-aliases
///
/// The Foundation's module `oidcc-client-test-mtls-endpoint-aliases`: the relying party calls the alias of each
/// endpoint to which it sends its certificate.
#[tokio::test]
async fn a_client_with_a_certificate_calls_the_aliases_of_endpoints() {
    let (servers, clients) = (authority("servers"), authority("clients"));
    let (world, _folder, certificate) = world(&clients, &servers, "required").await;
    let front = Front::start(world.provider.issuer(), &servers, Some(&clients)).await;
    with_aliases(&world, &front);
    let mut browser = world.signed_in("alice").await;
    browser.submit("/auth/logout").await;
    world
        .until("the refresh token is revoked", async || {
            !world.provider.calls_to(Endpoint::Revocation).is_empty()
        })
        .await;
    for endpoint in [
        Endpoint::PushedAuthorizationRequest,
        Endpoint::Token,
        Endpoint::Userinfo,
        Endpoint::Revocation,
    ] {
        let calls = world.provider.calls_to(endpoint);
        assert!(!calls.is_empty(), "{endpoint:?}");
        for call in calls {
            assert_eq!(call.header("x-client-certificate"), Some(&*certificate), "{endpoint:?}");
            if endpoint != Endpoint::Userinfo {
                assert!(
                    call.header("authorization").is_none(),
                    "one method of client authentication only"
                );
                let of_the_client = call.form.iter().filter(|(name, _)| name.starts_with("client_"));
                let expected = ("client_id".to_owned(), world.client.id.clone());
                assert_eq!(of_the_client.collect::<Vec<_>>(), [&expected]);
            }
        }
    }
    for endpoint in [Endpoint::Metadata, Endpoint::Jwks] {
        let calls = world.provider.calls_to(endpoint);
        assert!(calls.iter().all(|call| call.header("x-client-certificate").is_none()));
    }
}

/// DISC-05
#[tokio::test]
async fn a_side_that_does_not_trust_the_other_sends_nothing() {
    let (servers, clients, other) = (authority("servers"), authority("clients"), authority("others"));
    for (servers_of_front, clients_of_front) in [(&servers, &other), (&other, &clients)] {
        let (world, _folder, _) = world(&clients, &servers, "off").await;
        let front = Front::start(world.provider.issuer(), servers_of_front, Some(clients_of_front)).await;
        with_aliases(&world, &front);
        let answer = world.browser().sign_in(&world.provider, "alice", "/").await;
        assert!(answer.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
        assert!(world.provider.calls_to(Endpoint::Token).is_empty());
        world
            .until("the handshake is broken off", async || {
                front.broken_off.load(Ordering::SeqCst) == 1
            })
            .await;
    }
}
