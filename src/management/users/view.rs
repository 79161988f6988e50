//! A user as this API shows it.

use serde_json::Map;
use serde_json::Value;

use crate::domain::user::User;
use crate::management::caller::Caller;

/// The whole profile. Provider tokens are there for who may read them, and else left out silently (spec/profile.md §3).
pub(super) fn user(user: &User, caller: &Caller) -> Map<String, Value> {
    let mut profile = user.profile();
    if caller.has("read:user_idp_tokens")
        && let Ok(identities) = serde_json::to_value(&user.identities)
    {
        profile.insert("identities".to_owned(), identities);
    }
    profile
}
