//! Identities as the two operations on them answer.

use serde_json::Value;

use crate::domain::linking;
use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::management::caller::Caller;

/// All identities. Here, and nowhere else, the primary one of a database has its `profileData` too (recorded).
pub(super) fn identities(user: &User, caller: &Caller) -> Value {
    let mut identities = user.identities.clone();
    if let Some(primary) = identities.first_mut().filter(|primary| primary.provider.is_database()) {
        primary.profile_data = Some(linking::profile_data(user));
    }
    if !caller.has("read:user_idp_tokens") {
        identities = identities.into_iter().map(Identity::without_tokens).collect();
    }
    serde_json::to_value(identities).unwrap_or_default()
}
