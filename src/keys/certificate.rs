//! The self-signed certificate that goes with a signing key (`x5c`). Source: spec/tokens.md §8.

use time::Duration;

/// How long a certificate is valid: about 13.7 years, as the real service's.
const VALID_DAYS: i64 = 5_000;

/// The certificate of a private key (PKCS #8), as DER.
///
/// # Errors
/// When the key can't be read.
pub(super) fn self_signed(pkcs8: &[u8], common_name: &str) -> Result<Vec<u8>, rcgen::Error> {
    let pair = rcgen::KeyPair::try_from(pkcs8)?;
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new())?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, common_name);
    // A fixed beginning: the certificate only carries the key, nobody asks for its dates.
    params.not_before = rcgen::date_time_ymd(2025, 1, 1);
    params.not_after = params.not_before + Duration::days(VALID_DAYS);
    Ok(params.self_signed(&pair)?.der().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_its_role_and_lasts_nearly_fourteen_years() {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = self_signed(&key.serialize_der(), "impostor-google").unwrap();
        for part in ["impostor-google", "250101000000Z", "380910000000Z"] {
            assert!(certificate.windows(part.len()).any(|bytes| bytes == part.as_bytes()), "{part}");
        }
    }
}
