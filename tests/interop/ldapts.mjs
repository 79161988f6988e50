// Node's ldapts against a fork's Active Directory, as a web application looks people up.

import { readFileSync } from 'node:fs';
import {
  Attribute,
  Change,
  Client,
  EqualityFilter,
  ExtensibleFilter,
  InvalidCredentialsError,
  NoSuchObjectError,
  ServerSideSortingRequestControl,
} from 'ldapts';
import { checkAlone, finish, tenant } from './suite.mjs';

const base = 'DC=acme,DC=example';
const people = `OU=Engineering,${base}`;
const john = `CN=John Doe,${people}`;
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
await checkAlone('ldapts: who binds by which name', async () => {
  for (const name of [john, 'jdoe@acme.example', 'ACME\\jdoe']) {
    await connected(async (client) => {
      await client.bind(name, 'Passw0rd!jdoe');
      equal((await client.exop('1.3.6.1.4.1.4203.1.11.3')).value, 'u:ACME\\jdoe');
    });
  }
});
await checkAlone('ldapts: filters and scopes', () =>
  connected(async (client) => {
    await client.bind('ACME\\jdoe', 'Passw0rd!jdoe');
    const found = async (filter, options = {}) => {
      const { searchEntries } = await client.search(base, { scope: 'sub', attributes: ['sAMAccountName'], filter, ...options });
      return searchEntries.map((entry) => entry.sAMAccountName).sort().join(' ');
    };
    equal(await found('(&(objectCategory=person)(sn=do*)(!(mail=x)))'), 'jdoe');
    equal(await found('(|(sn=Doe)(cn=Zoë*))'), 'jdoe zmueller');
    equal(await found('(&(userAccountControl:1.2.840.113556.1.4.803:=2)(mail=*))'), 'ddisabled');
    const groups = new ExtensibleFilter({ matchType: 'member', rule: '1.2.840.113556.1.4.1941', value: john });
    equal(await found(groups), 'Backend Engineering Staff VPN Users');
    equal(await found('(sn=Doe)', { scope: 'one' }), '');
    const sorted = new ServerSideSortingRequestControl({ value: [{ attributeType: 'sAMAccountName', reverseOrder: true }] });
    const filter = '(|(sn=Doe)(cn=Zo*))';
    const { searchEntries } = await client.search(base, { scope: 'sub', filter, attributes: ['cn'] }, [sorted]);
    equal(searchEntries.map((entry) => entry.cn).join(), 'Zoë Müller,John Doe');
  }),
);
await checkAlone('ldapts: a person comes, is changed and goes', () =>
  connected(
    async (client) => {
      await client.bind('ACME\\Administrator', 'Passw0rd!Administrator');
      const dn = `CN=Bob Builder,${people}`;
      const unicode = Buffer.from('"Can-we-fix-it-1"', 'utf16le');
      await client.add(dn, { objectClass: 'user', sAMAccountName: 'bbuilder', sn: 'Builder' });
      const refused = await client.add(dn, { objectClass: 'user', sAMAccountName: 'bbuilder' }).catch((error) => error);
      equal(refused.code, 68);
      const replace = (type, values) => new Change({ operation: 'replace', modification: new Attribute({ type, values }) });
      await client.modify(dn, [replace('unicodePwd', [unicode]), replace('userAccountControl', ['512'])]);
      await connected((own) => own.bind('ACME\\bbuilder', 'Can-we-fix-it-1'));
      equal(await client.compare(dn, 'sn', 'BUILDER'), true);
      await client.modifyDN(dn, `CN=Robert Builder,CN=Users,${base}`);
      await client.del(`CN=Robert Builder,CN=Users,${base}`);
      const gone = await client.del(`CN=Robert Builder,CN=Users,${base}`).catch((error) => error);
      equal(gone instanceof NoSuchObjectError, true);
    },
    { secure: true },
  ),
);
finish();
