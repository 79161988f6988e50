//! A query over users: checked against what may be asked of which field, then asked of each user, or only of those that
//! an index names.

use std::sync::Arc;

use crate::domain::strategy::Strategy;
use crate::domain::user::User;
use crate::store::search::SearchError;
use crate::store::search::query::FieldName;
use crate::store::search::query::Query;
use crate::store::search::query::Wanted;
use crate::store::search::test::Test;
use crate::store::search::user_field::Field;
use crate::store::users::Users;

/// A query over users, ready to be asked often.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UserFilter(Filter);

#[derive(Clone, Debug, PartialEq)]
enum Filter {
    All,
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// The field has a value, or one below it has.
    Exists(Field),
    Has(Field, Test),
}

impl UserFilter {
    /// Parses a query string and checks it.
    ///
    /// # Errors
    /// [`SearchError`] when it is no query, or asks of a field what can't be asked there: ranges and wildcards of
    /// `user_metadata`, and words that begin with a star and have less than three other characters.
    pub(crate) fn parse(text: &str) -> Result<Self, SearchError> {
        Filter::of(&Query::parse(text)?).map(Self)
    }

    /// The users whom it fits, first created first.
    pub(crate) fn find(&self, users: &Users) -> Vec<Arc<User>> {
        let Some(mut candidates) = self.0.candidates(users) else {
            return users.in_order().filter(|user| self.fits(user)).cloned().collect();
        };
        candidates.retain(|user| self.fits(user));
        candidates.sort_by(|one, other| (one.created_at, &one.user_id).cmp(&(other.created_at, &other.user_id)));
        candidates.dedup_by(|one, other| one.user_id == other.user_id);
        candidates
    }

    pub(super) fn fits(&self, user: &User) -> bool {
        self.0.fits(user)
    }
}

impl Filter {
    fn of(query: &Query) -> Result<Self, SearchError> {
        let all = |queries: &[Query]| queries.iter().map(Self::of).collect::<Result<Vec<_>, _>>();
        Ok(match query {
            Query::All => Self::All,
            Query::And(queries) => Self::And(all(queries)?),
            Query::Or(queries) => Self::Or(all(queries)?),
            Query::Not(query) => Self::Not(Box::new(Self::of(query)?)),
            Query::Exists(name) => Self::Exists(Field::named(name)),
            Query::Term(Some(name), wanted) => Self::term(name, wanted)?,
            Query::Term(None, wanted) => {
                check_pattern(wanted)?;
                let has = |field: Field| Self::Has(field.clone(), Test::new(wanted, field.is_caseless()));
                Self::Or(Field::unnamed().into_iter().map(has).collect())
            }
        })
    }

    fn term(name: &FieldName, wanted: &Wanted) -> Result<Self, SearchError> {
        let field = Field::named(name);
        let is_exact = matches!(wanted, Wanted::Value(_));
        if matches!(field, Field::UserMetadata(_)) && !is_exact {
            let name = name.join(".");
            return Err(SearchError(format!("range and wildcard searches are not available on {name}")));
        }
        check_pattern(wanted)?;
        let test = Test::new(wanted, field.is_caseless());
        Ok(Self::Has(field, test))
    }

    fn fits(&self, user: &User) -> bool {
        match self {
            Self::All => true,
            Self::And(filters) => filters.iter().all(|filter| filter.fits(user)),
            Self::Or(filters) => filters.iter().any(|filter| filter.fits(user)),
            Self::Not(filter) => !filter.fits(user),
            Self::Exists(field) => field.exists(user),
            Self::Has(field, test) => field.any(user, |value| test.fits(value)),
        }
    }

    /// Everybody whom it may fit, where indexes tell; `None` where all must be looked at.
    fn candidates(&self, users: &Users) -> Option<Vec<Arc<User>>> {
        match self {
            Self::And(filters) => filters.iter().find_map(|filter| filter.candidates(users)),
            Self::Or(filters) => {
                let found: Option<Vec<_>> = filters.iter().map(|filter| filter.candidates(users)).collect();
                found.map(|found| found.into_iter().flatten().collect())
            }
            Self::Has(field, Test::Is(literal)) => {
                let id = literal.text();
                match field {
                    Field::UserId => Some(users.get(id).cloned().into_iter().collect()),
                    Field::Email => Some(users.with_email(id).cloned().collect()),
                    Field::IdentityUserId => {
                        let strategies = Strategy::names().filter_map(Strategy::of);
                        Some(strategies.filter_map(|strategy| users.with_identity(strategy, id)).cloned().collect())
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn check_pattern(wanted: &Wanted) -> Result<(), SearchError> {
    match wanted {
        Wanted::Pattern(pattern) if pattern.is_too_wide() => {
            Err(SearchError("a word that begins with * needs three other characters".to_owned()))
        }
        _ => Ok(()),
    }
}
