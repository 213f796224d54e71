//! Live reload under `cargo leptos watch`: the policy of a page allows the WebSocket that Leptos' `AutoReload` opens.

use http::HeaderValue;

/// The port that cargo-leptos takes if the metadata name none.
const DEFAULT_PORT: &str = "3001";

/// The policy with one more address to connect to, while cargo-leptos watches this program; otherwise as it is. cargo-leptos
/// says that it watches, and on which port, in the environment of the program that it starts.
pub(crate) fn allowed_by(policy: HeaderValue) -> HeaderValue {
    let of = |name| std::env::var(name).ok();
    let port = of("LEPTOS_RELOAD_EXTERNAL_PORT").or_else(|| of("LEPTOS_RELOAD_PORT"));
    match of("LEPTOS_WATCH") {
        Some(_) => with_socket(&policy, port.as_deref().unwrap_or(DEFAULT_PORT)).unwrap_or(policy),
        None => policy,
    }
}

/// The script connects to this port of the host in the address bar, which may have several names.
fn with_socket(policy: &HeaderValue, port: &str) -> Option<HeaderValue> {
    let port: u16 = port.parse().ok()?;
    let text = policy.to_str().ok()?;
    let allowed = text.replacen("connect-src ", &format!("connect-src ws://*:{port} wss://*:{port} "), 1);
    HeaderValue::try_from(allowed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watched_program_s_pages_may_connect_to_the_port_of_live_reload() {
        let policy =
            HeaderValue::from_static("default-src 'none'; connect-src 'self' https://api.example; base-uri 'none'");
        let allowed = with_socket(&policy, "3005").expect("a policy");
        assert_eq!(
            allowed,
            "default-src 'none'; connect-src ws://*:3005 wss://*:3005 'self' https://api.example; base-uri 'none'"
        );
        assert!(with_socket(&policy, "3005; script-src *").is_none());
        assert_eq!(allowed_by(policy.clone()), policy, "nobody watches this test");
    }
}
