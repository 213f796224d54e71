//! Faults of the ID Token's header and claims.

use provider::{Fault, Provider};
use serde_json::{Value, json};

use crate::friendly::{decoded, friendly, tokens};

async fn id_token(provider: &Provider) -> (Value, Value) {
    let tokens = tokens(provider).await;
    decoded(tokens["id_token"].as_str().expect("an ID Token"))
}

/// IDT-09, IDT-10, IDT-11, IDT-12, IDT-13, IDT-14, IDT-15, IDT-16, IDT-17
#[tokio::test]
async fn a_claim_can_be_set_extended_or_left_out() {
    let provider = friendly().await;
    let (_, good) = id_token(&provider).await;
    for (fault, claim, expected) in [
        (
            Fault::IdTokenClaim("aud", json!(["the client", "x"])),
            "aud",
            Some(json!(["the client", "x"])),
        ),
        (Fault::IdTokenClaim("azp", json!("x")), "azp", Some(json!("x"))),
        (Fault::IdTokenClaim("sub", Value::Null), "sub", Some(Value::Null)),
        (
            Fault::IdTokenClaimSuffix("nonce", "1"),
            "nonce",
            Some(json!("the nonce1")),
        ),
        (
            Fault::IdTokenClaimSuffix("iss", "1"),
            "iss",
            Some(json!(format!("{}1", provider.issuer()))),
        ),
        (Fault::IdTokenWithoutClaim("exp"), "exp", None),
        (Fault::IdTokenWithoutClaim("at_hash"), "at_hash", None),
    ] {
        provider.inject(fault);
        let (_, mut bad) = id_token(&provider).await;
        provider.heal();
        assert_eq!(bad.get(claim), expected.as_ref(), "{claim}");
        // All other claims are equal, except `at_hash` and `sid`, which differ at each sign-in.
        let mut good = good.clone();
        for changing in [claim, "at_hash", "sid"] {
            bad.as_object_mut().expect("claims").remove(changing);
            good.as_object_mut().expect("claims").remove(changing);
        }
        assert_eq!(bad, good, "{claim}");
    }
}

/// IDT-07, IDT-08
#[tokio::test]
async fn a_header_member_can_be_set_or_left_out() {
    let provider = friendly().await;
    for fault in [
        Fault::IdTokenHeader("typ", json!("at+jwt")),
        Fault::IdTokenHeader("crit", json!(["exp"])),
        Fault::IdTokenHeader("jwk", provider.foreign_key()),
        Fault::IdTokenWithoutHeader("kid"),
    ] {
        provider.inject(fault);
    }
    let (header, _) = id_token(&provider).await;
    let expected = json!({ "alg": "RS256", "typ": "at+jwt", "crit": ["exp"], "jwk": provider.foreign_key() });
    assert_eq!(header, expected);
}

/// IDT-20
#[tokio::test]
async fn members_can_be_written_as_text_that_no_json_value_holds() {
    let provider = friendly().await;
    provider.inject(Fault::IdTokenClaimsText(r#""sub":"first","sub":"second""#.to_owned()));
    provider.inject(Fault::IdTokenHeaderText(r#""alg":"none""#.to_owned()));
    let (header, claims) = id_token(&provider).await;
    // serde_json keeps the last of several members with the same name.
    assert_eq!((&claims["sub"], &header["alg"]), (&json!("second"), &json!("none")));
}

/// IDT-01
#[tokio::test]
async fn any_text_can_stand_in_place_of_the_id_token() {
    let provider = friendly().await;
    provider.inject(Fault::IdTokenRaw("a.b.c.d.e".to_owned()));
    assert_eq!(tokens(&provider).await["id_token"], "a.b.c.d.e");
}
