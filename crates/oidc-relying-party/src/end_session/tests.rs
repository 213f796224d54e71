use super::*;
use crate::tests::{
    answerer::Reply,
    provider::{Provider, metadata},
};

async fn request(provider: &Provider, id_token: Option<&str>, state: &str) -> EndSessionRequest {
    let id_token = id_token.map(SecretString::from);
    let session = EndSession {
        id_token_hint: id_token.as_ref(),
        logout_hint: Some("alice"),
        state,
    };
    provider
        .relying_party()
        .end_session_request(session)
        .await
        .expect("a request")
}

fn query(request: &EndSessionRequest) -> Vec<(String, String)> {
    match request {
        EndSessionRequest::Address(address) => address.query_pairs().into_owned().collect(),
        EndSessionRequest::LocalOnly => panic!("an address"),
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// LO-05
#[tokio::test]
async fn the_request_has_client_hint_return_address_and_state() {
    let provider = Provider::start().await;
    let expected = [
        ("client_id", "client"),
        ("id_token_hint", "an.id.token"),
        ("post_logout_redirect_uri", "http://localhost:3000/signed-out"),
        ("state", "a state"),
    ];
    assert_eq!(
        query(&request(&provider, Some("an.id.token"), "a state").await),
        pairs(&expected)
    );
}

/// LO-05
#[tokio::test]
async fn a_hint_that_is_missing_or_too_long_gives_way_to_the_logout_hint() {
    let provider = Provider::start().await;
    let expected = [
        ("client_id", "client"),
        ("logout_hint", "alice"),
        ("post_logout_redirect_uri", "http://localhost:3000/signed-out"),
        ("state", "s"),
    ];
    let empty = request(&provider, Some(""), "s").await;
    let EndSessionRequest::Address(empty) = empty else {
        panic!("an address")
    };
    let room = ADDRESS_LIMIT - empty.as_str().len();
    let fits = request(&provider, Some(&"t".repeat(room)), "s").await;
    assert_eq!(query(&fits)[1].0, "id_token_hint", "exactly {ADDRESS_LIMIT} bytes");
    assert_eq!(
        query(&request(&provider, Some(&"t".repeat(room + 1)), "s").await),
        pairs(&expected)
    );
    assert_eq!(query(&request(&provider, None, "s").await), pairs(&expected));
}

/// LO-06
#[tokio::test]
async fn without_an_endpoint_sign_out_is_local() {
    let provider = Provider::start().await;
    let mut document = metadata(provider.issuer());
    document
        .as_object_mut()
        .expect("an object")
        .remove("end_session_endpoint");
    provider.set("/.well-known/openid-configuration", Reply::json(&document));
    assert!(matches!(
        request(&provider, Some("an.id.token"), "s").await,
        EndSessionRequest::LocalOnly
    ));
}
