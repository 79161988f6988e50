"""auth0-python's Management API client: users, metadata, linking, search and roles, as administrators' scripts do it."""

import os
import sys
import traceback
from urllib.parse import urlsplit

import jwt
import requests
from auth0.authentication import GetToken
from auth0.management import ManagementClient
from auth0.management.core.api_error import ApiError

TENANT = os.environ["TENANT_HTTPS"]
DOMAIN = urlsplit(TENANT).netloc
CONNECTION = "Username-Password-Authentication"
PASSWORD = "Passw0rd!interop"

failures = 0


def secret_of(client):
    return client + "-secret-for-local-tests-only"


def check(test):
    """Runs a test with the tenant as its fixture has it, and prints how it went."""
    global failures
    name = "auth0-python: " + test.__doc__.rstrip(".")
    requests.post(TENANT + "/_impostor/reset", timeout=30).raise_for_status()
    try:
        test(
            ManagementClient(
                domain=DOMAIN, client_id="acme-management", client_secret=secret_of("acme-management")
            )
        )
        print("ok - " + name, flush=True)
    except Exception:  # noqa: BLE001 - whatever it was, it is told
        failures += 1
        print("not ok - " + name)
        print("    " + traceback.format_exc().rstrip().replace("\n", "\n    "), flush=True)


def refused(status, text, call, *arguments, **named):
    """Asserts that a call is refused, and how."""
    try:
        found = call(*arguments, **named)
    except ApiError as error:
        assert error.status_code == status, error
        assert text in str(error.body), error
    else:
        raise AssertionError(f"not refused: {found}")


def create(admin, name, **more):
    return admin.users.create(connection=CONNECTION, email=f"{name}@people.example", password=PASSWORD, **more)


def bare(user):
    """The id within the connection."""
    return user.user_id.split("|", 1)[1]


def sign_in(username, **more):
    """What a person gets from an app that signs them in with their password."""
    client = GetToken(DOMAIN, "acme-web", client_secret=secret_of("acme-web"))
    return client.login(username=username, password=PASSWORD, realm=CONNECTION, **more)


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


@check
def users(admin):
    """a user is created, read, changed and deleted"""
    made = create(admin, "ines", family_name="Duarte", blocked=False)
    assert made.name == "ines@people.example" and made.family_name == "Duarte" and made.blocked is False, made
    found = admin.users.get(made.user_id)
    assert found.created_at == found.updated_at and found.logins_count is None, found
    changed = admin.users.update(made.user_id, name="Inês Duarte", blocked=True)
    assert changed.name == "Inês Duarte" and changed.nickname == "ines" and changed.blocked, changed
    refused(409, "The user already exists.", create, admin, "ines")
    admin.users.delete(made.user_id)
    refused(404, "inexistent_user", admin.users.get, made.user_id)


@check
def metadata(admin):
    """metadata is merged at its first level, and null takes a member away"""
    made = create(admin, "meta", user_metadata={"color": "red", "deep": {"a": 1, "b": 2}}, app_metadata={"plan": "free"})
    changed = admin.users.update(made.user_id, user_metadata={"color": None, "deep": {"a": 3}})
    assert changed.user_metadata == {"deep": {"a": 3}}, changed
    assert changed.app_metadata == {"plan": "free"}, changed


@check
def linking(admin):
    """accounts are linked, sign in as one, and are taken apart again"""
    primary, secondary = create(admin, "anna"), create(admin, "anna.work", given_name="Anna")
    linked = admin.users.identities.link(primary.user_id, provider="auth0", user_id=secondary.user_id)
    assert [identity.user_id for identity in linked] == [bare(primary), bare(secondary)], linked
    assert linked[1].profile_data.given_name == "Anna", linked
    for address in ["anna@people.example", "anna.work@people.example"]:
        assert claims(sign_in(address)["id_token"])["sub"] == primary.user_id
    assert admin.users.get(primary.user_id).logins_count == 2
    again = {"provider": "auth0", "user_id": bare(secondary)}
    refused(409, "Specified identity already exists.", admin.users.identities.link, primary.user_id, **again)
    refused(400, "Main identity cannot be removed.", admin.users.identities.delete, primary.user_id, "auth0", bare(primary))
    left = admin.users.identities.delete(primary.user_id, "auth0", bare(secondary))
    assert [identity.user_id for identity in left] == [bare(primary)], left
    assert admin.users.get(secondary.user_id).given_name == "Anna"


@check
def own_accounts(admin):
    """a person links an account of their own with its ID token"""
    primary, secondary = create(admin, "own"), create(admin, "own.second")
    scope = "openid update:current_user_identities"
    token = sign_in("own@people.example", audience=TENANT + "/api/v2/", scope=scope)["access_token"]
    proof = sign_in("own.second@people.example")["id_token"]
    self = ManagementClient(domain=DOMAIN, token=token)
    by_id = {"provider": "auth0", "user_id": bare(secondary)}
    refused(403, "update:users", self.users.identities.link, primary.user_id, **by_id)
    linked = self.users.identities.link(primary.user_id, link_with=proof)
    assert [identity.user_id for identity in linked] == [bare(primary), bare(secondary)], linked


@check
def search(admin):
    """users are searched, sorted and paged"""
    for number in range(5):
        create(admin, f"page{number}", user_metadata={"batch": "interop"}, app_metadata={"number": number})
    query = 'user_metadata.batch:"interop" AND NOT app_metadata.number:0'
    found = list(admin.users.list(q=query, sort="created_at:-1", per_page=2))
    assert [user.email for user in found] == [f"page{number}@people.example" for number in (4, 3, 2, 1)], found
    by_email = admin.users.list_users_by_email(email="page2@people.example")
    assert [user.app_metadata["number"] for user in by_email] == [2], by_email
    refused(400, "user_metadata.batch", lambda: list(admin.users.list(q="user_metadata.batch:in*")))


@check
def roles(admin):
    """roles carry permissions to users and into their tokens"""
    api = "https://interop.example/"
    scopes = [{"value": "read:things", "description": "Read"}, {"value": "write:things"}]
    admin.resource_servers.create(
        identifier=api, name="Interop", scopes=scopes, enforce_policies=True, token_dialect="access_token_authz"
    )
    user = create(admin, "roles")
    role = admin.roles.create(name="reader", description="reads")
    admin.roles.permissions.add(
        role.id, permissions=[{"resource_server_identifier": api, "permission_name": "read:things"}]
    )
    admin.roles.users.assign(role.id, users=[user.user_id])
    admin.users.permissions.create(
        user.user_id, permissions=[{"resource_server_identifier": api, "permission_name": "write:things"}]
    )
    assert [found.user_id for found in admin.roles.users.list(role.id)] == [user.user_id]
    sources = {found.permission_name: found.sources[0]["source_type"] for found in admin.users.permissions.list(user.user_id)}
    assert sources == {"read:things": "ROLE", "write:things": "DIRECT"}, sources
    token = claims(sign_in("roles@people.example", audience=api, scope="read:things write:things")["access_token"])
    assert sorted(token["permissions"]) == ["read:things", "write:things"], token
    admin.roles.delete(role.id)
    assert [found.permission_name for found in admin.users.permissions.list(user.user_id)] == ["write:things"]


sys.exit(1 if failures else 0)
