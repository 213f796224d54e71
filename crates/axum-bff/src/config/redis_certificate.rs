//! The certificate that this server shows to Redis.

use super::Source;
use super::values::others_may_read;
use crate::server_certificate::validity_fault;
use oidc_relying_party::ClientCertificate;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use std::path::Path;

pub(super) const CERTIFICATE: &str = "BFF_REDIS_CERTIFICATE_FILE";
const KEY: &str = "BFF_REDIS_KEY_FILE";

/// The certificate of the two files. None: neither is set, or one is wrong, which `source` has noted.
pub(super) fn read(source: &mut Source) -> Option<ClientCertificate> {
    let key = source.text(KEY);
    if key.is_some() && !source.is_set(CERTIFICATE) {
        source.error(KEY, format!("is set, and {CERTIFICATE} is missing"));
        return None;
    }
    let chain = source.parsed(CERTIFICATE, file)?;
    let Some(key) = key else {
        source.error(CERTIFICATE, format!("is set, and {KEY} is missing"));
        return None;
    };
    let pem = source.parsed(KEY, file)?;
    let certificate = ClientCertificate::from_pem(&chain, &pem)
        .map_err(|error| source.error(CERTIFICATE, error.to_string()))
        .ok()?;
    let first = CertificateDer::from_pem_slice(chain.as_bytes()).ok();
    if let Some(fault) = first.and_then(|first| validity_fault(&first, UnixTime::now())) {
        source.warning(CERTIFICATE, &fault.to_string());
    }
    if others_may_read(Path::new(key.trim())) {
        source.warning(
            KEY,
            "others on this machine can read the file: remove that right (chmod o-r)",
        );
    }
    Some(certificate)
}

fn file(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))
}
