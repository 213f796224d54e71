//! Settings and secrets that stand in files.

use super::*;
use std::io::Write;

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
