use super::*;
use proptest::prelude::*;

/// RED-01
#[test]
fn pages_of_this_application_are_kept() {
    for page in [
        "/",
        "/profile",
        "/profile/",
        "/profile?filter=name&x=%20y",
        "/a/b-c_d.e~f",
        "/a%C3%A9",
        "/search?q=a:b@c",
        "/profile?filter=a%2Fb",
        "/profile?filter=50%25%5C",
        "/authors",
        "/notes/1;v=2",
    ] {
        assert_eq!(ReturnTo::judge(page).as_str(), page);
    }
    for page in ["/notes#note-1", "/notes?x=1#a%20b/c?d"] {
        assert_eq!(ReturnTo::judge(page).as_str(), page);
    }
    for fragment in ["", "a#b", "a b", "<x>", "%0d%0a", "%4", "é", &"a".repeat(2000)] {
        assert_eq!(ReturnTo::judge(&format!("/notes?x#{fragment}")).as_str(), "/notes?x");
    }
}

/// RED-01
#[test]
fn anything_else_becomes_the_home_page() {
    let long = format!("/{}", "a".repeat(64 * 1024));
    for target in [
        "",
        "profile",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil",
        "/\n/evil",
        "/%09/evil",
        "/%5cevil",
        "/%2fevil",
        "/%2F%2Fevil",
        "/%252Fevil",
        "/./\\evil",
        "/./",
        "/../auth",
        "/a/..",
        "/%2e%2e/x",
        "/a//b",
        "https:evil",
        "https:/evil",
        "https://evil.example/",
        "HTTPS://evil",
        "http:evil",
        "javascript:alert(1)",
        "data:text/html,x",
        "/@evil",
        "/:80",
        "/;@evil",
        "/evil。example",
        "/\u{2028}",
        "/é",
        "/ x",
        "?x",
        "#x",
        "/%",
        "/%4",
        "/%zz",
        "/<script>",
        "/\"x",
        &long,
    ] {
        assert_eq!(ReturnTo::judge(target), ReturnTo::default(), "{target:?}");
    }
}

/// RED-03
#[test]
fn a_sign_in_lands_on_no_protocol_route() {
    for target in [
        "/auth",
        "/auth/logout",
        "/auth/login?return_to=/",
        "/api/orders",
        "/_fn/reread_claims",
        "/pkg/frontend.wasm",
        "/livez",
        "/readyz",
        "/%61uth/logout",
        "/a%70i/orders",
        "/%5ffn/reread_claims",
    ] {
        assert_eq!(ReturnTo::judge(target), ReturnTo::default(), "{target:?}");
    }
}

/// RED-04
#[test]
fn encoded_line_ends_never_reach_a_header() {
    for target in ["/%0d%0aSet-Cookie:x", "/?a=%0D%0Ab", "/%00", "/a?%0a", "/\r\nx"] {
        assert_eq!(ReturnTo::judge(target), ReturnTo::default(), "{target:?}");
    }
}

proptest! {
    /// RED-01
    #[test]
    fn any_text_for_a_target_stays_on_this_origin(target in ".{0,64}") {
        let judged = ReturnTo::judge(&target);
        let here = Url::parse("https://app.example/").expect("URL");
        let there = here.join(judged.as_str()).expect("joins");
        prop_assert_eq!(there.origin(), here.origin());
        prop_assert!(axum::http::HeaderValue::from_str(judged.as_str()).is_ok());
    }

    /// RED-01
    #[test]
    fn hostile_shapes_stay_on_this_origin(
        target in "[/\\\\.@:;%?#a-f0-9\t]{0,12}(evil\\.example)?[/\\\\.@:%2fF5cC]{0,8}"
    ) {
        let here = Url::parse("https://app.example/").expect("URL");
        let judged = ReturnTo::judge(&target);
        prop_assert_eq!(here.join(judged.as_str()).expect("joins").origin(), here.origin());
        prop_assert!(!judged.as_str().starts_with("//"));
    }
}

/// RED-01
#[test]
fn below_a_path_only_targets_below_it_are_kept() {
    let shop = PublicUrl::parse("https://example.com/shop", false).expect("a URL");
    let of = |target: &str| {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("return_to", target)
            .finish();
        ReturnTo::of_query(&query, &shop).expect("the query has a return_to")
    };
    for (seen, page) in [
        ("/shop/", "/"),
        ("/shop", "/"),
        ("/shop/cart?x=1#y", "/cart?x=1#y"),
        ("/shop/shop", "/shop"),
        // Not below the path: other applications of the origin, and paths that only look alike.
        ("/", "/"),
        ("/cart", "/"),
        ("/shopping/cart", "/"),
        ("/other/cart", "/"),
        ("/shop/../other", "/"),
        ("/shop//evil.example", "/"),
        ("/shop/\\evil.example", "/"),
        ("//evil.example/shop/", "/"),
        ("https://example.com/shop/cart", "/"),
        ("/shop/auth/logout", "/"),
        ("/shop/api/x", "/"),
    ] {
        assert_eq!(of(seen).as_str(), page, "{seen}");
    }
    let login = of("/shop/cart?x=1").login_address(&shop);
    assert_eq!(login, "/auth/login?return_to=%2Fshop%2Fcart%3Fx%3D1");
    let (_, query) = login.split_once('?').expect("a query");
    assert_eq!(
        ReturnTo::of_query(query, &shop),
        Some(of("/shop/cart?x=1")),
        "the login address leads back to the same page"
    );
}
