// What the suites about SAML at the tenant share: a browser that goes through the tenant's pages, the Management API, keys.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tenant } from './suite.mjs';

const base = tenant('http');
const alice = { username: 'alice@acme.example', password: 'Passw0rd!alice', action: 'default' };

/** Goes through the tenant's pages as Alice, and stops where it would leave them, or at a page without a form. */
export class Visitor {
  #cookies = new Map();

  async open(url, fields) {
    for (let pages = 0; pages < 15; pages += 1) {
      const answer = await this.#ask(url, fields);
      const text = await answer.text();
      const location = answer.headers.get('location');
      if (location) {
        const next = new URL(location, url);
        const [to, query] = [next.href.split('?')[0], next.search.slice(1)];
        if (!next.href.startsWith(base)) return { to, query, fields: Object.fromEntries(next.searchParams) };
        [url, fields] = [next.href, undefined];
        continue;
      }
      if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
      const form = formOf(text);
      if (!form) return { to: url, page: text };
      fields = 'password' in form.fields ? { ...form.fields, ...alice } : form.fields;
      url = new URL(form.action || url, url).href;
      if (!url.startsWith(base)) return { to: url, fields };
    }
    throw new Error(`too many pages, the last of them ${url}`);
  }

  authorize(more) {
    const asked = { client_id: 'acme-web', response_type: 'code', redirect_uri: 'http://localhost:3000/cb', ...more };
    return this.open(`${base}/authorize?${new URLSearchParams(asked)}`);
  }

  /** Whether the tenant knows the person without asking. */
  async isSignedIn() {
    const { fields } = await this.authorize({ prompt: 'none' });
    if ('code' in fields) return true;
    equal(fields.error, 'login_required');
    return false;
  }

  async #ask(url, fields) {
    const headers = { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') };
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(url, { method: fields ? 'POST' : 'GET', headers, body, redirect: 'manual' });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return answer;
  }
}

function formOf(html) {
  const tag = html.match(/<form[^>]*>/)?.[0];
  if (!tag) return undefined;
  const inputs = [...html.slice(html.indexOf(tag)).split('</form>')[0].matchAll(/<input[^>]*>/g)].map(([input]) => input);
  const attribute = (of, name) => plain(of.match(new RegExp(` ${name}="([^"]*)"`))?.[1] ?? '');
  const named = inputs.filter((input) => attribute(input, 'name'));
  const fields = Object.fromEntries(named.map((input) => [attribute(input, 'name'), attribute(input, 'value')]));
  return { action: attribute(tag, 'action'), fields };
}

function plain(html) {
  return html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll('&amp;', '&');
}

/** Asks the Management API. */
export async function management(method, where, body) {
  const asked = {
    grant_type: 'client_credentials',
    client_id: 'acme-management',
    client_secret: 'acme-management-secret-for-local-tests-only',
    audience: `${base}/api/v2/`,
  };
  const granted = await fetch(`${base}/oauth/token`, { method: 'POST', body: new URLSearchParams(asked) });
  const { access_token: token } = await granted.json();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${base}/api/v2${where}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${where} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Sets up the client's add-on. */
export function addon(settings) {
  return management('PATCH', '/clients/acme-saml-app', { addons: { samlp: settings } });
}

/** What the tenant publishes for the client's service provider. */
export async function metadata() {
  return (await fetch(`${base}/samlp/metadata/acme-saml-app`)).text();
}

export function equal(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

export async function refuses(promise, reason) {
  const said = await promise.then(
    () => undefined,
    (error) => String(error?.message ?? error),
  );
  if (said === undefined) throw new Error('it was let in');
  if (!reason.test(said)) throw new Error(`refused for something else: ${said}`);
}

/** A new key and its certificate, both in PEM. */
export function pair(subject) {
  const folder = mkdtempSync(path.join(process.env.PICTURES ?? tmpdir(), 'pair.'));
  const [key, certificate] = ['key', 'pem'].map((name) => path.join(folder, name));
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${subject}`];
  execFileSync('openssl', [...how, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}

/** The message in what is posted. */
export function xmlOf({ SAMLResponse }) {
  return Buffer.from(SAMLResponse, 'base64').toString();
}
