use super::*;
use crate::{
    Credentials,
    tests::{
        client_key::{P256, RSA, certificate, keys},
        provider::registration,
    },
};
use AssertionAlgorithm::{Es256, Ps256, Rs256};
use ClientAuthentication::{ClientSecretBasic, ClientSecretPost, PrivateKeyJwt};

fn credentials(secret: bool, pem: Option<&str>) -> Credentials {
    Credentials {
        secret: secret.then(|| "secret".into()),
        keys: pem.map(|pem| keys(&[pem])),
        certificate: None,
    }
}

fn negotiated(
    methods: Option<&[&'static str]>,
    credentials: Credentials,
    change: impl FnOnce(&mut Registration),
) -> Result<Negotiated, NegotiationError> {
    let mut registration = registration("https://op.example");
    registration.credentials = credentials;
    change(&mut registration);
    let offered = Offered {
        methods: methods.map(<[_]>::to_vec),
        algorithms: Some(vec!["RS256", "PS256", "HS256"]),
    };
    negotiate(&offered, &registration)
}

/// TOK-03
#[test]
fn without_a_setting_the_strongest_method_of_both_sides_is_used() {
    const ALL: &[&str] = &[
        "none",
        "client_secret_post",
        "client_secret_jwt",
        "client_secret_basic",
        "private_key_jwt",
    ];
    for (methods, secret, key, expected) in [
        (Some(ALL), true, Some(&*RSA), Ok((PrivateKeyJwt, Some(Ps256)))),
        (Some(ALL), true, None, Ok((ClientSecretBasic, None))),
        (
            Some(&["client_secret_post"][..]),
            true,
            Some(&*RSA),
            Ok((ClientSecretPost, None)),
        ),
        (None, true, Some(&*RSA), Ok((ClientSecretBasic, None))),
        (None, false, Some(&*RSA), Err(NegotiationError::Nothing)),
        (
            Some(&["client_secret_jwt", "none"]),
            true,
            Some(&*RSA),
            Err(NegotiationError::Nothing),
        ),
        (Some(&[]), true, Some(&*RSA), Err(NegotiationError::Nothing)),
        (
            Some(&["client_secret_basic"]),
            false,
            Some(&*RSA),
            Err(NegotiationError::Nothing),
        ),
        // The provider does not list ES256, the only algorithm of a P-256 key.
        (Some(ALL), true, Some(&*P256), Ok((ClientSecretBasic, None))),
        (Some(ALL), false, Some(&*P256), Err(NegotiationError::Nothing)),
    ] {
        let credentials = credentials(secret, key.map(String::as_str));
        let chosen = negotiated(methods, credentials, |_| {}).map(|it| (it.method, it.algorithm));
        assert_eq!(chosen, expected, "{methods:?}, secret: {secret}");
    }
}

/// TOK-03
#[test]
fn a_certificate_goes_before_everything_else() {
    use ClientAuthentication::{SelfSignedTlsClientAuth, TlsClientAuth};
    const BOTH: &[&str] = &[
        "client_secret_basic",
        "private_key_jwt",
        "self_signed_tls_client_auth",
        "tls_client_auth",
    ];
    let all = || Credentials {
        certificate: Some(certificate()),
        ..credentials(true, Some(&RSA))
    };
    for (listed, expected) in [
        (BOTH, TlsClientAuth),
        (&BOTH[..3], SelfSignedTlsClientAuth),
        (&BOTH[..2], PrivateKeyJwt),
        (&BOTH[..1], ClientSecretBasic),
    ] {
        let chosen = negotiated(Some(listed), all(), |_| {}).map(|it| it.method);
        assert_eq!(chosen, Ok(expected), "{listed:?}");
    }
    let pinned = negotiated(Some(BOTH), all(), |it| {
        it.client_authentication = Some(SelfSignedTlsClientAuth);
    });
    assert_eq!(pinned.map(|it| it.method), Ok(SelfSignedTlsClientAuth));
    let alone = Credentials::from(certificate());
    assert_eq!(negotiated(None, alone, |_| {}), Err(NegotiationError::Nothing));
}

/// SEC-03
#[test]
fn a_secret_is_never_used_as_the_key_of_an_hmac() {
    let only = Some(&["client_secret_jwt"][..]);
    let refused = negotiated(only, credentials(true, None), |_| {});
    assert_eq!(refused, Err(NegotiationError::Nothing));
    assert!("client_secret_jwt".parse::<ClientAuthentication>().is_err());
}

/// TOK-02
#[test]
fn the_method_of_the_settings_is_used_or_refused_and_no_other() {
    let both = || credentials(true, Some(&RSA));
    let pin = |method| move |it: &mut Registration| it.client_authentication = Some(method);
    let listed = Some(&["client_secret_basic", "private_key_jwt"][..]);
    for method in [ClientSecretBasic, PrivateKeyJwt] {
        assert_eq!(negotiated(listed, both(), pin(method)).map(|it| it.method), Ok(method));
    }
    let refused = negotiated(listed, both(), pin(ClientSecretPost)).expect_err("not listed");
    assert_eq!(
        refused,
        NegotiationError::Pinned(ClientSecretPost, PassedOver::NotListed)
    );
    assert_eq!(
        refused.to_string(),
        "client authentication is set to client_secret_post, but the provider does not list it"
    );
    let taken_at_our_word = negotiated(None, both(), pin(PrivateKeyJwt)).map(|it| it.method);
    assert_eq!(taken_at_our_word, Ok(PrivateKeyJwt), "the provider lists no methods");

    let algorithm = |algorithm| {
        move |it: &mut Registration| {
            it.client_authentication = Some(PrivateKeyJwt);
            it.assertion_algorithm = Some(algorithm);
        }
    };
    let chosen = negotiated(listed, both(), algorithm(Rs256)).map(|it| it.algorithm);
    assert_eq!(chosen, Ok(Some(Rs256)));
    let refused = negotiated(listed, credentials(true, Some(&P256)), algorithm(Es256));
    assert_eq!(
        refused,
        Err(NegotiationError::Pinned(PrivateKeyJwt, PassedOver::NoAlgorithm))
    );
}

#[test]
fn the_chosen_method_is_said_in_a_line() {
    let listed = Some(&["client_secret_post", "private_key_jwt"][..]);
    let said =
        |secret, key: Option<&str>| negotiated(listed, credentials(secret, key), |_| {}).map(|it| it.to_string());
    assert_eq!(
        said(true, Some(&RSA)).as_deref(),
        Ok(
            "private_key_jwt with PS256: the strongest that the provider lists and the credentials allow; \
            not tls_client_auth: no credential for it is set; \
            not self_signed_tls_client_auth: no credential for it is set"
        )
    );
    assert_eq!(
        said(true, Some(&P256)).as_deref(),
        Ok(
            "client_secret_post: the strongest that the provider lists and the credentials allow; \
            not tls_client_auth: no credential for it is set; \
            not self_signed_tls_client_auth: no credential for it is set; \
            not private_key_jwt: the provider lists no algorithm of the key that signs; \
            not client_secret_basic: the provider does not list it"
        )
    );
}
