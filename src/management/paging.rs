//! Pages of lists: by offset, or by checkpoint. Source: spec/management-api.md §4.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::management::error::ApiError;
use crate::management::parameters::Query;

/// How far users can be paged through by offset.
const WINDOW: usize = 1000;

/// Which part of a list is asked for, and in what form.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// `page` and `per_page`; with `include_totals` in an envelope.
    Offset { start: usize, limit: usize, totals: bool },
    /// `from` and `take`: after that many.
    Checkpoint { from: usize, take: usize },
}

impl Page {
    /// Reads the parameters; a list without `per_page` has pages of `default`.
    ///
    /// # Errors
    /// [`ApiError::InvalidQuery`] when one is no number, or out of its bounds.
    pub(super) fn of(query: &Query, default: usize) -> Result<Self, ApiError> {
        if query.text("take").is_some() || query.text("from").is_some() {
            let take = query.number("take", 1, 100)?.unwrap_or(50);
            let from = query.text("from").map_or(Ok(0), str::parse);
            let from = from.map_err(|_| ApiError::InvalidQuery {
                problem: "Object didn't pass validation for format checkpoint".to_owned(),
                property: "from",
            })?;
            return Ok(Self::Checkpoint { from, take });
        }
        let page = query.number("page", 0, usize::MAX)?.unwrap_or(0);
        let limit = query.number("per_page", 0, 100)?.unwrap_or(default);
        let totals = query.flag("include_totals")?.unwrap_or(false);
        Ok(Self::Offset { start: page.saturating_mul(limit), limit, totals })
    }

    /// Refuses what lies beyond the first thousand.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with the real service's text.
    pub(super) fn check_window(&self) -> Result<(), ApiError> {
        match self {
            Self::Offset { start, limit, .. } if start.saturating_add(*limit) > WINDOW => Err(ApiError::Refused {
                message: "You can only page through the first 1000 records. See \
                          https://auth0.com/docs/users/search/v3/view-search-results-by-page#limitation."
                    .to_owned(),
                code: "invalid_paging",
            }),
            _ => Ok(()),
        }
    }

    /// The part of `items` that is asked for.
    pub(super) fn cut<T>(&self, items: impl Iterator<Item = T>) -> Vec<T> {
        match *self {
            Self::Offset { start, limit, .. } => items.skip(start).take(limit).collect(),
            Self::Checkpoint { from, take } => items.skip(from).take(take).collect(),
        }
    }

    /// The answer: a bare array, or the envelope that was asked for.
    pub(super) fn answer(&self, collection: &str, items: Vec<Map<String, Value>>, total: usize) -> Value {
        let shown = items.len();
        let items: Value = items.into_iter().map(Value::Object).collect();
        match *self {
            Self::Offset { totals: false, .. } => items,
            Self::Offset { start, limit, totals: true } => {
                json!({ "start": start, "limit": limit, collection: items, "total": total })
            }
            Self::Checkpoint { from, .. } => {
                let next = from.saturating_add(shown);
                if next < total {
                    json!({ collection: items, "next": next.to_string() })
                } else {
                    json!({ collection: items })
                }
            }
        }
    }
}
