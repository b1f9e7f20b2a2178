// SPDX-License-Identifier: AGPL-3.0-or-later
// A disk that fills up under load: sign-ups are told to come back, pages are served, nothing that was
// acknowledged is lost, and once there is room again all goes on by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, rmdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  signUpOnce,
  until,
} from './client.mjs';
import { Server, newFolder } from './server.mjs';

const CONNECTIONS = 64;
const DISK_MB = full ? 64 : 24;
const FREE_MB = full ? 20 : 4; // when the load begins
const REFUSED = full ? 2_000 : 200; // sign-ups that find no room, before some is made
const PEOPLE_MAX = 200_000;

const disk = newFolder();
const ballast = join(disk, 'ballast');
const acknowledged = new Map(); // e-mail -> party
let mounted = false;
let server;

before(async () => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'essaim-test', disk]);
    mounted = true;
  } catch (error) {
    console.log(`no small disk can be mounted here: ${error.message}`);
  }
});

after(async () => {
  if (server) await discard(server).catch(() => {}); // the folder itself is busy: mounted
  if (mounted) execFileSync('umount', [disk]);
  rmdirSync(disk);
});

function story(name, run) {
  test(name, (t) => (mounted ? run(t) : t.skip('mounting a small disk needs root')));
}

// The answer of one who tries; what is acknowledged is written down.
async function tryToSignUp(i, crowd) {
  const wish = { email: `p${i}@example.org`, party: (i % 5) + 1 };
  const { status, text, headers } = await signUpOnce(server, 'haie', wish, crowd);
  assert.ok(status === 201 || status === 503, `${status}: ${text}`);
  if (status === 201) acknowledged.set(wish.email, wish.party);
  else assert.ok(headers['retry-after'], 'a 503 says when to come back');
  return status;
}

async function assertNothingLost() {
  const crowd = newCrowd(16);
  await each(acknowledged, 16, async ([email, party]) => {
    const own = await ownPath(server, email, crowd);
    assert.ok(own, `${email} was acknowledged and has no mail`);
    const { status, body } = await ask(server, own, { crowd });
    assert.deepEqual([status, body.state, body.party], [200, 'pending', party]);
  });
  crowd.destroy();
}

// What is taken is what was acknowledged: nothing was kept of what was refused.
async function assertTaken() {
  const [session] = (await campaign(server)).sessions;
  const parties = [...acknowledged.values()];
  assert.equal(
    session.taken,
    parties.reduce((all, party) => all + party, 0),
  );
}

story('the disk is full: sign-ups hear 503, pages are served', async (t) => {
  await campaignData({ data: disk, minimum: 1_000_000, sessions: 1 });
  server = await Server.start({ data: disk });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize - FREE_MB * 1024 * 1024));

  const crowd = newCrowd(CONNECTIONS);
  let refused = 0;
  let pages = 0;
  const people = (function* () {
    for (let i = 0; i < PEOPLE_MAX && refused < REFUSED; i++) yield i;
  })();
  await each(people, CONNECTIONS, async (i) => {
    if ((await tryToSignUp(i, crowd)) === 201) return;
    refused++;
    if (refused % 20 !== 0) return;
    assert.equal((await ask(server, '/campaigns/haie', { crowd })).status, 200);
    pages++;
  });
  crowd.destroy();
  assert.ok(refused >= REFUSED, 'the disk did not fill up');
  assert.ok(pages > 0);
  // What a failed commit leaves of the log has room for small ones: each look for jobs finds that out.
  await until('it is known', async () => {
    const refusedAgain = (await tryToSignUp(PEOPLE_MAX)) === 503;
    return refusedAgain && (await ask(server, '/healthz')).status === 503;
  });
  assert.match(server.log, /event=batch_broken/);
  t.diagnostic(`${acknowledged.size} acknowledged, ${refused} told to come back`);
});

story('what was acknowledged before is there', async () => {
  await assertNothingLost();
  await assertTaken();
});

story('with room again, sign-ups are taken again without a new start', async () => {
  const before_ = acknowledged.size;
  rmSync(ballast);
  await until('a sign-up is taken', async () => (await tryToSignUp(PEOPLE_MAX + 1)) === 201);
  const crowd = newCrowd(CONNECTIONS);
  const people = Array.from({ length: 200 }, (_, i) => PEOPLE_MAX + 2 + i);
  await each(people, CONNECTIONS, async (i) => {
    assert.equal(await tryToSignUp(i, crowd), 201);
  });
  crowd.destroy();
  assert.equal(acknowledged.size, before_ + 201);
  await until('it is known', async () => (await ask(server, '/healthz')).status === 200);
  await assertTaken();
});

story('nor is anything lost after a kill and another start', async () => {
  await server.end('SIGKILL');
  server = await Server.start({ data: disk });
  await assertNothingLost();
  await assertTaken();
  assert.equal((await server.end()).status, 0);
  await assertSound(disk);
});

story('a disk without any room does not let it start in silence', async () => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 4096)));
  const start = Server.start({ data: disk });
  const error = await start.then((it) => ((server = it), undefined)).catch((e) => e);
  if (error) assert.match(String(error), /level=error/);
  else assert.equal((await signUpOnce(server, 'haie', { email: 'z@example.org' })).status, 503);
});
