//! The fixture's users of databases and passwordless connections, by their ids or else what they are known by; and what
//! all its users have in the tenant: metadata, roles, permissions, organizations, linked accounts.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::cli::seed::connections;
use crate::cli::seed::difference::difference;
use crate::cli::seed::organizations;
use crate::cli::seed::report::Outcome;
use crate::cli::seed::roles;
use crate::cli::seed::seeder::Seeder;
use crate::cli::seed::seeder::text;
use crate::client::error::ClientError;
use crate::domain::password::Password;
use crate::domain::user::Identity;
use crate::domain::user::User;
use crate::fixtures::Loaded;
use crate::store::state::TenantState;

const KIND: &str = "user";

/// What a change of a user takes, wherever they come from.
const OF_ALL: &[&str] = &["blocked", "user_metadata", "app_metadata"];

/// What it takes besides where the tenant keeps the account.
const OF_KEPT: &[&str] =
    &["email_verified", "phone_verified", "name", "given_name", "family_name", "nickname", "picture"];

pub(super) async fn bring(seeder: &mut Seeder, fixture: &Loaded) -> Result<(), ClientError> {
    let state = &fixture.state;
    for user in state.users.in_order() {
        bring_one(seeder, user, state).await?;
    }
    Ok(())
}

async fn bring_one(seeder: &mut Seeder, user: &User, state: &TenantState) -> Result<(), ClientError> {
    let Some(primary) = user.primary() else { return Ok(()) };
    let name = name_of(user);
    let found = find(seeder, user, primary).await?;
    let user_id = match &found {
        Some(found) => {
            update(seeder, user, (&name, found)).await?;
            text(found, "user_id").to_owned()
        }
        None => match create(seeder, user, (&name, primary), state).await? {
            Some(user_id) => user_id,
            None => return Ok(()),
        },
    };
    let is_there = seeder.is_there(found.as_ref());
    bring_belonging(seeder, (user, &name), (&user_id, is_there), state).await?;
    let linked = found.as_ref().and_then(|found| found.get("identities")).and_then(Value::as_array);
    let linked = linked.map(Vec::as_slice).unwrap_or_default();
    for identity in user.identities.iter().skip(1) {
        link(seeder, (&name, &user_id), identity, linked).await?;
    }
    Ok(())
}

/// What the report calls a user.
fn name_of(user: &User) -> String {
    let known_by = user.email.as_ref().or(user.username.as_ref()).or(user.phone_number.as_ref());
    let connection = user.primary().map(|identity| identity.connection.as_str()).unwrap_or_default();
    format!("{} of {connection}", known_by.map_or(user.user_id.as_str(), String::as_str))
}

/// The user as the target has them: by the id, or in the same connection by the address, the user name or the number.
async fn find(seeder: &Seeder, user: &User, primary: &Identity) -> Result<Option<Value>, ClientError> {
    match seeder.management.user(user.user_id.as_str()).await {
        Ok(found) => return Ok(Some(found)),
        Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 404) => {}
        Err(error) => return Err(error),
    }
    let is_in = |other: &Value, key: &str, value: &str| {
        let first = other.get("identities").and_then(|identities| identities.get(0));
        text(other, key) == value && first.is_some_and(|first| text(first, "connection") == primary.connection)
    };
    if let Some(email) = &user.email {
        let there = seeder.management.users_by_email(email).await?;
        return Ok(there.into_iter().find(|other| is_in(other, "email", email)));
    }
    for (key, value) in [("username", &user.username), ("phone_number", &user.phone_number)] {
        let Some(value) = value else { continue };
        let query = format!("{key}:\"{value}\"");
        let there = seeder.management.users(&[("q", &query), ("search_engine", "v3")]).await?;
        return Ok(there.into_iter().find(|other| is_in(other, key, value)));
    }
    Ok(None)
}

