//! The answer to a form that leads to another origin: a small page of ours, which goes there by itself.
//!
//! Chromium and `WebKit` hold every redirect after a form to the `form-action` of the form's page. If a provider sends
//! the browser on to another one, no policy of ours can name that origin. A navigation that a page begins does not
//! belong to a form and may go anywhere, so the policy of our pages stays as narrow as it was.
//!
//! The page needs no script. Browsers replace it in their history by the next page, so that nobody comes back to it. No
//! cache keeps it (`no-store`), and the next page gets no `Referer` (`no-referrer`): the address may hold an ID Token.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use html_escape::encode_quoted_attribute;

/// A page that leads on to `address`, which is a URL or a path of ours as browsers see it. `title` names the step under
/// way. A person whose browser stays there follows the link, whose words are `link`.
pub(crate) fn onward(address: &str, title: &str, link: &str) -> Response {
    let address = encode_quoted_attribute(address);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta http-equiv=\"refresh\" content=\"0;url={address}\">\
         <title>{title}</title></head>\
         <body><p><a rel=\"noreferrer\" href=\"{address}\">{link}</a></p></body></html>"
    );
    let mut response = Response::new(Body::from(page));
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    #[tokio::test]
    async fn an_address_stays_inside_its_attribute() {
        let response = onward("https://op.example/end?a=1&b='\"><script>", "Title", "Link");
        let page = to_bytes(response.into_body(), 4096).await.expect("a page");
        let page = String::from_utf8_lossy(&page);
        let address = "https://op.example/end?a=1&amp;b=&#x27;&quot;&gt;&lt;script&gt;";
        assert!(page.contains(&format!("content=\"0;url={address}\"")), "{page}");
        assert!(page.contains(&format!("href=\"{address}\"")), "{page}");
        assert!(!page.contains("<script"), "{page}");
    }
}
