// SPDX-License-Identifier: AGPL-3.0-or-later
// Requests that are none, and clients that never come to their end. Each is sent byte for byte, with
// a sound request behind it: a refused connection must not answer that one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, campaign, campaignData, ceiling, each, raw, signUp } from './client.mjs';
import { Server } from './server.mjs';

const HEAD_MS = 10_000; // src/base/limits.h: HTTP_HEAD_SECONDS_MAX
const BODY_MS = 30_000; // HTTP_BODY_SECONDS_MAX
const IDLE_MS = 30_000; // HTTP_IDLE_SECONDS_MAX
const LOOK_MS = 1_000; // a deadline is looked at five times a second
const TRICKLERS = 100;

const host = 'Host: 127.0.0.1\r\n';
const next = `GET /healthz HTTP/1.1\r\n${host}\r\n`;
const post = (headers, body = 'hello') =>
  `POST /language HTTP/1.1\r\n${host}${headers}\r\n${body}${next}`;
const get = (headers, path = '/') => `GET ${path} HTTP/1.1\r\n${headers}\r\n${next}`;
const chunked = 'Transfer-Encoding: chunked\r\n';

let server;
let slow;

before(async () => {
  server = await Server.start({ data: await campaignData({ sessions: 1 }) });
  slow = startTricklers(); // while all the others are tried
});
after(() => server?.stop());

const malformed = {
  'two different lengths': post('Content-Length: 5\r\nContent-Length: 6\r\n'),
  'two equal lengths': post('Content-Length: 5\r\nContent-Length: 5\r\n'),
  'two lengths in one header': post('Content-Length: 5, 6\r\n'),
  'a length and chunks': post(`Content-Length: 5\r\n${chunked}`, '0\r\n\r\n'),
  'chunks and a length': post(`${chunked}Content-Length: 5\r\n`, '0\r\n\r\n'),
  'an unknown coding and a length': post('Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n'),
  'an unknown coding': post('Transfer-Encoding: xchunked\r\n'),
  'two codings': post(`${chunked}${chunked}`, '0\r\n\r\n'),
  'a space before the colon': post('Content-Length : 5\r\n'),
  'a negative length': post('Content-Length: -1\r\n'),
  'a length with a sign': post('Content-Length: +5\r\n'),
  'a length in hexadecimal': post('Content-Length: 0x5\r\n'),
  'an empty length': post('Content-Length: \r\n'),
  'a chunk size with 0x': post(chunked, '0x5\r\nhello\r\n0\r\n\r\n'),
  'a chunk size that is none': post(chunked, 'five\r\nhello\r\n0\r\n\r\n'),
  'no host': get(''),
  'two hosts': get(`${host}Host: example.org\r\n`),
  'an empty host': get('Host: \r\n'),
  'a host with a path': get('Host: example.org/x\r\n'),
  'a header name with a space': get(`${host}X Y: z\r\n`),
  'an encoded NUL in the path': get(host, '/campaigns/%00'),
  'a path that does not begin with a slash': get(host, 'campaigns'),
  'an address of another scheme': get(host, 'ftp://127.0.0.1/'),
};

// Some of these are two requests in the eyes of a careless reader: no answer may be a 200.
for (const [name, bytes] of Object.entries(malformed)) {
  test(`refused with 400 and closed: ${name}`, async () => {
    const { text, closed } = await raw(server, bytes);
    assert.match(text, /^HTTP\/1\.[01] 400 /, text.slice(0, 200));
    assert.ok(closed, 'the connection stays open');
    assert.doesNotMatch(text, /HTTP\/1\.[01] [^4]/, 'what stood behind it was answered');
  });
}

// The library takes these apart before the program sees them: a proxy has to refuse them.
for (const [name, header] of [
  ['NUL in a header', 'X-A: b\0c\r\n'],
  ['a folded header', 'X-A: b\r\n c\r\n'],
  ['a header without a name', ': x\r\n'],
]) {
  test(`${name} is refused, or harmless`, async () => {
    const { text } = await raw(server, get(`${host}${header}Connection: close\r\n`));
    assert.match(text, /^HTTP\/1\.1 (400|200) /);
  });
}

