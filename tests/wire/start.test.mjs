// SPDX-License-Identifier: AGPL-3.0-or-later
// Starting and stopping, as an operator meets them.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { Server, essaim, newFolder } from './server.mjs';

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
    assert.notEqual(done.err.trim(), '');
  }
});

test('an empty folder becomes a server that is well, and stops when asked', async () => {
  const server = await Server.start();
  const health = await server.fetch('/healthz');
  assert.equal(health.status, 200);
  assert.equal((await health.text()).trim(), 'ok');
  assert.equal((await server.fetch('/')).status, 200);
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

test('the mailbox is refused beside SMTP and on an address that others reach', async () => {
  const data = newFolder();
  for (const wrong of [['--smtp', 'smtp://127.0.0.1:25'], ['--listen', '0.0.0.0:0']]) {
    const done = await essaim('serve', '--data', data, '--mailbox', ...wrong);
    assert.notEqual(done.status, 0, wrong.join(' '));
    assert.notEqual(done.err.trim(), '');
  }
  rmSync(data, { recursive: true });
});
