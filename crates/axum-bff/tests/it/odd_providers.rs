//! Providers that are unusual within the specifications, and providers that depart from them in common ways. People can
//! sign in and out at both.

mod claims;
mod documents;
mod refresh;
mod sign_out;

use crate::browser::Browser;
use crate::leaks::Log;
use crate::rejection::MARK;
use crate::world::World;
use provider::Endpoint::{Jwks, Metadata, Token};
use provider::{Endpoint, Fault, SignatureFault, SigningAlgorithm as Algorithm};
use serde_json::{Value, json};
use std::fmt::Write;

/// Environment variables of the relying party.
type Settings = Vec<(&'static str, &'static str)>;

/// Signs Alice in at a new replica with these settings. It has read no metadata and no keys of the provider before.
async fn signs_in(world: &World, name: &str, settings: &Settings, faults: Vec<Fault>) -> Browser {
    for fault in faults {
        world.inject(fault);
    }
    let mut browser = world.browser().at(world.replica_set(settings).await);
    let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
    assert_eq!(landing.location(), Some("/profile"), "{name}");
    let state = browser.session().await;
    assert_eq!(state["status"], "active", "{name}");
    assert_eq!(state["issuer"], world.provider.issuer(), "{name}");
    browser
}

/// Alice signs in and out in each case. The sign-out leads to the provider, or to our own page where the provider has
/// no end session endpoint.
async fn all_sign_in(world: &World, cases: Vec<(&str, Settings, Vec<Fault>)>) {
    for (name, settings, faults) in cases {
        let mut browser = signs_in(world, name, &settings, faults).await;
        let out = browser.submit("/auth/logout").await;
        let address = out.leads_to().unwrap_or_default();
        assert!(
            address.starts_with(world.provider.issuer()) || address == "/signed-out?provider=none",
            "{name}: {address}"
        );
        assert_eq!(browser.session().await["status"], "anonymous", "{name}");
        world.provider.heal();
    }
}

/// Metadata in which every address has a doubled slash.
fn doubled_slashes(world: &World) -> Vec<Fault> {
    let members = [
        ("authorization_endpoint", Endpoint::Authorization),
        ("token_endpoint", Token),
        ("userinfo_endpoint", Endpoint::Userinfo),
        ("jwks_uri", Jwks),
        ("end_session_endpoint", Endpoint::EndSession),
        ("revocation_endpoint", Endpoint::Revocation),
    ];
    let address = |endpoint: Endpoint| json!(format!("{}/{}", world.provider.issuer(), endpoint.path()));
    let fault = |(member, endpoint)| Fault::MetadataMember(member, address(endpoint));
    members.map(fault).into()
}

/// Leaves in the metadata what Discovery 1.0 §3 requires, and S256 as a code challenge method.
fn minimal_metadata() -> Vec<Fault> {
    let optional = [
        "userinfo_endpoint",
        "end_session_endpoint",
        "revocation_endpoint",
        "revocation_endpoint_auth_methods_supported",
        "backchannel_logout_supported",
        "backchannel_logout_session_supported",
        "frontchannel_logout_supported",
        "frontchannel_logout_session_supported",
        "response_modes_supported",
        "grant_types_supported",
        "token_endpoint_auth_methods_supported",
        "prompt_values_supported",
        "scopes_supported",
        "claims_supported",
        "claims_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
        "authorization_response_iss_parameter_supported",
    ];
    optional.map(Fault::MetadataWithoutMember).into()
}

/// An unknown member of half a megabyte, which has members of many types.
fn large_metadata() -> Fault {
    let filler = "x".repeat(2500);
    let odd = [json!(1), json!({}), json!([[null]]), json!(filler)];
    let mut value = json!({});
    for (number, odd) in (0..800).zip(odd.iter().cycle()) {
        value[format!("unknown_{number}")] = odd.clone();
    }
    Fault::MetadataMember("unknown", value)
}

