//! Providers with a set-up that the server cannot work with.

use super::Clinic;
use crate::loopback::free_address;
use provider::{Answer, Endpoint, Fault};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

/// DISC-02
#[tokio::test]
async fn an_issuer_that_is_spelt_otherwise_is_named_with_the_difference() {
    let clinic = Clinic::open().await;
    let issuer = clinic.provider.issuer().to_owned();
    let slash = format!("{issuer}/");
    let mend = format!("BFF_ISSUER={issuer}");
    let found = "BFF_ISSUER has a slash at the end, and the metadata has none";
    clinic.is_wrong(&[("BFF_ISSUER", &slash)], "issuer", found, &mend).await;
    let name = issuer.replace("127.0.0.1", "localhost");
    clinic
        .is_wrong(&[("BFF_ISSUER", &name)], "issuer", "different hosts", &mend)
        .await;
    assert!(
        clinic.provider.calls_to(Endpoint::Token).is_empty(),
        "no secret was sent"
    );
    clinic.provider.inject(Fault::MetadataMember(
        "issuer",
        json!("https://login.example/{tenantid}/v2.0"),
    ));
    clinic.is_wrong(&[], "issuer", "many tenants", "one tenant").await;
}

#[tokio::test]
async fn a_provider_that_is_away_or_is_none_is_named() {
    let clinic = Clinic::open().await;
    let nobody = format!("http://127.0.0.1:{}", free_address().port());
    clinic
        .is_wrong(&[("BFF_ISSUER", &nobody)], "discovery", "refused", "provider runs")
        .await;
    for (answer, found) in [
        (Answer::empty(404), "answers with 404"),
        (Answer::new(200, "text/html", "<p>\u{1b}[31m"), "not JSON"),
    ] {
        clinic.provider.inject(Fault::Answer(Endpoint::Metadata, answer));
        clinic.is_wrong(&[], "discovery", found, "BFF_ISSUER").await;
        clinic.provider.heal();
    }
}

#[tokio::test]
async fn a_clock_that_is_off_is_named_with_how_much() {
    let clinic = Clinic::open().await;
    let issuer = clinic.provider.issuer();
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "code_challenge_methods_supported": ["S256"],
    });
    for (ahead, age, found) in [
        (600, 0, "ahead of ours"),
        (-600, 0, "behind ours"),
        (-1200, 600, "behind ours"),
    ] {
        let answer = Answer::json(200, metadata.clone())
            .with_header("date", http_date(OffsetDateTime::now_utc() + Duration::seconds(ahead)))
            .with_header("age", age.to_string());
        clinic.provider.inject(Fault::Answer(Endpoint::Metadata, answer));
        clinic.is_wrong(&[], "clock", found, "NTP").await;
        clinic.provider.heal();
    }
}

fn http_date(at: OffsetDateTime) -> String {
    let form = "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT";
    let form = time::format_description::parse_borrowed::<2>(form).expect("a form");
    at.format(&form).expect("a date")
}

#[tokio::test]
async fn keys_and_metadata_that_cannot_be_used_are_named() {
    let clinic = Clinic::open().await;
    let faults: [(Fault, &str, &str, &str); 6] = [
        (Fault::JwksMember("keys", json!([])), "keys", "0 published", "jwks_uri"),
        (
            Fault::JwksKeyMember("alg", json!("RS512")),
            "keys",
            "1 usable: 0 for RS256; a key for RS512, which is not accepted",
            "BFF_ID_TOKEN_ALGORITHMS=RS512",
        ),
        (Fault::Status(Endpoint::Jwks, 500), "keys", "500", "jwks_uri"),
        (
            Fault::MetadataMember("code_challenge_methods_supported", Value::Null),
            "metadata",
            "S256",
            "BFF_PKCE_UNADVERTISED=on",
        ),
        (
            Fault::MetadataMember("id_token_signing_alg_values_supported", json!(["ES256"])),
            "keys",
            "0 for ES256; a key for RS256",
            "BFF_ID_TOKEN_ALGORITHMS=RS256",
        ),
        (
            Fault::MetadataMember("id_token_signing_alg_values_supported", json!(["HS256"])),
            "metadata",
            "algorithm",
            "it lists: HS256",
        ),
    ];
    for (fault, name, found, mend) in faults {
        clinic.provider.inject(fault);
        clinic.is_wrong(&[], name, found, mend).await;
        clinic.provider.heal();
    }
}

/// IDT-02
///
/// The provider publishes a key with which it may sign, but the settings do not accept the algorithm.
#[tokio::test]
async fn a_sign_in_that_would_end_in_id_token_algorithm_is_foretold() {
    let clinic = Clinic::open().await;
    clinic.provider.inject(Fault::JwksExtraKey(json!({
        "kty": "EC", "crv": "P-256", "kid": "es256", "use": "sig",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    })));
    let found = "a key for ES256, which is not accepted: an ID Token by it ends in id_token_algorithm";
    let mend = "BFF_ID_TOKEN_ALGORITHMS=RS256 ES256";
    clinic.is_a_warning(&[], "keys", found, mend).await;
    let pinned = [("BFF_ID_TOKEN_ALGORITHMS", "RS256 ES256")];
    let not_listed = "RS256 ES256: BFF_ID_TOKEN_ALGORITHMS says so; the provider lists RS256";
    clinic
        .is_a_warning(&pinned, "ID Token algorithms", not_listed, "registered for")
        .await;
    let listed = json!(["RS256", "ES256"]);
    clinic
        .provider
        .inject(Fault::MetadataMember("id_token_signing_alg_values_supported", listed));
    let (status, printed) = clinic.examine(&[]).await;
    assert_eq!(status, Some(0), "{printed}");
    assert!(printed.contains("2 usable: 1 for RS256, 1 for ES256"), "{printed}");
    let pinned = [("BFF_ID_TOKEN_ALGORITHMS", "RS256")];
    clinic.is_a_warning(&pinned, "keys", found, mend).await;
}
