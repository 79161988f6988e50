// samlify as the identity provider of one of the tenant's connections.

import samlify from 'samlify';
import { Visitor, equal, management, pair, refuses, xmlOf } from './saml_visitor.mjs';
import { checkAlone, finish, tenant } from './suite.mjs';

const base = tenant('http');
const email = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress';
const { redirect } = samlify.Constants.namespace.binding;
const own = pair('idp.example');
const strangers = pair('stranger.example');
samlify.setSchemaValidator({ validate: async () => 'there is none' });

// Its own template says nothing of how somebody signed in, which every response to a login must (SAML 2.0 Profiles §4.1.4.2).
const statement =
  '<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{AssertionID}"><saml:AuthnContext><saml:AuthnContextClassRef>' +
  'urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>';
const template = samlify.SamlLib.defaultLoginResponseTemplate.context.replace('{AuthnStatement}', statement);

function identityProvider(more) {
  return samlify.IdentityProvider({
    entityID: 'urn:samlify-idp.example',
    privateKey: own.key,
    signingCert: own.certificate,
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    nameIDFormat: ['urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
    singleSignOnService: [{ Binding: redirect, Location: 'https://idp.example/sso' }],
    singleLogoutService: [{ Binding: redirect, Location: 'https://idp.example/slo' }],
    loginResponseTemplate: {
      context: template,
      attributes: [{ name: email, valueTag: 'user.email', nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri', valueXsiType: 'xs:string' }],
    },
    ...more,
  });
}

/** A connection whose provider is described by its metadata, and that as a service provider, by its own. */
async function connect(provider, options, wantMessageSigned = true) {
  const connection = await management('POST', '/connections', {
    name: 'samlify',
    strategy: 'samlp',
    enabled_clients: ['acme-web'],
    options: { metadataXml: provider.getMetadata(), ...options },
  });
  equal(connection.options.signInEndpoint, 'https://idp.example/sso');
  const described = await (await fetch(`${base}/samlp/metadata?connection=samlify`)).text();
  return samlify.ServiceProvider({ metadata: described, wantMessageSigned });
}

/** Somebody comes by the connection, and is vouched for by `vouching`; what the app is told. */
async function vouched(provider, app, visitor, vouching = provider) {
  const { to, fields } = await visitor.authorize({ connection: 'samlify', scope: 'openid email', state: 's' });
  equal(to, 'https://idp.example/sso');
  const request = await provider.parseLoginRequest(app, 'redirect', { query: fields });
  const now = new Date();
  const values = {
    ID: vouching.entitySetting.generateID(),
    AssertionID: vouching.entitySetting.generateID(),
    Issuer: vouching.entityMeta.getEntityID(),
    Destination: app.entityMeta.getAssertionConsumerService('post'),
    SubjectRecipient: app.entityMeta.getAssertionConsumerService('post'),
    Audience: app.entityMeta.getEntityID(),
    IssueInstant: now.toISOString(),
    ConditionsNotBefore: now.toISOString(),
    ConditionsNotOnOrAfter: new Date(now.getTime() + 300_000).toISOString(),
    SubjectConfirmationDataNotOnOrAfter: new Date(now.getTime() + 300_000).toISOString(),
    StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    NameID: 'ana@corp.example',
    InResponseTo: request.extract.request.id,
    attrUserEmail: 'ana@corp.example',
  };
  const fill = (text) => ({ id: values.ID, context: samlify.SamlLib.replaceTagsByValue(text, values) });
  // Whatever is encrypted is encrypted before the message is signed.
  const how = { customTagReplacement: fill, encryptThenSign: true };
  const { context, entityEndpoint } = await vouching.createLoginResponse(app, request, 'post', {}, how);
  const xml = xmlOf({ SAMLResponse: context });
  equal(xml.includes('EncryptedAssertion'), vouching.entitySetting.isAssertionEncrypted === true);
  return visitor.open(entityEndpoint, { SAMLResponse: context, RelayState: fields.RelayState });
}

for (const [name, both] of [['its assertion', false], ['its assertion and the message', true]]) {
  await checkAlone(`samlify vouches for somebody at a connection, and signs ${name}`, async () => {
    const provider = identityProvider();
    const { to, fields } = await vouched(provider, await connect(provider, {}, both), new Visitor());
    equal([to, fields.state, fields.error_description], ['http://localhost:3000/cb', 's', undefined]);
    const users = await management('GET', '/users-by-email?email=ana@corp.example');
    equal(users.map((user) => user.user_id), ['samlp|samlify|ana@corp.example']);
  });
}

await checkAlone('samlify is asked with a signed request', async () => {
  const provider = identityProvider({ wantAuthnRequestsSigned: true });
  const app = await connect(provider, { signSAMLRequest: true });
  const { query } = await new Visitor().authorize({ connection: 'samlify', state: 's' });
  const fields = Object.fromEntries(new URLSearchParams(query));
  const octets = query.slice(0, query.indexOf('&Signature='));
  const read = (octetString) => provider.parseLoginRequest(app, 'redirect', { query: fields, octetString });
  equal((await read(octets)).extract.issuer, app.entityMeta.getEntityID());
  await refuses(read(`${octets}x`), /SIGNATURE/);
});

await checkAlone('samlify vouches with another key, and nobody gets in', async () => {
  const provider = identityProvider();
  const app = await connect(provider);
  const stranger = identityProvider({ privateKey: strangers.key, signingCert: strangers.certificate });
  const { fields } = await vouched(provider, app, new Visitor(), stranger);
  equal(fields.error, 'access_denied');
  // The key alone is the stranger's: the certificate that the response carries is the one that is trusted.
  const forger = identityProvider({ privateKey: strangers.key });
  equal((await vouched(provider, app, new Visitor(), forger)).fields.error, 'access_denied');
  equal(await management('GET', '/users-by-email?email=ana@corp.example'), []);
});

await checkAlone('samlify encrypts its assertions for a connection', async () => {
  const aes = samlify.Constants.algorithms.encryption.data;
  for (const dataEncryptionAlgorithm of [aes.AES_128, aes.AES_256, aes.AES_128_GCM]) {
    await management('GET', '/connections?name=samlify').then(([known]) => known && management('DELETE', `/connections/${known.id}`));
    const provider = identityProvider({
      isAssertionEncrypted: true,
      dataEncryptionAlgorithm,
      keyEncryptionAlgorithm: samlify.Constants.algorithms.encryption.key.RSA_OAEP_MGF1P,
    });
    const { fields } = await vouched(provider, await connect(provider), new Visitor());
    equal([dataEncryptionAlgorithm, 'code' in fields, fields.error_description], [dataEncryptionAlgorithm, true, undefined]);
  }
});

await checkAlone('samlify ends the session when the tenant does', async () => {
  const provider = identityProvider({ wantLogoutRequestSigned: true });
  const [app, visitor] = [await connect(provider, { signSAMLRequest: true }), new Visitor()];
  await vouched(provider, app, visitor);
  equal(await visitor.isSignedIn(), true);
  const { to, query } = await visitor.open(`${base}/v2/logout?federated&client_id=acme-web&returnTo=http://localhost:3000/`);
  equal(to, 'https://idp.example/slo');
  const fields = Object.fromEntries(new URLSearchParams(query));
  const octetString = query.slice(0, query.indexOf('&Signature='));
  const request = await provider.parseLogoutRequest(app, 'redirect', { query: fields, octetString });
  equal(request.extract.nameID, 'ana@corp.example');
  const answer = provider.createLogoutResponse(app, request, 'redirect', fields.RelayState);
  equal((await visitor.open(answer.context)).to, 'http://localhost:3000/');
  equal(await visitor.isSignedIn(), false);
});

finish();
