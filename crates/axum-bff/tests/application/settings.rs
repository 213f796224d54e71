//! An application's own cookie name and its own paths.

use crate::{TABLE, application, routes};
use axum::Router;
use axum::http::Method;
use axum_bff::paths::Paths;
use axum_bff::testing::{FETCH, TestBff};
use axum_bff::{ApplicationError, Bff, Builder};
use serde_json::json;

#[tokio::test]
async fn two_applications_on_one_host_have_cookies_of_their_own() {
    let bff = TestBff::start_with(application, &[("BFF_COOKIE_NAME", "shop")]).await;
    let mut ada = bff.signed_in(json!({"sub": "ada"}), &[]).await;
    assert!(ada.cookies.contains_key("__Host-Http-shop"), "{:?}", ada.cookies.keys());
    assert_eq!(ada.fetch("/who").await.text(), "ada");
    let mut neighbour = bff.browser();
    neighbour.cookies = ada
        .cookies
        .values()
        .map(|id| ("__Host-Http-session".to_owned(), id.clone()))
        .collect();
    assert_eq!(
        neighbour.fetch("/who").await.text(),
        "nobody",
        "the name is that of another application's cookie"
    );
    for wrong in ["a b", "a;b", "", "é"] {
        assert!(
            axum_bff::config::Config::in_memory(&[("BFF_COOKIE_NAME", wrong)]).is_err() || wrong.is_empty(),
            "{wrong:?}"
        );
    }
}

#[tokio::test]
async fn signing_in_and_out_leads_to_the_pages_that_the_application_names() {
    let own = async |builder: Builder| -> Result<(Bff, Router), ApplicationError> {
        let paths = Paths {
            signed_out: "/bye",
            after_sign_in: "/who",
            ..Paths::DEFAULT
        };
        Ok((builder.access(TABLE).paths(paths).build().await?, routes()))
    };
    let bff = TestBff::start(own).await;
    let out = bff.browser().send(Method::POST, "/auth/logout", &FETCH, "").await;
    assert_eq!(out.location(), Some("/bye"));
}
