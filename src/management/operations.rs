//! Operations by method and path, each with the scopes that open it. No handler can be reached without them, because
//! the line that mounts it names them. Source: spec/management-api-endpoints.md.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::from_fn;
use axum::routing::MethodFilter;
use axum::routing::MethodRouter;
use axum::routing::on;

use crate::management::caller;
use crate::management::error::ApiError;

/// Every operation of the real service, a line each: method, path, the scopes any of which open it.
const ALL: &str = include_str!("operations.txt");

/// Operations that are built, collected resource by resource.
#[derive(Default)]
pub(super) struct Operations {
    router: Router,
    /// By method and path, the scopes that each is mounted with.
    built: BTreeMap<(String, String), &'static [&'static str]>,
}

/// A line of the list of all operations.
struct Listed {
    method: &'static str,
    path: &'static str,
    scopes: Vec<&'static str>,
}

impl Operations {
    pub(super) fn get<H: Handler<T, ()>, T: 'static>(self, path: &str, scopes: &'static [&str], handler: H) -> Self {
        self.add(("GET", path), scopes, on(MethodFilter::GET, handler))
    }

    pub(super) fn post<H: Handler<T, ()>, T: 'static>(self, path: &str, scopes: &'static [&str], handler: H) -> Self {
        self.add(("POST", path), scopes, on(MethodFilter::POST, handler))
    }

    pub(super) fn patch<H: Handler<T, ()>, T: 'static>(self, path: &str, scopes: &'static [&str], handler: H) -> Self {
        self.add(("PATCH", path), scopes, on(MethodFilter::PATCH, handler))
    }

    pub(super) fn put<H: Handler<T, ()>, T: 'static>(
        self,
        path: &str,
        scopes: &'static [&'static str],
        handler: H,
    ) -> Self {
        self.add(("PUT", path), scopes, on(MethodFilter::PUT, handler))
    }

    pub(super) fn delete<H: Handler<T, ()>, T: 'static>(self, path: &str, scopes: &'static [&str], handler: H) -> Self {
        self.add(("DELETE", path), scopes, on(MethodFilter::DELETE, handler))
    }

    fn add(mut self, (method, path): (&str, &str), scopes: &'static [&str], handler: MethodRouter) -> Self {
        let guarded = handler.layer(from_fn(move |request, next| caller::guard(scopes, request, next)));
        let path = by_position(path);
        self.router = self.router.route(&path, guarded);
        self.built.insert((method.to_owned(), path), scopes);
        self
    }

    /// All operations, built or not. One that isn't answers 501 to who may call it.
    pub(super) fn into_router(self) -> Router {
        let Self { mut router, built } = self;
        for operation in listed() {
            let path = by_position(operation.path);
            let Some(filter) = method_filter(operation.method) else { continue };
            if built.contains_key(&(operation.method.to_owned(), path.clone())) {
                continue;
            }
            let (name, scopes) = (format!("{} {}", operation.method, operation.path), operation.scopes.as_slice());
            let not_built = on(filter, async move || ApiError::NotBuilt(name.clone()));
            let guarded = not_built.layer(from_fn(move |request, next| caller::guard(scopes, request, next)));
            router = router.route(&path, guarded);
        }
        router.fallback(async || ApiError::NoSuchPath).method_not_allowed_fallback(async || ApiError::NoSuchPath)
    }
}

/// The list, read once a process.
fn listed() -> &'static [Listed] {
    static LISTED: LazyLock<Vec<Listed>> = LazyLock::new(|| {
        let listed = |line: &'static str| {
            let mut words = line.split(' ');
            Some(Listed { method: words.next()?, path: words.next()?, scopes: words.collect() })
        };
        ALL.lines().filter_map(listed).collect()
    });
    &LISTED
}

fn method_filter(method: &str) -> Option<MethodFilter> {
    Some(match method {
        "GET" => MethodFilter::GET,
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => return None,
    })
}

/// The path with parameters named by their place: a router wants one name at one place.
fn by_position(path: &str) -> String {
    let segment = |(place, segment): (usize, &str)| {
        if segment.starts_with('{') { format!("{{p{place}}}") } else { segment.to_owned() }
    };
    path.split('/').enumerate().map(segment).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fmt::Write as _;

    use super::*;

    /// What is built of each resource, as a table in Markdown.
    fn support_table(operations: &Operations) -> String {
        let mut resources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in listed() {
            let resource = operation.path.split('/').nth(1).unwrap_or_default();
            if operations.built.contains_key(&(operation.method.to_owned(), by_position(operation.path))) {
                resources.entry(resource).or_default().push(format!("`{} {}`", operation.method, operation.path));
            } else {
                *missing.entry(resource).or_default() += 1;
            }
        }
        let mut table = format!(
            "# Management API: what is built\n\n{} of {} operations. Every other one answers 501 with `errorCode` \
             `not_implemented`, to callers who may call it.\n\n| resource | built | not built |\n| --- | --- | --- |\n",
            operations.built.len(),
            listed().len()
        );
        let names: BTreeSet<_> = resources.keys().chain(missing.keys()).copied().collect();
        for name in names {
            let built = resources.get(name).map(|built| built.join("<br>")).unwrap_or_default();
            let missing = missing.get(name).copied().unwrap_or_default();
            writeln!(table, "| {name} | {built} | {missing} |").unwrap();
        }
        table
    }

    /// `UPDATE_GOLDEN=1 cargo test` writes it anew.
    #[test]
    fn the_support_table_says_what_is_built() {
        let table = support_table(&crate::management::built());
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/management/SUPPORT.md");
        #[expect(clippy::disallowed_methods, reason = "how a developer asks for new golden files")]
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(file, &table).unwrap();
        }
        assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), table, "run UPDATE_GOLDEN=1 cargo test");
    }

    #[test]
    fn what_is_built_is_an_operation_of_the_real_service_with_its_scopes() {
        let listed: BTreeMap<_, _> =
            listed().iter().map(|real| ((real.method.to_owned(), by_position(real.path)), &real.scopes)).collect();
        for (operation, scopes) in crate::management::built().built {
            assert_eq!(listed.get(&operation).map(|scopes| scopes.as_slice()), Some(scopes), "{operation:?}");
        }
    }

    #[test]
    fn every_listed_operation_has_a_place_of_its_own() {
        let places: BTreeSet<_> =
            listed().iter().map(|operation| (operation.method, by_position(operation.path))).collect();
        assert_eq!(places.len(), listed().len());
        assert_eq!(by_position("/users/{id}/identities/{provider}"), "/users/{p2}/identities/{p4}");
    }
}
