use super::settings::{DefaultValue, SETTINGS};
use super::*;
use crate::key_ring::KeyRing;
use std::io::Write;

fn complete() -> Vec<(String, String)> {
    [
        ("BFF_PUBLIC_URL", "https://app.example.com"),
        ("BFF_ISSUER", "https://op.example.com/tenant"),
        ("BFF_CLIENT_ID", "client"),
        ("BFF_CLIENT_SECRET", "canary-secret"),
        ("BFF_REDIS_URL", "rediss://:canary-password@redis.example.com"),
        ("BFF_SESSION_KEY", KeyRing::new_key().as_str()),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

fn with(changes: &[(&str, &str)]) -> Result<Config, Vec<SettingError>> {
    let mut environment = complete();
    environment.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    environment.extend(
        changes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    Config::read(Source::collect(environment, None))
}

fn wrong(changes: &[(&str, &str)]) -> Vec<String> {
    with(changes)
        .err()
        .unwrap_or_default()
        .into_iter()
        .map(|error| error.name)
        .collect()
}

#[test]
fn the_required_settings_suffice_and_defaults_fill_the_rest() {
    let config = with(&[]).expect("complete");
    assert_eq!(
        config.registration.redirect_uri.as_str(),
        "https://app.example.com/auth/callback"
    );
    assert_eq!(
        config.registration.post_logout_redirect_uri.as_str(),
        "https://app.example.com/signed-out"
    );
    assert_eq!(config.registration.scopes, ["openid", "profile", "email"]);
    assert_eq!(config.session.lifetime.idle, time::Duration::minutes(30));
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:3000");
}

#[test]
fn everything_missing_or_wrong_is_listed_at_once() {
    let missing = Config::read(Source::collect([], None)).expect_err("nothing is set");
    let names: Vec<&str> = missing.iter().map(|error| error.name.as_str()).collect();
    for setting in SETTINGS
        .iter()
        .filter(|setting| setting.default == DefaultValue::Required)
    {
        assert!(names.contains(&setting.name), "{} is not listed", setting.name);
    }
    let both = wrong(&[
        ("BFF_LISTEN", "nowhere"),
        ("BFF_CLIENT_ID", ""),
        ("BFF_USERINFO", "maybe"),
    ]);
    assert_eq!(both, ["BFF_LISTEN", "BFF_CLIENT_ID", "BFF_USERINFO"]);
}

#[test]
fn sec_02_unsafe_or_contradictory_settings_are_refused() {
    for (name, value) in [
        ("BFF_PUBLIC_URL", "http://app.example.com"),
        ("BFF_PUBLIC_URL", "http://localhost:3000"),
        ("BFF_PUBLIC_URL", "https://app.example.com/path"),
        ("BFF_PUBLIC_URL", "ftp://app.example.com"),
        ("BFF_ISSUER", "http://op.example.com"),
        ("BFF_ISSUER", "http://127.0.0.1:4000"),
        ("BFF_ISSUER", "https://op.example.com/?x"),
        ("BFF_CLIENT_SECRET", " "),
        ("BFF_SESSION_KEY", "c2hvcnQ="),
        ("BFF_REDIS_URL", "localhost"),
        ("BFF_SCOPES", "profile"),
        ("BFF_ID_TOKEN_ALGORITHMS", "none"),
        ("BFF_ID_TOKEN_ALGORITHMS", "HS256"),
        ("BFF_CLIENT_AUTHENTICATION", "none"),
        ("BFF_CLIENT_AUTHENTICATION", "client_secret_jwt"),
        ("BFF_CLIENT_AUTHENTICATION", "private_key_jwt"),
        ("BFF_CLIENT_ASSERTION_ALGORITHM", "ES256"),
        ("BFF_CLIENT_ASSERTION_AUDIENCE", "nobody"),
        ("BFF_CLIENT_KEY", "canary"),
        ("BFF_CLIENT_CERTIFICATE", "canary"),
        ("BFF_CLIENT_CERTIFICATE_KEY", "canary"),
        ("BFF_PROVIDER_CA_FILE", "/nowhere"),
        ("BFF_SESSION_IDLE", "0s"),
        ("BFF_SESSION_IDLE", "9h"),
        ("BFF_SESSION_ABSOLUTE", "soon"),
        ("BFF_LOG_FORMAT", "xml"),
        ("BFF_SESION_IDLE", "30m"),
    ] {
        assert_eq!(wrong(&[(name, value)]), [name], "{name}={value}");
    }
}

#[test]
fn http_is_for_loopback_and_only_where_that_is_said() {
    let on = ("BFF_HTTP_LOOPBACK", "on");
    assert!(
        with(&[
            on,
            ("BFF_PUBLIC_URL", "http://localhost:3000"),
            ("BFF_ISSUER", "http://127.0.0.1:4000")
        ])
        .is_ok()
    );
    assert_eq!(
        wrong(&[on, ("BFF_PUBLIC_URL", "http://app.example.com")]),
        ["BFF_PUBLIC_URL"]
    );
    assert_eq!(wrong(&[on, ("BFF_ISSUER", "http://op.example.com")]), ["BFF_ISSUER"]);
}

#[test]
fn sec_01_neither_errors_nor_debug_tell_a_secret() {
    let key = crate::relying_party::tests::client_key::P256.as_str();
    let config = format!("{:?}", with(&[("BFF_CLIENT_KEY", key)]).expect("complete"));
    assert!(!config.contains("canary"), "{config}");
    let mut lines = key.lines().filter(|line| !line.starts_with('-'));
    assert!(lines.all(|line| !config.contains(line)), "{config}");
    let errors = format!(
        "{:?}",
        with(&[("BFF_REDIS_URL", "canary://:canary@x"), ("BFF_SESSION_KEY", "canary")])
    );
    assert!(!errors.contains("canary"), "{errors}");
}

#[test]
fn a_secret_comes_from_a_file_and_not_from_both() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(file, "from the file").expect("written");
    let path = file.path().to_str().expect("UTF-8");
    let mut environment = complete();
    environment.retain(|(name, _)| name != "BFF_CLIENT_SECRET");
    environment.push(("BFF_CLIENT_SECRET_FILE".to_owned(), path.to_owned()));
    let config = Config::read(Source::collect(environment, None)).expect("complete");
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(config.registration.credentials.secret.as_ref().expect("a secret")),
        "from the file"
    );

    assert_eq!(wrong(&[("BFF_CLIENT_SECRET_FILE", path)]), ["BFF_CLIENT_SECRET"]);
    assert_eq!(
        wrong(&[("BFF_ISSUER_FILE", path)]),
        ["BFF_ISSUER_FILE"],
        "only secrets come from files"
    );
}

#[test]
fn tok_03_a_client_without_a_credential_does_not_start() {
    let key = crate::relying_party::tests::client_key::P256.as_str();
    let without = [("BFF_CLIENT_SECRET", "")];
    let errors = with(&without).expect_err("no credential");
    assert_eq!(errors.len(), 1);
    let said = errors[0].to_string();
    assert!(
        said.starts_with("BFF_CLIENT_SECRET: is missing") && said.contains("BFF_CLIENT_KEY"),
        "{said}"
    );
    let config = with(&[without[0], ("BFF_CLIENT_KEY", key)]).expect("a key is a credential");
    assert!(config.registration.credentials.secret.is_none() && config.registration.credentials.keys.is_some());
    assert_eq!(
        wrong(&[without[0], ("BFF_CLIENT_KEY", "canary")]),
        ["BFF_CLIENT_KEY"],
        "said once"
    );
    let pinned = [
        ("BFF_CLIENT_KEY", key),
        ("BFF_CLIENT_AUTHENTICATION", "client_secret_basic"),
    ];
    assert_eq!(
        wrong(&[without[0], pinned[0], pinned[1]]),
        ["BFF_CLIENT_AUTHENTICATION"]
    );
    let algorithm = |name| wrong(&[("BFF_CLIENT_KEY", key), ("BFF_CLIENT_ASSERTION_ALGORITHM", name)]);
    assert_eq!(algorithm("ES256"), [""; 0]);
    assert_eq!(algorithm("PS256"), ["BFF_CLIENT_ASSERTION_ALGORITHM"], "of another key");
}

#[test]
fn sec_02_a_profile_that_the_settings_do_not_meet_does_not_start() {
    let key = crate::relying_party::tests::client_key::P256.as_str();
    let fapi = ("BFF_PROFILE", "fapi2");
    let config = with(&[fapi, ("BFF_CLIENT_KEY", key)]).expect("a key, and defaults that fit");
    assert_eq!(config.registration.id_token_algorithms.len(), 3);
    let errors = with(&[fapi, ("BFF_ID_TOKEN_ALGORITHMS", "RS256"), ("BFF_PAR", "off")]).expect_err("unmet");
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    for (said, part) in said
        .iter()
        .zip(["BFF_CLIENT_KEY", "BFF_ID_TOKEN_ALGORITHMS", "BFF_PAR"])
    {
        assert!(
            said.starts_with("BFF_PROFILE: is fapi2, which demands ") && said.contains(part),
            "{said}"
        );
    }
    assert_eq!(wrong(&[("BFF_PROFILE", "fapi1")]), ["BFF_PROFILE"]);
}

#[test]
fn a_key_comes_from_a_file_with_several_lines() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    write!(file, "{}", *crate::relying_party::tests::client_key::P256).expect("written");
    let path = file.path().to_str().expect("UTF-8");
    let config = with(&[
        ("BFF_CLIENT_KEY_FILE", path),
        ("BFF_CLIENT_AUTHENTICATION", "private_key_jwt"),
    ]);
    assert!(config.expect("complete").registration.credentials.keys.is_some());
}

