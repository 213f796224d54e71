//! The cookies that the browser sends, as far as a page may say it.

use leptos::prelude::*;
use leptos_bff::UnattendedClient;
use leptos_bff::problem::Problem;
use serde::{Deserialize, Serialize};

/// A cookie that came with the request. Its value stays on the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCookie {
    /// The name.
    pub name: String,
    /// The number of characters of the value.
    pub length: usize,
}

/// The cookies of the request that no script can read: those of this application have names that begin with `__Host-Http-`
/// (RFC 6265bis §4.1.3). The page calls it by itself.
///
/// # Errors
///
/// A [`Problem`] where the request did not get as far as this function, such as 401 without a session.
#[server(prefix = "/_fn", endpoint = "sent_cookies", client = UnattendedClient)]
pub async fn sent_cookies() -> Result<Vec<SentCookie>, Problem> {
    use leptos::server_fn::error::FromServerFnError;
    let headers: http::HeaderMap = leptos_axum::extract().await.map_err(Problem::from_server_fn_error)?;
    Ok(of(&headers))
}

#[cfg(feature = "ssr")]
fn of(headers: &http::HeaderMap) -> Vec<SentCookie> {
    let lines = headers.get_all(http::header::COOKIE).iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let cookies = pairs.filter_map(|pair| pair.trim().split_once('='));
    cookies
        .filter(|(name, _)| name.starts_with("__Host-Http-"))
        .map(|(name, value)| SentCookie {
            name: name.to_owned(),
            length: value.len(),
        })
        .collect()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::of;
    use http::{HeaderMap, HeaderValue, header};

    #[test]
    fn cookies_are_told_by_their_names_and_lengths_and_those_of_others_are_not() {
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_static("theme=dark; __Host-Http-session=c2VjcmV0==; lang=de");
        headers.insert(header::COOKIE, line);
        let told = of(&headers);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].name.as_str(), told[0].length), ("__Host-Http-session", 10));
        assert!(of(&HeaderMap::new()).is_empty());
    }
}
