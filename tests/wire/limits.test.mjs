// SPDX-License-Identifier: AGPL-3.0-or-later
// Limits of one network, as a proxy in front says who asks: it is believed, and nobody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, campaignData } from './client.mjs';
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

// The limits of one network, all of them, as decision 29 has them: what is sent, how often, what is
// kept. Each takes another one in as time passes, so a few more may come through.
const LIMITS = [
  { path: '/sign-in', times: 60, fields: (n) => words(n), kept: (n) => `value="p${n}@example.org"` },
  {
    path: '/campaigns/haie/sent',
    times: 120,
    fields: (n, handle) => ({ h: handle, code: six(n) }),
    kept: (n) => `value="${six(n)}"`,
  },
  {
    path: '/campaigns/haie/reports',
    times: 300,
    fields: (n) => ({ token: 'nobodys', quantity: n }),
  },
  {
    path: '/campaigns/haie/flag',
    times: 30,
    fields: (n) => ({ reason: 'other', words: `Regardez ${n}.` }),
    kept: (n) => `Regardez ${n}.`,
  },
];
const MORE = 30;
const six = (n) => String(n).padStart(6, '0');

test('every limit holds by what the proxy says, and says when to come back', async () => {
  const data = await campaignData();
  const options = ['--mailbox', '--proxy', '127.0.0.1'];
  const server = await Server.start({ data, options });
  const anne = JSON.stringify({ first_name: 'Anne', email: 'anne@example.org', party: 1 });
  const { handle } = (await ask(server, '/campaigns/haie/sign-ups', { json: anne })).body;
  for (const { path, times, fields, kept } of LIMITS) {
    const send = (n, from) =>
      ask(server, path, {
        fields: fields(n, handle),
        headers: { 'x-forwarded-for': from, accept: 'text/html' },
      });
    let n = 0;
    let answer;
    do answer = await send(n++, '10.1.2.3, 192.0.2.7');
    while (answer.status !== 429 && n < times + MORE);
    assert.equal(answer.status, 429, path);
    assert.ok(n > times, `${path} refuses the ${n}th`);
    assert.ok(Number(answer.headers['retry-after']) <= 120, path);
    if (kept) assert.ok(answer.text.includes(kept(n - 1)), `${path} keeps what was typed`);
    assert.notEqual((await send(n, '192.0.2.8')).status, 429, path);
  }
  await server.stop();
});

test('who signs up beyond the limit is held for less long, and not refused', async () => {
  const data = await campaignData({ capacity: 0 });
  const server = await Server.start({ data, options: ['--mailbox', '--proxy', '127.0.0.1'] });
  const held = [];
  for (let n = 0; n < 75; n++) {
    const json = JSON.stringify({ first_name: 'Anne', email: `p${n}@example.org`, party: 1 });
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    const answer = await ask(server, '/campaigns/haie/sign-ups', { json, headers });
    assert.equal(answer.status, 201, answer.text);
    held.push(Math.round((Date.parse(answer.body.expires_at) - Date.now()) / 60_000));
  }
  assert.equal(held[0], 30);
  assert.ok(held.includes(10), held.join(' '));
  await server.stop();
});
