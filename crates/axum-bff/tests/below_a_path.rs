//! An application below a path of its origin, behind a proxy that keeps the path.

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::response::Redirect;
use axum::routing::get;
use axum_bff::access::{Rule, Table};
use axum_bff::config::{Config, Source};
use axum_bff::testing::Browser;
use axum_bff::{Bff, BuildError, Builder};
use bff_session::key_ring::KeyRing;
use provider::{Client, Provider, Settings};
use std::collections::HashMap;

const ORIGIN: &str = "https://example.com";
const TABLE: Table = Table::new(&[
    ("/", Rule::Public),
    ("/signed-out", Rule::Public),
    ("/away/{to}", Rule::Public),
]);

struct World {
    provider: Provider,
    bff: Bff,
    router: Router,
}

fn builder(provider: &Provider, client: &Client, url: &str) -> Builder {
    let key = KeyRing::new_key();
    let environment = [
        ("BFF_PUBLIC_URL", url),
        ("BFF_HTTP_LOOPBACK", "on"),
        ("BFF_ISSUER", provider.issuer()),
        ("BFF_CLIENT_ID", &client.id),
        ("BFF_CLIENT_SECRET", &client.secret),
        ("BFF_REDIS_URL", "memory:"),
        ("BFF_SESSION_KEY", &key),
        ("BFF_API_DEMO", &format!("{}/resource", provider.issuer())),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::read(Source::collect(environment, None)).expect("settings");
    Bff::builder().settings(config).access(TABLE)
}

async fn world() -> World {
    // The provider compares registered addresses character by character, so they include the path.
    let url = format!("{ORIGIN}/shop");
    let client = Client::new("bff", format!("{url}/auth/callback"), format!("{url}/signed-out"));
    let provider = Provider::start(Settings::new(client.clone()))
        .await
        .expect("a provider");
    let builder = builder(&provider, &client, &url).works_below_a_path();
    let bff = builder.build().await.expect("an application");
    let away = HashMap::from([
        ("path", "/cart?x=1"),
        ("origin", "https://elsewhere.example/cart"),
        ("authority", "//elsewhere.example/cart"),
    ]);
    let away = get(async move |axum::extract::Path(to): axum::extract::Path<String>| Redirect::to(away[to.as_str()]));
    let application = Router::new()
        .route("/", get(async || "home"))
        .route("/cart", get(async || "a cart"))
        .route("/away/{to}", away);
    let router = bff.router(application);
    World { provider, bff, router }
}

impl World {
    fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Follows the redirects from this address over the provider, and gives the last address.
    async fn sign_in(&self, browser: &mut Browser, login: &str) -> String {
        let start = browser.open(login).await;
        let callback = self
            .provider
            .authorize(start.location().expect("the provider"), "alice")
            .await;
        let callback = callback.as_str().strip_prefix(ORIGIN).expect("our origin");
        assert!(callback.starts_with("/shop/auth/callback?"), "{callback}");
        let landing = browser.open(callback).await;
        landing.location().expect("a page").to_owned()
    }
}

#[tokio::test]
async fn a_person_signs_in_and_out_and_every_address_is_below_the_path() {
    let world = world().await;
    let mut browser = world.browser();
    let led = browser.open("/shop/cart?x=1").await;
    let login = led.location().expect("the sign-in").to_owned();
    assert_eq!(login, "/shop/auth/login?return_to=%2Fshop%2Fcart%3Fx%3D1");
    assert_eq!(world.sign_in(&mut browser, &login).await, "/shop/cart?x=1");
    assert_eq!(browser.open("/shop/cart").await.text(), "a cart");
    let session = browser.fetch("/shop/auth/session").await.json();
    assert_eq!(session["status"], "active", "{session}");
    let call = [("sec-fetch-site", "same-origin"), ("x-csrf", "1")];
    let api = browser.send(Method::GET, "/shop/api/demo/whoami", &call, "").await;
    assert_eq!(api.status, StatusCode::OK, "{}", api.text());

    let out = browser.submit("/shop/auth/logout").await;
    let onward = out.leads_to().expect("a page that leads on");
    assert!(onward.starts_with("/shop/auth/logout/provider?"), "{onward}");
    let at_provider = browser.open(&onward).await;
    let at_provider = at_provider.location().expect("the provider");
    let back = "post_logout_redirect_uri=https%3A%2F%2Fexample.com%2Fshop%2Fsigned-out";
    assert!(
        at_provider.starts_with(world.provider.issuer()) && at_provider.contains(back),
        "{at_provider}"
    );
    assert_ne!(browser.fetch("/shop/auth/session").await.json()["status"], "active");
    // Without a session there is nothing to end at the provider.
    assert_eq!(
        browser.submit("/shop/auth/logout").await.location(),
        Some("/shop/signed-out")
    );
}

#[tokio::test]
async fn cookies_are_named_after_the_path_and_stay_host_cookies() {
    let world = world().await;
    let start = world.browser().open("/shop/auth/login").await;
    let cookies = start.set_cookies();
    let cookie = cookies.first().expect("the login cookie");
    assert!(cookie.starts_with("__Host-Http-login-shop="), "{cookie}");
    assert!(cookie.contains("; Path=/;"), "{cookie}");
}

/// RED-01
#[tokio::test]
async fn a_sign_in_lands_below_the_path_whatever_somebody_put_into_the_link() {
    let world = world().await;
    for target in [
        "%2F",
        "%2Fother%2Fcart",
        "%2Fshopping",
        "%2Fshop%2F..%2Fother",
        "%2F%2Fevil.example",
        "https:%2F%2Fevil.example",
    ] {
        let mut browser = world.browser();
        let landed = world
            .sign_in(&mut browser, &format!("/shop/auth/login?return_to={target}"))
            .await;
        assert_eq!(landed, "/shop/", "{target}");
    }
    let landed = world.sign_in(&mut world.browser(), "/shop/auth/login").await;
    assert_eq!(landed, "/shop/", "without return_to");
}

#[tokio::test]
async fn a_program_is_told_the_sign_in_as_browsers_see_it() {
    let world = world().await;
    let refused = world.browser().fetch("/shop/cart").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(refused.json()["login"], "/shop/auth/login");
}

#[tokio::test]
async fn a_problem_s_page_leads_to_the_start_below_the_path() {
    let world = world().await;
    let mut browser = world.browser();
    let failed = browser.open("/shop/auth/callback?error=access_denied&state=x").await;
    let address = failed.location().expect("a page").to_owned();
    assert!(address.starts_with("/shop/sign-in-failed?problem="), "{address}");
    let page = browser.open(&address).await;
    assert!(page.text().contains("<a href=\"/shop/\">"), "{}", page.text());
}

#[tokio::test]
async fn a_location_of_the_application_is_one_of_its_paths() {
    let world = world().await;
    for (to, location) in [
        ("path", "/shop/cart?x=1"),
        ("origin", "https://elsewhere.example/cart"),
        ("authority", "//elsewhere.example/cart"),
    ] {
        let led = world.browser().open(&format!("/shop/away/{to}")).await;
        assert_eq!(led.location(), Some(location), "{to}");
    }
}

#[tokio::test]
async fn nothing_but_health_is_served_beside_the_path() {
    let world = world().await;
    for path in [
        "/",
        "/cart",
        "/auth/session",
        "/auth/login",
        "/shopping/cart",
        "/other",
        "/%73hop/",
        "//shop/",
        "/pkg/x.js",
    ] {
        let answer = world.browser().open(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(
            answer.header("content-security-policy").contains("default-src 'none'"),
            "{path}"
        );
    }
    for path in ["/livez", "/shop/livez"] {
        assert_eq!(world.browser().fetch(path).await.status, StatusCode::OK, "{path}");
    }
    // A request without the slash is redirected to the address with it. Otherwise relative addresses in the page would
    // lead past the path.
    assert_eq!(world.browser().open("/shop?x=1").await.location(), Some("/shop/?x=1"));
    assert_eq!(world.browser().open("/shop/").await.text(), "home");
    // A path without a route is 404. A route that the table does not name needs a session, however it is spelled.
    assert_eq!(world.browser().open("/shop/other").await.status, StatusCode::NOT_FOUND);
    for path in ["/shop/cart", "/shop//cart"] {
        let led = world.browser().open(path).await;
        assert!(
            led.location().is_some_and(|to| to.starts_with("/shop/auth/login?")),
            "{path}: {led:?}"
        );
    }
}

#[tokio::test]
async fn the_provider_reaches_its_addresses_below_the_path() {
    let world = world().await;
    let post = world
        .browser()
        .send(Method::POST, "/shop/auth/backchannel-logout", &[], "logout_token=x")
        .await;
    assert_eq!(post.status, StatusCode::BAD_REQUEST, "{}", post.text());
    let frame = world.browser().open("/shop/auth/frontchannel-logout?iss=x&sid=y").await;
    assert_ne!(frame.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_path_stops_the_start_of_an_application_that_does_not_work_below_one() {
    let client = Client::new("bff", format!("{ORIGIN}/auth/callback"), format!("{ORIGIN}/"));
    let provider = Provider::start(Settings::new(client.clone()))
        .await
        .expect("a provider");
    let refused = builder(&provider, &client, &format!("{ORIGIN}/shop")).build().await;
    let error = refused.expect_err("the application does not work below a path");
    assert!(matches!(&error, BuildError::Path(path) if path == "/shop"), "{error}");
    assert!(error.to_string().contains("BFF_PUBLIC_URL"), "{error}");
    assert!(builder(&provider, &client, ORIGIN).build().await.is_ok());
}

#[tokio::test]
async fn an_application_that_puts_layer_and_routes_together_itself_is_below_the_path_too() {
    let world = world().await;
    let application = Router::new()
        .route("/cart", get(async || "a cart"))
        .layer(world.bff.layer());
    let router = world.bff.below(world.bff.routes().merge(application));
    let led = Browser::new(router).open("/shop/cart").await;
    assert_eq!(led.location(), Some("/shop/auth/login?return_to=%2Fshop%2Fcart"));
}
