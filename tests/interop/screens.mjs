// Pictures of every page that a person meets, at phone and desktop width, light and dark, to be looked at.
//
//   node tests/interop/screens.mjs http://localhost:4480 OUTDIR [PAGE]…
//
// Of a running impostor with the tenant `acme`. Run `tests/interop/run` once before, or `npm ci` here: it needs playwright-core.
// Writes OUTDIR/PAGE-phone-light.png and so on, for all pages or those named. No part of CI.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ALICE, choose, continueWith, signInWithPassword } from './people.mjs';
import { launch } from './suite.mjs';

const [base, folder, ...wanted] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node screens.mjs http://localhost:4480 OUTDIR [PAGE]…');
  process.exit(2);
}

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** Opens `/authorize` for an app on whose address nothing listens. */
const authorize = (page, parameters = {}) => {
  const query = new URLSearchParams({
    client_id: 'acme-web',
    response_type: 'code',
    redirect_uri: 'http://localhost:4999/callback',
    scope: 'openid profile email offline_access',
    state: 'of the app',
    ...parameters,
  });
  return page.goto(`${base}/authorize?${query}`);
};

const PAGES = {
  start: (page) => page.goto(`${base}/`),
  login: (page) => authorize(page),
  'login-wrong-password': async (page) => {
    await authorize(page);
    await signInWithPassword(page, { ...ALICE, password: 'not this one' });
    await page.locator('#error-element-password').waitFor();
  },
  signup: (page) => authorize(page, { screen_hint: 'signup' }),
  'signup-weak-password': async (page) => {
    await authorize(page, { screen_hint: 'signup' });
    await page.fill('input#email', 'new@acme.example');
    await page.fill('input#password', 'abc');
    await page.click('button[data-action-button-primary="true"]');
    await page.locator('#error-element-password').waitFor();
  },
  consent: async (page) => {
    await authorize(page, { prompt: 'consent' });
    await signInWithPassword(page);
    await page.locator('button[name=action][value=accept]').waitFor();
  },
  'error-unknown-client': (page) => authorize(page, { client_id: 'nobody' }),
  'error-callback': (page) => authorize(page, { redirect_uri: 'https://elsewhere.example/' }),
};
for (const provider of ['google', 'facebook']) {
  PAGES[`${provider}-chooser`] = async (page) => {
    await authorize(page);
    await continueWith(page, provider);
    await page.locator('button[data-account]').first().waitFor();
  };
  PAGES[`${provider}-consent`] = async (page) => {
    await PAGES[`${provider}-chooser`](page);
    await choose(page);
    await page.locator('button[name=action][value=accept]').waitFor();
  };
}

mkdirSync(folder, { recursive: true });
const browser = await launch();
let failures = 0;
for (const [name, open] of Object.entries(PAGES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport, colorScheme, ignoreHTTPSErrors: true });
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      const file = path.join(folder, `${name}-${size}-${colorScheme}.png`);
      try {
        await open(page);
      } catch (error) {
        failures += 1;
        console.error(`${name}, ${size}, ${colorScheme}: ${error.message}`);
      }
      await page.screenshot({ path: file, fullPage: true });
      console.log(file);
      await context.close();
    }
  }
}
await browser.close();
process.exit(failures === 0 ? 0 : 1);
