//! The metadata and the keys of the provider are read again.

use serde_json::json;

use crate::{
    Fault,
    tests::{
        METADATA,
        answerer::Reply,
        parameters,
        provider::{Provider, grant, metadata},
    },
};

#[tokio::test]
async fn a_provider_that_comes_back_is_noticed_after_the_back_off() {
    let provider = Provider::start().await;
    let good = Reply::json(&metadata(provider.issuer()));
    provider.set(METADATA, Reply::new(503, "text/html", "maintenance"));
    let relying_party = provider.relying_party();
    for _ in 0..5 {
        let error = relying_party
            .authorization_request(parameters())
            .await
            .expect_err("the provider is away");
        assert_eq!((error.code(), error.fault()), ("metadata_status", Fault::Unavailable));
    }
    assert_eq!(provider.calls(METADATA).len(), 1, "one attempt within the back-off");
    provider.set(METADATA, good);
    provider.clock.advance(std::time::Duration::from_secs(1));
    relying_party
        .authorization_request(parameters())
        .await
        .expect("an address");
}

/// DISC-02
#[tokio::test]
async fn nobody_is_sent_to_a_provider_of_another_name() {
    let provider = Provider::start().await;
    let mut metadata = metadata(provider.issuer());
    metadata["issuer"] = json!(format!("{}INVALID", provider.issuer()));
    provider.set(METADATA, Reply::json(&metadata));
    let relying_party = provider.relying_party();
    let error = relying_party
        .authorization_request(parameters())
        .await
        .expect_err("another issuer");
    assert_eq!(error.code(), "metadata_issuer");
    let named = format!("the metadata names the issuer {}INVALID,", provider.issuer());
    assert!(error.to_string().contains(&named), "{error}");
    let error = relying_party.redeem(grant()).await.expect_err("another issuer");
    assert_eq!(error.code(), "metadata_issuer");
    assert_eq!(provider.calls("/token").len(), 0);
}

#[tokio::test]
async fn many_first_logins_read_the_metadata_once() {
    let provider = Provider::start().await;
    let relying_party = provider.relying_party();
    let logins: Vec<_> = (0..50)
        .map(|_| {
            let relying_party = relying_party.clone();
            tokio::spawn(async move { relying_party.authorization_request(parameters()).await.map(drop) })
        })
        .collect();
    for login in logins {
        login.await.expect("a task").expect("an address");
    }
    assert_eq!(provider.calls(METADATA).len(), 1);
}

#[tokio::test]
async fn the_providers_origins_are_known_before_and_after_its_metadata() {
    let provider = Provider::start().await;
    let mut metadata = metadata(provider.issuer());
    metadata["authorization_endpoint"] = json!("https://login.example.org/authorize");
    provider.set(METADATA, Reply::json(&metadata));
    let relying_party = provider.relying_party();
    assert_eq!(&*relying_party.provider_origins(), provider.issuer());
    assert_eq!(
        provider.calls(METADATA).len(),
        0,
        "asking for the origins reads nothing"
    );
    relying_party.provider().await.expect("metadata");
    assert_eq!(
        &*relying_party.provider_origins(),
        format!("{} https://login.example.org", provider.issuer())
    );
}
