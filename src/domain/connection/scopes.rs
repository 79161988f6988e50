//! `options.scope` of social connections: made from the options that name a permission each, and shown in the form
//! that the strategy has it in. Source: recorded answers, spec/management-api.md §9.

use serde_json::Map;
use serde_json::Value;

use crate::domain::strategy::Strategy;

/// Google's permissions whose scope is not the option's name below `https://www.googleapis.com/auth/`.
const GOOGLE: &[(&str, &str)] = &[
    ("email", "email"),
    ("profile", "profile"),
    ("calendar_events", "https://www.googleapis.com/auth/calendar.events"),
    ("contacts", "https://www.googleapis.com/auth/contacts"),
    ("contacts_readonly", "https://www.googleapis.com/auth/contacts.readonly"),
    ("drive_appdata", "https://www.googleapis.com/auth/drive.appdata"),
    ("drive_file", "https://www.googleapis.com/auth/drive.file"),
    ("drive_metadata", "https://www.googleapis.com/auth/drive.metadata"),
    ("drive_readonly", "https://www.googleapis.com/auth/drive.readonly"),
    ("gmail", "https://mail.google.com/"),
    ("gmail_compose", "https://www.googleapis.com/auth/gmail.compose"),
    ("gmail_readonly", "https://www.googleapis.com/auth/gmail.readonly"),
    ("gmail_send", "https://www.googleapis.com/auth/gmail.send"),
    ("tasks_readonly", "https://www.googleapis.com/auth/tasks.readonly"),
    ("youtube_readonly", "https://www.googleapis.com/auth/youtube.readonly"),
];

/// Google's permissions that are scopes by their own name.
const GOOGLE_BY_NAME: &[&str] =
    &["analytics", "blogger", "calendar", "drive", "drive_activity", "plus", "tasks", "youtube", "youtubepartner"];

#[rustfmt::skip]
const FACEBOOK: &[&str] = &[
    "ads_management", "ads_read", "business_management", "email", "groups_access_member_info", "leads_retrieval",
    "manage_notifications", "manage_pages", "pages_manage_cta", "pages_manage_instant_articles", "pages_messaging",
    "pages_messaging_phone_number", "pages_messaging_subscriptions", "pages_show_list", "public_profile",
    "publish_actions", "publish_pages", "publish_to_groups", "publish_video", "read_audience_network_insights",
    "read_insights", "read_mailbox", "read_page_mailboxes", "read_stream", "user_age_range", "user_birthday",
    "user_events", "user_friends", "user_gender", "user_groups", "user_hometown", "user_likes", "user_link",
    "user_location", "user_managed_groups", "user_photos", "user_posts", "user_status", "user_tagged_places",
    "user_videos",
];

const GITHUB: &[(&str, &str)] = &[
    ("admin_org", "admin:org"),
    ("admin_public_key", "admin:public_key"),
    ("admin_repo_hook", "admin:repo_hook"),
    ("delete_repo", "delete_repo"),
    ("email", "user:email"),
    ("follow", "user:follow"),
    ("gist", "gist"),
    ("notifications", "notifications"),
    ("public_repo", "public_repo"),
    ("read_org", "read:org"),
    ("read_public_key", "read:public_key"),
    ("read_repo_hook", "read:repo_hook"),
    ("read_user", "read:user"),
    ("repo", "repo"),
    ("repo_deployment", "repo_deployment"),
    ("repo_status", "repo:status"),
    ("write_org", "write:org"),
    ("write_public_key", "write:public_key"),
    ("write_repo_hook", "write:repo_hook"),
];

/// Those of version 2, of the Microsoft Graph.
const WINDOWSLIVE: &[(&str, &str)] = &[
    ("offline_access", "offline_access"),
    ("graph_calendars", "https://graph.microsoft.com/Calendars.Read"),
    ("graph_calendars_update", "https://graph.microsoft.com/Calendars.ReadWrite"),
    ("graph_contacts", "https://graph.microsoft.com/Contacts.Read"),
    ("graph_contacts_update", "https://graph.microsoft.com/Contacts.ReadWrite"),
    ("graph_emails", "https://graph.microsoft.com/Mail.Read"),
    ("graph_emails_update", "https://graph.microsoft.com/Mail.ReadWrite"),
    ("graph_files", "https://graph.microsoft.com/Files.Read"),
    ("graph_files_update", "https://graph.microsoft.com/Files.ReadWrite"),
    ("graph_notes", "https://graph.microsoft.com/Notes.Read"),
    ("graph_tasks", "https://graph.microsoft.com/Tasks.Read"),
    ("graph_user", "https://graph.microsoft.com/User.Read"),
    ("graph_user_update", "https://graph.microsoft.com/User.ReadWrite"),
];

