//! Values for the members of headers and claims, in JSON, with ` | ` between them. A `�` becomes a byte that is not
//! UTF-8.

use proptest::prelude::*;
use proptest::sample::select;

/// Members by name, with their values.
pub(super) type Members = &'static [(&'static str, &'static str)];

/// Values for any member: every type, extreme numbers, and texts that are no JSON.
const ANY: &str = r#"null | true | false | "" | " " | "x" | [] | {} | [null] | [[]] | 0 | -0 | -1 | 1 | 1.5 | 1e308 | 1e400 |
1e-400 | -1e308 | 9007199254740993 | 18446744073709551616 | "1800000000" | "\u0000" | "\ud83d\ude00" | "\ud800" | "\u202e" | "�" |
01 | NaN | 'x'"#;

pub(super) const HEADERS: Members = &[
    (
        "alg",
        r#""none" | "None" | "HS256" | "RS512" | "PS256" | "EdDSA" | "rs256" | "RS256 " | ["RS256"]"#,
    ),
    ("kid", r#""1" | "2" | "3" | "../../etc/passwd" | 1 | "1 ""#),
    (
        "typ",
        r#""JWT" | "jwt" | "application/jwt" | "JOSE" | "at+jwt" | "logout+jwt" | "Logout+JWT" |
"application/logout+jwt" | "application/application/jwt""#,
    ),
    ("crit", r#"[] | ["exp"] | ["b64"]"#),
    ("b64", "true | false"),
    ("cty", r#""JWT""#),
    ("jku", r#""https://evil.example/jwks""#),
    ("jwk", r#"{"kty":"oct","k":"AA"}"#),
    ("zip", r#""DEF""#),
];

/// The times lie around the limits. The current time is 1800000000.
pub(super) const CLAIMS: Members = &[
    (
        "iss",
        r#""$ISSUER" | "$ISSUER_LOUD" | "$ISSUER/" | "$ISSUER1" | ["$ISSUER"] | "https://evil.example""#,
    ),
    (
        "aud",
        r#""client" | "Client" | "client1" | ["client"] | ["client","trusted"] | ["trusted"] | ["client","other"] |
["client",7] | ["client","client"] | {"client":1} | "client trusted""#,
    ),
    ("azp", r#""client" | "other" | "trusted" | ["client"]"#),
    (
        "exp",
        "1799999940 | 1799999939 | 1799999941 | 1799999940.5 | 1799999940.0000001 | 1800000000 | 9e15",
    ),
    (
        "iat",
        "1800000000 | 1800000060 | 1800000061 | 1800000060.5 | 1799999340 | 1799999339 | 1799999339.9 | 1.8e9",
    ),
    ("nbf", "1800000000 | 1800000060 | 1800000061 | 0"),
    (
        "nonce",
        r#""nonce" | "Nonce" | "nonce " | "nonc" | "\u006eonce" | "another""#,
    ),
    (
        "auth_time",
        "1800000000 | 1800000060 | 1800000061 | 1799999640 | 1799999639 | 0",
    ),
    ("acr", r#""gold" | "silver" | "Gold" | ["gold"]"#),
    ("sub", r#""alice" | "a\u0300lice" | "àlice" | "Alice" | "\u0000""#),
    ("sid", r#""session" | 7"#),
    ("at_hash", r#""$AT_HASH" | "AAAAAAAAAAAAAAAAAAAAAA" | "$AT_HASH=""#),
    (
        "events",
        r#"{"http://schemas.openid.net/event/backchannel-logout":{}} |
{"http://schemas.openid.net/event/backchannel-logout":null} | {"http://schemas.openid.net/event/backchannel-logout":[]} |
["http://schemas.openid.net/event/backchannel-logout"] | {"foobar":{}}"#,
    ),
    ("jti", r#""token" | 7"#),
    ("email_verified", r#""true""#),
    ("a", r#"{"b":1,"b":2} | [{"b":{"c":1,"\u0063":2}}]"#),
];

/// A member and one of its values.
pub(super) fn member(members: Members) -> impl Strategy<Value = (&'static str, &'static str)> {
    select(members).prop_flat_map(|(name, values)| (Just(name), value_of(values)))
}

/// A value for any member.
pub(super) fn value() -> impl Strategy<Value = &'static str> {
    value_of(ANY)
}

fn value_of(values: &'static str) -> impl Strategy<Value = &'static str> {
    let values: Vec<&str> = values.split('|').map(str::trim).collect();
    select(values)
}
