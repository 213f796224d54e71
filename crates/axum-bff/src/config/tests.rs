use super::settings::DefaultValue;
use super::*;
use bff_session::key_ring::KeyRing;

mod environment;
mod files;
mod own;
mod provider;
mod public_url;
mod redis;

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

/// A P-256 key in PEM.
fn client_key() -> String {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256);
    key.expect("a key").serialize_pem()
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
    let missing = Config::read(Source::collect(Vec::<(String, String)>::new(), None)).expect_err("nothing is set");
    let names: Vec<&str> = missing.iter().map(|error| error.name.as_str()).collect();
    for setting in settings::all().filter(|setting| setting.default == DefaultValue::Required) {
        assert!(names.contains(&setting.name), "{} is not listed", setting.name);
    }
    let both = wrong(&[
        ("BFF_LISTEN", "nowhere"),
        ("BFF_CLIENT_ID", ""),
        ("BFF_USERINFO", "maybe"),
    ]);
    assert_eq!(both, ["BFF_LISTEN", "BFF_CLIENT_ID", "BFF_USERINFO"]);
}

/// SEC-02
#[test]
fn unsafe_or_contradictory_settings_are_refused() {
    for (name, value) in [
        ("BFF_PUBLIC_URL", "http://app.example.com"),
        ("BFF_PUBLIC_URL", "http://localhost:3000"),
        ("BFF_PUBLIC_URL", "https://app.example.com/shop?x"),
        ("BFF_PUBLIC_URL", "ftp://app.example.com"),
        ("BFF_ISSUER", "http://op.example.com"),
        ("BFF_ISSUER", "http://127.0.0.1:4000"),
        ("BFF_ISSUER", "https://op.example.com/?x"),
        ("BFF_CLIENT_SECRET", " "),
        ("BFF_SESSION_KEY", "c2hvcnQ="),
        ("BFF_REDIS_URL", "localhost"),
        ("BFF_LISTEN", "unix:bff.sock"),
        ("BFF_LISTEN", "unix:/"),
        ("BFF_LISTEN_MODE", "1660"),
        ("BFF_LISTEN_MODE", "0968"),
        ("BFF_LISTEN_MODE", "rw"),
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
        ("BFF_AUDIT", "syslog"),
        ("BFF_AUDIT", "file:audit.json"),
        ("BFF_AUDIT", "http://collector.example.com/"),
        ("BFF_AUDIT", "https://user:canary@collector.example.com/"),
        ("BFF_AUDIT_SUBJECT", "nobody"),
        ("BFF_AUDIT_TOKEN", "canary"),
        ("BFF_SESION_IDLE", "30m"),
    ] {
        assert_eq!(wrong(&[(name, value)]), [name], "{name}={value}");
    }
}

/// No value is in it, and of a secret nothing at all.
#[test]
fn the_settings_at_the_start_are_names_and_a_digest_that_no_secret_changes() {
    let at_start = |settings: &[(&str, &str)]| with(settings).expect("complete").at_start;
    let usual = at_start(&[]);
    assert!(usual.names.iter().any(|name| name == "BFF_CLIENT_SECRET"), "{usual:?}");
    assert_eq!(usual.values, at_start(&[("BFF_CLIENT_SECRET", "another one")]).values);
    let other = at_start(&[("BFF_SESSION_IDLE", "29m")]);
    assert_ne!(usual.values, other.values);
    assert!(other.names.iter().any(|name| name == "BFF_SESSION_IDLE"), "{other:?}");
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

/// SEC-01
#[test]
fn neither_errors_nor_debug_tell_a_secret() {
    let key = client_key();
    let key = key.as_str();
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
fn the_help_the_example_and_the_documentation_name_every_setting() {
    let help = settings::help();
    let (example, documentation) = (
        include_str!("../../../../.env.example"),
        include_str!("../../../../docs/settings.md"),
    );
    for setting in settings::all() {
        assert!(help.contains(setting.name) && help.contains(setting.help));
        assert!(
            example.contains(setting.name),
            "{} is not in .env.example",
            setting.name
        );
        let row = format!("| `{}`", setting.name);
        assert!(
            documentation.contains(&row),
            "{} is not in docs/settings.md",
            setting.name
        );
    }
}

/// A value with spaces and without quotes would be a command.
#[cfg(unix)]
#[test]
fn a_shell_reads_the_example_with_every_line_switched_on() {
    let example = include_str!("../../../../.env.example").replace("<NAME>", "STOCK");
    let lines: Vec<&str> = example
        .lines()
        .map(|line| if line.starts_with("#BFF_") { &line[1..] } else { line })
        .collect();
    let script = format!("set -ae\n{}\nexec env", lines.join("\n"));
    let shell = std::process::Command::new("/bin/sh")
        .args(["-c", &script])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .output()
        .expect("a shell");
    let complaints = String::from_utf8_lossy(&shell.stderr);
    assert!(shell.status.success() && complaints.is_empty(), "{complaints}");
    let read = String::from_utf8_lossy(&shell.stdout);
    let settings: Vec<&str> = lines.into_iter().filter(|line| line.starts_with("BFF_")).collect();
    assert!(settings.len() > 60, "{}", settings.len());
    for (name, value) in settings.iter().filter_map(|line| line.split_once('=')) {
        let expected = format!("{name}={}", value.trim_matches('\''));
        assert!(read.lines().any(|line| line == expected), "{expected}");
    }
}
