use super::application;
use axum::http::StatusCode;
use axum_bff::testing::TestBff;
use serde_json::json;

#[tokio::test]
async fn a_stranger_opens_the_home_page_and_is_led_to_the_sign_in_by_the_account() {
    let bff = TestBff::start(application).await;
    let home = bff.browser().open("/").await;
    assert!(home.text().contains("stranger"), "{}", home.text());
    // The page has the script that opens this address if the WASM fails.
    assert!(home.text().contains("/auth/page-failed"), "{}", home.text());
    let led = bff.browser().open("/account").await;
    assert_eq!(led.location(), Some("/auth/login?return_to=%2Faccount"));
    let refused = bff.browser().call("my_profile", "").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_person_sees_their_account_until_the_sign_out() {
    let bff = TestBff::start(application).await;
    let mut ada = bff
        .signed_in(json!({"name": "Ada", "email": "ada@example.com"}), &[])
        .await;
    assert!(ada.open("/account").await.text().contains("Ada, ada@example.com"));
    ada.submit("/auth/logout").await;
    assert_eq!(ada.call("my_profile", "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_sign_in_in_a_window_of_its_own_ends_on_a_page_that_says_so() {
    let bff = TestBff::start(application).await;
    let mut ada = bff.signed_in(json!({"name": "Ada"}), &[]).await;
    let end = ada.open("/signed-in").await;
    assert_eq!(end.status, StatusCode::OK);
    assert!(end.text().contains("You can close this one."), "{}", end.text());
}

#[tokio::test]
async fn below_a_path_every_address_of_a_page_is_below_it_too() {
    let url = ("BFF_PUBLIC_URL", "https://app.example.com/tower");
    let bff = TestBff::start_with(application, &[url]).await;
    let led = bff.browser().open("/tower/account").await;
    assert_eq!(led.location(), Some("/tower/auth/login?return_to=%2Ftower%2Faccount"));
    let mut ada = bff.signed_in(json!({"name": "Ada", "email": null}), &[]).await;
    for page in [
        "/tower/",
        "/tower/account",
        "/tower/signed-in",
        "/tower/signed-out",
        "/tower/unknown",
    ] {
        let text = ada.open(page).await.text();
        for attribute in ["href=\"/", "action=\"/", "src=\"/"] {
            for rest in text.split(attribute).skip(1) {
                assert!(rest.starts_with("tower/"), "{page}: {attribute}{rest}");
            }
        }
        assert!(text.contains("\"script\":\"/tower/pkg/"), "{page}: {text}");
    }
    assert!(ada.open("/tower/account").await.text().contains("Ada, no email"));
    assert_eq!(ada.call("my_profile", "").await.status, StatusCode::NOT_FOUND);
}
