//! The certificate of the server, if it speaks TLS by itself.

use super::values::others_may_read;
use super::{PublicUrl, Source};
use crate::server_certificate::ServerCertificate;
use rustls::pki_types::UnixTime;
use std::path::Path;

const CERTIFICATE: &str = "BFF_TLS_CERTIFICATE_FILE";
const KEY: &str = "BFF_TLS_KEY_FILE";

/// The certificate of the two files. None: neither is set, or one is wrong, which `source` has noted.
pub(super) fn read(source: &mut Source, public_url: Option<&PublicUrl>) -> Option<ServerCertificate> {
    let (chain, key) = match (source.text(CERTIFICATE), source.text(KEY)) {
        (None, None) => return None,
        (Some(_), None) => {
            source.error(CERTIFICATE, format!("is set, and {KEY} is missing"));
            return None;
        }
        (None, Some(_)) => {
            source.error(KEY, format!("is set, and {CERTIFICATE} is missing"));
            return None;
        }
        (Some(chain), Some(key)) => (chain, key),
    };
    let (chain, key) = (Path::new(chain.trim()), Path::new(key.trim()));
    let certificate = ServerCertificate::read(chain, key)
        .map_err(|error| source.error(error.setting(), error.to_string()))
        .ok()?;
    let host = public_url.and_then(PublicUrl::server_name);
    for fault in certificate.faults(UnixTime::now(), host.as_ref()) {
        source.warning(CERTIFICATE, &fault.to_string());
    }
    if others_may_read(key) {
        source.warning(
            KEY,
            "others on this machine can read the file: remove that right (chmod o-r)",
        );
    }
    Some(certificate)
}
