//! Logout tokens in the form that providers gave them before Back-Channel Logout 1.0 was final: without `exp`, and with the
//! `typ` of every other JWT. Hydra sends them so, Keycloak did before 25 and authentik before 2025.8.2.

use serde_json::{Map, Value};
use url::Url;

/// Metadata name no product and no version. The paths of these three are their own, wherever they are installed.
pub(super) fn are_suggested_by(metadata: &Map<String, Value>) -> bool {
    let ends_in = |member: &str, path: &str| {
        let address = metadata.get(member).and_then(Value::as_str);
        let address = address.and_then(|address| Url::parse(address).ok());
        address.is_some_and(|address| address.path().ends_with(path))
    };
    let (keycloak, hydra) = ("/protocol/openid-connect/logout", "/oauth2/sessions/logout");
    let authentik = "/application/o/token/";
    ends_in("end_session_endpoint", keycloak)
        || ends_in("end_session_endpoint", hydra)
        || ends_in("token_endpoint", authentik)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// LO-14, LO-18
    #[test]
    fn the_metadata_suggest_the_older_form_or_do_not() {
        for (member, address, suggests) in [
            (
                "end_session_endpoint",
                "https://a.example/realms/x/protocol/openid-connect/logout",
                true,
            ),
            ("end_session_endpoint", "https://a.example/oauth2/sessions/logout", true),
            ("token_endpoint", "https://a.example/application/o/token/", true),
            ("end_session_endpoint", "https://a.example/logout", false),
            (
                "end_session_endpoint",
                "https://a.example/?to=/oauth2/sessions/logout",
                false,
            ),
            ("token_endpoint", "https://a.example/oauth2/token", false),
        ] {
            let document = json!({ member: address });
            let metadata = document.as_object().expect("an object");
            assert_eq!(are_suggested_by(metadata), suggests, "{address}");
        }
    }
}
