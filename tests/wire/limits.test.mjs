// SPDX-License-Identifier: AGPL-3.0-or-later
// Limits of one network, as a proxy in front says who asks: it is believed, and nobody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './client.mjs';
import { Server } from './server.mjs';

const TIMES = 60; // sign-ins within ten minutes from one network
const words = (n) => ({ email: `p${n}@example.org` });

// How many of that many requests to sign in are taken, each for another address.
async function taken(server, count, from) {
  let accepted = 0;
  for (let n = 0; n < count; n++) {
    const headers = from ? { 'x-forwarded-for': from(n) } : {};
    const { status } = await ask(server, '/sign-in', { fields: words(n), headers });
    assert.ok([200, 201, 303, 429].includes(status), status);
    accepted += status !== 429;
  }
  return accepted;
}

test('the proxy says who asks: one network is limited, and no other', async () => {
  const server = await Server.start({ options: ['--mailbox', '--proxy', '127.0.0.1'] });
  assert.equal(await taken(server, TIMES + 5, () => '192.0.2.7'), TIMES);
  assert.equal(await taken(server, 5, () => '192.0.2.8'), 5);
  const headers = { 'x-forwarded-for': '192.0.2.7', accept: 'text/html' };
  const page = await ask(server, '/sign-in', { fields: words(1), headers });
  assert.equal(page.status, 429);
  assert.match(page.text, /value="p1@example\.org"/, 'what was typed is kept');
  assert.ok(Number(page.headers['retry-after']) > 0);
  await server.stop();
});

test('what a client wrote before the proxy is not believed', async () => {
  const server = await Server.start({ options: ['--mailbox', '--proxy', '127.0.0.1'] });
  assert.equal(await taken(server, TIMES + 5, (n) => `10.0.0.${n}, 192.0.2.7`), TIMES);
  await server.stop();
});

test('where no proxy is named nobody is believed; and this machine is not limited', async () => {
  const server = await Server.start();
  assert.equal(await taken(server, TIMES + 5, () => '192.0.2.7'), TIMES + 5);
  assert.equal(await taken(server, TIMES + 5), TIMES + 5);
  await server.stop();
});
