//! Documents with empty members, with other media types, or with a byte order mark.

use super::{all_sign_in, signs_in};
use crate::world::World;
use provider::Endpoint::{Jwks, Metadata, Token, Userinfo};
use provider::Fault::{
    ContentType, IdTokenClaim, IdTokenHeader, JwksKeyMember, MetadataMember, TokenMember, UserinfoClaim,
};
use serde_json::{Value, json};

/// DISC-08, TOK-05
///
/// Some providers write `null` or `""` for a member without a value. Both mean that the member is absent.
#[tokio::test]
async fn null_and_empty_mean_absent_in_every_document() {
    let world = World::start().await;
    for (name, unsaid) in [("null", Value::Null), ("empty", json!(""))] {
        let all = |fault: fn(&'static str, Value) -> provider::Fault, members: &[&'static str]| {
            let faults = members.iter().map(|member| fault(member, unsaid.clone()));
            faults.collect::<Vec<_>>()
        };
        let optional = [
            "revocation_endpoint",
            "end_session_endpoint",
            "pushed_authorization_request_endpoint",
            "prompt_values_supported",
            "token_endpoint_auth_methods_supported",
            "mtls_endpoint_aliases",
        ];
        let claims = ["azp", "nbf", "sid", "at_hash", "events", "acr", "amr"];
        let cases = [
            ("metadata", all(MetadataMember, &optional)),
            ("keys", all(JwksKeyMember, &["key_ops", "use", "alg", "x5t"])),
            (
                "tokens",
                all(TokenMember, &["error", "refresh_token", "scope", "expires_in"]),
            ),
            ("claims", all(IdTokenClaim, &claims)),
            ("userinfo", all(UserinfoClaim, &["error", "picture", "iss", "aud"])),
        ];
        for (document, faults) in cases {
            all_sign_in(&world, vec![(&format!("{name} in {document}"), vec![], faults)]).await;
        }
    }
    let unnamed = vec![JwksKeyMember("kid", Value::Null), IdTokenHeader("kid", json!(""))];
    all_sign_in(&world, vec![("a key without a name", vec![], unnamed)]).await;
    let list = vec![TokenMember("scope", json!(["openid", "profile"]))];
    all_sign_in(&world, vec![("a scope that is a list", vec![], list)]).await;
}

/// DISC-03
#[tokio::test]
async fn json_may_be_typed_otherwise_and_begin_with_a_byte_order_mark() {
    let world = World::start().await;
    for media_type in [
        "text/json",
        "application/jwk-set+json",
        "application/json;charset=UTF-8",
        "Application/Json ; charset=\"utf-8\"",
    ] {
        let faults = [Metadata, Jwks, Token, Userinfo].map(|endpoint| ContentType(endpoint, media_type));
        signs_in(&world, media_type, &vec![], faults.into()).await;
        world.provider.heal();
    }
    let marked = [Metadata, Jwks, Token, Userinfo].map(provider::Fault::ByteOrderMark);
    signs_in(&world, "byte order mark", &vec![], marked.into()).await;
}