/// Creates the user, and tells the id.
async fn create(
    seeder: &mut Seeder,
    user: &User,
    (name, primary): (&str, &Identity),
    state: &TenantState,
) -> Result<Option<String>, ClientError> {
    if !primary.provider.keeps_accounts() {
        let why = "users of other providers come by signing in: after their first login, seed again";
        seeder.report.add(KIND, name, Outcome::Skipped(why.to_owned()));
        return Ok(None);
    }
    if seeder.is_dry {
        seeder.report.add(KIND, name, Outcome::Created);
        return Ok(Some(user.user_id.to_string()));
    }
    let is_plain = matches!(user.password, Some(Password::Plain(_)));
    if primary.provider.is_database() && !is_plain {
        return import(seeder, user, (name, primary), state).await;
    }
    let body = Value::from(creation(user, primary));
    let answer = seeder.management.create_user(&body).await;
    let created = seeder.note(KIND, name, Outcome::Created, answer)?;
    Ok(created.map(|created| text(&created, "user_id").to_owned()))
}

/// The body of `POST /users`.
fn creation(user: &User, primary: &Identity) -> Map<String, Value> {
    let mut body = profile(user);
    body.insert("connection".to_owned(), primary.connection.as_str().into());
    if let Some(Password::Plain(password)) = &user.password {
        body.insert("password".to_owned(), (**password).into());
    }
    if user.email.is_some() {
        body.insert("verify_email".to_owned(), false.into());
    }
    body
}

/// What a creation and an import take alike.
fn profile(user: &User) -> Map<String, Value> {
    let mut body: Map<_, _> = settable(user, true).collect();
    let id = user.user_id.as_str();
    let id = id.split_once('|').map_or(id, |(_, id)| id);
    body.insert("user_id".to_owned(), id.into());
    let known_by = [("email", &user.email), ("username", &user.username), ("phone_number", &user.phone_number)];
    body.extend(known_by.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?.into()))));
    body
}

/// The settings of the profile that an administrator can set; what was made up is made up again.
fn settable(user: &User, is_kept: bool) -> impl Iterator<Item = (String, Value)> {
    let generated = user.generated;
    let own = if is_kept { OF_KEPT } else { &[] };
    let takes = move |key: &str| OF_ALL.contains(&key) || (own.contains(&key) && !generated.has(key));
    user.profile().into_iter().filter(move |(key, value)| takes(key) && !value.is_null())
}

/// Who has a password hash, or none at all, comes by an import: it takes both.
async fn import(
    seeder: &mut Seeder,
    user: &User,
    (name, primary): (&str, &Identity),
    state: &TenantState,
) -> Result<Option<String>, ClientError> {
    let connection = state.connection_named(&primary.connection).map(|connection| connection.id.as_str());
    let Some(connection) = connection.and_then(|id| seeder.id_of(connections::KIND, id)) else {
        let why = format!("the connection {} is not there", primary.connection);
        seeder.report.add(KIND, name, Outcome::Failed(why));
        return Ok(None);
    };
    let mut body = profile(user);
    if let Some(Password::Bcrypt(hash)) = &user.password {
        body.insert("password_hash".to_owned(), (**hash).into());
    }
    let imported = seeder.management.import_users(&connection, &[body.into()]).await;
    let Some(problems) = seeder.note(KIND, name, Outcome::Created, imported)? else { return Ok(None) };
    if let Some(problem) = problems.first() {
        seeder.report.add(KIND, name, Outcome::Failed(problem.clone()));
        return Ok(None);
    }
    Ok(find(seeder, user, primary).await?.map(|found| text(&found, "user_id").to_owned()))
}

async fn update(seeder: &mut Seeder, user: &User, (name, found): (&str, &Value)) -> Result<(), ClientError> {
    let is_kept = user.primary().is_some_and(|identity| identity.provider.keeps_accounts());
    let wanted: Map<_, _> = settable(user, is_kept).collect();
    let change = difference(found.as_object().unwrap_or(&Map::new()), &wanted);
    if change.is_empty() {
        seeder.report.add(KIND, name, Outcome::Left);
        return Ok(());
    }
    let what = change.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    seeder.change((KIND, name), &what, ("PATCH", &["users", text(found, "user_id")]), &change.into()).await.map(drop)
}

