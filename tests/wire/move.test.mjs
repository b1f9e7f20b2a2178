// SPDX-License-Identifier: AGPL-3.0-or-later
// An install is moved to PostgreSQL: what was mailed before still opens, people go on signing up, and
// all adds up. What cannot be moved is told in one sentence, and nothing is written.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, assertSound, campaign, editDatabase, ownPath, signUp, takePart } from './client.mjs';
import { startPostgres } from './postgres.mjs';
import { demoData, essaim, newFolder, Server } from './server.mjs';

const SLUG = 'du-balai-les-vieux-e-mails';
const ANNE = { email: 'anne@example.org', first_name: 'Zoë 🌳' };

let postgres;
let database;
let data;
let own; // a link in a mail, from before the move

before(async () => {
  postgres = await startPostgres();
  ({ database } = postgres);
  data = await demoData();
});

after(async () => {
  await postgres.stop();
  rmSync(data, { recursive: true, force: true });
});

const move = (to = database, ...words) => essaim('move', '--data', data, '--to', to, ...words);
const psql = (sql) => execFileSync('psql', [database, '-Atc', sql], { encoding: 'utf8' }).trim();
const tables = () => psql("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace");

async function refused(running, sentence) {
  const { status, out, err } = await running;
  assert.deepEqual([status, out], [1, '']);
  assert.match(err, sentence);
}

test('while it is served it is not moved', async () => {
  const server = await Server.start({ data });
  assert.equal((await signUp(server, SLUG, ANNE)).status, 201);
  own = await ownPath(server, ANNE.email);
  assert.ok(own);
  await refused(move(), /^Stop the server first/m);
  assert.equal((await server.end()).status, 0);
  assert.equal(tables(), '');
});

test('what cannot be moved, or where to, is told in one sentence', async () => {
  const empty = newFolder();
  await refused(essaim('move', '--data', empty, '--to', database), /^There is no database in/);
  await refused(move(database, '--database', database), /PostgreSQL one already/);
  await refused(move('postgresql:///x?host=/nowhere'), /^The PostgreSQL database cannot be opened/m);
  for (const words of [[], ['--to', 'mysql://there'], ['--to', database, 'word']])
    assert.equal((await essaim('move', '--data', data, ...words)).status, 2, words.join(' '));
  renameSync(join(data, 'key'), join(empty, 'key'));
  await refused(move(), /^The key cannot be read/);
  renameSync(join(empty, 'key'), join(data, 'key'));
  editDatabase(data, "INSERT INTO migration VALUES ('future', 1, '001_future.sql', '', 0)");
  await refused(move(), /^The database is newer/m);
  editDatabase(data, "DELETE FROM migration WHERE feature = 'future'");
  assert.equal(tables(), '');
  rmSync(empty, { recursive: true });
});

test('a database that is not empty is left as it is', async () => {
  psql('CREATE TABLE recipes (id BIGINT)');
  await refused(move(), /^The PostgreSQL database is not empty/);
  assert.equal(tables(), 'recipes');
  psql('DROP TABLE recipes');
});

test('a text that PostgreSQL does not take is named, and nothing is moved', async () => {
  const key = `email = '${ANNE.email}'`;
  editDatabase(data, `UPDATE sign_up SET first_name = CAST(x'5a6fff' AS TEXT) WHERE ${key}`);
  await refused(move(), /^Table sign_up, column first_name, rowid \d+: .* not UTF-8/);
  assert.equal(psql("SELECT count(*) FROM pg_class WHERE relname = 'sign_up'"), '0');
  editDatabase(data, `UPDATE sign_up SET first_name = '${ANNE.first_name}' WHERE ${key}`);
});

test('it is moved, and what was mailed before is opened there', async () => {
  const file = join(data, 'essaim.db');
  const was = readFileSync(file);
  const { status, out, err } = await move();
  assert.deepEqual([status, err], [0, ''], err);
  assert.match(out, /^sign_up +\d+ +\d+ +\d+$/m);
  assert.match(out, /same on both sides/);
  assert.deepEqual(readFileSync(file), was);
  await refused(move(), /^The PostgreSQL database is not empty/);

  const elsewhere = newFolder(); // which has no key
  const options = ['--mailbox', '--database', database];
  const server = await Server.start({ data: elsewhere, options });
  const { people } = (await campaign(server, SLUG)).progress;
  const page = await ask(server, own);
  assert.deepEqual([page.status, page.body.first_name], [200, ANNE.first_name]);
  assert.equal((await ask(server, `${own}/confirm`, { fields: {} })).body.state, 'confirmed');
  await takePart(server, SLUG, { email: 'paul@example.org' });
  assert.equal((await campaign(server, SLUG)).progress.people, people + 2);
  await server.stop();
  const checked = await essaim('check', '--data', data, '--database', database);
  assert.deepEqual([checked.status, checked.out], [0, 'All is well.\n'], checked.err);
  await assertSound(data); // the file too, for whoever wants to go back
});
