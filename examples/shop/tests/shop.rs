//! Tests of the shop with signed-in people, without a provider and with a database in memory.

#![recursion_limit = "256"]

use axum::Json;
use axum::Router;
use axum::http::{Method, StatusCode};
use axum_bff::access::Rule;
use axum_bff::testing::{Browser, FETCH, FakeApi, TestBff, Tokens};
use axum_bff::{ApplicationError, Bff, Builder};
use serde_json::json;
use shop::access::STAFF;
use shop::database::Database;

async fn application(builder: Builder) -> Result<(Bff, Router), ApplicationError> {
    shop::server::with_database(builder, Database::in_memory()?).await
}

/// A person who belongs to the staff by the shop's database.
async fn alice(bff: &TestBff, email_verified: bool) -> Browser {
    let claims =
        json!({"sub": "alice", "name": "Alice", "email": "alice@example.com", "email_verified": email_verified});
    bff.signed_in(claims, &[]).await
}

async fn person(bff: &TestBff, name: &str, roles: &[&str]) -> Browser {
    bff.signed_in(json!({"sub": name, "name": name}), roles).await
}

/// Orders a bell, and returns the address of the order.
async fn ordered(browser: &mut Browser) -> String {
    let put = browser.call("change_cart", "good=cow&by=1").await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.text());
    let placed = browser.submit("/_fn/place_order").await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text());
    placed.location().expect("the order's address").to_owned()
}

#[tokio::test]
async fn everybody_sees_the_shelf_and_programs_do_too() {
    let bff = TestBff::start(application).await;
    let home = bff.browser().open("/").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text().contains("Cow bell") && home.text().contains("45.00 €"));
    assert!(home.text().contains("Sign in to buy"));
    let goods = bff.browser().fetch("/rest/goods").await.json();
    assert_eq!(goods[0]["id"], "bicycle");
}

#[tokio::test]
async fn a_sign_in_in_a_window_of_its_own_ends_on_a_page_that_says_so() {
    let bff = TestBff::start(application).await;
    let end = person(&bff, "bob", &[]).await.open("/signed-in").await;
    assert_eq!(end.status, StatusCode::OK);
    assert!(end.text().contains("You can close this one."), "{}", end.text());
}

#[tokio::test]
async fn a_stranger_has_no_cart_and_is_led_to_the_sign_in() {
    let bff = TestBff::start(application).await;
    for path in ["/cart", "/orders", "/orders/1", "/staff/orders"] {
        let led = bff.browser().open(path).await;
        assert!(
            led.location().is_some_and(|to| to.starts_with("/auth/login?")),
            "{path}"
        );
    }
    for function in [
        "cart",
        "change_cart",
        "place_order",
        "my_order",
        "my_orders",
        "all_orders",
        "bought_elsewhere",
    ] {
        let refused = bff.browser().call(function, "good=cow&by=1&id=1").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{function}");
    }
}

#[tokio::test]
async fn a_cart_is_changed_in_steps_and_belongs_to_its_person() {
    let bff = TestBff::start(application).await;
    let (mut ada, mut grace) = (person(&bff, "ada", &[]).await, person(&bff, "grace", &[]).await);
    for (by, count) in [(1, 1), (1, 2), (50, 3), (-1, 2)] {
        ada.call("change_cart", &format!("good=ship&by={by}")).await;
        let cart = ada.call("cart", "").await.json();
        assert_eq!((&cart[0]["good"], &cart[0]["count"]), (&json!("ship"), &json!(count)));
    }
    assert!(ada.open("/cart").await.text().contains("378.00 €"));
    assert_eq!(grace.call("cart", "").await.json(), json!([]));
    let unknown = ada.call("change_cart", "good=none&by=1").await;
    assert_eq!(
        (unknown.status, &unknown.json()["code"]),
        (StatusCode::NOT_FOUND, &json!("not_found"))
    );
}

#[tokio::test]
async fn a_form_without_a_script_changes_the_cart_too() {
    let bff = TestBff::start(application).await;
    let mut ada = person(&bff, "ada", &[]).await;
    let headers = [
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-site", "same-origin"),
        ("accept", "text/html"),
        ("referer", "https://app.example.com/cart"),
    ];
    let method = axum::http::Method::POST;
    let sent = ada.send(method, "/_fn/change_cart", &headers, "good=cow&by=1").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let back = sent.location().and_then(|to| to.split('?').next());
    assert_eq!(back, Some("/cart"));
    assert!(ada.open("/cart").await.text().contains("Cow bell"));
}

