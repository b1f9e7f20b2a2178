// SPDX-License-Identifier: AGPL-3.0-or-later
// `essaim admin` beside a server that runs: who may come in is changed under its eyes.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, editDatabase, until } from './client.mjs';
import { essaim, newFolder, Server } from './server.mjs';

const ANNE = 'anne@example.org';
let server;

before(async () => (server = await Server.start()));
after(() => server.stop());

const admin = (...words) => essaim('admin', ...words, '--data', server.data);

async function done(...words) {
  const { status, out, err } = await admin(...words);
  assert.deepEqual([status, err], [0, ''], words.join(' '));
  return out;
}

async function refused(sentence, ...words) {
  const { status, out, err } = await admin(...words);
  assert.equal(status, 1, words.join(' '));
  assert.equal(out, '');
  assert.match(err, sentence);
  assert.match(err, /^[^\n]+\n$/, 'one sentence');
}

// Signs in with a printed address; resolves to the cookie.
async function signIn(link) {
  const { pathname: path, host } = new URL(link.trim());
  const page = await ask(server, path, { headers: { accept: 'text/html', host } });
  assert.equal(page.status, 200);
  const { status, headers } = await ask(server, path, { fields: {}, headers: { host } });
  assert.equal(status, 200);
  return headers['set-cookie'].map((line) => line.split(';')[0]).find((c) => c.includes('login='));
}

const account = (cookie) => ask(server, '/account', { headers: { cookie } });

// Only the first community is made by the program itself.
const addQuarter = () =>
  editDatabase(
    server.data,
    `INSERT INTO community (id, slug, name, description, language, time_zone, host, created_at)
     SELECT id + 1, 'quartier', 'Le Quartier', '', 'fr', 'Europe/Paris', 'quartier.example', 0
     FROM community`,
  );
const nameAt = async (host) =>
  (await ask(server, '/', { headers: { accept: 'text/html', host } })).text.match(/<title>([^<]*)/)[1];

test('an administrator is made, comes in by a link that works once, and is listed', async () => {
  assert.equal(await done('list'), '');
  await done('grant', ANNE);
  assert.equal(await done('list'), `${ANNE}\n`);
  const link = await done('link', ANNE);
  const cookie = await signIn(link);
  const { status, body } = await account(cookie);
  assert.equal(status, 200);
  assert.deepEqual([body.email, body.role], [ANNE, 'administrator']);
  const again = await ask(server, new URL(link.trim()).pathname, { fields: {} });
  assert.equal(again.status, 404);
});

test('who is suspended is out at once, and back when it is lifted', async () => {
  await done('grant', ANNE);
  const cookie = await signIn(await done('link', ANNE));
  assert.equal((await account(cookie)).status, 200);
  await done('suspend', ANNE);
  assert.equal((await account(cookie)).status, 401);
  assert.equal(await done('list'), `${ANNE}  (suspended)\n`);
  await refused(/suspended/, 'link', ANNE);
  await done('lift', ANNE);
  assert.equal((await account(cookie)).status, 401); // that login is over
  assert.equal((await account(await signIn(await done('link', ANNE)))).status, 200);
});

test('whose role is revoked is a member, from the next request on', async () => {
  await done('grant', 'bea@example.org');
  const cookie = await signIn(await done('link', 'BEA@example.org'));
  await done('revoke', 'bea@example.org');
  assert.equal((await account(cookie)).body.role, 'member');
  await refused(/no administrator/, 'revoke', 'bea@example.org');
});

test('another community has its own administrators, and an address that is the command line\'s', async () => {
  const there = ['--community', 'quartier'];
  const before = await done('list');
  addQuarter();
  await done('grant', 'cleo@example.org', ...there);
  assert.equal(await done('list', ...there), 'cleo@example.org\n');
  assert.equal(await done('list'), before);
  const link = await done('link', 'cleo@example.org', ...there);
  assert.equal(new URL(link).hostname, 'quartier.example');
  const headers = { cookie: await signIn(link), host: 'quartier.example' };
  assert.equal((await ask(server, '/account', { headers })).body.role, 'administrator');

  await refused(/no name of a site/, 'host', 'https://quartier.example', ...there);
  await refused(/none at all for the first community alone/, 'host', '', ...there);
  await refused(/Another community .* has that address/, 'host', 'quartier.example');
  assert.match(await nameAt('quartier.example'), /Le Quartier/);
  await done('host', 'Action.Quartier.example', ...there);
  assert.match(await nameAt('action.quartier.example'), /Le Quartier/);
  await until('the old address is another\'s', async () => !/Le Quartier/.test(await nameAt('quartier.example')));
  await done('host', 'premier.example');
  assert.match(await done('link', ANNE), /^http:\/\/premier\.example/);
  await done('host', '');
  assert.doesNotMatch(await done('link', ANNE), /premier/);
  await refused(/no such community/, 'list', '--community', 'ailleurs');
});

test('an address that nobody has is refused in one sentence', async () => {
  for (const verb of ['link', 'suspend', 'lift', 'revoke'])
    await refused(/Nobody has an account/, verb, 'nobody@example.org');
});

test('wrong use ends with 2', async () => {
  const uses = [[], ['dance'], ['grant'], ['list', ANNE], ['grant', 'no address'], ['link', ANNE, 'x']];
  for (const words of uses) {
    const { status, out, err } = await admin(...words);
    assert.deepEqual([status, out], [2, ''], words.join(' '));
    assert.notEqual(err, '');
  }
  assert.equal((await essaim('migrate', 'word')).status, 2);
});

test('its help needs no data', async () => {
  for (const words of [['help', 'admin'], ['admin', '--help']]) {
    const { status, out } = await essaim(...words);
    assert.equal(status, 0);
    for (const verb of ['grant', 'revoke', 'link', 'list', 'suspend', 'lift', 'host'])
      assert.match(out, RegExp(`essaim admin ${verb}`));
  }
});

test('a folder without a database is left as it is', async () => {
  const data = newFolder();
  const { status, err } = await essaim('admin', 'list', '--data', data);
  assert.equal(status, 1);
  assert.match(err, /^[^\n]+No such file or directory[^\n]*\n$/);
  assert.equal((await essaim('check', '--data', data)).status, 1); // still none
  rmSync(data, { recursive: true });
});

test('a database of another version is refused in one line, and not touched', async () => {
  const data = newFolder();
  const edit = (sql) => editDatabase(data, sql);
  await essaim('migrate', '--data', data);
  edit("INSERT INTO migration VALUES ('future', 1, '001_future.sql', '', 0)");
  const newer = await essaim('admin', 'list', '--data', data);
  assert.equal(newer.status, 1);
  assert.match(newer.err, /^[^\n]*database_is_newer[^\n]*\n$/);
  edit("DELETE FROM migration WHERE feature IN ('future', 'audit')");
  const older = await essaim('admin', 'list', '--data', data);
  assert.equal(older.status, 1);
  assert.match(older.err, /^[^\n]*database_is_older[^\n]*\n$/);
  rmSync(data, { recursive: true });
});
