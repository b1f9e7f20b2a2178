// SPDX-License-Identifier: AGPL-3.0-or-later
// A campaign may grow faster than PostgreSQL gathers statistics (its tests' server gathers none): a
// plan that was made while a table was empty has to do when it is full.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { ask, campaignData, each, newCrowd, signUp, takePart, until } from './client.mjs';
import { startPostgres } from './postgres.mjs';
import { Server } from './server.mjs';

const PEOPLE = 400;
const SOME = 12; // of whom each does more
const ROWS_MAX = 20; // that one look into an index comes to

const query = async (database, sql) =>
  (await promisify(execFile)('psql', [database, '-AtF ', '-c', sql])).stdout.trim();

test('what one person does reads as much among many as among few', async (t) => {
  const { database, stop } = await startPostgres();
  t.after(stop);
  const data = await campaignData({ minimum: 1_000_000, database });
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const server = await Server.start({ data, options: ['--mailbox', '--database', database] });
  const crowd = newCrowd();
  const people = Array.from({ length: PEOPLE }, (_, i) => `person${i}@example.org`);
  await each(people, 16, (email) => signUp(server, 'haie', { email }, crowd));
  const ref = await query(database, 'SELECT ref FROM sign_up LIMIT 1');
  for (let i = 0; i < SOME; i++) await takePart(server, 'haie', { email: `in${i}@example.org`, ref });
  const codes = await query(database, `SELECT handle FROM sign_up_code ORDER BY id DESC LIMIT ${SOME}`);
  for (const path of ['', ...codes.split('\n').map((handle) => `/sent?h=${handle}`)])
    assert.equal((await ask(server, `/campaigns/haie${path}`)).status, 200);
  assert.equal((await server.end()).status, 0); // its connections tell what they counted
  const looks = `SELECT relname, indexrelname, idx_scan, idx_tup_read / idx_scan
    FROM pg_stat_user_indexes WHERE idx_scan >= ${SOME} AND relname <> 'job'`;
  const all = await until('what was read is counted', async () => {
    const told = await query(database, looks);
    return told.includes('sign_up_by_person') && told.split('\n');
  });
  for (const line of all) assert.ok(Number(line.split(' ').at(-1)) <= ROWS_MAX, line);
});
