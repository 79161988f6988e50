// node-saml and samlify as service providers of the tenant.

import { SAML } from '@node-saml/node-saml';
import samlify from 'samlify';
import { Visitor, addon, equal, metadata, pair, refuses, xmlOf } from './saml_visitor.mjs';
import { checkAlone, finish, tenant } from './suite.mjs';

const base = tenant('http');
const acs = 'http://localhost:3000/saml/acs';
const goodbye = 'http://localhost:3000/saml/slo';
const email = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const alice = 'alice@acme.example';
const newer = { signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256' };
const { post } = samlify.Constants.namespace.binding;
const own = pair('sp.example');
const strangers = pair('stranger.example');

// node-saml as service provider

async function nodeSaml(more) {
  const described = await metadata();
  const found = (expression) => described.match(expression)[1];
  return new SAML({
    idpCert: found(/<X509Certificate>([^<]+)</),
    idpIssuer: found(/entityID="([^"]+)"/),
    entryPoint: found(/<SingleSignOnService Binding="[^"]*HTTP-Redirect" Location="([^"]+)"/),
    logoutUrl: found(/<SingleLogoutService Binding="[^"]*HTTP-Redirect" Location="([^"]+)"/),
    issuer: 'urn:node-saml.example',
    callbackUrl: acs,
    privateKey: own.key,
    decryptionPvk: own.key,
    signatureAlgorithm: 'sha256',
    wantAuthnResponseSigned: false,
    validateInResponseTo: 'always',
    ...more,
  });
}

async function answered(saml, binding = 'HTTP-Redirect', visitor = new Visitor()) {
  let left;
  if (binding === 'HTTP-POST') {
    left = await visitor.open(`${base}/samlp/acme-saml-app`, await saml.getAuthorizeMessageAsync('there', undefined, {}));
  } else {
    left = await visitor.open(await saml.getAuthorizeUrlAsync('there', undefined, {}));
  }
  equal([left.to, left.fields.RelayState], [acs, 'there']);
  return left.fields;
}

async function isAlice(saml, fields) {
  const { profile } = await saml.validatePostResponseAsync(fields);
  equal([profile[email], profile.nameID.split('|')[0]], [alice, 'auth0']);
  return profile;
}

for (const [name, settings, options] of [
  ['as the add-on does by itself', {}, {}],
  ['with SHA-256', newer, {}],
  ['with a signed response', { ...newer, signResponse: true }, { wantAuthnResponseSigned: true, wantAssertionsSigned: false }],
  ['with an assertion encrypted by AES-256-CBC', { encryptionCert: own.certificate, encryptionAlgorithm: 'aes256-cbc' }, {}],
  ['with an assertion encrypted by AES-256-GCM', { encryptionCert: own.certificate, encryptionAlgorithm: 'aes256-gcm' }, {}],
]) {
  await checkAlone(`node-saml at the tenant: signs in ${name}`, async () => {
    await addon(settings);
    const saml = await nodeSaml(options);
    const fields = await answered(saml);
    equal(xmlOf(fields).includes('EncryptedAssertion'), 'encryptionCert' in settings);
    await isAlice(saml, fields);
  });
}

for (const binding of ['HTTP-Redirect', 'HTTP-POST']) {
  await checkAlone(`node-saml at the tenant: signs its requests by ${binding}`, async () => {
    await addon({ signingCert: own.certificate });
    const how = { authnRequestBinding: binding, skipRequestCompression: binding === 'HTTP-POST' };
    const saml = await nodeSaml(how);
    await isAlice(saml, await answered(saml, binding));
    await refuses(answered(await nodeSaml({ ...how, privateKey: strangers.key }), binding), /signature/);
    await refuses(answered(await nodeSaml({ ...how, privateKey: undefined }), binding), /signed/);
  });
}

await checkAlone('node-saml at the tenant: refuses a response of another key', async () => {
  const saml = await nodeSaml();
  await addon({ cert: strangers.certificate, key: strangers.key });
  await refuses(saml.validatePostResponseAsync(await answered(saml)), /Invalid signature/);
});

await checkAlone('node-saml at the tenant: hears that nobody is signed in', async () => {
  const saml = await nodeSaml({ passive: true });
  // It wants this status signed, which the tenant does only where whole responses are.
  await refuses(saml.validatePostResponseAsync(await answered(saml)), /NoPassive/);
  await addon({ signResponse: true });
  equal(await saml.validatePostResponseAsync(await answered(saml)), { profile: null, loggedOut: false });
});

for (const binding of ['HTTP-Redirect', 'HTTP-POST']) {
  await checkAlone(`node-saml at the tenant: signs out, and is answered by ${binding}`, async () => {
    await addon({ signingCert: own.certificate, logout: { callback: goodbye }, binding: `urn:oasis:names:tc:SAML:2.0:bindings:${binding}` });
    // Of what is posted it looks for the request in responses to logins alone.
    const saml = await nodeSaml({ validateInResponseTo: binding === 'HTTP-POST' ? 'ifPresent' : 'always' });
    const visitor = new Visitor();
    const profile = await isAlice(saml, await answered(saml, undefined, visitor));
    equal(await visitor.isSignedIn(), true);
    const { to, fields, query } = await visitor.open(await saml.getLogoutUrlAsync(profile, 'there', {}));
    equal([to, fields.RelayState, 'Signature' in fields], [goodbye, 'there', binding === 'HTTP-Redirect']);
    const read = binding === 'HTTP-POST' ? saml.validatePostResponseAsync(fields) : saml.validateRedirectAsync(fields, query);
    equal((await read).loggedOut, true);
    equal(await visitor.isSignedIn(), false);
  });
}

// samlify as service provider

samlify.setSchemaValidator({ validate: async () => 'there is none' });

function samlifyApp(more) {
  return samlify.ServiceProvider({
    entityID: 'urn:samlify.example',
    privateKey: own.key,
    encPrivateKey: own.key,
    signingCert: own.certificate,
    wantAssertionsSigned: true,
    wantLogoutResponseSigned: true,
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    assertionConsumerService: [{ Binding: post, Location: acs }],
    singleLogoutService: [{ Binding: post, Location: goodbye }],
    ...more,
  });
}

async function samlifyLogin(app, provider, visitor = new Visitor()) {
  const { id, context } = app.createLoginRequest(provider, 'redirect');
  const { to, fields } = await visitor.open(context);
  equal(to, acs);
  const { extract } = await app.parseLoginResponse(provider, 'post', { body: fields });
  equal([extract.attributes[email], extract.response.inResponseTo], [alice, id]);
  return extract;
}

for (const [name, settings, more, how] of [
  ['as the add-on does by itself', {}, {}, {}],
  ['with a signed response and SHA-256', { ...newer, signResponse: true }, {}, {}],
  ['with an encrypted assertion', { encryptionCert: own.certificate }, {}, { isAssertionEncrypted: true }],
  ['with a signed request', { signingCert: own.certificate }, { authnRequestsSigned: true }, {}],
]) {
  await checkAlone(`samlify at the tenant: reads the metadata and signs in ${name}`, async () => {
    await addon(settings);
    await samlifyLogin(samlifyApp(more), samlify.IdentityProvider({ metadata: await metadata(), ...how }));
  });
}

await checkAlone('samlify at the tenant: sends a signed request by POST', async () => {
  await addon({ signingCert: own.certificate });
  const [app, provider] = [samlifyApp({ authnRequestsSigned: true }), samlify.IdentityProvider({ metadata: await metadata() })];
  const request = app.createLoginRequest(provider, 'post', { relayState: 'there' });
  const { to, fields } = await new Visitor().open(request.entityEndpoint, { SAMLRequest: request.context, RelayState: 'there' });
  equal([to, fields.RelayState], [acs, 'there']);
  const { extract } = await app.parseLoginResponse(provider, 'post', { body: fields });
  equal([extract.attributes[email], extract.response.inResponseTo], [alice, request.id]);
});

await checkAlone('samlify at the tenant: refuses a response of another key', async () => {
  const provider = samlify.IdentityProvider({ metadata: await metadata() });
  await addon({ cert: strangers.certificate, key: strangers.key });
  await refuses(samlifyLogin(samlifyApp(), provider), /CERTIFICATE/);
});

await checkAlone('samlify at the tenant: signs out, and is answered', async () => {
  await addon({ logout: { callback: goodbye } });
  const [app, visitor] = [samlifyApp(), new Visitor()];
  const provider = samlify.IdentityProvider({ metadata: await metadata() });
  const { nameID, sessionIndex } = await samlifyLogin(app, provider, visitor);
  const { id, context } = app.createLogoutRequest(provider, 'redirect', { logoutNameID: nameID, sessionIndex: sessionIndex.sessionIndex });
  const { to, fields } = await visitor.open(context);
  equal(to, goodbye);
  const { extract } = await app.parseLogoutResponse(provider, 'post', { body: fields });
  equal(extract.response.inResponseTo, id);
  equal(await visitor.isSignedIn(), false);
});

finish();