/// DISC-08
///
/// `oidcc-client-test`, `oidcc-client-test-discovery-openid-config`, `oidcc-client-test-discovery-jwks-uri-keys`,
/// `oidcc-client-test-scope-userinfo-claims`.
#[tokio::test]
async fn metadata_may_say_little_much_or_it_in_other_words() {
    let world = World::start().await;
    let unknown = (0..200).fold(Vec::new(), |mut faults, number| {
        let mut name = "unknown_".to_owned();
        let _ = write!(name, "{number}");
        // The name in a fault is `'static`. A test may leak a few bytes.
        faults.push(Fault::MetadataMember(
            Box::leak(name.into_boxed_str()),
            json!([number, {}]),
        ));
        faults
    });
    all_sign_in(
        &world,
        vec![
            ("as usual", vec![], vec![]),
            ("minimal", vec![], minimal_metadata()),
            ("200 unknown members", vec![], unknown),
            ("half a megabyte", vec![], vec![large_metadata()]),
            ("doubled slashes", vec![], doubled_slashes(&world)),
            (
                "a charset",
                vec![],
                vec![
                    Fault::ContentType(Metadata, "application/json;charset=UTF-8"),
                    Fault::ContentType(Token, "Application/JSON; charset=utf-8"),
                    Fault::ContentType(Jwks, "application/jwk-set+json"),
                ],
            ),
            (
                "null where nothing is meant",
                vec![],
                vec![
                    Fault::MetadataMember("end_session_endpoint", Value::Null),
                    Fault::MetadataMember("revocation_endpoint", Value::Null),
                    Fault::MetadataMember("prompt_values_supported", Value::Null),
                ],
            ),
        ],
    )
    .await;
}

/// DISC-13, IDT-02
#[tokio::test]
async fn keys_may_lack_members_and_algorithms_may_be_others() {
    let world = World::start().await;
    let mut cases = vec![("no alg", vec![], vec![Fault::JwksKeyWithoutMember("alg")])];
    for member in ["use", "kid"] {
        cases.push((member, vec![], vec![Fault::JwksKeyWithoutMember(member)]));
    }
    cases[2].2.push(Fault::IdTokenWithoutHeader("kid"));
    let all = ["use", "alg", "kid"].map(Fault::JwksKeyWithoutMember).into_iter();
    let bare = all.chain([Fault::IdTokenWithoutHeader("kid"), Fault::IdTokenWithoutHeader("typ")]);
    cases.push(("none of them", vec![], bare.collect()));
    for (name, algorithm) in [
        ("RS384", Algorithm::RsaSsaPkcs1V15Sha384),
        ("RS512", Algorithm::RsaSsaPkcs1V15Sha512),
        ("PS256", Algorithm::RsaSsaPssSha256),
        ("PS512", Algorithm::RsaSsaPssSha512),
        ("ES256", Algorithm::EcdsaP256Sha256),
        ("EdDSA", Algorithm::EdDsa),
    ] {
        let signed = vec![
            Fault::MetadataMember("id_token_signing_alg_values_supported", json!(["RS256", name])),
            Fault::IdTokenSignature(SignatureFault::OtherAlgorithm(algorithm)),
        ];
        // Without the setting, the relying party accepts the algorithms that the metadata lists. With it, it accepts
        // those of the setting, even if the metadata does not list them.
        cases.push((name, vec![], signed.clone()));
        cases.push((name, vec![("BFF_ID_TOKEN_ALGORITHMS", name)], vec![signed[1].clone()]));
    }
    all_sign_in(&world, cases).await;
}

