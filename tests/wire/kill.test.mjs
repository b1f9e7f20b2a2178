// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 in the middle of things, and another start: what was acknowledged is there, what was to be
// done is done, once.
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import {
  ask,
  askPatiently,
  assertSound,
  campaign,
  campaignData,
  ceiling,
  discard,
  each,
  full,
  mailsTo,
  newCrowd,
  ownPath,
  pause,
  signUp,
  takePart,
  until,
} from './client.mjs';
import { Server, newFolder } from './server.mjs';

const KILLS = full ? 20 : 2;
const CONNECTIONS = 64;
const LOAD_MS = full ? 2_000 : 500; // at most, before the kill
const TIPPING = full ? 3_000 : 1_100; // people: several pages of a job
const START_MS = 1_000;

// Starts again in the same folder and asserts that it answers soon.
async function startAgain(t, data) {
  const began = performance.now();
  const server = await Server.start({ data });
  assert.equal((await ask(server, '/campaigns/haie')).status, 200);
  const ms = Math.round(performance.now() - began);
  assert.ok(ms < ceiling(START_MS), `it answers only after ${ms} ms`);
  t?.diagnostic(`answers ${ms} ms after the start`);
  return server;
}

// One person after the other signs up, every third confirms, until the server is no more. What was
// acknowledged is written down at once: e-mail -> { party, confirmed }.
async function signUpsUntilTheEnd(server, crowd, round, acknowledged) {
  const numbers = (function* () {
    for (let i = 0; ; i++) yield i;
  })();
  await each(numbers, CONNECTIONS, async (i) => {
    const email = `r${round}-${i}@example.org`;
    const party = (i % 5) + 1;
    const { status, text } = await signUp(server, 'haie', { email, party }, crowd);
    assert.equal(status, 201, text);
    acknowledged.set(email, { party, confirmed: false });
    if (i % 3 !== 0) return;
    const own = await ownPath(server, email, crowd);
    const answer = await askPatiently(server, `${own}/confirm`, { crowd, fields: {} });
    assert.equal(answer.status, 200, answer.text);
    acknowledged.get(email).confirmed = true;
  }).catch((error) => assert.match(String(error.code), /^ECONN|^EPIPE/, error));
}

// Each has its row, with all that was acknowledged, and its mail.
async function assertNothingLost(server, crowd, acknowledged) {
  await each(acknowledged, 16, async ([email, { party, confirmed }]) => {
    const own = await ownPath(server, email, crowd);
    assert.ok(own, `${email} was acknowledged and has no mail`);
    const { status, body } = await ask(server, own, { crowd });
    assert.equal(status, 200);
    assert.equal(body.party, party);
    if (confirmed) assert.equal(body.state, 'confirmed', email);
  });
}

// As the disk was when the process went: the log of the database is not yet put back.
async function assertSoundAsItWas(data) {
  const copy = newFolder();
  cpSync(data, copy, { recursive: true });
  await assertSound(copy);
  rmSync(copy, { recursive: true });
}

test(`killed ${KILLS} times in the middle of sign-ups, nothing acknowledged is lost`, async (t) => {
  let server = await Server.start({ data: await campaignData({ minimum: 1_000_000 }) });
  t.after(() => discard(server));
  let all = 0;
  for (let round = 0; round < KILLS; round++) {
    const crowd = newCrowd(CONNECTIONS);
    const acknowledged = new Map();
    const load = signUpsUntilTheEnd(server, crowd, round, acknowledged);
    await until('somebody signed up', () => acknowledged.size > 0);
    await pause(((round + 1) * LOAD_MS) / KILLS);
    const { signal } = await server.end('SIGKILL');
    assert.equal(signal, 'SIGKILL');
    await load;
    crowd.destroy();

    await assertSoundAsItWas(server.data);
    server = await startAgain(t, server.data);
    const again = newCrowd(16);
    await assertNothingLost(server, again, acknowledged);
    again.destroy();
    all += acknowledged.size;
  }
  t.diagnostic(`${all} acknowledged, 0 missing`);
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});

const isOn = (mail) => /^(It is on|C’est parti)/.test(mail.subject);

// How many mails each has that say so.
async function countTold(server, emails, crowd) {
  const told = new Map();
  await each(emails, 16, async (email) => {
    told.set(email, (await mailsTo(server, email, crowd)).filter(isOn).length);
  });
  return told;
}

test('killed while "it is on!" goes out, everybody hears it, once', async (t) => {
  let server = await Server.start({ data: await campaignData({ minimum: TIPPING }) });
  t.after(() => discard(server));
  const crowd = newCrowd(16);
  const emails = Array.from({ length: TIPPING }, (_, i) => `tip-${i}@example.org`);
  await each(emails, 16, (email) => takePart(server, 'haie', { email }, crowd));
  await until('the first page of mails is out', async () =>
    (await mailsTo(server, emails[0], crowd)).some(isOn),
  );
  await server.end('SIGKILL');
  crowd.destroy();

  server = await startAgain(t, server.data);
  const began = Date.now();
  assert.equal((await campaign(server)).state, 'reached');
  const again = newCrowd(16);
  const inTheMiddle = !(await mailsTo(server, emails.at(-1), again)).some(isOn);
  t.diagnostic(inTheMiddle ? 'the last had not heard it' : 'all had heard it before');
  await each(emails, 16, (email) =>
    until(
      'the others hear it, though the dead process held the job',
      async () => (await mailsTo(server, email, again)).some(isOn),
      began + ceiling(5_000) - Date.now(),
    ),
  );
  t.diagnostic(`all have heard it ${Date.now() - began} ms after the start`);
  for (const [email, count] of await countTold(server, emails, again))
    assert.equal(count, 1, `${email} heard it ${count} times`);
  again.destroy();
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});
