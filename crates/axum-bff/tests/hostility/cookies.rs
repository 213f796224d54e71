//! The `Cookie` header. Any host under our registrable domain may have set a part of its cookies (RFC 6265bis §8.6).

mod oracle;

use crate::corpus;
use crate::mutation;
use crate::run::{Verdict, run};
use axum::http::{HeaderMap, HeaderValue, header};
use axum_bff::cookies;
use axum_bff::login_transaction::LoginBinding;
use bff_session::SessionId;

const CASES: u64 = 8000;

/// The headers of a request, one for each line of the text. Lines that cannot be the value of a header are left out.
fn headers(text: &str) -> HeaderMap {
    text.split('\n')
        .filter_map(|line| HeaderValue::from_bytes(line.as_bytes()).ok())
        .map(|line| (header::COOKIE, line))
        .collect()
}

fn lines(headers: &HeaderMap) -> Vec<&[u8]> {
    let lines = headers.get_all(header::COOKIE);
    lines.iter().map(HeaderValue::as_bytes).collect()
}

/// SES-04
#[test]
fn a_session_cookie_counts_once_by_its_exact_name_and_in_our_alphabet() {
    run(
        "cookies",
        CASES,
        mutation::mutated(corpus::all("cookies"), ";"),
        |text| {
            let headers = headers(text);
            let read = cookies::read(&headers, cookies::SESSION).and_then(SessionId::parse);
            let expected = oracle::session(&lines(&headers));
            agree(expected.as_deref(), read.map(|id| id.to_text().to_string()).as_deref())
        },
    );
}

/// SES-04
#[test]
fn a_login_cookie_counts_once_by_its_exact_name_and_in_our_alphabet() {
    run(
        "cookies_login",
        CASES,
        mutation::mutated(corpus::all("cookies_login"), ";"),
        |text| {
            let headers = headers(text);
            let names = cookies::CookieNames::default();
            let expected = oracle::login_secret(&lines(&headers));
            let read = LoginBinding::read(&headers, &names).map(|binding| binding.set_cookie(&names));
            let read = read.as_ref().and_then(|line| line.to_str().ok());
            let secret = read.and_then(|line| line.split(['=', ';', '.']).nth(1));
            agree(expected.as_deref(), secret)
        },
    );
}

fn agree(expected: Option<&str>, read: Option<&str>) -> Result<Verdict, String> {
    match (expected, read) {
        (Some(expected), Some(read)) if expected == read => Ok(Verdict::Accepted),
        (None, None) => Ok(Verdict::Refused),
        (None, Some(_)) => Err("read, although there is not exactly one such cookie in our form".to_owned()),
        (Some(_), _) => {
            Err("not read, or with another value, although there is exactly one such cookie in our form".to_owned())
        }
    }
}