/// The number of an order is no secret, so the number alone must not show the order to another person.
#[tokio::test]
async fn an_order_is_seen_by_its_person_only_as_a_page_and_as_data() {
    let bff = TestBff::start(application).await;
    let mut ada = person(&bff, "ada", &[]).await;
    let address = ordered(&mut ada).await;
    assert_eq!(address, "/orders/1");
    let page = ada.open(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Cow bell"));
    assert_eq!(
        ada.call("cart", "").await.json(),
        json!([]),
        "the cart is empty after the order"
    );
    for roles in [&[][..], &["admin", "staff"]] {
        let mut other = person(&bff, "grace", roles).await;
        for address in [address.as_str(), "/orders/2", "/orders/none"] {
            let page = other.open(address).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{address}");
            assert!(page.text().contains("Not your door") && !page.text().contains("Cow bell"));
        }
        let data = other.call("my_order", "id=1").await;
        assert_eq!(
            (data.status, &data.json()["code"]),
            (StatusCode::NOT_FOUND, &json!("not_found"))
        );
        assert_eq!(other.call("my_orders", "").await.json(), json!([]));
    }
}

/// This test fails for a new route until somebody adds the route and its rule to the list.
#[tokio::test]
async fn every_route_has_a_rule_that_somebody_has_thought_of() {
    const OWN: Rule = Rule::Check("owns_order");
    let bff = TestBff::start(application).await;
    assert_eq!(
        bff.rules(),
        [
            ("/", Rule::Public),
            ("/_fn/all_orders", STAFF),
            ("/_fn/bought_elsewhere", Rule::SignedIn),
            ("/_fn/cart", Rule::SignedIn),
            ("/_fn/change_cart", Rule::SignedIn),
            ("/_fn/goods", Rule::Public),
            ("/_fn/my_order", Rule::SignedIn),
            ("/_fn/my_orders", Rule::SignedIn),
            ("/_fn/place_order", Rule::SignedIn),
            ("/cart", Rule::SignedIn),
            ("/orders", Rule::SignedIn),
            ("/orders/{id}", OWN),
            ("/rest/goods", Rule::Public),
            ("/signed-in", Rule::SignedIn),
            ("/signed-out", Rule::Public),
            ("/staff/orders", STAFF),
        ]
    );
}

#[tokio::test]
async fn the_cart_asks_the_other_service_in_its_persons_name() {
    let elsewhere = FakeApi::start("demo", |_| Json(json!([{"number": "A-1", "state": "shipped"}]))).await;
    let bff = TestBff::start_with(application, &elsewhere.settings()).await;
    let claims = json!({"sub": "ada", "name": "Ada"});
    let mut ada = bff.signed_in_with(claims, &[], Tokens::new("the-token-of-ada")).await;
    let cart = ada.open("/cart").await.text();
    assert!(cart.contains("A-1") && cart.contains("shipped"), "{cart}");
    assert!(!cart.contains("the-token-of-ada"), "no page holds a token");
    let calls = elsewhere.take_calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!(calls[0].target, "/orders");
    assert_eq!(calls[0].access_token(), Some("the-token-of-ada"));
    elsewhere.answer(|_| StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(ada.call("bought_elsewhere", "").await.json()["code"], "upstream_status");
    assert_eq!(
        ada.open("/cart").await.status,
        StatusCode::OK,
        "the cart works without the service"
    );
}

#[tokio::test]
async fn a_cart_goes_on_without_the_service_that_is_asked_in_its_persons_name() {
    let bff = TestBff::start(application).await;
    let mut ada = person(&bff, "ada", &[]).await;
    ada.call("change_cart", "good=cow&by=1").await;
    let told = ada.call("bought_elsewhere", "").await;
    assert_eq!(
        told.json()["code"],
        "api_unknown",
        "the settings of the tests name no API"
    );
    let cart = ada.open("/cart").await;
    assert_eq!(cart.status, StatusCode::OK);
    assert!(cart.text().contains("Cow bell") && cart.text().contains("45.00 €"));
}

#[tokio::test]
async fn an_empty_cart_is_not_ordered() {
    let bff = TestBff::start(application).await;
    let mut ada = person(&bff, "ada", &[]).await;
    assert_eq!(ada.call("place_order", "").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.call("my_orders", "").await.json(), json!([]));
}

#[tokio::test]
async fn staff_sees_the_orders_of_everybody_and_others_meet_the_shops_own_words() {
    let bff = TestBff::start(application).await;
    let (mut ada, mut grace) = (person(&bff, "ada", &[]).await, alice(&bff, true).await);
    ordered(&mut ada).await;
    assert!(grace.open("/staff/orders").await.text().contains("Order 1"));
    assert_eq!(grace.call("all_orders", "").await.json()[0]["id"], 1);
    let refused = ada.open("/staff/orders").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("Not your door"), "{}", refused.text());
    assert!(
        refused.text().contains("The bell shop"),
        "the problem page has the shop's own layout"
    );
    assert_eq!(ada.call("all_orders", "").await.status, StatusCode::FORBIDDEN);
    let mut unverified = alice(&bff, false).await;
    assert_eq!(unverified.open("/staff/orders").await.status, StatusCode::FORBIDDEN);
    // Other people do not learn which pages exist below the folder: a missing page is refused too.
    assert_eq!(ada.open("/staff/none").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn below_a_path_the_forms_of_the_cart_and_the_order_are_below_it_too() {
    let url = ("BFF_PUBLIC_URL", "https://app.example.com/bells");
    let bff = TestBff::start_with(application, &[url]).await;
    let mut ada = person(&bff, "ada", &[]).await;
    let put = "/bells/_fn/change_cart";
    let put_in = ada.send(Method::POST, put, &FETCH, "good=cow&by=1").await;
    assert_eq!(put_in.status, StatusCode::OK, "{}", put_in.text());
    for page in ["/bells/", "/bells/cart", "/bells/orders", "/bells/unknown"] {
        let text = ada.open(page).await.text();
        for attribute in ["href=\"/", "action=\"/"] {
            for rest in text.split(attribute).skip(1) {
                assert!(rest.starts_with("bells/"), "{page}: {attribute}{rest}");
            }
        }
        let has_form = text.contains(&format!("action=\"{put}\""));
        assert_eq!(has_form, ["/bells/", "/bells/cart"].contains(&page), "{page}: {text}");
    }
    let placed = ada.submit("/bells/_fn/place_order").await;
    let order = placed.location().expect("the order's address");
    assert!(order.starts_with("/bells/orders/"), "{order}");
    assert_eq!(ada.open(order).await.status, StatusCode::OK);
}
