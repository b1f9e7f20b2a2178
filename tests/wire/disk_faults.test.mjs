// SPDX-License-Identifier: AGPL-3.0-or-later
// A disk that fails under load (strace makes the calls of the running program fail), and a database
// that another program keeps: sign-ups are told to come back, pages are served, nothing that was
// acknowledged is lost, nothing is kept of what was refused, and all goes on by itself afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  ask,
  assertSound,
  campaignData,
  discard,
  firstLine,
  pause,
  signUpOnce,
  until,
} from './client.mjs';
import { Load, assertNothingLost, assertTaken } from './load.mjs';
import { Server } from './server.mjs';
import { Faults } from './strace.mjs';

const PAGE_BYTES = 4096;
const LONG_MS = 60_000; // until the log is long enough

async function newServer(t) {
  const data = await campaignData({ minimum: 1_000_000, sessions: 1 });
  const server = await Server.start({ data });
  t.after(() => discard(server));
  return server;
}

const isWell = async (server) => (await ask(server, '/healthz')).status === 200;

// The database is as the acknowledged people left it, also after a kill and another start.
async function assertAllThere(server, { acknowledged }) {
  await assertTaken(server, acknowledged);
  await server.end('SIGKILL');
  const again = await Server.start({ data: server.data });
  await assertNothingLost(again, acknowledged);
  await assertTaken(again, acknowledged);
  assert.equal((await again.end()).status, 0);
  await assertSound(again.data);
}

function story(name, run) {
  test(name, async (t) => {
    const server = await newServer(t);
    const load = new Load(server);
    t.after(() => load.stop());
    await load.moreAcknowledged();
    await run(t, server, load);
  });
}

// What the thread did between the fsync that failed and its next write to the log.
function betweenFailureAndWrite(calls) {
  const next = calls.findIndex((call) => /^pwrite64\(.*essaim\.db-wal>/.test(call));
  assert.ok(next > 0, calls.join('\n'));
  return calls.slice(0, next);
}

// Another program that keeps the database for itself, to write in it.
async function newKeeper(t, data) {
  const python = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
db.execute("BEGIN IMMEDIATE")
print("kept", flush=True)
sys.stdin.read()
`;
  const keeper = spawn('python3', ['-c', python, join(data, 'essaim.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(keeper, 'exit');
  t.after(() => keeper.kill());
  await firstLine(keeper);
  return async () => {
    keeper.stdin.end();
    await ended;
  };
}

// All at the same time: much of it is waiting.
describe('a disk that fails', { concurrency: true }, () => {
  for (const [what, inject] of [
    ['fsync fails', 'fsync,fdatasync:error=EIO'],
    ['writing fails', 'pwrite64:error=EIO'],
    ['the disk is full', 'pwrite64:error=ENOSPC'],
  ])
    story(`${what}: 503, pages are served, and it goes on when that is over`, async (t, server, load) => {
      const faults = await Faults.begin(server, inject);
      if (!faults) return t.skip('nobody can be traced');
      t.after(() => faults.forget());
      await load.moreRefused(); // whoever was answered before has come back by now
      const before = load.acknowledged.size;
      await load.moreRefused();
      assert.equal(load.acknowledged.size, before, 'nothing can be kept, and nobody is told so');
      assert.equal((await ask(server, '/campaigns/haie')).status, 200);
      assert.equal((await ask(server, '/healthz')).status, 503);
      assert.match(server.log, /event=batch_broken/);
      await faults.end();
      await load.moreAcknowledged();
      await load.end();
      await until('it is known', () => isWell(server));
      t.diagnostic(`${load.acknowledged.size} acknowledged, ${load.refused} times told to come back`);
      await assertAllThere(server, load);
    });

  story('after one failed fsync the file is opened again and checked before it is written', async (t, server, load) => {
    const faults = await Faults.begin(server, 'fdatasync:error=EIO:when=1');
    if (!faults) return t.skip('nobody can be traced');
    t.after(() => faults.forget());
    await load.moreAcknowledged();
    await faults.end();
    await load.end();
    const calls = betweenFailureAndWrite(faults.calls());
    const opened = calls.findIndex((call) => /^openat\(.*essaim\.db", O_RDWR.*= \d+</.test(call));
    assert.ok(opened > 0, calls.join('\n'));
    const read = calls.slice(opened).filter((call) => /^pread64\(/.test(call));
    const pages = statSync(join(server.data, 'essaim.db')).size / PAGE_BYTES;
    t.diagnostic(`${read.length} reads of ${pages} pages, then written again`);
    assert.ok(read.length > pages / 2, 'a quick check reads what the database holds');
    assert.equal(load.refused, 0, 'it is run once more, and nobody notices');
    await assertAllThere(server, load);
  });

  story('what the log holds cannot be written into the file: nobody notices', async (t, server, load) => {
    const inject = 'pwrite64:error=EIO';
    const faults = await Faults.begin(server, inject, join(server.data, 'essaim.db'));
    if (!faults) return t.skip('nobody can be traced');
    t.after(() => faults.forget());
    await until('it fails', () => server.log.includes('event=checkpoint_failed'), LONG_MS);
    await load.moreAcknowledged();
    await faults.end();
    await until('it works', () => server.log.includes('event=checkpoint_works'), LONG_MS);
    await load.end();
    assert.equal(load.refused, 0);
    await assertAllThere(server, load);
  });

  story('an fsync of the file fails: its log is held until the next start', async (t, server, load) => {
    const log = join(server.data, 'essaim.db-wal');
    const file = join(server.data, 'essaim.db');
    const faults = await Faults.begin(server, 'fsync,fdatasync:error=EIO:when=1', file);
    if (!faults) return t.skip('nobody can be traced');
    t.after(() => faults.forget());
    await until('it fails', () => server.log.includes('event=log_held'), LONG_MS);
    await faults.end();
    const held = statSync(log).size;
    await load.moreAcknowledged();
    await load.end();
    assert.equal(load.refused, 0);
    assert.equal((await server.end()).status, 0);
    assert.ok(statSync(log).size > held, 'it goes on growing, and is there after the end');
    const again = await Server.start({ data: server.data });
    await assertTaken(again, load.acknowledged);
    assert.equal((await again.end()).status, 0);
    assert.ok(!existsSync(log), 'all of it is in the file now');
    await assertSound(server.data);
  });

  story('another program keeps the database: a little is waited for, then it is 503', async (t, server, load) => {
    const letGo = await newKeeper(t, server.data);
    await pause(500);
    await letGo();
    await load.moreAcknowledged();
    assert.equal(load.refused, 0);

    const letGoLater = await newKeeper(t, server.data);
    await until('somebody is refused', () => load.refused > 0);
    assert.equal((await ask(server, '/campaigns/haie')).status, 200);
    assert.match(server.log, /event=database_busy/);
    await letGoLater();
    await load.moreAcknowledged();
    await load.end();
    await until('it is known', () => isWell(server));
    await assertAllThere(server, load);
  });
});
