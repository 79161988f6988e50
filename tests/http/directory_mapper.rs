//! A company's own `profileMapper.js`, as whoever writes it sees it at work.

use std::fs;
use std::path::Path;

use crate::tenant::{callback, owned, page, start_on};

const MAPPER: &str = "module.exports = function (raw) {
  console.log('mapping', raw.sAMAccountName);
  console.warn({ groups: raw.groups.length > 0 });
  return { id: raw.sAMAccountName, name: raw.displayName };
};
";

#[tokio::test]
async fn what_it_writes_to_its_console_is_in_the_trace_of_the_login() {
    let scratch = std::env::temp_dir().join(format!("impostor-mapper-{}", std::process::id()));
    let acme = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/acme");
    for folder in ["", "connector", "upstreams"] {
        fs::create_dir_all(scratch.join(folder)).unwrap();
        for entry in fs::read_dir(acme.join(folder)).unwrap().map(Result::unwrap) {
            if entry.path().is_file() {
                fs::copy(entry.path(), scratch.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
    fs::write(scratch.join("connector/profileMapper.js"), MAPPER).unwrap();
    let (_impostor, tenant) = start_on(scratch.to_str().unwrap()).await;
    fs::remove_dir_all(&scratch).unwrap();

    let login = tenant.app("acme-web").begin_login(&owned(&[("connection", "acme-ad")])).unwrap();
    let mut browser = tenant.browser();
    let form = page(browser.open(&login.url).await.unwrap()).form_with("username").unwrap();
    let form = form.fill("username", "ACME\\jdoe").unwrap().fill("password", "Passw0rd!jdoe").unwrap();
    callback(browser.submit(form).await.unwrap());
    let traces = tenant.control().traces("ad|acme-ad|jdoe").await.unwrap();
    assert_eq!(traces.logins[0].console, ["log: mapping jdoe", "warn: { groups: true }"]);
    assert!(traces.to_string().contains("    console.log: mapping jdoe\n"), "{traces}");
}
