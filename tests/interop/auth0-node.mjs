// The `auth0` SDK for Node: an administrator's scripts over the Management API, and people who link their own accounts.

import assert from 'node:assert/strict';
import { ManagementClient, ManagementError } from 'auth0';
import { ALICE } from './people.mjs';
import { checkAlone, finish, tenant } from './suite.mjs';

const domain = new URL(tenant('https')).host;
const connection = 'Username-Password-Authentication';
const password = 'Passw0rd!interop';
const secretOf = (client) => `${client}-secret-for-local-tests-only`;

const admin = new ManagementClient({
  domain,
  clientId: 'acme-management',
  clientSecret: secretOf('acme-management'),
});
const create = (name, more = {}) =>
  admin.users.create({ connection, email: `${name}@people.example`, password, ...more });

/** The bare id within the connection. */
const bare = (user) => user.user_id.split('|').slice(1).join('|');

async function all(pages) {
  const items = [];
  for await (const item of await pages) items.push(item);
  return items;
}

/** Asserts that a call is refused, and how. */
async function refused(call, statusCode, message) {
  await assert.rejects(call, (error) => {
    assert(error instanceof ManagementError, String(error));
    assert.equal(error.statusCode, statusCode, error.message);
    assert.match(JSON.stringify(error.body), message);
    return true;
  });
}

