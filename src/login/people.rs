//! One-click people: buttons on the login page that sign somebody in without a password. The real service has none; they
//! stand last in the document, so that a browser test still finds its own fields and buttons first.

use axum::http::HeaderMap;
use axum::response::Response;

use crate::authentication::arrival;
use crate::authentication::arrival::Proof;
use crate::authentication::authorize::error::AuthorizeError;
use crate::authentication::authorize::refusal::Refusal;
use crate::authentication::visitor::Visitor;
use crate::domain::user::User;
use crate::login::ongoing::Ongoing;
use crate::store::tenant::Tenant;

/// The field that a button sends.
pub(super) const FIELD: &str = "impostor_person";

/// How many people are shown, and among how many they are looked for.
const MOST_SHOWN: usize = 5;
const MOST_LOOKED_AT: usize = 200;

/// A button.
pub(super) struct Person {
    pub(super) user_id: String,
    pub(super) name: String,
    /// The address or user name.
    pub(super) identifier: String,
}

/// The first people of the form's database, if the tenant shows any.
pub(super) fn of(ongoing: &Ongoing) -> Vec<Person> {
    if !ongoing.state.own.one_click_people {
        return Vec::new();
    }
    let users = ongoing.state.users.in_order().take(MOST_LOOKED_AT);
    users.filter(|user| may_click(ongoing, user)).take(MOST_SHOWN).map(|user| Person::of(user)).collect()
}

/// Signs the person in whose button was pressed.
///
/// # Errors
/// On our page, when the tenant shows no such button or a page of another site sent the form; else as
/// [`arrival::sign_in`].
pub(super) async fn sign_in(
    tenant: &Tenant,
    visitor: &Visitor,
    ongoing: &Ongoing,
    headers: &HeaderMap,
    user_id: &str,
) -> Result<Response, AuthorizeError> {
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(Refusal::InvalidRequest("the form must be sent from the login page".into()).into());
    }
    let shown = ongoing.state.own.one_click_people;
    let user = ongoing.state.users.get(user_id).filter(|user| shown && may_click(ongoing, user));
    let (Some(user), Some(database)) = (user, ongoing.database()) else {
        return Err(Refusal::InvalidRequest("nobody signs in with one click by that name".into()).into());
    };
    let proof = Proof::Password(user.user_id.clone());
    arrival::sign_in(tenant, visitor, &ongoing.transaction, database, proof).await
}

/// Whether the person could sign in with the form, too.
fn may_click(ongoing: &Ongoing, user: &User) -> bool {
    let of_database = |name: &str| user.primary().is_some_and(|primary| primary.connection == name);
    !user.is_blocked() && ongoing.database().is_some_and(|database| of_database(&database.name))
}

impl Person {
    fn of(user: &User) -> Self {
        let identifier = user.email.clone().or_else(|| user.username.clone()).unwrap_or_default();
        let profile = user.profile();
        let name = profile.get("name").and_then(serde_json::Value::as_str).unwrap_or(&identifier).to_owned();
        Self { user_id: user.user_id.to_string(), name, identifier }
    }

    /// Whether the name tells more than the address.
    pub(super) fn is_named(&self) -> bool {
        self.name != self.identifier
    }
}
