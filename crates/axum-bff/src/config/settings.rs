//! The list of settings: what `bff --help` prints and what `.env.example` is checked against.

mod help;

pub use help::{help, help_with};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The environment variable. In a TOML file: the same without `BFF_`, in lower case.
    pub name: &'static str,
    /// Whether it is a secret, so that it may also come from the file that `NAME_FILE` names.
    pub secret: bool,
    /// What it is without being set.
    pub default: DefaultValue,
    /// What it means, in a line.
    pub help: &'static str,
}

/// What a setting is without being set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// There is no default: it has to be set.
    Required,
    /// This text is read.
    Value(&'static str),
    /// Something that the help describes.
    Described(&'static str),
}

use DefaultValue::{Described, Required, Value};

impl Setting {
    /// A setting that is no secret.
    #[must_use]
    pub const fn new(name: &'static str, default: DefaultValue, help: &'static str) -> Self {
        Self {
            name,
            secret: false,
            default,
            help,
        }
    }

    /// A secret, which may also come from the file that `NAME_FILE` names.
    #[must_use]
    pub const fn secret(name: &'static str, default: DefaultValue, help: &'static str) -> Self {
        Self {
            secret: true,
            ..Self::new(name, default, help)
        }
    }
}

const fn setting(name: &'static str, default: DefaultValue, help: &'static str) -> Setting {
    Setting::new(name, default, help)
}

const fn secret(name: &'static str, default: DefaultValue, help: &'static str) -> Setting {
    Setting::secret(name, default, help)
}

/// Every setting, by section.
pub const SETTINGS: &[Setting] = &[
    setting(
        "BFF_PUBLIC_URL",
        Required,
        "where browsers reach this server, such as https://app.example.com, or below a path: https://example.com/shop",
    ),
    setting("BFF_LISTEN", Value("127.0.0.1:3000"), "address and port to listen on"),
    setting(
        "BFF_HTTP_LOOPBACK",
        Value("off"),
        "on: http is accepted for issuer and public URL where they are loopback",
    ),
    setting(
        "BFF_COOKIE_NAME",
        Described("session; below a path that path too, as session-shop"),
        "name of the session's cookie, after __Host-Http-; applications on one host, such as localhost, need different ones",
    ),
    setting(
        "BFF_TRUSTED_PROXIES",
        Described("none"),
        "addresses or networks of proxies whose X-Forwarded-For or Forwarded is believed, such as 10.0.0.0/8",
    ),
    setting(
        "BFF_SITE",
        Described("site beside the executable"),
        "folder with the front end's files",
    ),
    setting(
        "BFF_PAGE_SOURCES",
        Described("none"),
        "origins that pages may load from, by directive: img-src https://cdn.example.com; connect-src wss://live.example.com",
    ),
    setting(
        "BFF_SHUTDOWN_GRACE",
        Value("10s"),
        "how long requests under way may take when the server ends",
    ),
    setting(
        "BFF_CONNECTIONS",
        Value("16384"),
        "how many connections may be open; where all are, one goes that waits for a request",
    ),
    setting(
        "BFF_HEAD_TIMEOUT",
        Value("10s"),
        "how long the head of a request may take, from its first byte",
    ),
    setting(
        "BFF_KEEP_ALIVE",
        Value("75s"),
        "how long a connection may wait for its next request: longer than the proxy in front keeps it",
    ),
    setting(
        "BFF_WRITE_TIMEOUT",
        Value("30s"),
        "how long a browser or proxy may read nothing of what is written to it",
    ),
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
    secret(
        "BFF_REDIS_URL",
        Required,
        "redis:, rediss:, redis-sentinel:, redis-cluster: or redis+unix: address; memory: keeps sessions in this process",
    ),
    secret(
        "BFF_SESSION_KEY",
        Required,
        "key ring, 32 bytes in base64 each: the first seals, all open (openssl rand -base64 32)",
    ),
    setting(
        "BFF_SESSION_IDLE",
        Value("30m"),
        "a session ends after this long without a request",
    ),
    setting(
        "BFF_SESSION_ABSOLUTE",
        Value("8h"),
        "a session ends this long after the sign-in, whatever happens",
    ),
    setting(
        "BFF_SESSIONS_EACH",
        Value("100"),
        "how many sessions one person may have; one more ends the oldest",
    ),
    setting(
        "BFF_SESSION_LOCAL_COPY",
        Value("off"),
        "on: sessions are copied into this process's memory until Redis says that they changed",
    ),
    setting("BFF_REDIS_TIMEOUT", Value("2s"), "how long Redis may take to answer"),
    setting(
        "BFF_REDIS_CA_FILE",
        Described("the system's certificates"),
        "PEM file with the authorities that Redis's certificate is checked against",
    ),
    setting(
        "BFF_REDIS_PLAINTEXT",
        Value("off"),
        "on: Redis on another machine may be reached without TLS",
    ),
    setting(
        "BFF_API_<NAME>",
        Described("no API"),
        "base URL of an API that pages reach under /api/<name>/ (in TOML: [api.<name>], with url and the ends below as keys)",
    ),
    setting(
        "BFF_API_<NAME>_TOKEN",
        Value("person"),
        "what that API is called with: the person's access token, the client's own, or none",
    ),
    setting(
        "BFF_API_<NAME>_SCOPE",
        Described("the provider's default"),
        "scope of the client's own token",
    ),
    setting(
        "BFF_API_<NAME>_DPOP",
        Value("off"),
        "on: that API takes access tokens that are bound to a key (RFC 9449)",
    ),
    setting(
        "BFF_API_<NAME>_CERTIFICATE",
        Value("off"),
        "on: calls show that API the certificate of BFF_CLIENT_CERTIFICATE, for tokens that are bound to it (RFC 8705)",
    ),
    setting(
        "BFF_API_<NAME>_METHODS",
        Value("GET HEAD POST PUT PATCH DELETE"),
        "methods that are relayed to that API",
    ),
    setting(
        "BFF_API_<NAME>_HEADERS",
        Described("none"),
        "further headers that are relayed, in both directions",
    ),
    setting(
        "BFF_API_<NAME>_TIMEOUT",
        Value("30s"),
        "how long its answer may take to begin, and then to go on",
    ),
    setting(
        "BFF_API_<NAME>_BODY_LIMIT",
        Value("1MiB"),
        "how large the body of a request may be, and that of an answer that code reads whole",
    ),
    setting(
        "BFF_API_<NAME>_REQUESTS",
        Value("256"),
        "how many requests may be under way to that API",
    ),
    setting(
        "BFF_API_<NAME>_REQUESTS_EACH",
        Value("32"),
        "how many of these may be one person's",
    ),
    setting(
        "BFF_API_<NAME>_STREAMS",
        Value("1024"),
        "how many event streams and WebSockets may be open to that API",
    ),
    setting(
        "BFF_API_<NAME>_STREAMS_EACH",
        Value("32"),
        "how many of these may be one person's",
    ),
    setting(
        "BFF_API_<NAME>_CA_FILE",
        Described("the system's certificates"),
        "PEM file with the authorities that its certificate is checked against",
    ),
    setting(
        "BFF_API_<NAME>_HTTP",
        Value("off"),
        "on: its base URL may be http, although it is another machine",
    ),
    setting(
        "BFF_LOG",
        Value("info"),
        "what is logged: error, warn, info, debug, trace, or directives such as server=debug",
    ),
    setting("BFF_LOG_FORMAT", Value("json"), "json or text"),
];

/// The setting of this name. A variable `BFF_API_ORDERS_TOKEN` is the setting
/// `BFF_API_<NAME>_TOKEN`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Setting> {
    let pattern = match (name.starts_with(API), api_key(name)) {
        (false, _) => name.to_owned(),
        (true, Some((_, ""))) => "BFF_API_<NAME>".to_owned(),
        (true, Some((_, key))) => format!("BFF_API_<NAME>_{key}"),
        (true, None) => return None,
    };
    SETTINGS.iter().find(|setting| setting.name == pattern)
}

const API: &str = "BFF_API_";

/// The `<NAME>` and the key of a variable that is about an API: `ORDERS` and `TOKEN` of
/// `BFF_API_ORDERS_TOKEN`, `ORDERS` and nothing of `BFF_API_ORDERS`. Names are upper case, with
/// digits and single underscores; none ends like a key.
#[must_use]
pub fn api_key(variable: &str) -> Option<(&str, &'static str)> {
    let rest = variable.strip_prefix(API)?;
    let mut keys = SETTINGS
        .iter()
        .filter_map(|setting| setting.name.strip_prefix("BFF_API_<NAME>_"));
    let split = keys.find_map(|key| Some((rest.strip_suffix(key)?.strip_suffix('_')?, key)));
    let (name, key) = split.unwrap_or((rest, ""));
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    name.split('_').all(is_word).then_some((name, key))
}
