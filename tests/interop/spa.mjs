// @auth0/auth0-spa-js in Chromium: app and tenant on https, then both on http.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { check, finish, launch, serve, tenant } from './suite.mjs';
import { ALICE, allow, choose, continueWith, decline, isLoginPage, signInWithPassword } from './people.mjs';

const API = 'https://api.acme.example/';
const FILES = {
  '/': ['text/html', './app/index.html'],
  '/app.js': ['text/javascript', './app/app.js'],
  '/auth0-spa-js.js': ['text/javascript', './node_modules/@auth0/auth0-spa-js/dist/auth0-spa-js.production.js'],
};

function serveApp(request, response) {
  const [type, file] = FILES[new URL(request.url, 'http://localhost').pathname] ?? [];
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { 'Content-Type': type }).end(readFileSync(new URL(file, import.meta.url)));
}

/** The user that the app shows, once it shows one. */
async function signedIn(page) {
  await page.waitForFunction(() => /signed in|failed/.test(document.querySelector('#state')?.textContent));
  assert.equal(await page.textContent('#state'), 'signed in');
  return JSON.parse(await page.textContent('#user'));
}

async function signedOut(page) {
  await page.waitForFunction(() => /signed out|failed/.test(document.querySelector('#state')?.textContent));
  assert.equal(await page.textContent('#state'), 'signed out');
}

const payload = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));