#[test]
fn a_toml_file_gives_settings_and_the_environment_wins() {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    writeln!(
        file,
        "session_idle = \"5m\"\nuserinfo = false\nscopes = [\"openid\", \"email\"]\nlisten = \"127.0.0.1:1\""
    )
    .expect("written");
    let mut environment = complete();
    environment.push(("BFF_LISTEN".to_owned(), "127.0.0.1:2".to_owned()));
    let config = Config::read(Source::collect(environment.clone(), Some(file.path()))).expect("complete");
    assert_eq!(config.session.lifetime.idle, time::Duration::minutes(5));
    assert!(!config.registration.userinfo);
    assert_eq!(config.registration.scopes, ["openid", "email"]);
    assert_eq!(config.http.listen.port(), 2);

    writeln!(file, "sesion_idle = \"5m\"").expect("written");
    let errors = Config::read(Source::collect(environment, Some(file.path()))).expect_err("a typing error");
    assert_eq!(errors[0].name, "BFF_SESION_IDLE");
}

#[test]
fn the_help_the_example_and_the_readme_name_every_setting() {
    let help = settings::help();
    let (example, readme) = (
        include_str!("../../../.env.example"),
        include_str!("../../../README.md"),
    );
    for setting in SETTINGS {
        assert!(help.contains(setting.name) && help.contains(setting.help));
        assert!(
            example.contains(setting.name),
            "{} is not in .env.example",
            setting.name
        );
        let row = format!("| `{}`", setting.name);
        assert!(readme.contains(&row), "{} is not in the README", setting.name);
    }
}

