//! Values that several settings have: sizes, files with certificate authorities, files with secrets.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;

/// A size in bytes: `1MiB`, `64KiB`, or a number.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|end: char| !end.is_ascii_digit());
    let unit: u64 = match text[digits.len()..].trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => 0,
    };
    let number = digits.parse().ok().and_then(|number: u64| number.checked_mul(unit));
    number
        .filter(|_| unit > 0)
        .ok_or_else(|| "is no size such as 64KiB or 1MiB".to_owned())
}

/// The certificate authorities of a PEM file. They are trusted instead of the system's.
pub(super) fn authorities(path: &str) -> Result<RootCertStore, String> {
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| format!("cannot be read: {error}"))?;
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| store.add(certificate).map_err(|error| error.to_string()))
            .map_err(|error| format!("holds something that is no certificate: {error}"))?;
    }
    if store.is_empty() {
        return Err("holds no certificate (PEM, BEGIN CERTIFICATE)".to_owned());
    }
    Ok(store)
}

/// Whether every user of this machine can read the file: by its own mode, and by those of the folders on the way to it.
#[cfg(unix)]
pub(super) fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const READ: u32 = 0o004;
    const PASS: u32 = 0o001;
    let has = |path: &Path, right| std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & right != 0);
    // Mounted secrets are links to files in other folders.
    std::fs::canonicalize(path)
        .is_ok_and(|path| has(&path, READ) && path.ancestors().skip(1).all(|folder| has(folder, PASS)))
}

#[cfg(not(unix))]
pub(super) fn others_may_read(_path: &Path) -> bool {
    false
}
