//! The host that a request names: a name of this machine, or the issuer's.
//!
//! A site can point its own name at this machine once its page is open (DNS rebinding). For the browser, that page and this
//! provider are then one origin: its script reads every answer here, and its forms count as our own. The name in the address
//! bar is all that gives it away, and the browser sends that name as `Host`.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use crate::state::Shared;

/// Answers a request that names another host with 421. A program that names none, as HTTP/1.0 allows, is no browser.
pub(crate) async fn of_this_machine(State(provider): State<Shared>, request: Request, next: Next) -> Response {
    let is_ours = |host: &HeaderValue| host.to_str().is_ok_and(|host| is_ours(host, &provider.issuer));
    if request.headers().get_all(header::HOST).iter().all(is_ours) {
        next.run(request).await
    } else {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    }
}

fn is_ours(host: &str, issuer: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().to_ascii_lowercase();
    is_loopback(&name) || Url::parse(issuer).is_ok_and(|issuer| issuer.host_str() == Some(name.as_str()))
}

/// Browsers resolve `localhost`, and the names below it, to this machine by themselves.
fn is_loopback(name: &str) -> bool {
    let in_brackets = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match in_brackets.unwrap_or(name).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn the_names_of_this_machine_and_the_issuer_s_are_ours_and_no_others() {
        for ours in [
            "127.0.0.1:4000",
            "127.0.0.2",
            "localhost",
            "LOCALHOST:4000",
            "app.localhost:4000",
            "[::1]:4000",
            "op.example",
            "op.example:4443",
            "OP.example",
        ] {
            assert!(is_ours(ours, "https://op.example:4443/tenant"), "{ours}");
        }
        for other in [
            "",
            "evil.example",
            "evil.example:4000",
            "op.example.evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil-localhost",
            "192.0.2.1:4000",
            "0.0.0.0:4000",
            "[2001:db8::1]:4000",
            "::1",
            "localhost/",
            "evil.example#localhost",
        ] {
            assert!(!is_ours(other, "https://op.example:4443/tenant"), "{other}");
        }
    }
}
