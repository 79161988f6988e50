//! What scripts can do, and how it is told when they can't.

use serde_json::json;

use super::*;

/// Calls what the module exports with the arguments, plainly.
const PLAIN: &str = "(exports, values) => exports(...values)";

/// Calls it with a callback after the arguments.
const BACK: &str = "(exports, values, call) => call.back(exports, values)";

fn a_run(adapter: &'static str, source: &str) -> Run {
    Run {
        script: Script { file: "mapper.js".into(), source: source.into() },
        adapter,
        arguments: vec![json!({ "cn": "Ada", "groups": ["Eng"] }), json!(2)],
        now: Timestamp::from_seconds(1_700_000_000),
        random: [7; 32],
        limits: Limits::default(),
    }
}

/// Runs a module that is called with `{"cn": "Ada", "groups": ["Eng"]}` and 2.
async fn finish(adapter: &'static str, source: &str) -> Finished {
    run(a_run(adapter, source)).await
}

#[track_caller]
fn answered(finished: Finished) -> Value {
    finished.answer.unwrap().unwrap_or(Value::Null)
}

#[track_caller]
fn refused(finished: Finished) -> String {
    finished.answer.unwrap_err().to_string()
}

#[tokio::test]
async fn an_answer_comes_back_however_it_is_given() {
    let expected = json!({ "id": "Ada", "n": 3 });
    for (adapter, source) in [
        (PLAIN, "module.exports = function (raw, n) { return { id: raw.cn, n: n + 1, none: undefined }; };"),
        (PLAIN, "module.exports = async (raw, n) => { await null; return { id: raw.cn, n: n + 1 }; };"),
        (BACK, "module.exports = function (raw, n, cb) { cb(null, { id: raw.cn, n: n + 1 }); cb(null, 5); };"),
        (
            BACK,
            "module.exports = function (raw, n, cb) { setTimeout(() => cb(null, { id: raw.cn, n: n + 1 }), 5000); };",
        ),
        (BACK, "module.exports = async function (raw, n, cb) { await 1; cb(null, { id: raw.cn, n: n + 1 }); };"),
    ] {
        assert_eq!(answered(finish(adapter, source).await), expected, "{source}");
    }
    assert_eq!(finish(PLAIN, "module.exports = () => {};").await.answer, Ok(None));
    assert_eq!(answered(finish(BACK, "module.exports = (a, b, cb) => cb(null, 1, [2]);").await), json!([1, [2]]));
}

#[tokio::test]
async fn a_failure_names_the_place() {
    for (adapter, source, expected) in [
        (
            PLAIN,
            "module.exports = (raw) => {\n\n  return raw.nope.deep;\n};",
            "TypeError: cannot read property 'deep' of undefined (mapper.js:3:10)",
        ),
        (PLAIN, "var x = = 3;", "SyntaxError: unexpected token in expression: '=' (mapper.js:1:9)"),
        (PLAIN, "module.exports = async () => {\n  throw new RangeError('no');\n};", "RangeError: no (mapper.js:2:13)"),
        (
            BACK,
            "module.exports = (raw, n, cb) => {\n  cb(new Error('refused'));\n};",
            "Error: refused (mapper.js:2:10)",
        ),
        (BACK, "module.exports = (raw, n, cb) => setTimeout(() => { throw 'text'; }, 1);", "text"),
        (BACK, "module.exports = async (raw, n, cb) => { throw { code: 7 }; };", r#"{"code":7}"#),
        (
            BACK,
            "module.exports = () => {};",
            "the script ended without an answer: it neither called back nor settled its promise",
        ),
        (PLAIN, "module.exports = () => { const a = {}; a.a = a; return a; };", "TypeError: circular reference"),
        (
            PLAIN,
            "const fs = require('fs');",
            "Error: Cannot find module 'fs'. Scripts here have buffer, crypto, util: no files, no network, nothing installed (mapper.js:1:11)",
        ),
    ] {
        assert_eq!(refused(finish(adapter, source).await), expected, "{source}");
    }
    let source = "class Wrong extends Error { constructor(m) { super(m); this.name = 'Wrong'; this.user = 'a'; } }
        module.exports = () => { throw new Wrong('x'); };";
    let Err(ScriptError::Threw(thrown)) = finish(PLAIN, source).await.answer else { panic!("it didn't throw") };
    assert_eq!((thrown.name.as_str(), &thrown.properties["user"]), ("Wrong", &json!("a")));
}

#[tokio::test]
async fn the_console_is_kept_also_of_a_script_that_fails() {
    let source = "console.log('a %s', 'b', { x: [1, 'y'], z: null }); console.warn(new Map([[1, 2]]), undefined);
        console.error(Buffer.from('hi')); module.exports = () => { throw new Error('x'); };";
    let lines: Vec<_> = finish(PLAIN, source).await.console.into_iter().map(|line| (line.level, line.text)).collect();
    let line = |level: &str, text: &str| (level.to_owned(), text.to_owned());
    let expected = [
        line("log", "a b { x: [ 1, 'y' ], z: null }"),
        line("warn", "Map(1) { 1 => 2 } undefined"),
        line("error", "<Buffer 68 69>"),
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn time_and_chance_are_the_tenants() {
    let source = "module.exports = () => new Promise((resolve) => setTimeout(() => resolve([
        Date.now(), new Date().toISOString(), new Date(0).getTime(), new Date() instanceof Date, Math.random(),
        require('crypto').randomUUID()]), 1500));";
    let first = answered(finish(PLAIN, source).await);
    assert_eq!(first[0], json!(1_700_000_001_500_i64));
    assert_eq!((&first[1], &first[2], &first[3]), (&json!("2023-11-14T22:13:21.500Z"), &json!(0), &json!(true)));
    assert_eq!(answered(finish(PLAIN, source).await), first);
}

