"""A test in Python with nothing but its own library: a tenant of its own, a fault, the clock, the journal."""

import json
import os
import sys
import traceback
import urllib.error
import urllib.request


def ask(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def call(base, path, body):
    status, answer = ask("POST", f"{base}/_impostor/{path}", body)
    assert status < 300, answer
    return answer


ROOT = os.environ["TENANT_HTTP"]
TENANT = call(ROOT, "tenants", {"from": "acme"})
FORK = TENANT["issuer"].rstrip("/")
failed = False


def check(name, body):
    global failed
    try:
        body()
        print(f"ok - harness/python: {name}", flush=True)
    except Exception:
        failed = True
        print(f"not ok - harness/python: {name}\n{traceback.format_exc()}", flush=True)


def google_is_down():
    ana = call(FORK, "people", {"at": "google"})
    call(FORK, "faults", {"scope": {"upstream": "google", "caller": "tenant"}, "effect": "down", "times": 1})
    person = {"person": f"google:{ana['id']}"}
    assert "error" in call(FORK, "logins", person)["callback"]["parameters"]
    assert "code" in call(FORK, "logins", person)["callback"]["parameters"]


def a_session_ends():
    token = call(FORK, "tokens", {"person": "alice@acme.example", "audience": "https://api.acme.example/"})["access_token"]

    def userinfo():
        request = urllib.request.Request(f"{FORK}/userinfo", headers={"authorization": f"Bearer {token}"})
        try:
            return urllib.request.urlopen(request, timeout=30).status
        except urllib.error.HTTPError as error:
            return error.code

    assert userinfo() == 200
    call(FORK, "clock/advance", {"by": "P2D"})
    assert userinfo() == 401


def the_journal_knows():
    expectations = [{"call": {"method": "GET", "path": "/userinfo", "status": 401}, "exactly": 1}]
    verdict = call(FORK, "journal/verify", {"expectations": expectations})
    assert verdict["satisfied"], verdict


check("a provider that is down once", google_is_down)
check("a token that is too old", a_session_ends)
check("the journal knows what was called", the_journal_knows)
ask("DELETE", f"{ROOT}/_impostor/tenants/{TENANT['name']}")
sys.exit(1 if failed else 0)
