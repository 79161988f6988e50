// A test in Node with nothing but fetch: a tenant of its own, a person, a login without a browser, a wrong token.

import assert from 'node:assert/strict';

const call = async (base, path, body, method = 'POST') => {
  const response = await fetch(`${base}/_impostor/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  return response.status === 204 ? undefined : response.json();
};

let failed = false;
const check = async (name, body) => {
  try {
    await body();
    console.log(`ok - harness/node: ${name}`);
  } catch (error) {
    failed = true;
    console.log(`not ok - harness/node: ${name}\n${error.stack}`);
  }
};

const { issuer, name } = await call(process.env.TENANT_HTTP, 'tenants', { from: 'acme' });
const fork = issuer.slice(0, -1);

await check('somebody made at Google signs in without a browser', async () => {
  const ana = await call(fork, 'people', { at: 'google', name: 'Ana Ruiz' });
  const login = await call(fork, 'logins', { person: `google:${ana.id}`, exchange: true });
  assert.equal(login.claims.name, 'Ana Ruiz');
  const userinfo = await fetch(`${fork}/userinfo`, { headers: { authorization: `Bearer ${login.tokens.access_token}` } });
  assert.equal((await userinfo.json()).name, 'Ana Ruiz');
});
await check('a wrong token is turned away', async () => {
  const order = { person: 'alice@acme.example', audience: 'https://api.acme.example/' };
  for (const [wrong, status] of [[undefined, 200], ['expired', 401], ['wrong_key', 401]]) {
    const { access_token: token } = await call(fork, 'tokens', { ...order, wrong });
    const answer = await fetch(`${fork}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, status, wrong);
  }
});
await check('the mail that a forgotten password brings is waited for', async () => {
  await fetch(`${fork}/dbconnections/change_password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'acme-web', email: 'alice@acme.example', connection: 'Username-Password-Authentication' }),
  });
  const { messages } = await (await fetch(`${fork}/_impostor/outbox?to=alice@acme.example&wait=10`)).json();
  assert.equal((await fetch(messages[0].link)).status, 200);
});
await call(process.env.TENANT_HTTP, `tenants/${name}`, undefined, 'DELETE');
process.exit(failed ? 1 : 0);
