//! Every fault of an ID Token, judged here and nowhere else: the requirement that it breaks, what is wrong, and the code of
//! the refusal. Each token is right in everything else and signed by the provider's key. Faults that depend on what the
//! authorization request asked for are in `claims/tests/authentication.rs`.

use super::*;
use Wrong::{Claim, ClaimText, Header, HeaderText, NoClaim, NoHeader, Payload, Text};

/// A requirement, what breaks it, and the code of the refusal.
type Row = (&'static str, Wrong, &'static str);

/// One thing about an ID Token that is not as usual.
enum Wrong {
    /// A claim with this value.
    Claim(&'static str, Value),
    NoClaim(&'static str),
    /// A member of the header with this value.
    Header(&'static str, Value),
    NoHeader(&'static str),
    /// Members of the payload, or of the header, as text in front of the others.
    ClaimText(&'static str),
    HeaderText(&'static str),
    /// A whole payload that is signed well.
    Payload(&'static str),
    /// A text in place of the token: its description, and the text.
    Text(&'static str, String),
}

impl Wrong {
    fn token(&self) -> String {
        let (mut header, mut payload) = (rs256(), claims(ISSUER));
        match self {
            Claim(name, value) => payload[*name] = value.clone(),
            NoClaim(name) => drop(payload.as_object_mut().expect("an object").remove(*name)),
            Header(name, value) => header[*name] = value.clone(),
            NoHeader(name) => drop(header.as_object_mut().expect("an object").remove(*name)),
            ClaimText(text) => return jws_of_text(&*RSA, &header.to_string(), &in_front(text, &payload)),
            HeaderText(text) => return jws_of_text(&*RSA, &in_front(text, &header), &payload.to_string()),
            Payload(text) => return jws_of_text(&*RSA, &header.to_string(), text),
            Text(_, token) => return token.clone(),
        }
        jws(&*RSA, &header, &payload)
    }

    fn name(&self) -> String {
        match self {
            Claim(name, value) | Header(name, value) => format!("{name} {:.80}", value.to_string()),
            NoClaim(name) | NoHeader(name) => format!("no {name}"),
            ClaimText(text) | HeaderText(text) | Payload(text) | Text(text, _) => (*text).to_owned(),
        }
    }
}

/// The members of `object` after those of `text`.
fn in_front(text: &str, object: &Value) -> String {
    object.to_string().replacen('{', &format!("{{{text},"), 1)
}

fn part(text: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

/// Seconds from now.
fn at(seconds: i64) -> Value {
    json!(now().unix_timestamp() + seconds)
}

/// A token with this header, signed with this secret as a MAC's key.
fn mac(alg: &str, secret: &str) -> String {
    let key = openidconnect::core::CoreHmacKey::new(secret);
    jws(&key, &json!({ "alg": alg, "kid": "1" }), &claims(ISSUER))
}

/// A token that names this algorithm and has no signature.
fn unsigned(alg: &str) -> String {
    let token = Header("alg", json!(alg)).token();
    let (signing_input, _) = token.rsplit_once('.').expect("a JWS");
    format!("{signing_input}.")
}

/// The form of a token: three parts of base64url without padding, with a JSON object in each of the first two.
#[rustfmt::skip]
fn forms() -> Vec<Row> {
    let good = jws(&*RSA, &rs256(), &claims(ISSUER));
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload, signature) = (parts[0], parts[1], parts[2]);
    vec![
        ("IDT-01", Text("nothing", String::new()), "token_malformed"),
        ("IDT-01", Text("three empty parts", "..".to_owned()), "token_malformed"),
        ("IDT-01", Text("one part", header.to_owned()), "token_malformed"),
        ("IDT-01", Text("two parts", format!("{header}.{payload}")), "token_malformed"),
        ("IDT-01", Text("four parts", format!("{good}.{signature}")), "token_malformed"),
        ("IDT-21", Text("five parts", format!("{header}.{payload}.{payload}.{payload}.{signature}")), "token_malformed"),
        ("IDT-01", Text("two tokens", format!("{good}.{good}")), "token_malformed"),
        ("IDT-01", Text("a padded header", format!("{header}=.{payload}.{signature}")), "token_malformed"),
        ("IDT-01", Text("a padded signature", format!("{good}==")), "token_malformed"),
        ("IDT-01", Text("a space in front", format!(" {good}")), "token_malformed"),
        ("IDT-01", Text("a line break behind", format!("{good}\n")), "token_malformed"),
        ("IDT-01", Text("base64 of another alphabet", format!("{header}.{payload}.+/")), "token_malformed"),
        ("IDT-01", Text("a header that is a list", format!("{}.{payload}.{signature}", part(b"[]"))), "token_malformed"),
        ("IDT-01", Text("a header that is no UTF-8", format!("{}.{payload}.{signature}", part(b"\xff"))), "token_malformed"),
        ("IDT-01", Text("a header cut off", format!("{}.{payload}.{signature}", part(b"{\"alg\":\"RS256\""))), "token_malformed"),
        ("IDT-01", Text("100 KB", format!("{header}.{}.{signature}", "A".repeat(100_000))), "token_too_large"),
        ("IDT-01", Text("1 MB", format!("{header}.{}.{signature}", "A".repeat(1024 * 1024))), "token_too_large"),
        ("IDT-01", Payload("[]"), "token_malformed"),
        ("IDT-01", Payload("\"a\""), "token_malformed"),
        ("IDT-01", Payload("7"), "token_malformed"),
        ("IDT-01", Payload("null"), "token_malformed"),
        ("IDT-01", Payload(""), "token_malformed"),
        ("IDT-01", Payload("{"), "token_malformed"),
        ("IDT-20", ClaimText(r#""sub":"mallory""#), "token_duplicate_member"),
        ("IDT-20", ClaimText(r#""address":{"a":1,"a":2}"#), "token_duplicate_member"),
        ("IDT-07", HeaderText(r#""kid":"2""#), "token_duplicate_member"),
        ("IDT-07", HeaderText(r#""alg":"none""#), "token_duplicate_member"),
    ]
}

/// The algorithm and the signature.
#[rustfmt::skip]
fn signatures() -> Vec<Row> {
    let good = jws(&*RSA, &rs256(), &claims(ISSUER));
    let parts: Vec<&str> = good.split('.').collect();
    let (header, payload) = (parts[0], parts[1]);
    let other_payload = part(with("sub", json!("mallory")).to_string().as_bytes());
    let mut flipped = BASE64_URL_SAFE_NO_PAD.decode(parts[2]).expect("a signature");
    flipped[100] ^= 1;
    let public_key = jwk(&*RSA, json!({}))["n"].as_str().expect("a modulus").to_owned();
    let ed25519 = jws(&*ED25519, &json!({ "alg": "EdDSA", "kid": "2" }), &claims(ISSUER));
    vec![
        ("IDT-02", Header("alg", json!("RS384")), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!("RS512")), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!("PS256")), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!("ES256")), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!("rs256")), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!("RSA-OAEP")), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!("")), "id_token_algorithm"),
        ("IDT-02", Header("alg", Value::Null), "id_token_algorithm"),
        ("IDT-02", Header("alg", json!(["RS256"])), "id_token_algorithm"),
        ("IDT-02", NoHeader("alg"), "id_token_algorithm"),
        ("IDT-02", Text("EdDSA, by a key of the provider", ed25519), "id_token_algorithm"),
        ("IDT-02", Text("RS384 without a signature", unsigned("RS384")), "id_token_algorithm"),
        ("IDT-03", Header("alg", json!("none")), "id_token_algorithm"),
        ("IDT-03", Header("alg", json!("None")), "id_token_algorithm"),
        ("IDT-03", Header("alg", json!("nOnE")), "id_token_algorithm"),
        ("IDT-03", Header("alg", json!("NONE")), "id_token_algorithm"),
        ("IDT-03", Text("none without a signature", unsigned("none")), "id_token_algorithm"),
        ("IDT-03", Text("nOnE without a signature", unsigned("nOnE")), "id_token_algorithm"),
        ("IDT-04", Header("alg", json!("HS256")), "id_token_algorithm"),
        ("IDT-04", Header("alg", json!("HS512")), "id_token_algorithm"),
        ("IDT-04", Text("HS256 with the public key", mac("HS256", &public_key)), "id_token_algorithm"),
        ("IDT-04", Text("HS256 with the client secret", mac("HS256", CLIENT_SECRET)), "id_token_algorithm"),
        ("IDT-05", Text("another key under the same kid", jws(&*OTHER_RSA, &rs256(), &claims(ISSUER))), "id_token_signature"),
        ("IDT-05", Text("another payload", format!("{header}.{other_payload}.{}", parts[2])), "id_token_signature"),
        ("IDT-05", Text("one bit flipped", format!("{header}.{payload}.{}", part(&flipped))), "id_token_signature"),
        ("IDT-05", Text("no signature", format!("{header}.{payload}.")), "id_token_signature"),
        ("IDT-05", Text("three bytes", format!("{header}.{payload}.AAAA")), "id_token_signature"),
        ("IDT-05", Text("64 bytes", format!("{header}.{payload}.{}", part(&[0; 64]))), "id_token_signature"),
    ]
}

/// The other members of the header.
#[rustfmt::skip]
fn headers() -> Vec<Row> {
    vec![
        ("IDT-07", Header("crit", json!(["exp"])), "token_extension"),
        ("IDT-07", Header("crit", json!([])), "token_extension"),
        ("IDT-07", Header("crit", Value::Null), "token_extension"),
        ("IDT-07", HeaderText(r#""crit":["b64"],"b64":false"#), "token_extension"),
        ("IDT-07", Header("b64", json!(false)), "token_extension"),
        ("IDT-07", Header("cty", json!("JWT")), "token_extension"),
        ("IDT-07", Header("cty", json!("")), "token_extension"),
        ("IDT-07", Header("kid", json!("k".repeat(10 * 1024))), "token_malformed"),
        ("IDT-07", Header("kid", json!(7)), "token_malformed"),
        ("IDT-07", Header("kid", json!("../../etc/passwd")), "id_token_unknown_key"),
        ("IDT-08", Header("typ", json!("at+jwt")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("application/at+jwt")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("logout+jwt")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("application/logout+jwt")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("dpop+jwt")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("client-authentication+jwt")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("JWT+x")), "id_token_typ"),
        ("IDT-08", Header("typ", json!("")), "id_token_typ"),
        ("IDT-08", Header("typ", json!(7)), "token_malformed"),
    ]
}

/// The claims. The leeway is 60 seconds.
#[rustfmt::skip]
fn claims_at_fault() -> Vec<Row> {
    vec![
        ("IDT-08", Claim("events", json!({})), "id_token_events"),
        ("IDT-09", Claim("iss", json!("https://op.example1")), "id_token_issuer"),
        ("IDT-09", Claim("iss", json!("https://op.example/")), "id_token_issuer"),
        ("IDT-09", Claim("iss", json!("https://OP.example")), "id_token_issuer"),
        ("IDT-09", Claim("iss", json!("op.example")), "id_token_issuer"),
        ("IDT-09", Claim("iss", json!("")), "id_token_issuer"),
        ("IDT-09", Claim("iss", json!([ISSUER])), "id_token_issuer"),
        ("IDT-09", Claim("iss", json!(7)), "id_token_issuer"),
        ("IDT-09", Claim("iss", Value::Null), "id_token_issuer"),
        ("IDT-09", NoClaim("iss"), "id_token_issuer"),
        ("IDT-10", Claim("aud", json!("client1")), "id_token_audience"),
        ("IDT-10", Claim("aud", json!("Client")), "id_token_audience"),
        ("IDT-10", Claim("aud", json!([])), "id_token_audience"),
        ("IDT-10", Claim("aud", json!(7)), "id_token_audience"),
        ("IDT-10", Claim("aud", json!({})), "id_token_audience"),
        ("IDT-10", Claim("aud", json!(["other"])), "id_token_audience"),
        ("IDT-10", Claim("aud", json!(["client", 7])), "id_token_audience"),
        ("IDT-10", Claim("aud", json!([["client"]])), "id_token_audience"),
        ("IDT-10", Claim("aud", Value::Null), "id_token_audience"),
        ("IDT-10", NoClaim("aud"), "id_token_audience"),
        ("IDT-11", Claim("aud", json!(["client", "other"])), "id_token_untrusted_audience"),
        ("IDT-11", Claim("aud", json!(["other", "client"])), "id_token_untrusted_audience"),
        ("IDT-12", Claim("azp", json!("other")), "id_token_authorized_party"),
        ("IDT-12", Claim("azp", json!(["client"])), "id_token_authorized_party"),
        ("IDT-13", Claim("exp", at(-60)), "id_token_expired"),
        ("IDT-13", Claim("exp", at(-61)), "id_token_expired"),
        ("IDT-13", Claim("exp", at(-86_400)), "id_token_expired"),
        ("IDT-13", Claim("exp", json!(0)), "id_token_expired"),
        ("IDT-13", Claim("exp", json!(-1)), "id_token_expired"),
        ("IDT-13", Claim("exp", json!(at(300).to_string())), "id_token_expired"),
        ("IDT-13", Claim("exp", json!([at(300)])), "id_token_expired"),
        ("IDT-13", Claim("exp", json!(true)), "id_token_expired"),
        ("IDT-13", Claim("exp", Value::Null), "id_token_expired"),
        ("IDT-13", NoClaim("exp"), "id_token_expired"),
        ("IDT-13", Payload(r#"{"exp":1e400}"#), "token_malformed"),
        ("IDT-14", Claim("iat", at(61)), "id_token_issued_at"),
        ("IDT-14", Claim("iat", at(3600)), "id_token_issued_at"),
        ("IDT-14", Claim("iat", at(-661)), "id_token_issued_at"),
        ("IDT-14", Claim("iat", at(-7 * 86_400)), "id_token_issued_at"),
        ("IDT-14", Claim("iat", json!(0)), "id_token_issued_at"),
        ("IDT-14", Claim("iat", json!(-1)), "id_token_issued_at"),
        ("IDT-14", Claim("iat", json!(at(0).to_string())), "id_token_issued_at"),
        ("IDT-14", Claim("iat", Value::Null), "id_token_issued_at"),
        ("IDT-14", NoClaim("iat"), "id_token_issued_at"),
        ("IDT-14", Claim("nbf", at(61)), "id_token_not_before"),
        ("IDT-14", Claim("nbf", at(3600)), "id_token_not_before"),
        ("IDT-14", Claim("nbf", json!("0")), "id_token_not_before"),
        ("IDT-15", Claim("nonce", json!(format!("{NONCE}1"))), "id_token_nonce"),
        ("IDT-15", Claim("nonce", json!("another login's")), "id_token_nonce"),
        ("IDT-15", Claim("nonce", json!("")), "id_token_nonce"),
        ("IDT-15", Claim("nonce", json!([NONCE])), "id_token_nonce"),
        ("IDT-15", Claim("nonce", Value::Null), "id_token_nonce"),
        ("IDT-15", NoClaim("nonce"), "id_token_nonce"),
        ("IDT-17", Claim("sub", json!("")), "id_token_subject"),
        ("IDT-17", Claim("sub", json!("a".repeat(256))), "id_token_subject"),
        ("IDT-17", Claim("sub", json!("älice")), "id_token_subject"),
        ("IDT-17", Claim("sub", json!(7)), "id_token_subject"),
        ("IDT-17", Claim("sub", Value::Null), "id_token_subject"),
        ("IDT-17", NoClaim("sub"), "id_token_subject"),
        ("IDT-20", Claim("sub", json!("caf\u{e9}")), "id_token_subject"),
        ("IDT-20", Claim("sub", json!("cafe\u{301}")), "id_token_subject"),
        ("IDT-18", Claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")), "id_token_access_token_hash"),
        ("IDT-18", Claim("at_hash", json!(7)), "id_token_access_token_hash"),
        // Our own rule: no logout token could name such a session.
        ("", Claim("sid", json!(7)), "id_token_session_id"),
        ("", Claim("sid", json!(["a"])), "id_token_session_id"),
    ]
}

/// Tokens that are odd and within the specification.
#[rustfmt::skip]
fn oddities() -> Vec<Wrong> {
    vec![
        Header("typ", json!("JWT")), Header("typ", json!("jwt")), Header("typ", json!("application/jwt")),
        Header("typ", json!("JOSE")), Header("unknown", json!({ "a": [1] })), Header("b64", json!(true)),
        Header("kid", Value::Null), Header("kid", json!("")), NoHeader("kid"),
        Claim("aud", json!("client")), Claim("aud", json!(["client"])), Claim("aud", json!(["client", "client"])),
        Claim("azp", json!("client")), Claim("azp", json!("")), Claim("azp", Value::Null), NoClaim("azp"),
        Claim("exp", at(1)), Claim("exp", at(0)), Claim("exp", at(-59)), Claim("exp", json!(1e300)),
        Claim("iat", at(60)), Claim("iat", at(-659)), Claim("iat", json!(1_800_000_000.5)),
        Claim("nbf", at(0)), Claim("nbf", at(60)), Claim("nbf", at(-86_400)), Claim("nbf", Value::Null), Claim("nbf", json!("")),
        Claim("sub", json!("a")), Claim("sub", json!("a".repeat(255))), Claim("sub", json!("auth0|5f7c8ec7c33c6c004bbafe82")),
        Claim("sid", json!("")), Claim("sid", Value::Null), NoClaim("sid"),
        Claim("at_hash", json!("")), Claim("at_hash", Value::Null), NoClaim("at_hash"),
        Claim("events", Value::Null), Claim("amr", json!("pwd")), Claim("email_verified", json!("true")),
        Claim("updated_at", json!("2026-11-23T00:00:00Z")), Claim("address", json!("a string")),
        Claim("auth_time", json!("0")), Claim("auth_time", json!(0)), Claim("auth_time", json!(1_800_000_000.25)),
    ]
}

/// IDT-01, IDT-02, IDT-03, IDT-04, IDT-05, IDT-07, IDT-08, IDT-09, IDT-10, IDT-11, IDT-12, IDT-13, IDT-14, IDT-15, IDT-17,
/// IDT-18, IDT-20, IDT-21, LO-21
///
/// All that are judged otherwise are told together.
#[tokio::test]
async fn every_fault_of_an_id_token_is_refused_with_its_code() {
    let mut otherwise = Vec::new();
    let rows = forms()
        .into_iter()
        .chain(signatures())
        .chain(headers())
        .chain(claims_at_fault());
    for (requirement, wrong, expected) in rows {
        let found = code(&wrong.token()).await;
        if found != expected {
            otherwise.push(format!("{requirement} {}: {found}, and not {expected}", wrong.name()));
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}

/// IDT-08, IDT-10, IDT-12, IDT-13, IDT-14, IDT-17, IDT-18
#[tokio::test]
async fn an_odd_id_token_within_the_specification_is_accepted() {
    let mut otherwise = Vec::new();
    for odd in oddities() {
        let found = code(&odd.token()).await;
        if found != "accepted" {
            otherwise.push(format!("{}: {found}", odd.name()));
        }
    }
    assert!(otherwise.is_empty(), "{otherwise:#?}");
}
