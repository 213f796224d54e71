use super::*;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use std::time::Duration;
use tempfile::TempDir;

/// 2026-01-01.
const NOW: UnixTime = UnixTime::since_unix_epoch(Duration::from_hours(490_896));

/// A folder with a certificate for this host, from one year to another, and its key.
fn folder(host: &str, [from, to]: [i32; 2]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([host.to_owned()]).expect("a host");
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    let certificate = params.self_signed(&key).expect("signed");
    std::fs::write(folder.path().join("tls.pem"), certificate.pem()).expect("written");
    std::fs::write(folder.path().join("tls.key"), key.serialize_pem()).expect("written");
    folder
}

fn read(folder: &TempDir) -> Result<ServerCertificate, ServerCertificateError> {
    ServerCertificate::read(&folder.path().join("tls.pem"), &folder.path().join("tls.key"))
}

fn faults(host: &str, years: [i32; 2]) -> Vec<CertificateFault> {
    let asked = ServerName::try_from("app.example.com").expect("a name");
    let certificate = read(&folder(host, years)).expect("a certificate");
    certificate.faults(NOW, Some(&asked))
}

#[test]
fn a_certificate_that_browsers_refuse_is_known_by_its_days_and_by_its_name() {
    assert!(faults("app.example.com", [2020, 2030]).is_empty());
    assert!(faults("*.example.com", [2020, 2030]).is_empty());
    assert_eq!(
        faults("app.example.com", [2020, 2021]),
        [CertificateFault::Expired("2021-01-01".to_owned())]
    );
    assert_eq!(
        faults("app.example.com", [2029, 2030]),
        [CertificateFault::NotYetValid("2029-01-01".to_owned())]
    );
    let other = faults("other.example.com", [2020, 2030]);
    assert_eq!(other, [CertificateFault::OtherHost("app.example.com".to_owned())]);
    assert_eq!(faults("other.example.com", [2020, 2021]).len(), 2);
}

#[test]
fn a_file_with_something_else_or_another_key_is_named_by_its_setting() {
    let right = folder("app.example.com", [2020, 2030]);
    let other = folder("app.example.com", [2020, 2030]);
    let file = |folder: &TempDir, name: &str| folder.path().join(name);
    let (certificate, key) = (file(&right, "tls.pem"), file(&right, "tls.key"));
    for (certificate, key, setting) in [
        (&file(&right, "nowhere"), &key, "BFF_TLS_CERTIFICATE_FILE"),
        (&key, &key, "BFF_TLS_CERTIFICATE_FILE"),
        (&certificate, &file(&right, "nowhere"), "BFF_TLS_KEY_FILE"),
        (&certificate, &certificate, "BFF_TLS_KEY_FILE"),
        (&certificate, &file(&other, "tls.key"), "BFF_TLS_KEY_FILE"),
    ] {
        let refused = ServerCertificate::read(certificate, key).expect_err(setting);
        assert_eq!(refused.setting(), setting, "{refused}");
    }
}

#[test]
fn a_certificate_that_replaces_another_is_in_all_clones() {
    let (old, new) = (
        read(&folder("app.example.com", [2020, 2030])).expect("a certificate"),
        read(&folder("app.example.com", [2020, 2031])).expect("a certificate"),
    );
    let clone = old.clone();
    assert_ne!(clone.current().cert, new.current().cert);
    old.replace(&new);
    assert_eq!(clone.current().cert, new.current().cert);
}

#[test]
fn the_debug_form_has_no_key() {
    let folder = folder("app.example.com", [2020, 2030]);
    let shown = format!("{:?}", read(&folder).expect("a certificate"));
    assert!(shown.contains("tls.pem") && !shown.contains("CertifiedKey"), "{shown}");
}
