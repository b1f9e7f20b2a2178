// SPDX-License-Identifier: AGPL-3.0-or-later
// On PostgreSQL: the server comes and goes, connections and processes are killed under load, and
// nothing that was acknowledged is lost.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import {
  ask,
  campaign,
  campaignData,
  each,
  mailsTo,
  newCrowd,
  ownPath,
  pause,
  signUp,
  until,
} from './client.mjs';
import { startPostgres, TOOL } from './postgres.mjs';
import { Server, essaim, newFolder } from './server.mjs';

const ROUNDS = 4;
const CONNECTIONS = 32;
const LOAD_MS = 400;

let postgres;
let database;
let folder;
let data;

before(async () => {
  postgres = await startPostgres();
  ({ database, folder } = postgres);
  data = await campaignData({ minimum: 1_000_000, database });
});

after(async () => {
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
});

const start = () => Server.start({ data, options: ['--mailbox', '--database', database] });
const run = promisify(execFile);

async function assertSound() {
  const { status, out, err } = await essaim('check', '--data', data, '--database', database);
  assert.deepEqual({ status, out, err }, { status: 0, out: 'All is well.\n', err: '' });
}

// One person after the other signs up until `isOver`. A 503 tells nothing; what was acknowledged is
// written down.
async function signUps(server, crowd, round, acknowledged, isOver) {
  const numbers = (function* () {
    for (let i = 0; !isOver(); i++) yield i;
  })();
  let refused = 0;
  await each(numbers, CONNECTIONS, async (i) => {
    const email = `p${round}-${i}@example.org`;
    const answer = await signUp(server, 'haie', { email, party: (i % 5) + 1 }, crowd);
    if (answer.status === 201) return acknowledged.set(email, (i % 5) + 1);
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.headers['retry-after'], '5');
    refused++;
  }).catch((error) => assert.match(String(error.code), /^ECONN|^EPIPE/, error));
  return refused;
}

// Each has its row, and its mail once.
async function assertNothingLost(server, acknowledged) {
  const crowd = newCrowd(16);
  await each(acknowledged, 16, async ([email, party]) => {
    const own = await ownPath(server, email, crowd);
    assert.ok(own, `${email} was acknowledged and has no mail`);
    assert.equal((await ask(server, own, { crowd })).body.party, party);
    assert.equal((await mailsTo(server, email, crowd)).length, 1);
  });
  crowd.destroy();
}

const endBackends = () =>
  run('psql', [
    database,
    '-Atc',
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'essaim'",
  ]);

test('connections are killed under load, and found again', async (t) => {
  const server = await start();
  const crowd = newCrowd(CONNECTIONS);
  const acknowledged = new Map();
  let over = false;
  const load = signUps(server, crowd, 'c', acknowledged, () => over);
  for (let round = 0; round < ROUNDS; round++) {
    const before = acknowledged.size;
    await until('people sign up', () => acknowledged.size > before + 10);
    await pause(LOAD_MS / ROUNDS);
    await endBackends();
  }
  const last = acknowledged.size;
  await until('people sign up again', () => acknowledged.size > last);
  over = true;
  const refused = await load;
  crowd.destroy();
  t.diagnostic(`${acknowledged.size} acknowledged, ${refused} answered 503`);
  await assertSound(); // beside the server
  await assertNothingLost(server, acknowledged);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

test('the server goes: 503 with Retry-After; it comes: business as usual', async () => {
  const server = await start();
  assert.equal((await ask(server, '/campaigns/haie')).status, 200);
  await run(TOOL, ['--away', folder]);
  for (const path of ['/campaigns/haie', '/', '/campaigns/haie']) {
    const page = await ask(server, path);
    assert.equal(page.status, 503);
    assert.equal(page.headers['retry-after'], '5');
  }
  const refused = await signUp(server, 'haie', { email: 'away@example.org', party: 1 });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '5');
  assert.equal((await server.fetch('/healthz')).status, 503);

  await run(TOOL, ['--back', folder]);
  await until(
    'pages come again',
    async () => (await ask(server, '/campaigns/haie')).status === 200,
  );
  await until('people sign up again', async () => {
    const answer = await signUp(server, 'haie', { email: 'back@example.org', party: 1 });
    return answer.status === 201;
  });
  assert.equal((await server.fetch('/healthz')).status, 200);
  assert.equal((await mailsTo(server, 'away@example.org')).length, 0);
  assert.equal((await server.end()).status, 0);
  assert.match(server.log, /event=database_lost/);
  assert.match(server.log, /event=database_back/);
  await assertSound();
});

test('killed in the middle of sign-ups, process and server, nothing acknowledged is lost', async (t) => {
  const all = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const server = await start();
    const crowd = newCrowd(CONNECTIONS);
    const acknowledged = new Map();
    let over = false;
    const load = signUps(server, crowd, `k${round}`, acknowledged, () => over);
    await until('somebody signed up', () => acknowledged.size > 0);
    await pause(((round + 1) * LOAD_MS) / ROUNDS);
    if (round % 2) await run(TOOL, ['--away', folder]);
    await server.end('SIGKILL');
    over = true;
    await load;
    crowd.destroy();
    if (round % 2) await run(TOOL, ['--back', folder]);
    acknowledged.forEach((party, email) => all.set(email, party));
  }
  const server = await start();
  await assertNothingLost(server, all);
  t.diagnostic(`${all.size} acknowledged, 0 missing`);
  assert.ok((await campaign(server)).slug);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

test('what cannot be used is told in one sentence', async () => {
  const wrong = await essaim('serve', '--data', data, '--database', 'mysql://there');
  assert.equal(wrong.status, 2);
  assert.match(wrong.err, /postgresql:/);
  const none = await essaim('serve', '--data', data, '--database', 'postgresql:///x?host=/nowhere');
  assert.equal(none.status, 1);
  assert.match(none.err, /event=database_not_opened path=PostgreSQL/);
  const away = await essaim('check', '--data', data, '--database', 'postgresql:///x?host=/nowhere');
  assert.equal(away.status, 1);
  assert.match(away.err, /^The database cannot be opened\.$/m);
  const empty = newFolder();
  const copy = await essaim('backup', '--data', empty, '--database', database, 'file.tar');
  assert.equal(copy.status, 1);
  assert.match(copy.err, /pg_dump/);
  const keyless = await essaim('migrate', '--data', empty, '--database', database);
  assert.equal(keyless.status, 1);
  assert.match(keyless.err, /event=key_missing/);
  rmSync(empty, { recursive: true });
});

