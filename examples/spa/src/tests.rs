use super::application;
use axum::http::StatusCode;
use axum_bff::testing::TestBff;
use serde_json::json;

#[tokio::test]
async fn everybody_opens_the_page_and_its_script_runs_under_the_policy_of_the_page() {
    let bff = TestBff::start(application).await;
    for path in ["/", "/signed-out"] {
        let page = bff.browser().open(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text().contains("<script type=\"module\" src=\"page.js\">"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self'"), "{policy}");
        assert!(
            !policy.contains("unsafe-inline") && !policy.contains("nonce"),
            "{policy}"
        );
    }
    let script = bff.browser().open("/page.js").await;
    assert_eq!(script.header("content-type"), "text/javascript");
}

#[tokio::test]
async fn a_person_is_known_to_the_page_and_to_its_route_until_the_sign_out() {
    let bff = TestBff::start(application).await;
    let mut ada = bff
        .signed_in(json!({"sub": "ada", "name": "Ada", "email": "ada@example.com"}), &[])
        .await;
    let session = ada.session().await;
    assert_eq!(
        (&session["status"], &session["claims"]["name"]),
        (&json!("active"), &json!("Ada"))
    );
    let me = ada.fetch("/me").await.json();
    assert_eq!(me, json!({"subject": "ada", "name": "Ada", "email": "ada@example.com"}));
    assert!(ada.submit("/auth/logout").await.leads_to().is_some());
    assert_eq!(ada.fetch("/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_stranger_is_told_where_the_sign_in_is_and_led_there_by_a_navigation() {
    let bff = TestBff::start(application).await;
    assert_eq!(bff.browser().session().await["status"], "anonymous");
    let told = bff.browser().fetch("/me").await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED);
    assert!(
        told.json()["login"]
            .as_str()
            .is_some_and(|to| to.starts_with("/auth/login"))
    );
    let led = bff.browser().open("/me").await;
    assert_eq!(led.location(), Some("/auth/login?return_to=%2Fme"));
}

/// Every address of the page is relative, so that it works below a path of its origin too.
#[tokio::test]
async fn below_a_path_the_page_and_its_script_reach_everything() {
    let url = ("BFF_PUBLIC_URL", "https://app.example.com/shop");
    let bff = TestBff::start_with(application, &[url]).await;
    let mut browser = bff.browser();
    for path in ["/shop/", "/shop/signed-out"] {
        let page = browser.open(path).await.text();
        assert!(!page.contains("=\"/"), "{page}");
    }
    assert_eq!(
        browser.open("/shop/page.js").await.header("content-type"),
        "text/javascript"
    );
    assert_eq!(browser.fetch("/shop/auth/session").await.json()["status"], "anonymous");
    assert_eq!(browser.fetch("/shop/me").await.json()["login"], "/shop/auth/login");
    let led = browser.open("/shop/me").await;
    assert_eq!(led.location(), Some("/shop/auth/login?return_to=%2Fshop%2Fme"));
    assert_eq!(browser.open("/me").await.status, StatusCode::NOT_FOUND);
}
