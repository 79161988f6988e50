//! A certificate as PKCS #7: a `SignedData` that holds nothing but it. Source: RFC 2315 §9.1, RFC 5652 §5.1.

/// `1.2.840.113549.1.7.2`, signed data.
const SIGNED_DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// `1.2.840.113549.1.7.1`, data: what would be signed, and isn't there.
const DATA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const VERSION_1: &[u8] = &[0x02, 0x01, 0x01];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0]`, constructed.
const CONTEXT_0: u8 = 0xa0;

/// The DER of a message that holds the certificate, given as DER, and no signature.
pub(super) fn of_certificate(certificate: &[u8]) -> Vec<u8> {
    let no_algorithms = tagged(SET, &[]);
    let content = tagged(SEQUENCE, DATA);
    let certificates = tagged(CONTEXT_0, certificate);
    let no_signers = tagged(SET, &[]);
    let parts = [VERSION_1, &no_algorithms, &content, &certificates, &no_signers];
    let signed_data = tagged(CONTEXT_0, &tagged(SEQUENCE, &parts.concat()));
    tagged(SEQUENCE, &[SIGNED_DATA, &signed_data].concat())
}

/// Tag, length and contents (X.690 §8.1.3).
fn tagged(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut der = vec![tag];
    match significant.as_slice() {
        [] => der.push(0),
        [short] if *short < 0x80 => der.push(*short),
        long => {
            // The long form: how many bytes follow, then they.
            der.push(long.iter().fold(0x80, |count, _| count + 1));
            der.extend(long);
        }
    }
    der.extend(contents);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short_or_long() {
        assert_eq!(tagged(SET, &[]), [0x31, 0]);
        assert_eq!(tagged(SET, &[7; 0x7f])[..3], [0x31, 0x7f, 7]);
        assert_eq!(tagged(SET, &[7; 0x80])[..4], [0x31, 0x81, 0x80, 7]);
        assert_eq!(tagged(SET, &[7; 0x1234])[..5], [0x31, 0x82, 0x12, 0x34, 7]);
    }

    #[test]
    fn a_message_holds_its_certificate_and_no_signature() {
        let message = of_certificate(&[0x30, 0x01, 0x2a]);
        let expected = [
            &[0x30, 0x28][..],
            SIGNED_DATA,
            &[0xa0, 0x1b, 0x30, 0x19, 0x02, 0x01, 0x01, 0x31, 0x00, 0x30, 0x0b],
            DATA,
            &[0xa0, 0x03, 0x30, 0x01, 0x2a, 0x31, 0x00],
        ];
        assert_eq!(message, expected.concat());
    }
}
