// WS-Federation: passport-wsfed-saml2 as relying party of the tenant and of the fake AD FS, wsfed as the token service of
// one of the tenant's connections.

import express from 'express';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkAlone, finish, serve, tenant } from './suite.mjs';

const require = createRequire(import.meta.url);
const { Strategy } = require('passport-wsfed-saml2');
const wsfed = require('wsfed');

const base = tenant('http');
const metadataPath = '/FederationMetadata/2007-06/FederationMetadata.xml';
const reply = 'http://localhost:3000/wsfed';
const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const alice = { username: 'alice@acme.example', password: 'Passw0rd!alice' };
const john = { UserName: 'ACME\\jdoe', Password: 'Passw0rd!jdoe' };

// A browser that fills in the forms it knows, and stops where it would leave the server.
class Browser {
  #cookies = new Map();

  async open(url, typed, fields) {
    for (let pages = 0; pages < 12; pages += 1) {
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const body = fields && new URLSearchParams(fields);
      const answer = await fetch(url, { method: fields ? 'POST' : 'GET', headers: { cookie }, body, redirect: 'manual' });
      for (const set of answer.headers.getSetCookie()) {
        const [name, value] = set.split(';')[0].split(/=(.*)/s);
        this.#cookies.set(name, value);
      }
      const text = await answer.text();
      const location = answer.headers.get('location');
      if (location) {
        [url, fields] = [new URL(location, url).href, undefined];
        if (url.startsWith('http://localhost:3000/')) return { to: url };
        continue;
      }
      if (!answer.ok) throw new Error(`${answer.status}: ${text.replace(/<style>.*<\/style>/s, '')}`);
      const form = this.#form(text, url, typed);
      if (!form || form.action.startsWith('http://localhost:3000/')) return { to: form?.action, fields: form?.fields, text };
      [url, fields] = [form.action, form.fields];
    }
    throw new Error('too many pages');
  }

  #form(text, url, typed) {
    const forms = [...text.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)].map(([, tag, inside]) => {
      const inputs = [...inside.matchAll(/<(?:input|button)([^>]*)>/g)].map(([, input]) => [attribute(input, 'name'), attribute(input, 'value')]);
      const action = attribute(tag, 'action');
      return { action: new URL(action ?? url, url).href, fields: Object.fromEntries(inputs.filter(([name]) => name).map(([name, value]) => [name, value ?? ''])) };
    });
    const [asked] = Object.keys(typed ?? {});
    const form = forms.find((form) => asked in form.fields) ?? forms.find((form) => 'wresult' in form.fields);
    if (form && asked in form.fields) Object.assign(form.fields, typed, 'action' in form.fields ? { action: 'default' } : {});
    return form;
  }
}

