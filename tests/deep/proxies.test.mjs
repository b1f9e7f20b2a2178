// SPDX-License-Identifier: AGPL-3.0-or-later
// The proxies of docs/examples: nginx in front of a real server, with a certificate of the test's own
// and other ports, and all else as it stands in the example; Caddy reads its file, and says what it makes
// of it. Both are Debian's packages.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { campaignData, pause, takePart, until } from '../wire/client.mjs';
import { freePort, newFolder, Server } from '../wire/server.mjs';
import { startNginx } from './nginx.mjs';

const NAME = 'essaim.example';
let folder, server, nginx, plain, secure, ca, session;

function makeCertificate() {
  const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${NAME} -addext subjectAltName=DNS:${NAME}`;
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  execFileSync('openssl', [...words.split(' '), ...files], { stdio: 'ignore' });
  ca = readFileSync(join(folder, 'cert.pem'));
}

// The example, with this test's ports, files and folders.
function site() {
  let found = readFileSync('docs/examples/nginx.conf', 'utf8');
  const put = (from, to) => {
    assert.ok(found.includes(from), from);
    found = found.replaceAll(from, to);
  };
  put('listen 80;', `listen 127.0.0.1:${plain};`);
  put('listen 443 ssl http2;', `listen 127.0.0.1:${secure} ssl http2;`);
  put('listen [::]:80;', '');
  put('listen [::]:443 ssl http2;', '');
  put('127.0.0.1:8080', `127.0.0.1:${server.port}`);
  put('/etc/letsencrypt/live/essaim.example/fullchain.pem', join(folder, 'cert.pem'));
  put('/etc/letsencrypt/live/essaim.example/privkey.pem', join(folder, 'key.pem'));
  return found;
}

before(async () => {
  folder = newFolder();
  makeCertificate();
  [plain, secure] = [await freePort(), await freePort()];
  server = await Server.start({
    data: await campaignData(),
    options: ['--mailbox', '--base-url', `https://${NAME}`, '--proxy', '127.0.0.1'],
  });
  nginx = startNginx(folder, site());
  await until('nginx listens', () => connects(secure));
  session = http2.connect(`https://127.0.0.1:${secure}`, { ca, servername: NAME });
});

after(async () => {
  session?.close();
  nginx?.kill();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const connects = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

// One request over HTTP/2: { status, headers, text }.
function ask2(path, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const stream = session.request({ ':path': path, ':method': method, ':authority': NAME, ...headers });
    let answer;
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', (found) => (answer = found));
    stream.on('data', (piece) => (text += piece));
    stream.on('error', reject);
    stream.on('end', () => resolve({ status: answer[':status'], headers: answer, text }));
    stream.end(body);
  });
}

test('plain HTTP leads to the same address on HTTPS', async () => {
  const answer = await new Promise((resolve, reject) =>
    http
      .get({ host: '127.0.0.1', port: plain, path: '/campaigns?q=x', headers: { host: NAME } }, resolve)
      .on('error', reject),
  );
  assert.equal(answer.statusCode, 301);
  assert.equal(answer.headers.location, `https://${NAME}/campaigns?q=x`);
});

test('pages come over HTTP/2, with HSTS', async () => {
  const { status, headers, text } = await ask2('/', { headers: { accept: 'text/html' } });
  assert.equal(status, 200);
  assert.match(headers['strict-transport-security'], /max-age=31536000/);
  assert.match(text, /<h1/);
  assert.equal(session.alpnProtocol, 'h2');
});

test('the live count goes on at once', async () => {
  const stream = session.request({ ':path': '/campaigns/haie/live', ':authority': NAME });
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (piece) => (text += piece));
  await until('the first event', () => text.includes('event: progress'), 5000);
  const seen = text.length;
  await takePart(server, 'haie', { email: 'zoe@example.org' });
  await until('the next one', () => text.length > seen && text.slice(seen).includes('data:'), 2000);
  stream.close();
});

test('the mailbox is for this machine alone, not for who comes through the proxy', async () => {
  assert.equal((await ask2('/mailbox')).status, 404);
});

test('a body that is too large ends at the proxy', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = `first_name=${'x'.repeat(200 * 1024)}`;
  assert.equal((await ask2('/campaigns/haie/sign-ups', { headers, body })).status, 413);
});

test('a form goes through, and its cookie is one for HTTPS alone', async () => {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: `https://${NAME}`,
  };
  const body = 'first_name=Anne&email=anne%40example.org&party=1';
  const { status } = await ask2('/campaigns/haie/sign-ups', { headers, body });
  assert.equal(status, 303);
  const switched = await ask2('/?lang=en', { headers: { accept: 'text/html' } });
  assert.match(String(switched.headers['set-cookie']), /__Host-lang=en;.*Secure/);
});

test('who asks is whom the proxy sees, whatever they write of themselves', async () => {
  const TIMES = 30; // notices of abuse in an hour from one network
  const tell = (n) =>
    ask2('/campaigns/haie/flag', {
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-for': `192.0.2.${n}`,
        origin: `https://${NAME}`,
      },
      body: `reason=other&words=${n}`,
    });
  for (let n = 0; n < TIMES; n++) assert.equal((await tell(n)).status, 303, String(n));
  assert.equal((await tell(TIMES)).status, 429);
});

test('what could be read in two ways is refused before it comes to us', async () => {
  const socket = tls.connect({ port: secure, host: '127.0.0.1', ca, servername: NAME });
  let text = '';
  socket.on('data', (piece) => (text += piece));
  socket.write(
    `POST / HTTP/1.1\r\nHost: ${NAME}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: ${NAME}\r\n\r\n`,
  );
  await until('an answer', () => text.includes('\r\n\r\n'), 5000);
  await pause(200);
  assert.match(text, /^HTTP\/1\.1 400 /);
  assert.equal(text.match(/HTTP\/1\.1 /g).length, 1);
  socket.destroy();
});

test('the Caddyfile is one that Caddy takes, and leads to us', () => {
  const words = ['adapt', '--config', 'docs/examples/Caddyfile', '--validate'];
  const made = JSON.parse(execFileSync('caddy', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  assert.match(JSON.stringify(made), /"upstreams":\[\{"dial":"127\.0\.0\.1:8080"\}\]/);
  execFileSync('caddy', ['fmt', '--diff', 'docs/examples/Caddyfile']);
});