#[test]
fn sec_07_redis_on_another_machine_is_reached_with_tls_unless_said_otherwise() {
    let away = [
        "redis://:canary@redis.example.com",
        "redis://10.0.0.7:6379",
        "redis://0.0.0.0:6379",
        "redis-cluster://127.0.0.1:7000?node=redis.example.com:7001",
        "redis-sentinel://localhost:26379?sentinelServiceName=main&node=10.0.0.7:26379",
        "redis://localhost.example.com",
        "redis://[2001:db8::1]:6379",
    ];
    for address in away {
        let errors = with(&[("BFF_REDIS_URL", address)]).expect_err(address);
        let said = errors[0].to_string();
        assert!(said.contains("BFF_REDIS_URL") && said.contains("rediss:"), "{said}");
        assert!(!said.contains("canary"));
        with(&[("BFF_REDIS_URL", address), ("BFF_REDIS_PLAINTEXT", "on")]).expect(address);
        with(&[("BFF_REDIS_URL", &address.replacen("redis", "rediss", 1))]).expect(address);
    }
    let here = [
        "redis://127.0.0.1:6379",
        "redis://localhost",
        "redis://[::1]:6379",
        "redis+unix:///run/redis.sock",
        "redis-cluster://127.0.0.1:7000?node=127.0.0.2:7001",
        "memory:",
    ];
    for address in here {
        with(&[("BFF_REDIS_URL", address)]).expect(address);
    }
    for wrong in [
        "https://redis.example.com",
        "rediss+unix:///run/redis.sock",
        "redisss://x",
        "rediss",
    ] {
        let errors = with(&[("BFF_REDIS_URL", wrong)]).expect_err(wrong);
        assert!(errors[0].to_string().contains("no address of a Redis"), "{errors:?}");
    }
}

