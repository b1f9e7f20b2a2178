// SPDX-License-Identifier: AGPL-3.0-or-later
// Everybody at once: many more people than seats, over 64 connections. Every seat is taken, none
// twice, and everybody else hears so at once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  assertSound,
  campaign,
  campaignData,
  discard,
  each,
  full,
  newCrowd,
  ownPath,
  signUp,
} from './client.mjs';
import { Server } from './server.mjs';

const CONNECTIONS = 64;
const SEATS = full ? 1_000 : 100;
const PEOPLE = 10 * SEATS;

let server;
let crowd;

before(async () => {
  const options = { capacity: SEATS, sessions: 1, minimum: 10 * PEOPLE };
  const data = await campaignData({ slug: 'alone', ...options });
  await campaignData({ data, slug: 'parties', ...options });
  server = await Server.start({ data });
  crowd = newCrowd(CONNECTIONS);
});
after(() => {
  crowd?.destroy();
  return discard(server);
});

// All of them sign up; resolves to the answers, each with what was asked for.
async function rush(t, slug, wishes) {
  const answers = [];
  const began = performance.now();
  await each(wishes, CONNECTIONS, async (wish) => {
    const { status, text, body } = await signUp(server, slug, wish, crowd);
    assert.ok(status === 201 || status === 409, `${status}: ${text}`);
    if (status === 409) assert.equal(body.code, 'session_full');
    answers.push({ ...wish, status });
  });
  const seconds = (performance.now() - began) / 1000;
  const rate = Math.round(answers.length / seconds);
  t.diagnostic(`${answers.length} in ${seconds.toFixed(2)} s: ${rate} a second`);
  return answers;
}

const taken = (answers) => answers.filter((answer) => answer.status === 201);
const sum = (answers) => answers.reduce((all, answer) => all + answer.party, 0);

async function assertCounters(slug, seats) {
  const { sessions, progress } = await campaign(server, slug);
  assert.equal(sessions.length, 1);
  assert.equal(sessions[0].capacity, SEATS);
  assert.equal(sessions[0].taken, seats);
  assert.equal(sessions[0].left, SEATS - seats);
  assert.equal(progress.people, 0, 'nobody has confirmed');
}

test(`${PEOPLE} people for ${SEATS} seats: all seats taken, all others told`, async (t) => {
  const wishes = Array.from({ length: PEOPLE }, (_, i) => ({
    email: `alone-${i}@example.org`,
    party: 1,
  }));
  const answers = await rush(t, 'alone', wishes);
  assert.equal(answers.length, PEOPLE);
  assert.equal(taken(answers).length, SEATS);
  await assertCounters('alone', SEATS);
});

test('parties of 1 to 5: no seat too many, and no party split', async (t) => {
  // The same ones each time, in no order: 1, 3, 5, 2, 4, ...
  const wishes = Array.from({ length: PEOPLE }, (_, i) => ({
    email: `party-${i}@example.org`,
    party: ((i * 7) % 5) + 1,
  }));
  const answers = await rush(t, 'parties', wishes);
  const refused = answers.filter(({ status }) => status === 409);
  assert.ok(
    refused.some(({ party }) => party === 1),
    'one who was alone found no seat: all were taken then',
  );
  assert.equal(sum(taken(answers)), SEATS);
  await assertCounters('parties', SEATS);

  await each(taken(answers), 16, async ({ email, party }) => {
    const own = await ask(server, await ownPath(server, email, crowd), { crowd });
    assert.equal(own.body.state, 'pending');
    assert.equal(own.body.party, party, `the party of ${email} was split`);
  });
  await each(refused, 16, async ({ email }) => {
    assert.equal(await ownPath(server, email, crowd), undefined, `${email} has a mail`);
  });
});

test('afterwards the counters are the sums of the rows', async () => {
  crowd.destroy();
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});
