//! The public URL of the application: an origin and, optionally, a path.

use super::*;

fn url(text: &str) -> Result<PublicUrl, String> {
    PublicUrl::parse(text, true)
}

#[test]
fn a_path_is_plain_and_is_part_of_every_address() {
    for (text, path) in [
        ("https://example.com", ""),
        ("https://example.com/", ""),
        ("https://example.com/shop", "/shop"),
        ("https://example.com/shop/", "/shop"),
        ("https://example.com/a-b/c_d.e~1", "/a-b/c_d.e~1"),
        ("http://localhost:3000/shop", "/shop"),
    ] {
        let url = url(text).expect(text);
        assert_eq!(url.path(), path, "{text}");
        assert_eq!(url.join("/auth/callback").path(), format!("{path}/auth/callback"));
        assert_eq!(url.to_string(), format!("{}{path}", url.origin()));
    }
    for wrong in [
        "https://example.com//shop",
        "https://example.com/shop//x",
        "https://example.com/shop//",
        "https://example.com/./shop",
        "https://example.com/x/../shop",
        "https://example.com/%73hop",
        "https://example.com/sh{op}",
        "https://example.com/shop;x",
        "https://example.com/shop?x",
        "https://example.com/shop#x",
        "https://user@example.com/shop",
    ] {
        assert!(url(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_path_as_browsers_see_it_leads_back_to_the_applications_own() {
    let (shop, root) = (
        url("https://example.com/shop").expect("a URL"),
        url("https://example.com").expect("a URL"),
    );
    for path in ["/", "/cart", "/cart?x=1#y", "/shop"] {
        assert_eq!(shop.below(&shop.seen(path)), Some(path));
        assert_eq!(root.below(&root.seen(path)), Some(path));
    }
    assert_eq!(shop.below("/shop"), Some("/"));
    for other in ["/", "/shopping", "/other/shop", "//shop", "shop/", "", "/SHOP/"] {
        assert_eq!(shop.below(other), None, "{other}");
    }
}

#[test]
fn a_path_names_the_cookies_unless_they_have_a_name() {
    let named = |url: &str, name: &str| {
        let config = with(&[("BFF_PUBLIC_URL", url), ("BFF_COOKIE_NAME", name)])?;
        Ok::<_, Vec<SettingError>>((
            config.http.cookies.session.to_string(),
            config.http.cookies.login.to_string(),
        ))
    };
    let expected = |session: &str, login: &str| Ok((session.to_owned(), login.to_owned()));
    assert_eq!(
        named("https://example.com", ""),
        expected("__Host-Http-session", "__Host-Http-login")
    );
    let below = "https://example.com/a.b/shop";
    assert_eq!(
        named(below, ""),
        expected("__Host-Http-session-a_db-shop", "__Host-Http-login-a_db-shop")
    );
    assert_eq!(
        named(below, "shop"),
        expected("__Host-Http-shop", "__Host-Http-shop-login")
    );
    let long = format!("https://example.com/{}", "a".repeat(60));
    assert_eq!(named(&long, "").expect_err("too long")[0].name, "BFF_COOKIE_NAME");
    assert!(named(&long, "shop").is_ok());
}
