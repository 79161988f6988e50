//! The program's commands, run as people run them.

use std::process::{Command, Output, Stdio};

fn impostor(arguments: &[&str]) -> Output {
    let data = std::env::temp_dir().join(format!("impostor-commands-{}", std::process::id()));
    let mut command = Command::new(env!("CARGO_BIN_EXE_impostor"));
    command.args(arguments).env("XDG_DATA_HOME", data).stdin(Stdio::null());
    command.output().unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, said: &str, complained: &str) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}{err}");
    assert!(out.contains(said), "{out}");
    assert!(err.contains(complained), "{err}");
}

#[test]
fn exec_runs_a_command_beside_a_tenant_and_returns_its_code() {
    let script = "echo $AUTH0_DOMAIN $AUTH0_CLIENT_ID $AUTH0_CLIENT_SECRET $AUTH0_AUDIENCE $MINE; \
                  test -s $NODE_EXTRA_CA_CERTS && test -s $SSL_CERT_FILE && exit 7";
    let output = impostor(&["exec", "--env", "MINE=at {url}", "--", "sh", "-c", script]);
    check(
        &output,
        7,
        "acme-web acme-web-secret-for-local-tests-only https://api.acme.example/ at http://localhost:",
        "",
    );
    let domain = String::from_utf8_lossy(&output.stdout).split(' ').next().unwrap().to_owned();
    assert!(domain.starts_with("localhost:"), "{domain}");
    check(
        &impostor(&["exec", "--client", "acme-spa", "--", "sh", "-c", "echo $AUTH0_CLIENT_ID-$AUTH0_CLIENT_SECRET-"]),
        0,
        "acme-spa--",
        "",
    );
}

#[test]
fn exec_tells_what_it_can_t_run() {
    check(
        &impostor(&["exec", "--", "no-such-command-anywhere"]),
        127,
        "",
        "there is no command no-such-command-anywhere",
    );
    check(&impostor(&["exec", "--", "/"]), 126, "", "can't run /");
    check(&impostor(&["exec"]), 2, "", "COMMAND");
    check(&impostor(&["exec", "--client", "nobody", "--", "true"]), 2, "", "there is no client \"nobody\"");
    check(&impostor(&["exec", "--fixture", "/no/such/folder", "--", "true"]), 1, "", "/no/such/folder");
    check(&impostor(&["exec", "--env", "X", "--", "true"]), 2, "", "--env must be like NAME=VALUE, not X");
    check(&impostor(&["exec", "--", "sh", "-c", "kill -9 $$"]), 137, "", "");
}

#[test]
fn wait_ends_when_the_server_is_ready_or_the_time_is_up() {
    check(&impostor(&["exec", "--", env!("CARGO_BIN_EXE_impostor"), "wait"]), 0, "", "");
    let dead = impostor(&["wait", "http://localhost:1", "--timeout", "PT0.1S"]);
    check(&dead, 1, "", "http://localhost:1 is not ready: failed to reach");
    check(&impostor(&["wait", "http://localhost:1", "--timeout", "soon"]), 2, "", "ISO 8601");
    check(&impostor(&["wait", "nonsense"]), 2, "", "can't use");
}

#[test]
fn features_in_which_nothing_can_run_are_no_success() {
    let feature = std::env::temp_dir().join(format!("impostor-commands-{}.feature", std::process::id()));
    std::fs::write(&feature, "Feature: f\n  Scenario: s\n    Then no mail was sent\n").unwrap();
    let path = feature.to_str().unwrap();
    let app = ["features", path, "--app-url", "http://localhost:1", "--exec", "exit 3"];
    check(&impostor(&app), 2, "", "the app ended before it listened at http://localhost:1");
    check(&impostor(&["features", path, "--tags", "@nothing"]), 2, "", "");
    check(&impostor(&["features", path]), 0, "1 passed, 0 failed", "");
    std::fs::remove_file(feature).unwrap();
}
