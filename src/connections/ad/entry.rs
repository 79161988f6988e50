//! An entry as the connector hands it to the mapper. Source: spec/enterprise.md §2.6.

use std::fmt::Write as _;

use serde_json::Value;

use crate::connections::ad::directory::Found;
use crate::scripts::profile_mapper::RawEntry;

/// Attributes that mappers see as buffers even where their bytes happen to be text.
const BINARY: [&str; 4] = ["thumbnailphoto", "jpegphoto", "usercertificate", "logonhours"];

/// One value becomes a text, several a list, none an empty list; ids get the form that people know.
pub(super) fn raw(found: Found) -> RawEntry {
    let mut entry = RawEntry::default();
    entry.attributes.insert("dn".to_owned(), found.dn.into());
    for (name, values) in found.attributes {
        let known = name.to_ascii_lowercase();
        let texts: Option<Vec<String>> = match known.as_str() {
            "objectguid" => values.iter().map(|value| guid(value)).collect(),
            "objectsid" => values.iter().map(|value| sid(value)).collect(),
            _ if BINARY.contains(&known.as_str()) => None,
            _ => values.iter().map(|value| String::from_utf8(value.clone()).ok()).collect(),
        };
        let Some(mut texts) = texts else {
            entry.binary.insert(name, values);
            continue;
        };
        let value = if texts.len() == 1 { texts.pop().map_or(Value::Null, Value::String) } else { texts.into() };
        entry.attributes.insert(name, value);
    }
    entry
}

/// `8-4-4-4-12`, the first three parts little-endian (MS-DTYP §2.3.4).
fn guid(bytes: &[u8]) -> Option<String> {
    let (first, rest) = bytes.split_first_chunk::<4>()?;
    let (second, rest) = rest.split_first_chunk::<2>()?;
    let (third, rest) = rest.split_first_chunk::<2>()?;
    let (fourth, node) = rest.split_first_chunk::<2>()?;
    let node: &[u8; 6] = node.try_into().ok()?;
    let node = node.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let (first, fourth) = (u32::from_le_bytes(*first), u16::from_be_bytes(*fourth));
    let (second, third) = (u16::from_le_bytes(*second), u16::from_le_bytes(*third));
    Some(format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{node:012x}"))
}

/// `S-1-5-21-…` (MS-DTYP §2.4.2).
fn sid(bytes: &[u8]) -> Option<String> {
    let (&[revision, count, ref authority @ ..], parts) = bytes.split_first_chunk::<8>()?;
    let (parts, rest) = parts.as_chunks::<4>();
    if !rest.is_empty() || parts.len() != usize::from(count) {
        return None;
    }
    let authority = authority.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let mut text = format!("S-{revision}-{authority}");
    for part in parts {
        let _ = write!(text, "-{}", u32::from_le_bytes(*part));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_get_their_written_form_and_what_is_no_text_stays_bytes() {
        let guid: Vec<u8> = (0..16).collect();
        let sid = [&[1, 4, 0, 0, 0, 0, 0, 5][..], &[21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0x51, 4, 0, 0]].concat();
        let found = Found {
            dn: "CN=a".to_owned(),
            attributes: vec![
                ("objectGUID".to_owned(), vec![guid]),
                ("objectSid".to_owned(), vec![sid]),
                ("cn".to_owned(), vec![b"Ana".to_vec()]),
                ("objectClass".to_owned(), vec![b"top".to_vec(), b"user".to_vec()]),
                ("memberOf".to_owned(), vec![]),
                ("thumbnailPhoto".to_owned(), vec![b"GIF".to_vec()]),
                ("blob".to_owned(), vec![vec![0xff]]),
            ],
        };
        let entry = raw(found);
        let expected = json!({ "dn": "CN=a", "objectGUID": "03020100-0504-0706-0809-0a0b0c0d0e0f",
            "objectSid": "S-1-5-21-1-2-1105", "cn": "Ana", "objectClass": ["top", "user"], "memberOf": [] });
        assert_eq!(Value::Object(entry.attributes), expected);
        assert_eq!(entry.binary.keys().collect::<Vec<_>>(), ["blob", "thumbnailPhoto"]);
    }

    #[test]
    fn ids_of_another_length_stay_bytes() {
        assert_eq!((guid(&[1, 2]), sid(&[1, 2, 0, 0, 0, 0, 0, 5, 1]), sid(&[])), (None, None, None));
    }
}