/// How a strategy writes the scopes that it asks for.
enum Form {
    List,
    Text { separator: &'static str },
}

/// Puts into `options.scope` what the options allow; scopes that were given stay before them,
/// unless their permission is `false`.
///
/// `line` and `wordpress` take no scopes but their own, as recorded. That a given scope stays with the others is
/// unverified: recordings have none that no option names.
pub(crate) fn derive(options: &mut Map<String, Value>, strategy: Strategy) {
    let Some((form, keeps_given)) = form(strategy) else { return };
    let version = options.get("strategy_version").and_then(Value::as_u64).unwrap_or_default();
    let of_flag = |wanted: bool| {
        let named = options.iter().filter(move |(_, value)| **value == Value::Bool(wanted));
        named.filter_map(|(name, _)| scope(strategy, version, name)).collect::<Vec<_>>()
    };
    let mut scopes = if keeps_given { given(options) } else { Vec::new() };
    let denied = of_flag(false);
    scopes.retain(|scope| !denied.contains(scope));
    if strategy.as_str() == "line" {
        scopes.push("openid".to_owned());
    }
    scopes.extend(of_flag(true));
    let mut once: Vec<String> = Vec::new();
    for scope in scopes {
        if !once.contains(&scope) {
            once.push(scope);
        }
    }
    // Apple's connection has a scope only if an option asks for one, as recorded.
    if once.is_empty() && strategy.as_str() == "apple" {
        return;
    }
    let scope = match form {
        Form::List => once.into(),
        Form::Text { separator } => once.join(separator).into(),
    };
    options.insert("scope".to_owned(), scope);
}

/// The form of the strategies whose scopes are derived, and whether given scopes stay.
fn form(strategy: Strategy) -> Option<(Form, bool)> {
    match strategy.as_str() {
        "google-oauth2" | "google-apps" | "github" | "linkedin" | "windowslive" | "salesforce" => {
            Some((Form::List, true))
        }
        "line" | "wordpress" => Some((Form::List, false)),
        "facebook" => Some((Form::Text { separator: "," }, true)),
        "apple" => Some((Form::Text { separator: " " }, false)),
        _ => None,
    }
}

fn given(options: &Map<String, Value>) -> Vec<String> {
    match options.get("scope") {
        Some(Value::Array(scopes)) => scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(scopes)) => {
            scopes.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// The scope of one permission.
fn scope(strategy: Strategy, version: u64, option: &str) -> Option<String> {
    let listed =
        |table: &[(&str, &str)]| table.iter().find(|(name, _)| *name == option).map(|(_, scope)| (*scope).to_owned());
    let itself = |names: &[&str]| names.contains(&option).then(|| option.to_owned());
    match strategy.as_str() {
        "google-oauth2" => listed(GOOGLE).or_else(|| {
            itself(GOOGLE_BY_NAME).map(|name| format!("https://www.googleapis.com/auth/{}", name.replace('_', ".")))
        }),
        "google-apps" | "line" => itself(&["email", "profile"]),
        "facebook" => itself(FACEBOOK),
        "github" => listed(GITHUB),
        "windowslive" => listed(WINDOWSLIVE),
        "apple" => itself(&["name", "email"]),
        "wordpress" => itself(&["profile"]),
        "linkedin" => linkedin(version, option),
        _ => None,
    }
}

fn linkedin(version: u64, option: &str) -> Option<String> {
    let scope = match (version, option) {
        (3.., "profile" | "email" | "openid") => option,
        (2, "profile") => "r_liteprofile",
        (_, "profile" | "basic_profile") => "r_basicprofile",
        (_, "email") => "r_emailaddress",
        (_, "full_profile") => "r_fullprofile",
        (_, "network") => "r_network",
        _ => return None,
    };
    Some(scope.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(strategy: &str, options: Value, expected: Option<Value>) {
        let Value::Object(mut options) = options else { panic!("not an object") };
        derive(&mut options, Strategy::of(strategy).unwrap());
        assert_eq!(options.get("scope"), expected.as_ref(), "{strategy}");
    }

    #[test]
    fn scopes_follow_the_permissions_in_the_strategys_form() {
        let calendar = "https://www.googleapis.com/auth/calendar";
        let google = json!({ "profile": true, "calendar": true, "youtube": false, "email": true });
        check("google-oauth2", google, Some(json!(["profile", calendar, "email"])));
        check("facebook", json!({}), Some(json!("")));
        check(
            "facebook",
            json!({ "email": true, "user_birthday": true, "x": true }),
            Some(json!("email,user_birthday")),
        );
        check("apple", json!({ "name": true, "email": true }), Some(json!("name email")));
        check("apple", json!({}), None);
        check("github", json!({ "read_user": true }), Some(json!(["read:user"])));
        check(
            "windowslive",
            json!({ "graph_user": true, "signin": true }),
            Some(json!(["https://graph.microsoft.com/User.Read"])),
        );
        check("linkedin", json!({ "profile": true }), Some(json!(["r_basicprofile"])));
        check("linkedin", json!({ "profile": true, "strategy_version": 2 }), Some(json!(["r_liteprofile"])));
        check("oidc", json!({ "email": true }), None);
    }

    #[test]
    fn a_given_scope_stays_and_is_there_once() {
        let given = json!({ "email": true, "scope": ["email", "x"] });
        check("google-oauth2", given, Some(json!(["email", "x"])));
        check("facebook", json!({ "email": true, "scope": "user_link,email" }), Some(json!("user_link,email")));
        check("facebook", json!({ "email": false, "scope": "user_link,email" }), Some(json!("user_link")));
    }
}
