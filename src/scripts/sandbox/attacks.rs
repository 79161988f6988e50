//! Scripts that mean harm, or loop by mistake: each is ended, in time, and harms nobody else.

use std::time::Instant;

use serde_json::json;

use super::*;

const MEBIBYTE: usize = 1024 * 1024;

/// How it ended, and after how long. Other tests have scripts run at the same time, and there are few places for them: who
/// finds none tries again.
async fn timed(source: &str) -> (Duration, Finished) {
    loop {
        let begun = Instant::now();
        let finished = once(source).await;
        if !matches!(finished.answer, Err(ScriptError::Busy)) {
            return (begun.elapsed(), finished);
        }
    }
}

async fn attack(source: &str) -> Finished {
    timed(source).await.1
}

async fn once(source: &str) -> Finished {
    let limits = Limits { time: Duration::from_millis(150), memory_bytes: 16 * MEBIBYTE, ..Limits::default() };
    run(Run {
        script: Script { file: "evil.js".into(), source: format!("module.exports = () => {{ {source} }};").into() },
        adapter: "(exports) => exports()",
        arguments: Vec::new(),
        now: Timestamp::from_seconds(0),
        random: [0; 32],
        limits,
    })
    .await
}

/// That each of the sources is stopped by the clock, by itself and not by whoever waits for it.
async fn stopped(sources: &[&str]) {
    for source in sources {
        let (took, finished) = timed(source).await;
        assert!(matches!(finished.answer, Err(ScriptError::TimedOut { .. })), "{source}: {finished:?}");
        assert!(took < GRACE, "{source} held its thread for {took:?}");
    }
}

#[tokio::test]
async fn endless_loops_are_stopped() {
    stopped(&[
        "while (true) {}",
        "for (;;) { try { while (true) {} } catch (e) {} finally {} }",
        "(function f() { try { f(); } finally { f(); } })();",
        "for (const x of (function* () { for (;;) yield 1; })()) {}",
        "eval('for (;;) {}');",
        "new Function('for (;;) {}')();",
        "return { toJSON() { for (;;) {} } };",
        "return { get x() { for (;;) {} } };",
        "throw { get message() { for (;;) {} } };",
        "return new Proxy({}, { ownKeys() { for (;;) {} } });",
        "[3, 1, 2].sort(() => { for (;;) {} });",
    ])
    .await;
}

#[tokio::test]
async fn endless_promises_and_timers_are_stopped() {
    stopped(&[
        "(function f() { Promise.resolve().then(f); })();",
        "return new Promise(() => { (async () => { for (;;) await null; })(); });",
        "return { then(resolve) { resolve(this); } };",
        "return new Promise(() => setInterval(() => {}, 10));",
        "return new Promise(() => { (function f() { setTimeout(f, 0); })(); });",
        "return new Promise(() => { (function f() { process.nextTick(f); })(); });",
        "return new Promise((resolve) => setTimeout(resolve, 3600000));",
    ])
    .await;
}

#[tokio::test]
async fn regular_expressions_that_backtrack_are_stopped() {
    stopped(&[
        "/^(a+)+$/.test('a'.repeat(50) + '!');",
        "'x'.repeat(60).replace(/(x+x+)+y/, '');",
        "'a'.repeat(40).match(/(?:a|a)*b/);",
    ])
    .await;
}

