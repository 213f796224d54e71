use rcgen::{CertificateParams, KeyPair};

use super::*;

fn certificate(key: &KeyPair) -> String {
    let params = CertificateParams::new(["client".to_owned()]).expect("a name");
    params.self_signed(key).expect("signed").pem()
}

#[test]
fn a_certificate_is_read_with_its_own_key_and_no_other() {
    let [key, other] = [(); 2].map(|()| KeyPair::generate().expect("a key"));
    let (chain, pem) = (certificate(&key), key.serialize_pem());
    ClientCertificate::from_pem(&chain, &pem).expect("a certificate");
    let with_authority = format!("{chain}{}", certificate(&other));
    ClientCertificate::from_pem(&with_authority, &pem).expect("a certificate with its chain");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (chain, pem, error) in [
        (&*chain, &*other.serialize_pem(), ClientCertificateError::OtherKey),
        (&chain, "canary", ClientCertificateError::Key),
        (&chain, &chain, ClientCertificateError::Key),
        ("canary", &pem, ClientCertificateError::Certificate),
        (&pem, &pem, ClientCertificateError::Certificate),
        (broken, &pem, ClientCertificateError::Certificate),
    ] {
        let refused = ClientCertificate::from_pem(chain, pem).expect_err("unusable");
        assert_eq!(refused, error);
    }
}

#[test]
fn a_certificate_tells_when_the_first_of_its_chain_expires() {
    let [key, other] = [(); 2].map(|()| KeyPair::generate().expect("a key"));
    let until = |key: &KeyPair, year| {
        let mut params = CertificateParams::new(["client".to_owned()]).expect("a name");
        params.not_after = rcgen::date_time_ymd(year, 7, 1);
        params.self_signed(key).expect("signed").pem()
    };
    let chain = format!("{}{}", until(&key, 2031), until(&other, 2030));
    let read = ClientCertificate::from_pem(&chain, &key.serialize_pem()).expect("a certificate");
    assert_eq!(read.expires_at(), Some(rcgen::date_time_ymd(2030, 7, 1)));
}
