//! The provider, this client there, and the claims of people.

use super::DefaultValue::{Described, Required, Value};
use super::setting::{Setting, secret, setting};

pub(super) const PROVIDER: &[Setting] = &[
    setting(
        "BFF_PROVIDER",
        Described("none"),
        "keycloak, entra, auth0, okta, google or cognito: what that provider wants otherwise, where the other settings do not say it",
    ),
    setting(
        "BFF_ISSUER",
        Required,
        "the provider's issuer identifier, character by character",
    ),
    setting("BFF_CLIENT_ID", Required, "this client's id at the provider"),
    secret(
        "BFF_CLIENT_SECRET",
        Described("none; needed where there is no other credential"),
        "this client's secret at the provider",
    ),
    secret(
        "BFF_CLIENT_KEY",
        Described("none"),
        "key ring, private keys in PKCS#8 PEM (RSA, P-256, P-384, Ed25519): the first signs client assertions, /auth/jwks publishes all",
    ),
    secret(
        "BFF_CLIENT_CERTIFICATE",
        Described("none"),
        "certificate in PEM that connections to the provider show (mutual TLS), its chain after it",
    ),
    secret(
        "BFF_CLIENT_CERTIFICATE_KEY",
        Described("none; needed with a certificate"),
        "that certificate's private key in PEM",
    ),
    setting(
        "BFF_SCOPES",
        Value("openid profile email"),
        "scopes to ask for, openid among them",
    ),
    setting(
        "BFF_CLIENT_AUTHENTICATION",
        Described("the strongest that the provider lists and the credentials allow"),
        "tls_client_auth, self_signed_tls_client_auth, private_key_jwt, client_secret_basic or client_secret_post",
    ),
    setting(
        "BFF_CLIENT_ASSERTION_ALGORITHM",
        Described("by the key and the provider's metadata"),
        "what client assertions are signed with: PS256, RS256, ES256, ES384 or EdDSA",
    ),
    setting(
        "BFF_CLIENT_ASSERTION_AUDIENCE",
        Value("issuer"),
        "whom client assertions name as audience: issuer; for older providers token_endpoint or endpoint (the one that is called)",
    ),
    setting(
        "BFF_PROFILE",
        Described("none"),
        "fapi2: the FAPI 2.0 Security Profile is demanded of both sides, as a whole",
    ),
    setting(
        "BFF_ID_TOKEN_ALGORITHMS",
        Described("what the provider's metadata lists"),
        "signature algorithms that an ID Token may have, such as RS256 ES256: these and no others",
    ),
    setting(
        "BFF_TRUSTED_AUDIENCES",
        Described("none"),
        "audiences that an ID Token may name besides this client",
    ),
    setting(
        "BFF_CLOCK_LEEWAY",
        Value("30s"),
        "how far the provider's clock may be off",
    ),
    setting(
        "BFF_USERINFO",
        Value("on"),
        "off: the userinfo endpoint is not asked at sign-in",
    ),
    setting(
        "BFF_USERINFO_SIGNED",
        Value("off"),
        "on: the client is registered for signed userinfo, and plain JSON is refused; off: userinfo that comes signed is verified",
    ),
    setting(
        "BFF_USERINFO_LIMIT",
        Value("1MiB"),
        "how large the answer of the userinfo endpoint may be, up to 16MiB",
    ),
    setting(
        "BFF_PKCE_UNADVERTISED",
        Value("off"),
        "on: the provider takes PKCE with S256 although its metadata does not say so",
    ),
    setting(
        "BFF_PAR",
        Value("auto"),
        "pushed authorization requests: auto where the provider takes them, required, or off",
    ),
    setting(
        "BFF_DPOP",
        Value("auto"),
        "access tokens bound to a key: auto where provider and APIs take them, required, or off",
    ),
    setting(
        "BFF_LOGOUT_TOKEN_TYP_REQUIRED",
        Value("off"),
        "on: a logout token has to say typ logout+jwt; off: it may also say none",
    ),
    setting(
        "BFF_LOGOUT_TOKEN_LENIENT",
        Value("auto"),
        "logout tokens without exp or with typ JWT: auto where the metadata look like Keycloak, Hydra or authentik, on, or off",
    ),
    setting(
        "BFF_FRONTCHANNEL_LOGOUT",
        Value("auto"),
        "sign-out by the provider's pages (/auth/frontchannel-logout): auto where its metadata promises it, on, or off",
    ),
    setting(
        "BFF_OFFLINE_ACCESS_PROMPT",
        Value("on"),
        "off: no consent is asked for although the scopes name offline_access",
    ),
    setting(
        "BFF_OFFLINE_ACCESS",
        Value("scope"),
        "what offline_access in the scopes becomes: scope, access_type (access_type=offline, Google) or unasked (Cognito)",
    ),
    setting(
        "BFF_AUTHORIZATION_PARAMETERS",
        Described("none"),
        "further parameters of the authorization request, as a query: audience=https://api.example.com&ui_locales=sv",
    ),
    setting(
        "BFF_END_SESSION_ENDPOINT",
        Described("by the provider's metadata"),
        "where the browser signs out: an address, or a path at the host of the authorization endpoint",
    ),
    setting(
        "BFF_END_SESSION_RETURN",
        Value("post_logout_redirect_uri"),
        "the parameter with the address to come back to: that, logout_uri (Cognito) or returnTo (Auth0); the last two go with the client id alone",
    ),
    setting(
        "BFF_PROVIDER_TIMEOUT",
        Value("10s"),
        "how long one call to the provider may take",
    ),
    setting(
        "BFF_PROVIDER_CA_FILE",
        Described("the system's certificates"),
        "PEM file with the authorities that the provider's certificate is checked against",
    ),
    setting(
        "BFF_CLAIMS",
        Value(
            "name given_name family_name nickname preferred_username email email_verified picture profile website gender birthdate zoneinfo locale updated_at phone_number phone_number_verified address",
        ),
        "claims that pages may see, besides sub",
    ),
    setting(
        "BFF_ROLES_CLAIM",
        Value("roles"),
        "where the roles stand, one place or several, with dots into objects: realm_access.roles; {client_id} is this client's id. \
         A list of texts, one text (one role, spaces or not), the names in an object, or either of these as JSON in a text",
    ),
];
