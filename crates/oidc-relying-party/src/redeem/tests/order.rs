//! Two things wrong at once: the check that comes first speaks, and one good thing makes up for no bad one.

use super::*;
use crate::tests::provider::token_response;

/// The provider's answer.
struct Answers {
    token_media_type: &'static str,
    /// Members of the token response beside those that are usual.
    token: Vec<(&'static str, Value)>,
    header: Value,
    claims: Value,
    is_forged: bool,
    keys: Vec<Value>,
    userinfo_media_type: &'static str,
    userinfo: Value,
}

impl Answers {
    /// Right in everything.
    fn of(issuer: &str) -> Self {
        Self {
            token_media_type: "application/json",
            token: Vec::new(),
            header: rs256(),
            claims: claims(issuer),
            is_forged: false,
            keys: vec![jwk(&*RSA, json!({ "kid": "1" }))],
            userinfo_media_type: "application/json",
            userinfo: json!({ "sub": "alice" }),
        }
    }

    fn give(self, provider: &Provider) {
        let key = if self.is_forged { &*OTHER_RSA } else { &*RSA };
        let mut token = token_response(&jws(key, &self.header, &self.claims));
        for (member, value) in self.token {
            token[member] = value;
        }
        provider.publish(&json!(self.keys));
        provider.set("/token", Reply::new(200, self.token_media_type, token.to_string()));
        let userinfo = self.userinfo.to_string();
        provider.set("/userinfo", Reply::new(200, self.userinfo_media_type, userinfo));
    }
}

const ACCEPTED: &str = "accepted";

/// The code of a refusal, and the fault.
type Row = (&'static str, fn(&mut Answers));

/// The rows in the order of the checks. The answers of the last ones are odd and legal.
#[rustfmt::skip]
const FAULTS: &[Row] = &[
    ("token_response_media_type", |it| it.token_media_type = "text/plain"),
    ("token_response_token_type", |it| it.token.push(("token_type", json!("mac")))),
    ("token_extension", |it| it.header["crit"] = json!(["exp"])),
    ("id_token_typ", |it| it.header["typ"] = json!("at+jwt")),
    ("id_token_algorithm", |it| it.header["alg"] = json!("RS512")),
    ("id_token_signature", |it| it.is_forged = true),
    ("id_token_issuer", |it| it.claims["iss"] = json!("https://other.example")),
    ("id_token_audience", |it| it.claims["aud"] = json!("other")),
    ("id_token_expired", |it| it.claims["exp"] = Value::Null),
    ("id_token_issued_at", |it| it.claims["iat"] = json!(0)),
    ("id_token_nonce", |it| it.claims["nonce"] = json!("another login's")),
    ("id_token_subject", |it| it.claims["sub"] = json!("")),
    ("id_token_access_token_hash", |it| it.claims["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")),
    ("userinfo_media_type", |it| it.userinfo_media_type = "text/html"),
    ("userinfo_subject", |it| it.userinfo["sub"] = json!("nobody")),
    (ACCEPTED, |it| it.keys.push(json!({ "kty": "foo" }))),
    (ACCEPTED, |it| it.token.push(("expires_in", Value::Null))),
    (ACCEPTED, |it| it.claims["aud"] = json!([it.claims["aud"]])),
];

/// TOK-12
#[tokio::test]
async fn of_two_faults_the_first_check_speaks() {
    let provider = Provider::start().await;
    for (place, (first, one)) in FAULTS.iter().enumerate() {
        for (second, other) in &FAULTS[place + 1..] {
            let mut answers = Answers::of(provider.issuer());
            one(&mut answers);
            other(&mut answers);
            answers.give(&provider);
            let expected = if *first == ACCEPTED { second } else { first };
            let asked = provider.calls("/userinfo").len();
            let redeemed = provider.relying_party().redeem(grant()).await;
            let found = redeemed.map_or_else(|error| error.code(), |_| ACCEPTED);
            assert_eq!(found, *expected, "{first} and {second}");
            let reads_userinfo = found == ACCEPTED || found.starts_with("userinfo_");
            let calls = provider.calls("/userinfo").len();
            assert_eq!(calls, asked + usize::from(reads_userinfo), "{first} and {second}");
        }
    }
}
