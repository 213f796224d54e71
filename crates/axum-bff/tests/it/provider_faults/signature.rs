//! Signatures that are not the provider's.

use super::are_refused;
use crate::rejection::Reached;
use crate::world::World;
use provider::SignatureFault::{
    Bytes, Empty, FlippedBit, Hs256WithClientSecret, Hs256WithPublicKey, None, OtherAlgorithm, OtherKey, OtherPayload,
    ShortKey,
};
use provider::{Fault, SigningAlgorithm};

/// `oidcc-client-test-invalid-sig-rs256`, `oidcc-client-test-idtoken-sig-none`, `oidcc-client-test-invalid-sig-hs256`,
/// and of FAPI 2 `fapi2-security-profile-final-client-test-invalid-null-alg` and
/// `fapi2-security-profile-final-client-test-invalid-alternate-alg`.
#[tokio::test]
async fn idt_02_to_05_a_signature_that_is_not_the_providers_is_refused() {
    let world = World::start().await;
    let cases = [
        ("IDT-05 another key under the same kid", "id_token_signature", OtherKey),
        ("IDT-05 one bit flipped", "id_token_signature", FlippedBit),
        ("IDT-05 swapped payload", "id_token_signature", OtherPayload),
        ("IDT-05 empty signature", "id_token_signature", Empty),
        ("IDT-05 garbage", "id_token_signature", Bytes(vec![0; 64])),
        ("IDT-03 alg none", "id_token_algorithm", None),
        (
            "IDT-04 HS256 with the public key",
            "id_token_algorithm",
            Hs256WithPublicKey,
        ),
        (
            "IDT-04 HS256 with the client secret",
            "id_token_algorithm",
            Hs256WithClientSecret,
        ),
        (
            "IDT-02 RS512",
            "id_token_algorithm",
            OtherAlgorithm(SigningAlgorithm::RsaSsaPkcs1V15Sha512),
        ),
        (
            "IDT-02 EdDSA",
            "id_token_algorithm",
            OtherAlgorithm(SigningAlgorithm::EdDsa),
        ),
        ("DISC-13 RSA key of 1024 bits", "id_token_unknown_key", ShortKey),
    ];
    let cases = cases.map(|(name, code, fault)| (name, code, Fault::IdTokenSignature(fault)));
    are_refused(&world, Reached::Token, cases).await;
}

#[tokio::test]
async fn idt_03_none_in_any_spelling_is_refused() {
    let world = World::start().await;
    let cases = ["none", "None", "nOnE", "NONE"]
        .map(|alg| (alg, "id_token_algorithm", Fault::IdTokenHeader("alg", alg.into())));
    are_refused(&world, Reached::Token, cases).await;
}
