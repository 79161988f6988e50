// Signing in by the hooks that people's own browser tests use, and on the fakes' own pages.

import assert from 'node:assert/strict';

export const ALICE = { email: 'alice@acme.example', password: 'Passw0rd!alice' };

/** Fills in the login form and sends it. */
export async function signInWithPassword(page, { email, password } = ALICE) {
  const form = page.locator('form[data-form-primary="true"]');
  await form.locator('input#username[name=username]').fill(email);
  await form.locator('input#password[name=password][type=password]').fill(password);
  await form.locator('button[type=submit][name=action][value=default][data-action-button-primary="true"]').click();
}

/** Chooses a provider on the login page. */
export async function continueWith(page, provider) {
  const form = page.locator(`form[method=post][data-provider="${provider}"][data-form-secondary="true"]`);
  await form.locator('button[type=submit][data-action-button-secondary="true"]').click();
}

/** Asserts that the page is the tenant's login page, as a signed-out person meets it. */
export async function isLoginPage(page) {
  await page.locator('form[data-form-primary="true"]').waitFor();
  assert.match(new URL(page.url()).pathname, /^\/u\/login$/);
}

/** Chooses the first account of the fake's chooser, and returns the text that it is shown with. */
export async function choose(page) {
  const account = page.locator('button[data-account]').first();
  const text = await account.textContent();
  await account.click();
  return text;
}

/** Allows what the fake's consent page asks. */
export async function allow(page) {
  await page.locator('button[name=action][value=accept]').click();
}

/** Goes back from the fake's consent page without allowing anything. */
export async function decline(page) {
  await page.locator('button[name=action][value=deny]').click();
}
