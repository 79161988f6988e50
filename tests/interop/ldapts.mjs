// Node's ldapts against a fork's Active Directory, as a web application looks people up.

import { readFileSync } from 'node:fs';
import { Client, EqualityFilter, InvalidCredentialsError, NoSuchObjectError } from 'ldapts';
import { checkAlone, finish, tenant } from './suite.mjs';

const base = 'DC=acme,DC=example';
const answer = await fetch(`${tenant('http')}/_impostor/tenants`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ from: 'acme', ldap: true }),
});
const { ldap, ldaps } = await answer.json();
const tls = { ca: readFileSync(process.env.NODE_EXTRA_CA_CERTS) };

async function connected(body, { secure = false } = {}) {
  const url = secure ? `ldaps://localhost:${ldaps}` : `ldap://localhost:${ldap}`;
  const client = new Client({ url, timeout: 10_000, ...(secure ? { tlsOptions: tls } : {}) });
  try {
    await body(client);
  } finally {
    await client.unbind();
  }
}

function equal(found, expected) {
  if (found !== expected) throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

async function finds(client) {
  await client.bind('jdoe@acme.example', 'Passw0rd!jdoe');
  const options = { scope: 'sub', filter: '(sAMAccountName=jdoe)', attributes: ['sAMAccountName', 'objectGUID'] };
  const { searchEntries } = await client.search(base, { ...options, explicitBufferAttributes: ['objectGUID'] });
  equal(searchEntries.length, 1);
  equal(searchEntries[0].sAMAccountName, 'jdoe');
  return searchEntries[0].objectGUID;
}

await checkAlone('ldapts: a person is found', () => connected(finds));
await checkAlone('ldapts: over LDAPS', () => connected(finds, { secure: true }));
await checkAlone('ldapts: after StartTLS', () =>
  connected(async (client) => {
    await client.startTLS({ ...tls, host: 'localhost' });
    await finds(client);
  }),
);
await checkAlone('ldapts: by the bytes of objectGUID', () =>
  connected(async (client) => {
    const guid = await finds(client);
    const filter = new EqualityFilter({ attribute: 'objectGUID', value: guid });
    const { searchEntries } = await client.search(base, { scope: 'sub', filter });
    equal(searchEntries.length, 1);
  }),
);
await checkAlone('ldapts: page by page', () =>
  connected(async (client) => {
    await client.bind('ACME\\jdoe', 'Passw0rd!jdoe');
    const names = [];
    for await (const page of client.searchPaginated(base, { scope: 'sub', paged: { pageSize: 3 } })) {
      names.push(...page.searchEntries.map((entry) => entry.dn));
    }
    equal(new Set(names).size, names.length);
    if (names.length <= 6) throw new Error(`only ${names}`);
  }),
);
await checkAlone('ldapts: errors have their kinds', () =>
  connected(async (client) => {
    const wrong = await client.bind('ACME\\jdoe', 'wrong').catch((error) => error);
    equal(wrong instanceof InvalidCredentialsError && /data 52e/.test(wrong.message), true);
    await client.bind('ACME\\jdoe', 'Passw0rd!jdoe');
    const missing = await client.search(`OU=nowhere,${base}`).catch((error) => error);
    equal(missing instanceof NoSuchObjectError, true);
  }),
);
finish();
