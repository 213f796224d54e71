//! Faults for which the other side refuses a certificate.

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, Error, RootCertStore};
use time::OffsetDateTime;

/// A fault of a certificate that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It was valid until this day.
    #[error("holds a certificate that expired on {0}")]
    Expired(String),
    /// It is valid from this day on.
    #[error("holds a certificate that is not valid before {0}")]
    NotYetValid(String),
    /// It names other hosts.
    #[error("holds a certificate that does not name the host of BFF_PUBLIC_URL, {0}: browsers refuse it")]
    OtherHost(String),
}

/// Whether the certificate is valid at this time. Its issuer does not matter here.
pub(crate) fn validity_fault(certificate: &CertificateDer<'_>, at: UnixTime) -> Option<CertificateFault> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    let algorithms = rustls::crypto::ring::default_provider().signature_verification_algorithms;
    // The time is looked at before an issuer is looked for, and there is none.
    let nobody = RootCertStore::empty();
    let verified = verify_server_cert_signed_by_trust_anchor(&parsed, &nobody, &[], at, algorithms.all);
    let Err(Error::InvalidCertificate(error)) = verified else {
        return None;
    };
    match error {
        CertificateError::Expired => Some(CertificateFault::Expired("a day that cannot be read".to_owned())),
        CertificateError::ExpiredContext { not_after, .. } => Some(CertificateFault::Expired(day(not_after))),
        CertificateError::NotValidYetContext { not_before, .. } => Some(CertificateFault::NotYetValid(day(not_before))),
        _ => None,
    }
}

/// Whether the certificate names this host.
pub(super) fn name_fault(certificate: &CertificateDer<'_>, host: &ServerName<'_>) -> Option<CertificateFault> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    let verified = verify_server_name(&parsed, host);
    verified
        .is_err()
        .then(|| CertificateFault::OtherHost(host.to_str().into_owned()))
}

fn day(at: UnixTime) -> String {
    let seconds = i64::try_from(at.as_secs()).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds).map_or_else(|_| seconds.to_string(), |time| time.date().to_string())
}
