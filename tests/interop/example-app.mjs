// The example app, driven by its own features: green as it is, red with a readable reason once a bug is planted.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** What `impostor features` prints about the app, and its exit code. */
async function run(plant) {
  const app = `node ${join(here, 'example-app/app.mjs')}`;
  const url = `http://localhost:${await freePort()}`;
  const features = join(here, 'example-app/features');
  const env = { ...process.env, PLANT: plant };
  const { status, stdout, stderr } = spawnSync(
    process.env.IMPOSTOR_BIN,
    ['features', features, '--exec', app, '--app-url', url, '--client', 'acme-web'],
    { env, encoding: 'utf8', timeout: 120_000 },
  );
  return { status, told: `${stdout}${stderr}` };
}

let failed = false;
async function check(name, body) {
  try {
    await body();
    console.log(`ok - ${name}`);
  } catch (error) {
    failed = true;
    console.log(`not ok - ${name}\n${error.message}`);
  }
}

await check('example-app: its features are green', async () => {
  const { status, told } = await run('');
  assert.equal(status, 0, told);
  assert.match(told, /5 passed, 0 failed/);
});
await check('example-app: an address that nobody confirmed and that it trusts makes them red', async () => {
  const { status, told } = await run('address');
  assert.equal(status, 1, told);
  assert.match(told, /FAILED Somebody whose address nobody confirmed does not/);
  assert.match(told, /Confirm ana@people\.example first/);
  assert.match(told, /1 failed/);
});
await check('example-app: a greeting by the wrong claim makes them red', async () => {
  const { status, told } = await run('name');
  assert.equal(status, 1, told);
  assert.match(told, /Welcome, undefined/);
});
process.exit(failed ? 1 : 0);