/// Roles, permissions and organizations that are missing.
async fn bring_belonging(
    seeder: &mut Seeder,
    (user, name): (&User, &str),
    (id, is_there): (&str, bool),
    state: &TenantState,
) -> Result<(), ClientError> {
    let of = (KIND, name);
    let wanted = state.authorizations.roles_of(&user.user_id);
    let wanted = wanted.into_iter().filter_map(|role| seeder.id_of(roles::KIND, role.as_str())).collect();
    let missing = missing_in(seeder, &["users", id, "roles"], is_there, wanted).await?;
    if !missing.is_empty() {
        seeder.change(of, "roles", ("POST", &["users", id, "roles"]), &json!({ "roles": missing })).await?;
    }
    let rights: Vec<_> = state.authorizations.rights_of(&user.user_id).collect();
    if !rights.is_empty() {
        let path = ["users", id, "permissions"];
        let held = if is_there { seeder.management.list(&path).await? } else { Vec::new() };
        roles::allow(seeder, of, &path, (rights.into_iter(), &held)).await?;
    }
    for organization in state.memberships.of_user(&user.user_id) {
        let Some(target) = seeder.id_of(organizations::KIND, organization.as_str()) else { continue };
        let members = missing_in(seeder, &["users", id, "organizations"], is_there, vec![target.clone()]).await?;
        if !members.is_empty() {
            let body = json!({ "members": [id] });
            seeder.change(of, "organizations", ("POST", &["organizations", &target, "members"]), &body).await?;
        }
        let there = state.memberships.get(organization, &user.user_id);
        let wanted = there.into_iter().flat_map(|there| &there.roles);
        let wanted = wanted.filter_map(|role| seeder.id_of(roles::KIND, role.as_str())).collect();
        let path = ["organizations", &target, "members", id, "roles"];
        let missing = missing_in(seeder, &path, is_there && members.is_empty(), wanted).await?;
        if !missing.is_empty() {
            seeder.change(of, "roles in organizations", ("POST", &path), &json!({ "roles": missing })).await?;
        }
    }
    Ok(())
}

/// The ids that a list, by the parts of its path, has not.
async fn missing_in(
    seeder: &Seeder,
    path: &[&str],
    is_there: bool,
    mut wanted: Vec<String>,
) -> Result<Vec<String>, ClientError> {
    if is_there && !wanted.is_empty() {
        let held = seeder.management.list(path).await?;
        wanted.retain(|id| !held.iter().any(|other| text(other, "id") == id));
    }
    Ok(wanted)
}

/// Links an account that is a user of its own so far.
async fn link(
    seeder: &mut Seeder,
    (name, user_id): (&str, &str),
    identity: &Identity,
    linked: &[Value],
) -> Result<(), ClientError> {
    let (provider, id) = (identity.provider.as_str(), identity.user_id.to_string());
    let is_it = |other: &Value| {
        let its_id = other.get("user_id").map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        text(other, "provider") == provider && its_id.as_deref() == Some(&id)
    };
    if linked.iter().any(is_it) {
        return Ok(());
    }
    let secondary = identity.as_user_id();
    match seeder.management.user(secondary.as_str()).await {
        Ok(_) => {
            let body = json!({ "provider": provider, "user_id": id });
            let path = ["users", user_id, "identities"];
            seeder.change((KIND, name), "identities", ("POST", &path), &body).await.map(drop)
        }
        Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 404) => {
            let why = format!("{secondary} is to be linked, and is no user yet: they come by signing in");
            seeder.report.add(KIND, name, Outcome::Skipped(why));
            Ok(())
        }
        Err(error) => Err(error),
    }
}
