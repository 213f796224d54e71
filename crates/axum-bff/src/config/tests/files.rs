//! Settings and secrets from files.

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
    write!(file, "{}", client_key()).expect("written");
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
    assert_eq!(config.http.listen.to_string(), "127.0.0.1:2");

    writeln!(file, "sesion_idle = \"5m\"").expect("written");
    let errors = Config::read(Source::collect(environment, Some(file.path()))).expect_err("a typing error");
    assert_eq!(errors[0].name, "BFF_SESION_IDLE");
}

#[cfg(unix)]
mod rights {
    use super::*;
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn risky(environment: Vec<(String, String)>, file: Option<&Path>) -> Vec<String> {
        let config = Config::read(Source::collect(environment, file)).expect("complete");
        config.warnings.into_iter().map(|warning| warning.name).collect()
    }

    /// A file in a folder with mode 0755: other users can reach the file, and the file's own mode decides.
    fn a_file(content: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("set");
        let file = folder.path().join("secret");
        std::fs::write(&file, content).expect("written");
        (folder, file)
    }

    #[test]
    fn a_secret_that_others_can_read_is_warned_of_by_name() {
        let (folder, file) = a_file("canary-secret");
        let mut environment = complete();
        environment.retain(|(name, _)| name != "BFF_CLIENT_SECRET");
        let path = file.to_str().expect("UTF-8").to_owned();
        environment.push(("BFF_CLIENT_SECRET_FILE".to_owned(), path));
        for (mode, expected) in [(0o644, &["BFF_CLIENT_SECRET_FILE"][..]), (0o640, &[]), (0o600, &[])] {
            set_permissions(&file, Permissions::from_mode(mode)).expect("set");
            assert_eq!(risky(environment.clone(), None), expected, "{mode:o}");
        }
        set_permissions(&file, Permissions::from_mode(0o644)).expect("set");
        set_permissions(folder.path(), Permissions::from_mode(0o700)).expect("set");
        assert!(
            risky(environment, None).is_empty(),
            "no other user can enter the folder"
        );
    }

    #[test]
    fn a_settings_file_with_a_secret_that_others_can_read_is_warned_of() {
        let (_folder, file) = a_file("client_secret = \"canary\"");
        set_permissions(&file, Permissions::from_mode(0o644)).expect("set");
        let mut environment = complete();
        environment.retain(|(name, _)| name != "BFF_CLIENT_SECRET");
        assert_eq!(risky(environment.clone(), Some(&file)), ["--config"]);
        std::fs::write(&file, "client_secret = \"canary\"").expect("written");
        set_permissions(&file, Permissions::from_mode(0o600)).expect("set");
        assert!(risky(environment, Some(&file)).is_empty());

        let (_folder, file) = a_file("userinfo = false");
        set_permissions(&file, Permissions::from_mode(0o644)).expect("set");
        assert!(risky(complete(), Some(&file)).is_empty(), "the file has no secret");
    }
}

#[test]
fn a_file_that_has_changed_is_noticed_and_read_as_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, "one").expect("written");
    let config = with(&[
        ("BFF_CLIENT_SECRET", ""),
        ("BFF_CLIENT_SECRET_FILE", path.to_str().expect("UTF-8")),
    ]);
    let origin = config.expect("complete").origin;
    assert!(origin.has_files() && !origin.has_changed());
    std::fs::write(&path, "canary-another").expect("written");
    assert!(origin.has_changed());
    let fresh = origin.read().expect("complete").origin;
    assert_eq!(origin.differences(&fresh), ["BFF_CLIENT_SECRET"]);
    assert!(!format!("{fresh:?}").contains("canary"), "{fresh:?}");

    std::fs::remove_file(&path).expect("removed");
    assert!(fresh.has_changed());
    let errors = fresh.read().expect_err("the file is missing");
    assert_eq!(errors[0].name, "BFF_CLIENT_SECRET_FILE");
}
