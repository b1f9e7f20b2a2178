// SPDX-License-Identifier: AGPL-3.0-or-later
// A minute of a crowd that does everything at once, with kills in between: people sign up, again for
// another date, confirm, change, cancel, come back. Each person is remembered here as the answers
// told; at the end the server must remember the same of everybody, and count the same seats.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  assertSound,
  campaign,
  campaignData,
  discard,
  each,
  newCrowd,
  ownPath,
  pause,
  signUpOnce,
} from '../wire/client.mjs';
import { Server } from '../wire/server.mjs';

const WORKERS = 32;
const PEOPLE = 400; // each the affair of one worker
const SEATS = 150; // of each of three sessions: too few
const ROUNDS = 5;
const ROUND_MS = 12_000;

let server;
let sessions; // their ids
let draw = 20261121; // the same crowd each time

// Below n. Source: the "minimal standard" generator of Park and Miller.
function random(n) {
  draw = (draw * 48271) % 2147483647;
  return draw % n;
}

const newPerson = (i) => ({ email: `p${i}@example.org`, state: 'none', doubts: undefined });
const people = Array.from({ length: PEOPLE }, (_, i) => newPerson(i));
const holdsSeats = ({ state }) => state === 'pending' || state === 'confirmed';
const wish = () => ({ party: random(5) + 1, session: sessions[random(3)] });

before(async () => {
  const data = await campaignData({ capacity: SEATS, sessions: 3, minimum: 100_000 });
  server = await Server.start({ data });
  sessions = (await campaign(server)).sessions.map(({ id }) => id);
});
after(() => discard(server));

// One deed of one person: what is asked for, and what is so once it was accepted.
function chooseDeed(person) {
  const own = (what, fields) => (crowd) => ask(server, `${person.own}/${what}`, { crowd, fields });
  const what = random(10);
  if (!holdsSeats(person) || (person.state === 'pending' && what < 3)) {
    const fields = wish();
    const run = (crowd) => signUpOnce(server, 'haie', { email: person.email, ...fields }, crowd);
    return { run, then: { ...fields, state: 'pending' }, isSignUp: true };
  }
  if (what < 5 && person.state === 'pending')
    return { run: own('confirm', {}), then: { state: 'confirmed' } };
  if (what < 8) {
    const fields = wish();
    return { run: own('change', fields), then: fields };
  }
  return { run: own('cancel', {}), then: { state: 'cancelled' } };
}

const seen = ({ state, party, session }) => ({ state, party, session });

async function act(person, crowd, counts) {
  const deed = chooseDeed(person);
  const accepted = { ...person, ...deed.then };
  person.doubts = accepted; // until there is an answer
  const { status, text, body } = await deed.run(crowd);
  person.doubts = undefined;
  counts[status] = (counts[status] ?? 0) + 1;
  assert.ok([200, 201, 409, 429, 503].includes(status), `${status}: ${text}`);
  if (status > 201) return;
  Object.assign(person, deed.then);
  if (deed.isSignUp) person.own = await ownPath(server, person.email, crowd);
  else assert.deepEqual(seen(body), seen(person), person.email);
}

// The server knows each as we do; of whom we are in doubt it knows the one or the other.
async function assertRemembered(crowd) {
  await each(people, WORKERS, async (person) => {
    const { state, doubts } = person;
    const own = await ownPath(server, person.email, crowd);
    if (!own) {
      assert.equal(state, 'none', `${person.email} is forgotten`);
      person.doubts = undefined;
      return;
    }
    const { status, body } = await ask(server, own, { crowd });
    assert.equal(status, 200);
    const told = JSON.stringify(seen(body));
    const possible = [person, doubts].filter((it) => it).map((it) => JSON.stringify(seen(it)));
    assert.ok(possible.includes(told), `${person.email} is ${told}, not ${possible.join(' or ')}`);
    Object.assign(person, seen(body), { own, doubts: undefined });
  });
}

async function assertSeats() {
  const found = await campaign(server);
  for (const { id, taken, left } of found.sessions) {
    const here = people.filter((person) => holdsSeats(person) && person.session === id);
    const sum = here.reduce((all, { party }) => all + party, 0);
    assert.equal(taken, sum);
    assert.ok(taken <= SEATS);
    assert.equal(left, SEATS - sum);
  }
  const confirmed = people.filter(({ state }) => state === 'confirmed');
  const count = confirmed.reduce((all, { party }) => all + party, 0);
  assert.equal(found.progress.people, count);
}

test('everybody does everything, the server is killed, and nothing is forgotten', async (t) => {
  const counts = {};
  for (let round = 0; round < ROUNDS; round++) {
    const crowd = newCrowd(WORKERS);
    let over = false;
    const workers = Array.from({ length: WORKERS }, async (_, worker) => {
      const mine = people.filter((_, i) => i % WORKERS === worker);
      while (!over) await act(mine[random(mine.length)], crowd, counts);
    });
    const ends = workers.map((it) =>
      it.catch((error) => assert.match(String(error.code), /^ECONN|^EPIPE/, error)),
    );
    await pause(ROUND_MS + random(500));
    const killed = round % 2 === 0;
    if (killed) await server.end('SIGKILL');
    over = true;
    await Promise.all(ends);
    crowd.destroy();
    if (killed) server = await Server.start({ data: server.data });
    const again = newCrowd(WORKERS);
    await assertRemembered(again);
    await assertSeats();
    again.destroy();
  }
  t.diagnostic(`answers by status: ${JSON.stringify(counts)}`);
  assert.ok(counts[409] > 100, 'the sessions were never full');
  assert.equal((await server.end()).status, 0);
  await assertSound(server.data);
});
