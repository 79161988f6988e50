// node-saml and samlify as an app's service providers at the fake SAML identity provider.

import { SAML } from '@node-saml/node-saml';
import { generateKeyPairSync } from 'node:crypto';
import * as samlify from 'samlify';
import { checkAlone, finish, tenant } from './suite.mjs';

const idp = `${tenant('http')}/_upstreams/saml/acme-saml`;
const callback = 'https://app.example/login/callback';
const goodbye = 'https://app.example/logout';
const account = 'sara@acme.example';
const email = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const metadata = await (await fetch(`${idp}/metadata`)).text();
const certificate = metadata.match(/<X509Certificate>([^<]+)</)[1];
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = privateKey.export({ type: 'pkcs8', format: 'pem' });

// A browser that goes to the provider's pages and stops where it would leave them.
class Browser {
  #cookie = '';
  text = '';

  async open(url, fields) {
    const headers = this.#cookie ? { cookie: this.#cookie } : {};
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(url, { method: fields ? 'POST' : 'GET', headers, body, redirect: 'manual' });
    this.#cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
    this.text = await answer.text();
    const location = answer.headers.get('location');
    if (location) return { to: location.split('?')[0], fields: Object.fromEntries(new URL(location).searchParams) };
    if (!answer.ok) throw new Error(`${answer.status}: ${this.text}`);
    const to = this.text.match(/<form[^>]* action="(https?:[^"]*)"/)?.[1];
    return to ? { to: plain(to), fields: this.#fields() } : undefined;
  }

  async signIn(url, fields) {
    const left = await this.open(url, fields);
    if (left) return left;
    const { flow } = this.#fields();
    return this.open(`${idp}/signin/chooser`, { flow, identifier: account });
  }

  #fields() {
    const inputs = [...this.text.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g)];
    return Object.fromEntries(inputs.map(([, name, value]) => [name, plain(value)]));
  }
}

function plain(html) {
  return html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll('&amp;', '&');
}