/// IDT-02
///
/// The log names the algorithm of the token and the setting that can allow it.
#[tokio::test(flavor = "current_thread")]
async fn a_refused_algorithm_is_logged_with_the_setting_that_takes_it() {
    let (log, _guard) = Log::catch();
    let world = World::start().await;
    let es256 = Algorithm::EcdsaP256Sha256;
    let signed = || Fault::IdTokenSignature(SignatureFault::OtherAlgorithm(es256.clone()));
    let listed = Fault::MetadataMember("id_token_signing_alg_values_supported", json!(["RS256", "ES256"]));
    for (settings, faults) in [
        (vec![], vec![signed()]),
        (vec![("BFF_ID_TOKEN_ALGORITHMS", "RS256")], vec![signed(), listed]),
    ] {
        for fault in faults {
            world.inject(fault);
        }
        let mut browser = world.browser().at(world.replica_set(&settings).await);
        let before = log.text().len();
        let landing = browser.sign_in(&world.provider, "alice", "/profile").await;
        assert!(landing.location().is_some_and(|to| to.starts_with("/sign-in-failed")));
        let said = log.text().split_off(before);
        assert!(said.contains("code=\"id_token_algorithm\""), "{said}");
        assert!(
            said.contains("signed with ES256, and BFF_ID_TOKEN_ALGORITHMS can take ES256"),
            "{said}"
        );
        world.provider.heal();
    }
}

/// CB-04, CB-05, TOK-06, TOK-08, IDT-11
///
/// `fapi2-security-profile-final-client-test-token-type-case-insensitivity`,
/// `fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in`.
#[tokio::test]
async fn answers_may_have_other_forms() {
    let world = World::start().await;
    let one = |name, fault| (name, vec![], vec![fault]);
    let lifetime = |value| Fault::TokenMember("expires_in", value);
    let further = |name, value: &str| Fault::AuthorizationExtraParameter(name, value.to_owned());
    all_sign_in(
        &world,
        vec![
            one("token type", Fault::TokenMember("token_type", json!("bEARER"))),
            one("no expires_in", Fault::TokenWithoutMember("expires_in")),
            one("zero", lifetime(json!(0))),
            one("negative", lifetime(json!(-1))),
            one("text", lifetime(json!("3600"))),
            one("float", lifetime(json!(3599.5))),
            one("huge", lifetime(json!(u64::MAX))),
            one("nonsense", lifetime(json!({"in": "a while"}))),
            one("members of others", Fault::TokenMember("not-before-policy", json!(0))),
            (
                "iss that is not announced, CB-05",
                vec![],
                vec![Fault::MetadataWithoutMember(
                    "authorization_response_iss_parameter_supported",
                )],
            ),
            (
                "further parameters of the callback",
                vec![],
                vec![
                    further("session_state", &format!("{MARK}.salt")),
                    further("scope", "openid email"),
                    further("authuser", "0"),
                    further("prompt", "consent"),
                    further("client_info", "e30"),
                    further("foo", "a"),
                    further("foo", "b"),
                ],
            ),
            (
                "another audience that is trusted, IDT-11",
                vec![("BFF_TRUSTED_AUDIENCES", "other")],
                vec![Fault::IdTokenClaim("aud", json!(["bff", "other"]))],
            ),
        ],
    )
    .await;
}

/// CB-16
#[tokio::test]
async fn a_code_may_have_4_kb() {
    let world = World::start_at(&[], |settings| settings.code_length = 4 * 1024).await;
    all_sign_in(&world, vec![("4 KB", vec![], vec![])]).await;
    let sent = &world.provider.calls_to(Token)[0];
    assert!(sent.parameter("code").is_some_and(|code| code.len() >= 4 * 1024));
}

/// DISC-01, IDT-09
///
/// The address of the metadata is the issuer without one trailing slash, followed by the well-known path. The relying
/// party tries no other address.
#[tokio::test]
async fn an_issuer_may_have_a_path_and_a_trailing_slash() {
    for path in ["", "/", "/t1", "/t1/"] {
        let world = World::start_at(&[], |settings| settings.issuer_path = path).await;
        assert!(world.provider.issuer().ends_with(path));
        all_sign_in(&world, vec![(path, vec![], vec![])]).await;
        let calls = world.provider.calls();
        let asked: Vec<_> = calls.iter().filter(|call| call.path.contains("well-known")).collect();
        let expected = format!("{}/.well-known/openid-configuration", path.trim_end_matches('/'));
        assert!(
            matches!(asked[..], [call] if call.path == expected && call.method == "GET"),
            "{path}: {asked:?}"
        );
        let under = path.trim_end_matches('/');
        assert!(calls.iter().all(|call| call.path.starts_with(under)), "{calls:?}");
    }
}
