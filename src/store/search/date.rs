//! Dates in queries: a year, a month, a day or a moment, each of which is a span of time.

use std::ops::Range;

use time::Date;
use time::Month;

use crate::time::Timestamp;

/// The milliseconds that a date stands for: `2017-12` is the whole month, a moment its one millisecond.
pub(super) fn span(text: &str) -> Option<Range<i64>> {
    if text.contains(['T', 't', ' ']) {
        let start = moment(text)?;
        return Some(start..start.saturating_add(1));
    }
    let mut parts = text.splitn(3, '-');
    let year: i32 = digits(parts.next()?, 4)?;
    let month: Option<u8> = parts.next().map(|month| digits(month, 2)).map_or(Some(None), |month| month.map(Some))?;
    let day: Option<u8> = parts.next().map(|day| digits(day, 2)).map_or(Some(None), |day| day.map(Some))?;
    let first = first_day(year, month.unwrap_or(1), day.unwrap_or(1))?;
    let after = match (month, day) {
        (_, Some(_)) => first.next_day()?,
        (Some(month @ 1..=11), None) => first_day(year, month.checked_add(1)?, 1)?,
        (_, None) => first_day(year.checked_add(1)?, 1, 1)?,
    };
    Some(millis(first)..millis(after))
}

/// A moment, in UTC where it doesn't say.
fn moment(text: &str) -> Option<i64> {
    let text = text.to_uppercase();
    Timestamp::parse(&text).or_else(|| Timestamp::parse(&format!("{text}Z"))).map(Timestamp::millis)
}

fn digits<T: std::str::FromStr>(text: &str, most: usize) -> Option<T> {
    let plain = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn first_day(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

fn millis(day: Date) -> i64 {
    day.midnight().assume_utc().unix_timestamp().saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_span_of_time() {
        let start = |text: &str| moment(text).unwrap();
        let check = |text: &str, from: &str, to: &str| assert_eq!(span(text), Some(start(from)..start(to)), "{text}");
        check("2025", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        check("2025-12", "2025-12-01T00:00:00Z", "2026-01-01T00:00:00Z");
        check("2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
        check("2025-12-31", "2025-12-31T00:00:00Z", "2026-01-01T00:00:00Z");
        check("2025-12-31T10:00:00.001Z", "2025-12-31T10:00:00.001Z", "2025-12-31T10:00:00.002Z");
        check("2025-12-31T10:00:00", "2025-12-31T10:00:00Z", "2025-12-31T10:00:00.001Z");
        for wrong in ["", "yesterday", "2025-13", "2025-02-30", "25-1-1-1", "-1", "2025-1-1T", "2025-", "99999"] {
            assert_eq!(span(wrong), None, "{wrong}");
        }
    }
}
