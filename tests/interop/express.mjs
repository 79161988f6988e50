// express-openid-connect: a server-side app on https, its answers posted back to it, signed out at the tenant too.

import assert from 'node:assert/strict';
import express from 'express';
import openid from 'express-openid-connect';
import { check, finish, launch, serve, tenant } from './suite.mjs';
import { ALICE, isLoginPage, signInWithPassword } from './people.mjs';

const { auth, requiresAuth } = openid;
const API = 'https://api.acme.example/';

/** An app as a reader of the library's manual would write it. */
async function startApp(authorizationParams) {
  const site = express();
  const baseURL = await serve('https', site);
  site.use(
    auth({
      baseURL,
      issuerBaseURL: tenant('https'),
      clientID: 'acme-web',
      clientSecret: 'acme-web-secret-for-local-tests-only',
      secret: 'what the app seals its own cookies with',
      authRequired: false,
      auth0Logout: true,
      authorizationParams,
    }),
  );
  site.get('/', (request, response) => response.send(request.oidc.isAuthenticated() ? 'signed in' : 'signed out'));
  site.get('/profile', requiresAuth(), async (request, response) => {
    response.json({ claims: request.oidc.user, userinfo: await request.oidc.fetchUserInfo() });
  });
  site.get('/refreshed', requiresAuth(), async (request, response) => {
    const { access_token: accessToken } = await request.oidc.accessToken.refresh();
    response.json({ accessToken, before: request.oidc.idTokenClaims });
  });
  site.use((error, _request, response, _next) => {
    response.status(error.status ?? 500).send(`${error.error ?? ''} ${error.error_description ?? error.stack}`);
  });
  return baseURL;
}

const json = async (page) => JSON.parse(await page.textContent('body'));

const browser = await launch();
for (const response_mode of ['form_post', 'query']) {
  const app = await startApp({
    response_type: 'code',
    response_mode,
    audience: API,
    scope: 'openid profile email offline_access',
  });

  await check(browser, `express/${response_mode}: a guarded page asks to sign in and is then shown`, async (page) => {
    const callback = page.waitForRequest((request) => request.url().startsWith(`${app}/callback`));
    await page.goto(`${app}/profile`);
    await isLoginPage(page);
    await signInWithPassword(page);
    await page.waitForURL(`${app}/profile`);
    assert.equal((await callback).method(), response_mode === 'form_post' ? 'POST' : 'GET');
    const { claims, userinfo } = await json(page);
    assert.equal(claims.email, ALICE.email);
    assert.equal(claims.email_verified, true);
    assert.equal(userinfo.sub, claims.sub);
    assert.equal(userinfo.email, ALICE.email);
  });

  await check(browser, `express/${response_mode}: the access token is refreshed`, async (page) => {
    await page.goto(`${app}/login`);
    await signInWithPassword(page);
    await page.waitForURL(`${app}/`);
    await page.goto(`${app}/refreshed`);
    assert.equal((await json(page)).accessToken.split('.').length, 3);
  });

  await check(browser, `express/${response_mode}: who logs out is signed out of app and tenant`, async (page) => {
    await page.goto(`${app}/login`);
    await signInWithPassword(page);
    await page.waitForURL(`${app}/`);
    assert.equal(await page.textContent('body'), 'signed in');
    const atTenant = page.waitForRequest((request) => request.url().startsWith(`${tenant('https')}/v2/logout`));
    await page.goto(`${app}/logout`);
    await atTenant;
    await page.waitForURL(app + '/');
    assert.equal(await page.textContent('body'), 'signed out');
    await page.goto(`${app}/login`);
    await isLoginPage(page);
  });
}
await browser.close();
finish();
