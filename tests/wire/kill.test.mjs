// SPDX-License-Identifier: AGPL-3.0-or-later
// kill -9 in the middle of things, and another start: what was acknowledged is there, what was to be
// done is done, once.
import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  ask,
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

const KILLS = 5;
const CONNECTIONS = 64;
const LOAD_MS = full ? 2_000 : 500; // at most, before the kill
const TIPPING = full ? 3_000 : 1_200; // people: several pages of a job
const START_MS = 1_000;
const LEASE_MS = 60_000; // src/base/limits.h: JOB_LEASE_SECONDS

let tipped;

// The campaign that tips waits for a lease to end while the others are killed.
before(() => {
  tipped = killWhileTipping();
  tipped.catch(() => {}); // its test says so
});
after(async () => {
  await tipped.then(({ server }) => discard(server)).catch(() => {});
});

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
    const answer = await ask(server, `${own}/confirm`, { crowd, fields: {} });
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

test('killed five times in the middle of sign-ups, nothing acknowledged is lost', async (t) => {
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

// People enough to tip it confirm; the server is killed while the job writes "it is on!" to them.
async function killWhileTipping() {
  const data = await campaignData({ slug: 'haie', minimum: TIPPING });
  let server = await Server.start({ data });
  try {
    const crowd = newCrowd(16);
    const emails = Array.from({ length: TIPPING }, (_, i) => `tip-${i}@example.org`);
    await each(emails, 16, (email) => takePart(server, 'haie', { email }, crowd));
    const first = emails[0];
    await until('the first page of mails is out', async () => {
      return (await mailsTo(server, first, crowd)).length > 2;
    });
    await server.end('SIGKILL');
    crowd.destroy();
    server = await startAgain(undefined, data);
    return { server, emails, told: await countTold(server, emails), since: Date.now() };
  } catch (error) {
    await discard(server);
    throw error;
  }
}

const isOn = (mail) => /^(It is on|C’est parti|Ça y est)/.test(mail.subject);

// How many mails each has that say so; resolves to the counts in the order of the people.
async function countTold(server, emails) {
  const crowd = newCrowd(16);
  const told = new Map();
  await each(emails, 16, async (email) => {
    told.set(email, (await mailsTo(server, email, crowd)).filter(isOn).length);
  });
  crowd.destroy();
  return told;
}

test('killed while "it is on!" goes out, everybody hears it, once', async (t) => {
  const { server, emails, told, since } = await tipped;
  assert.equal((await campaign(server)).state, 'reached');
  const before_ = [...told.values()].filter((count) => count > 0).length;
  t.diagnostic(`${before_} of ${emails.length} had heard it when it was killed`);
  const last = [...told].filter(([, count]) => count === 0).map(([email]) => email);
  await until(
    'the others hear it, once the dead process holds the job no more',
    async () => {
      for (const email of last) if (!(await mailsTo(server, email)).some(isOn)) return false;
      return true;
    },
    since + LEASE_MS + ceiling(5_000) - Date.now(),
  );
  t.diagnostic(`all of them ${((Date.now() - since) / 1000).toFixed(1)} s after the start`);
  for (const [email, count] of await countTold(server, emails))
    assert.equal(count, 1, `${email} heard it ${count} times`);
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});