function equal(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

async function refuses(promise, reason) {
  const said = await promise.then(
    () => undefined,
    (error) => String(error?.message ?? error),
  );
  if (said === undefined) throw new Error('it was let in');
  if (!reason.test(said)) throw new Error(`refused for something else: ${said}`);
}

// A response that names somebody else beside the one who signed in.
function forged(fields) {
  const xml = Buffer.from(fields.SAMLResponse, 'base64').toString();
  if (!xml.includes('>admin@forged.example<') || !xml.includes(`>${account}<`)) throw new Error(xml);
}

// It is refused, or what was signed is read.
async function neverForged(promise) {
  const name = await promise.catch(() => account);
  equal(name, account);
}

async function goesWrong(form) {
  const body = JSON.stringify({ scope: { upstream: 'acme-saml' }, effect: { kind: 'wrong_response', form } });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${tenant('http')}/_impostor/faults`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}

function nodeSaml(more) {
  return new SAML({
    idpCert: certificate,
    idpIssuer: `${idp}/metadata`,
    entryPoint: `${idp}/sso`,
    logoutUrl: `${idp}/slo`,
    issuer: 'urn:node-saml.example',
    callbackUrl: callback,
    privateKey: key,
    signatureAlgorithm: 'sha256',
    wantAuthnResponseSigned: false,
    validateInResponseTo: 'always',
    ...more,
  });
}

async function response(saml, browser = new Browser()) {
  const { to, fields } = await browser.signIn(await saml.getAuthorizeUrlAsync('there', undefined, {}));
  equal([to, fields.RelayState], [callback, 'there']);
  return fields;
}

for (const binding of ['HTTP-Redirect', 'HTTP-POST']) {
  await checkAlone(`node-saml: signs in by ${binding}, with a signed request`, async () => {
    // By POST it would deflate, too, unless told not to.
    const saml = nodeSaml({ authnRequestBinding: binding, skipRequestCompression: binding === 'HTTP-POST' });
    let fields;
    if (binding === 'HTTP-POST') {
      const message = await saml.getAuthorizeMessageAsync('there', undefined, {});
      ({ fields } = await new Browser().signIn(`${idp}/sso`, message));
    } else {
      fields = await response(saml);
    }
    const { profile } = await saml.validatePostResponseAsync(fields);
    equal([profile.nameID, profile[email]], [account, account]);
    equal(profile.attributes['http://schemas.xmlsoap.org/claims/Group'], ['engineering', 'on-call']);
  });
}
await checkAlone('node-saml: a login begins at the provider', async () => {
  const query = new URLSearchParams({ sp: 'urn:node-saml.example', acs: callback });
  const { fields } = await new Browser().signIn(`${idp}/start?${query}`);
  const { profile } = await nodeSaml({ validateInResponseTo: 'ifPresent' }).validatePostResponseAsync(fields);
  equal(profile.nameID, account);
});
await checkAlone('node-saml: signs out, and is answered', async () => {
  const saml = nodeSaml();
  const browser = new Browser();
  const { profile } = await saml.validatePostResponseAsync(await response(saml, browser));
  const { to, fields } = await browser.open(await saml.getLogoutUrlAsync(profile, 'there', {}));
  equal([to, fields.RelayState], [goodbye, 'there']);
  const { loggedOut } = await saml.validateRedirectAsync(fields, new URLSearchParams(fields).toString());
  equal(loggedOut, true);
  equal(await browser.open(await saml.getAuthorizeUrlAsync('there', undefined, {})), undefined);
});
await checkAlone('node-saml: hears of a logout at the provider', async () => {
  const saml = nodeSaml();
  const browser = new Browser();
  await response(saml, browser);
  const { to, fields } = await browser.open(`${idp}/logout`);
  equal(to, goodbye);
  const { profile } = await saml.validateRedirectAsync(fields, new URLSearchParams(fields).toString());
  equal(profile.nameID, account);
  await browser.open(await saml.getLogoutResponseUrlAsync(profile, fields.RelayState, {}, true));
  if (!browser.text.includes('You are signed out, here and at the apps')) throw new Error(browser.text);
});
for (const [form, reason] of [
  ['unsigned', /Invalid signature/],
  ['wrong-key', /Invalid signature/],
  ['expired', /expired|subject confirmation/],
  ['not-yet-valid', /not yet valid/],
  ['wrong-audience', /audience mismatch/],
  ['wrong-in-response-to', /InResponseTo is not valid/],
  ['replayed', /InResponseTo is not valid/],
  ['external-entity', /NameID|DOCTYPE|entity|signature/i],
]) {
  await checkAlone(`node-saml: refuses a response that is ${form}`, async () => {
    const saml = nodeSaml();
    const before = await response(saml);
    const { profile } = await saml.validatePostResponseAsync(before);
    equal(profile.nameID, account);
    await goesWrong(form);
    await refuses(saml.validatePostResponseAsync(await response(saml)), reason);
  });
}

for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
  await checkAlone(`node-saml: takes nobody for the one whom form ${number} of wrapping forges`, async () => {
    const saml = nodeSaml();
    await goesWrong(`xsw${number}`);
    const fields = await response(saml);
    forged(fields);
    await neverForged(saml.validatePostResponseAsync(fields).then(({ profile }) => profile.nameID));
  });
}

samlify.setSchemaValidator({ validate: async () => 'there is none' });
const provider = samlify.IdentityProvider({ metadata });
const app = samlify.ServiceProvider({
  entityID: 'urn:samlify.example',
  privateKey: key,
  authnRequestsSigned: false,
  wantAssertionsSigned: true,
  assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: callback }],
  singleLogoutService: [{ Binding: samlify.Constants.namespace.binding.redirect, Location: goodbye }],
});

async function samlifyLogin() {
  const { id, context } = app.createLoginRequest(provider, 'redirect');
  const { to, fields } = await new Browser().signIn(context);
  equal(to, callback);
  return { id, fields, parsed: app.parseLoginResponse(provider, 'post', { body: fields }) };
}

await checkAlone('samlify: reads the metadata and signs in', async () => {
  const { id, parsed } = await samlifyLogin();
  const { extract } = await parsed;
  equal([extract.nameID, extract.attributes[email], extract.response.inResponseTo], [account, account, id]);
});
for (const form of ['unsigned', 'wrong-key', 'expired', 'not-yet-valid', 'wrong-issuer', 'external-entity']) {
  await checkAlone(`samlify: refuses a response that is ${form}`, async () => {
    await goesWrong(form);
    await refuses(samlifyLogin().then(({ parsed }) => parsed), /./);
  });
}
for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
  await checkAlone(`samlify: takes nobody for the one whom form ${number} of wrapping forges`, async () => {
    await goesWrong(`xsw${number}`);
    const { fields, parsed } = await samlifyLogin();
    forged(fields);
    await neverForged(parsed.then(({ extract }) => extract.nameID));
  });
}

finish();
