// What the suites in JavaScript share: a line a check, a browser, a server for the app.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

let failures = 0;

/**
 * Runs one check, with a browser context of its own and the tenant as its fixture has it, and prints how it went.
 * A failure leaves a picture of the page.
 */
export async function check(browser, name, body) {
  await reset();
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const console_ = [];
  page.on('console', (message) => console_.push(message.text()));
  page.on('pageerror', (error) => console_.push(String(error)));
  try {
    await body(page);
    console.log(`ok - ${name}`);
  } catch (error) {
    failed(name, `${error.stack ?? error}\nat ${page.url()}\n${console_.join('\n')}`);
    const picture = path.join(process.env.PICTURES ?? tmpdir(), `${name.replace(/\W+/g, '-')}.png`);
    await page.screenshot({ path: picture, timeout: 5_000 }).catch(() => {});
  } finally {
    await context.close();
  }
}

/** The same for a check without a browser. */
export async function checkAlone(name, body) {
  await reset();
  try {
    await body();
    console.log(`ok - ${name}`);
  } catch (error) {
    failed(name, `${error.stack ?? error}`);
  }
}

function failed(name, why) {
  failures += 1;
  console.log(`not ok - ${name}`);
  console.log(indent(why));
}

/** To be called last: ends the process, with 1 if a check failed. */
export function finish() {
  process.exit(failures === 0 ? 0 : 1);
}

/** Debian's Chromium. It trusts what the NSS database of $HOME does. */
export async function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Serves `handler` at `https://localhost:PORT` or `http://…` and returns that address. */
export async function serve(scheme, handler) {
  const certificate = () => ({
    cert: readFileSync(process.env.APP_CERTIFICATE),
    key: readFileSync(process.env.APP_KEY),
  });
  const server = scheme === 'https' ? https.createServer(certificate(), handler) : http.createServer(handler);
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return `${scheme}://localhost:${server.address().port}`;
}

/** The tenant's address for a scheme, without a slash at the end. */
export function tenant(scheme) {
  return scheme === 'https' ? process.env.TENANT_HTTPS : process.env.TENANT_HTTP;
}

async function reset() {
  const answer = await fetch(`${tenant('http')}/_impostor/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`reset answered ${answer.status}: ${await answer.text()}`);
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, '    ');
}
