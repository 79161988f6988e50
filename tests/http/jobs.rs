//! Imports of users: what is refused whole, what user by user, and what comes of it.

use serde_json::{Value, json};

use crate::tenant::{Reply, Tenant, send, start};

const DATABASE: &str = "Username-Password-Authentication";

struct Importer {
    tenant: Tenant,
    token: String,
    connection: String,
}

impl Importer {
    async fn of(tenant: &Tenant) -> Self {
        let grant = [("grant_type", "client_credentials"), ("audience", &*tenant.url("/api/v2/"))];
        let token = tenant.app("acme-management").token(&grant).await.unwrap().access_token;
        let connections = tenant.admin().await.connections().await.unwrap();
        let database = connections.iter().find(|one| one["name"] == DATABASE).unwrap();
        Self { tenant: tenant.clone(), token, connection: database["id"].as_str().unwrap().to_owned() }
    }

    async fn post(&self, parts: &[(&str, &str)]) -> Reply {
        let part = |(name, value): &(&str, &str)| {
            let file = if *name == "users" { "; filename=\"users.json\"" } else { "" };
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n")
        };
        let body = parts.iter().map(part).collect::<String>() + "--x--\r\n";
        self.post_raw("multipart/form-data; boundary=x", body).await
    }

    async fn post_raw(&self, content_type: &str, body: String) -> Reply {
        let request = self.tenant.http.post(self.tenant.url("/api/v2/jobs/users-imports"));
        send(request.bearer_auth(&self.token).header("content-type", content_type).body(body)).await
    }

    async fn get(&self, path: &str) -> Reply {
        send(self.tenant.http.get(self.tenant.url(&format!("/api/v2/{path}"))).bearer_auth(&self.token)).await
    }

    /// Imports and gives the job as it is in the end, with its errors.
    async fn import(&self, users: &Value, more: &[(&str, &str)]) -> (Value, Value) {
        let users = users.to_string();
        let parts = [&[("users", users.as_str()), ("connection_id", &self.connection)], more].concat();
        let pending = self.post(&parts).await;
        assert_eq!((pending.status, &pending.json()["status"]), (202, &json!("pending")), "{}", pending.body);
        let id = pending.json()["id"].as_str().unwrap().to_owned();
        let errors = self.get(&format!("jobs/{id}/errors")).await;
        let errors = if errors.status == 204 { Value::Null } else { errors.json() };
        (self.get(&format!("jobs/{id}")).await.json(), errors)
    }
}

#[tokio::test]
async fn users_come_with_their_hashes_and_what_is_wrong_with_others_is_told() {
    let (_impostor, tenant) = start().await;
    let importer = Importer::of(&tenant).await;
    let hash = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    let users = json!([
        { "email": "dana@people.example", "password_hash": hash, "user_id": "d1", "user_metadata": { "a": 1 } },
        { "email": "alice@acme.example" },
        { "email": "eli@people.example", "plan": "gold", "password_hash": hash },
        { "name": "Nobody" },
        7,
    ]);
    let (job, errors) = importer.import(&users, &[("external_id", "batch-1")]).await;
    let summary = json!({ "failed": 4, "updated": 0, "inserted": 1, "total": 5 });
    assert_eq!(
        (&job["status"], &job["summary"], &job["external_id"]),
        (&json!("completed"), &summary, &json!("batch-1"))
    );
    let told: Vec<_> =
        errors.as_array().unwrap().iter().map(|error| error["errors"][0]["code"].as_str().unwrap()).collect();
    assert_eq!(told, ["DUPLICATED_USER", "NOT_PASSED", "OBJECT_REQUIRED", "INVALID_TYPE"]);
    assert_eq!(errors[0]["errors"][0]["message"], "The user already exist and upsert parameter is false");
    assert!(!errors.to_string().contains(hash), "{errors}");
    let dana = tenant.admin().await.user("auth0|d1").await.unwrap();
    assert_eq!((&dana["email"], &dana["user_metadata"]), (&json!("dana@people.example"), &json!({ "a": 1 })));
}

#[tokio::test]
async fn an_upsert_replaces_metadata_and_neither_password_nor_block() {
    let (_impostor, tenant) = start().await;
    let importer = Importer::of(&tenant).await;
    let users =
        json!([{ "email": "Carol@acme.example", "name": "Carola", "blocked": true, "user_metadata": { "b": 2 } }]);
    let (job, errors) = importer.import(&users, &[("upsert", "true")]).await;
    assert_eq!((&job["summary"]["updated"], errors), (&json!(1), Value::Null));
    let admin = tenant.admin().await;
    let carol = admin.users_by_email("carol@acme.example").await.unwrap().remove(0);
    assert_eq!((&carol["name"], &carol["user_metadata"]), (&json!("Carola"), &json!({ "b": 2 })));
    assert_eq!((carol.get("blocked"), &carol["app_metadata"]["plan"]), (None, &json!("enterprise")));
    let grant = [("grant_type", "password"), ("username", "carol@acme.example"), ("password", "Passw0rd!carol")];
    assert!(tenant.app("acme-web").token(&grant).await.is_ok());
}

#[tokio::test]
async fn what_is_no_import_is_refused_whole() {
    let (_impostor, tenant) = start().await;
    let importer = Importer::of(&tenant).await;
    let own = importer.connection.as_str();
    let google = tenant.admin().await.connections().await.unwrap();
    let google =
        google.iter().find(|one| one["strategy"] == "google-oauth2").unwrap()["id"].as_str().unwrap().to_owned();
    let large = format!("[\"{}\"]", "a".repeat(520_000));
    for (parts, status, message) in [
        (vec![("connection_id", own)], 400, "Must provide 'users' file as multipart part."),
        (vec![("users", ""), ("connection_id", own)], 400, "Users file must not be empty."),
        (vec![("users", "[]")], 400, "Must provide 'connection_id' as multipart part."),
        (
            vec![("users", "[]"), ("connection_id", "con_1")],
            400,
            "Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$' on property connection_id.",
        ),
        (vec![("users", "[]"), ("connection_id", "con_0000000000000000")], 400, "The connection does not exist."),
        (vec![("users", "[]"), ("connection_id", &google)], 400, "Connection must be a database connection."),
        (
            vec![("users", &large), ("connection_id", own)],
            413,
            "Payload content length greater than maximum allowed: 512000",
        ),
        (
            vec![("users", r#"[{"email":"a@b.example","custom_password_hash":{}}]"#), ("connection_id", own)],
            501,
            "importing a custom_password_hash or mfa_factors is not built yet",
        ),
    ] {
        let refused = importer.post(&parts).await;
        assert_eq!((refused.status, refused.json()["message"].as_str().unwrap()), (status, message));
    }
    let broken =
        importer.post_raw("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data".to_owned()).await;
    assert_eq!(
        (broken.status, &broken.json()["message"]),
        (400, &json!("Payload validation error: 'Invalid multipart payload format'."))
    );
    assert_eq!(importer.post_raw("application/json", "[]".to_owned()).await.status, 415);
    let pending = importer.post(&[("users", "{}"), ("connection_id", own)]).await;
    let job = importer.get(&format!("jobs/{}", pending.json()["id"].as_str().unwrap())).await.json();
    assert_eq!((&job["status"], job["status_details"].as_str().is_some()), (&json!("failed"), true));
}
