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
  discard,
  full,
  mailsTo,
  ownPath,
  pause,
  signUp,
  signUpOnce,
  takePart,
  until,
} from './client.mjs';
import { CONNECTIONS, Load, assertNothingLost, assertTaken } from './load.mjs';
import { Middle } from './pg_middle.mjs';
import { startPostgres, TOOL } from './postgres.mjs';
import { Server, essaim, newFolder } from './server.mjs';
import { Viewer } from './viewer.mjs';

const KILLS = full ? 20 : 2; // of each kind
const LOAD_MS = full ? 1_000 : 200; // at most, before each
const HANG_MS = 45_000; // when a job or a COMMIT is under way; else a third of it
const AWAY_MS = 3_500; // longer than any page is kept where the database could be asked
const AT_ONCE_MS = 3_000; // the server is tried twice a second, on a busy machine

let postgres;
let database;
let folder;
let data;

before(async () => {
  postgres = await startPostgres();
  ({ database, folder } = postgres);
  data = await campaignData({ minimum: 1_000_000, sessions: 1, database });
});

after(async () => {
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
});

// Until it hears what others write it keeps no page.
async function start(url = database) {
  const server = await Server.start({ data, options: ['--mailbox', '--database', url] });
  await until('it hears the others', () => server.log.includes('event=hearing_others'));
  return server;
}

const run = promisify(execFile);

async function assertSound() {
  const { status, out, err } = await essaim('check', '--data', data, '--database', database);
  assert.deepEqual({ status, out, err }, { status: 0, out: 'All is well.\n', err: '' });
}

const query = async (sql) => (await run('psql', [database, '-Atc', sql])).stdout.trim();

// What happens to the server while the program runs. Of a process that was killed PostgreSQL thinks
// that it may have left anything behind in memory: it ends all others and begins again.
const accidents = {
  'all connections are ended': () =>
    query(
      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'essaim'",
    ),
  'the process of one connection is killed': async () => {
    const which = "FROM pg_stat_activity WHERE application_name = 'essaim'";
    const pid = Number(await query(`SELECT pid ${which} ORDER BY query_start DESC LIMIT 1`));
    if (pid) process.kill(pid, 'SIGKILL');
  },
  'the whole server is killed, and started again': async () => {
    await run(TOOL, ['--kill', folder]);
    await run(TOOL, ['--back', folder]);
  },
};

// Where nobody could be asked for five seconds whether a batch was kept, its people came again, and
// who was in already got a second mail.
const mailsAtMost = (server) => (server.log.includes('is not found again') ? Infinity : 1);

