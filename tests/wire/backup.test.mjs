// SPDX-License-Identifier: AGPL-3.0-or-later
// A copy that is made while people sign up holds everybody who had been told so before; it opens
// elsewhere, and is refused when one byte of it is another.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, campaignData, ownPath, pause, signUp } from './client.mjs';
import { essaim, newFolder, Server } from './server.mjs';

let server, place, copy;
const before_it = []; // who was told so before the copy began

before(async () => {
  place = newFolder();
  copy = join(place, 'essaim.tar');
  server = await Server.start({ data: await campaignData() });
});
after(async () => {
  await server.stop();
  rmSync(place, { recursive: true, force: true });
});

const backup = (to = copy) => essaim('backup', to, '--data', server.data);
const restore = (from, data) => essaim('restore', from, '--data', data);

async function refused(running, sentence) {
  const { status, out, err } = await running;
  assert.deepEqual([status, out], [1, '']);
  assert.match(err, sentence);
}

// One sign-up after the other, until the copy is made.
async function signUps(stop, told) {
  for (let i = 0; !stop.now; i++) {
    const email = `zoe${i}@example.org`;
    const { status } = await signUp(server, 'haie', { first_name: 'Zoé', email, party: '1' });
    assert.equal(status, 201);
    told.push(email);
  }
}

test('it is made while people sign up, for its owner alone', async () => {
  const stop = { now: false };
  const told = [];
  const running = signUps(stop, told);
  while (told.length < 20) await pause(10);
  before_it.push(...told);
  const { status, out, err } = await backup();
  stop.now = true;
  await running;
  assert.deepEqual([status, err], [0, '']);
  assert.match(out, /essaim\.tar is made\.\n$/);
  assert.equal(statSync(copy).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(place), ['essaim.tar'], 'nothing else is left');
  assert.ok(told.length > before_it.length, 'nobody had to wait for it');
});

test('any tar reads it, and any sha256sum checks it', () => {
  const folder = newFolder();
  execFileSync('tar', ['xf', copy, '-C', folder]);
  assert.deepEqual(readdirSync(folder).sort(), ['SHA256SUMS', 'essaim.db', 'key']);
  const said = execFileSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' });
  assert.equal(said, 'essaim.db: OK\nkey: OK\n');
  rmSync(folder, { recursive: true });
});

test('a file that is there is left as it is', async () => {
  const was = readFileSync(copy);
  await refused(backup(), /there is such a file already/);
  assert.deepEqual(readFileSync(copy), was);
  await refused(backup(join(place, 'nowhere', 'x.tar')), /No such file or directory/);
  await refused(essaim('backup', join(place, 'y.tar'), '--data', place), /no database/);
  assert.deepEqual(readdirSync(place), ['essaim.tar']);
  assert.equal((await essaim('backup', '--data', server.data)).status, 2);
});

test('put back elsewhere, everybody who was told so is in it, and their links work', async () => {
  const data = join(newFolder(), 'data');
  const { status, out } = await restore(copy, data);
  assert.equal(status, 0);
  assert.match(out, /All is well\.\n$/);
  const other = await Server.start({ data });
  for (const email of before_it)
    assert.equal((await ask(other, await ownPath(other, email))).body.state, 'pending', email);
  assert.deepEqual(readFileSync(join(data, 'key')), readFileSync(join(server.data, 'key')));
  await other.stop();
});

test('only an empty place will do', async () => {
  const data = newFolder();
  writeFileSync(join(data, 'mine'), '');
  await refused(restore(copy, data), /not empty/);
  assert.deepEqual(readdirSync(data), ['mine']);
  await refused(restore(copy, server.data), /not empty/);
});

test('one byte that is another, a cut, and what is no copy at all are found', async () => {
  const bytes = readFileSync(copy);
  const other = Buffer.from(bytes);
  other[Math.floor(bytes.length / 2)] ^= 1;
  const wrong = { other, cut: bytes.subarray(0, bytes.length / 2), none: Buffer.from('essaim') };
  for (const [name, content] of Object.entries(wrong)) {
    const file = join(place, `${name}.tar`);
    const data = join(place, name);
    writeFileSync(file, content);
    await refused(restore(file, data), new RegExp(`${name}\\.tar: `));
    assert.deepEqual(readdirSync(data), [], name);
  }
  await refused(restore(join(place, 'missing.tar'), join(place, 'missing')), /tar/);
});

test('what else stands in a tar file is not taken out', async () => {
  const folder = newFolder();
  execFileSync('tar', ['xf', copy, '-C', folder]);
  writeFileSync(join(folder, 'evil'), '');
  const file = join(place, 'evil.tar');
  const members = ['evil', 'essaim.db', 'key', 'SHA256SUMS'];
  execFileSync('tar', ['cf', file, '-C', folder, '--transform=s,evil,../evil,', ...members]);
  await refused(restore(file, join(place, 'e')), /something else/);
  assert.ok(!existsSync(join(place, 'evil')));
  rmSync(folder, { recursive: true });
});
