//! `q` of `GET /users`. Of the search's language one `field:value` is built. Source: spec/management-api.md §5.1.

use serde_json::Value;

use crate::domain::user::User;
use crate::management::error::ApiError;

/// Fields whose values are compared whatever their case.
const CASELESS: &[&str] = &["email", "name", "given_name", "family_name", "nickname"];

/// One term: a field, dotted where it lies deeper, and the value that it must have.
#[derive(Debug)]
pub(super) struct Search {
    field: String,
    value: String,
}

impl Search {
    /// # Errors
    /// [`ApiError::NotBuilt`] for anything but one `field:word` or `field:"phrase"`.
    pub(super) fn parse(query: &str) -> Result<Self, ApiError> {
        let not_built = || ApiError::NotBuilt("searching for anything but one field:\"value\"".to_owned());
        let (field, value) = query.trim().split_once(':').ok_or_else(not_built)?;
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let value = quoted.unwrap_or(value);
        let is_phrase = quoted.is_some() && !value.contains(['"', '\\']);
        let is_word = !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "@.|_-+".contains(c));
        let is_field = !field.is_empty() && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        if is_field && field != "_exists_" && (is_phrase || is_word) {
            return Ok(Self { field: field.to_owned(), value: value.to_owned() });
        }
        Err(not_built())
    }

    pub(super) fn fits(&self, user: &User) -> bool {
        if self.field == "email.domain" {
            let domain = user.email.as_deref().and_then(|email| email.split_once('@')).map(|(_, domain)| domain);
            return domain == Some(&self.value);
        }
        let profile = Value::Object(user.profile());
        values(&profile, &self.field).into_iter().any(|value| self.is(value))
    }

    fn is(&self, value: &Value) -> bool {
        match value.as_str() {
            Some(text) if CASELESS.contains(&self.field.as_str()) => text.to_lowercase() == self.value.to_lowercase(),
            Some(text) => text == self.value,
            // Numbers and booleans as they are written.
            None => serde_json::from_str::<Value>(&self.value).is_ok_and(|wanted| wanted == *value),
        }
    }
}

/// The values at a dotted path; the level of an array is skipped.
fn values<'a>(tree: &'a Value, path: &str) -> Vec<&'a Value> {
    let step = |found: Vec<&'a Value>, name: &str| -> Vec<&'a Value> {
        found.into_iter().filter_map(|value| value.get(name)).flat_map(flatten).collect()
    };
    path.split('.').fold(vec![tree], step)
}

fn flatten(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::document::Document;
    use crate::domain::strategy::Strategy;
    use crate::domain::user::Identity;
    use crate::domain::user::IdentityId;
    use crate::time::Timestamp;

    #[track_caller]
    fn check(query: &str, expected: Result<bool, ()>) {
        let identity = Identity::new(Strategy::AUTH0, "db", IdentityId::Text("1".into()));
        let app_metadata = json!({ "plan": "full", "seats": 3, "sites": [{ "city": "Paris" }, { "city": "Porto" }] });
        let user = User {
            email: Some("ana@people.example".into()),
            blocked: Some(true),
            app_metadata: app_metadata.as_object().map(Document::from),
            ..User::new(identity, Timestamp::from_seconds(0))
        };
        assert_eq!(Search::parse(query).map(|search| search.fits(&user)).map_err(drop), expected, "{query}");
    }

    #[test]
    fn one_field_is_searched() {
        check("email:\"ana@people.example\"", Ok(true));
        check("email:Ana@People.example", Ok(true));
        check("email:\"ana\"", Ok(false));
        check("email.domain:\"people.example\"", Ok(true));
        check("user_id:\"auth0|1\"", Ok(true));
        check("user_id:\"AUTH0|1\"", Ok(false));
        check("blocked:true", Ok(true));
        check("app_metadata.plan:\"full\"", Ok(true));
        check("app_metadata.plan:\"Full\"", Ok(false));
        check("app_metadata.seats:3", Ok(true));
        check("app_metadata.sites.city:\"Porto\"", Ok(true));
        check("identities.connection:\"db\"", Ok(true));
    }

    #[test]
    fn the_rest_of_the_language_is_not_built() {
        for query in ["ana", "email:a*", "a:b AND c:d", "_exists_:email", "logins_count:[1 TO 2]", "name:(a b)", "a:"] {
            check(query, Err(()));
        }
    }
}