test('connections and the server are killed under load, and found again', async (t) => {
  const server = await start();
  const load = new Load(server);
  t.after(() => load.stop());
  for (const [name, happen] of Object.entries(accidents)) {
    const before = load.acknowledged.size;
    for (let kills = 0; kills < KILLS; kills++) {
      await load.moreAcknowledged(CONNECTIONS);
      await pause(((kills + 1) * LOAD_MS) / KILLS);
      await happen();
    }
    await load.moreAcknowledged(CONNECTIONS);
    t.diagnostic(`${name}, ${KILLS} times: ${load.acknowledged.size - before} acknowledged meanwhile`);
  }
  await load.end();
  t.diagnostic(`${load.acknowledged.size} acknowledged, 0 missing, ${load.refused} answered 503`);
  await assertNothingLost(server, load.acknowledged, mailsAtMost(server));
  await assertTaken(server, load.acknowledged);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

// Goes on reading the campaign's page for so long: it is always the same.
async function readOn(server, ms, page) {
  let slowest = 0;
  for (const ends = Date.now() + ms; Date.now() < ends; await pause(20)) {
    const asked = Date.now();
    const { status, headers, text } = await ask(server, '/campaigns/haie');
    assert.equal(status, 200, text);
    assert.equal(text, page.text);
    assert.equal(headers.etag, page.headers.etag);
    assert.equal(headers['cache-control'], 'no-cache');
    slowest = Math.max(slowest, Date.now() - asked);
  }
  return slowest;
}

function assertAway({ status, headers, text }) {
  assert.equal(status, 503, text);
  assert.equal(headers['retry-after'], '5');
}

const signUpAway = (server) => signUpOnce(server, 'haie', { email: 'away@example.org', party: 1 });

test('the server goes: what is kept is read on, else 503 with Retry-After; it comes: business as usual', async (t) => {
  const server = await start();
  const page = await ask(server, '/campaigns/haie');
  assert.equal(page.status, 200);
  await run(TOOL, ['--away', folder]);
  const slowest = await readOn(server, AWAY_MS, page);
  t.diagnostic(`read on for ${AWAY_MS} ms, the slowest answer within ${slowest} ms`);
  assertAway(await ask(server, '/'));
  assertAway(await ask(server, '/campaigns/haie', { headers: { cookie: 'login=somebody' } }));
  assertAway(await signUpAway(server));
  const known = await ask(server, '/campaigns/haie', { headers: { 'if-none-match': page.headers.etag } });
  assert.equal(known.status, 304);
  assert.equal((await server.fetch('/healthz')).status, 503);

  await run(TOOL, ['--back', folder]);
  await until('pages come again', async () => (await ask(server, '/')).status === 200);
  assert.equal((await ask(server, '/campaigns/haie')).status, 200);
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

// A server between which and PostgreSQL somebody stands.
async function startThrough(t) {
  const middle = await Middle.start(folder);
  t.after(() => middle.stop());
  const through = new URL(database);
  through.searchParams.set('host', middle.folder);
  return { middle, server: await start(through.href) };
}

// One process alone does not reach the server meanwhile: the other one writes.
test('what was written while it was away is on the page at once when it is there again', async (t) => {
  const { middle, server } = await startThrough(t);
  const other = await Server.start({ options: ['--mailbox', '--database', database] });
  t.after(() => discard(other));
  const page = await ask(server, '/campaigns/haie');
  middle.goAway();
  await until('it hears nothing', () => server.log.includes('event=not_hearing_others'));
  await takePart(other, 'haie', { email: 'meanwhile@example.org' });
  await readOn(server, AWAY_MS, page);
  assertAway(await signUpAway(server));

  middle.comeBack();
  const back = Date.now();
  const refused = [];
  const { people } = page.body.progress;
  await until('the page is made anew', async () => {
    const { status, body, text } = await ask(server, '/campaigns/haie');
    if (status !== 200) refused.push(text);
    return body.progress?.people === people + 1;
  });
  const ms = Date.now() - back;
  t.diagnostic(`made anew after ${ms} ms`);
  assert.ok(ms < AT_ONCE_MS, `made anew after ${ms} ms`);
  assert.ok(refused.length <= 1, refused[1]); // who asked in that moment
  const { text } = await ask(server, '/metrics');
  assert.ok(Number(text.match(/^essaim_cache_away_total (\d+)$/m)[1]) > 0);
  await until('people sign up again', async () => (await signUpAway(server)).status === 201);
  assert.equal((await campaign(server)).progress.people, people + 1);
  assert.equal((await mailsTo(server, 'away@example.org')).length, 1);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

test('a process that is ended right behind its COMMIT has kept it: nobody is asked twice', async (t) => {
  const { middle, server } = await startThrough(t);
  const { taken } = (await campaign(server)).sessions[0];
  middle.endBehindAnswerAbout('behind@example.org');
  const answer = await signUpOnce(server, 'haie', { email: 'behind@example.org', party: 1 });
  assert.ok(middle.hasCut);
  assert.equal(answer.status, 201, answer.text);
  assert.equal((await campaign(server)).sessions[0].taken, taken + 1);
  assert.equal((await mailsTo(server, 'behind@example.org')).length, 1);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

// So long is waited for somebody to ask, or to answer: too long for each run of script/test.
const slow = { skip: full ? false : 'script/deep full' };

test('PostgreSQL hangs: what is kept, else 503, within seconds, and it goes on when that is over', slow, async (t) => {
  const { middle, server } = await startThrough(t);
  await signUp(server, 'haie', { email: 'hangs@example.org', party: 1 });
  const own = await ownPath(server, 'hangs@example.org');
  const page = await ask(server, '/campaigns/haie');
  middle.hang();
  const began = Date.now();
  const answers = await Promise.all([
    ask(server, own),
    signUpOnce(server, 'haie', { email: 'meanwhile@example.org', party: 1 }),
  ]);
  t.diagnostic(`told so within ${Date.now() - began} ms`);
  for (const { status, headers } of answers) {
    assert.equal(status, 503);
    assert.equal(headers['retry-after'], '5');
  }
  assert.ok(Date.now() - began < HANG_MS);
  const slowest = await readOn(server, HANG_MS / 3, page);
  t.diagnostic(`what is kept is read on, the slowest answer within ${slowest} ms`);
  middle.goOn();
  await until('pages come again', async () => (await ask(server, own)).status === 200);
  const again = await signUp(server, 'haie', { email: 'meanwhile@example.org', party: 1 });
  assert.equal(again.status, 201, again.text);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

test('nobody can say whether it was kept: 503, and who watches is told what is true', slow, async (t) => {
  const { middle, server } = await startThrough(t);
  const viewer = Viewer.open(server);
  t.after(() => viewer.close());
  await until('the present state', () => viewer.last);
  const heard = viewer.events.length;
  const { taken } = (await campaign(server)).sessions[0];
  middle.keepAnswerAbout('unsure@example.org');
  const answer = await signUpOnce(server, 'haie', { email: 'unsure@example.org', party: 1 });
  assert.equal(answer.status, 503, answer.text);
  assert.ok(middle.hasCut);
  assert.match(server.log, /is not found again/);
  await until('the viewer is told', () => viewer.events.length > heard);
  assert.equal((await campaign(server)).sessions[0].taken, taken + 1);
  middle.comeBack();
  const again = await signUp(server, 'haie', { email: 'unsure@example.org', party: 1 });
  assert.equal(again.status, 201, again.text);
  assert.equal((await campaign(server)).sessions[0].taken, taken + 1);
  assert.equal((await server.end()).status, 0);
  await assertSound();
});

test('killed in the middle of sign-ups, with the server or without, nothing acknowledged is lost', async (t) => {
  const all = new Map();
  for (let kills = 0; kills < 2 * KILLS; kills++) {
    const server = await start();
    const load = new Load(server, `k${kills}-`);
    t.after(() => load.stop());
    await load.moreAcknowledged(CONNECTIONS);
    await pause(((kills + 1) * LOAD_MS) / (2 * KILLS));
    if (kills % 2) await run(TOOL, ['--kill', folder]);
    await server.end('SIGKILL');
    await load.endWithServer();
    if (kills % 2) await run(TOOL, ['--back', folder]);
    load.acknowledged.forEach((party, email) => all.set(email, party));
    await assertSound();
  }
  const server = await start();
  await assertNothingLost(server, all, Infinity);
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
  rmSync(empty, { recursive: true });
});

