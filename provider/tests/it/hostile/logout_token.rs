//! Faults of logout tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use provider::{LogoutTokenParts, Provider, SignatureFault};
use serde_json::{Value, json};

use crate::{
    browser::get,
    friendly::{NOW, decoded, friendly},
};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

async fn is_signed(provider: &Provider, token: &str) -> bool {
    let jwks = get(provider, "/jwks", &[]).await.json();
    let key: CoreJsonWebKey = serde_json::from_value(jwks["keys"][0].clone()).expect("a JWK");
    let (signing_input, signature) = token.rsplit_once('.').expect("a signature");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
    let algorithm = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
    key.verify_signature(&algorithm, signing_input.as_bytes(), &signature)
        .is_ok()
}

/// LO-13, LO-14, LO-15, LO-16
#[tokio::test]
async fn a_logout_token_is_right_unless_told_otherwise() {
    let provider = friendly().await;
    let token = provider.logout_token(LogoutTokenParts::of_session("s").with("sub", "p"));
    let (header, mut claims) = decoded(&token);
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&"RS256".into(), &"logout+jwt".into())
    );
    assert!(is_signed(&provider, &token).await);
    let jti = claims["jti"].take();
    assert!(jti.is_string());
    let expected = json!({
        "iss": provider.issuer(), "aud": "the client", "iat": NOW, "exp": NOW + 120, "jti": null,
        "events": { EVENT: {} }, "sid": "s", "sub": "p",
    });
    assert_eq!(claims, expected);
    let another = decoded(&provider.logout_token(LogoutTokenParts::of_subject("p"))).1;
    assert_ne!(another["jti"], jti);
    assert_eq!((another.get("sid"), &another["sub"]), (None, &"p".into()));
}

/// LO-13, LO-14, LO-15, LO-16, LO-17, LO-18
#[tokio::test]
async fn a_logout_token_can_be_wrong_in_everything() {
    let provider = friendly().await;
    let parts = || LogoutTokenParts::of_session("s");
    let claims = |parts| decoded(&provider.logout_token(parts)).1;
    for claim in ["iss", "aud", "iat", "exp", "jti", "events", "sid"] {
        assert_eq!(claims(parts().without(claim)).get(claim), None);
        assert_eq!(claims(parts().with(claim, "wrong"))[claim], "wrong");
    }
    assert_eq!(claims(parts().with("nonce", "n"))["nonce"], "n");
    let nobody = claims(LogoutTokenParts::of_nobody());
    assert_eq!((nobody.get("sub"), nobody.get("sid")), (None, None));
    let header = |parts| decoded(&provider.logout_token(parts)).0;
    assert_eq!(header(parts().typed(None)).get("typ"), None);
    assert_eq!(header(parts().typed(Some("JWT")))["typ"], "JWT");
    let unsigned = provider.logout_token(parts().signed(SignatureFault::None));
    assert_eq!(decoded(&unsigned).0["alg"], Value::from("none"));
    assert!(unsigned.ends_with('.'));
    let foreign = provider.logout_token(parts().signed(SignatureFault::OtherKey));
    assert!(!is_signed(&provider, &foreign).await);
}