test('a head of 64 KB is refused with 431 and closed', async () => {
  for (const header of [
    `X-Long: ${'x'.repeat(64 * 1024)}\r\n`,
    `Cookie: ${'a=b; '.repeat(13 * 1024)}\r\n`,
    'X-Many: x\r\n'.repeat(6 * 1024),
  ]) {
    const { text, closed } = await raw(server, get(host + header));
    assert.match(text, /^HTTP\/1\.[01] 431 /, text.slice(0, 200));
    assert.ok(closed);
    assert.doesNotMatch(text, /HTTP\/1\.[01] [^4]/);
  }
});

test('a body that says it is too large is refused with 413 before it is sent', async () => {
  const { text, closed } = await raw(server, post('Content-Length: 100000000\r\n', ''));
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.ok(closed);
});

test('a chunk whose first line does not end is closed before any deadline', async () => {
  const { text, closed } = await raw(server, post(chunked, `5;${'x'.repeat(20 * 1024)}`));
  assert.ok(closed);
  assert.doesNotMatch(text, /HTTP\/1\.[01] 2/);
});

test('three requests in one packet get three answers, in their order', async () => {
  const paths = ['/healthz', '/campaigns/haie', '/nothing-here'];
  const lines = paths.map((path) => `GET ${path} HTTP/1.1\r\n${host}\r\n`);
  lines[2] = lines[2].replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  const { text, closed } = await raw(server, lines.join(''));
  assert.deepEqual(
    text.match(/^HTTP\/1\.1 \d+/gm).map((line) => Number(line.slice(9))),
    [200, 200, 404],
  );
  assert.ok(closed);
});

test('a request in single bytes is a request', async () => {
  const { text } = await raw(server, next.slice(0, 4), { trickle: next.slice(4), every: 5 });
  assert.match(text, /^HTTP\/1\.1 200 /);
});

// A connection whose request never ends, and when it must be over.
const tricklers = {
  'a head in single bytes': [`GET / HTTP/1.1\r\n${host}`, 'x', HEAD_MS],
  'a request line in single bytes': ['GET /', 'x', HEAD_MS],
  'half a head, then silence': [`GET / HTTP/1.1\r\n${host}`, '', HEAD_MS],
  'silence from the beginning': ['', '', HEAD_MS],
  'a body in single bytes': [
    `POST /language HTTP/1.1\r\n${host}Content-Length: 5000\r\n\r\n`,
    'x',
    BODY_MS,
  ],
  'chunks of one byte': [
    `POST /language HTTP/1.1\r\n${host}${chunked}\r\n`,
    '1\r\nx\r\n',
    BODY_MS,
  ],
  'half a body, then silence': [
    `POST /language HTTP/1.1\r\n${host}Content-Length: 5000\r\n\r\nhalf`,
    '',
    BODY_MS,
  ],
  'an answer, then silence': [next, '', IDLE_MS],
  'an answer, then a head in single bytes': [next + 'GET', 'x', IDLE_MS],
};

function startTricklers() {
  const named = Object.entries(tricklers).map(([name, [bytes, trickle, most]]) => {
    const limit = ceiling(most + LOOK_MS);
    return [name, limit, raw(server, bytes, { trickle, ms: limit })];
  });
  const crowd = Array.from({ length: TRICKLERS }, () =>
    raw(server, `GET / HTTP/1.1\r\n${host}`, { trickle: 'x', ms: ceiling(HEAD_MS + LOOK_MS) }),
  );
  return { named, crowd };
}

test(`${TRICKLERS} clients that trickle keep nobody else waiting`, async () => {
  await each(Array(200).keys(), 16, async (i) => {
    const answer = await ask(server, '/campaigns/haie');
    assert.equal(answer.status, 200);
    const { status } = await signUp(server, 'haie', { email: `p${i}@example.org` });
    assert.equal(status, 201);
  });
  assert.equal((await campaign(server)).sessions[0].taken, 200);
});

for (const [i, name] of Object.keys(tricklers).entries()) {
  test(`closed in time: ${name}`, async (t) => {
    const { closed, ms, text } = await slow.named[i][2];
    assert.ok(closed, `still open after ${ms} ms`);
    assert.ok(text.split('HTTP/1.1 200').length <= 2, text);
    t.diagnostic(`after ${(ms / 1000).toFixed(1)} s`);
  });
}

test('the crowd of them is closed in time', async () => {
  for (const one of await Promise.all(slow.crowd)) assert.ok(one.closed);
});

test('after all of that the server lives on', async () => {
  assert.equal(server.process.exitCode, null);
  assert.equal((await ask(server, '/healthz')).text.trim(), 'ok');
  assert.equal((await signUp(server, 'haie', { email: 'last@example.org' })).status, 201);
});