#[test]
fn a_file_of_authorities_has_to_hold_some() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ca.pem");
    let path = file.to_str().expect("UTF-8");
    assert_eq!(wrong(&[("BFF_REDIS_CA_FILE", path)]), ["BFF_REDIS_CA_FILE"], "no file");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for content in ["", "canary", broken] {
        std::fs::write(&file, content).expect("written");
        assert_eq!(
            wrong(&[("BFF_REDIS_CA_FILE", path)]),
            ["BFF_REDIS_CA_FILE"],
            "{content}"
        );
    }
}

#[test]
fn the_local_copy_is_off_unless_asked_for() {
    let on = ("BFF_SESSION_LOCAL_COPY", "on");
    let copied = |changes: &[(&str, &str)]| match with(changes).expect("settings").session.store {
        StoreSettings::Redis(settings) => settings.local_copy,
        StoreSettings::Memory => unreachable!("Redis is set"),
    };
    assert!(!copied(&[]));
    assert!(copied(&[on]));
    assert!(copied(&[on, ("BFF_REDIS_URL", "redis-cluster://127.0.0.1:7000")]));
}

#[test]
fn a_preset_fills_in_what_is_not_set_and_nothing_else() {
    let google: Vec<(String, String)> = complete()
        .into_iter()
        .filter(|(name, _)| name != "BFF_ISSUER")
        .collect();
    let preset = [("BFF_PROVIDER".to_owned(), "google".to_owned())];
    let config = Config::read(Source::collect(google.into_iter().chain(preset), None)).expect("an issuer");
    assert_eq!(config.registration.issuer, "https://accounts.google.com");
    let cognito = with(&[("BFF_PROVIDER", "cognito")]).expect("settings");
    assert!(cognito.registration.pkce_unadvertised);
    assert_eq!(cognito.claims.roles, ["cognito:groups"]);
    let own = [
        ("BFF_PROVIDER", "cognito"),
        ("BFF_PKCE_UNADVERTISED", "off"),
        ("BFF_ROLES_CLAIM", "a b"),
    ];
    let own = with(&own).expect("settings");
    assert!(!own.registration.pkce_unadvertised);
    assert_eq!(own.claims.roles, ["a", "b"]);
    let keycloak = with(&[("BFF_PROVIDER", "keycloak")]).expect("settings");
    assert_eq!(
        keycloak.claims.roles,
        ["realm_access.roles", "resource_access.client.roles"]
    );
    assert_eq!(wrong(&[("BFF_PROVIDER", "Keycloak")]), ["BFF_PROVIDER"]);
    let tenants = [("BFF_ISSUER", "https://login.microsoftonline.com/common/v2.0")];
    assert_eq!(wrong(&tenants), ["BFF_ISSUER"]);
}

#[test]
fn authz_08_further_parameters_are_added_and_never_one_of_ours() {
    let config = with(&[(
        "BFF_AUTHORIZATION_PARAMETERS",
        "audience=https://a.example/&ui_locales=sv%20en",
    )]);
    let pairs = [("audience", "https://a.example/"), ("ui_locales", "sv en")];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(config.expect("settings").registration.authorization_parameters, pairs);
    for name in [
        "redirect_uri",
        "state",
        "prompt",
        "code_challenge",
        "request",
        "max%5Fage",
        "response%5Fmode",
        "",
    ] {
        let text = format!("audience=a&{name}=b");
        assert_eq!(
            wrong(&[("BFF_AUTHORIZATION_PARAMETERS", &text)]),
            ["BFF_AUTHORIZATION_PARAMETERS"],
            "{name}"
        );
    }
}

#[test]
fn where_the_browser_signs_out_is_an_address_like_those_of_the_metadata_or_a_path() {
    for right in ["/logout", "https://op.example/logout?a=b"] {
        assert_eq!(wrong(&[("BFF_END_SESSION_ENDPOINT", right)]), [""; 0], "{right}");
    }
    for not_right in [
        "//evil.example/",
        "http://op.example/logout",
        "logout",
        "javascript:alert(1)",
    ] {
        let named = wrong(&[("BFF_END_SESSION_ENDPOINT", not_right)]);
        assert_eq!(named, ["BFF_END_SESSION_ENDPOINT"], "{not_right}");
    }
    assert_eq!(
        wrong(&[("BFF_END_SESSION_RETURN", "elsewhere")]),
        ["BFF_END_SESSION_RETURN"]
    );
}