const browser = await launch();
for (const scheme of ['https', 'http']) {
  const issuer = `${tenant(scheme)}/`;
  // The SDK adds https:// to a bare domain and takes one that begins with http:// as it is.
  const domain = scheme === 'https' ? new URL(issuer).host : tenant(scheme);
  const app = await serve(scheme, serveApp);

  const open = async (page, refreshTokens = 'no') => {
    await page.goto(`${app}/?domain=${encodeURIComponent(domain)}&refresh_tokens=${refreshTokens}`);
    await signedOut(page);
  };
  const login = (page, parameters) => page.evaluate((given) => void window.app.login(given), parameters);

  await check(browser, `spa/${scheme}: a database user signs in by redirect`, async (page) => {
    await open(page);
    await login(page);
    await isLoginPage(page);
    await signInWithPassword(page);
    const user = await signedIn(page);
    assert.equal(user.email, ALICE.email);
    assert.match(user.sub, /^auth0\|/);
    const claims = await page.evaluate(() => window.app.claims());
    assert.equal(claims.iss, issuer);
    assert.equal(claims.aud, 'acme-spa');
    assert.equal(await page.evaluate(() => window.app.appState.from), 'here');
  });

  await check(browser, `spa/${scheme}: a wrong password is told on the page, and the right one then works`, async (page) => {
    await open(page);
    await login(page, { login_hint: ALICE.email });
    await isLoginPage(page);
    assert.equal(await page.inputValue('input#username'), ALICE.email);
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await signInWithPassword(page, { ...ALICE, password: 'not this one' });
    assert.equal((await answer).status(), 400);
    const error = page.locator('span#error-element-password.ulp-input-error-message');
    assert.equal((await error.textContent()).trim(), 'Wrong email or password');
    assert.equal(await error.getAttribute('data-error-code'), 'wrong-email-credentials');
    assert.equal(await page.inputValue('input#password'), '');
    await signInWithPassword(page);
    assert.equal((await signedIn(page)).email, ALICE.email);
  });

  await check(browser, `spa/${scheme}: a refresh token gives new tokens, and is rotated`, async (page) => {
    await open(page, 'yes');
    await login(page);
    await signInWithPassword(page);
    const { sub } = await signedIn(page);
    const grants = [];
    page.on('request', (request) => {
      if (request.url() === `${issuer}oauth/token`) grants.push(new URLSearchParams(request.postData()));
      assert.ok(!request.url().includes('prompt=none'), 'no frame was needed');
    });
    for (const _ of [1, 2]) {
      const { access_token: token } = await page.evaluate(() => window.app.token());
      assert.equal(payload(token).sub, sub);
      assert.ok([payload(token).aud].flat().includes(API));
    }
    assert.deepEqual(grants.map((grant) => grant.get('grant_type')), ['refresh_token', 'refresh_token']);
    assert.notEqual(grants[0].get('refresh_token'), grants[1].get('refresh_token'));
  });

  await check(browser, `spa/${scheme}: a frame gives new tokens without a page`, async (page) => {
    await open(page);
    await login(page);
    await signInWithPassword(page);
    const { sub } = await signedIn(page);
    const frame = page.waitForResponse((response) => response.url().includes('response_mode=web_message'));
    const { access_token: token, id_token: idToken } = await page.evaluate(() => window.app.token());
    assert.equal(payload(token).sub, sub);
    assert.equal(payload(token).iss, issuer);
    assert.equal(payload(idToken).sub, sub);
    const headers = (await frame).headers();
    assert.equal(headers['x-frame-options'], undefined);
    assert.ok(!(headers['content-security-policy'] ?? '').includes('frame-ancestors'));
  });

  await check(browser, `spa/${scheme}: signed in once, no page is shown again`, async (page) => {
    await open(page);
    await login(page);
    await signInWithPassword(page);
    await signedIn(page);
    await open(page);
    await login(page);
    assert.equal((await signedIn(page)).email, ALICE.email);
    await open(page);
    await login(page, { prompt: 'login' });
    await isLoginPage(page);
  });

  await check(browser, `spa/${scheme}: after logout a frame gets login_required`, async (page) => {
    await open(page);
    await login(page);
    await signInWithPassword(page);
    await signedIn(page);
    await page.evaluate(() => void window.app.logout());
    await page.waitForURL(`${app}/`);
    await signedOut(page);
    assert.equal(await page.evaluate(() => window.app.silentError()), 'login_required');
    await login(page);
    await isLoginPage(page);
  });

  for (const { provider, strategy } of [
    { provider: 'google', strategy: 'google-oauth2' },
    { provider: 'facebook', strategy: 'facebook' },
  ]) {
    await check(browser, `spa/${scheme}: a person signs in with ${provider}`, async (page) => {
      await open(page);
      await login(page);
      await continueWith(page, provider);
      const chosen = await choose(page);
      await allow(page);
      const user = await signedIn(page);
      assert.ok(user.sub.startsWith(`${strategy}|`), user.sub);
      assert.ok(user.name && chosen.includes(user.name), `${user.name} is who was chosen: ${chosen}`);
      const { access_token: token } = await page.evaluate(() => window.app.token());
      assert.equal(payload(token).sub, user.sub);
    });

    await check(browser, `spa/${scheme}: with connection=${strategy} no login page is shown`, async (page) => {
      await open(page);
      await login(page, { connection: strategy });
      await choose(page);
      assert.equal(new URL(page.url()).pathname.startsWith(`/_upstreams/${provider}/`), true, page.url());
      await allow(page);
      assert.ok((await signedIn(page)).sub.startsWith(`${strategy}|`));
    });

    await check(browser, `spa/${scheme}: who allowed it once is not asked again by ${provider}`, async (page) => {
      await open(page);
      await login(page, { connection: strategy });
      await choose(page);
      await allow(page);
      const { sub } = await signedIn(page);
      await page.context().clearCookies();
      await open(page);
      await login(page, { connection: strategy });
      await choose(page);
      assert.equal((await signedIn(page)).sub, sub);
    });

    await check(browser, `spa/${scheme}: who declines at ${provider} comes back with an error`, async (page) => {
      await open(page);
      await login(page, { connection: strategy });
      await choose(page);
      await decline(page);
      await page.waitForFunction(() => /failed/.test(document.querySelector('#state')?.textContent));
      assert.match(await page.textContent('#state'), /failed: (access_denied|unauthorized) /);
    });
  }
}
await browser.close();
finish();