#[tokio::test]
async fn what_runs_in_one_step_is_refused_or_stopped() {
    let mut faults = Vec::new();
    for source in [
        "new Array(4294967295).indexOf(1);",
        "new Array(4294967295).forEach(() => {});",
        "new Array(4294967295).sort();",
        "[].concat(new Array(4294967295), new Array(4294967295));",
        "Array.prototype.reverse.call({ length: 9007199254740991 });",
        "Array.prototype.fill.call({ length: 9007199254740991 }, 1);",
        "Array.prototype.lastIndexOf.call({ length: 9007199254740991 }, 1);",
        "let n = 0; Array.prototype.unshift.call({ get length() { return n++ ? 9007199254740991 : 1; } }, 1);",
        "let s = 'a'.repeat(4000000); s.indexOf('a'.repeat(2000000) + 'b');",
        "let s = 'a'.repeat(4000000); s.split({ toString: () => 'a'.repeat(2000000) + 'b' });",
        "let s = 'a'.repeat(4000000); s.replaceAll('a'.repeat(2000000) + 'b', '');",
        "let n = 3n ** 600000n; for (;;) n = (n * n) >> 900000n;",
        "String.raw({ raw: { length: 9007199254740991 } });",
        "Array.from({ length: 9007199254740991 });",
        "Reflect.apply(() => {}, null, { length: 9007199254740991 });",
        "Object.assign([], new Array(4294967295)); new Uint8Array(new Array(4294967295));",
        "JSON.stringify(new Array(4294967295));",
        "JSON.stringify({}, new Array(4294967295));",
        "new Set(new Array(4294967295));",
        "[...new Array(4294967295)];",
        "Object.groupBy(new Array(4294967295), () => 1);",
        "Object.fromEntries(new Array(4294967295));",
        "new Array(4294967295).toString();",
        "new Array(4294967295).copyWithin(0, 1);",
        "new Array(4294967295).flat();",
        "Object.keys(new Array(4294967295)); new Array(4294967295).at(-1); new Array(4294967295).length = 0; for (;;) {}",
    ] {
        let (took, finished) = timed(source).await;
        if finished.answer.is_ok() || took >= GRACE {
            faults.push(format!("{source} took {took:?}: {finished:?}"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[tokio::test]
async fn memory_is_bounded() {
    for source in [
        "const all = []; for (;;) all.push(new Array(1000).fill('x'.repeat(10)));",
        "let s = 'x'; for (;;) s += s;",
        "return 'x'.repeat(1 << 29).length;",
        "return new Uint8Array(1 << 30).length;",
        "return new ArrayBuffer(1 << 30);",
        "const all = new Map(); for (let i = 0; ; i++) all.set(i, { i });",
        "let o = {}; for (;;) o = { o };",
        "return JSON.parse('[' + '0,'.repeat(9000000) + '0]').length;",
        "return Array.from({ length: 100000000 }, (_, i) => i).length;",
        "const all = []; for (;;) { try { for (;;) all.push('x'.repeat(100000) + all.length); } catch (e) {} }",
    ] {
        let finished = attack(source).await;
        let told = finished.answer.as_ref().is_err_and(|error| {
            matches!(error, ScriptError::OutOfMemory { .. } | ScriptError::Null { .. } | ScriptError::TimedOut { .. })
                || ["RangeError", "InternalError: string too long"].iter().any(|own| error.to_string().starts_with(own))
        });
        assert!(told, "{source}: {finished:?}");
    }
}

#[tokio::test]
async fn depth_is_bounded() {
    for source in [
        "(function f() { f(); })();",
        "return JSON.parse('['.repeat(1000000));",
        "let a = []; for (let i = 0; i < 100000; i++) a = [a]; return a;",
        "return eval('('.repeat(100000));",
        "return new RegExp('('.repeat(100000));",
        "const f = () => `${{ toString: f }}`; return f();",
        "let p = {}; for (let i = 0; i < 100000; i++) p = new Proxy(p, {}); return p.x;",
    ] {
        let finished = attack(source).await;
        assert!(finished.answer.is_err(), "{source}: {finished:?}");
    }
}

#[tokio::test]
async fn answers_and_sources_are_bounded() {
    let finished = attack("return 'x'.repeat(2000000);").await;
    assert_eq!(finished.answer, Err(ScriptError::AnswerTooLong { bytes: MEBIBYTE }));
    let finished = attack(&" ".repeat(200_000)).await;
    assert_eq!(finished.answer, Err(ScriptError::SourceTooLong { bytes: 100 * 1024 }));
    let deep = attack("let a = 1; for (let i = 0; i < 500; i++) a = [a]; return a;").await;
    assert!(deep.answer.unwrap_err().to_string().starts_with("read the script's answer: recursion limit"));
    let console = attack("for (;;) console.log('x'.repeat(100000));").await.console;
    assert!(console.iter().map(|line| line.text.len()).sum::<usize>() < MEBIBYTE);
}

#[tokio::test]
async fn many_at_once_take_their_turns_and_all_end() {
    let runs = (0..24).map(|n| attack(if n % 3 == 0 { "for (;;) {}" } else { "return 1;" }));
    let finished = futures_util::future::join_all(runs).await;
    assert!(finished.iter().all(|one| !matches!(one.answer, Err(ScriptError::Engine(_)))), "{finished:?}");
    assert_eq!(attack("return 1;").await.answer, Ok(Some(json!(1))));
}
