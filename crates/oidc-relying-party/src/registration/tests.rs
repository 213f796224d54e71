use super::*;
use crate::tests::provider::registration;

type Change = fn(&mut Registration);

/// TOK-03, SEC-02
#[test]
fn unsafe_registrations_are_refused() {
    let url = |text: &str| Url::parse(text).expect("a URL");
    let cases: [(&str, &str, Change); 12] = [
        ("http issuer", "registration_issuer", |it| {
            it.issuer = "http://op.example".to_owned();
        }),
        ("no URL", "registration_issuer", |it| {
            it.issuer = "op.example".to_owned();
        }),
        ("query", "registration_issuer", |it| {
            it.issuer = "https://op.example/?a".to_owned();
        }),
        ("user name", "registration_issuer", |it| {
            it.issuer = "https://me@op.example".to_owned();
        }),
        ("empty secret", "registration_credentials", |it| {
            it.credentials = "".into();
        }),
        ("TOK-03: no credential", "registration_credentials", |it| {
            it.credentials = Credentials::default();
        }),
        (
            "TOK-03: a method without its credential",
            "registration_credentials",
            |it| {
                it.client_authentication = Some(ClientAuthentication::PrivateKeyJwt);
            },
        ),
        ("empty client", "registration_credentials", |it| it.client_id.clear()),
        ("scope", "registration_scope", |it| {
            it.scopes.push("two words".to_owned());
        }),
        ("no algorithm", "registration_algorithms", |it| {
            it.id_token_algorithms = Some(Vec::new());
        }),
        ("leeway", "registration_durations", |it| {
            it.leeway = Duration::from_secs(601);
        }),
        ("time-out", "registration_durations", |it| {
            it.http_timeout = Duration::ZERO;
        }),
    ];
    for (what, code, change) in cases {
        let mut registration = registration("https://op.example");
        change(&mut registration);
        assert_eq!(registration.check().expect_err(what).code(), code, "{what}");
    }
    for redirect_uri in [
        "http://app.example/auth/callback",
        "https://app.example/auth/callback#here",
    ] {
        let mut registration = registration("https://op.example");
        registration.redirect_uri = url(redirect_uri);
        assert_eq!(
            registration.check().expect_err(redirect_uri).code(),
            "registration_redirect_uri"
        );
    }
    registration("https://op.example/tenant/")
        .check()
        .expect("a usable registration");
}

/// DISC-04
#[test]
fn http_is_accepted_for_loopback_and_only_where_it_is_switched_on() {
    let mut registration = registration("http://127.0.0.1:4000");
    registration.check().expect("loopback, switched on");
    registration.http_loopback = false;
    assert_eq!(
        registration.check().expect_err("switched off").code(),
        "registration_issuer"
    );
}

/// AUTHZ-01
#[test]
fn openid_is_always_asked_for_and_stands_first() {
    let mut registration = registration("https://op.example");
    for (scopes, scope) in [
        (
            vec!["profile", "openid", "offline_access"],
            "openid profile offline_access",
        ),
        (vec!["profile"], "openid profile"),
        (vec![], "openid"),
    ] {
        registration.scopes = scopes.into_iter().map(str::to_owned).collect();
        assert_eq!(registration.scope(), scope);
    }
}
