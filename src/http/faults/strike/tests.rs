use axum::http::Method;
use serde_json::json;

use super::*;
use crate::http::faults::list::Fault;
use crate::http::faults::scope::Caller;
use crate::http::faults::scope::Scope;
use crate::time::Clock;
use crate::time::Rng;

fn faults() -> Faults {
    Faults::new(Clock::default(), |_, trouble| {
        Said::json(trouble.status, &json!({ "limited": trouble.limit.is_some() }))
    })
}

fn fault(effect: Value) -> Fault {
    let effect = serde_json::from_value(effect).unwrap();
    Fault { id: "flt_1".into(), scope: Scope::default(), effect, after: 0, times: None, probability: None }
}

fn hit(faults: &Faults, path: &str) -> Strike {
    let subject = Subject { method: &Method::GET, path, upstream: None, caller: Caller::Visitor };
    faults.strike(&subject, &Who::default())
}

fn status(strike: &Strike) -> u16 {
    match &strike.instead {
        Some(Instead::Answer(said)) => said.status.as_u16(),
        _ => 0,
    }
}

#[test]
fn a_fault_skips_the_first_ones_and_then_fires_so_often() {
    let faults = faults();
    assert!(faults.is_empty());
    let twice = Fault { after: 1, times: Some(2), ..fault(json!({ "kind": "status", "status": 503 })) };
    faults.add(twice, Rng::new(Some(1))).unwrap();
    let told: Vec<_> = (0..5).map(|_| status(&hit(&faults, "/"))).collect();
    assert_eq!(told, [0, 503, 503, 0, 0]);
    assert_eq!(faults.get("flt_1").unwrap().fired, 2);
    assert!(faults.remove("flt_1") && !faults.remove("flt_1") && faults.is_empty());
}

#[test]
fn the_same_seed_fires_at_the_same_requests() {
    let run = |seed| -> Vec<u16> {
        let faults = faults();
        let half = Fault { probability: Some(0.5), ..fault(json!({ "kind": "status", "status": 500 })) };
        faults.add(half, Rng::new(Some(seed))).unwrap();
        (0..64).map(|_| status(&hit(&faults, "/"))).collect()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
    let fired = run(7).iter().filter(|status| **status == 500).count();
    assert!((16..48).contains(&fired), "{fired}");
}

#[test]
fn delays_add_up_and_the_oldest_fault_has_the_say() {
    let faults = faults();
    for (id, effect) in [
        ("a", json!({ "kind": "latency", "milliseconds": 5 })),
        ("b", json!({ "kind": "status", "status": 500 })),
        ("c", json!({ "kind": "status", "status": 503 })),
        ("d", json!({ "kind": "latency", "milliseconds": 2, "up_to": 4 })),
    ] {
        faults.add(Fault { id: id.into(), ..fault(effect) }, Rng::new(Some(1))).unwrap();
    }
    let strike = hit(&faults, "/");
    assert_eq!(status(&strike), 500);
    assert!((7..=9).contains(&strike.delay.as_millis()), "{:?}", strike.delay);
    let fired: Vec<_> = strike.fired.iter().map(|fired| fired.id.as_str()).collect();
    assert_eq!(fired, ["a", "b", "d"]);
    assert_eq!(faults.get("c").unwrap().fired, 0);
}

#[test]
fn a_limit_is_lifted_by_the_clock() {
    let clock = Clock::default();
    clock.freeze(Timestamp::from_seconds(1000));
    let faults = Faults::new(clock.clone(), |_, trouble| {
        Said::json(trouble.status, &json!(trouble.limit.map(|limit| limit.lifted_at.seconds())))
    });
    faults.add(fault(json!({ "kind": "rate_limit", "seconds": 10 })), Rng::new(Some(1))).unwrap();
    let reset = |strike: &Strike| match &strike.instead {
        Some(Instead::Answer(said)) => String::from_utf8_lossy(&said.body).into_owned(),
        _ => String::new(),
    };
    assert_eq!(reset(&hit(&faults, "/")), "1010");
    clock.advance(Duration::from_secs(9));
    assert_eq!(reset(&hit(&faults, "/")), "1010");
    clock.advance(Duration::from_secs(1));
    assert_eq!(reset(&hit(&faults, "/")), "");
}

#[test]
fn a_test_may_say_body_and_headers_itself() {
    let faults = faults();
    let headers = json!({ "retry-after": "3" });
    let own = json!({ "kind": "status", "status": 502, "body": { "a": 1 }, "headers": headers });
    faults.add(fault(own), Rng::new(Some(1))).unwrap();
    let Some(Instead::Answer(said)) = hit(&faults, "/").instead else { panic!() };
    assert_eq!((said.body.as_ref(), &said.headers["retry-after"]), (b"{\"a\":1}".as_slice(), &"3".parse().unwrap()));
    assert_eq!(said.headers[CONTENT_TYPE], JSON);
}
