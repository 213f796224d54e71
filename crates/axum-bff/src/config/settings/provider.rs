//! The provider, this client's registration there, and the claims of people.

use super::DefaultValue::{Described, Required, Value};
use super::setting::{Setting, secret, setting};

pub(super) const PROVIDER: &[Setting] = &[
    setting(
        "BFF_PROVIDER",
        Described("none"),
        "keycloak, entra, auth0, okta, google or cognito: sets defaults that fit this provider. A setting of your \
         own wins over them.",
    ),
    setting(
        "BFF_ISSUER",
        Required,
        "The provider's issuer identifier. It is compared character by character with the provider's metadata and \
         tokens.",
    ),
    setting("BFF_CLIENT_ID", Required, "This client's client_id at the provider."),
    secret(
        "BFF_CLIENT_SECRET",
        Described("none; required without another credential"),
        "This client's client_secret at the provider.",
    ),
    secret(
        "BFF_CLIENT_KEY",
        Described("none"),
        "A key ring: private keys in PKCS#8 PEM (RSA, P-256, P-384, Ed25519). The first key signs client assertions \
         (private_key_jwt); /auth/jwks publishes the public part of every key.",
    ),
    secret(
        "BFF_CLIENT_CERTIFICATE",
        Described("none"),
        "The client certificate for mutual TLS with the provider, in PEM, with its chain after it.",
    ),
    secret(
        "BFF_CLIENT_CERTIFICATE_KEY",
        Described("none; required with a certificate"),
        "The private key of that certificate, in PEM.",
    ),
    setting(
        "BFF_SCOPES",
        Value("openid profile email"),
        "The scopes that the authorization request asks for. openid has to be among them.",
    ),
    setting(
        "BFF_CLIENT_AUTHENTICATION",
        Described("the strongest that the provider lists and the credentials allow"),
        "How this client authenticates at the provider: tls_client_auth, self_signed_tls_client_auth, \
         private_key_jwt, client_secret_basic or client_secret_post. Sign-in stops if the provider does not list \
         this method.",
    ),
    setting(
        "BFF_CLIENT_ASSERTION_ALGORITHM",
        Described("an algorithm that the key has and the metadata lists, PS256 before RS256"),
        "The algorithm that signs client assertions: PS256, RS256, ES256, ES384 or EdDSA. The first key of \
         BFF_CLIENT_KEY has to fit it.",
    ),
    setting(
        "BFF_CLIENT_ASSERTION_AUDIENCE",
        Value("issuer"),
        "The audience of client assertions: issuer, or for older providers token_endpoint, or endpoint (the \
         endpoint that is called).",
    ),
    setting(
        "BFF_PROFILE",
        Described("none"),
        "fapi2: settings, provider and APIs have to meet the FAPI 2.0 Security Profile. Otherwise the server does \
         not start, or nobody can sign in.",
    ),
    setting(
        "BFF_ID_TOKEN_ALGORITHMS",
        Described("the asymmetric algorithms that the provider's metadata lists"),
        "The only signature algorithms that an ID Token may have, such as RS256 ES256.",
    ),
    setting(
        "BFF_TRUSTED_AUDIENCES",
        Described("none"),
        "Further audiences that an ID Token may name beside this client. A token with any other audience is refused.",
    ),
    setting(
        "BFF_CLOCK_LEEWAY",
        Value("30s"),
        "How far the provider's clock may differ from this machine's, at most 10m.",
    ),
    setting(
        "BFF_USERINFO",
        Value("on"),
        "off: the server does not read claims from the userinfo endpoint at sign-in.",
    ),
    setting(
        "BFF_USERINFO_SIGNED",
        Value("off"),
        "on: userinfo has to be a signed JWT, because the client is registered for that; plain JSON is refused. \
         off: the server takes plain JSON, and a signed JWT whose signature is valid.",
    ),
    setting(
        "BFF_USERINFO_LIMIT",
        Value("1MiB"),
        "The largest answer of the userinfo endpoint that is accepted, from 1KiB to 16MiB.",
    ),
    setting(
        "BFF_PKCE_UNADVERTISED",
        Value("off"),
        "on: the server accepts a provider whose metadata does not list PKCE with S256, because it supports S256 \
         all the same.",
    ),
    setting(
        "BFF_PAR",
        Value("auto"),
        "Pushed authorization requests (RFC 9126). auto: used where the provider supports them; required: no \
         sign-in without them; off: not used.",
    ),
    setting(
        "BFF_DPOP",
        Value("auto"),
        "Access tokens bound to a key (DPoP, RFC 9449). auto: asked for where the provider and every API with the \
         person's token support them; required: no sign-in without them; off: not asked for.",
    ),
    setting(
        "BFF_LOGOUT_TOKEN_TYP_REQUIRED",
        Value("off"),
        "on: a logout token needs the typ logout+jwt; off: it may also have no typ.",
    ),
    setting(
        "BFF_LOGOUT_TOKEN_LENIENT",
        Value("auto"),
        "Logout tokens without exp or with the typ JWT. auto: accepted where the metadata looks like Keycloak, \
         Hydra or authentik; on: accepted; off: refused.",
    ),
    setting(
        "BFF_FRONTCHANNEL_LOGOUT",
        Value("auto"),
        "Front-channel logout at /auth/frontchannel-logout. auto: accepted where the provider's metadata has \
         frontchannel_logout_supported; on: accepted; off: 404.",
    ),
    setting(
        "BFF_OFFLINE_ACCESS_PROMPT",
        Value("on"),
        "on: the authorization request has prompt=consent if the scopes name offline_access; off: it has not.",
    ),
    setting(
        "BFF_OFFLINE_ACCESS",
        Value("scope"),
        "How to ask for a refresh token if BFF_SCOPES has offline_access. scope: with that scope; access_type: with \
         access_type=offline in place of the scope (Google); unasked: not at all (Cognito gives one unasked).",
    ),
    setting(
        "BFF_AUTHORIZATION_PARAMETERS",
        Described("none"),
        "Further parameters of the authorization request, written as a query: \
         audience=https://api.example.com&ui_locales=sv. A parameter that the protocol uses is refused.",
    ),
    setting(
        "BFF_END_SESSION_ENDPOINT",
        Described("the endpoint in the provider's metadata"),
        "The provider's end-session endpoint, in place of the metadata's: an address, or a path at the host of the \
         authorization endpoint.",
    ),
    setting(
        "BFF_END_SESSION_RETURN",
        Value("post_logout_redirect_uri"),
        "The parameter of the sign-out at the provider that holds the address to return to: \
         post_logout_redirect_uri, logout_uri (Cognito) or returnTo (Auth0). With the last two, the client id is \
         the only other parameter.",
    ),
    setting(
        "BFF_PROVIDER_TIMEOUT",
        Value("10s"),
        "How long one request to the provider may take, from connecting to the last byte of the answer. A refresh \
         may take twelve times as long.",
    ),
    setting(
        "BFF_PROVIDER_CA_FILE",
        Described("the system's certificates"),
        "A PEM file with the certificate authorities for the provider's certificate. They replace the system's.",
    ),
    setting(
        "BFF_CLAIMS",
        Value(
            "name given_name family_name nickname preferred_username email email_verified picture profile website gender birthdate zoneinfo locale updated_at phone_number phone_number_verified address",
        ),
        "The claims that pages may see. Pages always see sub.",
    ),
    setting(
        "BFF_ROLES_CLAIM",
        Value("roles"),
        "The claims that hold the roles; a dot leads into an object: realm_access.roles. {client_id} stands for \
         this client's id. A claim may be a list of texts, one text (one role, even with spaces in it), an object \
         whose names are the roles, or JSON of a list or object in a text.",
    ),
    setting(
        "BFF_LOGIN_HINT",
        Value("preferred_username email"),
        "The claims that may name the person to the provider at a step-up (login_hint). The first one that the \
         session has is sent, so BFF_CLAIMS has to have it, or it is sub. none: the request names nobody. A session \
         with none of them is named by its ID Token, and only in a pushed request.",
    ),
];
