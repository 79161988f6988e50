//! Pages of lists: by offset, or by checkpoint. Source: spec/management-api.md §4.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::keys::digest;
use crate::management::error::ApiError;
use crate::management::parameters::Query;

/// How far users can be paged through by offset.
const WINDOW: usize = 1000;

/// How many a page by checkpoint has unless it says.
const TAKE: usize = 50;

/// Which part of a list is asked for, and in what form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// `page` and `per_page`; with `include_totals` in an envelope.
    Offset { start: usize, limit: usize, totals: bool },
    /// `from` and `take`: so many after the one with this key.
    Checkpoint { after: Option<String>, take: usize },
}

/// Part of a list.
pub(super) struct Part<T> {
    items: Vec<T>,
    total: usize,
    /// The key of the last one, if others follow.
    next: Option<String>,
}

impl Page {
    /// Reads the parameters of a list that can only be paged by offset; without `per_page` its pages have `default`.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`] when one is no number, or out of its bounds.
    pub(super) fn by_offset(query: &Query, default: usize) -> Result<Self, ApiError> {
        let page = query.number("page", 0, usize::MAX)?.unwrap_or(0);
        let limit = query.number("per_page", 0, 100)?.unwrap_or(default);
        let totals = query.flag("include_totals")?.unwrap_or(false);
        Ok(Self::Offset { start: page.saturating_mul(limit), limit, totals })
    }

    /// As [`Page::by_offset`], for a list that can be paged by checkpoint, too.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`] also when `from` is none of ours.
    pub(super) fn of(query: &Query, default: usize) -> Result<Self, ApiError> {
        if query.text("from")?.is_none() && query.text("take")?.is_none() {
            return Self::by_offset(query, default);
        }
        Self::by_checkpoint(query, 100)
    }

    /// Reads the parameters of a list that can only be paged by checkpoint; its pages have `most` at most.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`] when `take` is out of its bounds, or `from` none of ours.
    pub(super) fn by_checkpoint(query: &Query, most: usize) -> Result<Self, ApiError> {
        let from = query.text("from")?;
        let take = query.number("take", 1, most)?;
        let decoded = from.map(|from| digest::from_base64url(from).and_then(|bytes| String::from_utf8(bytes).ok()));
        match decoded {
            Some(None) => Err(ApiError::InvalidQuery {
                problem: format!("Object didn't pass validation for format checkpoint: {}", from.unwrap_or_default()),
                property: "from",
            }),
            after => Ok(Self::Checkpoint { after: after.flatten(), take: take.unwrap_or(TAKE) }),
        }
    }

    /// Refuses what lies beyond the first thousand.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the real service's text.
    pub(super) fn check_window(&self) -> Result<(), ApiError> {
        match self {
            Self::Offset { start, limit, .. } if start.saturating_add(*limit) > WINDOW => Err(ApiError::refused(
                "invalid_paging",
                "You can only page through the first 1000 records. See \
                 https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation.",
            )),
            _ => Ok(()),
        }
    }

    /// The part of `items` that is asked for. They are in the order of `key`, by which checkpoints know them.
    pub(super) fn cut<T>(&self, mut items: Vec<T>, key: impl Fn(&T) -> &str) -> Part<T> {
        let total = items.len();
        let (skip, take) = match self {
            Self::Offset { start, limit, .. } => (*start, *limit),
            Self::Checkpoint { after: None, take } => (0, *take),
            Self::Checkpoint { after: Some(after), take } => {
                (items.partition_point(|item| key(item) <= after.as_str()), *take)
            }
        };
        items.drain(..skip.min(total));
        let is_last = items.len() <= take;
        items.truncate(take);
        let next = items.last().filter(|_| !is_last).map(|item| digest::base64url(key(item).as_bytes()));
        Part { items, total, next }
    }

    /// The answer: a bare array, or the envelope that was asked for, where `collection` is the name of the array.
    pub(super) fn answer<T>(&self, collection: &str, part: Part<T>, view: impl Fn(T) -> Map<String, Value>) -> Value {
        let items: Value = part.items.into_iter().map(|item| Value::Object(view(item))).collect();
        match *self {
            Self::Offset { totals: false, .. } => items,
            Self::Offset { start, limit, totals: true } => {
                json!({ "start": start, "limit": limit, collection: items, "total": part.total })
            }
            Self::Checkpoint { .. } => match part.next {
                Some(next) => json!({ collection: items, "next": next }),
                None => json!({ collection: items }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> Value {
        let page = Page::of(&Query::of(query), 3).unwrap();
        let part = page.cut(vec!["a", "b", "c", "d", "e"], |item| item);
        page.answer("letters", part, |item| Map::from_iter([("id".to_owned(), item.into())]))
    }

    fn ids(list: &Value) -> String {
        list.as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
    }

    #[test]
    fn an_offset_gives_an_array_or_an_envelope() {
        assert_eq!(ids(&answer("")), "abc");
        assert_eq!(ids(&answer("page=1")), "de");
        assert_eq!(ids(&answer("page=9&per_page=5")), "");
        let envelope = answer("page=1&per_page=2&include_totals=true");
        assert_eq!(ids(&envelope["letters"]), "cd");
        assert_eq!((&envelope["start"], &envelope["limit"], &envelope["total"]), (&json!(2), &json!(2), &json!(5)));
    }

    #[test]
    fn checkpoints_lead_from_page_to_page() {
        let first = answer("take=2");
        assert_eq!(ids(&first["letters"]), "ab");
        let second = answer(&format!("take=3&from={}", first["next"].as_str().unwrap()));
        assert_eq!((ids(&second["letters"]), second.get("next")), ("cde".to_owned(), None));
        assert!(Page::of(&Query::of("from=%21"), 3).is_err());
    }

    #[test]
    fn users_are_paged_through_up_to_a_thousand() {
        let window = |query: &str| Page::of(&Query::of(query), 50).unwrap().check_window().is_ok();
        assert!(window("page=9&per_page=100") && window("page=19"));
        assert!(!window("page=10&per_page=100") && !window("page=20") && !window("page=18446744073709551615"));
    }
}
