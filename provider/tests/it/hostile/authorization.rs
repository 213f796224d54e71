//! Faults of the authorization response.

use provider::Fault;

use crate::{
    browser::get,
    friendly::{authorization_url, friendly, parameter, query, request},
};

/// CB-01, CB-02, CB-03, CB-04, CB-05, CB-06
#[tokio::test]
async fn a_parameter_can_be_set_doubled_or_left_out() {
    let provider = friendly().await;
    provider.inject(Fault::AuthorizationParameter("iss", "https://evil.example".to_owned()));
    provider.inject(Fault::AuthorizationExtraParameter("code", "another".to_owned()));
    provider.inject(Fault::AuthorizationWithoutParameter("state"));
    let url = provider.authorize(&authorization_url(&provider), "alice").await;
    let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["code", "iss", "code"]);
    assert_eq!(parameter(&url, "iss").as_deref(), Some("https://evil.example"));
}

/// CB-07, CB-08
#[tokio::test]
async fn a_request_can_be_answered_with_an_error_and_hostile_text() {
    let provider = friendly().await;
    let text = "<script>alert(1)</script>\r\n".repeat(300);
    provider.inject(Fault::AuthorizationError("temporarily_unavailable", text.clone()));
    let direct = provider.authorize(&authorization_url(&provider), "alice").await;
    let path = format!("/authorize?{}", query(&request()));
    let browser = get(&provider, &path, &[]).await.location();
    for url in [direct, browser] {
        assert_eq!(parameter(&url, "error").as_deref(), Some("temporarily_unavailable"));
        assert_eq!(parameter(&url, "error_description").as_deref(), Some(&*text));
        assert_eq!(parameter(&url, "state").as_deref(), Some("the state"));
        assert_eq!(parameter(&url, "code"), None);
    }
}