function attribute(tag, name) {
  const value = tag.match(new RegExp(`\\b${name}=['"]([^'"]*)['"]`))?.[1];
  return value?.replace(/&#(x?)([0-9a-f]+);/gi, (_, hex, code) => String.fromCodePoint(parseInt(code, hex ? 16 : 10)))
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

async function describe(url) {
  const xml = await (await fetch(url)).text();
  const pem = xml.match(/<X509Certificate>([^<]+)</)[1];
  const passive = xml.match(/PassiveRequestorEndpoint>.*?<wsa:Address>([^<]+)</s)[1];
  const certificate = new X509Certificate(Buffer.from(pem, 'base64'));
  return { passive, thumbprint: createHash('sha1').update(certificate.raw).digest('hex'), certificate };
}

function relyingParty(service, realm, more) {
  return new Strategy(
    { realm, identityProviderUrl: service.passive, wreply: reply, homeRealm: '', thumbprints: [service.thumbprint], ...more },
    (profile, done) => done(null, profile),
  );
}

// What the strategy does with a request: where it redirects to, or whom it lets in.
function authenticate(strategy, request, options = {}) {
  return new Promise((resolve, reject) => {
    const bound = Object.create(strategy);
    bound.redirect = (to) => resolve(to);
    bound.success = (profile) => resolve(profile);
    bound.fail = (why) => reject(why instanceof Error ? why : new Error(JSON.stringify(why)));
    bound.error = reject;
    bound.authenticate({ protocol: 'http', get: () => 'localhost:3000', originalUrl: '/wsfed', url: '/wsfed', ...request }, options);
  });
}

async function login(strategy, typed, browser = new Browser()) {
  const ask = await authenticate(strategy, { method: 'GET', query: {} }, { wctx: 'rm=0&id=passive' });
  const answer = await browser.open(ask, typed);
  if (answer.to !== reply) throw new Error(`sent to ${answer.to}: ${answer.text}`);
  if (answer.fields.wctx !== 'rm=0&id=passive') throw new Error(`wctx is ${answer.fields.wctx}`);
  return answer.fields;
}

const arrive = (strategy, body) => authenticate(strategy, { method: 'POST', body });

async function refuses(promise, reason) {
  const said = await promise.then(() => undefined, (error) => String(error.message));
  if (said === undefined) throw new Error('it was let in');
  if (!reason.test(said)) throw new Error(`refused for something else: ${said}`);
}

function equal(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

async function management(method, path, body) {
  const form = { grant_type: 'client_credentials', client_id: 'acme-management', audience: `${base}/api/v2/` };
  form.client_secret = 'acme-management-secret-for-local-tests-only';
  const token = (await (await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })).json()).access_token;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${base}/api/v2${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json();
}

const atTenant = () => describe(`${base}/wsfed${metadataPath}`);

await checkAlone('passport-wsfed-saml2: somebody signs in with the tenant', async () => {
  const strategy = relyingParty(await atTenant(), 'urn:acme-wsfed-app');
  const profile = await arrive(strategy, await login(strategy, alice));
  equal([profile[`${claims}/emailaddress`], profile.issuer], ['alice@acme.example', `urn:${new URL(base).host}`]);
  equal(profile[`${claims}/nameidentifier`].startsWith('auth0|'), true);
});

await checkAlone('passport-wsfed-saml2: who is signed in comes back without a page', async () => {
  const strategy = relyingParty(await atTenant(), 'https://wsfed.acme.example/');
  const browser = new Browser();
  await login(strategy, alice, browser);
  const profile = await arrive(strategy, await login(strategy, undefined, browser));
  equal(profile[`${claims}/emailaddress`], 'alice@acme.example');
});

await checkAlone('passport-wsfed-saml2: what was changed on the way, or is for another realm or key, is refused', async () => {
  const service = await atTenant();
  const strategy = relyingParty(service, 'urn:acme-wsfed-app');
  const fields = await login(strategy, alice);
  const changed = { ...fields, wresult: fields.wresult.replaceAll('alice@acme.example', 'admin@acme.example') };
  await refuses(arrive(strategy, changed), /signature|digest/i);
  await refuses(arrive(relyingParty(service, 'urn:other'), fields), /audience/i);
  await refuses(arrive(relyingParty({ ...service, thumbprint: '0'.repeat(40) }, 'urn:acme-wsfed-app'), fields), /thumbprint/i);
  await arrive(strategy, fields);
});

await checkAlone('passport-wsfed-saml2: who may not come in is told by a fault', async () => {
  const strategy = relyingParty(await atTenant(), 'urn:acme-wsfed-app');
  const [{ user_id: id }] = await management('GET', '/users-by-email?email=alice%40acme.example');
  await management('PATCH', `/users/${encodeURIComponent(id)}`, { blocked: true });
  await refuses(arrive(strategy, await login(strategy, alice)), /user is blocked/);
});

await checkAlone('passport-wsfed-saml2: somebody of the directory signs in at the fake AD FS', async () => {
  const strategy = relyingParty(await describe(`${base}/_upstreams/adfs${metadataPath}`), 'urn:rp.example');
  const profile = await arrive(strategy, await login(strategy, john));
  equal([profile[`${claims}/upn`], profile[`${claims}/name`]], ['jdoe@acme.example', 'John Doe']);
  equal(profile['http://schemas.xmlsoap.org/claims/Group'].includes('Engineering'), true);
  equal(profile[`${claims}/nameidentifier`], 'jdoe@acme.example');
});

// What the token service signs with.
const folder = mkdtempSync(path.join(process.env.PICTURES ?? tmpdir(), 'wsfed-'));
const files = ['other.key', 'other.pem'].map((name) => path.join(folder, name));
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=other.example', '-keyout', files[0], '-out', files[1]], { stdio: 'ignore' });
const [own, cert] = files.map((file) => readFileSync(file));

// A token service of somebody else's, at which somebody is always signed in, or refused.
function tokenService(key, refuses) {
  const user = { id: '4711', displayName: 'Olga Other', emails: [{ value: 'olga@other.example' }], name: { givenName: 'Olga', familyName: 'Other' } };
  const app = express();
  app.get(metadataPath, wsfed.metadata({ issuer: 'urn:other.example', cert: cert.toString(), endpointPath: '/wsfed' }));
  const getPostURL = (_, wreply, __, done) => done(null, wreply);
  const options = { issuer: 'urn:other.example', cert, key, getPostURL, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' };
  app.get('/wsfed', (request, response, next) => {
    request.user = user;
    if (!refuses) return next();
    const fault = { code: 'fed:NoMatch', description: 'not you' };
    wsfed.sendError({ wctx: request.query.wctx, fault, getPostURL: (_, done) => done(null, request.query.wreply) })(request, response, next);
  }, wsfed.auth(options));
  return serve('http', app);
}

async function connection(options) {
  await management('POST', '/connections', { name: 'other-adfs', strategy: 'adfs', options, enabled_clients: ['acme-web'] });
  const query = new URLSearchParams({ client_id: 'acme-web', response_type: 'code', scope: 'openid', connection: 'other-adfs', redirect_uri: 'http://localhost:3000/callback' });
  const answer = await new Browser().open(`${base}/authorize?${query}`);
  return new URL(answer.to).searchParams;
}

await checkAlone('wsfed: its people sign in to the tenant, which loads its metadata', async () => {
  const at = await tokenService(own);
  const answer = await connection({ adfs_server: `${at}${metadataPath}` });
  equal([answer.has('code'), answer.get('error_description')], [true, null]);
  const [user] = await management('GET', '/users-by-email?email=olga%40other.example');
  equal([user.user_id, user.name, user.given_name], ['adfs|other-adfs|4711', 'Olga Other', 'Olga']);
});

await checkAlone('wsfed: a token that is signed with another key is refused', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const at = await tokenService(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const answer = await connection({ adfs_server: `${at}${metadataPath}` });
  equal([answer.get('code'), answer.get('error')], [null, 'access_denied']);
});

await checkAlone('wsfed: its refusal reaches the app', async () => {
  const at = await tokenService(own, true);
  const answer = await connection({ adfs_server: `${at}${metadataPath}` });
  equal([answer.get('error'), answer.get('error_description')], ['access_denied', 'not you']);
});

finish();