/** What a person gets from an app that signs them in with their password. */
async function signIn(username, typed = password, more = {}) {
  const body = {
    grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
    client_id: 'acme-web',
    client_secret: secretOf('acme-web'),
    realm: connection,
    username,
    password: typed,
    scope: 'openid',
    ...more,
  };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${tenant('https')}/oauth/token`, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

await checkAlone('auth0-node: a user is created, read, changed and deleted', async () => {
  const made = await create('ines', { given_name: 'Inês', user_metadata: { theme: 'dark' } });
  assert.match(made.user_id, /^auth0\|[0-9a-f]{24}$/);
  assert.deepEqual([made.name, made.nickname, made.email_verified], ['ines@people.example', 'ines', false]);
  assert.deepEqual(await admin.users.get(made.user_id), made);
  const changed = await admin.users.update(made.user_id, { nickname: 'nes', given_name: null });
  assert.equal(changed.nickname, 'nes');
  assert(!('given_name' in changed));
  await admin.users.delete(made.user_id);
  await refused(admin.users.get(made.user_id), 404, /inexistent_user/);
  await admin.users.delete(made.user_id);
});

await checkAlone('auth0-node: what is wrong with a user is told', async () => {
  await create('ines');
  await refused(create('ines'), 409, /The user already exists\./);
  await refused(create('x', { email: 'nonsense' }), 400, /Payload validation error/);
  await refused(create('weak', { password: 'a' }), 400, /PasswordStrengthError/);
});

await checkAlone('auth0-node: metadata is merged at its first level, and null takes a member away', async () => {
  const { user_id: id } = await create('meta', {
    user_metadata: { color: 'red', address: { city: 'Porto', street: '1' } },
    app_metadata: { plan: 'free' },
  });
  const changed = await admin.users.update(id, {
    user_metadata: { color: null, address: { city: 'Faro' }, size: 3 },
    app_metadata: { plan: 'full' },
  });
  assert.deepEqual(changed.user_metadata, { address: { city: 'Faro' }, size: 3 });
  assert.deepEqual(changed.app_metadata, { plan: 'full' });
  const wiped = await admin.users.update(id, { user_metadata: {} });
  assert.deepEqual(wiped.user_metadata ?? {}, {});
});

await checkAlone('auth0-node: users are searched by fields and metadata, page by page', async () => {
  for (let number = 0; number < 7; number += 1) {
    await create(`page${number}`, { app_metadata: { batch: 'interop', number } });
  }
  const q = 'app_metadata.batch:"interop" AND app_metadata.number:[1 TO *]';
  const found = await all(admin.users.list({ q, search_engine: 'v3', sort: 'email:-1', per_page: 2 }));
  const expected = [6, 5, 4, 3, 2, 1].map((number) => `page${number}@people.example`);
  assert.deepEqual(found.map((user) => user.email), expected);
  const byEmail = await admin.users.listUsersByEmail({ email: 'page3@people.example' });
  assert.deepEqual(byEmail.map((user) => user.app_metadata.number), [3]);
  await refused(admin.users.list({ q: 'email:"open' }), 400, /invalid_query_string/);
});

await checkAlone('auth0-node: an administrator links accounts and takes them apart again', async () => {
  const primary = await create('anna', { user_metadata: { kept: true } });
  const secondary = await create('anna.work', { user_metadata: { lost: true }, given_name: 'Anna' });
  const linked = await admin.users.identities.link(primary.user_id, { provider: 'auth0', user_id: bare(secondary) });
  assert.deepEqual(linked.map((identity) => identity.user_id), [bare(primary), bare(secondary)]);
  assert.equal(linked[1].profileData.given_name, 'Anna');
  await refused(admin.users.get(secondary.user_id), 404, /inexistent_user/);
  const user = await admin.users.get(primary.user_id);
  assert.deepEqual(user.user_metadata, { kept: true });
  assert(!('given_name' in user));

  const found = await all(admin.users.list({ q: 'identities.profileData.email:"anna.work@people.example"' }));
  assert.deepEqual(found.map((one) => one.user_id), [primary.user_id]);
  const { id_token: token } = await signIn('anna.work@people.example');
  const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
  assert.equal(claims.sub, primary.user_id);

  await refused(
    admin.users.identities.link(primary.user_id, { provider: 'auth0', user_id: bare(primary) }),
    400,
    /Main identity and the new one are the same\./,
  );
  const left = await admin.users.identities.delete(primary.user_id, 'auth0', bare(secondary));
  assert.deepEqual(left.map((identity) => identity.user_id), [bare(primary)]);
  const alone = await admin.users.get(secondary.user_id);
  assert.deepEqual([alone.given_name, alone.user_metadata ?? {}], ['Anna', {}]);
});

await checkAlone('auth0-node: a person links an account of their own with its ID token', async () => {
  const primary = await create('own');
  const secondary = await create('own.second');
  const audience = `${tenant('https')}/api/v2/`;
  const { access_token: token } = await signIn('own@people.example', password, {
    audience,
    scope: 'openid update:current_user_identities',
  });
  const self = new ManagementClient({ domain, token });
  const { id_token: proof } = await signIn('own.second@people.example');
  const { id_token: other } = await signIn(ALICE.email, ALICE.password);
  await refused(
    self.users.identities.link(secondary.user_id, { link_with: other }),
    403,
    /User to be acted on does not match subject in bearer token\./,
  );
  await refused(self.users.identities.link(primary.user_id, { link_with: 'x.y.z' }), 400, /link_with/);
  const linked = await self.users.identities.link(primary.user_id, { link_with: proof });
  assert.deepEqual(linked.map((identity) => identity.user_id), [bare(primary), bare(secondary)]);
  await refused(self.users.identities.link(primary.user_id, { link_with: proof }), 409, /already exists/);
});

await checkAlone('auth0-node: roles carry permissions to users and into their tokens', async () => {
  const api = 'https://interop.example/';
  await admin.resourceServers.create({
    identifier: api,
    name: 'Interop',
    scopes: [{ value: 'read:things' }, { value: 'write:things' }],
    enforce_policies: true,
    token_dialect: 'access_token_authz',
  });
  const user = await create('roles');
  const role = await admin.roles.create({ name: 'reader', description: 'reads' });
  await refused(admin.roles.create({ name: 'reader' }), 409, /already exists/);
  const permission = { resource_server_identifier: api, permission_name: 'read:things' };
  await admin.roles.permissions.add(role.id, { permissions: [permission] });
  await admin.users.roles.assign(user.user_id, { roles: [role.id] });
  assert.deepEqual((await all(admin.users.roles.list(user.user_id))).map((one) => one.name), ['reader']);
  assert.deepEqual((await all(admin.roles.users.list(role.id))).map((one) => one.user_id), [user.user_id]);
  const [has] = await all(admin.users.permissions.list(user.user_id));
  assert.deepEqual([has.permission_name, has.sources[0].source_type], ['read:things', 'ROLE']);

  const tokens = await signIn('roles@people.example', password, { audience: api, scope: 'read:things write:things' });
  const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'));
  assert.deepEqual([claims.permissions, claims.scope], [['read:things'], 'read:things']);

  await admin.users.roles.delete(user.user_id, { roles: [role.id] });
  assert.deepEqual(await all(admin.users.permissions.list(user.user_id)), []);
  await admin.roles.delete(role.id);
  await refused(admin.roles.get(role.id), 404, /The role does not exist\./);
});

await checkAlone('auth0-node: a connection is made, changed and deleted', async () => {
  const made = await admin.connections.create({
    name: 'interop-github',
    strategy: 'github',
    options: { client_id: 'x', client_secret: 'y', set_user_root_attributes: 'on_first_login' },
  });
  assert.match(made.id, /^con_[A-Za-z0-9]{16}$/);
  const changed = await admin.connections.update(made.id, { options: { set_user_root_attributes: 'on_each_login' } });
  assert.deepEqual([changed.options.set_user_root_attributes, changed.options.client_id], ['on_each_login', undefined]);
  await admin.connections.delete(made.id);
  await refused(admin.connections.get(made.id), 404, /The connection does not exist/);
});

await checkAlone('auth0-node: a ticket changes a password', async () => {
  const user = await create('ticket');
  const { ticket } = await admin.tickets.changePassword({ user_id: user.user_id, mark_email_as_verified: true });
  const url = new URL(ticket);
  assert.equal(url.origin, tenant('https'));
  assert.match(url.pathname + url.search, /\/u\/reset-password\?ticket=.+/);
  assert.equal((await fetch(ticket)).status, 200);
});

finish();
