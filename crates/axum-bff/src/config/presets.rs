//! The deviations of widely used providers from the standard: one table of settings. An
//! operator's own setting wins. `docs/providers.md` says the rest.

use url::Url;

/// A provider by name (`BFF_PROVIDER`), and the defaults of its settings.
#[derive(Debug)]
pub(super) struct Preset {
    pub(super) name: &'static str,
    pub(super) settings: &'static [(&'static str, &'static str)],
}

pub(super) const PRESETS: [Preset; 6] = [
    Preset {
        name: "keycloak",
        settings: &[(
            "BFF_ROLES_CLAIM",
            "realm_access.roles resource_access.{client_id}.roles",
        )],
    },
    Preset {
        name: "entra",
        settings: &[
            // It takes S256, and its metadata does not say so.
            ("BFF_PKCE_UNADVERTISED", "on"),
            // Graph's userinfo takes tokens for Graph only, and knows nothing that the ID Token does not.
            ("BFF_USERINFO", "off"),
            // It gives refresh tokens without a question. Asked for consent, it shows the page at each sign-in, and refuses the
            // person if only administrators may consent (AADSTS90094), also after they have.
            ("BFF_OFFLINE_ACCESS_PROMPT", "off"),
        ],
    },
    Preset {
        name: "auth0",
        // There for every tenant; the metadata of older ones does not say so.
        settings: &[("BFF_END_SESSION_ENDPOINT", "/oidc/logout")],
    },
    Preset {
        name: "okta",
        settings: &[("BFF_ROLES_CLAIM", "groups")],
    },
    Preset {
        name: "google",
        settings: &[
            ("BFF_ISSUER", "https://accounts.google.com"),
            ("BFF_OFFLINE_ACCESS", "access_type"),
        ],
    },
    Preset {
        name: "cognito",
        settings: &[
            // It takes S256, and its metadata does not say so.
            ("BFF_PKCE_UNADVERTISED", "on"),
            ("BFF_OFFLINE_ACCESS", "unasked"),
            ("BFF_ROLES_CLAIM", "cognito:groups"),
            // Not all pools have it in their metadata; its parameters are its own.
            ("BFF_END_SESSION_ENDPOINT", "/logout"),
            ("BFF_END_SESSION_RETURN", "logout_uri"),
        ],
    },
];

/// The preset of this name.
pub(super) fn find(name: &str) -> Result<&'static Preset, String> {
    let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    let preset = PRESETS.iter().find(|preset| preset.name == name);
    preset.ok_or_else(|| format!("is none of {}", names.join(", ")))
}

const ENTRA_TENANTS: &str = "is shared by many tenants, and its metadata names no issuer that could be compared: \
     use the one of your tenant, https://login.microsoftonline.com/<tenant id>/v2.0";
const ENTRA_NAME: &str = "names the tenant by its domain, and its metadata names it by its id: \
     use https://login.microsoftonline.com/<tenant id>/v2.0";
const ENTRA_VERSION: &str = "is the address of version 1, whose metadata names another issuer: it has to end in /v2.0";
const AUTH0_SLASH: &str = "lacks the slash at the end that Auth0's issuers have";
const GOOGLE: &str = "is not how Google writes it: https://accounts.google.com";
const COGNITO_DOMAIN: &str = "is the domain of the sign-in pages: the issuer is \
     https://cognito-idp.<region>.amazonaws.com/<user pool id>";
const OKTA_ADMIN: &str = "is the address of Okta's console: leave out -admin";

/// An issuer at one of these hosts that no metadata ever names, and the right one.
pub(super) fn trap(issuer: &Url, text: &str) -> Option<&'static str> {
    let host = issuer.host_str()?;
    match host {
        "login.microsoftonline.com" => entra(issuer),
        "accounts.google.com" => (text != "https://accounts.google.com").then_some(GOOGLE),
        _ if host.ends_with(".auth0.com") => (!text.ends_with('/')).then_some(AUTH0_SLASH),
        _ if host.ends_with(".amazoncognito.com") => Some(COGNITO_DOMAIN),
        _ if host.ends_with("-admin.okta.com") => Some(OKTA_ADMIN),
        _ => None,
    }
}

fn entra(issuer: &Url) -> Option<&'static str> {
    let mut segments = issuer.path_segments()?;
    let tenant = segments.next().unwrap_or_default();
    let is_id = tenant.len() == 36 && tenant.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if ["common", "organizations", "consumers"].contains(&tenant) {
        Some(ENTRA_TENANTS)
    } else if segments.next() != Some("v2.0") {
        Some(ENTRA_VERSION)
    } else if is_id {
        None
    } else {
        Some(ENTRA_NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::settings;

    #[test]
    fn a_preset_sets_what_can_be_set() {
        for preset in &PRESETS {
            for (name, _) in preset.settings {
                assert!(settings::find(name).is_some(), "{}: {name}", preset.name);
            }
        }
    }

    /// DISC-02
    #[test]
    fn issuers_that_no_metadata_names_are_refused_with_what_is_right() {
        let id = "11111111-2222-3333-4444-555555555555";
        let entra = |rest: &str| format!("https://login.microsoftonline.com/{rest}");
        for (issuer, right) in [
            (entra("common/v2.0"), Some(ENTRA_TENANTS)),
            (entra("organizations/v2.0"), Some(ENTRA_TENANTS)),
            (entra("consumers/v2.0"), Some(ENTRA_TENANTS)),
            (entra("contoso.onmicrosoft.com/v2.0"), Some(ENTRA_NAME)),
            (entra(id), Some(ENTRA_VERSION)),
            (entra(&format!("{id}/")), Some(ENTRA_VERSION)),
            (entra(&format!("{id}/v2.0")), None),
            ("https://tenant.eu.auth0.com".to_owned(), Some(AUTH0_SLASH)),
            ("https://tenant.eu.auth0.com/".to_owned(), None),
            ("https://accounts.google.com/".to_owned(), Some(GOOGLE)),
            ("https://accounts.google.com".to_owned(), None),
            (
                "https://people.auth.eu-central-1.amazoncognito.com".to_owned(),
                Some(COGNITO_DOMAIN),
            ),
            (
                "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE00".to_owned(),
                None,
            ),
            ("https://tenant-admin.okta.com".to_owned(), Some(OKTA_ADMIN)),
            ("https://tenant.okta.com/oauth2/default".to_owned(), None),
        ] {
            assert_eq!(trap(&Url::parse(&issuer).expect("a URL"), &issuer), right, "{issuer}");
        }
    }
}
