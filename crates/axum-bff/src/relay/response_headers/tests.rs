use super::*;

#[test]
fn a_link_passes_only_where_it_pages_through_a_list() {
    for link in [
        "<https://a.example/?page=2>; rel=\"next\", <https://a.example/?page=9>; rel=\"last\"",
        "</items?page=1>; rel=prev",
        "<?p=1>; rel=\"first prev\"",
    ] {
        assert!(only_pages_through(link), "{link}");
    }
    for link in [
        "</evil.js>; rel=preload; as=script",
        "</a>; rel=\"next preload\"",
        "</a>; rel=next, </b>; REL=\"modulepreload\"",
        "</a>; rel=next, </b>; rel =preload",
        "</a>",
        "</a>; rel=",
        "</a>; rel=\"\"",
    ] {
        assert!(!only_pages_through(link), "{link}");
    }
}

/// PRX-05
#[test]
fn content_that_is_not_plainly_data_is_a_download() {
    let passive = |fields: &[(HeaderName, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, HeaderValue::from_static(value));
        }
        make_passive(&mut headers);
        let disposition = headers.get(header::CONTENT_DISPOSITION);
        disposition.map(|value| value.to_str().expect("ASCII").to_owned())
    };
    let typed = |value| (header::CONTENT_TYPE, value);
    for data in [
        "application/json",
        "application/problem+json; charset=utf-8",
        "Text/Plain",
        "image/png",
    ] {
        assert_eq!(passive(&[typed(data)]), None, "{data}");
    }
    for active in [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/xml",
        "text/javascript",
        "application/pdf",
        "x",
    ] {
        assert_eq!(passive(&[typed(active)]).as_deref(), Some("attachment"), "{active}");
    }
    assert_eq!(passive(&[]).as_deref(), Some("attachment"), "no content type");
    assert_eq!(
        passive(&[typed("application/json"), typed("text/html")]).as_deref(),
        Some("attachment"),
        "two content types"
    );
    let disposition = |value| (header::CONTENT_DISPOSITION, value);
    assert_eq!(
        passive(&[typed("text/html"), disposition("attachment; filename=\"a.html\"")]).as_deref(),
        Some("attachment; filename=\"a.html\"")
    );
    assert_eq!(
        passive(&[typed("text/html"), disposition("inline")]).as_deref(),
        Some("attachment")
    );
}
