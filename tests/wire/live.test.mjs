// SPDX-License-Identifier: AGPL-3.0-or-later
// Live streams on real sockets: the count moves on every open page, never backwards, and a server
// that stops leaves nobody hanging.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ask,
  campaign,
  campaignData,
  ceiling,
  discard,
  each,
  full,
  newCrowd,
  takePart,
  until,
} from './client.mjs';
import { Server } from './server.mjs';
import { Viewer } from './viewer.mjs';

const VIEWERS = full ? 2_000 : 200;
const EVENT_MS = 1_000;
const PEOPLE = 40;

let server;
let versionBefore = 0;

before(async () => {
  server = await Server.start({ data: await campaignData({ minimum: 1_000 }) });
});
after(() => discard(server));

const present = (viewer) => until('the present state', () => viewer.last);

// The ms until the last of them has seen a count.
async function allSee(viewers, people, began) {
  await until(
    `all see ${people}`,
    () => viewers.every((viewer) => viewer.last?.people >= people),
    ceiling(EVENT_MS),
  );
  const arrived = viewers.map(({ events }) => events.find((e) => e.people >= people).at);
  return Math.round(Math.max(...arrived) - began);
}

// Seats that are taken are a change as well: the same numbers may come again, under their version.
function assertInOrder({ events }) {
  for (let i = 1; i < events.length; i++) {
    const [{ version, people }, later] = [events[i - 1], events[i]];
    assert.ok(later.version >= version, 'the version went back');
    assert.ok(later.version === version ? later.people === people : later.people >= people);
  }
}

test('a stream begins with the present state', async () => {
  const viewer = Viewer.open(server);
  await present(viewer);
  assert.match(viewer.head, /^HTTP\/1\.1 200 /);
  assert.match(viewer.head, /^content-type: text\/event-stream/im);
  assert.match(viewer.head, /^cache-control: no-store/im);
  assert.match(viewer.head, /^x-accel-buffering: no/im);
  const { progress } = await campaign(server);
  const { at, ...seen } = viewer.last;
  assert.ok(at);
  assert.deepEqual(seen, progress);
  viewer.close();
});

test('a campaign that is not there has no stream', async () => {
  assert.equal((await ask(server, '/campaigns/nothing/live')).status, 404);
});

test('one who confirms moves the count on two open pages', async (t) => {
  const viewers = [Viewer.open(server), Viewer.open(server)];
  await Promise.all(viewers.map(present));
  await takePart(server, 'haie', { email: 'a@example.org', party: 3 });
  t.diagnostic(`seen by both ${await allSee(viewers, 3, performance.now())} ms after the answer`);
  viewers.forEach(assertInOrder);
  viewers.forEach((viewer) => viewer.close());
});

test(`${VIEWERS} viewers see every count in time, and what they see never goes back`, async (t) => {
  const crowd = newCrowd(8);
  const viewers = Array.from({ length: VIEWERS }, () => Viewer.open(server));
  await until('all are greeted', () => viewers.every(({ last }) => last), ceiling(10_000));
  const { people } = viewers[0].last;

  let began = performance.now();
  await takePart(server, 'haie', { email: 'b@example.org' }, crowd);
  t.diagnostic(`one: seen by the last ${await allSee(viewers, people + 1, began)} ms after the form`);

  const counts = Array.from({ length: PEOPLE }, (_, i) => i);
  await each(counts, 8, (i) => takePart(server, 'haie', { email: `c${i}@example.org` }, crowd));
  began = performance.now();
  t.diagnostic(`${PEOPLE}: ${await allSee(viewers, people + 1 + PEOPLE, began)} ms after the last`);
  viewers.forEach(assertInOrder);
  assert.ok(viewers.every(({ ended }) => !ended));
  for (const { events } of viewers)
    for (let i = 4; i < events.length; i++)
      assert.ok(events[i].at - events[i - 4].at > 500, 'more than a few events a second');

  viewers.splice(VIEWERS / 2).forEach((viewer) => viewer.close());
  await takePart(server, 'haie', { email: 'd@example.org' }, crowd);
  await allSee(viewers, people + 2 + PEOPLE, performance.now());
  viewers.forEach((viewer) => viewer.close());
  crowd.destroy();
});

test('a server that stops ends its streams', async () => {
  const viewers = Array.from({ length: 20 }, () => Viewer.open(server));
  await Promise.all(viewers.map(present));
  versionBefore = viewers[0].last.version;
  const began = Date.now();
  assert.equal((await server.end()).status, 0);
  assert.ok(Date.now() - began < ceiling(2_000), 'streams kept it from stopping');
  await until('all have ended', () => viewers.every(({ ended }) => ended));
});

test('after another start the version is where it was, and goes on', async () => {
  const { data } = server;
  server = await Server.start({ data });
  const viewer = Viewer.open(server);
  await present(viewer);
  assert.equal(viewer.last.version, versionBefore);
  await takePart(server, 'haie', { email: 'e@example.org' });
  await until('the next version', () => viewer.last.version > versionBefore);
  await server.end('SIGKILL');
  server = await Server.start({ data });
  const again = Viewer.open(server);
  await present(again);
  assert.equal(again.last.version, viewer.last.version, 'kill -9 took the version back');
  viewer.close();
  again.close();
});
