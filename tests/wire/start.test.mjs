// SPDX-License-Identifier: AGPL-3.0-or-later
// Starting and stopping, as an operator meets them.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  ask,
  assertSound,
  campaign,
  campaignData,
  discard,
  editDatabase,
  mailsTo,
  ownPath,
  signUp,
  takePart,
  until,
} from './client.mjs';
import { Server, essaim, newFolder } from './server.mjs';

const STOP_MS = 10_000;

// A socket that has been answered once: its connection is accepted.
async function openConnection(server) {
  const socket = connect(server.port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  socket.write('GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await once(socket, 'data');
  return socket;
}

function signUpBytes(email) {
  const body = new URLSearchParams({ first_name: 'Anne', email, party: 1 }).toString();
  return `POST /campaigns/haie/sign-ups HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r
Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

// One that has run a sign-up before: under valgrind the first takes longer than a request may.
async function startWarm() {
  const server = await Server.start({ data: await campaignData({ sessions: 1 }) });
  assert.equal((await signUp(server, 'haie', { email: 'first@example.org' })).status, 201);
  return server;
}

// All that comes until the server closes.
async function rest(socket) {
  let text = '';
  socket.on('data', (piece) => (text += piece));
  if (!socket.closed) await once(socket, 'close');
  return text;
}

// One line on standard error, and nothing else.
function assertOneLine({ err }) {
  assert.match(err, /^[^\n]+\n$/, `not one sentence: ${err}`);
}

test('version and help need no data', async () => {
  const version = await essaim('version');
  assert.equal(version.status, 0);
  assert.match(version.out, /\d+\.\d+\.\d+/);
  const help = await essaim('--help');
  assert.equal(help.status, 0);
  assert.match(help.out, /serve/);
});

test('wrong use ends with 2 and one sentence', async () => {
  for (const words of [['dance'], ['serve', '--no-such-option'], ['serve', '--listen', 'nowhere']]) {
    const done = await essaim(...words);
    assert.equal(done.status, 2, `essaim ${words.join(' ')}: ${done.err}`);
    assertOneLine(done);
  }
});

test('help is told of every command, and needs no data either', async () => {
  for (const words of [['help'], ['help', 'serve'], ['serve', '--help']]) {
    const { status, out } = await essaim(...words);
    assert.equal(status, 0, words.join(' '));
    for (const name of ['serve', 'demo', 'migrate', 'check']) assert.match(out, RegExp(name));
  }
});

test('migrate makes the schema and may run again; check finds all well', async () => {
  const data = newFolder();
  for (let i = 0; i < 2; i++) assert.equal((await essaim('migrate', '--data', data)).status, 0);
  const { status, out } = await essaim('check', '--data', data);
  assert.deepEqual([status, out], [0, 'All is well.\n']);
  rmSync(data, { recursive: true });
});

test('check says what does not add up, or that the file is damaged', async () => {
  const data = await campaignData({ sessions: 1 });
  const file = join(data, 'essaim.db');
  await assertSound(data);
  editDatabase(data, 'UPDATE session SET taken = 3');
  const counted = await essaim('check', '--data', data);
  assert.equal(counted.status, 1);
  assert.match(counted.err, /places of session/);
  assertOneLine(counted);
  writeFileSync(file, 'this is no database', { flag: 'r+' });
  const damaged = await essaim('check', '--data', data);
  assert.equal(damaged.status, 1);
  assert.notEqual(damaged.err, '');
  rmSync(data, { recursive: true });
});

// One after the other, until it is told to stop; resolves to how many there were.
async function signUps(server, stop) {
  let count = 0;
  for (; !stop.now; count++) {
    const { status } = await signUp(server, 'haie', { email: `zoe${count}@example.org` });
    assert.equal(status, 201);
  }
  return count;
}

test('check runs beside a server that writes', async () => {
  const server = await Server.start({ data: await campaignData({ minimum: 1_000_000 }) });
  const stop = { now: false };
  const running = signUps(server, stop);
  for (let i = 0; i < 3; i++) await assertSound(server.data);
  stop.now = true;
  assert.ok((await running) > 0, 'nobody had to wait for it');
  await server.stop();
});

test('check tells of a database of another version, and leaves it as it is', async () => {
  const data = newFolder();
  const file = join(data, 'essaim.db');
  await essaim('migrate', '--data', data);
  for (const [sql, sentence] of [
    ["INSERT INTO migration VALUES ('future', 1, '001_future.sql', '', 0)", /^The .* newer than/m],
    ["DELETE FROM migration WHERE feature IN ('future', 'audit')", /^The .* older than/m],
    ["UPDATE migration SET sha256 = '' WHERE feature = 'jobs'", /^The .* another edition/m],
    ['DELETE FROM migration', /^There is no database in/m],
  ]) {
    editDatabase(data, sql);
    const before = [readdirSync(data), readFileSync(file)];
    const { status, out, err } = await essaim('check', '--data', data);
    assert.deepEqual([status, out], [1, ''], sql);
    assert.match(err, sentence);
    const after = readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name));
    assert.deepEqual([after, readFileSync(file)], before);
  }
  rmSync(data, { recursive: true });
});

test('what cannot be served ends with 1 and one line', async () => {
  const data = newFolder();
  const file = join(data, 'file');
  writeFileSync(file, '');
  for (const words of [
    ['--data', file],
    ['--data', join(data, 'no', 'such', 'folder')],
    ['--data', data, '--test-clock', join(data, 'no-such-clock')],
  ]) {
    const done = await essaim('serve', '--listen', '127.0.0.1:0', ...words);
    assert.equal(done.status, 1, words.join(' '));
    assert.match(done.err, /level=error/);
  }
  rmSync(data, { recursive: true });
});

test('a second process on the same folder is refused, and the first goes on', async () => {
  const server = await Server.start();
  for (const command of ['serve', 'migrate', 'demo']) {
    const options = command === 'serve' ? ['--listen', '127.0.0.1:0'] : [];
    const done = await essaim(command, '--data', server.data, ...options);
    assert.equal(done.status, 1, command);
    assert.match(done.err, /another process uses it/);
    if (command !== 'demo') assertOneLine(done);
  }
  assert.equal((await server.fetch('/healthz')).status, 200);
  await server.stop();
});

test('a port that is taken is told in one line', async () => {
  const server = await Server.start();
  const data = newFolder();
  await essaim('migrate', '--data', data); // which is told of, in lines of its own
  const done = await essaim('serve', '--data', data, '--listen', `127.0.0.1:${server.port}`);
  assert.equal(done.status, 1);
  assert.match(done.err, /Address already in use/);
  rmSync(data, { recursive: true });
  await server.stop();
});

test('an empty folder becomes a server that is well, and stops when asked', async () => {
  const server = await Server.start();
  const health = await server.fetch('/healthz');
  assert.equal(health.status, 200);
  assert.equal((await health.text()).trim(), 'ok');
  assert.equal((await server.fetch('/')).status, 200);
  // How far the kernel lets it. It answers before it has said so.
  await until('the sandbox is told', () => /event=sandbox reach="?(files|none: )/.test(server.log));
  await server.stop();
});

test('a folder that was served is served again', async () => {
  const data = newFolder();
  const first = await Server.start({ data });
  assert.equal((await first.end()).status, 0);
  const second = await Server.start({ data });
  assert.equal((await second.fetch('/healthz')).status, 200);
  await second.stop();
});

test('an open connection does not keep it from stopping', async () => {
  const server = await Server.start();
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n');
  await server.stop();
  socket.destroy();
});

test('killed in the middle, it starts again', async () => {
  const data = newFolder();
  const first = await Server.start({ data });
  await first.end('SIGKILL');
  const second = await Server.start({ data });
  assert.equal((await second.fetch('/healthz')).status, 200);
  await second.stop();
});

test('asked to stop, it answers what it has accepted', async () => {
  const server = await startWarm();
  const sockets = await Promise.all(Array.from({ length: 32 }, () => openConnection(server)));
  sockets.forEach((socket, i) => socket.write(signUpBytes(`p${i}@example.org`)));
  const [ended, ...answers] = await Promise.all([server.end(), ...sockets.map(rest)]);
  assert.equal(ended.status, 0);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 201 /);
  const again = await Server.start({ data: server.data });
  assert.equal((await campaign(again)).sessions[0].taken, 1 + 32);
  await again.stop();
});

test('a request that is being sent while it stops is answered', async () => {
  const server = await startWarm();
  const socket = await openConnection(server);
  const bytes = signUpBytes('late@example.org');
  socket.write(bytes.slice(0, -10));
  await until('the head was read', async () => (await server.fetch('/healthz')).status === 200);
  const ended = server.end();
  await until('it stops', () => /event=stopping/.test(server.log));
  socket.write(bytes.slice(-10));
  assert.match(await rest(socket), /^HTTP\/1\.1 201 /);
  assert.equal((await ended).status, 0);
  await discard(server);
});

test('a request that never ends does not keep it from stopping', async (t) => {
  const server = await Server.start({ data: await campaignData() });
  const socket = await openConnection(server);
  socket.write(signUpBytes('never@example.org').slice(0, -10));
  await until('the head was read', async () => (await server.fetch('/healthz')).status === 200);
  const began = Date.now();
  assert.equal((await server.end()).status, 0);
  const ms = Date.now() - began;
  assert.ok(ms < STOP_MS, `it took ${ms} ms`);
  t.diagnostic(`ended after ${ms} ms`);
  socket.destroy();
  await discard(server);
});

test('the base URL stands in the mails, from the option or from the environment', async () => {
  for (const how of [
    { options: ['--mailbox', '--base-url', 'https://asso.example'] },
    { command: ['env', 'ESSAIM_BASE_URL=https://asso.example'] },
  ]) {
    const server = await Server.start({ data: await campaignData(), ...how });
    assert.equal((await signUp(server, 'haie', { email: 'a@example.org' })).status, 201);
    const [mail] = await mailsTo(server, 'a@example.org');
    assert.match(mail.text, /https:\/\/asso\.example\/sign-ups\/\w+/);
    assert.doesNotMatch(mail.text + mail.html, /127\.0\.0\.1/);
    assert.ok(mail.links.every((link) => link.startsWith('https://asso.example')));
    assert.equal((await campaign(server)).url, 'https://asso.example/campaigns/haie');
    await server.stop();
  }
});

test('the clock of a test governs dates and jobs', async () => {
  const folder = newFolder();
  const clock = join(folder, 'clock');
  const setClock = (at) => writeFileSync(clock, `${at}\n`);
  setClock('2031-03-01T10:00:00Z');
  const data = await campaignData({ clock, sessions: 1, minimum: 2 });
  const server = await Server.start({ data, options: ['--mailbox', '--test-clock', clock] });
  const taken = async () => (await campaign(server)).sessions[0].taken;

  const { body } = await signUp(server, 'haie', { email: 'lapses@example.org', party: 2 });
  assert.equal(body.expires_at, '2031-03-01T10:30:00Z');
  const own = await takePart(server, 'haie', { email: 'stays@example.org' });
  const [mail] = await mailsTo(server, 'stays@example.org');
  assert.equal(mail.created_at, '2031-03-01T10:00:00Z');
  assert.equal(await taken(), 3);

  setClock('2031-03-01T10:29:59Z');
  await new Promise((resolve) => setTimeout(resolve, 600)); // three looks of the jobs
  assert.equal(await taken(), 3);
  setClock('2031-03-01T10:30:01Z');
  await until('the seats of the one who did not confirm are free', async () => (await taken()) === 1);
  const lapsed = await ownPath(server, 'lapses@example.org');
  assert.equal((await ask(server, lapsed)).body.state, 'expired');

  assert.equal((await campaign(server)).state, 'open');
  setClock('2031-03-08T10:00:00Z'); // closes_at: the first second of the end
  await until('the campaign is missed', async () => (await campaign(server)).state === 'missed');
  const late = await signUp(server, 'haie', { email: 'late@example.org' });
  assert.deepEqual([late.status, late.body.code], [409, 'campaign_closed']);
  await until('everyone is released', async () => (await ask(server, own)).body.state === 'released');
  const [kind] = await mailsTo(server, 'stays@example.org');
  assert.equal(kind.created_at, '2031-03-08T10:00:00Z');
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('the mailbox answers to this machine alone', async () => {
  const server = await Server.start({ data: await campaignData() });
  await signUp(server, 'haie', { email: 'a@example.org' });
  const [{ id }] = await mailsTo(server, 'a@example.org');
  const paths = ['/mailbox', `/mailbox/${id}`, `/mailbox/${id}/html`];
  for (const path of paths) {
    for (const host of ['127.0.0.1', `localhost:${server.port}`, '[::1]'])
      assert.equal((await ask(server, path, { headers: { host } })).status, 200, host);
    for (const headers of [
      { 'x-forwarded-for': '203.0.113.7' },
      { 'x-forwarded-host': 'asso.example' },
      { forwarded: 'for=203.0.113.7' },
      { via: '1.1 proxy' },
      { host: 'asso.example' },
      { host: '127.0.0.1.asso.example' },
      { host: 'localhost.asso.example' },
    ]) {
      const { status, text } = await ask(server, path, { headers });
      assert.equal(status, 404, `${path} ${JSON.stringify(headers)}`);
      assert.doesNotMatch(text, /a@example\.org/);
    }
  }
  await server.stop();
});

test('without --mailbox there is none', async () => {
  const server = await Server.start({ options: [] });
  assert.equal((await server.fetch('/mailbox')).status, 404);
  await until('where mails go is told', () => /event=mails .*outbox/.test(server.log));
  await server.stop();
});

test('the test clock is refused on an address that others reach', async () => {
  const data = newFolder();
  const clock = join(data, 'clock');
  writeFileSync(clock, '2031-03-01T10:00:00Z');
  const words = ['--data', data, '--test-clock', clock, '--listen', '0.0.0.0:0'];
  assert.equal((await essaim('serve', ...words)).status, 2);
  rmSync(data, { recursive: true });
});

test('the mailbox is refused beside SMTP and on an address that others reach', async () => {
  const data = newFolder();
  for (const wrong of [['--smtp', 'smtp://127.0.0.1:25'], ['--listen', '0.0.0.0:0']]) {
    const done = await essaim('serve', '--data', data, '--mailbox', ...wrong);
    assert.notEqual(done.status, 0, wrong.join(' '));
    assert.notEqual(done.err.trim(), '');
  }
  rmSync(data, { recursive: true });
});
