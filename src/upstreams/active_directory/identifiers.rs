//! The identifiers and times of Active Directory, in bytes and as text. Source: MS-DTYP §2.3.4 (GUID), §2.4.2 (SID),
//! §2.3.3 (FILETIME); spec/enterprise.md §2.9.

use time::OffsetDateTime;
use time::PrimitiveDateTime;
use time::macros::format_description;

use crate::keys::digest;
use crate::time::Timestamp;

/// 100-nanosecond steps between 1601 and 1970.
const FILETIME_OF_1970: i64 = 116_444_736_000_000_000;

/// 100-nanosecond steps in a millisecond.
pub(crate) const TICKS_A_MILLISECOND: i64 = 10_000;

/// `accountExpires` and the like: never.
pub(crate) const NEVER: i64 = i64::MAX;

/// A security identifier: an authority's number and the numbers below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sid {
    authority: u64,
    parts: Vec<u32>,
}

impl Sid {
    /// The identifier of a domain, always the same for the same name.
    pub(crate) fn of_domain(dns_name: &str) -> Self {
        let hash = digest::sha256(dns_name.to_lowercase().as_bytes());
        let mut parts = vec![21];
        parts.extend(
            hash.chunks_exact(4)
                .take(3)
                .map(|part| part.iter().fold(0, |number: u32, byte| (number << 8) | u32::from(*byte))),
        );
        Self { authority: 5, parts }
    }

    /// `S-1-5-32`, what the built-in groups are below.
    pub(crate) fn builtin() -> Self {
        Self { authority: 5, parts: vec![32] }
    }

    /// The identifier of something within a domain.
    pub(crate) fn child(&self, relative: u32) -> Self {
        let mut parts = self.parts.clone();
        parts.push(relative);
        Self { authority: self.authority, parts }
    }

    /// The last number: which one it is within its domain.
    pub(crate) fn relative(&self) -> Option<u32> {
        self.parts.last().copied()
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.strip_prefix("S-1-").or_else(|| text.strip_prefix("s-1-"))?.split('-');
        let authority = numbers.next()?.parse().ok().filter(|authority| *authority < 1 << 48)?;
        let parts: Option<Vec<u32>> = numbers.map(|number| number.parse().ok()).collect();
        Some(Self { authority, parts: parts.filter(|parts| parts.len() <= 15)? })
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(8)?;
        let (&[1, count], authority) = head.split_first_chunk::<2>()? else { return None };
        let parts = rest.chunks_exact(4).map(|part| part.try_into().map(u32::from_le_bytes));
        let parts: Vec<u32> = parts.collect::<Result<_, _>>().ok()?;
        let is_whole = rest.len() == 4 * usize::from(count) && count <= 15;
        let authority = authority.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte));
        is_whole.then_some(Self { authority, parts })
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![1, u8::try_from(self.parts.len()).unwrap_or(u8::MAX)];
        bytes.extend(self.authority.to_be_bytes().iter().skip(2));
        bytes.extend(self.parts.iter().flat_map(|part| part.to_le_bytes()));
        bytes
    }
}

impl std::fmt::Display for Sid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S-1-{}", self.authority)?;
        self.parts.iter().try_for_each(|part| write!(f, "-{part}"))
    }
}

/// Reads a GUID as text, with or without braces; or, without dashes, its bytes in hexadecimal digits.
pub(crate) fn parse_guid(text: &str) -> Option<[u8; 16]> {
    let text = text.trim_start_matches('{').trim_end_matches('}');
    let digits: String = text.chars().filter(|digit| *digit != '-').collect();
    let number = (digits.len() == 32).then(|| u128::from_str_radix(&digits, 16).ok())??;
    let bytes = number.to_be_bytes();
    if !text.contains('-') {
        return Some(bytes);
    }
    // The first three groups are the other way round.
    let [first, second, third] = [0..4, 4..6, 6..8].map(|group| bytes.get(group).unwrap_or_default().iter().rev());
    let rest = bytes.iter().skip(8);
    let mut swapped = [0; 16];
    swapped.iter_mut().zip(first.chain(second).chain(third).chain(rest)).for_each(|(place, byte)| *place = *byte);
    Some(swapped)
}

/// A moment as a FILETIME.
pub(crate) fn filetime(at: Timestamp) -> i64 {
    at.millis().saturating_mul(TICKS_A_MILLISECOND).saturating_add(FILETIME_OF_1970)
}

/// A moment as `GeneralizedTime` in Active Directory's manner: `20240102030405.0Z`.
pub(crate) fn generalized_time(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at.seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let format = format_description!("[year][month][day][hour][minute][second].0Z");
    moment.format(format).unwrap_or_default()
}

/// Reads `20240102030405.0Z`, with or without the fraction, or `240102030405Z`.
pub(crate) fn parse_generalized_time(text: &str) -> Option<Timestamp> {
    let text = text.strip_suffix('Z')?;
    let whole = text.split(['.', ',']).next()?;
    let whole = if whole.len() == 12 { format!("20{whole}") } else { whole.to_owned() };
    let format = format_description!("[year][month][day][hour][minute][second]");
    let moment = PrimitiveDateTime::parse(&whole, format).ok()?.assume_utc();
    Some(Timestamp::from_millis(moment.unix_timestamp().saturating_mul(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sids_are_the_same_as_text_and_in_bytes() {
        for text in ["S-1-5-21-1004336348-1177238915-682003330-512", "S-1-5-32-544", "S-1-5-11"] {
            let sid = Sid::parse(text).unwrap();
            assert_eq!((sid.to_string().as_str(), Sid::from_bytes(&sid.to_bytes())), (text, Some(sid)));
        }
        assert_eq!(digest::hex(&Sid::builtin().child(544).to_bytes()), "01020000000000052000000020020000");
        for wrong in ["S-1", "S-1-", "S-1-5-x", "S-2-5-1", "S-1-5-4294967296"] {
            assert_eq!(Sid::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Sid::from_bytes(&[1, 2, 0, 0, 0, 0, 0, 5, 0]), None);
        assert_eq!(Sid::of_domain("acme.example"), Sid::of_domain("ACME.example"));
    }

    #[test]
    fn guids_swap_their_first_groups() {
        let bytes = parse_guid("f511b1d1-bf4c-4a6b-a07d-f43e9ebd3ccf").unwrap();
        assert_eq!(digest::hex(&bytes), "d1b111f54cbf6b4aa07df43e9ebd3ccf");
        assert_eq!(parse_guid("d1b111f54cbf6b4aa07df43e9ebd3ccf"), Some(bytes));
        assert_eq!(parse_guid("f511b1d1"), None);
    }

    #[test]
    fn times_are_those_of_windows() {
        let at = Timestamp::parse("2024-01-02T03:04:05Z").unwrap();
        assert_eq!(filetime(at), 133_486_382_450_000_000);
        assert_eq!(generalized_time(at), "20240102030405.0Z");
        assert_eq!(parse_generalized_time("20240102030405.0Z"), Some(at));
        assert_eq!(parse_generalized_time("240102030405Z"), Some(at));
        assert_eq!(parse_generalized_time("yesterday"), None);
    }
}
