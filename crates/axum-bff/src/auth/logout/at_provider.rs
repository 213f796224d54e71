//! `GET /auth/logout/provider`: leads a browser that has signed out here to the provider.
//!
//! The address at the provider holds the ID Token as a hint. It stands in no page of ours, where a script could read it: a
//! page has it sealed, and only the `Location` of the redirect from here has it in the clear.

use super::not_at_the_provider;
use crate::bff::Bff;
use crate::paths::LOGOUT_AT_PROVIDER;
use crate::response::see_other;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bff_session::key_ring::{KeyRing, Purpose};
use time::{Duration, OffsetDateTime};

const PARAMETER: &str = "to";
/// The browser goes on at once, or a person follows the link.
const LIFETIME: Duration = Duration::minutes(5);
/// The longest address of ours, in bytes: many proxies take 8 KiB for the line of a request.
const LONGEST: usize = 7 * 1024;

/// The address from which a browser is led on to `url`. `None`: it would be too long.
pub(super) fn address(keys: &KeyRing, url: &str, now: OffsetDateTime) -> Option<String> {
    let until = now.saturating_add(LIFETIME).unix_timestamp();
    let content = [&until.to_be_bytes()[..], url.as_bytes()].concat();
    let sealed = URL_SAFE_NO_PAD.encode(keys.seal(Purpose::EndSession, b"", &content));
    let address = format!("{LOGOUT_AT_PROVIDER}?{PARAMETER}={sealed}");
    (address.len() <= LONGEST).then_some(address)
}

/// The handler.
pub(crate) async fn at_provider(State(state): State<Bff>, RawQuery(query): RawQuery) -> Response {
    let url = read(&state.keys, &query.unwrap_or_default(), state.clock.now());
    see_other(&url.unwrap_or_else(|| not_at_the_provider(&state)))
}

fn read(keys: &KeyRing, query: &str, now: OffsetDateTime) -> Option<String> {
    let mut values = url::form_urlencoded::parse(query.as_bytes());
    let (_, value) = values.find(|(name, _)| name == PARAMETER)?;
    let sealed = URL_SAFE_NO_PAD.decode(value.as_ref()).ok()?;
    let opened = keys.open(Purpose::EndSession, b"", &sealed).ok()?;
    let (until, url) = opened.plaintext.split_first_chunk::<8>()?;
    if i64::from_be_bytes(*until) < now.unix_timestamp() {
        return None;
    }
    String::from_utf8(url.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://op.example/end?id_token_hint=canary";

    fn keys() -> KeyRing {
        KeyRing::parse(&KeyRing::new_key()).expect("a key")
    }

    fn query(address: &str) -> &str {
        address.split_once('?').expect("a query").1
    }

    /// SES-09
    #[test]
    fn the_address_at_the_provider_is_sealed_and_opens_for_five_minutes() {
        let (keys, now) = (keys(), OffsetDateTime::UNIX_EPOCH);
        let address = address(&keys, URL, now).expect("short enough");
        assert!(!address.contains("canary"));
        let later = |time: Duration| read(&keys, query(&address), now + time);
        assert_eq!(later(Duration::ZERO).as_deref(), Some(URL));
        assert_eq!(later(LIFETIME).as_deref(), Some(URL));
        assert_eq!(later(LIFETIME + Duration::SECOND), None);
    }

    /// RED-01
    #[test]
    fn nobody_else_makes_an_address_that_leads_on() {
        let (keys, now) = (keys(), OffsetDateTime::UNIX_EPOCH);
        let of_another = address(&self::keys(), URL, now).expect("short enough");
        for query in [query(&of_another), "", "to=", "to=https://evil.example", "to=AAAA"] {
            assert_eq!(read(&keys, query, now), None, "{query}");
        }
    }

    #[test]
    fn an_address_that_a_proxy_would_refuse_is_not_made() {
        let url = format!("{URL}{}", "x".repeat(6 * 1024));
        assert_eq!(address(&keys(), &url, OffsetDateTime::UNIX_EPOCH), None);
    }
}