#[tokio::test]
async fn bytes_and_digests_are_nodes() {
    for (expression, expected) in [
        ("Buffer.from('héllo €😀').toString('base64')", json!("aMOpbGxvIOKCrPCfmIA=")),
        ("Buffer.from('aMOpbGxvIOKCrPCfmIA', 'base64').toString()", json!("héllo €😀")),
        ("Buffer.from([0xff, 0x41, 0xe2, 0x82]).toString()", json!("\u{fffd}A\u{fffd}\u{fffd}")),
        ("Buffer.from('b1f5', 'hex').toString('latin1')", json!("±õ")),
        ("new Buffer('hi').toString('hex') + Buffer('hi').length", json!("68692")),
        ("Buffer.concat([Buffer.from('a'), Buffer.from('b')]).toString()", json!("ab")),
        ("Buffer.from('ab').slice(1)", json!({ "type": "Buffer", "data": [98] })),
        ("Buffer.from('\"a\"', 'utf16le').toString('hex')", json!("220061002200")),
        (
            "require('crypto').createHash('sha1').update('a').update('bc').digest('hex')",
            json!("a9993e364706816aba3e25717850c26c9cd0d89d"),
        ),
        ("require('node:crypto').createHmac('sha256', 'k').update('é').digest('base64').length", json!(44)),
        ("btoa('é') + atob('aGk=')", json!("6Q==hi")),
        ("require('util').inspect({ 'a-b': [new Date(0)] })", json!("{ 'a-b': [ 1970-01-01T00:00:00.000Z ] }")),
        (
            "'a,b'.split(',').indexOf('b') + 'xyx'.replace(/x/g, '-') + 'aXa'.replaceAll('a', (m) => m + m)",
            json!("1-y-aaXaa"),
        ),
        (
            "'ab'.split() + '|' + 'ab'.split('') + 'abc'.lastIndexOf('c', 1) + [3, 1, 2].sort() + 'a1b'.split(/\\d/)",
            json!("ab|a,b-11,2,3a,b"),
        ),
    ] {
        let source = format!("module.exports = () => {expression};");
        assert_eq!(answered(finish(PLAIN, &source).await), expected, "{expression}");
    }
}

#[tokio::test]
async fn nothing_is_left_for_the_next_run() {
    let source = "global.seen = (global.seen || 0) + 1; Array.prototype.evil = 1; module.exports = () => global.seen;";
    assert_eq!(answered(finish(PLAIN, source).await), json!(1));
    assert_eq!(answered(finish(PLAIN, source).await), json!(1));
    assert_eq!(answered(finish(PLAIN, "module.exports = () => [].evil === undefined;").await), json!(true));
}

#[tokio::test]
async fn nothing_of_the_outside_is_there() {
    let names = "['Deno', 'Bun', 'fetch', 'XMLHttpRequest', 'WebSocket', 'os', 'std', 'host', 'Atomics', 'SharedArrayBuffer', 'Worker']";
    let source = format!("module.exports = () => {names}.filter((name) => typeof globalThis[name] !== 'undefined');");
    assert_eq!(answered(finish(PLAIN, &source).await), json!([]));
    let import = finish(PLAIN, "module.exports = async () => { await import('/etc/passwd'); };").await;
    assert!(import.answer.is_err(), "{import:?}");
}
